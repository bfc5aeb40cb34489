"""The JMeter variables that hold a Plan's names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.plan.model import Plan, Step
from loadwright.compiler.plan.traverse import requests

_EXTRACTOR_SUFFIX = re.compile(r"(.+)_(?:g\d*|matchNr|\d+)")
"""What the extractors put beside the variable that they set."""


class Names:
    """Gives every name of a Plan its JMeter variable: the name itself where JMeter can take it.

    Variables of the test's own machinery have a dot in their names, which names of a Plan never keep.
    """

    def __init__(self, plan: Plan) -> None:
        captured = {c.name for journey in plan.journeys for r in requests(journey) for c in r.captures}
        self._values = _unique((name, _plain(name, captured)) for name in _declared(plan))
        self._columns: dict[str, dict[str, str]] = {
            source.name: _unique((column, f"{_clean(source.name)}.{_clean(column)}") for column in source.columns)
            for source in plan.data
        }

    def value(self, name: str) -> str:
        """The variable of a target, secret, variable or capture; a name of the machinery is the variable itself."""
        return self._values.get(name, name)

    def column(self, data: str, column: str) -> str:
        """The variable that holds a column of the current row."""
        return self._columns.get(data, {}).get(column) or f"{_clean(data)}.{_clean(column)}"


def _declared(plan: Plan) -> Iterator[str]:
    for group in (plan.targets, plan.secrets, plan.variables):
        yield from (item.name for item in group)
    for journey in plan.journeys:
        for node in journey.nodes:
            actions = node.actions if isinstance(node, Step) else (node,)
            yield from (action.name for action in actions if action.kind == "let")
        for request in requests(journey):
            yield from (capture.name for capture in request.captures)


def _clean(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name) or "_"


def _plain(name: str, captured: set[str]) -> str:
    beside = _EXTRACTOR_SUFFIX.fullmatch(name)
    return f"{_clean(name)}.value" if beside and beside[1] in captured else _clean(name)


def _unique(wanted: Iterator[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    taken: set[str] = set()
    for name, variable in wanted:
        if name in given:
            continue
        free, count = variable, 2
        while free in taken:
            free, count = f"{variable}.{count}", count + 1
        given[name] = free
        taken.add(free)
    return given
