"""What a journey uses of the Plan: values, data, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loadwright.compiler.plan.model import Expectation, FileBody, FilePart, Journey, MultipartBody, Parallel, Plan, Step, Variable
from loadwright.compiler.plan.template import DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import request_templates, requests, response_templates, steps


def variables(plan: Plan, journey: Journey) -> list[Variable]:
    """The Plan's variables that an iteration of the journey needs, in order."""
    wanted = _references(_templates(plan, journey))
    for variable in reversed(plan.variables):
        if variable.name in wanted:
            wanted |= _references([variable.value])
    return [variable for variable in plan.variables if variable.name in wanted]


def data(plan: Plan, journey: Journey) -> list[str]:
    """The names of the data sources that an iteration of the journey takes a row of, in the Plan's order."""
    used = [*_templates(plan, journey), *(variable.value for variable in variables(plan, journey))]
    drawn = {part.data for value in used for part in walk(value) if isinstance(part, DataField)}
    return [source.name for source in plan.data if source.name in drawn]


def files(journeys: Sequence[Journey]) -> list[str]:
    """The paths of the files that requests of the journeys send, each once."""
    found: dict[str, None] = {}
    for journey in journeys:
        for request in requests(journey):
            if isinstance(request.body, FileBody):
                found[request.body.path] = None
            elif isinstance(request.body, MultipartBody):
                found.update((part.path, None) for part in request.body.parts if isinstance(part, FilePart))
    return list(found)


def lets(journey: Journey) -> Iterator[Variable]:
    """The variables that the journey itself sets, in order."""
    for node in journey.nodes:
        yield from (item for item in (node.actions if isinstance(node, Step) else (node,)) if isinstance(item, Variable))


def parallels(journey: Journey) -> Iterator[Parallel]:
    """The groups of requests that are sent at the same time."""
    for step in steps(journey):
        yield from (action for action in step.actions if isinstance(action, Parallel))


def bound(plan: Plan, journey: Journey) -> Iterator[str]:
    """Every name that gets a value in an iteration of the journey."""
    yield from (variable.name for variable in (*plan.variables, *lets(journey)))
    yield from (capture.name for request in requests(journey) for capture in request.captures)


def _templates(plan: Plan, journey: Journey) -> list[Template]:
    """Every template that an iteration of the journey evaluates, but for the Plan's variables."""
    found = [header.value for header in plan.defaults.headers]
    found += _expected(plan.defaults.expectations)
    found += [variable.value for variable in lets(journey)]
    for request in requests(journey):
        found += [value for value, _ in request_templates(request)]
        found += [value for value, _ in response_templates(request)]
    return found


def _expected(expectations: Iterable[Expectation]) -> Iterator[Template]:
    for expectation in expectations:
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals


def _references(templates: Iterable[Template]) -> set[str]:
    return {part.name for value in templates for part in walk(value) if isinstance(part, Reference)}
