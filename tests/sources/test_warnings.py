"""Oddities of sources: each gives its warning, and the rest is imported."""

from __future__ import annotations

import pytest
from sources.drafted import Desk


def item(request: object, **more: object) -> dict[str, object]:
    return {"name": "One", "request": request, **more}


def test_parts_that_cannot_be_sent_are_left_out(desk: Desk) -> None:
    made = desk.curl("curl -H 'Bad Header: x' -H 'X-Good: 1' -b '=x' -X 'P OST' http://shop.test/a http://")
    assert made.said.count("[source-bad-value]") == 4
    assert [request.method for request in made.requests] == ["GET"]
    assert [header.name for header in made.requests[0].headers] == ["X-Good"]


def test_what_curl_would_repeat_is_told(desk: Desk) -> None:
    made = desk.curl("curl 'http://shop.test/[1-3]'")
    assert "[curl-glob]" in made.said


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"method": "GET"}, "postman-no-url"),
        ({"method": "G ET", "url": "http://shop.test/"}, "source-bad-value"),
        ({"method": "GET", "url": "http://shop.test/{{$randomBankAccount}}"}, "postman-dynamic"),
        ({"method": "GET", "url": "http://shop.test/:id"}, "postman-undefined"),
    ],
)
def test_oddities_of_a_collection(desk: Desk, request_: object, code: str) -> None:
    made = desk.postman(item("http://shop.test/fine"), item(request_))
    assert f"[{code}]" in made.said
    assert made.requests[0].name == "GET /fine"


def test_oddities_of_a_document(desk: Desk) -> None:
    fine: dict[str, object] = {"responses": {"200": {"description": "fine"}}}
    paths: dict[str, object] = {
        "/tls": {"get": {**fine, "security": [{"tls": []}]}},
        "/body": {"post": {**fine, "requestBody": {"content": {"application/xml": {"schema": {"type": "object"}}}}}},
    }
    paths |= {f"/many/{number}": {"get": fine} for number in range(2_001)}
    made = desk.openapi(paths, components={"securitySchemes": {"tls": {"type": "mutualTLS"}}})
    for code in ("openapi-security", "openapi-body", "openapi-too-many"):
        assert f"[{code}]" in made.said, code
    assert len(made.requests) == 2_000


def test_schemas_that_multiply_without_end_take_no_time(desk: Desk) -> None:
    schemas: dict[str, object] = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{(n + 1) % 9}"}] * 30} for n in range(9)}
    schemas["Node"] = {
        "type": "object",
        "required": ["a", "b"],
        "properties": {k: {"$ref": "#/components/schemas/Node2"} for k in "ab"},
    }
    schemas["Node2"] = {
        "type": "object",
        "required": ["c", "d"],
        "properties": {k: {"$ref": "#/components/schemas/Node"} for k in "cd"},
    }
    content = {
        "application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/S0"}, {"$ref": "#/components/schemas/Node"}]}}
    }
    made = desk.openapi({"/a": {"post": {"requestBody": {"content": content}}}}, components={"schemas": schemas})
    assert len(made.requests) == 1


def test_aliases_of_yaml_that_multiply_without_end_take_no_time(desk: Desk) -> None:
    lines = ["openapi: 3.1.0", "servers: [{url: 'http://shop.test'}]", "x-a: &a0 [1, 2]"]
    lines += [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    lines += ["paths: {/a: {post: {requestBody: {content: {application/json: {example: *a11}}}}}}"]
    made = desk.make("\n".join(lines), "openapi", "source.yaml")
    assert "[openapi-body]" in made.said
    assert "json {}" in made.text


def test_variables_that_multiply_without_end_take_no_time(desk: Desk) -> None:
    chain = [{"key": f"v{n}", "value": f"{{{{v{n + 1}}}}}{{{{v{n + 1}}}}}"} for n in range(60)]
    chain += [{"key": "loop", "value": "{{loop}}"}, {"key": "v60", "value": "x"}]
    made = desk.postman(item("http://{{v0}}/{{loop}}"), item("http://shop.test/{{v0}}"), variable=chain)
    assert "[source-no-server]" in made.said
    assert len(made.text) < 20_000
