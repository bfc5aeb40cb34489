"""Which values no message, log or report shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from loadwright.compiler.plan.model import ForEach, Plan, Receive, Request, Use, Variable
from loadwright.compiler.plan.template import Reference, Template, walk
from loadwright.compiler.plan.traverse import plan_nodes


def hidden_names(plan: Plan) -> frozenset[str]:
    """Secrets, captures (they may be tokens), and the names made from them: variables, parameters, items of lists."""
    captures = (c for node in plan_nodes(plan) if isinstance(node, Request | Receive) for c in node.captures)
    return spread(plan, {*(secret.name for secret in plan.secrets), *(capture.name for capture in captures)})


def spread(plan: Plan, names: Collection[str]) -> frozenset[str]:
    """Names, and those made from them."""
    found, made = set(names), tuple(_made(plan))
    while more := {name for name, value in made if holds(value, found)} - found:
        found |= more
    return frozenset(found)


def holds(value: Template, names: Collection[str]) -> bool:
    """Whether a template takes in one of the names."""
    return any(isinstance(part, Reference) and part.name in names for part in walk(value))


def _made(plan: Plan) -> Iterator[tuple[str, Template]]:
    """Each name that is made from a value, with the value."""
    parameters = {fragment.name: fragment.parameters for fragment in plan.fragments}
    yield from ((variable.name, variable.value) for variable in plan.variables)
    for node in plan_nodes(plan):
        if isinstance(node, Variable):
            yield node.name, node.value
        elif isinstance(node, ForEach):
            yield node.name, node.values
        elif isinstance(node, Use):
            yield from zip(parameters.get(node.fragment, ()), node.arguments, strict=False)
