"""Kernels of notebooks, which speak of code on a WebSocket: their binary messages as the text that the same server speaks.

https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html: a client that offers the protocol
`v1.kernel.websocket.jupyter.org` sends and gets the parts of a message as bytes behind their offsets. To one that offers none the
server speaks JSON, of the same parts (https://jupyter-client.readthedocs.io/en/latest/messaging.html).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from loadwright.compiler.recording.model import Headers, SocketMessage
from loadwright.compiler.recording.numbered import awaited

PROTOCOL = "v1.kernel.websocket.jupyter.org"
_OFFERED = "sec-websocket-protocol"
_PARTS = ("header", "parent_header", "metadata", "content")
_MARKS = 2 + len(_PARTS)
"""Offsets of a message without buffers: where the channel begins, each part, and the end."""
_REQUEST, _REPLY = "_request", "_reply"


def speaks_of_kernels(headers: Headers) -> bool:
    """Whether an answer to the opening of a WebSocket says that this protocol is spoken on it."""
    return any(name.lower() == _OFFERED and value.strip() == PROTOCOL for name, value in headers)


def without_protocol(headers: Headers) -> Headers:
    """The headers without the offer of a protocol, as the server wants it to speak JSON."""
    return tuple(pair for pair in headers if pair[0].lower() != _OFFERED)


def as_text(data: bytes, is_sent: bool) -> str | None:
    """A message as the client, or else the server, writes it in JSON; None for one with buffers, and for what is none."""
    count = int.from_bytes(data[:8], "little")
    offsets = [int.from_bytes(data[at : at + 8], "little") for at in range(8, 8 * (_MARKS + 1), 8)]
    if count != _MARKS or offsets != sorted(offsets) or offsets[-1] > len(data):
        return None
    try:
        channel, *parts = (data[start:end].decode() for start, end in pairwise(offsets))
        read = dict(zip(_PARTS, map(json.loads, parts), strict=True))
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(part, dict) for part in read.values()):
        return None
    if is_sent:
        said = (f'"{name}":{part}' for name, part in zip(_PARTS, parts, strict=True))
        return f'{{{",".join(said)},"buffers":[],"channel":{json.dumps(channel)}}}'
    told = {name: read["header"].get(name) for name in ("msg_id", "msg_type")}
    return json.dumps({"header": read["header"], **told, **read, "buffers": [], "channel": channel})


def replied(messages: Sequence[SocketMessage]) -> list[SocketMessage]:
    """The messages with what says which request each replies to; as they are, where nobody asks a kernel for anything.

    A kernel tells how busy it is before and after, and what comes out of the code, on a channel of its own and in no order with its
    replies: the client waits for the reply.
    """
    result: list[SocketMessage] = []
    asked = dict[str, str]()
    """Requests that have no reply yet, by their id: what each asks for."""
    for message in messages:
        text = message.text or ""
        kind, own = _said(text, "header") if '"parent_header"' in text else ("", "")
        if message.sent and kind.endswith(_REQUEST):
            asked[own] = kind.removesuffix(_REQUEST)
        elif not message.sent and kind.endswith(_REPLY):
            _, parent = _said(text, "parent_header")
            if asked.pop(parent, None) == kind.removesuffix(_REPLY):
                message = replace(message, answers=(f'"msg_type": "{kind}",',), asked=kind.removesuffix(_REPLY))
        elif not message.sent and kind:
            message = replace(message, pushed=True)
        result.append(message)
    return awaited(result, _reply_to) if any(message.answers for message in result) else list(messages)


def _said(text: str, part: str) -> tuple[str, str]:
    """What kind of message a header is of, and its id."""
    try:
        header = json.loads(text)[part]
        return str(header.get("msg_type", "")), str(header.get("msg_id", ""))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return "", ""


def _reply_to(message: SocketMessage) -> str:
    """How the reply to a request says what it is; empty for what asks for none."""
    kind = _said(message.text or "", "header")[0]
    return f'"msg_type": "{kind.removesuffix(_REQUEST)}{_REPLY}"' if kind.endswith(_REQUEST) else ""
