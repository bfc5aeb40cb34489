"""Observation of requests: every value that a request carries, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.facts import Location, Site
from loadwright.compiler.agents.names import is_id_name, singular
from loadwright.compiler.agents.observe.arguments import argument_names, first_argument
from loadwright.compiler.agents.observe.boxes import TICKED, box_of, numbered, numbers_in
from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.json_leaves import is_value, json_leaves, json_names, leaves_of, secret_of_pair
from loadwright.compiler.agents.observe.secret_arguments import names_of_secrets
from loadwright.compiler.agents.values import UUID, is_drawn, is_token, literal_pattern, spoken_share
from loadwright.compiler.plan.exchanges import framed
from loadwright.compiler.plan.functions import form_encode
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.recording.gwt import LONG, MEDIA_TYPE, arguments
from loadwright.compiler.recording.kinds import body_type, path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.pairs import separator
from loadwright.compiler.recording.sockets import SEND

DROPPED_HEADERS = frozenset(
    [
        "host",
        "connection",
        "content-length",
        "cookie",
        "accept",
        "accept-encoding",
        "accept-language",
        "user-agent",
        "upgrade-insecure-requests",
        "dnt",
        "priority",
        "te",
        "cache-control",
        "pragma",
        "if-none-match",
        "if-modified-since",
        "purpose",
        "x-client-data",
        "keep-alive",
        "transfer-encoding",
        "expect",
        "save-data",
        "proxy-connection",
        "proxy-authorization",
        "sec-gpc",
    ]
)
"""Headers that the runtime, the cookie jar or the defaults send, or that speak of the browser alone."""


_ASSET_TYPES = ("text/css", "text/javascript", "application/javascript", "application/x-javascript")
_ASSET_FILE = re.compile(
    r"\.(?:css|m?js|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg)$", re.IGNORECASE
)
_FONT_FILE = re.compile(r"\.(?:woff2?|ttf|otf|eot)$", re.IGNORECASE)
"""What many servers send as `application/octet-stream`."""
_NAMED_FILE = re.compile(r"\.([A-Za-z]{2,8})(?:;[^/]*)?$")
_PROGRAMS = frozenset(
    ("php", "jsp", "jspx", "do", "action", "asp", "aspx", "ashx", "axd", "cgi", "pl", "py", "cfm", "xhtml", "jsf", "html")
)
"""Endings of what makes a script for each user; of other endings (`zul.wnd.wpd`) scripts and styles are files."""
_LOADED = ("script", "stylesheet")
"""What a recorder calls that which a page loads as such; what a script asks for, it calls otherwise."""
FORM = "application/x-www-form-urlencoded"
_ITEM = re.compile(r"/\d+$")
NAME_KEY = "name@"
"""How the keys of sites begin that are in the name of a field: its number and the place in its name follow."""
_LONG_NAME = 12
"""Characters from which the name of a member is looked at as an id."""
_LONGEST_RUN = 64
"""Characters of the longest token in the name of a field."""
_RUN = re.compile(
    rf"(?:(?<![A-Za-z0-9%])|(?<=%[0-9A-Fa-f]{{2}}))(?:[A-Za-z0-9]{{16,{_LONGEST_RUN}}}|[0-9a-f]{{10,15}}|\d{{2,18}})(?![A-Za-z0-9])"
)
_ASKED = re.compile(r"[?&]([^?&=]{1,80})=$")
_SPOKEN_END = re.compile(r"[-.~_/][A-Za-z][A-Za-z_~.-]{3,60}$|[-.~_]$")
_SPOKEN = 0.6
"""The share of letters in a word's order from which an end is of words."""
SUBPROTOCOL = "sec-websocket-protocol"
"""The header that says what is spoken on a WebSocket (RFC 6455, section 1.9)."""
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NO_FORM = re.compile(r"[^\x21-\x7e]|%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FORM_IN_ARGUMENTS = re.compile(rb'"\$K([0-9a-f]{1,6})"')
_FIELD_OF_FORM = re.compile(r"_([0-9a-f]{1,6})_(.+)", re.DOTALL)


class UrlPart(Struct, frozen=True):
    """A path segment or query value of a URL."""

    location: Location
    key: str
    name: str
    value: str
    """Decoded."""
    context: str
    start: int
    end: int
    pattern: str
    """A regular expression whose first group is this part in URLs of the same form."""


@lru_cache(maxsize=1024)
def url_parts(url: str) -> tuple[UrlPart, ...]:
    """The path segments and query values of a URL (absolute or not), with their places in it."""
    return tuple(_url_parts(url))


def _url_parts(url: str) -> Iterator[UrlPart]:
    base = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*", url)
    begin = base.end() if base else 0
    end = url.find("#") if "#" in url else len(url)
    question = url.find("?", begin, end)
    path_end = question if question >= 0 else end
    previous, position, anchor = "", begin, "/"
    for number, segment in enumerate(url[begin:path_end].split("/")):
        plain = segment.partition(";")[0]
        if plain:
            yield UrlPart(
                "path",
                str(number),
                "",
                unquote(plain),
                previous,
                position,
                position + len(plain),
                f"{anchor}([^/?;#\"'<>]+)",
            )
            previous = plain
            if anchor != "/" and (plain.isdigit() or is_token(plain)):
                anchor += "[^/?;#\"'<>]+/"  # what is itself dynamic is no anchor for what comes behind it
            else:
                anchor = literal_pattern(f"/{plain}/")
        yield from _path_parameters(segment, number, position)
        position += len(segment) + 1
    if question >= 0:
        yield from _query_parts(url, question + 1, end)


def fragment_parts(url: str) -> Iterator[UrlPart]:
    """The named values behind the `#` of a URL, which a redirect hands to the page's script alone (`#state=…&code=…`)."""
    mark = url.find("#")
    if mark >= 0 and "=" in url[mark:]:
        for part in _query_parts(url, max(mark, url.find("?", mark)) + 1, len(url)):
            if part.name:
                yield replace(part, pattern=f"[#{part.pattern.removeprefix('[')}")


def _path_parameters(segment: str, number: int, position: int) -> Iterator[UrlPart]:
    """The `;name=value` parameters of a segment (RFC 3986 section 3.3), a session id for instance."""
    for match in re.finditer(r";([^;=]+)=([^;]+)", segment):
        start, end = position + match.start(2), position + match.end(2)
        pattern = f";{literal_pattern(match[1])}=([^/?;#\"'<>]+)"
        yield UrlPart("path", f"{number};{match[1]}", match[1], unquote(match[2]), "", start, end, pattern)


def _query_parts(url: str, begin: int, end: int) -> Iterator[UrlPart]:
    seen: Counter[str] = Counter()
    position, mark = begin, separator(url[begin:end])
    ends = ";" if mark == ";" else ""
    for pair in url[begin:end].split(mark):
        raw_name, equals, raw = pair.partition("=")
        name = unquote_plus(raw_name)
        seen[name] += 1
        start = position + len(raw_name) + len(equals)
        if not equals and raw_name:
            # a value without a name, as cache busters are
            pattern = f"[?&;]([^&=#\"'<>]{_spoken_end(raw_name)})(?:[&\"'<>]|$)"
            yield UrlPart("query", f"#{seen[name]}:{position - begin}", "", name, "", position, position + len(pair), pattern)
        elif equals:
            pattern = f"[?&;]{literal_pattern(raw_name)}=([^&{ends}#\"'<>]+)"
            yield UrlPart("query", f"{name}#{seen[name]}", name, unquote_plus(raw), "", start, start + len(raw), pattern)
        position += len(pair) + 1


def _spoken_end(raw: str) -> str:
    """The rest of a pattern for a value without a name: by the words at its end (`4-1.-editForm`), where it has such."""
    end = _SPOKEN_END.search(raw)
    return f"*{literal_pattern(end.group())}" if end and (len(end.group()) == 1 or spoken_share(end.group()) >= _SPOKEN) else "+"


def _drawn_names(text: str, begin: int, end: int, names: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """What is dynamic in the names of a query or form: which, and where."""
    position, pairs = begin, text[begin:end].split(separator(text[begin:end]))
    sent = _tokens_in(pair.partition("=")[2] for pair in pairs)
    for number, pair in enumerate(pairs):
        name, equals, value = pair.partition("=")
        for start, stop in _drawn_in(name, names, value, sent) if equals or name in names else ():
            yield f"{NAME_KEY}{number}.{start}", position + start, position + stop
        position += len(pair) + 1


def _tokens_in(values: Iterable[str]) -> set[str]:
    """The tokens among the values of a form that may stand in a name of it too (`k3R…-step=2&prefix=k3R…`)."""
    return {value for value in values if _RUN.fullmatch(value) and is_token(value)}


def _drawn_in(name: str, names: Collection[str], value: str = "", sent: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """Random runs (a token that is a field's name) and numbers in a name, of a box however short; a name in `names` as a whole.

    A run that another field sends as its value need not look drawn.
    """
    box = numbered(name) if value in TICKED or name in names else None
    if box and (name in names or value != "1" or box[2] + 1 >= len(name)):  # `form-2-quantity=1` is no tick, `chk[17]=1` is one
        yield box[1], box[2]
        return
    if name in names:
        yield 0, len(name)
        return
    ids = [found.span() for found in UUID.finditer(name)] if len(name) >= _LONG_NAME and "-" in name else []
    parts = (run for run in _RUN.finditer(name) if run[0].isdigit() or ((is_drawn(run[0]) or run[0] in sent) and run[0] != value))
    runs = [*ids, *(run.span() for run in parts if all(run.end() <= a or b <= run.start() for a, b in ids))]
    yield from sorted({*runs, *(span for span in numbers_in(name) if all(span[1] <= a or b <= span[0] for a, b in runs))})


def _asked(before: str) -> str:
    """By what a value is called in a query inside of the name of a field: `where[id]` after `val[&where%5Bid%5D=`."""
    found = _ASKED.search(before)
    return unquote_plus(found[1]) if found else ""


def observe_request(entry: Entry, names: Collection[str] = ()) -> Iterator[Site]:
    """The sites of one request: URL, kept headers, body; the names of fields in `names` are sites too."""
    for part in url_parts(entry.request.url):
        yield Site(entry.index, entry.started, part.location, part.key, part.name, part.value, part.context, part.start, part.end)
    url = entry.request.url
    for key, start, end in _drawn_names(url, url.find("?") + 1, len(url), ()) if "?" in url else ():
        yield Site(entry.index, entry.started, "query", key, "", url[start:end], "", start, end)
    for name, value in kept_headers(entry):
        yield Site(entry.index, entry.started, "header", name.lower(), name, value)
    yield from _body(entry, names)


def kept_headers(entry: Entry) -> Iterator[tuple[str, str]]:
    """The request's headers that belong in a test; `Origin` and `Referer` where they can guard a change.

    Those of one name that differ are one, as servers may read them (RFC 9110 section 5.3): a header is one site.
    """
    unsafe = entry.request.method not in ("GET", "HEAD", "OPTIONS") or _comes_back(entry)
    kept: dict[str, tuple[str, str]] = {}
    for name, value in entry.request.headers:
        lower = name.lower()
        if (lower in DROPPED_HEADERS or lower.startswith(("sec-", ":")) or lower == "content-type") and lower != SUBPROTOCOL:
            continue
        if lower in ("origin", "referer") and not unsafe:
            continue
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            continue  # no HTTP client sends these
        first, before = kept.get(lower, (name, value))
        kept[lower] = (first, value if before == value else f"{before}, {value}")
    yield from kept.values()


def _comes_back(entry: Entry) -> bool:
    """Whether a link is followed that does something and leads back to the page it stood on: as forms, such links are guarded."""
    back, url = entry.response.redirect, urlsplit(entry.request.url)
    if not back or not url.query or entry.request.method != "GET":
        return False
    page = next((value for name, value in entry.request.headers if name.lower() == "referer"), "")
    return bool(page) and urlsplit(page)[:3] == urlsplit(back)[:3]


def is_asset(entry: Entry) -> bool:
    """Whether an entry loads a script, style, image or font from a file, whose URL the page's build fixes.

    A call that a script makes is none, whatever media type it answers with.
    """
    if entry.request.method != "GET" or entry.resource in ("xhr", "fetch", "document"):
        return False
    media_type, path = entry.response.media_type, path_of(entry)
    typed = media_type.startswith(("image/", "font/", "audio/", "video/")) or media_type in _ASSET_TYPES
    is_named = entry.resource in _LOADED and media_type in _ASSET_TYPES and "?" not in entry.request.url
    if is_named and (named := _NAMED_FILE.search(path)):
        return named[1].lower() not in _PROGRAMS
    return ((_ASSET_FILE if typed else _FONT_FILE).search(path) or _FONT_FILE.search(path)) is not None


def form_fields(body: str) -> list[tuple[str, str]] | None:
    """The fields of a form body; None where encoding them again would give others (a name without `=`, bytes that are no UTF-8).

    Which characters are encoded that need not be means nothing: scripts send `(` as it is, forms send `%28`.
    """
    if not body or _NO_FORM.search(body):
        return None
    mark = separator(body)
    pairs = [pair.split("=", 1) for pair in body.split(mark) if pair or mark == "&"]
    try:
        return [(unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")) for name, value in pairs]
    except ValueError:
        return None


def canonical_form(body: str) -> str:
    """A form body as the Plan writes it; what is none stays as it is."""
    fields = form_fields(body)
    return body if fields is None else "&".join(f"{form_encode(name)}={form_encode(value)}" for name, value in fields)


class Enveloped(Struct, frozen=True):
    """A JSON document in a message, and what stands before and after it."""

    before: str
    document: Any
    after: str


def enveloped(text: str) -> Enveloped | None:
    """The JSON in a message of a WebSocket, alone or framed; None where there is none."""
    before, written, after = framed(text)
    document = json_document(written) if written else None
    return None if document is None else Enveloped(before, document, after)


def as_item(site: Site) -> Site:
    """An item of a list of ids by what one of them is called: `tids: ["7"]` has a `tid`."""
    called = singular(site.name) if site.location == "json" and _ITEM.search(site.key) else site.name
    return replace(site, name=called) if called != site.name and len(called) > len("id") and is_id_name(called) else site


def body_text(entry: Entry) -> str | None:
    """The request's body as text, or None for no body or one that is no UTF-8."""
    body = entry.request.body
    if body is None:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _body(entry: Entry, names: Collection[str]) -> Iterator[Site]:
    if entry.request.parts:
        in_forms = _in_forms(entry)
        for position, part in enumerate(entry.request.parts):
            if part.filename is None:
                value = part.data.decode("utf-8", "replace")
                yield Site(entry.index, entry.started, "part", str(position), in_forms.get(part.name, part.name), value)
        tokens = _tokens_in(part.data.decode("utf-8", "replace") for part in entry.request.parts if len(part.data) <= _LONGEST_RUN)
        for position, part in enumerate(entry.request.parts):
            value = part.data.decode("utf-8", "replace") if len(part.data) <= _LONGEST_RUN else ""
            box = numbered(part.name)
            for start, end in _drawn_in(part.name, names, value, tokens):
                key, name, asked = f"{NAME_KEY}{position}.{start}", box[0] if box else "", _asked(part.name[:start])
                yield Site(entry.index, entry.started, "part", key, name, part.name[start:end], asked, start, end)
        return
    text = body_text(entry)
    if not text:
        return
    if entry.request.method == SEND:
        yield from _message(entry, text)
    elif (sent := body_type(entry.request)) == FORM:
        fields = list(_query_parts(text, 0, len(text)))
        secret = secret_of_pair({field.name: field.value for field in fields})
        for field in fields:
            name = secret if secret and is_value(field.name) else field.name
            yield Site(entry.index, entry.started, "form", field.key, name, field.value, start=field.start, end=field.end)
        for key, start, end in _drawn_names(text, 0, len(text), names):
            asked = _asked(unquote_plus(text[text.rfind(separator(text), 0, start) + 1 : start]))
            yield Site(entry.index, entry.started, "form", key, box_of(text, start), text[start:end], asked, start, end)
    elif "json" in sent and (document := json_document(text)) is not None and not _has_keys_for_names(document):
        yield from _json_sites(entry, document, first_argument(document, path_of(entry)))
    elif sent == MEDIA_TYPE and (called := arguments(text)):
        seen: Counter[str] = Counter()
        for one in called:
            seen[one.name] += 1
            key = f"{one.name}{'@' if one.name == LONG else '#'}{seen[one.name]}"
            yield Site(entry.index, entry.started, "form", key, one.name, one.value, start=one.start, end=one.end)
    else:
        yield Site(entry.index, entry.started, "body", "", "", text)


def _in_forms(entry: Entry) -> dict[str, str]:
    """What the fields of a form are called that React sends as an argument: `_1_title` beside `["$K1"]`."""
    data = b"".join(part.data for part in entry.request.parts if part.filename is None and part.name.isalnum())
    forms = {number.decode() for number in _FORM_IN_ARGUMENTS.findall(data)}
    found = (_FIELD_OF_FORM.fullmatch(part.name) for part in entry.request.parts) if forms else ()
    return {field[0]: field[2] for field in found if field and field[1] in forms}


def _message(entry: Entry, text: str) -> Iterator[Site]:
    found = enveloped(text)
    if found is None:
        yield Site(entry.index, entry.started, "body", "", "", text)
        return
    yield from _json_sites(entry, found.document)


def _json_sites(entry: Entry, document: Any, arguments: Mapping[str, str] = MappingProxyType({})) -> Iterator[Site]:
    named = {**arguments, **argument_names(document), **names_of_secrets(document)}
    for pointer, name, value in leaves_of(document):
        is_number, called = isinstance(value, Digits), named.get(pointer, name)
        yield Site(entry.index, entry.started, "json", pointer, called, str(value) if is_number else value, is_number=is_number)


def _has_keys_for_names(document: Any) -> bool:
    """Whether objects are called by tokens that are values too (`"changes": {"5629…": …}`): the document is sent as a text."""
    names = {name for _, name in json_names(document) if len(name) >= _LONG_NAME and is_token(name)}
    return bool(names) and not names.isdisjoint(value for _, _, value in json_leaves(document))
