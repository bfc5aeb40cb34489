"""The same goals are reached and missed on JMeter, Locust and k6; the verdict and the exit codes agree.

One intent with journeys of every kind of load is run twice on each runtime: with goals that are all reached, and with goals that
are missed too; a third one ends a run. k6 and Locust say the same by their own exit codes when the script is run alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conformance.server import Reply, Server, json

from loadwright.compiler.intent import load_intent
from loadwright.compiler.print_load import goal_line
from loadwright.compiler.results.summary import Summary
from loadwright.compiler.runtimes.locate import quiet_environment, require
from loadwright.compiler.runtimes.pins import NAMES

pytestmark = pytest.mark.timed

_JOURNEYS = """
intent "Goals"
target server = "http://127.0.0.1:9"

journey browse {
  tags "reading"
  step "Look" {
    GET "/goals/item" as "item"
  }
}

journey buy {
  step "Choose" {
    tags "writing"
    GET "/goals/miss" as "miss" { capture token = json "$.token" }
    GET "/goals/soft" as "soft" { expect not body contains "sorry" as soft failure }
  }
  step "Pay" {
    GET "/goals/flaky" as "flaky"
    GET "/goals/pay" as "pay" { tags "money" }
  }
}

journey arrive {
  step "Arrive" {
    GET "/goals/slow" as "slow"
  }
}

load short {
  browse: phases {
    "warm up" 1s at 1 user
    "peak" 1s at 3 users
    "calm" 1s at 1 user
  }
  buy: 1 user, 8 iterations
  arrive: 10/s for 1s, at most 1 in flight
}
"""
_REPLIES = {
    "GET /item": [Reply(delay=0.1)],
    "GET /miss": [json("{}"), json('{"token": "t"}')],
    "GET /soft": [Reply(body=b"sorry"), Reply()],
    "GET /flaky": [Reply(500), Reply()],
    "GET /slow": [Reply(delay=1.5)],
    "GET /broken": [Reply(500, delay=0.05)],
}
REACHED = """
  p95 < 5s
  p50 of "item" < 2s
  p95 of "Look" < 5s
  min of "item" >= 90ms
  max of tag "reading" < 5s
  mean of journey browse < 2s
  p95 in phase "peak" < 3s
  failures < 50%
  failures <= 3
  failures of "flaky" = 1
  failures of journey buy = 3
  failures of tag "money" = 0
  soft failures = 1
  soft failures < 10%
  extraction misses = 1
  extraction misses of tag "writing" = 1
  iterations >= 20
  iterations of journey buy = 8
  dropped arrivals of journey arrive = 9
  requests of "flaky" = 6
  requests of tag "money" = 5
  requests in phase "peak" >= 15
  throughput >= 1/s
  throughput of journey browse in phase "peak" >= 5/s
"""
MISSED = """
  p50 of "item" < 50ms
  p50 of "Look" < 50ms
  min of "item" < 50ms
  max of tag "reading" < 50ms
  mean of journey browse < 50ms
  p95 in phase "peak" < 50ms
  failures < 1%
  failures <= 2
  failures of "flaky" = 0
  failures of journey browse >= 1
  failures of "Choose" < 1%
  soft failures = 0
  soft failures of tag "writing" < 1%
  extraction misses of "miss" = 0
  iterations of journey buy >= 9
  dropped arrivals = 0
  requests of tag "money" > 5
  requests in phase "warm up" >= 20
  throughput of journey browse > 1000/s
  p95 of "pay" in phase "calm" < 900ms
"""
_FAILING = """
intent "Broken"
target server = "http://127.0.0.1:9"
journey try_it { step "Try" { GET "/goals/broken" as "broken" } }
load long { try_it: 2 users for 1m }
goals { failures < 10%, abort after 500ms }
"""
_GOAL_OF_NOTHING = 'p95 of "pay" in phase "calm" < 900ms'
"""No request of that name is in a load with this phase: there is nothing to measure, so it is missed."""


def _with_goals(*goals: str) -> str:
    return f"{_JOURNEYS}\ngoals {{\n{''.join(goals)}}}\n"


INTENTS = {"reached": _with_goals(REACHED), "missed": _with_goals(REACHED, MISSED), "aborted": _FAILING}
each_runtime = pytest.mark.parametrize("runtime", NAMES)
each_with_exit_codes = pytest.mark.parametrize("runtime", ["k6", "locust"])


@dataclass(frozen=True)
class Ended:
    """How `loadwright run` ended."""

    code: int
    summary: Summary
    output: str

    @property
    def missed(self) -> list[str]:
        return [result.goal for result in self.summary.goals if not result.passed]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def ended(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Ended]:
    """Runs as they are asked for, by runtime and intent."""
    return _Runs(server, tmp_path_factory)


class _Runs(dict[tuple[str, str], Ended]):
    def __init__(self, server: Server, folders: pytest.TempPathFactory) -> None:
        self._server, self._folders = server, folders

    def __missing__(self, key: tuple[str, str]) -> Ended:
        runtime, name = key
        folder = self._folders.mktemp(f"{runtime}-{name}")
        _prepare(self._server)
        done = _loadwright(
            "run", _write(folder, name), "--on", runtime, "--target", f"server={self._server.urls[0]}", "--results", folder
        )
        summary = Summary.model_validate_json((folder / "summary.json").read_bytes())
        self[key] = Ended(done.returncode, summary, done.stdout + done.stderr)
        return self[key]


def _prepare(server: Server) -> None:
    server.script = {"goals": _REPLIES}
    server.take()


def _write(folder: Path, name: str) -> Path:
    path = folder / f"{name}.intent"
    path.write_text(INTENTS[name], encoding="utf-8")
    return path


def _loadwright(*arguments: object) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "loadwright.compiler.cli.main", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "140", "NO_COLOR": "1"}
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=120)


def _lines(name: str, folder: Path) -> list[str]:
    plan, _ = load_intent(_write(folder, name))
    return [goal_line(goal) for goal in plan.goals]


@each_runtime
def test_goals_that_are_reached_pass_the_run(ended: dict[tuple[str, str], Ended], runtime: str) -> None:
    found = ended[runtime, "reached"]
    assert found.missed == [], found.output
    assert (found.summary.verdict, found.code) == ("passed", 0)


@each_runtime
def test_goals_are_missed_alike_and_fail_the_run(ended: dict[tuple[str, str], Ended], runtime: str, tmp_path: Path) -> None:
    found = ended[runtime, "missed"]
    reached = len(_lines("reached", tmp_path))
    assert found.missed == _lines("missed", tmp_path)[reached:], found.output
    assert (found.summary.verdict, found.code) == ("failed", 1)
    assert [result.goal for result in found.summary.goals if result.measured is None] == [_GOAL_OF_NOTHING]


@each_runtime
def test_what_is_counted_is_the_same_to_the_last_one(ended: dict[tuple[str, str], Ended], runtime: str) -> None:
    counted = {"failures", "soft failures", "extraction misses", "dropped arrivals", "iterations of journey buy", "requests of"}
    counts = {
        result.goal: result.measured
        for result in ended[runtime, "missed"].summary.goals
        if any(result.goal.startswith(word) for word in counted) and "%" not in result.goal
    }
    others = {result.goal: result.measured for result in ended["k6", "missed"].summary.goals if result.goal in counts}
    assert counts == others


@each_runtime
def test_a_goal_that_aborts_ends_the_run_and_fails_it(ended: dict[tuple[str, str], Ended], runtime: str) -> None:
    found = ended[runtime, "aborted"]
    assert (found.summary.verdict, found.code) == ("failed", 1), found.output
    assert 0.5 <= found.summary.duration < 20
    assert found.missed == ["failures < 10%, abort after 500ms"]
    assert found.summary.reasons[0].startswith("the run was ended by its goal failures < 10%, abort after 500ms")


@pytest.fixture(scope="module")
def alone(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], subprocess.CompletedProcess[str]]:
    """Scripts as they end without Loadwright, by runtime and intent."""
    return _Alone(server, tmp_path_factory)


class _Alone(dict[tuple[str, str], subprocess.CompletedProcess[str]]):
    def __init__(self, server: Server, folders: pytest.TempPathFactory) -> None:
        self._server, self._folders = server, folders

    def __missing__(self, key: tuple[str, str]) -> subprocess.CompletedProcess[str]:
        runtime, name = key
        folder = self._folders.mktemp(f"alone-{runtime}-{name}")
        compiled = _loadwright("compile", _write(folder, name), "--to", runtime, "-o", folder)
        assert compiled.returncode == 0, compiled.stderr
        script = next(path for path in folder.rglob("*") if path.name in ("script.js", "locustfile.py"))
        _prepare(self._server)
        found = require(runtime)
        commands = {
            "k6": (str(found.path), "run", "--no-color", script.name),
            "locust": (sys.executable, "-m", "locust", "-f", script.name, "--headless", "--only-summary"),
        }
        environment = {**quiet_environment(), "LOADWRIGHT_TARGET_SERVER": self._server.urls[0]}
        self[key] = subprocess.run(
            commands[runtime], cwd=script.parent, env=environment, capture_output=True, text=True, timeout=120
        )
        return self[key]


@each_with_exit_codes
@pytest.mark.parametrize(("name", "codes"), [("reached", (0, 0)), ("missed", (99, 1)), ("aborted", (99, 1))])
def test_the_script_alone_ends_with_the_exit_code_of_its_runtime(
    alone: dict[tuple[str, str], subprocess.CompletedProcess[str]], runtime: str, name: str, codes: tuple[int, int]
) -> None:
    done = alone[runtime, name]
    assert done.returncode == codes[runtime == "locust"], done.stdout + done.stderr


def test_locust_alone_names_the_goals_that_are_missed(
    alone: dict[tuple[str, str], subprocess.CompletedProcess[str]], ended: dict[tuple[str, str], Ended]
) -> None:
    done = alone["locust", "missed"]
    assert sorted(re.findall(r"goal missed: (.*)", done.stderr)) == sorted(ended["locust", "missed"].missed)
