"""A server on this machine that speaks the chat completions protocol, as any OpenAI-compatible one does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """An answer of the server, byte for byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    pause: float = 0.0
    """Seconds between the bytes of the body."""


Answering = Callable[[dict[str, Any]], Reply]


@dataclass
class StandIn:
    """The running server, and everything that was sent to it."""

    url: str
    received: list[bytes] = field(default_factory=list)
    """Request line, headers and body of each request, as bytes."""

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(one.partition(b"\n\n")[2]) for one in self.received]

    def questions(self) -> list[dict[str, Any]]:
        return [json.loads(body["messages"][1]["content"]) for body in self.bodies()]


def completion(content: str) -> Reply:
    """A well-formed answer of a model."""
    message = {"role": "assistant", "content": content}
    body = {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return Reply(json.dumps(body).encode())


def proposing(make: Callable[[dict[str, Any]], dict[str, Any]]) -> Answering:
    """A model that makes its proposals of the question."""
    return lambda question: completion(json.dumps(make(question)))


@contextmanager
def stand_in(answer: Answering) -> Iterator[StandIn]:
    """The server, on a free port."""
    running = StandIn("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            running.received.append(f"{self.requestline}\n{self.headers.as_string().strip()}".encode() + b"\n\n" + body)
            asked = json.loads(body)
            reply = answer(json.loads(asked["messages"][1]["content"]))
            if self.path != "/v1/chat/completions" or asked["response_format"] != {"type": "json_object"} or not asked["model"]:
                reply = Reply(b"{}", 404)
            self._send(reply)

        def do_GET(self) -> None:
            running.received.append(self.requestline.encode() + b"\n\n{}")
            self._send(Reply(b"{}"))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for at in range(0, len(reply.body), 1 if reply.pause else 65536):
                    self.wfile.write(reply.body[at : at + (1 if reply.pause else 65536)])
                    time.sleep(reply.pause)
            except OSError:
                return  # who asked has gone

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
