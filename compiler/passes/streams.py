"""Streams send what they can, and look at messages as messages."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding
from loadwright.compiler.plan.model import CaptureSource, Expectation, Receive, Send, Stream

_OF_A_RESPONSE = {"header": "header", "cookie": "cookie", "redirect": "redirect", "url": "URL", "status": "status"}
_NO_MESSAGE = {"status": "status", "type": "type", "soft_failure": "soft failure", "time": "time"}


def check_streams(context: Context) -> Iterator[Diagnostic]:
    """`expect status 200` in a `receive` has no status to look at; nothing is sent on `events`."""
    for stream in (node for node in context.nodes() if isinstance(node, Stream)):
        for action in stream.actions:
            if isinstance(action, Send) and stream.protocol == "events":
                message, hint = "nothing can be sent on server-sent events", "send a request of its own, or use `websocket`"
                yield finding(Code.BAD_STREAM, message, hint, action.origin or stream.origin)
            if isinstance(action, Receive):
                yield from _receive(action, stream)


def _receive(receive: Receive, stream: Stream) -> Iterator[Diagnostic]:
    origin = receive.origin or stream.origin
    wanted = [(_expected(expectation), expectation.origin or origin) for expectation in receive.expectations]
    wanted += [(_read(capture.source), capture.origin or origin) for capture in receive.captures]
    for what, place in wanted:
        if what:
            message, hint = f"a message has no {what}", "look at its text: `body`, `json`, `css`, `regex`, `xpath` or `between`"
            yield finding(Code.BAD_STREAM, message, hint, place)
    if receive.within == 0:
        yield finding(Code.BAD_RANGE, "no message comes within no time", "give it a time, as in `within 5s`", origin)


def _read(source: CaptureSource) -> str | None:
    return _OF_A_RESPONSE.get(source.kind)


def _expected(expectation: Expectation) -> str | None:
    if expectation.kind == "value":
        return _read(expectation.source)
    if expectation.kind == "text":
        return "header" if expectation.header is not None else None
    return _NO_MESSAGE.get(expectation.kind)
