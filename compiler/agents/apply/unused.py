"""What an import declared and does not need."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.template import Reference, walk
from loadwright.compiler.plan.traverse import templates


def without_unused(plan: Plan) -> Plan:
    """The Plan without variables that nothing refers to: where parts of a text stand for themselves, none stands for the whole."""
    while True:
        names = {part.name for flat, _ in templates(plan) for part in walk(flat) if isinstance(part, Reference)}
        kept = tuple(variable for variable in plan.variables if variable.name in names)
        if len(kept) == len(plan.variables):
            return plan
        plan = plan.model_copy(update={"variables": kept})


def records_of(plan: Plan, declared: Iterable[str], records: Iterable[Decision]) -> list[Decision]:
    """The decisions without those to declare a variable that the Plan lacks by now."""
    gone = set(declared) - {variable.name for variable in plan.variables}
    return [one for one in records if one.verdict not in ("parameterise", "generate") or one.variable not in gone]
