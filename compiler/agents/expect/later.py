"""What comes into answers by itself: the work that a change began goes on after it was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.expect.markers import read_json
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.recording.model import Entry

_UNCHANGING = ("GET", "HEAD", "OPTIONS")
_LONGEST = 1_000_000
"""Characters of the longest answer that is looked at."""
_SAME = 3
"""Texts and numbers by which two objects are one."""


def added_later(entries: Sequence[Entry]) -> frozenset[str]:
    """Members that a thing in a list gained between two answers of one address, though the client changed nothing in between.

    The second answer may come sooner in a test: a file is listed before it was looked through. The answer's own
    members are none: who asks again and again for one thing waits for them.
    """
    shown: dict[str, str] = {}
    found: set[str] = set()
    for entry in entries:
        if entry.request.method not in _UNCHANGING:
            shown.clear()
        elif entry.request.method == "GET" and entry.response.media_type.endswith("json") and (text := entry.response.text):
            before = shown.get(entry.request.url, text)
            shown[entry.request.url] = text
            if before != text and len(text) <= _LONGEST:
                found.update(_gained(read_json(before), read_json(text)))
    return frozenset(found)


def _gained(before: object, after: object) -> Iterator[str]:
    known = {said: members for members in _things(before) if len(said := _said(members)) >= _SAME}
    for members in _things(after):
        had = known.get(_said(members))
        if had is not None and had.keys() <= members.keys():
            yield from (name for name, one in members.items() if name not in had and isinstance(one, dict | list))


def _said(members: dict[str, object]) -> frozenset[tuple[str, str]]:
    """The texts and numbers of an object, by which it is known again."""
    return frozenset((name, str(one)) for name, one in members.items() if isinstance(one, str | int | float | Digits))


def _things(value: object, depth: int = 12) -> Iterator[dict[str, object]]:
    """The objects in the lists of a document."""
    if depth and isinstance(value, dict):
        for one in value.values():
            yield from _things(one, depth - 1)
    elif depth and isinstance(value, list):
        for one in value:
            if isinstance(one, dict):
                yield one
            yield from _things(one, depth - 1)
