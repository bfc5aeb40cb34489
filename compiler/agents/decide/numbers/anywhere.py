"""An item of one of several lists, by what stands beside it alone: items move from group to group (columns of a board)."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.plan.jsonpath import find, load_json
from loadwright.compiler.plan.jsonpath_syntax import JsonPathError
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

_LAST_FILTER = re.compile(r".*(\[\?\()")
_LIST = re.compile(r"\[[\d?]")
_STEP = re.compile(r"\[\?\(.*?\)\]|\[\d+\]|\['(?:[^'\\]|\\.)*'\]|\.\w+")


def anywhere(occurrence: Occurrence, answer: str) -> Occurrence | None:
    """The same value of an answer, whichever list its item is in; None where nothing names it in all of the answer."""
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    last = _LAST_FILTER.match(path)
    if last is None or not _LIST.search(path, 0, last.start(1)):
        return None
    return _alone(occurrence, f"$..{path[last.start(1) :]}", answer)


def in_any_group(occurrence: Occurrence, answer: str) -> Occurrence | None:
    """The same value whichever group of a list its item is in, where no other group has an item of this name.

    `$.groups[*].entries[?(@.name=='Tea')].id`: items move from group to group, and groups change their places.
    """
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    steps = _STEP.findall(path)
    lists = [n for n, step in enumerate(steps) if _LIST.match(step)]
    if len(lists) < 2 or not steps[lists[-1]].startswith("[?") or f"${''.join(steps)}" != path:
        return None
    try:
        several = {n for n in lists[:-1] if _has_several(load_json(answer), "".join(steps[:n]))}
    except (ValueError, JsonPathError):
        return None
    wider = "".join("[*]" if n in several else step for n, step in enumerate(steps))
    return _alone(occurrence, f"${wider}", answer) if several else None


def _has_several(document: Any, path: str) -> bool:
    """Whether the list at a path has several items; the one item of a list is there for form's sake."""
    return any(isinstance(found, list) and len(found) > 1 for found in find(document, f"${path}"))


def _alone(occurrence: Occurrence, path: str, answer: str) -> Occurrence | None:
    try:
        found = find(load_json(answer), path)
    except (ValueError, JsonPathError):
        return None
    is_alone = len(found) == 1 and str(found[0]) == occurrence.value
    return replace(occurrence, source=JsonSource(path=path), ordinal=1) if is_alone else None
