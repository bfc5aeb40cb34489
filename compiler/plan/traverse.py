"""Ways through a Plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.plan.model import (
    Expectation,
    FileBody,
    FilePart,
    FormBody,
    Journey,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    Parallel,
    Plan,
    Request,
    Step,
    TextBody,
    Variable,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Template

PlacedTemplate = tuple[Template, Origin | None]


def steps(journey: Journey) -> Iterator[Step]:
    """The steps of a journey, in order."""
    return (node for node in journey.nodes if isinstance(node, Step))


def step_requests(step: Step) -> Iterator[Request]:
    """The requests of a step, in order; those of a parallel group in the order they are written."""
    for action in step.actions:
        if isinstance(action, Request):
            yield action
        elif isinstance(action, Parallel):
            yield from action.requests


def requests(journey: Journey) -> Iterator[Request]:
    """The requests of a journey, in order."""
    for step in steps(journey):
        yield from step_requests(step)


def files(plan: Plan) -> tuple[str, ...]:
    """The paths of all files that the Plan reads at run time, each once, in order of use."""
    found: dict[str, None] = {source.path: None for source in plan.data}
    for journey in plan.journeys:
        for request in requests(journey):
            if isinstance(request.body, FileBody):
                found[request.body.path] = None
            elif isinstance(request.body, MultipartBody):
                found.update((part.path, None) for part in request.body.parts if isinstance(part, FilePart))
    return tuple(found)


def request_templates(request: Request) -> Iterator[PlacedTemplate]:
    """The templates of a request as it is sent: URL, query, headers, body."""
    yield request.url, request.origin
    for field in request.query:
        yield field.name, field.origin or request.origin
        yield field.value, field.origin or request.origin
    for header in request.headers:
        yield header.value, header.origin or request.origin
    match request.body:
        case FormBody(fields=fields):
            for field in fields:
                yield field.name, field.origin or request.origin
                yield field.value, field.origin or request.origin
        case JsonBody(value=value):
            for text in json_templates(value):
                yield text, request.body.origin or request.origin
        case TextBody(value=text):
            yield text, request.body.origin or request.origin
        case MultipartBody(parts=parts):
            for part in parts:
                if not isinstance(part, FilePart):
                    yield part.value, part.origin or request.origin


def response_templates(request: Request) -> Iterator[PlacedTemplate]:
    """The templates used after the response: expected values and the captures' defaults."""
    yield from _expected_values(request.expectations, request.origin)
    for capture in request.captures:
        if capture.default is not None:
            yield capture.default, capture.origin or request.origin


def shared_templates(plan: Plan) -> Iterator[PlacedTemplate]:
    """The templates of the defaults: headers, then expectations."""
    for header in plan.defaults.headers:
        yield header.value, header.origin or plan.defaults.origin
    yield from _expected_values(plan.defaults.expectations, plan.defaults.origin)


def _expected_values(expectations: Iterable[Expectation], origin: Origin | None) -> Iterator[PlacedTemplate]:
    for expectation in expectations:
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value, expectation.origin or origin
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals, expectation.origin or origin


def json_templates(value: JsonValue) -> Iterator[Template]:
    """The templates of a JSON value, in order."""
    if isinstance(value, JsonText | JsonNumber):
        yield value.value
    elif isinstance(value, JsonArray):
        for item in value.items:
            yield from json_templates(item)
    elif isinstance(value, JsonObject):
        for member in value.members:
            yield from json_templates(member.value)


def templates(plan: Plan) -> Iterator[PlacedTemplate]:
    """Every template of the Plan with the nearest origin, in order."""
    for variable in plan.variables:
        yield variable.value, variable.origin
    yield from shared_templates(plan)
    for journey in plan.journeys:
        for node in journey.nodes:
            for item in node.actions if isinstance(node, Step) else (node,):
                if isinstance(item, Variable):
                    yield item.value, item.origin
                group = item.requests if isinstance(item, Parallel) else (item,) if isinstance(item, Request) else ()
                for request in group:
                    yield from request_templates(request)
                    yield from response_templates(request)
