"""WebSockets on which the client numbers its calls (`{"id":38,"type":"create"}`), and which message answers which call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson

from loadwright.compiler.recording.model import SocketMessage

_NAMES = (
    "id",
    "_id",
    "seq",
    "reqid",
    "req_id",
    "requestId",
    "request_id",
    "msgId",
    "msg_id",
    "messageId",
    "message_id",
    "callId",
    "call_id",
)
_LEAST = 3
"""So many calls count up: fewer numbers do so by chance."""


def numbered(messages: Sequence[SocketMessage]) -> list[SocketMessage]:
    """The messages with what says which call each is or answers; as they are, where calls are not numbered.

    Servers of such protocols put several answers into one message, as it happens: the client waits for an answer.
    """
    read = [_objects(message.text or "") for message in messages]
    name = next((n for n in _NAMES if _counts_up(messages, read, n)), "")
    if not name:
        return list(messages)
    batched = any(not m.sent and (m.text or "").lstrip()[:1] == "[" and one for m, one in zip(messages, read, strict=True))
    result: list[SocketMessage] = []
    open_calls: set[int] = set()
    for message, objects in zip(messages, read, strict=True):
        numbers = [number for one in objects if type(number := one.get(name)) is int]
        if message.sent:
            open_calls.update(numbers)
            result.append(replace(message, counted=name if numbers else ""))
            continue
        answered = [number for number in dict.fromkeys(numbers) if number in open_calls]
        open_calls.difference_update(answered)
        told = tuple(filter(None, (_as_written(message.text or "", name, number) for number in answered)))
        result.append(replace(message, answers=told, batched=batched))
    number = re.compile(rf'"{name}"\s?:\s?\d+')
    return awaited(result, lambda call: found[0] if (found := number.search(call.text or "")) else "")


def awaited(messages: Sequence[SocketMessage], told: Callable[[SocketMessage], str]) -> list[SocketMessage]:
    """What the client waited for: the answer to its last call, where that came before it sent more; before its first, as it was.

    `told` gives how the answer to a call says which call it answers, without the mark behind it; empty for what is no call.
    """
    result, last, begun = list(messages), "", False
    for place, message in enumerate(messages):
        if message.sent:
            last = told(message).replace(" ", "")
            begun = begun or last != ""
        elif begun:
            is_answer = last != "" and any(answer[:-1].replace(" ", "") == last for answer in message.answers)
            result[place] = replace(message, awaited=is_answer)
            last = "" if is_answer else last
    return result


def _objects(text: str) -> list[dict[str, Any]]:
    """The objects that a message is: one, or those of a list."""
    if text.lstrip()[:1] not in ("{", "["):
        return []
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return [one for one in (document if isinstance(document, list) else [document]) if isinstance(one, dict)]


def _counts_up(messages: Sequence[SocketMessage], read: Sequence[list[dict[str, Any]]], name: str) -> bool:
    """Whether what the client sends has a number of this name that grows with each call; what it sends in one go in any order."""
    runs = [sorted(run) for run in _runs(messages, read, name)]
    numbers = [number for run in runs for number in run]
    grows = all(first < second for first, second in pairwise(numbers))
    return len(numbers) >= _LEAST and grows


def _runs(messages: Sequence[SocketMessage], read: Sequence[list[dict[str, Any]]], name: str) -> Iterator[list[int]]:
    """The numbers of what is sent, by what was sent without hearing anything in between."""
    run: list[int] = []
    for message, objects in zip(messages, read, strict=True):
        if not message.sent:
            yield run
            run = []
        run += [number for one in objects if message.sent and type(number := one.get(name)) is int]
    yield run


def _as_written(text: str, name: str, number: int) -> str:
    """How a message says the number, with the mark behind it."""
    found = re.search(rf'"{name}"\s?:\s?{number}[,}}]', text)
    return found[0] if found else ""
