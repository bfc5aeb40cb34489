"""Drafts at work: what is made of an OpenAPI document, a Postman collection and curl commands runs against a real server."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from sources.drafted import COLLECTION, Desk

from loadwright.compiler.cli.run import RunOptions, run
from loadwright.compiler.cli.settings import Overrides

KEY = "key-of-the-test"


class Orders(BaseHTTPRequestHandler):
    """Orders with ids that nobody can guess; refuses what has no key, and what is not there."""

    known: ClassVar[dict[str, Any]] = {}
    deleted: ClassVar[list[str]] = []

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, number = self.path.partition("?")[0], self.path.rpartition("/")[2]
        if self.headers.get("X-Api-Key") != KEY:
            self._answer(403)
        elif self.command == "POST" and path == "/v1/orders":
            made = {**json.loads(body), "id": secrets.token_hex(6)}
            self.known[made["id"]] = made
            self._answer(201, {"data": made})
        elif number not in self.known:
            self._answer(404)
        elif self.command == "DELETE":
            self.deleted.append(number)
            del self.known[number]
            self._answer(204)
        else:
            self._answer(200, self.known[number])

    do_GET = do_POST = do_DELETE = _do

    def _answer(self, status: int, document: object = None) -> None:
        body = json.dumps(document).encode() if document is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Orders.known.clear()
    Orders.deleted.clear()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/v1"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def ran(desk: Desk, monkeypatch: pytest.MonkeyPatch, secret: str) -> int:
    monkeypatch.setenv(secret, KEY)
    options = RunOptions(None, (), desk.folder / "results", Overrides(iterations=2, users=2), 60)
    return run(desk.folder / "made.intent", "locust", options)


def openapi(url: str) -> dict[str, object]:
    order = {
        "type": "object",
        "required": ["item"],
        "properties": {"item": {"type": "string"}, "id": {"type": "string", "readOnly": True}},
    }
    content = {"application/json": {"schema": order}}
    wrapped = {"application/json": {"schema": {"type": "object", "properties": {"data": order}}}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Orders"},
        "servers": [{"url": url}],
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}},
        "paths": {
            "/orders/{id}": {
                "parameters": [number],
                "delete": {"responses": {"204": {}}},
                "get": {"responses": {"200": {"content": content}}},
            },
            "/orders": {"post": {"requestBody": {"content": content}, "responses": {"201": {"content": wrapped}}}},
        },
    }


def postman(url: str) -> dict[str, object]:
    script = [
        "const made = pm.response.json().data;",
        "pm.collectionVariables.set('order', made.id);",
        "pm.response.to.have.status(201);",
    ]
    test = [{"listen": "test", "script": {"exec": script}}]
    body = {"mode": "raw", "raw": '{"item": "{{$guid}}"}', "options": {"raw": {"language": "json"}}}
    key = {"type": "apikey", "apikey": {"key": "X-Api-Key", "value": "{{api_key}}"}}
    items = [
        {"name": "Make", "event": test, "request": {"method": "POST", "url": "{{base}}/orders", "body": body}},
        {"name": "Read", "request": {"method": "GET", "url": "{{base}}/orders/{{order}}"}},
        {"name": "Delete", "request": {"method": "DELETE", "url": "{{base}}/orders/{{order}}"}},
    ]
    variables = [{"key": "base", "value": url}, {"key": "api_key", "value": "", "type": "secret"}]
    return {**COLLECTION, "auth": key, "variable": variables, "item": items}


@pytest.mark.parametrize(("make", "secret"), [(openapi, "LOADWRIGHT_SECRET_KEY"), (postman, "LOADWRIGHT_SECRET_API_KEY")])
def test_a_draft_works_against_a_server_whose_ids_nobody_knows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, server: str, make: Any, secret: str
) -> None:
    made = desk.make(make(server), name="source.json")
    assert {s.env for s in made.plan.secrets} == {secret}
    assert ran(desk, monkeypatch, secret) == 0
    assert len(Orders.deleted) == 4, "two users, two iterations each"
    assert Orders.known == {}


def test_commands_work_as_they_were_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    made = desk.curl(f"""curl -H 'X-Api-Key: {KEY}' --json '{{"item": "A-1"}}' {server}/orders""")
    assert KEY not in made.text
    assert ran(desk, monkeypatch, made.plan.secrets[0].env) == 0
    assert [order["item"] for order in Orders.known.values()] == ["A-1"] * 4
