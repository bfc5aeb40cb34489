"""The rotating server on loopback: HTTP in front of a player."""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from loadwright.compiler.recording.model import RecordedRequest, header
from loadwright.compiler.recording.multipart import boundary_of, parse_multipart
from loadwright.compiler.recording.urls import host_port
from loadwright.compiler.rotation.player import Answer, Exchange, Player
from loadwright.compiler.rotation.talk import serve

PREFIX = "/~host/"
"""`/~host/shop.example.com:443/…` is a path of that recorded host, where its own address cannot be used."""
_BREAKS = re.compile(r"[\r\n]+")
_MAX_BODY = 64 * 1024 * 1024
_REASONS = {200: "OK", 201: "Created", 204: "No Content", 302: "Found", 303: "See Other", 304: "Not Modified", 403: "Forbidden"}


class RotatingServer:
    """Listens on 127.0.0.1; each further recorded host has an address of its own (127.0.0.2…), so that cookies stay apart.

    The ports of one host share its address, as they share its cookies (RFC 6265, section 8.5): each but the first has a free port.
    Where such an address cannot be used, the host is served under `/~host/<host:port>`.
    """

    def __init__(self, player: Player, port: int = 0, told: Callable[[Exchange], None] | None = None) -> None:
        self.player, self.told = player, told
        self._servers: list[_Listener] = []
        self.addresses: dict[str, str] = {}
        """Recorded `host:port` to the URL that stands for it."""
        self._hosts: dict[tuple[str, int], str] = {}
        numbers: dict[str, int] = {}
        for host in player.script.hosts or ("",):
            name = host.rpartition(":")[0]
            is_first = name not in numbers
            address = f"127.0.0.{numbers.setdefault(name, len(numbers) + 1)}"
            listener = self._listen(address, port if is_first else 0)
            if listener is None:
                self.addresses[host] = f"http://127.0.0.1:{port}{PREFIX}{host}"
                continue
            own = listener.server_address[1]
            port = own if is_first else port
            self.addresses[host] = f"http://{address}:{own}"
            self._hosts[(address, own)] = host
        self.port = port
        player.origins = {origin: self.addresses[host_port(origin)] for origin in player.script.origins}

    @property
    def url(self) -> str:
        """Where the first recorded host is."""
        return next(iter(self.addresses.values()))

    def _listen(self, address: str, port: int) -> _Listener | None:
        try:
            listener = _Listener((address, port), _Handler)
        except OSError:
            if not self._servers:
                raise
            return None
        listener.owner = self
        self._servers.append(listener)
        return listener

    def __enter__(self) -> RotatingServer:
        for listener in self._servers:
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self._servers:
            listener.shutdown()
            listener.server_close()

    def host_of(self, named: str, path: str, address: tuple[str, int]) -> tuple[str, str]:
        """The recorded host that a request is for, and its path there: by prefix, by Host header, by the address asked."""
        hosts = self.player.script.hosts
        if path.startswith(PREFIX):
            host, _, rest = path[len(PREFIX) :].partition("/")
            return host, f"/{rest}"
        for scheme in ("http", "https"):
            if host_port(f"{scheme}://{named}") in hosts:
                return host_port(f"{scheme}://{named}"), path
        return self._hosts.get(address, hosts[0] if hosts else ""), path


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    owner: RotatingServer

    @property
    def listens_at(self) -> tuple[str, int]:
        """Its address and port."""
        return str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that went away is no event
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Listener
    _told: ClassVar[threading.Lock] = threading.Lock()

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def parse_request(self) -> bool:
        """As the base does, but for two slashes at the beginning of a path: it makes one of them."""
        parsed = super().parse_request()
        if parsed and self.path != (target := self.requestline.split()[1]):
            self.path = target
        return parsed

    def _serve(self) -> None:
        owner = self.server.owner
        host, path = owner.host_of(self.headers.get("Host", ""), self.path, self.server.listens_at)
        origin = next((o for o in owner.player.script.origins if host_port(o) == host), "http://" + host)
        if "://" in path.partition("?")[0]:
            parts = urlsplit(path)  # the absolute form, as sent to proxies
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        body = self._body()
        headers = tuple(self.headers.items())
        content_type = header(headers, "content-type") or ""
        boundary = boundary_of(content_type, body) if body else ""
        request = RecordedRequest(
            method=self.command,
            url=origin + path,
            headers=headers,
            body=body or None,
            media_type=content_type.partition(";")[0].strip().lower(),
            parts=parse_multipart(body, boundary) if boundary else (),
        )
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._talk(request, host)
            return
        answer = owner.player.answer(request, host, self.client_address)
        self._send(answer)
        if owner.told:
            with self._told:
                owner.told(owner.player.log[-1])

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_PROPFIND = do_MKCOL = _serve

    def _talk(self, request: RecordedRequest, host: str) -> None:
        player = self.server.owner.player
        answer, conversation = player.open(request, host, self.client_address)
        if conversation is None:
            self._send(answer)
        else:
            serve(self.connection, self.path, request.headers, conversation)
            self.close_connection = True
        if self.server.owner.told:
            with self._told:
                self.server.owner.told(player.log[-1])

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            chunks = []
            while size := int(self.rfile.readline(100).partition(b";")[0] or b"0", 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline(10)
            self.rfile.readline(10)
            return b"".join(chunks)
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length), _MAX_BODY)) if length.isdigit() else b""

    def _send(self, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Recorded')}"]
        lines += [f"{name}: {_BREAKS.sub(' ', value)}" for name, value in answer.headers]
        if answer.status not in (204, 304):
            lines.append(f"Content-Length: {len(answer.body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")
        self.wfile.write(head + (b"" if self.command == "HEAD" else answer.body))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the player keeps the log."""
