"""Socket.IO calls that ask for an acknowledgement (`421["add",{…}]`), and the packets that acknowledge them (`431[{"id":4}]`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loadwright.compiler.recording.model import SocketMessage
from loadwright.compiler.recording.numbered import awaited

_CALL = re.compile(r'42((?:/[\w./-]{1,80},)?\d{1,9})\["([A-Za-z][\w.:/ -]{0,60})"')
_ANSWER = re.compile(r"43((?:/[\w./-]{1,80},)?\d{1,9})\[")
_PACKET = re.compile(r"42(?:/[\w./-]{1,80},)?\[")
"""Packets of Engine.IO 3 and 4 (message: 4) with an event (2) or an acknowledgement (3), their namespace and number."""


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


def event_of(message: SocketMessage) -> str:
    """The event that a call asks to be acknowledged; empty for anything else."""
    found = _CALL.match(message.text or "") if message.sent else None
    return found[2] if found else ""


def _answer_to(message: SocketMessage) -> str:
    """How the answer to a call begins; empty for what asks for none."""
    found = _CALL.match(message.text or "")
    return f"43{found[1]}" if found else ""
