"""The JMeter variables that hold a Plan's names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.plan.model import ForEach, Plan, Receive, Repeat, Request, Variable
from loadwright.compiler.plan.traverse import plan_nodes, receives, requests

GENERATOR = "load.random"
"""The object, among a thread's variables, that gives the random numbers of the running part of the user's life."""
STOPPED = "load.user.stopped"
"""Set when the user is to do no further iteration; no name of the Plan has two dots."""

USER_NUMBER, ITERATION_NUMBER = "load.user.number", "load.user.iteration"
"""The numbers of the user and its iteration, from 1, where a journey asks for them."""

_EXTRACTOR_SUFFIX = re.compile(r"(.+)_(?:g\d*|matchNr)")
"""What an extractor of one match puts, or clears, beside the variable that it sets."""


class Names:
    """Gives every name of a Plan its JMeter variable: the name itself where JMeter can take it, `data.column` for a column."""

    def __init__(self, plan: Plan) -> None:
        self._taken: set[str] = set()
        captured = {c.name for journey in plan.journeys for r in requests(journey) for c in r.captures}
        captured |= {c.name for journey in plan.journeys for r in receives(journey) for c in r.captures}
        self._values = {name: self._take(_plain(name, captured)) for name in dict.fromkeys(_declared(plan))}
        self._columns = {
            (source.name, column): self._take(f"{_clean(source.name)}.{_clean(column)}")
            for source in plan.data
            for column in source.columns
        }

    def value(self, name: str) -> str:
        """The variable of a target, secret, variable or capture; a name of the machinery is the variable itself."""
        return self._values.get(name, name)

    def column(self, data: str, column: str) -> str:
        """The variable that holds a column of the current row."""
        return self._columns[data, column]

    def free(self, wanted: str) -> str:
        """A variable for the machinery that holds no name of the Plan: the wanted one, if it can be."""
        free, count = wanted, 2
        while free in self._taken:
            free, count = f"{wanted}.{count}", count + 1
        return free

    def _take(self, wanted: str) -> str:
        variable = self.free(wanted)
        self._taken.add(variable)
        return variable


def _declared(plan: Plan) -> Iterator[str]:
    for group in (plan.targets, plan.secrets, plan.variables):
        yield from (item.name for item in group)
    for node in plan_nodes(plan):
        match node:
            case Variable() | ForEach():
                yield node.name
            case Repeat(index=str() as index):
                yield index
            case Request() | Receive():
                yield from (capture.name for capture in node.captures)


def _clean(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name) or "_"


def _plain(name: str, captured: set[str]) -> str:
    beside = _EXTRACTOR_SUFFIX.fullmatch(name)
    return f"{_clean(name)}.value" if beside and beside[1] in captured else _clean(name)
