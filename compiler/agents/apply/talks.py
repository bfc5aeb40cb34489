"""Apply for WebSockets: a conversation and the decisions on it become a stream. Decides nothing but what a message is known by."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from loadwright.compiler.agents.expect.stream_markers import answer_markers
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.model import Capture, Receive, RegexSource, Send, Think, Variable
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.render import receive_name
from loadwright.compiler.plan.template import Template, fixed, template
from loadwright.compiler.recording.heartbeats import markers
from loadwright.compiler.recording.model import Entry, SocketMessage
from loadwright.compiler.recording.sockets import message_index

_PATIENCE = 30_000
"""Milliseconds to wait for a message, at least."""
_WORDS = re.compile(r"[A-Za-z][\w.-]*")


def actions(
    entry: Entry,
    name: str,
    origin: Origin,
    sent: Callable[[int, SocketMessage], Template],
    captures: Mapping[int, Sequence[Capture]],
    changing: Collection[str],
    think: Callable[[int], Think],
) -> Iterator[Send | Receive | Think | Variable]:
    """What is done on a WebSocket: `sent` gives a message's text, `captures` are by the index of the message.

    `changing` are values that other sessions may have otherwise: no message is known by one of them.
    """
    number, passed, before = 1, [], entry.started
    for message in entry.messages:
        index = message_index(entry.index, message.number)
        text = message.text or ""
        if message.sent:
            if message.pause:
                yield think(message.pause)
            yield Send(text=sent(index, message), origin=origin)
            if message.stays:
                yield think(message.stays)
        else:
            passed.append(message)
            taken = tuple(captures.get(index, ()))
            if message.awaited or taken:
                marker = _answer(message, taken) or _marker(text, [m.text or "" for m in passed[:-1]], changing)
                for one in passed if marker is None else (message,):
                    yield Receive(
                        name=receive_name(name, number),
                        containing=None if marker is None else template(marker),
                        within=max(_PATIENCE, int(3 * (one.time - before) / 1000) * 1000),
                        expectations=tuple(answer_markers(text)) if message.asked else (),
                        captures=taken if one is message else (),
                        origin=origin,
                    )
                    number += 1
                passed = []
        before = message.time


def _answer(message: SocketMessage, taken: Sequence[Capture]) -> str:
    """How a message says which call it answers: the one whose answer has what is taken, else the last; empty where none is told."""
    patterns = [fixed(capture.source.pattern) for capture in taken if isinstance(capture.source, RegexSource)]
    told = (answer for answer in message.answers if any(one.startswith(literal_pattern(answer)) for one in patterns))
    return next(told, message.answers[-1] if message.answers else "")


def _marker(text: str, passed: Sequence[str], changing: Collection[str]) -> str | None:
    """What the message contains that those which came since the last awaited one do not; None when there is nothing."""
    for marker in markers(text):
        if not any(marker in other for other in passed) and not any(word in changing for word in _WORDS.findall(marker)[-1:]):
            return marker
    return None
