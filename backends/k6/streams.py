"""WebSockets as the objects that the script's `webSocket` takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from loadwright.backends.k6.layout import Block, Group, Node, array, call, mapping
from loadwright.backends.k6.literals import seconds, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.requests import joined, verify
from loadwright.compiler.plan.model import Plan, Receive, Send, Stream, Think, Variable


def stream_node(plan: Plan, stream: Stream, names: Names, tags: Mapping[str, str]) -> Node:
    """The call that opens a WebSocket and does its actions; what they capture is brought into scope."""
    members: list[tuple[str, Node]] = [
        ("name", string(stream.name)),
        *([("tags", mapping((key, string(value)) for key, value in tags.items()))] if tags else []),
        ("url", names.url(stream.target, stream.url)),
    ]
    if stream.headers:
        members.append(("headers", mapping((name, names.text(value)) for name, value in joined(stream.headers))))
    if stream.timeout is not None:
        members.append(("timeout", str(stream.timeout)))
    members.append(("actions", array(_action(action, names) for action in stream.actions)))
    return call(names.use("webSocket"), Group("{", mapping(members).items, "}", is_broken=True))


def _action(action: Send | Receive | Think | Variable, names: Names) -> Node:
    match action:
        case Send(text=text):
            return mapping((("send", f"() => {names.text(text)}"),))
        case Think():
            return mapping((("pause", f"() => {_pause(action, names)}"),))
        case Variable():
            value = names.text(action.value)
            return Group("{ ", (("", Block("set() {", (f"{names.bind(action.name, action.value)} = {value}",))),), " }")
        case Receive():
            return Group("{", tuple(_receive(action, names)), "}", is_broken=True)
        case _:
            assert_never(action)


def _receive(receive: Receive, names: Names) -> Iterator[tuple[str, Node]]:
    members: list[tuple[str, Node]] = [("name", string(receive.name))]
    if receive.containing is not None:
        members.append(("containing", f"() => {names.text(receive.containing)}"))
    members.append(("within", str(receive.within)))
    yield from mapping(members).items
    yield from verify(receive, receive.expectations, names)


def _pause(pause: Think, names: Names) -> str:
    shortest, longest = seconds(pause.minimum), seconds(pause.maximum)
    if shortest == longest:
        return shortest
    return f"{shortest} + {names.use('random')}.unit() * {seconds(pause.maximum - pause.minimum)}"
