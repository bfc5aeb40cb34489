"""A YAML document's own comments, for the nodes that they stand before or beside."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from loadwright.compiler.documents.tree import Entry, Scalar, entries
from loadwright.compiler.source import Span

_SETTING = re.compile(r"\s*yaml-language-server:")


def comments(text: str, root: Entry, places: Mapping[int, Span]) -> Iterator[tuple[int | None, str]]:
    """Each comment with the key in `places` of the first node that starts on its line or after it; None behind the last."""
    starts = sorted(((span.line, span.column, key) for key, span in places.items()), key=lambda start: start[:2])
    for line, comment in _comments(text, root):
        index = bisect_left(starts, (line, 0), key=lambda start: start[:2])
        yield (starts[index][2] if index < len(starts) else None), comment


def _comments(text: str, root: Entry) -> Iterator[tuple[int, str]]:
    """Comments with their lines: `#` at the start of a line or after white space, behind every value of the line."""
    ends, inside = _taken(root)
    for number, line in enumerate(text.split("\n"), 1):
        if number in inside:
            continue
        match = re.search(r"(?:^|\s)#(.*)", line[ends.get(number, 0) :])
        if match and not _SETTING.match(match[1]):
            yield number, match[1].strip()


def _taken(root: Entry) -> tuple[dict[int, int], set[int]]:
    """Where the last value on each line ends, and the lines that a text of several lines covers."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for entry in entries(root):
        span = entry.span
        if isinstance(entry, Scalar):
            if span.end_line > span.line:
                inside.update(range(span.line, span.end_line if span.end_column == 1 else span.end_line + 1))
            ends[span.end_line] = max(ends.get(span.end_line, 0), span.end_column - 1)
    return ends, inside
