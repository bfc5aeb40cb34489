"""The parts of a request's value that may stand for themselves: a token behind `Bearer `, pieces of a URL, what base64 holds."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.names import is_count_name, is_id_name
from loadwright.compiler.agents.observe.decodings import BASE64, DEEPEST, LONGEST, apply, decodings
from loadwright.compiler.agents.observe.notations import Leaf, all_leaves
from loadwright.compiler.agents.observe.sites import DROPPED_HEADERS, url_parts
from loadwright.compiler.agents.observe.wanted import is_short_key
from loadwright.compiler.agents.values import TOKEN_RUN, UUID, is_measure, is_moment, is_token, may_identify

_BASE = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_URL = re.compile(r"https?://[^/?#\s]+(?:[/?#][^\s\"<>]*)?|/[^\s\"<>]*", re.IGNORECASE)
_PATHS = re.compile(r"/[^\s,?#\"<>]*(?:,/[^\s,?#\"<>]*){1,200}")
_WAY = re.compile(r"(?=[^\d]*\d)[A-Za-z][\w-]{0,60}(?:/[\w-]{1,60}){1,8}")
"""A path without its first slash, as the routers of single pages write it: `collections/posts/4`."""
_WORD_OF_A_WAY = re.compile(r"(?:^|/)[A-Za-z]?[a-z]{2,40}(?:[-_.][A-Za-z]{1,40}){0,4}(?=[/?]|$)")
"""A segment that is words, which a path has and base64 with slashes in it has not."""
_REFERRING = re.compile(r"""(?<=[>"])([^<>"&\s]{1,400}&amp;[^<>"\s]{1,400})(?=[<"])""")
_ENCODED = re.compile(r"(?<![\w.~%-])[\w.~-]{6,}+(?:%[0-9A-Fa-f]{2}[\w.~-]*+){1,40}", re.ASCII)
"""What stands encoded for a URL in a text that is none."""
_BETWEEN_CONTROLS = re.compile(r"(?<![^\x01-\x05])\d{5,18}(?![^\x01-\x05])")
"""A longer number between characters that no text has, as tables are sent in a field."""
_SEPARATOR = re.compile(r"[^.:|,;/=_~-]+")
_JOINED = re.compile(r"[^\s:|,;]{1,400}(?:[:|,;][^\s:|,;]{1,400}){1,4}")
_JOINT, _JOINTS = re.compile(r"[^:|,;]+"), re.compile("[:|,;]")
NUMBERED = re.compile(r"(?:[A-Za-z]{3,20}[-_]){0,3}([A-Za-z]{3,20})[-_](\d{1,10})")
"""A thing and its number (`post-12`), also behind words of what is kept for it (`view-posts-12`)."""
_REFERENCE = re.compile(r"([A-Z][A-Za-z]{2,40}|[a-z]{3,20}s)/(\d{3,18})")
"""A thing and its number as one address calls another: `Encounter/48213`, `projects/48213`."""
_PADDED = re.compile(r"0{2,12}([1-9]\d{4,17})")
"""A number filled up with zeros, as packages with fixed widths want it."""
_JOINED_NUMBER = re.compile(r"([A-Za-z0-9]{8,40})[-_.](\d{5,11})")
"""A token and a number that a script joined."""
_CODED_NUMBER = re.compile(r"([A-Z0-9]{5,7})[-_.:](\d{3,11})")
"""A code and a number that a script joined: `R4PXJW-35118`."""
_TERM = re.compile(r"(?<![^\s|,;(])([A-Za-z][\w-]{1,40}):([^\s|,;()]{2,200})(?![^\s|,;)])")
"""A field and what it shall be, in a filter of several."""
_EQUAL = re.compile(r"(?<![\w/.])([A-Za-z]\w{1,40}) eq '?(\d{1,18})(?![\w.-])")
"""The same as OData and SCIM write it: `OrderId eq '48213' and Open eq true`."""
_NUMBERS = re.compile(r"\d{4,18}(?:,\d{4,18}){1,200}")
"""Several longer numbers, as a script joins a list: `ids=48213,51877`."""
_PARTED_NUMBER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,20}([.:;|,])(\d{5,11})(?:\1[A-Za-z0-9]{1,40}){0,4}")
"""A word, a number and more, with one mark between them: `v1;48213;end`."""
_NUMBERED_TAG = re.compile(r'(?:W/)?"(\d{1,18})"')
"""An entity tag that is the number of a version, which the answer may have told in its body."""
_WITH_A_KIND = re.compile(r"([\w:$!*@|-]{6,80})\.[a-z]{2,6}", re.ASCII)
"""A key, and the kind of document that is asked for behind it: `2998$7496.htmld`."""
_NUMBERED_FILE = re.compile(r"(\d{1,18})\.(?:json|xml|html?|csv|pdf|ics|rss|atom|txt|data|rsc|turbo_stream)")
"""A number, and the form in which the thing of that number is asked for (`/orders/1627.json`)."""
_AFTER_A_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30} (\S{8,})")
"""What stands behind the scheme of an authorization, whole: `Token 1vtDVwF6bY:WZg2ae`."""
_ASSIGNED = re.compile(r"[A-Za-z][\w.-]{0,60}=(?=[^=])")
"""The name before a value, which characters of base64 may follow: its own `=` and `/` separate nothing."""
_TELLING_DIGITS = 6
_KEYED = re.compile(r"([A-Za-z]\w{2,40})\('?(\d{1,18})'?\)")
"""A thing and its key as OData writes them in a path (`items(12)`), a text in quotes (`items('12')`)."""
_KEYED_SEGMENT = re.compile(r"(?<![^\s/])([A-Za-z]\w{2,40})\('?(\d{1,18})'?\)(?![^\s/?])")
_ASKED = re.compile(r"^(?:GET|POST|PUT|PATCH|MERGE|DELETE) (\S{1,2000}) (?=HTTP/1\.1)", re.MULTILINE)
"""What a request in the body of another asks for."""
_KEYS = re.compile(r"[A-Za-z][\w.]{0,80}\([A-Za-z]\w{0,60}=[^()\s]{1,400}\)")
_KEY_OF_NAME = re.compile(r"[(,]([A-Za-z]\w{0,60})='?(\d{1,18})'?(?=[,)])")
"""Keys with names, as OData writes them where a thing has several (`Travel(TravelID=5500,IsActiveEntity=true)`)."""
_KEY_IN_BRACKETS = re.compile(r"[A-Za-z]\w{0,60}\('?([A-Za-z0-9_-]{8,80})'?\)")
_HEADER = re.compile(r"^([A-Za-z][A-Za-z-]{2,40}): ?([^\s](?:[^\r\n]{0,998}[^\s])?)\r?$", re.MULTILINE)
"""A header of a request in the body of another (`multipart/mixed`, as OData batches are)."""
_SEGMENTS, _LONG_BASE64 = re.compile(r"(?=[^?]{0,400}[+=])[A-Za-z0-9+]+(?:/+[A-Za-z0-9+]+)+={0,2}(?=$|[/?])"), 32
_PADDING = re.compile(r"={1,2}(?=[.:|,;~_-])")
_ASSIGNING = "=:|,;"
_MOST_PIECES = 12
_LONGEST_LEAF = 200
"""Characters of a text in a document that is looked at as a whole."""


class Fragment(Struct, frozen=True):
    """A piece of a decoded value."""

    start: int
    end: int
    value: str
    context: str = ""
    """For a path segment of a URL: the one before it; for a query value: its name, if that does not count."""
    encoder: str = ""
    """The function that makes the piece's characters of its value, where it is encoded."""
    in_url: bool = False
    """Whether it is part of a URL inside of the value, where other characters would be encoded."""
    leaf: Leaf | None = None
    """The leaf that it is of a document."""


@lru_cache(maxsize=4096)
def fragments(value: str) -> tuple[Fragment, ...]:
    """The pieces of a value, the longest of each run first; they may overlap. Only a base URL may be the whole value."""
    return tuple(_fragments(value))


def _fragments(value: str) -> Iterator[Fragment]:
    if len(value) > LONGEST or len(value) < 3:
        return
    yield from _in_a_document(value)
    if value[0] == "<" and "&amp;" in value:
        yield from _with_references(value)
    if "HTTP/1.1" in value and "\n" in value:
        yield from _of_inner_requests(value)
    if (coded := _CODED_NUMBER.fullmatch(value)) and is_short_key(coded[1]):
        yield from (Fragment(*coded.span(group), coded[group]) for group in (1, 2))
    elif numbered := NUMBERED.fullmatch(value) or _KEYED.fullmatch(value):
        yield Fragment(numbered.start(2), numbered.end(2), numbered[2], numbered[1])
    elif _KEYS.fullmatch(value):
        for key in _KEY_OF_NAME.finditer(value):
            yield Fragment(*key.span(2), key[2], leaf=Leaf(*key.span(2), key[2], key[1]))
    elif reference := _REFERENCE.fullmatch(value):
        yield Fragment(*reference.span(2), reference[2], reference[1])
    elif "," in value and _NUMBERS.fullmatch(value):
        yield from (Fragment(*number.span(), number[0]) for number in re.finditer(r"\d+", value))
    elif parted := _PARTED_NUMBER.fullmatch(value):
        yield Fragment(*parted.span(2), parted[2])
    elif padded := _PADDED.fullmatch(value):
        yield Fragment(*padded.span(1), padded[1])
    elif (joined := _JOINED_NUMBER.fullmatch(value)) and is_token(joined[1]):
        yield Fragment(*joined.span(2), joined[2])
    elif (named := _WITH_A_KIND.fullmatch(value)) and (is_token(named[1]) or sum(map(str.isdigit, named[1])) >= _TELLING_DIGITS):
        yield Fragment(*named.span(1), named[1])
    elif tag := _NUMBERED_TAG.fullmatch(value) or _NUMBERED_FILE.fullmatch(value):
        yield Fragment(*tag.span(1), tag[1])
    elif (behind := _AFTER_A_SCHEME.fullmatch(value)) and is_token(behind[1]):
        yield Fragment(*behind.span(1), behind[1])
    if is_list_of_paths(value):
        yield from _of_paths(value)
        return
    is_url = "?" in value or value.count("/") > 1 or value.startswith("http")
    if is_url and _URL.fullmatch(value) and not all(map(is_token, _JOINTS.split(value))):
        yield from _url_pieces(value)
        return
    if "%" in value:
        yield from _encoded(value)
    if (":" in value or " eq " in value) and len(value) <= _LONGEST_LEAF:
        yield from _of_a_filter(value)
    is_markup = value[0] == "<"
    for run in TOKEN_RUN.finditer(value):
        if is_markup and value[max(0, run.start() - 2) : run.start()].endswith(("<", "</")):
            continue  # what an element is called
        if run.group() != value and is_token(run.group()):
            yield Fragment(run.start(), run.end(), run.group())
        named = _ASSIGNED.match(run.group())
        if named and _is_long_base64(rest := run.group()[named.end() :]):
            yield Fragment(run.start() + named.end(), run.end(), rest)
            continue
        yield from _pieces(value, run.start(), run.group())
    if "\x01" in value or "\x02" in value:
        yield from (Fragment(*field.span(), field[0]) for field in _BETWEEN_CONTROLS.finditer(value) if field[0] != value)
    yield from _beside_tokens(value)


def is_list_of_paths(value: str) -> bool:
    """Whether a value names several addresses at once, as a script does that looks ahead at the links of its page."""
    return value[:1] == "/" and ",/" in value and _PATHS.fullmatch(value) is not None


def _of_paths(value: str) -> Iterator[Fragment]:
    start = 0
    for path in value.split(","):
        yield from (replace(piece, start=start + piece.start, end=start + piece.end) for piece in _url_pieces(path))
        start += len(path) + 1


def _of_inner_requests(value: str) -> Iterator[Fragment]:
    """The headers of requests in the body of another, by their names, and the keys in what they ask for."""
    for line in _HEADER.finditer(value):
        name = line[1].lower()
        leaf = Leaf(*line.span(2), line[2], line[1])
        yield Fragment(*line.span(2), line[2], leaf=leaf if name not in DROPPED_HEADERS and name != "content-type" else None)
    for asked in _ASKED.finditer(value):
        for keyed in _KEYED_SEGMENT.finditer(value, *asked.span(1)):
            yield Fragment(*keyed.span(2), keyed[2], keyed[1])


def _in_a_document(value: str) -> Iterator[Fragment]:
    """The numbers and short texts of a document that may identify something, and the pieces of the paths in it."""
    for leaf in all_leaves(value):
        if "\\" in leaf.value or len(leaf.value) > _LONGEST_LEAF:
            continue
        if is_token(leaf.value) and BASE64.fullmatch(leaf.value) and not _WORD_OF_A_WAY.search(leaf.value):
            yield _of_leaf(leaf)
        elif _URL.fullmatch(leaf.value) and leaf.value.count("/") > 1:
            for piece in _url_pieces(leaf.value):
                yield replace(piece, start=leaf.start + piece.start, end=leaf.start + piece.end)
        elif _WAY.fullmatch(leaf.value):
            for piece in _url_pieces(f"/{leaf.value}"):
                yield replace(piece, start=leaf.start + piece.start - 1, end=leaf.start + piece.end - 1)
        elif may_identify(leaf.value) and not is_measure(leaf.value) and (" " not in leaf.value or is_moment(leaf.value)):
            yield _of_leaf(leaf)


def _of_leaf(leaf: Leaf) -> Fragment:
    return Fragment(leaf.start, leaf.end, leaf.value, encoder="urlencode" if leaf.in_url else "", leaf=leaf)


def _with_references(value: str) -> Iterator[Fragment]:
    """The tokens of XML that have a character in them which is written as a reference: `<ticket>k9fj2QxL&amp;m4Zt8RwY<`."""
    for text in _REFERRING.finditer(value):
        token = apply("htmldecode", text[1])
        if is_token(token) and apply("htmlencode", token) == text[1]:
            yield Fragment(*text.span(1), token, encoder="htmlencode")


def _encoded(value: str) -> Iterator[Fragment]:
    """The tokens in a text that stand there encoded: another session's has other characters that are."""
    for run in _ENCODED.finditer(value):
        token = apply("urldecode", run[0])
        if run[0] != value and is_token(token) and apply("urlencode", token) == run[0]:
            yield Fragment(*run.span(), token, encoder="urlencode")


def _url_pieces(value: str) -> Iterator[Fragment]:
    base = _BASE.match(value)
    if base:
        yield Fragment(0, base.end(), base.group())
    yield from _over_slashes(value)
    for part in url_parts(value):
        raw = value[part.start : part.end]
        if raw == value:
            continue
        encoder = "" if raw == part.value else next((n for n in ("urlencode", "formencode") if apply(n, part.value) == raw), None)
        if encoder is not None:
            context = part.context or ("" if is_count_name(part.name) else part.name)
            yield Fragment(part.start, part.end, part.value, context, encoder, True)
            if raw == part.value and part.location == "query":
                yield from (replace(piece, in_url=True) for piece in _pieces(value, part.start, raw))
        keyed = _KEY_IN_BRACKETS.fullmatch(raw)  # `accounts(0b9f7c1e-…)`
        if keyed and is_token(keyed[1]):
            yield Fragment(part.start + keyed.start(1), part.start + keyed.end(1), keyed[1], part.context, "", True)


def _over_slashes(value: str) -> Iterator[Fragment]:
    """A text in base64 that stands in a path as it is, with its slashes: they part nothing."""
    for run in _SEGMENTS.finditer(value.partition("?")[0]):
        for start in (run.start() + place for place in (0, *(mark.end() for mark in re.finditer("/", run[0])))):
            text = value[start : run.end()]
            if "/" in text and len(text) % 4 == 0 and len(text) >= _LONG_BASE64 and is_token(text):
                yield Fragment(start, run.end(), text, in_url=True)


def _pieces(value: str, offset: int, run: str) -> Iterator[Fragment]:
    """A compound without spaces (`order-8f3a…`, `a1…:b2…`) split at its separators, in every way while these are few."""
    if UUID.fullmatch(run) or _is_long_base64(run):
        return
    found = [(m.start(), m.end()) for m in _SEPARATOR.finditer(run)]
    if len(found) < 2 and not (found and found[0] != (0, len(run))):
        return
    few = len(found) <= _MOST_PIECES
    spans = [(a, b) for i, (a, _) in enumerate(found) for _, b in (found[i:] if few else found[i : i + 1])]
    if few:
        spans += [(a, len(run)) for a, _ in found if found[-1][1] != len(run)]
    # one in thirty base64url tokens begins or ends with `-` or `_`
    spans += [(a - 1, b) for a, b in spans if a >= 2 and run[a - 1] in "-_" and run[a - 2] in _ASSIGNING]
    spans += [(a, b + 1) for a, b in spans if b + 1 < len(run) and run[b] in "-_" and run[b + 1] in _ASSIGNING]
    filled = ((a, _PADDING.match(run, b)) for a, b in spans if b < len(run) and run[b] == "=")
    spans += [(a, padding.end()) for a, padding in filled if padding]  # base64 before more: `6qaNOMzb+Y5A4lWXypRi3A==.b1inGj…`
    for start, end in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        piece = run[start:end]
        if len(piece) >= 8 and piece != run and piece != value and is_token(piece):
            yield Fragment(offset + start, offset + end, piece)


def _of_a_filter(value: str) -> Iterator[Fragment]:
    """The values of a filter or search that are called by the fields before them: `owner:me|parcel_id:6915725|open`."""
    for term in _EQUAL.finditer(value) if " eq " in value else ():
        if not (is_id_name(term[1]) or len(term[2]) >= _TELLING_DIGITS - 1):
            continue  # a year, a state
        yield Fragment(*term.span(2), term[2], leaf=Leaf(*term.span(2), term[2], term[1]))
    for term in _TERM.finditer(value):
        is_short = term[0] != value and (term[2].isdigit() or is_moment(term[2]))
        if is_short or ("&" in term[2] and is_token(term[2])):  # another token is found as any
            yield Fragment(*term.span(2), term[2], leaf=Leaf(*term.span(2), term[2], term[1]))


def _beside_tokens(value: str) -> Iterator[Fragment]:
    """Long numbers that a script joined with a token: `441031|p5p4toFV3td…`."""
    if len(value) > _LONGEST_LEAF or not _JOINED.fullmatch(value):
        return
    pieces = list(_JOINT.finditer(value))
    if not any(len(piece.group()) >= 16 and is_token(piece.group()) for piece in pieces):
        return
    for piece in pieces:
        number = piece.group()
        if number.isdigit() and 5 <= len(number) <= 11:
            yield Fragment(*piece.span(), number)


def _is_long_base64(run: str) -> bool:
    """Whether slashes and equals signs separate nothing, since they are part of base64 (a view state)."""
    return len(run) >= 100 and len(run) % 4 == 0 and ("+" in run or run[-1] == "=") and BASE64.fullmatch(run) is not None


def strings(value: str, depth: int = 0, closed: Container[str] = ()) -> Iterator[str]:
    """Every text that may stand for itself in a value: the value, its pieces, and what these encode.

    Into those that are `closed` it does not look.
    """
    yield value
    if value in closed:
        return
    inner: Sequence[Fragment] = fragments(value)
    shut = [f for f in inner if f.value in closed]
    inner = [f for f in inner if not any(s.start <= f.start and f.end <= s.end for s in shut)]
    yield from (f.value for f in (*shut, *inner))
    if depth < DEEPEST:
        for text in (value, *(f.value for f in inner)):
            for _, decoded in decodings(text):
                yield from strings(decoded, depth + 1, closed)
