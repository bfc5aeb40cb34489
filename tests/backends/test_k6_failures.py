"""What fails, when, and what it says. Needs k6."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from error_messages import SAYING, SILENT
from k6_support import Answer, Seen, Server, closed, get, plan, post, ref, run, serving, t

from loadwright.compiler.plan.model import (
    Capture,
    CssSource,
    Defaults,
    HeaderSource,
    Journey,
    Parallel,
    Secret,
    SoftFailureExpectation,
    StatusExpectation,
    Step,
    TextBody,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.soft_failure import soft_failure

SECRET = "s3cr3t-värde"


def failing_first(seen: Seen, server: Server) -> Answer:
    return Answer(500 if len(server.bodies("/first")) == 1 else 200)


def test_a_failed_request_ends_the_iteration_and_the_next_one_starts(tmp_path: Path) -> None:
    with serving() as server:
        server.answer = lambda seen: failing_first(seen, server)
        nodes = (
            Step(name="One", actions=(get("/first"), get("/second"))),
            Step(name="Two, then: ::done", actions=(get("/third"),)),
        )
        made = plan(server.url).model_copy(
            update={"journeys": (Journey(name="visit", nodes=nodes),), "loads": (closed(iterations=2),)}
        )
        done = run(made, tmp_path)
        assert [seen.target for seen in server.seen] == ["/first", "/first", "/second", "/third"]
    first, *others = done.requests
    assert (first.name, first.step, first.status, first.ok, first.failure) == ("GET /first", "One", 500, False, "status")
    assert first.message == "status: expected 200 to 399, got 500"
    assert [(s.name, s.step, s.ok, s.message) for s in others] == [
        ("GET /first", "One", True, ""),
        ("GET /second", "One", True, ""),
        ("GET /third", "Two, then: ::done", True, ""),
    ]
    assert [(s.name, s.ok, s.message) for s in done.steps] == [
        ("One", False, first.message),
        ("One", True, ""),
        ("Two, then: ::done", True, ""),
    ]
    assert "GET /first: status: expected 200 to 399, got 500" in done.log


def test_the_first_thing_that_fails_is_the_reason_in_the_order_of_the_plan(tmp_path: Path) -> None:
    text = TextExpectation(relation="contains", value=t("Welcome"))
    wrong_status = StatusExpectation(statuses=(201, 204))
    missed = Capture(name="csrf", source=CssSource(selector="input[name=csrf]", attribute="value"))
    defaults = Defaults(expectations=(TypeExpectation(media_type="text/html"), wrong_status))
    own_type = TypeExpectation(media_type="Text/Plain")
    cases = {
        "/defaults": (get("/defaults"), "type: expected text/html, got text/plain"),
        "/late": (get("/late", expectations=(own_type,)), "status: expected 201 or 204, got 200"),
        "/text": (get("/text", expectations=(text, own_type)), 'text: body does not contain "Welcome"'),
        "/first": (get("/first", expectations=(wrong_status, text)), "status: expected 201 or 204, got 200"),
        "/capture": (
            get("/capture", expectations=(StatusExpectation(statuses=(200,)), own_type), captures=(missed,)),
            "extraction: csrf not found (css input[name=csrf] @value)",
        ),
        "/time": (
            get(
                "/time",
                expectations=(StatusExpectation(statuses=(200,)), own_type, TimeExpectation(less_than=0)),
                captures=(missed,),
            ),
            "time: expected less than 0 ms, took ",
        ),
    }
    for path, (request, message) in cases.items():
        with serving() as server:
            done = run(plan(server.url, request, defaults=defaults), tmp_path)
        assert [m.startswith(message) for m in done.messages] == [True], (path, done.messages)


SOFT = [
    ("application/json", '{"error": "x"}'),
    ("application/json", '{"error": 0, "errors": []}'),
    ("application/json", '{"errors": [1]}'),
    ("application/json; charset=utf-8", '{"error": {}, "success": false}'),
    ("application/problem+json", '{"ok": false}'),
    ("application/json", '{"status": "fail"}'),
    ("application/json", '{"status": "ok", "ok": 0, "success": null}'),
    ("application/json", '[{"error": 1}]'),
    ("application/json", '{"error": tru'),
    ("text/plain", '{"error": 1}'),
    ("text/html", "<title>An Error occurred</title>"),
    ("TEXT/HTML", "<form><input type='password'></form>"),
    ("text/html", "<title>Fine</title>Traceback (most recent call last)"),
    ("text/plain", "ORA-01234: no"),
    ("image/png", "ORA-01234: no"),
    ("application/json", '{"text": "Unhandled exception"}'),
    ("application/json", '{"__proto__": {"error": 1}}'),
    ("application/json", "null"),
    ("text/html", "<title>" + "x" * 90 + "Error</title>"),
    ("application/json", '{"error": "", "errors": {"a": 1}}'),
    *(("text/html", page) for page in (*SAYING, *SILENT)),
    ("text/plain", SAYING[0]),
]


@pytest.mark.parametrize("ignored", [(), ("login form", "json member"), ("error title", "exception text"), ("error message",)])
def test_soft_failures_are_those_of_the_plan(ignored: tuple[str, ...], tmp_path: Path) -> None:
    wanted = SoftFailureExpectation.model_validate({"ignored": ignored})
    requests = [get(f"/{i}", expectations=(wanted,)) for i in range(len(SOFT))]
    with serving() as server:

        def answer(seen: Seen) -> Answer:
            media_type, body = SOFT[int(seen.target[1:])]
            return Answer(200, body.encode(), (("Content-Type", media_type),))

        server.answer = answer
        done = run(plan(server.url, Parallel(requests=tuple(requests))), tmp_path)
    found = {s.name: s.message for s in done.requests}
    reasons = [soft_failure(200, media_type, body, ignored) for media_type, body in SOFT]
    assert found == {f"GET /{i}": f"soft failure: {reason}" if reason else "" for i, reason in enumerate(reasons)}


def test_all_requests_of_a_parallel_group_are_sent_and_reported_when_one_fails(tmp_path: Path) -> None:
    with serving() as server:
        server.answer = lambda seen: Answer({"/b": 404, "/c": 0}.get(seen.target, 200), headers=(("X-A", seen.target),))
        capture = Capture(name="a", source=HeaderSource(name="x-a"))
        group = Parallel(requests=(get("/a", captures=(capture,)), get("/b"), get("/c")))
        done = run(plan(server.url, group, get("/after")), tmp_path)
        assert sorted({seen.target for seen in server.seen}) == ["/a", "/b", "/c"]
    assert [(s.name, s.status, s.failure) for s in done.requests] == [
        ("GET /a", 200, None),
        ("GET /b", 404, "status"),
        ("GET /c", 0, "network"),
    ]
    assert done.requests[2].message.startswith("network: ")
    assert done.steps[0].message == "status: expected 200 to 399, got 404"


@pytest.mark.parametrize("together", [False, True])
def test_without_an_answer_the_request_fails_and_no_url_is_told(together: bool, tmp_path: Path) -> None:
    url = t("/path?key=", ref("key"))
    request = get("/x", url=url)
    action = Parallel(requests=(request,)) if together else request
    made = plan("http://127.0.0.1:1", action, secrets=(Secret(name="key", env="KEY"),))
    done = run(made, tmp_path, {"KEY": SECRET})
    assert [(s.status, s.failure) for s in done.requests] == [(0, "network")]
    assert "connection refused" in done.messages[0]
    assert SECRET not in done.log + done.raw.decode() + (tmp_path / "script.js").read_text()
    assert "?key=" not in done.log


@pytest.mark.timed
def test_a_timeout_is_a_network_failure(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answer:
        time.sleep(1)
        return Answer()

    with serving() as server:
        server.answer = answer
        done = run(plan(server.url, get("/slow", timeout=200), defaults=Defaults(timeout=30_000)), tmp_path)
    assert done.messages == ["network: request timeout"]
    assert 190 <= done.requests[0].elapsed < 900


def test_a_name_without_a_value_fails_the_step_and_says_which(tmp_path: Path) -> None:
    with serving() as server:
        made = plan(server.url, get("/ok"), post("/login", TextBody(value=t("x", ref("csrf")))), loads=(closed(iterations=2),))
        done = run(made, tmp_path)
        assert [seen.target for seen in server.seen] == ["/ok", "/ok"]
    assert done.messages == ["script: no value for `csrf`"] * 2
    assert [(s.step, s.failure) for s in done.requests if not s.ok] == [("Visit", "script")] * 2
    assert done.exit_code == 99
    assert "Uncaught" not in done.log


def test_a_pattern_that_javascript_does_not_take_fails_its_request_alone(tmp_path: Path) -> None:
    bad = TextExpectation(relation="matches", value=t("(?#comment)a++"))
    with serving() as server:
        done = run(plan(server.url, get("/a"), get("/b", expectations=(bad,)), get("/c")), tmp_path)
        assert [seen.target for seen in server.seen] == ["/a", "/b"]
    assert [s.failure for s in done.requests] == [None, "script"]


def test_users_are_not_stopped_by_what_the_log_would_hold(tmp_path: Path) -> None:
    """A failure that repeats is told once per user, and counted each time."""
    with serving() as server:
        server.answer = lambda seen: Answer(500)
        done = run(plan(server.url, get("/a"), loads=(closed(2, 10),)), tmp_path)
    assert len(done.messages) == 20
    assert done.log.count("GET /a: status: expected 200 to 399, got 500") == 2


def test_k6_itself_counts_expected_statuses_as_fine(tmp_path: Path) -> None:
    with serving() as server:
        server.answer = lambda seen: Answer(404)
        done = run(plan(server.url, get("/a", expectations=(StatusExpectation(statuses=(404,)),))), tmp_path)
    points = [json.loads(line) for line in done.raw.splitlines()]
    failed = [p["data"]["value"] for p in points if p["metric"] == "http_req_failed" and p["type"] == "Point"]
    assert (failed, done.messages) == ([0], [])
