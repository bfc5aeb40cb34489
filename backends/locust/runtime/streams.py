"""WebSockets and streams of server-sent events."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request

import gevent
import websocket
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError

from loadwright.backends.locust.runtime.answers import Message
from loadwright.backends.locust.runtime.network import (
    Failure,
    Headers,
    failure_of,
    network_failure,
    request_target,
    wire_headers,
)
from loadwright.backends.locust.runtime.settings import Connection, tls_context

if TYPE_CHECKING:
    from loadwright.backends.locust.runtime.client import RequestingUser


STREAM_ERRORS = (
    Failure,
    OSError,
    ValueError,
    HTTPConnectionClosed,
    HTTPParseError,
    websocket.WebSocketException,
)


class MessageStream(ABC):
    """Messages that come as the server likes."""

    def __init__(self, user: RequestingUser, url: str, status: int):
        self.user = user
        self.url = url
        self.status = status

    @abstractmethod
    def next_message(self) -> str:
        """The next message; waits for it."""

    @contextmanager
    def receive(
        self, name: str, *, containing: str = "", within: float
    ) -> Iterator[Message]:
        """Wait for a message; what fails in the block is reported as its failure."""
        started, clock = time.time(), time.perf_counter()
        failure, message = None, ""
        try:
            message = self.wait_for_message(containing, within)
        except STREAM_ERRORS as error:
            failure = network_failure(error)
        elapsed = (time.perf_counter() - clock) * 1000
        self.user.busy += elapsed
        answer = SimpleNamespace(status_code=0 if failure else self.status)
        try:
            if failure:
                raise failure
            yield Message(message, self.url, self.status, elapsed, self.user)
        except Exception as error:
            failure = failure_of(error)
            failure.reported = True
            self.user.report("GET", name, started, elapsed, failure, answer)
            raise failure from error
        self.user.report("GET", name, started, elapsed, response=answer)

    def wait_for(self, name: str, **options: Any) -> None:
        """Wait for a message of which nothing else is expected."""
        with self.receive(name, **options):
            pass

    def wait_for_message(self, containing: str, within: float) -> str:
        """The next message that contains a text."""
        missed = Failure(f"network: no message within {round(within * 1000)} ms")
        with gevent.Timeout(within, missed):
            while containing not in (message := self.next_message()):
                pass
            return message


class WebSocket(MessageStream):
    """An open WebSocket."""

    socket: Any

    def send(self, text: str) -> None:
        """Send a text message."""
        self.socket.send(text)

    def next_message(self) -> str:
        """The next message; waits for it."""
        opcode, data = self.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise Failure("network: the WebSocket was closed")
        text: str = data.decode("utf-8", "replace")
        return text


def new_websocket(
    user: RequestingUser,
    url: str,
    headers: Headers,
    timeout: float,
    connection: Connection,
) -> Any:
    """A new WebSocket with the user's cookies."""
    parts, own = urlsplit(url), connection.options()
    scheme = "wss" if parts.scheme in ("https", "wss") else "ws"
    cookies = Request(f"{scheme.replace('ws', 'http')}://{parts.netloc}{parts.path}")
    user.client.cookiejar.add_cookie_header(cookies)
    return websocket.create_connection(
        f"{scheme}://{parts.netloc}{request_target(url)}",
        timeout=timeout,
        header=header_lines(wire_headers(headers)),
        cookie=cookies.get_header("Cookie"),
        suppress_origin=True,
        sslopt={"context": tls_context(connection)},
        http_proxy_host=own.get("proxy_host"),
        http_proxy_port=own.get("proxy_port"),
        http_proxy_auth=(own.get("proxy_user"), own.get("proxy_password")),
        proxy_type="http" if "proxy_host" in own else None,
        http_no_proxy=None if "proxy_host" in own else ["*"],
    )


def header_lines(headers: Headers) -> list[str]:
    """Headers line by line."""
    return [
        f"{name}: {value}"
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]


class EventStream(MessageStream):
    """An open stream of server-sent events."""

    def __init__(self, user: RequestingUser, url: str, status: int, source: Any):
        super().__init__(user, url, status)
        self.source = source
        self.lines = self.read_lines()

    def read_lines(self) -> Iterator[str]:
        """The lines, as they come."""
        while line := bytes(self.source.readline(b"\n")):
            for part in re.split(rb"\r\n|\r|\n", line)[:-1]:
                yield part.decode("utf-8", "replace")

    def next_message(self) -> str:
        """The data of the next event; waits for it."""
        data: list[str] = []
        for line in self.lines:
            label, _, value = line.partition(":")
            if label == "data":
                data.append(value.removeprefix(" "))
            if not line and data:
                return "\n".join(data)
        raise Failure("network: the stream ended")
