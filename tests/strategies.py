"""Hypothesis strategies for whole Plans: every kind of node, hostile text, and names bound before they are used."""

from __future__ import annotations

import csv
import functools
import string
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    Action,
    BoundarySource,
    Capture,
    ClosedModel,
    CookieSource,
    CssSource,
    DataSource,
    Defaults,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    Goal,
    Header,
    HeaderSource,
    Journey,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonExpectation,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    Load,
    MultipartBody,
    OpenModel,
    Parallel,
    Plan,
    RedirectSource,
    RegexSource,
    Request,
    Secret,
    SoftFailureExpectation,
    StatusExpectation,
    Step,
    Target,
    TextBody,
    TextExpectation,
    Think,
    TimeExpectation,
    TypeExpectation,
    ValuePart,
    Variable,
    Workload,
)
from loadwright.compiler.plan.render import default_name
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


_title = st.one_of(st.text(string.ascii_letters + " ", min_size=1, max_size=12), hostile_text(1).filter(bool))
_header_name = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,11}", fullmatch=True)
_visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
_media_type = st.sampled_from(("text/plain", "text/xml", "application/json", "application/octet-stream", "image/png"))
_path = st.sampled_from(("upload.bin", "files/note.txt", "files/a b.png", "x.csv"))
_patterns = st.sampled_from(
    (r"next=([^&]+)", r"a/b", r'"token":"(\w+)"', r"\$\{x\}", r"<a href='([^']*)'>", r"\d{2,3}(?:x|y)?", "é😀", "\\\\/")
)
_json_paths = st.sampled_from(("$", "$.a", "$.order.id", "$['a b'].c", "$.list[0].id", "$[*].id", "$.items[?(@.name=='it\"s')].id"))
_selectors = st.sampled_from(("input[name=csrf]", "meta[name='x\"y']", "form#a > input.b", "title", "a[href^='/x']"))
_duration = st.one_of(st.sampled_from((0, 1, 800, 1500, 30_000, 60_000, 900_000, 3_600_000, 90_500)), st.integers(0, 10**8))
_limit = st.decimals(1, 10**6, places=3, allow_nan=False, allow_infinity=False)


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


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans that pass every check: each name is bound before it is used, each reference leads somewhere."""
    declared = draw(st.lists(names(), min_size=5, max_size=9, unique_by=lambda name: name.lower()))
    target_count = draw(st.integers(1, 2))
    targets = tuple(Target(name=n, url=f"https://{i}.example.com") for i, n in enumerate(declared[:target_count]))
    secrets = (Secret(name=declared[2], env="LOADWRIGHT_TEST_SECRET"),) if draw(st.booleans()) else ()
    data = (_draw_data(draw, declared[3]),) if draw(st.booleans()) else ()
    bound = [target.name for target in targets] + [secret.name for secret in secrets]
    variables = []
    for name in declared[4:]:
        variables.append(Variable(name=name, value=draw(templates(tuple(bound), data))))
        bound.append(name)
    step_names = iter(draw(st.lists(_title, min_size=6, max_size=6, unique=True)))
    journey_names = draw(st.lists(names(), min_size=1, max_size=2, unique=True))
    journeys = tuple(_draw_journey(draw, name, step_names, targets, data, tuple(bound)) for name in journey_names)
    loads = draw(st.lists(names(), max_size=2, unique=True))
    return Plan(
        name=draw(_title),
        targets=targets,
        secrets=secrets,
        data=data,
        variables=tuple(variables),
        defaults=draw(_defaults(tuple(t.name for t in targets))),
        journeys=journeys,
        loads=tuple(Load(name=name, workloads=tuple(draw(_workload(j.name)) for j in journeys)) for name in loads),
        goals=tuple(draw(st.lists(_goal(journeys), max_size=3))),
    )


def _draw_data(draw: st.DrawFn, name: str) -> DataSource:
    column = st.one_of(names(), st.sampled_from(("first name", 'say "hi"', "größe")))
    columns = draw(st.lists(column, min_size=1, max_size=3, unique=True))
    order, on_end = draw(st.sampled_from(("sequential", "random"))), draw(st.sampled_from(("recycle", "stop")))
    return DataSource(name=name, path="data/users.csv", columns=tuple(columns), order=order, on_end=on_end)


_soft_failure_expectation = st.builds(
    SoftFailureExpectation,
    ignored=st.lists(st.sampled_from(("json member", "error title", "login form", "exception text")), max_size=3, unique=True).map(
        tuple
    ),
)


def _defaults(bound: Sequence[str]) -> st.SearchStrategy[Defaults]:
    return st.builds(
        Defaults,
        headers=st.lists(_header(bound, ()), max_size=2).map(tuple),
        timeout=st.none() | st.integers(1, 90_000),
        redirects=st.sampled_from((None, "none", "follow")),
        expectations=st.lists(st.one_of(_soft_failure_expectation, _plain_expectation()), max_size=2).map(tuple),
    )


@remembered
def _header(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Header]:
    values = [_visible.map(lambda text: template(Text(value=text)))]
    if bound:
        values.append(st.builds(lambda name, text: template(text, Reference(name=name)), st.sampled_from(bound), _visible))
    if data:
        values.append(st.just(template("Bearer ", DataField(data=data[0].name, column=data[0].columns[0]))))
    return st.builds(Header, name=_header_name, value=st.one_of(*values))


@remembered
def _plain_expectation() -> st.SearchStrategy[StatusExpectation | TypeExpectation | TimeExpectation]:
    return st.one_of(
        st.builds(StatusExpectation, statuses=st.lists(st.integers(100, 599), min_size=1, max_size=3, unique=True).map(tuple)),
        st.builds(TypeExpectation, media_type=_media_type),
        st.builds(TimeExpectation, less_than=st.integers(1, 10**6)),
    )


@remembered
def _text_expectation(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[TextExpectation]:
    header = st.none() | _header_name
    plain = st.builds(
        TextExpectation,
        header=header,
        relation=st.sampled_from(("contains", "equals")),
        value=templates(bound, data),
        negated=st.booleans(),
    )
    matching = st.builds(
        TextExpectation, header=header, relation=st.just("matches"), value=_patterns.map(template), negated=st.booleans()
    )
    existing = st.builds(TextExpectation, header=_header_name, relation=st.just("exists"), negated=st.booleans())
    return st.one_of(plain, matching, existing)


@remembered
def expectations(bound: Sequence[str], data: Sequence[DataSource] = ()) -> st.SearchStrategy[object]:
    """Every kind of expectation."""
    equals = st.none() | templates(bound, data) | st.sampled_from(("3", "1e999", "true", "null", "-0.5", "007")).map(template)
    return st.one_of(
        _plain_expectation(),
        _text_expectation(bound, data),
        st.builds(JsonExpectation, path=_json_paths, equals=equals, negated=st.booleans()),
        _soft_failure_expectation,
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
    value_part = st.builds(ValuePart, name=_visible.filter(bool), value=templates(bound, data))
    file_part = st.builds(FilePart, name=_visible.filter(bool), path=_path, filename=templates(bound, data), media_type=_media_type)
    return st.one_of(
        st.builds(FormBody, fields=st.lists(fields(bound, data), max_size=3).map(tuple)),
        st.builds(JsonBody, value=json_values(bound, data)),
        st.builds(TextBody, value=templates(bound, data), media_type=_media_type),
        st.builds(FileBody, path=_path, media_type=_media_type),
        st.builds(MultipartBody, parts=st.lists(st.one_of(value_part, file_part), max_size=3).map(tuple)),
    )


@remembered
def fields(bound: Sequence[str] = (), data: Sequence[DataSource] = ()) -> st.SearchStrategy[FormField]:
    """Fields of a form or a query."""
    name = st.one_of(names().map(template), templates(bound, data))
    return st.builds(FormField, name=name, value=templates(bound, data))


_sources = st.one_of(
    st.builds(JsonSource, path=_json_paths),
    st.builds(CssSource, selector=_selectors, attribute=st.none() | st.sampled_from(("value", "data-id", "xlink:href"))),
    st.builds(RegexSource, pattern=_patterns),
    st.builds(BoundarySource, left=hostile_text(1).filter(bool), right=hostile_text(1).filter(bool)),
    st.builds(HeaderSource, name=_header_name, pattern=st.none() | _patterns),
    st.builds(CookieSource, name=_visible.filter(lambda text: text and not set(text) & set("=;,"))),
    st.just(RedirectSource()),
)


@st.composite
def _request(draw: st.DrawFn, targets: Sequence[Target], data: Sequence[DataSource], bound: tuple[str, ...]) -> Request:
    tail = draw(st.lists(_url_part(bound, data), max_size=3))
    target: str | None
    if draw(st.integers(0, 4)):
        target, url = draw(st.sampled_from(targets)).name, template("/", *tail)
    else:
        starts: list[str | Reference] = ["https://other.example/", *(Reference(name=name) for name in bound[:2])]
        start = draw(st.sampled_from(starts))
        target, url = (
            draw(st.sampled_from((None, targets[0].name))) if isinstance(start, Reference) else None,
            template(start, *tail),
        )
    method = draw(st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")))
    name = draw(st.one_of(st.just(default_name(method, url)), _title))
    captured = draw(st.lists(names(), max_size=2, unique=True))
    taken = {*(t.name for t in targets), *(d.name for d in data)}
    return Request(
        name=name,
        method=method,
        target=target,
        url=url,
        query=tuple(draw(st.lists(fields(bound, data), max_size=2))),
        headers=tuple(draw(st.lists(_header(bound, data), max_size=2))),
        body=draw(st.none() | bodies(bound, data)) if method not in ("GET", "HEAD", "OPTIONS") else None,
        redirects=draw(st.sampled_from((None, "none", "follow"))),
        timeout=draw(st.none() | st.integers(1, 90_000)),
        expectations=tuple(draw(st.lists(expectations(bound, data), max_size=2))),
        captures=tuple(draw(_capture(n, bound, data)) for n in captured if n not in taken and n != "secret"),
    )


@remembered
def _url_part(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Part]:
    literal = st.text(string.ascii_letters + string.digits + "-._~/%?&=+,;:@!$'()*{}[]|^`\"\\", min_size=1, max_size=6)
    kinds: list[st.SearchStrategy[Part]] = [literal.map(lambda text: Text(value=text))]
    if bound:
        kinds.append(
            st.sampled_from(bound).map(lambda name: Call(function="urlencode", arguments=(template(Reference(name=name)),)))
        )
    return st.one_of(*kinds)


@remembered
def _capture(name: str, bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Capture]:
    return st.builds(
        Capture, name=st.just(name), source=_sources, occurrence=st.integers(1, 3), default=st.none() | templates(bound, data)
    )


def _draw_journey(
    draw: st.DrawFn,
    name: str,
    step_names: Iterator[str],
    targets: Sequence[Target],
    data: Sequence[DataSource],
    bound: tuple[str, ...],
) -> Journey:
    fixed = frozenset(bound) | {source.name for source in data}
    nodes: list[Step | Think | Variable | None] = []
    for _ in range(draw(st.integers(0, 2))):
        nodes.append(draw(st.one_of(_think(), _variable(bound, data, fixed), st.none())))
        actions: list[Action] = []
        for _ in range(draw(st.integers(0, 3))):
            drawn: Action = draw(
                st.one_of(
                    _request(targets, data, bound),
                    st.lists(_request(targets, data, bound), min_size=1, max_size=2).map(
                        lambda found: Parallel(requests=tuple(found))
                    ),
                    _think(),
                    _variable(bound, data, fixed),
                )
            )
            action = _without(drawn, fixed)
            actions.append(action)
            bound += tuple(n for n in _binds(action) if n not in bound)
        nodes.append(Step(name=next(step_names), actions=tuple(actions)))
    return Journey(name=name, title=draw(st.just("") | _title), nodes=tuple(node for node in nodes if node is not None))


@remembered
def _think() -> st.SearchStrategy[Think]:
    return st.tuples(_duration, _duration).map(sorted).map(lambda ends: Think(minimum=ends[0], maximum=ends[1]))


def _variable(bound: Sequence[str], data: Sequence[DataSource], fixed: frozenset[str]) -> st.SearchStrategy[Variable]:
    name = names().filter(lambda text: text not in fixed)
    return st.builds(Variable, name=name, value=templates(bound, data))


def _without(action: Action, fixed: frozenset[str]) -> Action:
    """The action without captures that would hide a declared name."""
    if isinstance(action, Parallel):
        return Parallel(requests=tuple(_request_without(request, fixed) for request in action.requests))
    return _request_without(action, fixed) if isinstance(action, Request) else action


def _request_without(request: Request, fixed: frozenset[str]) -> Request:
    return request.model_copy(update={"captures": tuple(c for c in request.captures if c.name not in fixed)})


def _binds(action: Action) -> list[str]:
    if isinstance(action, Variable):
        return [action.name]
    group = action.requests if isinstance(action, Parallel) else (action,) if isinstance(action, Request) else ()
    return [capture.name for request in group for capture in request.captures]


@st.composite
def _workload(draw: st.DrawFn, journey: str) -> Workload:
    duration = draw(st.integers(1, 10**7))
    ramp = draw(st.just(0) | st.integers(0, duration))
    if draw(st.booleans()):
        rate = draw(st.sampled_from((Decimal("0.5"), Decimal(20), Decimal(20) / 60, Decimal("33.25"), Decimal(7) / 3600)))
        return Workload(
            journey=journey, model=OpenModel(rate=rate, duration=duration, ramp=ramp, max_in_flight=draw(st.integers(1, 2000)))
        )
    limits = draw(st.sampled_from(((5, None), (None, duration), (1, duration))))
    model = ClosedModel(users=draw(st.integers(1, 500)), iterations=limits[0], duration=limits[1], ramp=ramp if limits[1] else 0)
    return Workload(journey=journey, model=model)


def _goal(journeys: Sequence[Journey]) -> st.SearchStrategy[Goal]:
    steps = [node.name for journey in journeys for node in journey.nodes if isinstance(node, Step)]
    of = st.sampled_from((None, *steps))
    relation = st.sampled_from(("<", "<=", "=", ">=", ">"))
    percentile = st.sampled_from((Decimal(50), Decimal(95), Decimal("99.9")))
    return st.one_of(
        st.builds(Goal, metric=st.just("percentile"), percentile=percentile, of=of, relation=relation, value=_limit),
        st.builds(Goal, metric=st.sampled_from(("mean", "max", "throughput")), of=of, relation=relation, value=_limit),
        st.builds(Goal, metric=st.just("failures"), of=of, relation=relation, value=st.decimals("0.0001", "0.9999", places=4)),
        st.builds(
            Goal,
            metric=st.sampled_from(("soft_failures", "extraction_misses")),
            relation=relation,
            value=st.integers(1, 99).map(Decimal),
        ),
    ).map(lambda goal: goal.model_copy(update={"subject": "name" if goal.of is not None else None}))


def write_files(plan: Plan, folder: Path) -> None:
    """Write every file that the Plan reads, data sources with their columns and two rows."""
    for path in ("upload.bin", "files/note.txt", "files/a b.png", "x.csv"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"content\n")
    for source in plan.data:
        (folder / source.path).parent.mkdir(parents=True, exist_ok=True)
        with (folder / source.path).open("w", encoding="utf-8", newline="") as handle:
            rows = [list(source.columns), *([f"{c}-{row}" for c in source.columns] for row in (1, 2))]
            csv.writer(handle).writerows(rows)
