"""Patterns looked for by the literal text that they begin with, so that hardly any of them has to be compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_LEAD = re.compile(r"(\[[^\]\\^]+\]|\\b)?((?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s]){3,})(?![*+?{])")
"""One character of a set, or the edge of a word, and then a text of three or more characters."""
_ESCAPE = re.compile(r"\\(.)")


def matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """What a pattern, ASCII and without alternatives around all of it, finds in a text; only the groups of a match count."""
    literal, before, head, rest = _parts(pattern)
    if not literal:
        yield from rest.finditer(text)
        return
    size = len(literal)
    at = text.find(literal, before)
    while at >= 0:
        match = rest.match(text, at + size) if head is None or head.match(text, at - before) else None
        if match is not None:
            yield match
        at = text.find(literal, at + 1 if match is None else max(at + 1, match.end() + before))


@lru_cache(maxsize=512)
def _parts(pattern: str) -> tuple[str, int, re.Pattern[str] | None, re.Pattern[str]]:
    """The literal text, how many characters stand before it, what they are, and what comes behind; or no text and the whole."""
    lead = _LEAD.match(pattern)
    if lead is None:
        return "", 0, None, re.compile(pattern, re.ASCII)
    literal = _ESCAPE.sub(r"\1", lead[2]) if "\\" in lead[2] else lead[2]
    head = re.compile(lead[1], re.ASCII) if lead[1] else None
    return literal, int(bool(lead[1]) and lead[1] != r"\b"), head, re.compile(pattern[lead.end() :], re.ASCII)


def taken(pattern: str, text: str) -> Iterator[str]:
    """What the first group of such a pattern takes from a text, match by match."""
    return (match[1] for match in matches(pattern, text))
