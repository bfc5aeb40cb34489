"""Batches: requests that are sent in the body of another, as OData has them (`multipart/mixed`, or `requests` in JSON).

Others send a list of calls, which is answered by a list (JSON-RPC, GraphQL), or number them (`{"0": …, "1": …}`, tRPC).
"""

from __future__ import annotations

import re
from functools import lru_cache

import orjson
from msgspec import Struct

_LINE = re.compile(rb"^([A-Z]{3,7}) (\S{1,4000}) HTTP/1\.[01]\r?$", re.MULTILINE)
_PART = re.compile(rb"^content-type: ?application/http\b", re.IGNORECASE | re.MULTILINE)
_KEYS = re.compile(r"\([^()]{0,400}\)")
_READING = frozenset(("GET", "HEAD", "OPTIONS"))


class Asked(Struct, frozen=True):
    """A request in a batch."""

    method: str
    path: str
    """Without keys, query and the namespace of an action: `/Orders/close` of `Orders(4)/Desk.close?x=1`."""


@lru_cache(maxsize=1024)
def asked_in(body: bytes) -> tuple[Asked, ...]:
    """The requests in a batch; none of what is no batch."""
    if body[:2] == b"--":
        lines = _LINE.finditer(body) if _PART.search(body) else ()  # an uploaded log has such lines too
        return tuple(Asked(line[1].decode(), _plain(line[2].decode("utf-8", "replace"))) for line in lines)
    if body[:1] != b"{" or b'"requests"' not in body:
        return ()
    try:
        listed = orjson.loads(body).get("requests")
    except orjson.JSONDecodeError:
        return ()
    found = [_read(one) for one in listed] if isinstance(listed, list) else []
    return tuple(one for one in found if one) if all(found) else ()


def batch_reads(body: bytes) -> bool:
    """Whether a body is a batch of requests that all change nothing."""
    asked = asked_in(body)
    return bool(asked) and all(one.method in _READING for one in asked)


def meant_by(body: bytes) -> Asked | None:
    """What a batch is sent for: the first of its requests that changes something, else its first."""
    asked = asked_in(body)
    return next((one for one in asked if one.method not in _READING), asked[0] if asked else None)


def calls_sent(body: bytes) -> int:
    """How many calls a body holds that is a list of them, or numbers them; none for others."""
    if body[:1] != b"[" and body[:4] != b'{"0"':
        return 0
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return 0
    if isinstance(sent, dict):
        return len(sent) if list(sent) == [str(number) for number in range(len(sent))] else 0
    return len(sent) if all(isinstance(one, dict) for one in sent) else 0


def _read(one: object) -> Asked | None:
    method, url = (one.get("method"), one.get("url")) if isinstance(one, dict) else (None, None)
    return Asked(method.upper(), _plain(url)) if isinstance(method, str) and isinstance(url, str) else None


def _plain(url: str) -> str:
    before, _, last = _KEYS.sub("", url.partition("?")[0]).rpartition("/")
    return f"/{before.lstrip('/')}/{last.rpartition('.')[2]}".replace("//", "/")
