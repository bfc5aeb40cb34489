"""Hypothesis strategies for what Plans hold: hostile text, names, templates, bodies, sources, expectations."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable, Sequence
from typing import get_args

from hypothesis import strategies as st

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    BoundarySource,
    CookieSource,
    CssSource,
    DataSource,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    Header,
    HeaderSource,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonExpectation,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    MultipartBody,
    RedirectSource,
    RegexSource,
    SoftFailureExpectation,
    SoftFailureRule,
    StatusExpectation,
    TextBody,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
    ValuePart,
)
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, Text, template

remembered = functools.lru_cache(maxsize=500)
"""Making a strategy and looking it over costs more than drawing from it; the same one is used again."""

HOSTILE = (
    *(
        '"',
        "'",
        "\\",
        "\\n",
        "\\'",
        "`",
        "'''",
        '""' + '"',
        "${x}",
        "$${x}",
        "{{x}}",
        "#{x}",
        "${__groovy(1)}",
        "\\u{41}",
        "# no comment",
    ),
    *("\n", "\r\n", "\t", "\u2028", "\u2029", "\u0000", "\u001b[31m", "\x85", "\u200b", "\ufeff", "😀", "👨\u200d👩", "é", " "),
    *("</stringProp>", "]]>", "<!--", "&amp;", "1e999", "%0A", "%", "+", "$", "}", "{", "|", "*/", "//", "null", "__proto__"),
)
"""Texts that have broken somebody's escaping."""

_characters = st.characters(exclude_categories=["Cs"])


@remembered
def hostile_text(minimum: int = 0) -> st.SearchStrategy[str]:
    """Any Unicode text, rich in what breaks escaping."""
    return st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(_characters, max_size=4)), min_size=minimum, max_size=4).map(
        "".join
    )


@remembered
def names() -> st.SearchStrategy[str]:
    """Identifiers, keywords of the language and of the runtimes' languages among them."""
    words = (
        "name",
        "type",
        "file",
        "text",
        "json",
        "expect",
        "class",
        "self",
        "vars",
        "let",
        "var",
        "GET",
        "number",
        "or",
        "id",
        "data",
    )
    reserved = ("true", "false", "null")
    made = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,7}", fullmatch=True)
    return st.one_of(st.sampled_from(words), made).filter(lambda name: name not in reserved)


titles = st.one_of(st.text(string.ascii_letters + " ", min_size=1, max_size=12), hostile_text(1).filter(bool))
header_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,11}", fullmatch=True)
visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
media_types = st.sampled_from(("text/plain", "text/xml", "application/json", "application/octet-stream", "image/png"))
paths = st.sampled_from(("upload.bin", "files/note.txt", "files/a b.png", "x.csv"))
patterns = st.sampled_from(
    (r"next=([^&]+)", r"a/b", r'"token":"(\w+)"', r"\$\{x\}", r"<a href='([^']*)'>", r"\d{2,3}(?:x|y)?", "é😀", "\\\\/")
)
json_paths = st.sampled_from(("$", "$.a", "$.order.id", "$['a b'].c", "$.list[0].id", "$[*].id", "$.items[?(@.name=='it\"s')].id"))
selectors = st.sampled_from(("input[name=csrf]", "meta[name='x\"y']", "form#a > input.b", "title", "a[href^='/x']"))


@remembered
def templates(bound: Sequence[str] = (), data: Sequence[DataSource] = (), depth: int = 2) -> st.SearchStrategy[Template]:
    """Templates over the given names and data columns."""
    return st.lists(parts(bound, data, depth), max_size=3).map(lambda found: template(*found))


@remembered
def parts(bound: Sequence[str], data: Sequence[DataSource], depth: int) -> st.SearchStrategy[Part]:
    """One part of a template."""
    kinds: list[st.SearchStrategy[Part]] = [hostile_text(1).map(lambda text: Text(value=text))]
    if bound:
        kinds.append(st.sampled_from(bound).map(lambda name: Reference(name=name)))
    if data:
        fields = [DataField(data=source.name, column=column) for source in data for column in source.columns]
        kinds.append(st.sampled_from(fields))
    if depth:
        kinds.append(calls(bound, data, depth))
    return st.one_of(*kinds)


@remembered
def calls(bound: Sequence[str], data: Sequence[DataSource], depth: int) -> st.SearchStrategy[Part]:
    """Calls of the standard library with right arguments."""

    def made(name: str, *arguments: str | Template) -> Call:
        return Call(function=name, arguments=tuple(template(a) for a in arguments))

    pure = [f.name for f in FUNCTIONS.values() if f.pure and not f.numbers and len(f.parameters) - f.optional == 1]
    numbers = st.integers(0, 99).map(str)
    text = templates(bound, data, depth - 1)
    return st.one_of(
        st.sampled_from(("uuid", "user", "iteration", "pkce_verifier", "now")).map(made),
        st.sampled_from((made("now", "ms"), made("now", "iso"), made("now", "YYYY-MM-DD '", "+1d2h"), made("counter", "it's"))),
        st.tuples(st.integers(-5, 5), st.integers(6, 99)).map(lambda ends: made("random", str(ends[0]), str(ends[1]))),
        st.integers(1, 40).map(lambda length: made("random_string", str(length))),
        st.builds(made, st.just("random_choice"), text, text),
        st.builds(made, st.sampled_from((*pure, "random_item")), text),
        st.builds(made, st.just("hmac"), text, text, st.sampled_from(("md5", "sha512")), st.sampled_from(("hex", "base64url"))),
        st.builds(made, st.sampled_from(("before", "after", "split", "join")), text, text),
        st.builds(made, st.just("substring"), text, numbers, numbers),
        st.builds(made, st.just("item"), text, numbers),
        st.builds(made, st.sampled_from(("add", "multiply", "max")), numbers, numbers),
    )


soft_failure_expectations = st.builds(
    SoftFailureExpectation,
    ignored=st.lists(st.sampled_from(get_args(SoftFailureRule)), max_size=3, unique=True).map(tuple),
)


@remembered
def headers(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Header]:
    """Headers that can be sent."""
    values = [visible.map(lambda text: template(Text(value=text)))]
    if bound:
        values.append(st.builds(lambda name, text: template(text, Reference(name=name)), st.sampled_from(bound), visible))
    if data:
        values.append(st.just(template("Bearer ", DataField(data=data[0].name, column=data[0].columns[0]))))
    return st.builds(Header, name=header_names, value=st.one_of(*values))


@remembered
def plain_expectations() -> st.SearchStrategy[StatusExpectation | TypeExpectation | TimeExpectation]:
    """Expectations without a value in them."""
    return st.one_of(
        st.builds(StatusExpectation, statuses=st.lists(st.integers(100, 599), min_size=1, max_size=3, unique=True).map(tuple)),
        st.builds(TypeExpectation, media_type=media_types),
        st.builds(TimeExpectation, less_than=st.integers(1, 10**6)),
    )


@remembered
def _text_expectation(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[TextExpectation]:
    header = st.none() | header_names
    plain = st.builds(
        TextExpectation,
        header=header,
        relation=st.sampled_from(("contains", "equals")),
        value=templates(bound, data),
        negated=st.booleans(),
    )
    matching = st.builds(
        TextExpectation, header=header, relation=st.just("matches"), value=patterns.map(template), negated=st.booleans()
    )
    existing = st.builds(TextExpectation, header=header_names, relation=st.just("exists"), negated=st.booleans())
    return st.one_of(plain, matching, existing)


@remembered
def expectations(bound: Sequence[str], data: Sequence[DataSource] = ()) -> st.SearchStrategy[object]:
    """Every kind of expectation."""
    equals = st.none() | templates(bound, data) | st.sampled_from(("3", "1e999", "true", "null", "-0.5", "007")).map(template)
    return st.one_of(
        plain_expectations(),
        _text_expectation(bound, data),
        st.builds(JsonExpectation, path=json_paths, equals=equals, negated=st.booleans()),
        _held_path(bound, data),
        soft_failure_expectations,
    )


@remembered
def json_values(bound: Sequence[str] = (), data: Sequence[DataSource] = (), depth: int = 2) -> st.SearchStrategy[object]:
    """JSON values, numbers digit for digit."""
    numbers = st.sampled_from(("0", "-1", "1e999", "3.10", "123456789012345678901234567890", "1E+2")).map(template)
    if bound:
        numbers = st.one_of(numbers, st.sampled_from(bound).map(lambda name: template(Reference(name=name))))
    leaves = st.one_of(
        st.builds(JsonText, value=templates(bound, data)),
        st.builds(JsonNumber, value=numbers),
        st.builds(JsonConstant, value=st.sampled_from(("true", "false", "null"))),
    )
    if not depth:
        return leaves
    inner = json_values(bound, data, depth - 1)
    members = st.lists(st.builds(JsonMember, name=st.one_of(names(), hostile_text()), value=inner), max_size=3).map(tuple)
    arrays = st.builds(JsonArray, items=st.lists(inner, max_size=3).map(tuple))
    return st.one_of(leaves, arrays, st.builds(JsonObject, members=members))


@remembered
def bodies(bound: Sequence[str] = (), data: Sequence[DataSource] = ()) -> st.SearchStrategy[object]:
    """Every kind of body."""
    part_name = st.one_of(visible.filter(bool), templates(bound, data))
    value_part = st.builds(ValuePart, name=part_name, value=templates(bound, data))
    file_part = st.builds(FilePart, name=part_name, path=paths, filename=templates(bound, data), media_type=media_types)
    return st.one_of(
        st.builds(FormBody, fields=st.lists(fields(bound, data), max_size=3).map(tuple)),
        st.builds(JsonBody, value=json_values(bound, data)),
        st.builds(TextBody, value=templates(bound, data), media_type=media_types),
        st.builds(FileBody, path=paths, media_type=media_types),
        st.builds(MultipartBody, parts=st.lists(st.one_of(value_part, file_part), max_size=3).map(tuple)),
    )


@remembered
def fields(bound: Sequence[str] = (), data: Sequence[DataSource] = ()) -> st.SearchStrategy[FormField]:
    """Fields of a form or a query."""
    name = st.one_of(names().map(template), templates(bound, data))
    return st.builds(FormField, name=name, value=templates(bound, data))


_plain_sources = st.one_of(
    st.builds(JsonSource, path=json_paths),
    st.builds(CssSource, selector=selectors, attribute=st.none() | st.sampled_from(("value", "data-id", "xlink:href"))),
    st.builds(RegexSource, pattern=patterns),
    st.builds(BoundarySource, left=hostile_text(1).filter(bool), right=hostile_text(1).filter(bool)),
    st.builds(HeaderSource, name=header_names, pattern=st.none() | patterns),
    st.builds(CookieSource, name=visible.filter(lambda text: text and not set(text) & set("=;,"))),
    st.just(RedirectSource()),
)
_AROUND_VALUES: tuple[tuple[Callable[[Template], object], tuple[tuple[str, str], ...]], ...] = (
    (lambda text: JsonSource(path=text), (("$.a[?@.b=='x ", "'].c"), ("$[?(@.a == ", ")]"), ('$["', '"][0]'))),
    (lambda text: CssSource(selector=text), (("a[href^='/x/", "'] > b"), ('tr[data-id="', '"] td'))),
    (lambda text: RegexSource(pattern=text), (("a/", r"b(\d+)"), (r"(x)\1", "?"), ("a{", "}"), ("\\$\\{", "$"))),
    (lambda text: BoundarySource(left=text, right=">"), (("<", ""), ('"\\', "${x}"))),
    (lambda text: HeaderSource(name="Location", pattern=text), (("id=", "&"),)),
)
"""Kinds of sources with what stands on both sides of a value in them."""


@remembered
def sources(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[object]:
    """Places in a response, such as hold values among them."""
    columns = [DataField(data=source.name, column=column) for source in data for column in source.columns]
    values: list[Part] = [*(Reference(name=name) for name in bound), *columns]
    if not values:
        return _plain_sources
    around = [(make, before, after) for make, texts in _AROUND_VALUES for before, after in texts]
    held = st.tuples(st.sampled_from(around), st.sampled_from(values))
    return st.one_of(_plain_sources, held.map(lambda drawn: drawn[0][0](template(drawn[0][1], drawn[1], drawn[0][2]))))


def _held_path(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[JsonExpectation]:
    paths = sources(bound, data).map(lambda source: source.path if isinstance(source, JsonSource) else "$.a")
    return st.builds(JsonExpectation, path=paths)


@remembered
def url_parts(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Part]:
    """A part of a URL: text as it may be written, or a value that is encoded."""
    literal = st.text(string.ascii_letters + string.digits + "-._~/%?&=+,;:@!$'()*{}[]|^`\"\\", min_size=1, max_size=6)
    kinds: list[st.SearchStrategy[Part]] = [literal.map(lambda text: Text(value=text))]
    if bound:
        kinds.append(
            st.sampled_from(bound).map(lambda name: Call(function="urlencode", arguments=(template(Reference(name=name)),)))
        )
    return st.one_of(*kinds)
