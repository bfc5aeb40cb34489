"""WebSockets and streams of events as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadwright.backends.locust.layout import Doc, Group, PythonWriter, call
from loadwright.backends.locust.literals import literal
from loadwright.backends.locust.requests import Requests, seconds
from loadwright.compiler.plan.model import Receive, Send, Stream, Think, Variable

_FUNCTIONS = {"websocket": "user.open_websocket", "events": "user.open_events"}


class StreamWriter:
    """Writes a stream and what is done while it is open."""

    def __init__(
        self, writer: PythonWriter, requests: Requests, think: Callable[[Think], None], variable: Callable[[Variable], None]
    ) -> None:
        self.writer = writer
        self.requests = requests
        self.think = think
        self.variable = variable

    def write(self, stream: Stream) -> None:
        """Write a stream."""
        self.writer.expression(self.opening(stream), "with ", f"{self.name(stream)}:")
        self.write_actions(stream)

    def opening(self, stream: Stream) -> Group:
        """The call that opens a stream."""
        return call(_FUNCTIONS[stream.protocol], *self._arguments(stream))

    def name(self, stream: Stream) -> str:
        """What the stream is called in its block, if it is needed there."""
        return " as stream" if any(isinstance(action, Send | Receive) for action in stream.actions) else ""

    def write_actions(self, stream: Stream) -> None:
        """Write what is done while a stream is open."""
        with self.writer.block():
            before = self.writer.text()
            for action in stream.actions:
                self._action(action)
            if self.writer.text() == before:
                self.writer.line("pass")

    def _arguments(self, stream: Stream) -> Iterator[Doc]:
        yield self.requests.url(stream, stream.url)
        yield f"name={literal(stream.name)}"
        own = {header.name.lower() for header in stream.headers}
        defaults = (h for h in self.requests.plan.defaults.headers if h.name.lower() not in own)
        yield from self.requests.headers((*defaults, *stream.headers))
        yield from self.requests.connection(stream)
        if stream.timeout:
            yield f"timeout={seconds(stream.timeout)}"

    def _action(self, action: Send | Receive | Think | Variable) -> None:
        match action:
            case Think():
                self.think(action)
            case Variable():
                self.variable(action)
            case Send(text=text):
                self.writer.expression(call("stream.send", self.requests.expressions.text(text)))
            case Receive():
                self._receive(action)

    def _receive(self, receive: Receive) -> None:
        arguments: list[Doc] = [literal(receive.name)]
        if receive.containing is not None:
            arguments.append(f"containing={self.requests.expressions.text(receive.containing)}")
        arguments.append(f"within={seconds(receive.within)}")
        if not receive.expectations and not receive.captures:
            self.writer.expression(call("stream.wait_for", *arguments))
            return
        self.writer.expression(call("stream.receive", *arguments), "with ", " as response:")
        with self.writer.block():
            for statement, before in self.requests.checks.statements(receive):
                self.writer.expression(statement, before)
