"""A server on loopback that answers by script and keeps what it received, byte for byte.

The first path segment of a request names the case that it belongs to; replies are scripted per case, method and path.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import TracebackType


@dataclass(frozen=True)
class Reply:
    """An answer; `{self}` and `{other}` in headers and body stand for the base URLs of the two ports."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"ok"
    drop: bool = False
    """Close the connection without an answer."""
    delay: float = 0
    """Seconds before the answer."""


def html(text: str, *headers: tuple[str, str], status: int = 200) -> Reply:
    return Reply(status, (("Content-Type", "text/html; charset=utf-8"), *headers), text.encode())


def json(text: str, *headers: tuple[str, str], status: int = 200) -> Reply:
    return Reply(status, (("Content-Type", "application/json"), *headers), text.encode())


@dataclass(frozen=True)
class Received:
    """A request as it came in; texts are Latin-1 of the bytes on the wire."""

    port: int
    """0 for the first port, 1 for the second."""
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    started: float
    """Seconds, monotonic, when the head was read."""

    @property
    def case(self) -> str:
        return self.target.split("?")[0].split("/")[1]

    def header(self, name: str) -> str | None:
        """All values of a header joined by `, `, or None."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


class Server:
    """Two listening ports on 127.0.0.1 with one script and one log; a context manager."""

    def __init__(self) -> None:
        self.log: list[Received] = []
        self.script: dict[str, Mapping[str, Sequence[Reply]]] = {}
        self.urls: tuple[str, ...] = ()
        self._hits: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        ports = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.urls = tuple(f"http://127.0.0.1:{port}" for port in ports)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def take(self) -> list[Received]:
        """The log so far; the log and the script's counters start again."""
        log, self.log = self.log, []
        self._hits.clear()
        return log

    async def _listen(self) -> list[int]:
        ports = []
        for index in range(2):
            server = await asyncio.start_server(partial(self._serve, port=index), "127.0.0.1", 0)
            self._servers.append(server)
            ports.append(server.sockets[0].getsockname()[1])
        return ports

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        try:
            while (received := await _read(reader, writer, port)) is not None:
                self.log.append(received)
                reply = self._reply(received)
                await asyncio.sleep(reply.delay)
                if reply.drop:
                    break
                writer.write(self._render(reply, received.method))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away: what it sent whole is in the log
        finally:
            writer.close()

    def _reply(self, received: Received) -> Reply:
        path = received.target.split("?")[0].removeprefix(f"/{received.case}")
        key = f"{received.method} {path}"
        replies = self.script.get(received.case, {}).get(key, ())
        turn = self._hits[received.case, key]
        self._hits[received.case, key] += 1
        return replies[min(turn, len(replies) - 1)] if replies else Reply()

    def _render(self, reply: Reply, method: str) -> bytes:
        def fill(text: bytes) -> bytes:
            return text.replace(b"{self}", self.urls[0].encode()).replace(b"{other}", self.urls[1].encode())

        body = fill(reply.body)
        lines = [f"HTTP/1.1 {reply.status} Scripted".encode()]
        lines += [fill(f"{name}: {value}".encode()) for name, value in reply.headers]
        if not any(name.lower() == "content-type" for name, _ in reply.headers):
            lines.append(b"Content-Type: text/plain; charset=utf-8")
        if reply.status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}".encode())
        without_body = method == "HEAD" or reply.status in (204, 304)
        return b"\r\n".join(lines) + b"\r\n\r\n" + (b"" if without_body else body)


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> Received | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    started = monotonic()
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    target = rest.rpartition(" ")[0]
    headers = tuple((name, value.strip(" ")) for name, _, value in (line.partition(":") for line in lines))
    fields = {name.lower(): value for name, value in headers}
    if fields.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    return Received(port, method, target, headers, body, started)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    data = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        data += await reader.readexactly(size)
        await reader.readline()
    while (await reader.readline()).strip():
        pass
    return data
