"""Ways through a Plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.model import (
    Auth,
    BasicAuth,
    BearerAuth,
    BoundarySource,
    Capture,
    CaptureSource,
    Choose,
    CssSource,
    DigestAuth,
    Expectation,
    FileBody,
    FilePart,
    ForEach,
    FormBody,
    GraphqlBody,
    HeaderSource,
    If,
    Journey,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    JsonValue,
    MultipartBody,
    Node,
    Parallel,
    Plan,
    Receive,
    RegexSource,
    Repeat,
    Request,
    SchemaExpectation,
    Send,
    Shuffle,
    Step,
    Stream,
    TextBody,
    Think,
    Until,
    Use,
    Variable,
    While,
    XPathSource,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Template

PlacedTemplate = tuple[Template, Origin | None]


AnyNode = Node | Send | Receive
"""A node of a journey, or what stands in a stream."""


def blocks(node: AnyNode) -> tuple[tuple[AnyNode, ...], ...]:
    """The sequences of nodes directly inside a node: one for a step or loop, one for each branch, none for the rest."""
    match node:
        case Request() | Think():  # most nodes are such
            return ()
        case Step(actions=nodes):
            return (nodes,)
        case Repeat() | While() | Until() | ForEach() | Shuffle():
            return (node.nodes,)
        case If(branches=branches, otherwise=otherwise):
            return (*(branch.nodes for branch in branches), *((otherwise,) if otherwise is not None else ()))
        case Choose(options=options):
            return tuple(option.nodes for option in options)
        case Parallel(requests=requests):
            return (requests,)
        case Stream(actions=actions):
            return (actions,)
        case _:
            return ()


def walk_nodes(nodes: Iterable[AnyNode]) -> Iterator[AnyNode]:
    """Every node, outer before inner, in the order of the text; a stream's sends and receives among them."""
    for node in nodes:
        yield node
        for block in blocks(node):
            yield from walk_nodes(block)


def journey_nodes(journey: Journey) -> Iterator[AnyNode]:
    """Every node of a journey: setup, then the iteration, then teardown."""
    return walk_nodes((*journey.setup, *journey.nodes, *journey.teardown))


def plan_nodes(plan: Plan) -> Iterator[AnyNode]:
    """Every node of the fragments, then of the journeys."""
    for fragment in plan.fragments:
        yield from walk_nodes(fragment.nodes)
    for journey in plan.journeys:
        yield from journey_nodes(journey)


def steps(journey: Journey) -> Iterator[Step]:
    """The steps of a journey, in order, those inside loops and branches too."""
    return (node for node in journey_nodes(journey) if isinstance(node, Step))


def step_requests(step: Step) -> Iterator[Request]:
    """The requests of a step, in order; those of a parallel group in the order they are written."""
    return (node for node in walk_nodes(step.actions) if isinstance(node, Request))


def requests(journey: Journey) -> Iterator[Request]:
    """The requests of a journey, in order."""
    return (node for node in journey_nodes(journey) if isinstance(node, Request))


def receives(journey: Journey) -> Iterator[Receive]:
    """The receives of a journey's streams, in order."""
    return (node for node in journey_nodes(journey) if isinstance(node, Receive))


def files(plan: Plan) -> tuple[str, ...]:
    """The paths of all files that the Plan reads at run time, each once, in order of use."""
    found: dict[str, None] = {source.path: None for source in plan.data}
    for target in plan.targets:
        found.update((path, None) for path in (target.certificate, target.key) if path)
    expectations = [*plan.defaults.expectations]
    for node in plan_nodes(plan):
        if isinstance(node, Request):
            found.update((path, None) for path in _body_files(node))
        if isinstance(node, Request | Receive):
            expectations += node.expectations
    found.update((e.path, None) for e in expectations if isinstance(e, SchemaExpectation))
    return tuple(found)


def _body_files(request: Request) -> Iterator[str]:
    if isinstance(request.body, FileBody):
        yield request.body.path
    elif isinstance(request.body, MultipartBody):
        yield from (part.path for part in request.body.parts if isinstance(part, FilePart))


def request_templates(request: Request) -> Iterator[PlacedTemplate]:
    """The templates of a request as it is sent: URL, query, headers, cookies, authorization, body."""
    yield request.url, request.origin
    for field in request.query:
        yield field.name, field.origin or request.origin
        yield field.value, field.origin or request.origin
    for header in request.headers:
        yield header.value, header.origin or request.origin
    for cookie in request.cookies:
        yield cookie.value, cookie.origin or request.origin
    yield from auth_templates(request.auth, request.origin)
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
        case GraphqlBody(variables=JsonObject() as variables):
            for text in json_templates(variables):
                yield text, request.body.origin or request.origin
        case MultipartBody(parts=parts):
            for part in parts:
                yield part.name, part.origin or request.origin
                yield part.filename if isinstance(part, FilePart) else part.value, part.origin or request.origin


def auth_templates(auth: Auth | None, origin: Origin | None) -> Iterator[PlacedTemplate]:
    """The templates of an authorization."""
    match auth:
        case BasicAuth() | DigestAuth():
            yield auth.username, auth.origin or origin
            yield auth.password, auth.origin or origin
        case BearerAuth():
            yield auth.token, auth.origin or origin


def condition_templates(condition: Condition, origin: Origin | None) -> Iterator[PlacedTemplate]:
    """The templates of a condition, in order."""
    match condition:
        case Comparison():
            yield condition.left, condition.origin or origin
            yield condition.right, condition.origin or origin
        case Every() | Some():
            for inner in condition.conditions:
                yield from condition_templates(inner, condition.origin or origin)
        case Negation():
            yield from condition_templates(condition.condition, condition.origin or origin)


def node_templates(node: AnyNode) -> Iterator[PlacedTemplate]:
    """The templates of a node itself, not of what is inside it; of a branch's conditions, those of all branches."""
    match node:
        case Request():
            yield from request_templates(node)
            yield from response_templates(node)
        case Variable():
            yield node.value, node.origin
        case If():
            for branch in node.branches:
                yield from condition_templates(branch.condition, branch.origin or node.origin)
        case While() | Until():
            yield from condition_templates(node.condition, node.origin)
        case Repeat():
            yield node.times, node.origin
        case ForEach():
            yield node.values, node.origin
        case Use():
            yield from ((argument, node.origin) for argument in node.arguments)
        case Stream():
            yield node.url, node.origin
            yield from ((header.value, header.origin or node.origin) for header in node.headers)
        case Send():
            yield node.text, node.origin
        case Receive():
            if node.containing is not None:
                yield node.containing, node.origin
            yield from response_templates(node)


def response_templates(request: Request | Receive) -> Iterator[PlacedTemplate]:
    """The templates used after the response: those of expectations, then those of captures."""
    yield from expectation_templates(request.expectations, request.origin)
    for capture in request.captures:
        yield from capture_templates(capture, request.origin)


def capture_templates(capture: Capture, origin: Origin | None) -> Iterator[PlacedTemplate]:
    """The templates of a capture: of where it looks, then its default."""
    yield from ((value, capture.origin or origin) for value in source_templates(capture.source))
    if capture.default is not None:
        yield capture.default, capture.origin or origin


def source_templates(source: CaptureSource) -> Iterator[Template]:
    """The expressions of a source in which values stand."""
    match source:
        case JsonSource(path=text) | XPathSource(path=text) | CssSource(selector=text) | RegexSource(pattern=text):
            texts: tuple[object, ...] = (text,)
        case HeaderSource(pattern=text):
            texts = (text,)
        case BoundarySource(left=left, right=right):
            texts = (left, right)
        case _:
            texts = ()
    return (text for text in texts if isinstance(text, Template))


def shared_templates(plan: Plan) -> Iterator[PlacedTemplate]:
    """The templates of the defaults: headers, then expectations."""
    for header in plan.defaults.headers:
        yield header.value, header.origin or plan.defaults.origin
    yield from auth_templates(plan.defaults.auth, plan.defaults.origin)
    yield from expectation_templates(plan.defaults.expectations, plan.defaults.origin)


def expectation_templates(expectations: Iterable[Expectation], origin: Origin | None) -> Iterator[PlacedTemplate]:
    """The templates of expectations: of where they look, then the values that are expected."""
    for expectation in expectations:
        if expectation.kind == "json" and isinstance(expectation.path, Template):
            yield expectation.path, expectation.origin or origin
        elif expectation.kind == "value":
            yield from ((value, expectation.origin or origin) for value in source_templates(expectation.source))
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value, expectation.origin or origin
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals, expectation.origin or origin
        elif expectation.kind == "value":
            yield from ((value, expectation.origin or origin) for value in expectation.values)


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
    for node in plan_nodes(plan):
        yield from node_templates(node)
