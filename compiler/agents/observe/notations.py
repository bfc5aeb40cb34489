"""Documents inside of a value: JSON or XML in a parameter or a text, and rison, JSON written for URLs (`(dashboard_id:5)`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from loadwright.compiler.plan.encodings import url_decode, url_encode

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'!]|!.)*')|(?P<open>!?\(|\{|\[)|(?P<close>[)}\]])|"""
    r"""(?P<bare>[^\s{}\[\](),:"']+)|[:,\s]"""
)
_RISON = re.compile(r"!?\((?:[^\s']|'(?:[^'!]|!.)*')*\)")
_RISON_MEMBER = re.compile(r"[(,][A-Za-z_][\w.-]*:|^!\(")
_COLON = re.compile(r"\s*:")
_JSON_WORD = re.compile(r"-?\d[\d.eE+-]*|true|false|null")
_CLOSING = {"{": "}", "[": "]", "(": ")", "!(": ")"}
_HOLDERS = frozenset(("id", "pk", "ids", "key", "value"))
"""Names that say of nothing what it is the id of: the member that holds them does."""
_XML = re.compile(r"<(?:\?xml\s|[A-Za-z][\w.-]*(?::[\w.-]+)?[\s/>])")
_ELEMENT = re.compile(
    r"""<(?:[\w.-]+:)?([A-Za-z][\w.-]*)(?P<attributes>(?:\s[^<>]*)?)>"""
    r"""(?:(?:<!\[CDATA\[)?(?P<text>[^<>&\]]{1,200})(?:\]\]>)?</)?"""
)
_ATTRIBUTE = re.compile(r"""\s([\w:.-]{1,80})=["']([^"'<>&]{1,200})["']""")
_LINES = re.compile(r"(?:[A-Za-z][\w.-]{0,60}=[^\r\n]{0,2000}\r?\n){3,200}(?:[A-Za-z][\w.-]{0,60}=[^\r\n]{0,2000})?")
"""Names and values, one pair a line, as properties are written, and calls of DWR (`c0-param0=string:P606270`)."""
_LINE = re.compile(r"^([A-Za-z][\w.-]{0,60})=(?:[a-z]{1,20}:)?([^\r\n]{1,200})\r?$", re.MULTILINE)
_SIGNED = re.compile(r"<(?:[A-Za-z]\w{0,20}:)?(?:SignatureValue|CipherValue)[\s>]")
"""What a document has that was signed or encrypted by the rules of the W3C."""
_LONGEST = 100_000
_END = "\x1e"
"""What ends a message that is a document (RFC 7464)."""
_DEEPEST = 2
"""How many documents may be texts of each other, inside of a value."""
_WRITTEN = re.compile(r"\\?.", re.DOTALL)
"""A character of a text in JSON, escaped or not."""
_SPACES = ("\\n", "\\r", "\\t")
_ON_A_LINE = re.compile(r"(?:\A|(?<=[\n\x1e]))([{\[][^\r\n\x1e]*[}\]])(?:(?=[\r\x00\x1e]*(?:\n|\Z))|(?=\x1e))")
"""A document on a line of its own: behind the headers of a part (`multipart/mixed`) or of a frame (STOMP), or a message."""


_ASKED = re.compile(r"^[A-Z]{3,7} [^\s?]{1,2000}(\?\S{1,4000}) (?=HTTP/1\.1)", re.MULTILINE)
"""The query of a request in the body of another."""
_PARAMETER = re.compile(r"[?&](?:\$|%24)?([A-Za-z][\w.-]{0,60})=([^&\s]*)")
_FIELD = r"(?<![\w/.])([A-Za-z]\w{1,40})(?:%20|\+)eq(?:%20|\+)"
_NUMBER_OF = re.compile(_FIELD + r"(\d{1,18})(?![\w.-])")
_QUOTED = re.compile(rf"(?:{_FIELD})?(?:'|%27)((?:[^'%&\s]|%(?!27)[0-9A-F]{{2}}){{1,300}})(?:'|%27)")
"""A number or text as OData has it in the query of a URL: `order_number%20eq%204026`, `contains(title,'Pump%20leaks')`."""


class Leaf(Struct, frozen=True):
    """A number or text in a document, by its place in the value, without quotes."""

    start: int
    end: int
    value: str
    name: str
    """What the document calls it: an `id` after what holds it (`datasource_id`); an item after its list; else empty."""
    in_url: bool = False
    """Whether it is a text in the URL of a request in a batch, where it stands encoded."""


class _Open(Struct):
    closing: str
    name: str
    member: str = ""


def is_signed(text: str) -> bool:
    """Whether a text is XML of which nothing can be replaced, since its maker signed or encrypted it (SAML, WS-Federation)."""
    return text[:1] == "<" and _SIGNED.search(text) is not None


def is_document(value: str) -> bool:
    """Whether a value is a JSON object or array, one in rison, XML, or lines of names and values."""
    if "\n" in value and _is_of_lines(value):
        return True
    if value[:1] == "<" and len(value) <= _LONGEST:
        return _XML.match(value) is not None and value.rstrip()[-1:] == ">"
    if not 3 <= len(value) <= _LONGEST or value[-1] not in ")]}" or value[0] not in "{[(!":
        return False
    if value[0] in "(!" and not (_RISON.fullmatch(value) and _RISON_MEMBER.search(value)):
        return False
    return _parsed(value) is not None


def leaves(value: str) -> tuple[Leaf, ...]:
    """The numbers and plain texts of a document; none of what is no document."""
    document = value.removesuffix(_END)
    return (_parsed(document) or ()) if is_document(document) else ()


def all_leaves(value: str, depth: int = 0) -> tuple[Leaf, ...]:
    """The same, with the leaves of a document that is a text of another (`"{\\"id\\":48213}"`) in place of that text."""
    found = leaves(value) or (_on_lines(value) if depth == 0 else ())
    if depth == _DEEPEST or "\\" not in value:
        return found
    return tuple(one for leaf in found for one in (_in_a_text(leaf, depth) if _is_written(leaf) else (leaf,)))


def _on_lines(value: str) -> tuple[Leaf, ...]:
    """The leaves of the documents that stand on lines of a text which is none itself."""
    if len(value) > _LONGEST or not ("\n" in value or _END in value):
        return ()
    found = ((line.start(), leaf) for line in _ON_A_LINE.finditer(value) for leaf in leaves(line[1]))
    told = [Leaf(start + leaf.start, start + leaf.end, leaf.value, leaf.name) for start, leaf in found]
    return tuple(sorted((*told, *_in_queries(value)), key=lambda leaf: leaf.start) if "HTTP/1.1" in value else told)


def _in_queries(value: str) -> Iterator[Leaf]:
    """What the requests in a batch ask for by: texts in quotes, by the parameter's name or the field, and numbers of fields."""
    for asked in _ASKED.finditer(value):
        for parameter in _PARAMETER.finditer(value, *asked.span(1)):
            for number in _NUMBER_OF.finditer(value, *parameter.span(2)):
                yield Leaf(*number.span(2), number[2], number[1])
            for text in _QUOTED.finditer(value, *parameter.span(2)):
                plain = url_decode(text[2])
                if url_encode(plain) == text[2]:
                    yield Leaf(*text.span(2), plain, text[1] or parameter[1], in_url=True)


def _is_written(leaf: Leaf) -> bool:
    return leaf.value[0] in "{[" and "\\" in leaf.value


def _in_a_text(leaf: Leaf, depth: int) -> Iterator[Leaf]:
    """The leaves of a document that is written in a text of JSON; the text itself if it is none."""
    tokens = list(_WRITTEN.finditer(leaf.value))
    inner = all_leaves("".join(" " if token[0] in _SPACES else token[0][-1] for token in tokens), depth + 1)
    starts = [token.start() for token in tokens] + [len(leaf.value)]
    for one in inner or (Leaf(0, len(tokens), leaf.value, leaf.name),):
        start, end = starts[one.start], starts[one.end]
        yield Leaf(leaf.start + start, leaf.start + end, leaf.value[start:end], one.name)


def _is_of_lines(value: str) -> bool:
    return value[:1].isalpha() and len(value) <= _LONGEST and _LINES.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _parsed(value: str) -> tuple[Leaf, ...] | None:
    if value[:1] == "<":
        return tuple(_in_xml(value))
    if "\n" in value and _is_of_lines(value):
        return tuple(Leaf(*line.span(2), line[2], line[1]) for line in _LINE.finditer(value))
    try:
        return tuple(_leaves(value))
    except ValueError:
        return None


def _in_xml(value: str) -> Iterator[Leaf]:
    """Attributes and texts of elements, but for those with references."""
    for element in _ELEMENT.finditer(value):
        for attribute in _ATTRIBUTE.finditer(element["attributes"]):
            start = element.start("attributes") + attribute.start(2)
            name = attribute[1].rpartition(":")[2]
            yield Leaf(start, start + len(attribute[2]), attribute[2], f"{element[1]}_{name}" if name.lower() in _HOLDERS else name)
        if text := element["text"]:
            yield Leaf(element.start("text"), element.end("text"), text, element[1])


def _leaves(value: str) -> Iterator[Leaf]:
    stack: list[_Open] = []
    position = 0
    while position < len(value):
        token = _TOKEN.match(value, position)
        if token is None or (not stack and position and not token[0].isspace()):
            raise ValueError("no document")
        kind, position = token.lastgroup, token.end()
        if kind == "open":
            name = _name_of(stack[-1]) if stack else ""
            stack.append(_Open(_CLOSING[token[0]], name))
        elif kind == "close":
            if not stack or stack.pop().closing != token[0]:
                raise ValueError("brackets do not match")
            if stack:
                stack[-1].member = ""
        elif kind and stack:
            if kind == "bare" and value[0] in "{[" and not _JSON_WORD.fullmatch(token[0]):
                raise ValueError("no JSON")
            start, end = (token.start() + 1, token.end() - 1) if kind == "text" else token.span()
            if _is_name(value, position, stack[-1]):
                stack[-1].member = value[start:end]
            elif start < end and (kind == "text" or value[start] != "!"):
                yield Leaf(start, end, value[start:end], _called(stack[-1]))
                stack[-1].member = ""
        elif token[0] == "," and stack:
            stack[-1].member = ""
        elif kind:
            raise ValueError("no document")
    if stack:
        raise ValueError("brackets do not match")


def _is_name(value: str, position: int, inside: _Open) -> bool:
    """Whether a colon follows, in what has members."""
    return inside.closing != "]" and not inside.member and _COLON.match(value, position) is not None


def _name_of(inside: _Open) -> str:
    """What opens is called after the member that it is, a number names nothing."""
    return inside.name if inside.member.isdigit() or not inside.member else inside.member


def _called(inside: _Open) -> str:
    member = "" if inside.member.isdigit() else inside.member
    return f"{inside.name}_{member}" if member.lower() in _HOLDERS and inside.name else member or inside.name
