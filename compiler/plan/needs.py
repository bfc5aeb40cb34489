"""What an iteration of a journey evaluates; the same on every runtime, so that random numbers are drawn in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import DataSource, Journey, Plan, Variable
from loadwright.compiler.plan.template import Call, DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import journey_nodes, node_templates, shared_templates


def journey_templates(plan: Plan, journey: Journey) -> Iterator[Template]:
    """Every template that a journey evaluates, the defaults' among them, but for the Plan's variables."""
    yield from (value for value, _ in shared_templates(plan))
    for node in journey_nodes(journey):
        yield from (value for value, _ in node_templates(node))


def needed_variables(plan: Plan, journey: Journey) -> tuple[Variable, ...]:
    """The Plan's variables that the journey refers to, also by way of others, in order: each iteration evaluates these first."""
    wanted = _references(journey_templates(plan, journey))
    for variable in reversed(plan.variables):
        if variable.name in wanted:
            wanted |= _references([variable.value])
    return tuple(variable for variable in plan.variables if variable.name in wanted)


def called_functions(plan: Plan, journey: Journey) -> frozenset[str]:
    """The names of the functions that the journey calls."""
    used = [*journey_templates(plan, journey), *(variable.value for variable in needed_variables(plan, journey))]
    return frozenset(part.function for value in used for part in walk(value) if isinstance(part, Call))


def used_sources(plan: Plan, journey: Journey) -> tuple[DataSource, ...]:
    """The data sources that an iteration of the journey takes a row of, in the Plan's order."""
    used = [*journey_templates(plan, journey), *(variable.value for variable in needed_variables(plan, journey))]
    drawn = {part.data for value in used for part in walk(value) if isinstance(part, DataField)}
    return tuple(source for source in plan.data if source.name in drawn)


def calls_draw(plan: Plan, journey: Journey) -> bool:
    """Whether a function that the journey calls draws random numbers; think times and random orders draw beside."""
    return any(FUNCTIONS[name].draw for name in called_functions(plan, journey))


def draws(value: Template) -> bool:
    """Whether a function in a value draws random numbers."""
    return any(isinstance(part, Call) and FUNCTIONS[part.function].draw for part in walk(value))


def _references(values: Iterable[Template]) -> set[str]:
    return {part.name for value in values for part in walk(value) if isinstance(part, Reference)}
