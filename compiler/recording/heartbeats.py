"""Messages that only keep a WebSocket open, and what tells one kind of message from another."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEARTBEATS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Engine.IO, Socket.IO", re.compile(r"[23]")),
    ("SockJS", re.compile(r"h")),
    ("STOMP", re.compile(r"\r?\n|a?\[\"(?:\\r)?\\n\"\]")),
    ("Phoenix", re.compile(r"\[(?:null|\"[^\"]*\"),(?:null|\"[^\"]*\"),\"phoenix\",\"(?:heartbeat|phx_reply)\",.*\]", re.DOTALL)),
    ("Phoenix", re.compile(r"(?=.*\"topic\"\s*:\s*\"phoenix\").*\"event\"\s*:\s*\"(?:heartbeat|phx_reply)\".*", re.DOTALL)),
    ("SignalR", re.compile(r"\{\"type\":6\}\x1e")),
    ("ping and pong", re.compile(r"\"?(?:ping|pong|heartbeat|keep-?alive)\"?", re.IGNORECASE)),
    (
        "ping and pong",
        re.compile(
            r"\{(?=[^{}]*\"(?:type|event|action|op|method|cmd|command|kind|msg)\"\s*:\s*"
            r"\"(?:ping|pong|ka|heartbeat|heartbeat_ack|keep-?alive)\")[^{}]*(?:\{[^{}]*\}[^{}]*)?\}",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
)
_LONGEST = 400
"""Characters of the longest text that is taken for a heartbeat."""

_KIND_NAMES = ("msg_type", "type", "event", "action", "op", "method", "kind", "cmd", "command", "msg", "status", "topic", "channel")
"""Members that say what a message is, the most telling first."""
_WORD = r"[A-Za-z][A-Za-z_.:/ -]{0,40}"
_KINDS = tuple(re.compile(rf'\\?"{name}\\?"\s*:\s*\\?"{_WORD}\\?"') for name in _KIND_NAMES)
_EVENT = re.compile(rf'^\d{{0,3}}(?:/[\w-]+,)?\d*\["({_WORD})"')
_PACKET = re.compile(r'^\d{1,2}\{"[A-Za-z_]\w*"')
_PHOENIX = re.compile(rf'^\[(?:null|"\d*"),(?:null|"\d*"),"[^"]*",("{_WORD}")')
_MEMBER = re.compile(r'^\s*\{\s*("[A-Za-z_][A-Za-z_]*"\s*:)')
_COMMAND = re.compile(r"^[A-Za-z][A-Za-z_-]{1,30}")


def heartbeat(text: str) -> str:
    """The protocol whose heartbeat a message is; empty when it is none."""
    if len(text) > _LONGEST:
        return ""
    return next((name for name, pattern in _HEARTBEATS if pattern.fullmatch(text)), "")


def markers(text: str) -> Iterator[str]:
    """Pieces of a message, as they stand in it, that others of its kind have too; the most telling first.

    `"type":"joined"` of `{"type":"joined","id":7}`, `"phx_reply"` of a Phoenix message, `["news"` of `42["news",{…}]`.
    """
    for pattern, group in ((_PHOENIX, 1), (_PACKET, 0)):
        if match := pattern.match(text):
            yield match[group]
    if match := _EVENT.match(text):
        yield f'["{match[1]}"'
    for pattern in _KINDS:
        if match := pattern.search(text):
            yield match[0]
    if match := _MEMBER.match(text):
        yield match[1]
    if match := _COMMAND.match(text):
        yield match[0]


def kind(text: str) -> str:
    """What says of which kind a message is; empty when nothing does."""
    return next(markers(text), "")
