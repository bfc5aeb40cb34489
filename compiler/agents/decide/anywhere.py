"""An item of one of several lists, by what stands beside it alone: items move from group to group (columns of a board)."""

from __future__ import annotations

import re
from dataclasses import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.plan.jsonpath import find, load_json
from loadwright.compiler.plan.jsonpath_syntax import JsonPathError
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

_LAST_FILTER = re.compile(r".*(\[\?\()")
_LIST = re.compile(r"\[[\d?]")


def anywhere(occurrence: Occurrence, answer: str) -> Occurrence | None:
    """The same value of an answer, whichever list its item is in; None where nothing names it in all of the answer."""
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    last = _LAST_FILTER.match(path)
    if last is None or not _LIST.search(path, 0, last.start(1)):
        return None
    path = f"$..{path[last.start(1) :]}"
    try:
        found = find(load_json(answer), path)
    except (ValueError, JsonPathError):
        return None
    is_alone = len(found) == 1 and str(found[0]) == occurrence.value
    return replace(occurrence, source=JsonSource(path=path), ordinal=1) if is_alone else None
