"""Loads, shares of them, and goals on the real Locust; each run takes two to five seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conformance.server import Received, Reply, Server
from locust_processes import processes

from loadwright.backends.locust.backend import LocustBackend
from loadwright.compiler.plan.condition import Comparison
from loadwright.compiler.plan.model import (
    Branch,
    ClosedModel,
    ClosedPhases,
    DataSource,
    Fail,
    Goal,
    If,
    Journey,
    Load,
    LoadModel,
    Mix,
    Node,
    OpenModel,
    OpenPhases,
    Plan,
    RatePhase,
    Request,
    Share,
    Step,
    Target,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.template import DataField, call, template

pytestmark = pytest.mark.timed

CASE = "case"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def get(path: str, *parts: Any, **fields: Any) -> Request:
    return Request(name=path, method="GET", target="shop", url=template(f"/{CASE}{path}", *parts), **fields)


def journey(name: str, *nodes: Node, **fields: Any) -> Journey:
    return Journey(name=name, nodes=(Step(name=f"step of {name}", actions=nodes),), **fields)


def plan(*journeys: Journey, models: dict[str, LoadModel], goals: Sequence[Goal] = (), **fields: Any) -> Plan:
    workloads = tuple(Workload(journey=name, model=model) for name, model in models.items())
    target = Target(name="shop", url="http://127.0.0.1:9")
    return Plan(
        name="t", targets=(target,), journeys=journeys, loads=(Load(name="l", workloads=workloads),), goals=tuple(goals), **fields
    )


def run(folder: Path, server: Server, tested: Plan, *arguments: str, **environment: str) -> tuple[int, str, list[Received]]:
    (folder / "locustfile.py").write_text(LocustBackend().emit(tested)[0].text, encoding="utf-8")
    server.take()
    server.script = {CASE: {"GET /slow": [Reply(delay=0.4)], "GET /bad": [Reply(500)]}}
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", "locustfile.py", "--headless", "--only-summary", *arguments],
        cwd=folder,
        env={**os.environ, "LOADWRIGHT_TARGET_SHOP": server.urls[0], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, server.take()


def paths(received: Sequence[Received]) -> list[str]:
    return [item.target.removeprefix(f"/{CASE}") for item in received]


ROWS = DataSource(name="rows", path="rows.csv", columns=("id",), on_end="stop")


def shared(folder: Path) -> Plan:
    """Two journeys: users who take rows, and arrivals."""
    (folder / "rows.csv").write_text("id\n" + "".join(f"{n}\n" for n in range(8)), encoding="utf-8")
    closed = journey("a", get("/a/", call("user"), "/", DataField(data="rows", column="id")))
    opened = journey("b", get("/b/", call("user")))
    models: dict[str, LoadModel] = {"a": ClosedModel(users=3, iterations=9), "b": OpenModel(rate=Decimal(10), duration=1000)}
    return plan(closed, opened, models=models, data=(ROWS,))


def test_workers_share_rows_and_what_they_measured(tmp_path: Path, server: Server) -> None:
    both = shared(tmp_path)
    load = Load(name="l", workloads=(Workload(journey="a", model=ClosedModel(users=4, iterations=9)),))
    goals = (
        Goal(metric="requests", relation="=", value=Decimal(8)),
        Goal(metric="iterations", subject="journey", of="a", relation="=", value=Decimal(8)),
        Goal(metric="percentile", percentile=Decimal(95), relation="<", value=Decimal(5000)),
    )
    tested = both.model_copy(update={"loads": (load,), "goals": goals})
    code, output, received = run(tmp_path, server, tested, *processes(2))
    assert code == 0, output
    assert sorted(path.rpartition("/")[2] for path in paths(received)) == sorted("01234567")
    assert {path.split("/")[2] for path in paths(received)} == {"1", "2", "3", "4"}


def test_workers_share_users_and_arrivals(tmp_path: Path, server: Server) -> None:
    both = shared(tmp_path)
    recycled = tuple(source.model_copy(update={"on_end": "recycle"}) for source in both.data)
    goals = (Goal(metric="requests", relation="=", value=Decimal(37)),)
    code, output, received = run(tmp_path, server, both.model_copy(update={"data": recycled, "goals": goals}), *processes(2))
    assert code == 0, output
    taken = Counter("/".join(path.split("/")[1:3]) for path in paths(received))
    assert taken == {f"a/{n}": 9 for n in (1, 2, 3)} | {f"b/{n}": 1 for n in range(1, 11)}


def test_processes_without_a_master_share_a_load_by_their_numbers(tmp_path: Path, server: Server) -> None:
    tested = shared(tmp_path)
    found: list[set[str]] = []
    for shard in ("1/2", "2/2"):
        code, output, received = run(tmp_path, server, tested, LOADWRIGHT_SHARD=shard)
        assert code == 0, output
        found.append(set(paths(received)))
    assert {path.split("/")[2] for path in found[0]} == {"1", "3", "5", "7", "9"}
    assert {path.split("/")[2] for path in found[1]} == {"2", "4", "6", "8", "10"}
    for index, group in enumerate(found):
        rows = sorted(path.rpartition("/")[2] for path in group if path.startswith("/a"))
        assert rows == [str(n) for n in range(index, 8, 2)]


def test_a_goal_that_is_missed_ends_the_run_when_it_may(tmp_path: Path, server: Server) -> None:
    goal = Goal(metric="failures", relation="<", value=Decimal("0.1"), abort=True, abort_after=1500)
    tested = plan(journey("a", get("/bad")), models={"a": ClosedModel(users=1, duration=50_000, pacing=200)}, goals=(goal,))
    code, output, received = run(tmp_path, server, tested)
    assert code == 1
    assert "the run is ended by its goal failures < 10%" in output
    assert 1.4 < received[-1].started - received[0].started < 8


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        (Goal(metric="requests", subject="journey", of="a", relation="=", value=Decimal(4)), 0),
        (Goal(metric="requests", subject="tag", of="api", relation="=", value=Decimal(4)), 0),
        (Goal(metric="requests", subject="tag", of="page", relation="=", value=Decimal(2)), 0),
        (Goal(metric="requests", subject="tag", of="nothing", relation=">", value=Decimal(0)), 1),
        (Goal(metric="min", subject="name", of="/slow", relation=">=", value=Decimal(400)), 0),
        (Goal(metric="max", subject="name", of="step of b", relation="<", value=Decimal(300)), 1),
        (Goal(metric="iterations", relation="=", value=Decimal(4)), 0),
        (Goal(metric="soft_failure_rate", relation="<=", value=Decimal(0)), 0),
        (Goal(metric="requests", phase="second", relation="=", value=Decimal(2)), 1),
        (Goal(metric="dropped_arrivals", relation="=", value=Decimal(0)), 0),
    ],
)
def test_goals_speak_of_what_they_choose(tmp_path: Path, server: Server, goal: Goal, code: int) -> None:
    tested = plan(
        journey("a", get("/x", tags=("api",)), get("/y", tags=("page",))),
        journey("b", get("/slow"), tags=("api",)),
        models={"a": ClosedModel(users=2, iterations=1), "b": ClosedModel(users=1, iterations=2)},
        goals=(goal,),
    )
    found, output, _ = run(tmp_path, server, tested)
    assert found == code, output
    assert ("goal missed: " in output) is (code == 1)


def test_goals_of_a_phase_look_at_what_started_in_it(tmp_path: Path, server: Server) -> None:
    rates = {"one": 4, "two": 9}
    phases = tuple(RatePhase(name=name, duration=1000, rate=Decimal(rate), jump=True) for name, rate in rates.items())
    goals = (
        Goal(metric="requests", phase="one", relation="=", value=Decimal(4)),
        Goal(metric="requests", phase="two", relation="=", value=Decimal(9)),
        Goal(metric="throughput", phase="two", relation="=", value=Decimal(9)),
    )
    tested = plan(journey("a", get("/x")), models={"a": OpenPhases(phases=phases)}, goals=goals)
    code, output, _ = run(tmp_path, server, tested)
    assert code == 0, output


def test_a_failure_of_the_flow_fails_a_run_without_goals(tmp_path: Path, server: Server) -> None:
    always = Comparison(left=template("1"), relation=">", right=template("0"))
    never = If(branches=(Branch(condition=always, nodes=(Fail(message="no"),)),))
    tested = plan(
        Journey(name="a", nodes=(Step(name="s", actions=(get("/x"),)), never)), models={"a": ClosedModel(users=1, iterations=1)}
    )
    code, output, received = run(tmp_path, server, tested)
    assert (code, len(received)) == (1, 1), output


def test_numbers_given_for_a_mix_are_split_as_it_is(tmp_path: Path, server: Server) -> None:
    shares = (Share(journey="a", percent=Decimal(75)), Share(journey="b", percent=Decimal(25)))
    load = Load(name="l", workloads=(Mix(model=ClosedModel(users=8, iterations=1), shares=shares),))
    tested = plan(journey("a", get("/a")), journey("b", get("/b")), models={"a": ClosedModel(users=1)})
    tested = tested.model_copy(update={"loads": (load,)})
    _, _, received = run(tmp_path, server, tested, LOADWRIGHT_USERS="4")
    assert Counter(paths(received)) == {"/a": 3, "/b": 1}


def test_phases_are_scaled_by_what_is_given(tmp_path: Path, server: Server) -> None:
    levels = {"one": 10, "two": 20}
    phases = tuple(UserPhase(name=name, duration=60_000, users=users, jump=True) for name, users in levels.items())
    tested = plan(journey("a", get("/a/", call("user"))), models={"a": ClosedPhases(phases=phases, pacing=400)})
    code, output, received = run(tmp_path, server, tested, LOADWRIGHT_USERS="2", LOADWRIGHT_DURATION="2")
    assert code == 0, output
    first = {path: received[paths(received).index(path)].started - received[0].started for path in paths(received)}
    assert set(first) == {"/a/1", "/a/2"}
    assert 0.8 < first["/a/2"] < 1.4
