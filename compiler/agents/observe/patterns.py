"""Patterns looked for by the literal text that they begin with, so that hardly any of them has to be compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEAD = re.compile(r"(\[[^\]\\^]+\]|\\b)?((?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s]){3,})(?![*+?{])")
"""One character of a set, or the edge of a word, and then a text of three or more characters."""
_ESCAPE = re.compile(r"\\(.)")


def taken(pattern: str, text: str) -> Iterator[str]:
    """What the first group of a pattern, ASCII and without alternatives around all of it, takes from a text, match by match."""
    lead = _LEAD.match(pattern)
    if lead is None:
        yield from (match[1] for match in re.finditer(pattern, text, re.ASCII))
        return
    literal = _ESCAPE.sub(r"\1", lead[2]) if "\\" in lead[2] else lead[2]
    head, rest = re.compile(lead[1] or "", re.ASCII), re.compile(pattern[lead.end() :], re.ASCII)
    before = 1 if lead[1] and lead[1] != r"\b" else 0
    done, at = 0, text.find(literal, before)
    while at >= 0:
        match = rest.match(text, at + len(literal)) if head.match(text, at - before) else None
        if match is not None:
            yield match[1]
            done = match.end()
        at = text.find(literal, max(at + 1, done + before))
