"""A server on loopback that answers by script and keeps what it received, byte for byte.

The first path segment of a request names the case that it belongs to; replies are scripted per case, method and path.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import TracebackType

from conformance import websocket
from conformance.certificates import Certificates

PLACES = ("self", "other", "tls", "mutual", "proxy", "h2")
"""The ports: two of plain HTTP, TLS, TLS that demands a client certificate, an HTTP proxy, TLS that offers HTTP/2 beside HTTP/1.1
and hangs up on who takes it; `{name}` stands for their URLs."""
OVER_TLS = ("tls", "mutual", "h2")


@dataclass(frozen=True)
class Reply:
    """An answer; `{self}` and the other places in headers and body stand for the base URLs of the ports."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"ok"
    drop: bool = False
    """Close the connection without an answer."""
    delay: float = 0
    """Seconds before the answer."""
    missing: int = 0
    """Close the connection when so many bytes of the body are still to come."""
    chunks: tuple[tuple[float, bytes], ...] = ()
    """The body in place of `body`: pieces, each after some seconds, then the connection is closed."""
    answers: tuple[tuple[str, ...], ...] | None = None
    """For a WebSocket: the texts to send after the handshake, then those after the first message received, and so on."""


def html(text: str, *headers: tuple[str, str], status: int = 200) -> Reply:
    return Reply(status, (("Content-Type", "text/html; charset=utf-8"), *headers), text.encode())


def json(text: str, *headers: tuple[str, str], status: int = 200) -> Reply:
    return Reply(status, (("Content-Type", "application/json"), *headers), text.encode())


@dataclass(frozen=True)
class Received:
    """A request as it came in; texts are Latin-1 of the bytes on the wire."""

    port: int
    """Which of `PLACES`."""
    method: str
    """`MESSAGE` for a text on a WebSocket, `CLOSE` for its end by the client."""
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
    """Listening ports on 127.0.0.1 with one script and one log; a context manager."""

    def __init__(self) -> None:
        self.log: list[Received] = []
        self.script: dict[str, Mapping[str, Sequence[Reply]]] = {}
        self.urls: tuple[str, ...] = ()
        self.certificates = Certificates()
        self._hits: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        ports = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        schemes = ("https" if place in OVER_TLS else "http" for place in PLACES)
        self.urls = tuple(f"{scheme}://127.0.0.1:{port}" for scheme, port in zip(schemes, ports, strict=True))
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

    def fill(self, text: str) -> str:
        """A text with the URLs of the ports in place of `{self}` and the others."""
        return fill(text, self.urls)

    async def _listen(self) -> list[int]:
        contexts = {"tls": self.certificates.server(), "mutual": self.certificates.server(mutual=True)}
        contexts["h2"] = self.certificates.server()
        contexts["h2"].set_alpn_protocols(["h2", "http/1.1"])
        ports = []
        for index, place in enumerate(PLACES):
            serve = partial(self._serve, port=index)
            server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=contexts.get(place))
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
                if received.method == "CONNECT":
                    writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    await writer.start_tls(self.certificates.server())
                    continue
                self.log.append(received)
                if not await self._answer(received, self._reply(received), reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client went away: what it sent whole is in the log
        finally:
            writer.close()

    async def _answer(self, received: Received, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Send the answer; whether the connection stays open."""
        await asyncio.sleep(reply.delay)
        if reply.drop:
            return False
        if reply.answers is not None:
            writer.write(websocket.handshake(received.header("sec-websocket-key") or ""))
            async for method, text in websocket.talk(reader, writer, reply.answers):
                self.log.append(Received(received.port, method, received.target, (), text, monotonic()))
            return False
        writer.write(self._render(reply, received.method))
        for pause, chunk in reply.chunks:
            await asyncio.sleep(pause)
            writer.write(chunk)
            await writer.drain()
        await writer.drain()
        return not reply.missing and not reply.chunks

    def _reply(self, received: Received) -> Reply:
        path = received.target.split("?")[0].removeprefix(f"/{received.case}")
        key = f"{received.method} {path}"
        replies = self.script.get(received.case, {}).get(key, ())
        turn = self._hits[received.case, key]
        self._hits[received.case, key] += 1
        return replies[min(turn, len(replies) - 1)] if replies else Reply()

    def _render(self, reply: Reply, method: str) -> bytes:
        def filled(text: bytes) -> bytes:
            return self.fill(text.decode("latin-1")).encode("latin-1") if b"{" in text else text

        body = b"" if reply.chunks else filled(reply.body)
        lines = [f"HTTP/1.1 {reply.status} Scripted".encode()]
        lines += [filled(f"{name}: {value}".encode()) for name, value in reply.headers]
        if not any(name.lower() == "content-type" for name, _ in reply.headers):
            lines.append(b"Content-Type: text/plain; charset=utf-8")
        if reply.chunks:
            lines.append(b"Connection: close")
        elif reply.status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}".encode())
        without_body = method == "HEAD" or reply.status in (204, 304)
        return b"\r\n".join(lines) + b"\r\n\r\n" + (b"" if without_body else body[: len(body) - reply.missing])


def fill(text: str, urls: Sequence[str]) -> str:
    """A text with URLs in place of `{self}` and the other places."""
    for place, url in zip(PLACES, urls, strict=True):
        text = text.replace(f"{{{place}}}", url)
    return text


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> Received | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    started = monotonic()
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    if method == "PRI":  # the preface of HTTP/2
        return None
    target = rest.rpartition(" ")[0]
    headers = tuple((name, value.strip(" ")) for name, _, value in (line.partition(":") for line in lines))
    fields = {name.lower(): value for name, value in headers}
    if fields.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    if PLACES[port] == "proxy" and target.startswith("http://"):
        target = "/" + target.removeprefix("http://").partition("/")[2]
    return Received(port, method, target, headers, body, started)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    data = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        data += await reader.readexactly(size)
        await reader.readline()
    while (await reader.readline()).strip():
        pass
    return data
