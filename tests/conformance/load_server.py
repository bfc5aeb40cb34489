"""A server on loopback that answers after a while, and notes when each request came and when its client had the answer or left."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Visit:
    """A request; times are seconds since 1970."""

    name: str
    """Its path without the slash."""
    start: float
    end: float
    answered: bool
    """Whether the client waited for the answer."""


class SlowServer:
    """Answers `/NAME` after so many seconds; a context manager."""

    def __init__(self, takes: Mapping[str, float]) -> None:
        self.takes = takes
        self.visits: list[Visit] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> SlowServer:
        self._thread.start()
        listening = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def take(self) -> list[Visit]:
        """The visits so far, which begin anew."""
        visits, self.visits = self.visits, []
        return visits


class _Connection(asyncio.Protocol):
    """One client; its requests have no body and come one after the other."""

    def __init__(self, server: SlowServer) -> None:
        self._server = server
        self._received = b""
        self._pending: tuple[str, float, asyncio.TimerHandle] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, self._received = self._received.partition(b"\r\n\r\n")
        if not end:
            self._received = head
            return
        name = head.split(b" ", 2)[1].decode().strip("/")
        later = asyncio.get_running_loop().call_later(self._server.takes[name], self._answer)
        self._pending = name, time.time(), later

    def connection_lost(self, error: Exception | None) -> None:
        self._note(answered=False)

    def _answer(self) -> None:
        self._note(answered=True)
        self._transport.write(_ANSWER)

    def _note(self, answered: bool) -> None:
        if self._pending:
            name, start, later = self._pending
            later.cancel()
            self._pending = None
            self._server.visits.append(Visit(name, start, time.time(), answered))
