"""WebSockets as JSR223 Samplers around Java's own client: one opens, each message is one, the last one closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from loadwright.backends.jmeter.captures import Extraction
from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.errors import refusal
from loadwright.backends.jmeter.expectations import assertions
from loadwright.backends.jmeter.expressions import Renderer, jsr223
from loadwright.backends.jmeter.flow import think, variables
from loadwright.backends.jmeter.groovy import expression, literal, script
from loadwright.backends.jmeter.requests import Context
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.urls import sampler_url
from loadwright.backends.jmeter.users import resource
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.exchanges import stream_exchanges
from loadwright.compiler.plan.model import Journey, Receive, Send, Stream, Think, Variable
from loadwright.compiler.plan.render import effective_headers, effective_timeout
from loadwright.compiler.plan.template import Template
from loadwright.compiler.plan.traverse import journey_nodes

_SEND = "props.get('webSocket').send(SampleResult, vars, Parameters)"
_TAKE = """\
def given = Parameters.split(' ', 2)
props.get('webSocket').take(SampleResult, vars, given.size() > 1 ? given[1] : '', given[0] as long)"""
_CLOSE = "props.get('webSocket').close(vars)\nSampleResult.setIgnore() // nothing to report"
_CLOSE_FAILED = "if (!sampleResult.successful) props.get('webSocket').close(vars)"
"""Scripts that are the same for all WebSockets, so that each is compiled once."""
_CAUGHT = [
    "} catch (IllegalArgumentException refused) {",
    "    SampleResult.successful = false",
    "    SampleResult.responseCode = 'script'",
    "    SampleResult.responseMessage = refused.message",
    "}",
]


def definition(journeys: Iterable[Journey]) -> Iterator[Element]:
    """What defines the functions that the samplers call, where there is a WebSocket."""
    if any(isinstance(node, Stream) for journey in journeys for node in journey_nodes(journey)):
        yield jsr223("Sampler", "Define webSocket", resource("websocket.groovy"))


def stream_elements(stream: Stream, shared: Context, reported: str) -> tuple[Element, ...]:
    """The samplers of a WebSocket, in order. Raises LoadwrightError for what JMeter cannot do on one."""
    if next((t.proxy for t in shared.plan.targets if t.name == stream.target), None) is not None:
        raise refusal("jmeter-node", "JMeter opens no WebSocket through a proxy", "compile it to locust", stream.origin)
    return (
        _opening(stream, shared),
        *(element for action in stream.actions for element in _action(action, stream, shared, reported)),
        jsr223("Sampler", f"Close {stream.name}", _CLOSE),
    )


def _opening(stream: Stream, shared: Context) -> Element:
    request = next(stream_exchanges(stream))
    headers = [f"[{literal(h.name)}, {_value(h.value, shared)}]" for h in effective_headers(shared.plan, request)]
    timeout = stream.timeout or effective_timeout(shared.plan, request)
    call = f"open(ctx, SampleResult, vars, {_value(sampler_url(request), shared)}, [{', '.join(headers)}], {timeout}L)"
    code = script(["try {", f"    props.get('webSocket').{call}", *_CAUGHT])
    return jsr223("Sampler", stream.name, code, comment=origin_comment(stream.origin))


def _action(action: Send | Receive | Think | Variable, stream: Stream, shared: Context, reported: str) -> tuple[Element, ...]:
    match action:
        case Think():
            return (think(action),)
        case Variable():
            return variables((action,), shared.names, reported)
        case Send(text=text):
            renderer = Renderer(shared.names)
            sampler = jsr223("Sampler", stream.name, _SEND, renderer.text(text), origin_comment(action.origin))
            return (*renderer.samplers(stream.name), replace(sampler, children=renderer.preprocessors()))
        case Receive():
            return _receive(action, shared)


def _receive(receive: Receive, shared: Context) -> tuple[Element, ...]:
    renderer = Renderer(shared.names)
    wanted = renderer.text(receive.containing) if receive.containing is not None else ""
    captures = [Extraction(capture, shared.names) for capture in receive.captures]
    judged = assertions(receive.expectations, renderer, shared.secrets)[1:]  # a message has no status to look at
    children = (
        *renderer.preprocessors(),
        *(element for capture in captures for element in capture.extractors()),
        *judged,
        *(element for capture in captures for element in capture.guard()),
        jsr223("Listener", "Close it when this fails", _CLOSE_FAILED),
    )
    sampler = jsr223("Sampler", receive.name, _TAKE, f"{receive.within} {wanted}", origin_comment(receive.origin))
    return (*renderer.samplers(receive.name), replace(sampler, children=children))


def _value(value: Template, shared: Context) -> str:
    return expression(simplify(value), shared.names)
