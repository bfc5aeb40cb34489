"""Batches: requests that are sent in the body of another, as OData has them (`multipart/mixed`, or `requests` in JSON)."""

from __future__ import annotations

import re
from functools import lru_cache

import orjson

_LINE = re.compile(rb"^([A-Z]{3,7}) \S{1,4000} HTTP/1\.[01]\r?$", re.MULTILINE)
_READING = frozenset(("GET", "HEAD", "OPTIONS"))


@lru_cache(maxsize=1024)
def methods_in(body: bytes) -> tuple[str, ...]:
    """The methods of the requests in a batch; none of what is no batch."""
    if body[:2] == b"--":
        return tuple(line[1].decode() for line in _LINE.finditer(body))
    if body[:1] != b"{" or b'"requests"' not in body:
        return ()
    try:
        asked = orjson.loads(body).get("requests")
    except orjson.JSONDecodeError:
        return ()
    told = [one.get("method") if isinstance(one, dict) else None for one in asked] if isinstance(asked, list) else []
    return tuple(one.upper() for one in told if isinstance(one, str)) if all(isinstance(one, str) for one in told) else ()


def batch_reads(body: bytes) -> bool:
    """Whether a body is a batch of requests that all change nothing."""
    methods = methods_in(body)
    return bool(methods) and all(method in _READING for method in methods)
