"""What a run of the script does besides sending requests: failures, steps, data, secrets, goals. Needs k6."""

from __future__ import annotations

import json
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from k6_support import Answer, Seen, Server, get, header, plan, post, ref, run, serving, t

from loadwright.compiler.plan.model import (
    Capture,
    ClosedModel,
    CssSource,
    DataSource,
    Defaults,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    Goal,
    HeaderSource,
    Journey,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    Load,
    MultipartBody,
    OpenModel,
    Parallel,
    Plan,
    Secret,
    SoftFailureExpectation,
    StatusExpectation,
    Step,
    Target,
    TextBody,
    TextExpectation,
    Think,
    TimeExpectation,
    TypeExpectation,
    ValuePart,
    Variable,
    Workload,
)
from loadwright.compiler.plan.render import evaluate, json_template
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.plan.template import DataField, call

NASTY = "\"'\\${x}{{x}}`\n</stringProp>\u2028😀1e999\t\x00é"
SECRET = "s3cr3t-värde"


def closed(
    users: int = 1, iterations: int | None = None, duration: int | None = None, ramp: int = 0, journey: str = "visit"
) -> Load:
    model = ClosedModel(users=users, iterations=iterations, duration=duration, ramp=ramp)
    return Load(name="load", workloads=(Workload(journey=journey, model=model),))


def failing_first(seen: Seen, server: Server) -> Answer:
    return Answer(500 if len(server.bodies("/first")) == 1 else 200)


def test_bodies_are_on_the_wire_as_the_plan_says(tmp_path: Path) -> None:
    data = bytes(range(256))
    (tmp_path / "all.bin").write_bytes(data)
    members = (
        JsonMember(name="n", value=JsonNumber(value=t("1.50"))),
        JsonMember(name="1", value=JsonText(value=t(NASTY))),
        JsonMember(name="n", value=JsonConstant(value="null")),
        JsonMember(name="v", value=JsonArray(items=(JsonText(value=t(NASTY, ref("x"))), JsonNumber(value=t(ref("n")))))),
        JsonMember(name=NASTY, value=JsonNumber(value=t("1e999"))),
    )
    plain: JsonValue = JsonObject(
        members=(JsonMember(name="a", value=JsonArray(items=(JsonText(value=t(NASTY)), JsonNumber(value=t("-0.25"))))), members[3]),
    )
    exact = JsonObject(members=members)
    parts = (
        ValuePart(name='a"b', value=t(NASTY)),
        FilePart(name="f", path="all.bin", filename='ü".bin', media_type="image/png"),
        ValuePart(name='a"b', value=t(ref("x"))),
    )
    form = FormBody(fields=(FormField(name=t("a b"), value=t(NASTY)), FormField(name=t("a b"), value=t(ref("x"), "~*"))))
    actions = (
        Variable(name="x", value=t(NASTY)),
        Variable(name="n", value=t("12345678901234567890")),
        post("/form", form),
        post("/empty", FormBody(fields=())),
        post("/plain", JsonBody(value=plain.model_copy(update={"members": plain.members[:1]}))),
        post("/exact", JsonBody(value=exact)),
        post("/mixed", JsonBody(value=plain)),
        post("/text", TextBody(value=t(NASTY, ref("x")), media_type="text/x-nasty")),
        post(
            "/own", TextBody(value=t("a")), headers=(header("content-type", "text/own"), header("X-Two", "1"), header("x-two", "2"))
        ),
        post("/file", FileBody(path="all.bin")),
        post("/parts", MultipartBody(parts=parts)),
        Parallel(requests=(post("/batch", FileBody(path="all.bin", media_type="a/b")), get("/batch"))),
    )
    with serving() as server:
        done = run(plan(server.url, *actions, defaults=Defaults(headers=(header("X-Two", "0"),))), tmp_path)
        assert not done.messages, done.log
        seen = {request.target: request for request in server.seen if request.method == "POST"}
    values = {"x": NASTY, "n": "12345678901234567890"}
    assert seen["/form"].header("Content-Type") == "application/x-www-form-urlencoded"
    assert seen["/form"].body.count(b"&") == 1
    assert b"a+b=" in seen["/form"].body
    assert seen["/form"].body.endswith(b"%C3%A9%7E*")
    assert (seen["/empty"].body, seen["/empty"].header("Content-Length")) == (b"", "0")
    first_only = plain.model_copy(update={"members": plain.members[:1]})
    for path, value in (("/plain", first_only), ("/exact", exact), ("/mixed", plain)):
        assert seen[path].body.decode() == evaluate(json_template(value), values)
        assert seen[path].header("Content-Type") == "application/json"
    assert seen["/text"].body.decode() == NASTY + NASTY
    assert seen["/text"].header("Content-Type") == "text/x-nasty"
    assert [value for key, value in seen["/own"].headers if key.lower() == "content-type"] == ["text/own"]
    assert [value for key, value in seen["/own"].headers if key.lower() == "x-two"] == ["1, 2"]
    assert seen["/file"].header("X-Two") == "0"
    assert (seen["/file"].body, seen["/batch"].body) == (data, data)
    boundary = (seen["/parts"].header("Content-Type") or "").partition("boundary=")[2].encode()
    chunks = seen["/parts"].body.split(b"--" + boundary)
    disposition = b"\r\nContent-Disposition: form-data; name="
    assert chunks == [
        b"",
        disposition + b'"a%22b"\r\n\r\n' + NASTY.encode() + b"\r\n",
        disposition + b'"f"; filename="\xc3\xbc%22.bin"\r\nContent-Type: image/png\r\n\r\n' + data + b"\r\n",
        disposition + b'"a%22b"\r\n\r\n' + NASTY.encode() + b"\r\n",
        b"--\r\n",
    ]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/a%2Fb%7c;p=1/(x)*'!$&+,=:@~", "/a%2Fb%7c;p=1/(x)*'!$&+,=:@~"),
        ('/q?a=|^`{}"<>[]\\%zz&b=%2f', '/q?a=|^`{}"<>[]\\%zz&b=%2f'),
        ("/a|b%2f c%zzé😀\n", "/a%7Cb%2f%20c%25zz%C3%A9%F0%9F%98%80%0A"),
        ("/a?b c\té#fragment", "/a?b%20c%09%C3%A9"),
        ("/a/../b//c/./", "/a/../b//c/./"),
        ("?x=1", "/?x=1"),
    ],
)
def test_urls_are_on_the_wire_as_the_plan_says_where_k6_can_send_them(written: str, sent: str, tmp_path: Path) -> None:
    with serving() as server:
        done = run(plan(server.url, get(written)), tmp_path)
        assert not done.messages, done.log
        assert [seen.target for seen in server.seen] == [sent]


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


def test_samples_have_the_time_of_the_request_and_steps_leave_pauses_out(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answer:
        time.sleep(0.15)
        return Answer()

    with serving() as server:
        server.answer = answer
        together = Parallel(requests=(get("/p"), get("/q")))
        before = time.time() * 1000
        done = run(plan(server.url, get("/a"), Think(minimum=400, maximum=500), together), tmp_path)
    assert {s.name: s.ok for s in done.requests} == {"GET /a": True, "GET /p": True, "GET /q": True}
    for sample in done.requests:
        assert 150 <= sample.elapsed < 390
        assert before <= sample.started <= time.time() * 1000
    a, p, q = done.requests
    assert p.started - (a.started + a.elapsed) >= 390
    assert abs(p.started - q.started) < 100
    assert 300 <= done.steps[0].elapsed < 650


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
]


@pytest.mark.parametrize("ignored", [(), ("login form", "json member"), ("error title", "exception text")])
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


def test_a_timeout_is_a_network_failure(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answer:
        time.sleep(1)
        return Answer()

    with serving() as server:
        server.answer = answer
        done = run(plan(server.url, get("/slow", timeout=200), defaults=Defaults(timeout=30_000)), tmp_path)
    assert done.messages == ["network: request timeout"]
    assert 190 <= done.requests[0].elapsed < 900


def test_secrets_are_sent_but_never_shown(tmp_path: Path) -> None:
    variables = (Variable(name="auth", value=t("user:", ref("key"))),)
    expectation = TextExpectation(relation="contains", value=t(call("base64", ref("auth"))))
    actions = (
        get(
            "/x",
            headers=({"name": "Authorization", "value": t("Basic ", call("base64", ref("auth")))},),
            expectations=(expectation,),
        ),
    )
    with serving() as server:
        done = run(
            plan(server.url, *actions, variables=variables, secrets=(Secret(name="key", env="KEY"),)), tmp_path, {"KEY": SECRET}
        )
        assert evaluate(t(call("base64", f"user:{SECRET}")), {}) in (server.seen[0].header("Authorization") or "")
    assert done.messages == ['text: body does not contain "…"']
    assert SECRET not in done.log + done.raw.decode()


def test_a_missing_secret_stops_the_run_before_the_first_request(tmp_path: Path) -> None:
    with serving() as server:
        done = run(
            plan(server.url, get("/"), secrets=(Secret(name="key", env="KEY_THAT_IS_NOT_SET"),)),
            tmp_path,
            {"KEY_THAT_IS_NOT_SET": ""},
        )
        assert not server.seen
    assert done.exit_code == 108
    assert "not set: KEY_THAT_IS_NOT_SET" in done.log


def test_a_name_without_a_value_fails_the_step_and_says_which(tmp_path: Path) -> None:
    with serving() as server:
        made = plan(server.url, get("/ok"), post("/login", TextBody(value=t("x", ref("csrf")))), loads=(closed(iterations=2),))
        done = run(made, tmp_path)
        assert [seen.target for seen in server.seen] == ["/ok", "/ok"]
    assert done.messages == ["script: no value for `csrf`"] * 2
    assert [(s.step, s.failure) for s in done.requests if not s.ok] == [("Visit", "script")] * 2
    assert done.exit_code == 0
    assert "Uncaught" not in done.log


def test_a_pattern_that_javascript_does_not_take_fails_its_request_alone(tmp_path: Path) -> None:
    bad = TextExpectation(relation="matches", value=t("(?#comment)a++"))
    with serving() as server:
        done = run(plan(server.url, get("/a"), get("/b", expectations=(bad,)), get("/c")), tmp_path)
        assert [seen.target for seen in server.seen] == ["/a", "/b"]
    assert [s.failure for s in done.requests] == [None, "script"]


def test_cookies_live_for_an_iteration_and_redirects_are_followed_on_request(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answer:
        if seen.target == "/set":
            return Answer(302, headers=(("Set-Cookie", "sid=1; Path=/"), ("Location", "/landed?a=b")))
        return Answer()

    with serving() as server:
        server.answer = answer
        made = plan(server.url, get("/start"), get("/set"), get("/set", redirects="follow"), loads=(closed(iterations=2),))
        done = run(made, tmp_path)
        assert not done.messages, done.log
        seen = [(s.target, s.header("Cookie")) for s in server.seen]
    once = [("/start", None), ("/set", None), ("/set", "sid=1"), ("/landed?a=b", "sid=1")]
    assert seen == once * 2
    assert [s.status for s in done.requests] == [200, 302, 200] * 2


@pytest.mark.parametrize("order", ["sequential", "random"])
def test_each_iteration_of_any_user_takes_the_next_row(order: str, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(
        '\ufeffname,"say ""hi"""\r\n"a, b","x\r\ny"\r\nc\r\n\r\n"d",""\n', encoding="utf-8", newline=""
    )
    source = DataSource.model_validate({"name": "users", "path": "users.csv", "columns": ["name", 'say "hi"'], "order": order})
    body = TextBody(value=t(DataField(data="users", column="name"), "|", DataField(data="users", column='say "hi"')))
    with serving() as server:
        done = run(plan(server.url, post("/row", body), data=(source,), loads=(closed(2, 3),)), tmp_path)
        assert not done.messages, done.log
        rows = Counter(server.bodies("/row"))
    assert rows == {b"a, b|x\r\ny": 2, b"c|": 2, b"d|": 2}


def test_the_user_stops_when_the_rows_are_used_up(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("name\na\nb\nc\n")
    source = DataSource(name="users", path="users.csv", columns=("name",), on_end="stop")
    request = post("/row", TextBody(value=t(DataField(data="users", column="name"))))
    for load in (closed(2, 5), closed(2, duration=2000)):
        with serving() as server:
            done = run(plan(server.url, request, data=(source,), loads=(load,)), tmp_path)
            assert sorted(server.bodies("/row")) == [b"a", b"b", b"c"]
        assert not done.messages
        assert len(done.steps) == 3


def test_journeys_that_share_data_take_different_rows(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("name\n" + "".join(f"r{i}\n" for i in range(12)))
    source = DataSource(name="users", path="users.csv", columns=("name",))
    request = post("/row", TextBody(value=t(DataField(data="users", column="name"))))
    with serving() as server:
        journeys = tuple(Journey(name=n, nodes=(Step(name=f"Step {n}", actions=(request,)),)) for n in ("one", "two"))
        workloads = tuple(Workload(journey=n, model=ClosedModel(users=2, iterations=3)) for n in ("one", "two"))
        target = Target(name="app", url=server.url)
        made = Plan(name="p", targets=(target,), data=(source,), journeys=journeys, loads=(Load(name="l", workloads=workloads),))
        run(made, tmp_path)
        assert sorted(server.bodies("/row")) == sorted(f"r{i}".encode() for i in range(12))


def test_goals_are_thresholds_that_fail_the_run(tmp_path: Path) -> None:
    goals = {
        "request_duration": Goal(metric="percentile", percentile=Decimal(95), relation="<", value=Decimal(0)),
        "step_duration{step:Visit}": Goal(metric="max", of="Visit", relation="<", value=Decimal("0.0")),
        "request_duration{name:GET /a}": Goal(metric="mean", of="GET /a", relation="<=", value=Decimal(0)),
        "checks": Goal(metric="failures", relation="<", value=Decimal("0.01")),
        "request_failures{kind:soft failure}": Goal(metric="soft_failures", relation="=", value=Decimal(0)),
        "request_failures{kind:extraction,step:Visit}": Goal(
            metric="extraction_misses", of="Visit", relation=">", value=Decimal(0)
        ),
        "request_duration{goal:1}": Goal(metric="max", of="GET, /b", relation="<", value=Decimal(0)),
        "http_reqs": Goal(metric="throughput", relation=">", value=Decimal(100_000)),
    }
    failing = get("/b", name="GET, /b", expectations=(SoftFailureExpectation(),))
    with serving() as server:
        server.answer = lambda seen: Answer(200, b'{"error":1}', (("Content-Type", "application/json"),))
        done = run(plan(server.url, get("/a"), failing, goals=tuple(goals.values())), tmp_path)
        assert done.exit_code == 99
        crossed = done.log.partition("thresholds on metrics '")[2].partition("' have been crossed")[0].split(", ")
        assert sorted(crossed) == sorted(goals), done.log
        easy = [g.model_copy(update={"value": Decimal(10**6)}) for g in goals.values() if g.relation in ("<", "<=")]
        assert run(plan(server.url, get("/a"), goals=tuple(easy)), tmp_path).exit_code == 0


def test_the_target_and_the_load_come_from_the_environment(tmp_path: Path) -> None:
    with serving() as server:
        made = plan("http://127.0.0.1:1/nowhere", get("/a"), loads=(closed(1, 1),))
        settings = {"LOADWRIGHT_TARGET_APP": server.url + "/prefix/", "LOADWRIGHT_USERS": "2", "LOADWRIGHT_ITERATIONS": "3"}
        done = run(made, tmp_path, settings)
        assert [seen.target for seen in server.seen] == ["/prefix/a"] * 6
    assert len(done.requests) == 6


def test_users_of_a_ramp_start_one_after_the_other(tmp_path: Path) -> None:
    with serving() as server:
        done = run(plan(server.url, get("/a"), loads=(closed(4, iterations=1, ramp=2000),)), tmp_path)
    starts = sorted(s.started for s in done.requests)
    assert [round((s - starts[0]) / 500) for s in starts] == [0, 1, 2, 3]


def test_an_open_load_starts_iterations_at_its_rate(tmp_path: Path) -> None:
    model = OpenModel(rate=Decimal(20), duration=2000)
    load = Load(name="l", workloads=(Workload(journey="visit", model=model),))
    with serving() as server:
        done = run(plan(server.url, get("/a"), loads=(load,)), tmp_path)
    assert 38 <= len(done.requests) <= 42


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
