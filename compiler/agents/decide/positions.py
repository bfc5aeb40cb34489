"""The position of an item that a path finds by what stands beside it: two recordings may open the first row, whatever it is."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.boxes import is_by_its_place
from loadwright.compiler.plan.jsonpath import find, load_json
from loadwright.compiler.plan.jsonpath_syntax import JsonPathError
from loadwright.compiler.plan.model import JsonSource, RegexSource
from loadwright.compiler.plan.template import fixed

_FILTER = re.compile(r"\[\?\(.*?\)\]")
_POSITION = re.compile(r"\[\d+\]")


def by_position(occurrence: Occurrence, answer: str) -> Occurrence | None:
    """The same value of an answer by the positions of the items that hold it; None where its path has no filter."""
    if not isinstance(occurrence.source, JsonSource) or not _FILTER.search(fixed(occurrence.source.path)):
        return None
    try:
        path = _numbered(load_json(answer), fixed(occurrence.source.path))
    except (ValueError, JsonPathError):
        return None
    return None if path is None else replace(occurrence, source=JsonSource(path=path), ordinal=1)


def is_alone(occurrence: Occurrence, answer: str) -> bool:
    """Whether its path goes by positions in lists of one item only: what was asked for, in a list for form's sake."""
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    places = list(_POSITION.finditer(path))
    try:
        document = load_json(answer) if places else None
        lists = [found for place in places for found in find(document, path[: place.start()])]
    except (ValueError, JsonPathError):
        return False
    return bool(lists) and all(isinstance(one, list) and len(one) == 1 for one in lists)


def _numbered(document: Any, path: str) -> str | None:
    """A path with the number of its first match in place of each filter."""
    while match := _FILTER.search(path):
        lists, found = find(document, path[: match.start()]), find(document, path[: match.end()])
        items = lists[0] if len(lists) == 1 and isinstance(lists[0], list) else []
        position = next((n for n, item in enumerate(items) if found and item is found[0]), None)
        if position is None:
            return None
        path = f"{path[: match.start()]}[{position}]{path[match.end() :]}"
    return path


def of_the_last_list(boxes: list[Occurrence]) -> list[Occurrence]:
    """Boxes that are called by the place of their row, of the last list alone: rows may have moved since another."""
    by_place = [o.entry for o in boxes if isinstance(o.source, RegexSource) and is_by_its_place(fixed(o.source.pattern))]
    return [box for box in boxes if box.entry >= max(by_place, default=0)]
