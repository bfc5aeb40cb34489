"""A journey as single exchanges: a WebSocket is its opening, what is sent on it, and what is received.

So what looks at requests one by one (proof, evidence) looks at messages too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.plan.body import TextBody
from loadwright.compiler.plan.flow import Journey
from loadwright.compiler.plan.jsonpath import json_text, load_json
from loadwright.compiler.plan.request import Receive, Request, Send, Stream
from loadwright.compiler.plan.response import TextExpectation
from loadwright.compiler.plan.template import Template
from loadwright.compiler.plan.traverse import journey_nodes

OPEN, SEND, RECEIVE = "WEBSOCKET", "SEND", "RECEIVE"
"""The methods of the exchanges of a WebSocket."""


_FRAME = re.compile(r"(\d{1,3}(?:/[\w-]+,)?\d*)?([ \t\r\n]*[{\[].*[}\]][ \t\r\n]*)(\x1e)?", re.DOTALL)
"""JSON as Socket.IO and SignalR frame it in a message."""


def framed(text: str) -> tuple[str, str, str]:
    """What stands in a message before its JSON, the JSON, and what stands after it; no JSON where there is none."""
    match = _FRAME.fullmatch(text)
    return (match[1] or "", match[2], match[3] or "") if match else (text, "", "")


def canonical(text: str) -> str:
    """A message with its JSON as a Plan writes it: white space and the choice of escapes mean nothing."""
    before, document, after = framed(text)
    try:
        return before + json_text(load_json(document)) + after if document else text
    except (ValueError, RecursionError):
        return text


def exchanges(journey: Journey) -> Iterator[Request]:
    """The requests of a journey in order, those that stand for a WebSocket and its messages among them."""
    for node in journey_nodes(journey):
        if isinstance(node, Request):
            yield node
        elif isinstance(node, Stream) and node.protocol == "websocket":
            yield from stream_exchanges(node)


def stream_exchanges(stream: Stream) -> Iterator[Request]:
    """A WebSocket as requests. That a message contains a text is an expectation, the first."""
    yield Request(name=stream.name, method=OPEN, target=stream.target, url=stream.url, headers=stream.headers, origin=stream.origin)
    for action in stream.actions:
        origin = action.origin or stream.origin
        if isinstance(action, Send):
            body = TextBody(value=action.text, media_type="text/plain")
            yield Request(name=f"{stream.name}: send", method=SEND, url=Template(), body=body, origin=origin)
        elif isinstance(action, Receive):
            yield _received(action, stream)


def _received(receive: Receive, stream: Stream) -> Request:
    containing = (TextExpectation(relation="contains", value=receive.containing),) if receive.containing is not None else ()
    return Request(
        name=receive.name,
        method=RECEIVE,
        url=Template(),
        expectations=(*containing, *receive.expectations),
        captures=receive.captures,
        origin=receive.origin or stream.origin,
    )


def containing(request: Request) -> Template | None:
    """The text that a received message must contain; None for any message."""
    first = request.expectations[0] if request.method == RECEIVE and request.expectations else None
    is_text = isinstance(first, TextExpectation) and first.relation == "contains" and not first.negated
    return first.value if is_text and isinstance(first, TextExpectation) else None
