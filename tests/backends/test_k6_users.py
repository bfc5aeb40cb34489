"""Users of the script: each sets up once and tears down once, whatever ends it; what they hold. Runs the real k6."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from k6_support import Run, get, ref, run, serving, t

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Journey,
    Load,
    LoadModel,
    OpenModel,
    Plan,
    Step,
    Stop,
    Target,
    Think,
    UserPhase,
    Variable,
    Workload,
)
from loadwright.compiler.plan.template import call


def users_plan(url: str, *models: LoadModel, think: int = 20, ends: bool = False) -> Plan:
    """Journeys that set up, do one request in each iteration, and tear down; `ends`: each user stops in its first iteration."""
    return Plan(
        name="Users",
        targets=(Target(name="app", url=url),),
        journeys=tuple(_journey(f"j{number}", think, ends) for number in range(len(models))),
        loads=(Load(name="main", workloads=tuple(Workload(journey=f"j{n}", model=model) for n, model in enumerate(models))),),
    )


def _journey(name: str, think: int, ends: bool) -> Journey:
    def step(what: str) -> Step:
        return Step(name=f"{name} {what}", actions=(get(f"/{name}/{what}", url=t(f"/{name}/{what}/", ref("me"))),))

    return Journey(
        name=name,
        setup=(Variable(name="me", value=t(call("user"))), step("in")),
        nodes=(step("work"), Think(minimum=think, maximum=think), *((Stop(what="user"),) if ends else ())),
        teardown=(step("out"),),
    )


def served(done: Run, plan_url: list[str]) -> dict[str, Counter[str]]:
    """Who did what, by journey and part: how often each user did it."""
    assert done.exit_code == 0, done.log
    found: dict[str, Counter[str]] = {}
    for target in plan_url:
        _, journey, what, user = target.split("/")
        found.setdefault(f"{journey}/{what}", Counter())[user] += 1
    return found


def once(users: int) -> dict[str, int]:
    return {str(number): 1 for number in range(1, users + 1)}


PHASES = ClosedPhases(
    phases=(
        UserPhase(name="up", duration=1000, users=6),
        UserPhase(name="down", duration=1000, users=2),
        UserPhase(name="off", duration=500, users=0, jump=True),
        UserPhase(name="again", duration=500, users=3, jump=True),
    )
)


@pytest.mark.parametrize(
    "model",
    [
        ClosedModel(users=20, duration=2000),
        ClosedModel(users=20, duration=2000, pacing=350),
        ClosedModel(users=8, duration=2000, ramp=1000),
        ClosedModel(users=8, iterations=3),
        ClosedModel(users=8, iterations=100_000, duration=1500),
        ClosedModel(users=8, iterations=3, ramp=500),
    ],
)
@pytest.mark.timed
def test_each_user_sets_up_once_and_tears_down_once(model: ClosedModel, tmp_path: Path) -> None:
    with serving() as server:
        found = served(run(users_plan(server.url, model), tmp_path), [seen.target for seen in server.seen])
    assert found["j0/in"] == found["j0/out"] == once(model.users)
    assert found["j0/work"].keys() == found["j0/in"].keys()


def test_a_user_that_comes_again_is_a_new_one(tmp_path: Path) -> None:
    with serving() as server:
        found = served(run(users_plan(server.url, PHASES), tmp_path), [seen.target for seen in server.seen])
    assert found["j0/in"] == found["j0/out"] == {"1": 2, "2": 2, "3": 2, "4": 1, "5": 1, "6": 1}


def test_users_of_several_journeys_are_numbered_in_each(tmp_path: Path) -> None:
    models = (
        ClosedModel(users=3, duration=1500),
        ClosedModel(users=5, iterations=4),
        OpenModel(rate=Decimal(4), duration=1500),
        PHASES,
    )
    with serving() as server:
        found = served(run(users_plan(server.url, *models), tmp_path), [seen.target for seen in server.seen])
    assert found["j0/in"] == found["j0/out"] == once(3)
    assert found["j1/in"] == found["j1/out"] == once(5)
    assert found["j1/work"] == dict.fromkeys(once(5), 4)
    assert found["j2/in"] == found["j2/work"] == found["j2/out"] == once(6)
    assert set(found["j3/in"]) == set(found["j3/out"]) == set(once(6))


@pytest.mark.parametrize(
    "model", [ClosedModel(users=4, duration=1200), ClosedModel(users=4, iterations=9), OpenModel(rate=Decimal(5), duration=1200)]
)
def test_a_user_that_stops_tears_down_and_starts_no_more(model: LoadModel, tmp_path: Path) -> None:
    with serving() as server:
        done = run(users_plan(server.url, model, ends=True), tmp_path)
        found = served(done, [seen.target for seen in server.seen])
    users = 6 if isinstance(model, OpenModel) else 4
    assert found["j0/in"] == found["j0/work"] == found["j0/out"] == once(users)
    assert [sample.kind for sample in done.samples].count("iteration") == users


@pytest.mark.timed
def test_a_ramp_stays_when_a_setting_bounds_its_users_by_iterations(tmp_path: Path) -> None:
    with serving() as server:
        journey = Journey(name="j0", nodes=(Step(name="j0 work", actions=(get("/j0"),)),))
        load = Load(name="main", workloads=(Workload(journey="j0", model=ClosedModel(users=3, duration=60_000, ramp=1800)),))
        tested = Plan(name="Ramp", targets=(Target(name="app", url=server.url),), journeys=(journey,), loads=(load,))
        done = run(tested, tmp_path, {"LOADWRIGHT_ITERATIONS": "2"})
    started = sorted(sample.started for sample in done.samples if sample.kind == "iteration")
    assert len(started) == 6
    assert [started[4] - started[0], started[5] - started[0]] == pytest.approx([1200, 1200], abs=400)
