"""The server's side of a WebSocket (RFC 6455): handshake, unfragmented texts, ping and close."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Sequence

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


def handshake(key: str) -> bytes:
    """The answer to a client's opening request."""
    accept = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()
    lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept}")
    return "\r\n".join((*lines, "", "")).encode()


async def talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Sequence[Sequence[str]]
) -> AsyncIterator[tuple[str, bytes]]:
    """Send the first texts, then the next ones after each message; what comes in: `MESSAGE` and the text, or `CLOSE`."""
    waiting = list(answers)
    _next(writer, waiting)
    while True:
        kind, data = await _frame(reader)
        if kind == _PING:
            writer.write(_written(_PONG, data))
        elif kind == _CLOSE:
            yield "CLOSE", b""
            writer.write(_written(_CLOSE, data[:2]))
            await writer.drain()
            return
        elif kind == _TEXT:
            yield "MESSAGE", data
            _next(writer, waiting)


def _next(writer: asyncio.StreamWriter, waiting: list[Sequence[str]]) -> None:
    for text in waiting.pop(0) if waiting else ():
        send(writer, text)


def send(writer: asyncio.StreamWriter, text: str) -> None:
    """Send a text message."""
    writer.write(_written(_TEXT, text.encode()))


def _written(kind: int, data: bytes) -> bytes:
    size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + len(data).to_bytes(2, "big")
    return bytes([0x80 | kind]) + size + data


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size >= 126:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
    mask = await reader.readexactly(4)  # a client must mask (section 5.1)
    data = await reader.readexactly(size)
    return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
