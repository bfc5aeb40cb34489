"""What a run of the script does besides sending requests: times, data, secrets, goals, load. Needs k6."""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from k6_support import Answer, Seen, closed, get, plan, post, ref, run, serving, t

from loadwright.compiler.plan.model import (
    ClosedModel,
    DataSource,
    Goal,
    Journey,
    Load,
    OpenModel,
    Parallel,
    Plan,
    Secret,
    SoftFailureExpectation,
    Step,
    Target,
    TextBody,
    TextExpectation,
    Think,
    Variable,
    Workload,
)
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.template import DataField, call
from loadwright.compiler.results.collect import Collector
from loadwright.compiler.results.goals import judge
from loadwright.compiler.results.scope import Scope

SECRET = "s3cr3t-värde"


@pytest.mark.timed
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


@pytest.mark.parametrize("order", ["sequential", "shuffled"])
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


def test_thresholds_judge_as_the_goals_of_the_run_do(tmp_path: Path) -> None:
    """Each threshold with what it measures at its edge: k6 and the judge of `loadwright run` agree on every one."""

    def goal(metric: str, relation: str, value: object, subject: str | None = None, of: str | None = None) -> Goal:
        return Goal.model_validate({"metric": metric, "relation": relation, "value": value, "subject": subject, "of": of})

    pairs = {
        "checks": [goal("failures", "<=", "0.3"), goal("failures", "<", "0.1")],
        "checks{journey:visit}": [goal("failures", "<", "0.3", "journey", "visit")],
        "checks{goal_1:yes}": [goal("failures", "=", 1, "tag", "bad")],
        "step_checks{step:Visit}": [goal("failures", ">", "0.6", "name", "Visit")],
        "step_checks{step:Other}": [goal("failures", "<=", "0.6", "name", "Other")],
        "request_failures": [goal("failed_requests", "=", 2)],
        "request_failures{step:Visit}": [goal("failed_requests", "<", 1, "name", "Visit")],
        "request_failures{kind:soft failure,journey:visit}": [goal("soft_failures", "<", 1, "journey", "visit")],
        "http_reqs": [goal("requests", ">=", 9)],
        "http_reqs{name:GET /b}": [goal("requests", "=", 2, "name", "GET /b")],
        "journey_iterations": [goal("iterations", "=", 3)],
        "journey_iterations{journey:visit}": [goal("iterations", ">", 3, "journey", "visit")],
        "request_duration{goal_1:yes}": [goal("min", "<", 0, "tag", "bad")],
    }
    bad = get("/b", tags=("bad",))
    with serving() as server:
        server.answer = lambda seen: Answer(500 if seen.target == "/b" and len(server.seen) > 4 else 200)
        made = plan(server.url, get("/a"), loads=(closed(1, 3),), goals=tuple(g for found in pairs.values() for g in found))
        first = made.journeys[0]
        journey = first.model_copy(update={"nodes": (*first.nodes, Step(name="Other", actions=(get("/c"), bad)))})
        done = run(made.model_copy(update={"journeys": (journey,)}), tmp_path)
    collected = Collector()
    for sample in done.samples:
        collected.add(sample)
    scope = Scope(made.model_copy(update={"journeys": (journey,)}), None)
    missed = {name for name, found in pairs.items() if not all(judge(g, collected, scope).passed for g in found)}
    crossed = done.log.partition("thresholds on metrics '")[2].partition("' have been crossed")[0]
    assert {name for name in pairs if f" {name}," in f" {crossed},"} == missed
    assert 3 < len(missed) < len(pairs)


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
