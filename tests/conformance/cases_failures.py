"""Cases about failing: each first request fails in the first iteration and passes in the second.

So the log must show that the failed request ended its iteration and that the next one began.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conformance.case import (
    Case,
    Failed,
    Pattern,
    Wire,
    between,
    cookie,
    css,
    header_of,
    json_at,
    let,
    redirect,
    ref,
    regex,
    request,
    t,
)
from conformance.defaults import SOFT
from conformance.server import Reply, html, json

from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import (
    Capture,
    CaptureSource,
    Expectation,
    JsonExpectation,
    Parallel,
    SoftFailureExpectation,
    StatusExpectation,
    Step,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
)

_FINE_HEADERS = (("X-Mode", "on"), ("Set-Cookie", "s=1; Path=/elsewhere"), ("Location", "/l"))
_FINE = html('<title>Fine</title><p id=a data-x="1">Welcome &amp; in</p>', *_FINE_HEADERS)


def failing(
    name: str,
    message: str | Pattern,
    bad: Reply,
    expect: Sequence[Expectation] = (),
    good: Reply = _FINE,
    capture: CaptureSource | Capture | None = None,
    timeout: int | None = None,
) -> Case:
    """Two iterations: the first ends at its first request, the second goes through."""
    first = request("GET /first", name="first", expect=expect, capture={f"f_{name}": capture} if capture else None, timeout=timeout)
    return Case(
        f"fail_{name}",
        [first, request("GET /after", name="after")],
        [Wire("GET", "/first"), Wire("GET", "/first"), Wire("GET", "/after")],
        {"GET /first": [bad, good], "GET /after": [Reply()]},
        iterations=2,
        failures=[Failed("first", message)],
    )


def body(relation: str, value: str | None = None, negated: bool = False, header: str | None = None) -> TextExpectation:
    return TextExpectation(
        header=header,
        relation=relation,
        value=None if value is None else t(value),
        negated=negated,
    )


def status(*codes: int) -> StatusExpectation:
    return StatusExpectation(statuses=codes)


_SOFT = SoftFailureExpectation()
_ODD = 'say "hi" \\ ${x} {{x}} </x> \u00e9'

_STATUS = [
    failing("status_default", "status: expected 200 to 399, got 500", Reply(500)),
    failing("status_404", "status: expected 200 to 399, got 404", Reply(404)),
    failing("status_one", "status: expected 200, got 201", Reply(201), [status(200)]),
    failing("status_two", "status: expected 200 or 204, got 302", Reply(302, (("Location", "/x"),)), [status(200, 204)]),
    failing("status_three", "status: expected 200 or 201 or 404, got 500", Reply(500), [status(200, 201, 404)]),
    Case(
        "status_404_wanted",
        [request("GET /gone", expect=[status(404)]), request("GET /broken", expect=[status(500, 503)])],
        [Wire("GET", "/gone"), Wire("GET", "/broken")],
        {"GET /gone": [Reply(404)], "GET /broken": [Reply(503)]},
    ),
]

_EXPECTATIONS = [
    failing("type", "type: expected text/html, got application/json", json("{}"), [TypeExpectation(media_type="text/html")]),
    failing("contains", 'text: body does not contain "Welcome &amp; in"', html("Bye"), [body("contains", "Welcome &amp; in")]),
    failing("contains_not", 'text: body contains "Bye"', html("Bye"), [body("contains", "Bye", negated=True)]),
    failing(
        "contains_odd",
        f'text: body does not contain "{_ODD}"',
        html("Bye"),
        [body("contains", _ODD)],
        good=html(f"x {_ODD} y"),
    ),
    failing("matches", 'text: body does not match "We[a-z]+e"', html("Bye"), [body("matches", "We[a-z]+e")]),
    failing("matches_not", 'text: body matches "B.e"', html("Bye"), [body("matches", "B.e", negated=True)]),
    failing("equals", 'text: body does not equal "ok"', Reply(body=b"ok "), [body("equals", "ok")], good=Reply()),
    failing(
        "equals_not", 'text: body equals "ok"', Reply(body=b"ok"), [body("equals", "ok", negated=True)], good=Reply(body=b"OK")
    ),
    failing(
        "header_contains",
        'text: header X-Mode does not contain "on"',
        Reply(headers=(("X-Mode", "off"),)),
        [body("contains", "on", header="X-Mode")],
    ),
    failing("header_missing", "text: header X-Mode is missing", Reply(), [body("exists", header="X-Mode")]),
    failing(
        "header_present", "text: header X-Bad is present", Reply(headers=(("X-Bad", "1"),)), [body("exists", None, True, "X-Bad")]
    ),
    failing(
        "json_value",
        'json: $.state is not "paid"',
        json('{"state": "open"}'),
        [JsonExpectation(path="$.state", equals=t("paid"))],
        good=json('{"state": "paid"}'),
    ),
    failing(
        "json_value_not",
        'json: $.state is "open"',
        json('{"state": "open"}'),
        [JsonExpectation(path="$.state", equals=t("open"), negated=True)],
        good=json('{"state": "paid"}'),
    ),
    failing(
        "json_number",
        'json: $.n is not "1.50"',
        json('{"n": 1.5}'),
        [JsonExpectation(path="$.n", equals=t("1.50"))],
        good=json('{"n": 1.50}'),
    ),
    failing(
        "json_missing", "json: $.x.y not found", json('{"x": {}}'), [JsonExpectation(path="$.x.y")], good=json('{"x": {"y": 0}}')
    ),
    failing("json_found", "json: $.x found", json('{"x": 1}'), [JsonExpectation(path="$.x", negated=True)], good=json("{}")),
    failing("json_not_json", "json: $.x not found", html("<p>"), [JsonExpectation(path="$.x")], good=json('{"x": true}')),
    failing(
        "time",
        re.compile(r"time: expected less than 300 ms, took \d+ ms"),
        Reply(delay=0.6),
        [TimeExpectation(less_than=300)],
        good=Reply(),
    ),
]

_SOFT_FAILURES = [
    failing(f"soft_{name}", f"soft failure: {reason}", bad, [_SOFT])
    for name, reason, bad in (
        ("error", "json member `error`", json('{"error": {"code": 5}}')),
        ("errors", "json member `errors`", json('{"data": null, "errors": [{"message": "no"}]}')),
        (
            "success",
            "json member `success`",
            Reply(200, (("Content-Type", "application/problem+json; charset=utf-8"),), b'{"success":false}'),
        ),
        ("ok", "json member `ok`", json('{"ok": false}')),
        ("status", "json member `status`", json('{"status": "error"}')),
        ("title", "error title", html("<html><title>Service Unavailable</title>")),
        ("login", "login form", html("<form><input name=p type='password'></form>")),
        ("trace", "exception text", html("<pre>Traceback (most recent call last):\n x</pre>")),
        ("oracle", "exception text", Reply(body=b"ORA-00942: no table")),
        ("message", "error message", html('<title>Edit</title><ul class="errorlist"><li>No name</li></ul>')),
        ("heading", "error message", html("<title>Shop</title><h1>Something went wrong</h1>")),
        ("abroad_title", "error title", html("<title>Laden - Zugriff verweigert</title>")),
        ("abroad_heading", "error message", html("<title>Shop</title><h1>Une erreur s’est produite.</h1>")),
        ("abroad_heading_2", "error message", html("<title>Shop</title><h1>页面不存在</h1>")),
    )
] + [
    Case(
        "soft_fine",
        [
            request(f"GET /{i}", expect=[_SOFT if i < 6 else SoftFailureExpectation(ignored=("login form", "error message"))])
            for i in range(8)
        ],
        [Wire("GET", f"/{i}") for i in range(8)],
        {
            "GET /0": [json('{"error": null, "errors": [], "success": true, "ok": 1, "status": "fine"}')],
            "GET /1": [json('[{"error": "x"}]')],
            "GET /2": [json('{"nested": {"error": "x"}}')],
            "GET /3": [Reply(302, (("Content-Type", "text/html"), ("Location", "/x")), b"<title>Error</title>")],
            "GET /4": [Reply(body=b'<input type="password"><title>Error</title>')],
            "GET /5": [html('<title>All fine</title><input type=text><div class="alert alert-danger"></div>')],
            "GET /6": [html('<input type="password">')],
            "GET /7": [html('<p class="error">No</p>')],
        },
    )
]

_MISSES = [
    failing(f"miss_{name}", f"extraction: f_miss_{name} not found ({describe_source(source)})", bad, capture=source, good=good)
    for name, source, bad, good in (
        ("json", json_at("$.a.b"), json('{"a": {}}'), json('{"a": {"b": "x"}}')),
        ("json_null", json_at("$.a"), json('{"a": null}'), json('{"a": 0}')),
        ("css", css("#a", "data-x"), html("<p id=a>"), _FINE),
        ("css_text", css("p b"), html("<p id=a>"), html("<p><b></b>")),
        ("regex", regex('Welcome ([a-z"]+)'), html("Bye"), html("Welcome x")),
        ("boundary", between("<p", "</p>"), html("<p>"), _FINE),
        ("header", header_of("X-Mode"), Reply(), _FINE),
        ("header_pattern", header_of("X-Mode", "o([a-z])"), Reply(headers=(("X-Mode", "x"),)), _FINE),
        ("cookie", cookie("s"), Reply(headers=(("Set-Cookie", "ss=1"),)), _FINE),
        ("redirect", redirect(), Reply(), _FINE),
    )
] + [
    failing(
        "miss_occurrence",
        re.compile(r"extraction: f_miss_occurrence not found \(.*#c.*\)"),
        html("<p class=c id=c>one</p>"),
        capture=Capture(name="f_miss_occurrence", source=css("p#c"), occurrence=2),
        good=html("<p id=c>one</p><p id=c>two</p>"),
    )
]

_NETWORK = [
    failing("drop", re.compile("network: .+"), Reply(drop=True)),
    failing("timeout", re.compile("network: .+"), Reply(delay=2), timeout=700),
    Case(
        "fail_refused",
        [request(("GET", "http://127.0.0.1:9/fail_refused"), name="refused", absolute=True), request("GET /never")],
        [],
        iterations=2,
        failures=[Failed("refused", re.compile("network: .+"))] * 2,
        samples=2,
    ),
]

_ORDER = [
    Case(
        "fail_in_parallel",
        [
            Parallel(
                requests=(
                    request("GET /a", name="a"),
                    request("GET /b", name="b"),
                    request("GET /c", name="c", capture={"p_x": json_at("$.x")}),
                )
            ),
            request("GET /after", name="after"),
        ],
        [Wire("GET", target) for target in ("/a", "/a", "/after", "/b", "/b", "/c", "/c")],
        {"GET /c": [Reply(delay=0.2), json('{"x": 1}')]},
        iterations=2,
        failures=[Failed("c", "extraction: p_x not found (json $.x)")],
        unordered=True,
    ),
    Case(
        "fail_second_step",
        [request("GET /one", name="one")],
        [Wire("GET", target) for target in ("/one", "/two", "/one", "/two", "/three")],
        {"GET /two": [Reply(403), Reply()]},
        then=[
            Step(name="step fail_second_step 2", actions=(request("GET /two", name="two"),)),
            Step(name="step fail_second_step 3", actions=(request("GET /three", name="three"),)),
        ],
        iterations=2,
        runs=5,
        failures=[Failed("two", "status: expected 200 to 399, got 403")],
    ),
    Case(
        "fail_on_a_variable",
        [
            let("e_name", 'A "b" \\ ${c}'),
            request(
                "GET /first",
                name="first",
                expect=[TextExpectation(relation="contains", value=t("Hi ", ref("e_name")))],
            ),
            request("GET /after", name="after", expect=[JsonExpectation(path="$.n", equals=t(ref("e_name")))]),
        ],
        [Wire("GET", "/first"), Wire("GET", "/first"), Wire("GET", "/after")],
        {"GET /first": [Reply(), Reply(body=b'Hi A "b" \\ ${c}!')], "GET /after": [json('{"n": "other"}')]},
        iterations=2,
        failures=[
            Failed("first", 'text: body does not contain "Hi A "b" \\ ${c}"'),
            Failed("after", 'json: $.n is not "A "b" \\ ${c}"'),
        ],
    ),
    Case(
        "fail_on_a_secret",
        [
            request(
                "GET /first",
                name="first",
                expect=[TextExpectation(relation="contains", value=t("Hi ", ref("hidden_word")))],
            )
        ],
        [Wire("GET", "/first")],
        {"GET /first": [html("Bye")]},
        secrets={"hidden_word": "pa55word"},
        failures=[Failed("first", 'text: body does not contain "…"')],
    ),
    Case(
        "fail_first_reason",
        [
            request(
                "GET /first",
                name="first",
                expect=[body("contains", "nothing"), JsonExpectation(path="$.x")],
                capture={"o_miss": json_at("$.y")},
            )
        ],
        [Wire("GET", "/first")],
        {"GET /first": [json("{}")]},
        failures=[Failed("first", 'text: body does not contain "nothing"')],
    ),
    Case(
        "fail_default_status_first",
        [request("GET /first", name="first", expect=[body("contains", "nothing")])],
        [Wire("GET", "/first")],
        {"GET /first": [Reply(500)]},
        failures=[Failed("first", "status: expected 200 to 399, got 500")],
    ),
    Case(
        "fail_stale",
        [
            request("GET /source", name="source", capture={"stale": json_at("$.t")}),
            request(("GET", t("/use/", ref("stale"))), name="use"),
        ],
        [
            Wire("GET", "/source"),
            Wire("GET", "/use/one"),
            Wire("GET", "/source"),
            Wire("GET", "/source"),
            Wire("GET", "/use/three"),
        ],
        {"GET /source": [json('{"t": "one"}'), json("{}"), json('{"t": "three"}')]},
        iterations=3,
        failures=[Failed("source", "extraction: stale not found (json $.t)")],
    ),
    Case(
        "fail_defaults",
        [request("GET /first", name="first"), request("GET /second", name="second", expect=[body("contains", "never")])],
        [Wire("GET", "/first"), Wire("GET", "/first"), Wire("GET", "/second")],
        {"GET /first": [json('{"error": "x"}'), json("{}")], "GET /second": [json('{"ok": false}')]},
        iterations=2,
        failures=[Failed("first", "soft failure: json member `error`"), Failed("second", 'text: body does not contain "never"')],
        defaults=SOFT,
    ),
]

CASES = [*_STATUS, *_EXPECTATIONS, *_SOFT_FAILURES, *_MISSES, *_NETWORK, *_ORDER]
