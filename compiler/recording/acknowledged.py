"""Socket.IO calls that ask for an acknowledgement (`421["add",{…}]`), and the packets that acknowledge them (`431[{"id":4}]`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from loadwright.compiler.recording.model import SocketMessage
from loadwright.compiler.recording.numbered import awaited

_CALL = re.compile(r'42((?:/[\w./-]{1,80},)?\d{1,9})\["([A-Za-z][\w.:/ -]{0,60})"')
_EVENT = re.compile(r'42(?:/[\w./-]{1,80},)?\d{0,9}\["([A-Za-z][\w.:/ -]{0,60})"')
_ANSWER = re.compile(r"43((?:/[\w./-]{1,80},)?\d{1,9})\[")
_CONNECTED = re.compile(r"40(?:/[^{,]{0,200},?)?(?:\{|$)")
_PACKET = re.compile(r"42(?:/[\w./-]{1,80},)?\[")
"""Packets of Engine.IO 3 and 4 (message: 4) that connect (0), with an event (2) or an acknowledgement (3); namespace and number."""


def acknowledged(messages: Sequence[SocketMessage]) -> list[SocketMessage]:
    """The messages with what says which call each answers; as they are, where no call is acknowledged.

    Events come for everybody who is connected, between a call and its answer: the client waits for the answer.
    """
    result: list[SocketMessage] = []
    calls: dict[str, str] = {}
    """Namespace and number of each call that is not answered yet: the event that was called."""
    for message in messages:
        text = message.text or ""
        pattern = _CALL if message.sent else _ANSWER
        found = pattern.match(text)
        if message.sent and found:
            calls[found[1]] = found[2]
        elif found and found[1] in calls:
            message = replace(message, answers=(found[0],), asked=calls.pop(found[1]))
        elif not message.sent and _PACKET.match(text):
            message = replace(message, pushed=True)
        result.append(message)
    return awaited(result, _answer_to) if any(message.asked for message in result) else list(messages)


def connects(message: SocketMessage) -> bool:
    """Whether the server says that a namespace is connected: what is sent before that it drops, so clients wait for it."""
    return not message.sent and _CONNECTED.match(message.text or "") is not None


def event_of(messages: Iterable[SocketMessage]) -> str:
    """The event that the first of some messages calls, whether or not it asks for an answer; empty for anything else."""
    found = next((_EVENT.match(message.text or "") for message in messages if message.sent), None)
    return found[1] if found else ""


def _answer_to(message: SocketMessage) -> str:
    """How the answer to a call begins; empty for what asks for none."""
    found = _CALL.match(message.text or "")
    return f"43{found[1]}" if found else ""
