"""A small application that talks on a WebSocket, and recordings of it as a browser would write them.

A page gives a token, the token a ticket, the ticket opens the WebSocket; there each step needs what the one before gave. The server
refuses whatever it did not give, sends heartbeats, and news that nobody asked for.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import websocket as client
from conformance import websocket

Json = dict[str, Any]
_SCRIPT = """
(async () => {
  const csrf = document.querySelector('meta[name=csrf]').content;
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch('/tickets', { method: 'POST', headers, body: JSON.stringify({ csrf }) });
  const { ticket } = await answer.json();
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live?ticket=${ticket}`, 'chat.v1');
  const say = (message) => socket.send(JSON.stringify(message));
  socket.onmessage = async ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'ping') say({ type: 'pong' });
    if (message.type === 'welcome') say({ type: 'join', session: message.session, room: 'lobby' });
    if (message.type === 'joined') say({ type: 'say', member: message.member.id, text: 'hello' });
    if (message.type !== 'said') return;
    await fetch(`/messages/${message.message}`);
    socket.close();
    document.body.insertAdjacentHTML('beforeend', '<p id="done">said</p>');
  };
})();
"""
"""The journey as the page itself does it in a browser."""


@dataclass
class Chat:
    """What the server gave and what was done with it."""

    given: set[str] = field(default_factory=set)
    said: dict[str, str] = field(default_factory=dict)
    """By the id of a message: its text."""
    refused: list[str] = field(default_factory=list)
    read: int = 0
    port: int = 0
    _random: Random = field(default_factory=lambda: Random("chat"))
    """The same values in every run of a test: what they look like decides what is done with them."""

    def new(self) -> str:
        token = self._random.randbytes(8).hex()
        self.given.add(token)
        return token

    # --- HTTP ---------------------------------------------------------------------------------------------------------

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.split("\r\n")
        method, target, _ = line.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest if one)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("upgrade", "").lower() == "websocket":
            await self._talk(target, headers, reader, writer)
            return False
        status, kind, text = self._answer(method, target, body)
        lines = (f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(text.encode())}", "", text)
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        return True

    def _answer(self, method: str, target: str, body: bytes) -> tuple[int, str, str]:
        path = urlsplit(target).path
        if (method, path) == ("GET", "/"):
            head = f'<title>Chat</title><meta name="csrf" content="{self.new()}">'
            return 200, "text/html", f"<html><head>{head}</head><body><h1>Rooms</h1><script>{_SCRIPT}</script></body></html>"
        if path == "/favicon.ico":
            return 404, "text/plain", "no icon"
        if (method, path) == ("POST", "/tickets") and json.loads(body).get("csrf") in self.given:
            return 200, "application/json", json.dumps({"ticket": self.new()})
        if method == "GET" and path.rpartition("/")[2] in self.said:
            self.read += 1
            return 200, "application/json", json.dumps({"text": self.said[path.rpartition("/")[2]]})
        self.refused.append(f"{method} {path}")
        return 403, "application/json", '{"error": "refused"}'

    # --- WebSocket ----------------------------------------------------------------------------------------------------

    async def _talk(self, target: str, headers: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ticket = parse_qs(urlsplit(target).query).get("ticket", [""])[0]
        if ticket not in self.given or headers.get("sec-websocket-protocol") != "chat.v1" or "origin" not in headers:
            self.refused.append("the opening")
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        opened = websocket.handshake(headers["sec-websocket-key"])
        writer.write(opened.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: chat.v1\r\n\r\n"))
        answers: list[list[str]] = [[json.dumps({"type": "ping"}), json.dumps({"type": "welcome", "session": self.new()})]]
        async for kind, data in websocket.talk(reader, writer, answers):
            if kind == "MESSAGE" and (said := self._said(data.decode())):
                for text in said:
                    websocket.send(writer, text)

    def _said(self, text: str) -> list[str]:
        if text == '{"type":"pong"}':
            return []
        message = json.loads(text)
        news = [json.dumps({"type": "news", "text": f"number {n}"}) for n in range(2)]
        match message:
            case {"type": "join", "session": session} if session in self.given:
                return [*news, json.dumps({"type": "joined", "member": {"id": self.new()}})]
            case {"type": "say", "member": member, "text": said} if member in self.given:
                self.said[number := self._random.randbytes(8).hex()] = said
                return [json.dumps({"type": "said", "message": number}), *news]
        self.refused.append(f"message {message.get('type')}")
        return [json.dumps({"type": "error", "text": "refused"})]


@contextmanager
def chat(tls: ssl.SSLContext | None = None) -> Iterator[Chat]:
    """The application on a free port of 127.0.0.1."""
    loop, application = asyncio.new_event_loop(), Chat()
    server = loop.run_until_complete(asyncio.start_server(application.serve, "127.0.0.1", 0, ssl=tls))
    application.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield application
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


# --- recording --------------------------------------------------------------------------------------------------------


def recorded(application: Chat) -> Json:
    """A journey through the application as a HAR: a ticket, a conversation, and what was said read again."""
    entries: list[Json] = []
    page = _call(application, entries, "GET", "/")
    token = page.partition('content="')[2].partition('"')[0]
    ticket = json.loads(_call(application, entries, "POST", "/tickets", {"csrf": token}))["ticket"]
    number = _conversation(application, entries, ticket)
    _call(application, entries, "GET", f"/messages/{number}")
    return {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries}}


def _call(application: Chat, entries: list[Json], method: str, path: str, document: Json | None = None) -> str:
    body = json.dumps(document, separators=(",", ":")) if document else None
    headers = {"Accept": "*/*", **({"Content-Type": "application/json"} if body else {})}
    connection = http.client.HTTPConnection("127.0.0.1", application.port, timeout=10)
    started = time.time()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    kind = answer.getheader("Content-Type") or ""
    request = _request(method, f"http://127.0.0.1:{application.port}{path}", headers)
    if body:
        request["postData"] = {"mimeType": "application/json", "text": body}
    content = {"size": len(text), "mimeType": kind, "text": text}
    response = {"status": answer.status, "headers": [{"name": "Content-Type", "value": kind}], "content": content}
    entries.append(_entry(started, request, response, "document" if "html" in kind else "fetch"))
    time.sleep(0.02)
    return text


def _conversation(application: Chat, entries: list[Json], ticket: str) -> str:
    url = f"ws://127.0.0.1:{application.port}/live?ticket={ticket}"
    origin = f"http://127.0.0.1:{application.port}"
    messages: list[Json] = []
    started = time.time()
    connection = client.create_connection(url, timeout=10, origin=origin, subprotocols=["chat.v1"])

    def heard(kind: str) -> Json:
        while True:
            text = connection.recv()
            messages.append({"type": "receive", "time": time.time(), "opcode": 1, "data": text})
            message: Json = json.loads(text)
            if message["type"] == kind:
                return message

    def say(message: Json) -> None:
        text = json.dumps(message, separators=(",", ":"))
        connection.send(text)
        messages.append({"type": "send", "time": time.time(), "opcode": 1, "data": text})

    session = heard("welcome")["session"]
    say({"type": "pong"})
    say({"type": "join", "session": session, "room": "lobby"})
    member = heard("joined")["member"]["id"]
    time.sleep(0.9)
    say({"type": "say", "member": member, "text": "hello"})
    number: str = heard("said")["message"]
    heard("news")
    heard("news")
    connection.close()
    headers = {"Origin": origin, "Upgrade": "websocket", "Sec-WebSocket-Key": "x", "Sec-WebSocket-Protocol": "chat.v1"}
    response = {"status": 101, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}}
    entry = _entry(started, _request("GET", url, headers), response, "websocket")
    entries.append({**entry, "_webSocketMessages": messages})
    return number


def _request(method: str, url: str, headers: dict[str, str]) -> Json:
    return {"method": method, "url": url, "headers": [{"name": n, "value": v} for n, v in headers.items()]}


def _entry(started: float, request: Json, response: Json, resource: str) -> Json:
    return {
        "startedDateTime": started * 1000,
        "time": (time.time() - started) * 1000,
        "request": request,
        "response": response,
        "timings": {"send": 0, "wait": 1, "receive": 0},
        "_resourceType": resource,
    }
