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

    def openings(self, stream: Stream) -> list[tuple[Group, str]]:
        """The calls that begin a block, each with its name there: of the stream, and of a message that is all of it."""
        named = any(isinstance(action, Send | Receive) for action in stream.actions)
        first = call(_FUNCTIONS[stream.protocol], *self._arguments(stream)), " as stream" if named else ""
        only = self._only_message(stream)
        return [first] if only is None else [first, (self._receiving(only), " as response")]

    def write_actions(self, stream: Stream) -> None:
        """Write what is done in the block."""
        with self.writer.block():
            before = self.writer.count
            if only := self._only_message(stream):
                self._checks(only)
            else:
                for action in stream.actions:
                    self._action(action)
            if self.writer.count == before:
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

    def _only_message(self, stream: Stream) -> Receive | None:
        """The message that is all that a stream is for, if its content matters."""
        read = self.requests.checks.read
        done = [a for a in stream.actions if not isinstance(a, Variable) or a.name in read or a.value.literal is None]
        only = done[0] if len(done) == 1 else None
        return only if isinstance(only, Receive) and _is_looked_at(only) else None

    def _receive(self, receive: Receive) -> None:
        if not _is_looked_at(receive):
            self.writer.expression(call("stream.wait_for", *self._message(receive)))
            return
        self.writer.expression(self._receiving(receive), "with ", " as response:")
        with self.writer.block():
            self._checks(receive)

    def _receiving(self, receive: Receive) -> Group:
        return call("stream.receive", *self._message(receive))

    def _message(self, receive: Receive) -> Iterator[Doc]:
        yield literal(receive.name)
        if receive.containing is not None:
            yield f"containing={self.requests.expressions.text(receive.containing)}"
        yield f"within={seconds(receive.within)}"

    def _checks(self, receive: Receive) -> None:
        for statement, before in self.requests.checks.statements(receive):
            self.writer.expression(statement, before)


def _is_looked_at(receive: Receive) -> bool:
    return bool(receive.expectations or receive.captures)
