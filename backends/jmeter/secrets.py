"""Which names of a Plan hold secrets, so that no message shows them."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.plan.model import Plan, Step, Variable
from loadwright.compiler.plan.template import Reference, Template, walk


def secret_names(plan: Plan) -> frozenset[str]:
    """The secrets, and the variables whose values are made from them."""
    found = {secret.name for secret in plan.secrets}
    grown = True
    while grown:
        made = {v.name for v in _variables(plan) if holds_secret(v.value, found)} - found
        grown = bool(made)
        found |= made
    return frozenset(found)


def holds_secret(value: Template, secrets: set[str] | frozenset[str]) -> bool:
    """Whether a template takes in a secret."""
    return any(isinstance(part, Reference) and part.name in secrets for part in walk(value))


def _variables(plan: Plan) -> Iterator[Variable]:
    yield from plan.variables
    for journey in plan.journeys:
        for node in journey.nodes:
            for action in node.actions if isinstance(node, Step) else (node,):
                if isinstance(action, Variable):
                    yield action
