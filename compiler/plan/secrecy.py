"""Which values no message, log or report shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from loadwright.compiler.plan.model import Plan, Step, Variable
from loadwright.compiler.plan.template import Reference, Template, walk
from loadwright.compiler.plan.traverse import requests


def hidden_names(plan: Plan) -> frozenset[str]:
    """Secrets, captures (they may be tokens), and the variables made from them."""
    captures = (c for journey in plan.journeys for request in requests(journey) for c in request.captures)
    hidden = {*(secret.name for secret in plan.secrets), *(capture.name for capture in captures)}
    while made := {v.name for v in _variables(plan) if holds(v.value, hidden)} - hidden:
        hidden |= made
    return frozenset(hidden)


def holds(value: Template, names: Collection[str]) -> bool:
    """Whether a template takes in one of the names."""
    return any(isinstance(part, Reference) and part.name in names for part in walk(value))


def _variables(plan: Plan) -> Iterator[Variable]:
    yield from plan.variables
    for journey in plan.journeys:
        for node in journey.nodes:
            for action in node.actions if isinstance(node, Step) else (node,):
                if isinstance(action, Variable):
                    yield action
