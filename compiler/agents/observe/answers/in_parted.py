"""Values of a text whose names and values are parted by one mark: ``UC`1`SWEC`439`rows`Id`1-4KQZ2`Name`Tea``."""

from __future__ import annotations

import re
from collections import Counter

from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import is_token, literal_pattern

_MARKS = "`~|^\x01\x1f"
_FEWEST = 8
"""Marks that a text must have, with names between them."""
_NAME = re.compile(r"[A-Za-z][\w .-]{0,40}")
_LABEL = re.compile(r"[^\W\d_][^\d\W_ ,.()&-]*(?:[ ,.()&-]{1,2}[^\d\W_]+){0,6}")
_LONGEST = 300_000


def mark_of(text: str) -> str:
    """The mark that parts a text; empty where it is no such text."""
    if len(text) > _LONGEST or "<" in text or text.lstrip()[:1] in ("{", "["):
        return ""
    mark, times = max(((mark, text.count(mark)) for mark in _MARKS), key=lambda one: one[1])
    return mark if times >= _FEWEST else ""


def observe_parted(finder: Finder, text: str, mark: str) -> None:
    """Offer what stands behind a name; of several of one name, by the text that stands behind the next one."""
    pieces = text.split(mark)
    names = Counter(filter(_NAME.fullmatch, pieces))
    around, stop = literal_pattern(mark), f"([^{_in_a_set(mark)}\\n]+)"
    for place in range(1, len(pieces) - 1):
        value, name = pieces[place], pieces[place - 1]
        if value not in finder.wanted or not _NAME.fullmatch(name) or is_token(name) or finder.counts(value, name):
            continue
        pattern = f"{around}{literal_pattern(name)}{around}{stop}{around}"
        behind, label = (*pieces[place + 1 : place + 3], "", "")[:2]
        if names[name] > 1 and _NAME.fullmatch(behind) and _LABEL.fullmatch(label) and label not in names - Counter([label]):
            row = f"{pattern}{literal_pattern(behind)}{around}{literal_pattern(label)}{around}"
            finder.by_pattern(value, value, row, text, "row", name)
        finder.by_pattern(value, value, pattern, text, "boundary", name)


def _in_a_set(mark: str) -> str:
    return f"\\{mark}" if mark == "^" else mark
