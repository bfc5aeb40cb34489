"""`loadwright run` on the three real runtimes against a real server; needs `loadwright doctor --install all`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conformance.server import Reply, Server

from loadwright.compiler.plan.model import (
    ClosedModel,
    Goal,
    Header,
    Journey,
    Load,
    OpenModel,
    Plan,
    Request,
    Secret,
    Step,
    Target,
    TextExpectation,
    Think,
    Workload,
)
from loadwright.compiler.plan.template import Call, Reference, template
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.summary import Summary
from loadwright.compiler.runtimes.pins import NAMES

each_runtime = pytest.mark.parametrize("runtime", NAMES)
LONG = Load(name="long", workloads=(Workload(journey="buy", model=ClosedModel(users=1, duration=600_000)),))
SECRET = 'hunter2-\\${x}"'


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def request(method: str, path: str, **more: object) -> Request:
    return Request.model_validate(
        {"name": f"{method} {path}", "method": method, "target": "shop", "url": template(f"/shop{path}"), **more}
    )


def plan(*goals: Goal, second: Request | None = None, **more: object) -> Plan:
    steps = (
        Step(name="Open the shop", actions=(request("GET", "/"),)),
        Step(name="Buy it", actions=(second or request("POST", "/buy"), request("GET", "/thanks"))),
    )
    fields = {"name": "Shop", "targets": (Target(name="shop", url="http://127.0.0.1:9"),), "goals": goals}
    return Plan.model_validate({**fields, "journeys": (Journey(name="buy", nodes=steps),), **more})


def goal(metric: str, relation: str, value: float, **more: object) -> Goal:
    return Goal.model_validate({"metric": metric, "relation": relation, "value": str(value), **more})


def argv(folder: Path, content: Plan, runtime: str, server: Server, *options: str) -> list[str]:
    source = folder / "shop.plan.json"
    source.write_text(content.model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-m", "loadwright.compiler.cli.main", "run", str(source), "--on", runtime]
    return [*command, "--target", f"shop={server.urls[0]}", "--results", str(folder / "results"), *options]


def run(
    folder: Path, content: Plan, runtime: str, server: Server, *options: str, env: Mapping[str, str] | None = None
) -> tuple[subprocess.CompletedProcess[str], Summary]:
    environment = {**os.environ, "COLUMNS": "140", "NO_COLOR": "1", **(env or {})}
    command = argv(folder, content, runtime, server, *options)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done, Summary.model_validate_json((folder / "results" / "summary.json").read_bytes())


def received(server: Server) -> Counter[str]:
    return Counter(f"{item.method} {item.target.removeprefix('/shop')}" for item in server.take())


@each_runtime
def test_every_user_makes_every_iteration_and_the_summary_counts_them(tmp_path: Path, server: Server, runtime: str) -> None:
    goals = (goal("percentile", "<", 5000, percentile="95"), goal("max", "<", 5000, of="Buy it"), goal("failures", "=", 0))
    done, summary = run(tmp_path, plan(*goals), runtime, server, "--users", "3", "--iterations", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    assert received(server) == {"GET /": 12, "POST /buy": 12, "GET /thanks": 12}
    assert (summary.verdict, summary.totals.count, summary.totals.failures) == ("passed", 36, 0)
    assert {(r.step, r.name, r.count) for r in summary.requests} == {
        ("Open the shop", "GET /", 12),
        ("Buy it", "POST /buy", 12),
        ("Buy it", "GET /thanks", 12),
    }
    assert {(s.name, s.count) for s in summary.steps} == {("Open the shop", 12), ("Buy it", 12)}
    assert all(g.passed for g in summary.goals)
    lines = (tmp_path / "results" / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    assert Counter(Sample.model_validate_json(line).kind for line in lines) == {"request": 36, "step": 24, "iteration": 12}
    assert "passed: Shop" in done.stdout


@each_runtime
def test_a_failure_is_told_with_its_step_request_reason_and_count(tmp_path: Path, server: Server, runtime: str) -> None:
    server.script = {"shop": {"POST /buy": [Reply(), Reply(500)]}}
    done, summary = run(tmp_path, plan(), runtime, server, "--iterations", "3")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2× Buy it / POST /buy: status: expected 200 to 399, got 500" in done.stdout
    assert received(server) == {"GET /": 3, "POST /buy": 3, "GET /thanks": 1}
    assert (summary.verdict, summary.totals.failures, summary.totals.kinds) == ("failed", 2, {"status": 2})


@each_runtime
def test_the_goals_decide_when_they_speak_of_failures(tmp_path: Path, server: Server, runtime: str) -> None:
    server.script = {"shop": {"GET /thanks": [Reply(404), Reply()]}}
    goals = (goal("failures", "<", 0.5), goal("mean", ">=", 0))
    done, _ = run(tmp_path, plan(*goals), runtime, server, "--iterations", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "goal pass  failures < 50%" in done.stdout


@each_runtime
def test_a_missed_goal_is_exit_code_1_and_told(tmp_path: Path, server: Server, runtime: str) -> None:
    done, _ = run(tmp_path, plan(goal("throughput", ">", 1_000_000)), runtime, server)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "goal MISS  throughput > 1000000/s" in done.stdout


@each_runtime
def test_a_run_that_made_no_request_is_exit_code_3(tmp_path: Path, server: Server, runtime: str) -> None:
    idle = Journey(name="idle", nodes=(Step(name="Wait", actions=(Think(minimum=1, maximum=2),)),))
    done, summary = run(tmp_path, plan(journeys=(idle,)), runtime, server)
    assert (done.returncode, summary.verdict) == (3, "invalid"), done.stdout + done.stderr
    assert "no request was made" in done.stdout


@pytest.mark.timed
@each_runtime
def test_an_arrival_rate_is_kept(tmp_path: Path, server: Server, runtime: str) -> None:
    load = Load(
        name="open", workloads=(Workload(journey="buy", model=OpenModel.model_validate({"rate": "5", "duration": 60_000})),)
    )
    options = ("--rate", "10", "--duration", "4s")
    done, _ = run(tmp_path, plan(loads=(load,)), runtime, server, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    arrivals = [item.started for item in server.log if item.target == "/shop/"]
    assert 36 <= len(arrivals) <= 44
    assert 3 <= max(arrivals) - min(arrivals) <= 4.5


@pytest.mark.timed
@each_runtime
def test_a_closed_load_runs_for_its_time(tmp_path: Path, server: Server, runtime: str) -> None:
    server.script = {"shop": {"GET /": [Reply(delay=0.1)]}}
    done, summary = run(tmp_path, plan(loads=(LONG,)), runtime, server, "--users", "4", "--duration", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 2 <= summary.duration <= 4.5
    assert 60 <= received(server)["GET /"] <= 130


@pytest.mark.timed
@each_runtime
def test_a_duration_on_the_command_line_replaces_the_iterations(tmp_path: Path, server: Server, runtime: str) -> None:
    server.script = {"shop": {"GET /": [Reply(delay=0.1)]}}
    done, summary = run(tmp_path, plan(), runtime, server, "--duration", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 1 <= summary.duration <= 3.5
    assert received(server)["GET /"] >= 8


@pytest.mark.timed
@each_runtime
def test_think_times_can_be_left_out(tmp_path: Path, server: Server, runtime: str) -> None:
    pause = Think(minimum=20_000, maximum=30_000)
    steps = (Step(name="Wait", actions=(request("GET", "/"), pause, request("GET", "/thanks"))),)
    slow = plan(journeys=(Journey(name="buy", nodes=(pause, *steps, pause)),))
    done, summary = run(tmp_path, slow, runtime, server, "--think", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary.duration < 5
    assert received(server) == {"GET /": 1, "GET /thanks": 1}


@pytest.mark.timed
@each_runtime
def test_ctrl_c_ends_the_runtime_and_keeps_what_was_measured(tmp_path: Path, server: Server, runtime: str) -> None:
    server.script = {"shop": {"GET /": [Reply(delay=0.1)]}}
    command = argv(tmp_path, plan(loads=(LONG,)), runtime, server)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while len(server.log) < 10 and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=40)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    server.take()
    time.sleep(1)
    assert server.take() == []
    summary = Summary.model_validate_json((tmp_path / "results" / "summary.json").read_bytes())
    assert summary.verdict == "interrupted"
    assert summary.totals.count >= 5


@each_runtime
def test_a_secret_is_sent_and_stands_in_no_file_and_no_output(tmp_path: Path, server: Server, runtime: str) -> None:
    token = template("Bearer ", Reference(name="token"))
    wrong = TextExpectation(relation="contains", value=template(Reference(name="token")))
    url = template("/shop/buy?key=", Call(function="urlencode", arguments=(template(Reference(name="token")),)))
    second = request("POST", "/buy", headers=[Header(name="Authorization", value=token)], expectations=[wrong])
    second = second.model_copy(update={"url": url})
    secret = Secret(name="token", env="SHOP_TOKEN")
    done, summary = run(tmp_path, plan(second=second, secrets=(secret,)), runtime, server, env={"SHOP_TOKEN": SECRET})
    assert done.returncode == 1, done.stdout + done.stderr
    assert [item.header("Authorization") for item in server.take() if item.method == "POST"] == [f"Bearer {SECRET}"]
    assert summary.failures[0].message == 'text: body does not contain "…"'
    for path in (tmp_path / "results").rglob("*"):
        if path.is_file():
            assert "hunter2" not in path.read_text(encoding="utf-8", errors="replace"), path
    assert "hunter2" not in done.stdout + done.stderr


def test_a_runtime_that_breaks_is_exit_code_3_and_its_last_words_are_told(tmp_path: Path, server: Server) -> None:
    broken = tmp_path / "k6"
    broken.write_text(
        "#!/bin/sh\n[ $1 = version ] && echo 'k6 v2.2.0 (go, linux)' && exit 0\necho 'the disk is full' >&2\nexit 107\n"
    )
    broken.chmod(0o755)
    done, summary = run(tmp_path, plan(), "k6", server, env={"LOADWRIGHT_K6": str(broken)})
    assert (done.returncode, summary.verdict) == (3, "invalid")
    assert "the runtime ended with exit code 107" in done.stdout
    assert "the disk is full" in done.stdout


def test_a_run_over_its_time_limit_is_not_valid(tmp_path: Path, server: Server) -> None:
    done, summary = run(tmp_path, plan(), "k6", server, "--iterations", "1000000", "--time-limit", "2s")
    assert (done.returncode, summary.verdict) == (3, "invalid"), done.stdout + done.stderr
    assert "the runtime did not end within 2 s" in done.stdout
    assert summary.totals.count > 10
