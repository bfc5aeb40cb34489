"""The helpers of the Locust runtime against the reference meaning of captures, expectations, schemas and soft failures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from error_messages import SAYING, SILENT
from hypothesis import given
from hypothesis import strategies as st
from language.test_json_schema import SCHEMAS, VALUES
from language.test_json_schema import TABLE as SCHEMA_TABLE
from locust_support import Ask, quick

from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.extract import Response, extract
from loadwright.compiler.plan.json_schema import first_problem
from loadwright.compiler.plan.jsonpath import load_json
from loadwright.compiler.plan.model import (
    BodySource,
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
    StatusSource,
    UrlSource,
    XPathSource,
)
from loadwright.compiler.plan.soft_failure import soft_failure

XML = "<r xmlns:x='u'><i n='1'>a <b>b</b></i><i n='2'>\u00e9</i></r>"
PAGE = """<title>Shop &amp; more</title><form><input name=csrf value="a&quot;b"><input name=csrf value=""><input name=csrf>
<p class=note> one
  two\u00a0<b>three</b></p></form><a href="/x?id=1&amp;n=2">x</a> id=17; id=18; ${x} \u2028 \U0001f600"""
DOCUMENT = '{"a":[{"id":1.10,"k":"x"},{"id":1e999,"k":"y\\"z"},null],"b":{"c":null,"d":[true,{}],"e f":-0},"s":"\u00e9\\u2028"}'
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("location", "../next?code=%20a&x=1#f"),
    ("Set-Cookie", "sid=abc=1; Path=/"),
    ("set-cookie", "sid=; Max-Age=0"),
    ("X-Id", "n=7, n=8"),
    ("X-Id", "\u00e9"),
)
SOURCES: list[tuple[str, CaptureSource]] = [
    (PAGE, CssSource(selector="input[name=csrf]", attribute="value")),
    (PAGE, CssSource(selector="input[name=csrf]", attribute="name")),
    (PAGE, CssSource(selector="p.note")),
    (PAGE, CssSource(selector="a", attribute="href")),
    (PAGE, CssSource(selector="p[", attribute="x")),
    (PAGE, RegexSource(pattern=r"id=(\d+)")),
    (PAGE, RegexSource(pattern=r"id=\d+(x)?")),
    (PAGE, RegexSource(pattern=r"i.\b")),
    (PAGE, BoundarySource(left="id=", right=";")),
    (PAGE, BoundarySource(left="<p class=note>", right="<b>")),
    (PAGE, BoundarySource(left="${x}", right="\U0001f600")),
    (DOCUMENT, JsonSource(path="$.a[*].id")),
    (DOCUMENT, JsonSource(path="$.a[?(@.k=='y\"z')].id")),
    (DOCUMENT, JsonSource(path="$.a[-2].k")),
    (DOCUMENT, JsonSource(path="$.b.*")),
    (DOCUMENT, JsonSource(path="$.b['e f']")),
    (DOCUMENT, JsonSource(path="$")),
    ("no json", JsonSource(path="$.a")),
    ("", HeaderSource(name="x-id")),
    ("", HeaderSource(name="X-ID", pattern=r"n=(\d)")),
    ("", CookieSource(name="sid")),
    ("", RedirectSource()),
    ("", UrlSource()),
    ("", StatusSource()),
    ("text \u2028", BodySource()),
    (XML, XPathSource(path="//i/@n")),
    (XML, XPathSource(path="//i")),
    (XML, XPathSource(path="count(//i)")),
    (XML, XPathSource(path="sum(//i/@n) div 4")),
    (XML, XPathSource(path="boolean(//none)")),
    (XML, XPathSource(path="string(//i[2])")),
    (XML, XPathSource(path="//i[")),
    ("<a>", XPathSource(path="//a")),
]
SOURCE_CLASSES = {
    "json": "Json",
    "css": "Css",
    "xpath": "XPath",
    "regex": "Regex",
    "boundary": "Between",
    "header": "Header",
    "cookie": "SetCookie",
    "redirect": "Redirect",
    "body": "Body",
    "url": "Url",
    "status": "Status",
}
GIVEN_URL = "http://h/a/b?q"


def written_source(source: CaptureSource) -> list[Any]:
    return [SOURCE_CLASSES[source.kind], *(value for name, value in source if name not in ("kind", "origin"))]


def capture_by_runtime(ask: Ask, body: str, source: CaptureSource, occurrence: int) -> dict[str, Any]:
    given_response = {"body": body, "headers": HEADERS, "url": GIVEN_URL}
    return ask("find", "it", source=written_source(source), response=given_response, options={"nth": occurrence})


@pytest.mark.parametrize(
    ("body", "source"), SOURCES, ids=lambda value: describe_source(value) if not isinstance(value, str) else ""
)
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_capture_yields_what_the_reference_yields(ask: Ask, body: str, source: CaptureSource, occurrence: int) -> None:
    capture = Capture(name="it", source=source, occurrence=occurrence)
    expected = extract(capture, Response("http://h/a/b?q", HEADERS, body))
    miss = {"failure": f"extraction: it not found ({describe_source(source)})"}
    assert capture_by_runtime(ask, body, source, occurrence) == (miss if expected is None else {"value": expected})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "k-1"]), inner, max_size=3),
)


@pytest.mark.parametrize(
    "path", ["$.a", "$[0].a", "$[*]", "$.a[*].b", "$", "$[?(@.a=='1')]", "$[?(@.a.b==1)]", "$['k-1']", "$.*.*"]
)
def test_a_path_finds_in_any_json_what_the_reference_finds(ask: Ask, path: str) -> None:
    @quick
    @given(json_values)
    def agrees(value: object) -> None:
        body = json.dumps(value)
        expected = extract(Capture(name="it", source=JsonSource(path=path)), Response("", (), body))
        assert capture_by_runtime(ask, body, JsonSource(path=path), 1).get("value") == expected

    agrees()


BODIES = [
    *('{"errors":[]}', '{"errors":[1]}', '{"error":0}', '{"error":"x"}', '{"error":{}}', '{"status":"error"}', '{"status":"fail"}'),
    *('{"success":false}', '{"success":0}', '{"ok":false}', '{"status":"ok"}', "[1]", "no json", "plain", "", "ORA-00942: x"),
    '{"a":"Traceback (most recent call last)"}',
    "<title>Not Found</title>",
    "<title>Fine</title><input id=a type='password'>",
    *SAYING,
    *SILENT,
]


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/problem+json; charset=x", "TEXT/HTML", "text/plain", "image/png", ""]
)
@pytest.mark.parametrize("status", [200, 302, 500])
@pytest.mark.parametrize("ignored", [(), ("json member", "login form"), ("error title", "exception text"), ("error message",)])
def test_soft_failures_are_those_of_the_reference(ask: Ask, media_type: str, status: int, ignored: tuple[str, ...]) -> None:
    for body in BODIES:
        reason = soft_failure(status, media_type, body, ignored)
        answer = ask(
            "expect_no_soft_failure", *ignored, response={"status": status, "body": body, "headers": [("Content-Type", media_type)]}
        )
        assert answer == ({"failure": f"soft failure: {reason}"} if reason else {"value": None})


EXPECTATIONS: list[tuple[str, list[object], dict[str, object], str | None]] = [
    ("expect_status", [], {}, None),
    ("expect_status", [500, 200], {"negated": True}, "status: expected not 500 or 200, got 200"),
    ("expect_status", [500], {"negated": True}, None),
    ("expect_type", ["text/html"], {"negated": True}, "type: expected not text/html, got text/html"),
    ("expect_type", ["text/css"], {"negated": True}, None),
    ("expect_size", [">=", 5], {}, None),
    ("expect_size", ["<", 5], {}, f"size: expected < 5 bytes, got {len(PAGE.encode())}"),
    ("expect_size", ["=", len(PAGE.encode())], {}, None),
    ("expect_text", ["contains", "absent"], {"soft": True}, 'soft failure: body does not contain "absent"'),
    ("expect_json", ["$.x"], {"soft": True}, "soft failure: $.x not found"),
    ("expect_status", [200, 201], {}, None),
    ("expect_status", [302], {}, "status: expected 302, got 200"),
    ("expect_status", [301, 302], {}, "status: expected 301 or 302, got 200"),
    ("expect_type", ["TEXT/html"], {}, None),
    ("expect_type", ["application/json"], {}, "type: expected application/json, got text/html"),
    ("expect_time", [801], {}, None),
    ("expect_time", [800], {}, "time: expected less than 800 ms, took 800 ms"),
    ("expect_text", ["contains", "Shop"], {}, None),
    ("expect_text", ["contains", "Welcome"], {}, 'text: body does not contain "Welcome"'),
    ("expect_text", ["contains", "Shop"], {"negated": True}, 'text: body contains "Shop"'),
    ("expect_text", ["contains", "pw"], {"hidden": True}, 'text: body does not contain "…"'),
    ("expect_text", ["equals", "Shop"], {}, 'text: body does not equal "Shop"'),
    ("expect_text", ["matches", "^x"], {}, 'text: body does not match "^x"'),
    ("expect_text", ["matches", "id="], {"negated": True}, 'text: body matches "id="'),
    ("expect_text", ["equals", "n=7, n=8, é"], {"header": "X-Id"}, None),
    ("expect_text", ["contains", "9"], {"header": "X-Id"}, 'text: header X-Id does not contain "9"'),
    ("expect_text", ["contains", "9"], {"header": "X-No", "negated": True}, None),
    ("expect_header", ["x-ID"], {}, None),
    ("expect_header", ["X-No"], {}, "text: header X-No is missing"),
    ("expect_header", ["X-Id"], {"negated": True}, "text: header X-Id is present"),
    ("expect_body", [], {}, None),
    ("expect_body", [], {"negated": True}, "text: body is present"),
    ("expect_json", ["$.x"], {}, "json: $.x not found"),
    ("expect_json", ["$.x", "1"], {}, 'json: $.x is not "1"'),
    ("expect_json", ["$.x", "1"], {"negated": True}, None),
]


@pytest.mark.parametrize(("function", "arguments", "options", "failure"), EXPECTATIONS)
def test_an_expectation_fails_with_its_words(
    ask: Ask, function: str, arguments: list[object], options: dict[str, object], failure: str | None
) -> None:
    given_response = {"body": PAGE, "headers": HEADERS, "elapsed": 800.2}
    answer = ask(function, *arguments, response=given_response, options=options)
    assert answer == ({"value": None} if failure is None else {"failure": failure})


@pytest.mark.parametrize(
    ("path", "equals", "negated", "failure"),
    [
        ("$.a[0].id", "1.10", False, None),
        ("$.b.c", "null", False, None),
        ("$.b.d", "[true,{}]", False, None),
        ("$.a[0].id", "1.1", False, 'json: $.a[0].id is not "1.1"'),
        ("$.s", "é\u2028", True, 'json: $.s is "é\u2028"'),
        ("$.b", None, True, "json: $.b found"),
    ],
)
def test_json_compares_as_it_is_written(ask: Ask, path: str, equals: str | None, negated: bool, failure: str | None) -> None:
    answer = ask("expect_json", path, equals, response={"body": DOCUMENT}, options={"negated": negated})
    assert answer == ({"value": None} if failure is None else {"failure": failure})


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h", "/"),
        ("http://h:1?", "/?"),
        ("HTTP://h/a%7Eb;p=1,2?x=%41&y=|{}\"<>^`\\'#f", "/a%7Eb;p=1,2?x=%41&y=|{}\"<>^`\\'"),
        ("http://h//a/../b/./", "//a/../b/./"),
        ("http://h/é b%zz|{}?é b", "/%C3%A9%20b%25zz%7C%7B%7D?%C3%A9%20b"),
    ],
)
def test_a_url_stands_on_the_wire_as_it_is_written(ask: Ask, url: str, target: str) -> None:
    assert ask("request_target", url) == {"value": target}


@quick
@given(schema=SCHEMAS, value=VALUES)
def test_a_body_fits_a_schema_as_the_reference_says(ask: Ask, schema: dict[str, Any], value: Any) -> None:
    whole = json.dumps({**schema, "$defs": {"some": {"minimum": 2}}})
    problem = first_problem(load_json(whole), load_json(json.dumps(value)))
    expected = None if problem is None else f"schema: {problem[0]} does not fit {problem[1]}"
    assert ask("schema_failure", whole, json.dumps(value)) == {"value": expected}


@pytest.mark.parametrize(("schema", "text", "problem"), SCHEMA_TABLE)
def test_the_first_problem_with_a_body_is_that_of_the_reference(
    ask: Ask, schema: dict[str, Any], text: str, problem: tuple[str, str] | None
) -> None:
    expected = None if problem is None else f"schema: {problem[0]} does not fit {problem[1]}"
    assert ask("schema_failure", json.dumps(schema), text) == {"value": expected}


def test_a_body_that_is_no_json_fits_no_schema(ask: Ask) -> None:
    assert ask("schema_failure", "{}", "{") == {"value": "schema: the body is no JSON"}
