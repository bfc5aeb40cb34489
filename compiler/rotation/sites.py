"""The values that a request carries, each with its place; the same for a recorded and for a received request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import orjson

from loadwright.compiler.plan.exchanges import SEND, framed
from loadwright.compiler.recording.model import RecordedRequest, header
from loadwright.compiler.recording.pairs import named_values

_SKIPPED = frozenset(
    (
        "host",
        "connection",
        "content-length",
        "content-type",
        "content-encoding",
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
        "keep-alive",
        "transfer-encoding",
        "expect",
        "purpose",
        "origin",
        "upgrade",
        "proxy-connection",
        "save-data",
        "range",
        "access-control-request-method",
        "access-control-request-headers",
    )
)
_OPTIONAL = frozenset(("referer", "if-none-match", "if-modified-since", "if-match"))
"""Headers that may be missing: what an application seldom insists on."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a request and the text there, decoded."""

    where: str
    """path, query, header, cookie, form, json, part, body."""
    key: str
    nth: int
    text: str
    name: str = ""
    """The key as it was sent, where that holds a value of a session and `key` the recorded one."""

    @property
    def place(self) -> tuple[str, str, int]:
        """What names it within a request."""
        return self.where, self.key, self.nth

    @property
    def is_optional(self) -> bool:
        """Whether a client may leave it out."""
        return self.where == "header" and self.key in _OPTIONAL

    def __str__(self) -> str:
        return f"{self.where} `{self.key}`" if self.key else self.where


def sites(request: RecordedRequest, as_recorded: Callable[[str], str] = str) -> list[Site]:
    """Every site of a request, in order; repeated names are counted. `as_recorded` gives a key as it was recorded."""
    counts: Counter[tuple[str, str]] = Counter()
    found = []
    for where, sent, text in _texts(request):
        key = as_recorded(sent)
        found.append(Site(where, key, counts[where, key], text, sent if key != sent else ""))
        counts[where, key] += 1
    return found


def _texts(request: RecordedRequest) -> Iterator[tuple[str, str, str]]:
    url = urlsplit(request.url)
    for number, segment in enumerate(url.path.split("/")[1:], 1):
        yield "path", str(number), unquote(segment)
    for name, value in named_values(url.query, keep_blank_values=True):
        yield "query", name, value
    for name, value in request.headers:
        if name.lower() == "cookie":
            for pair in value.split(";"):
                key, _, text = pair.strip().partition("=")
                if key:
                    yield "cookie", key, text
        elif name.lower() not in _SKIPPED and not name.lower().startswith("sec-"):
            yield "header", name.lower(), value
    yield from _body(request)


def _body(request: RecordedRequest) -> Iterator[tuple[str, str, str]]:
    if request.parts:
        for part in request.parts:
            yield "part", part.name, "" if part.filename is not None else part.data.decode("utf-8", "replace")
        return
    if not request.body:
        return
    text = request.body.decode("utf-8", "replace")
    media = request.media_type or (header(request.headers, "content-type") or "").partition(";")[0].strip().lower()
    before, written, after = framed(text) if request.method == SEND else ("", text, "")
    document = _json(written)
    if document is not None:
        if before or after:
            yield "body", "frame", before + after
        yield from _members(document, "$")
    elif media == _FORM or (not media and re.fullmatch(r"[^\s=&]+=[^\s]*", text)):
        for name, value in named_values(text, keep_blank_values=True):
            yield "form", name, value
    else:
        yield "body", "", text


def _json(text: str) -> object:
    if text[:1] not in "{[":
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _members(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _members(member, f"{path}.{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _members(member, f"{path}[{number}]")
    elif value is not None and not isinstance(value, bool):
        yield "json", path, str(value)
