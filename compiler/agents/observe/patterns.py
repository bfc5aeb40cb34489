"""Patterns looked for by the literal text that they begin with, so that hardly any of them has to be compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEAD = re.compile(r"(\[[^\]\\^]+\]|\\b)?((?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s]){3,})(?![*+?{])")
"""One character of a set, or the edge of a word, and then a text of three or more characters."""
_ESCAPE = re.compile(r"\\(.)")


def matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """What a pattern, ASCII and without alternatives around all of it, finds in a text; only the groups of a match count."""
    lead = _LEAD.match(pattern)
    if lead is None:
        yield from re.finditer(pattern, text, re.ASCII)
        return
    literal = _ESCAPE.sub(r"\1", lead[2]) if "\\" in lead[2] else lead[2]
    head, rest = re.compile(lead[1] or "", re.ASCII), re.compile(pattern[lead.end() :], re.ASCII)
    before = 1 if lead[1] and lead[1] != r"\b" else 0
    at = text.find(literal, before)
    while at >= 0:
        match = rest.match(text, at + len(literal)) if head.match(text, at - before) else None
        if match is not None:
            yield match
        at = text.find(literal, at + 1 if match is None else max(at + 1, match.end() + before))


def taken(pattern: str, text: str) -> Iterator[str]:
    """What the first group of such a pattern takes from a text, match by match."""
    return (match[1] for match in matches(pattern, text))
