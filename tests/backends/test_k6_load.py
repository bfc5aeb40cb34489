"""Loads as k6 schedules them, with and without overrides. Needs k6."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from k6_support import get, k6

from loadwright.backends.k6.backend import K6Backend
from loadwright.compiler.plan.model import ClosedModel, Journey, Load, OpenModel, Plan, Step, Target, Think, Workload

NS = 1_000_000_000
Scenario = dict[str, object]


def scenarios(folder: Path, plan: Plan, load: str | None = None, **settings: str) -> dict[str, Scenario]:
    """The scenarios as k6 understands them; `settings` are the variables without their `LOADWRIGHT_`."""
    (folder / "script.js").write_text(K6Backend().emit(plan, load)[0].text, encoding="utf-8")
    env = {f"LOADWRIGHT_{name}": value for name, value in settings.items()}
    done = k6(folder, "inspect", "--include-system-env-vars", "--execution-requirements", "script.js", env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["scenarios"]  # type: ignore[no-any-return]


def loaded(*models: ClosedModel | OpenModel) -> Plan:
    nodes = (Step(name="Visit", actions=(get("/"), Think(minimum=2000, maximum=4000))),)
    workloads = tuple(Workload(journey="visit", model=model) for model in models)
    loads = (Load(name="load", workloads=workloads),) if models else ()
    target = Target(name="app", url="http://127.0.0.1:1")
    return Plan(name="p", targets=(target,), journeys=(Journey(name="visit", nodes=nodes),), loads=loads)


def only(folder: Path, model: ClosedModel | OpenModel, **settings: str) -> Scenario:
    found = scenarios(folder, loaded(model), None, **settings)["visit"]
    wanted = (
        "executor",
        "vus",
        "iterations",
        "maxDuration",
        "duration",
        "startVUs",
        "stages",
        "rate",
        "startRate",
        "timeUnit",
        "preAllocatedVUs",
        "maxVUs",
    )
    return {key: found[key] for key in wanted if found.get(key) is not None}


CLOSED = [
    (
        ClosedModel(users=5, iterations=20),
        {},
        {"executor": "per-vu-iterations", "vus": 5, "iterations": 20, "maxDuration": "8760h0m0s"},
    ),
    (
        ClosedModel(users=5, iterations=2, duration=90_500),
        {},
        {"executor": "per-vu-iterations", "vus": 5, "iterations": 2, "maxDuration": "1m30.5s"},
    ),
    (ClosedModel(users=5), {}, {"executor": "per-vu-iterations", "vus": 5, "iterations": 1, "maxDuration": "8760h0m0s"}),
    (ClosedModel(users=7, duration=60_000), {}, {"executor": "constant-vus", "vus": 7, "duration": "1m0s"}),
    (
        ClosedModel(users=7, duration=500),
        {},
        {"executor": "ramping-vus", "startVUs": 7, "stages": [{"duration": "500ms", "target": 7}]},
    ),
    (
        ClosedModel(users=7, duration=60_000, ramp=20_000),
        {},
        {
            "executor": "ramping-vus",
            "startVUs": 1,
            "stages": [
                {"duration": "17.143s", "target": 7},
                {"duration": "2.857s", "target": 7},
                {"duration": "40s", "target": 7},
            ],
        },
    ),
    (
        ClosedModel(users=7, duration=60_000),
        {"USERS": "3", "DURATION": "2.5"},
        {"executor": "constant-vus", "vus": 3, "duration": "2.5s"},
    ),
    (ClosedModel(users=1, iterations=1), {"DURATION": "9"}, {"executor": "constant-vus", "vus": 1, "duration": "9s"}),
    (
        ClosedModel(users=7, duration=60_000),
        {"ITERATIONS": "3"},
        {"executor": "per-vu-iterations", "vus": 7, "iterations": 3, "maxDuration": "1m0s"},
    ),
    (
        ClosedModel(users=1, iterations=1),
        {"ITERATIONS": "4", "DURATION": "30", "USERS": "2", "RATE": "9"},
        {"executor": "per-vu-iterations", "vus": 2, "iterations": 4, "maxDuration": "30s"},
    ),
]


@pytest.mark.parametrize(("model", "settings", "expected"), CLOSED)
def test_users_run_by_iterations_or_for_a_time(
    model: ClosedModel, settings: dict[str, str], expected: Scenario, tmp_path: Path
) -> None:
    assert only(tmp_path, model, **settings) == expected


def constant(rate: int, unit: str, duration: str, vus: int = 1000) -> Scenario:
    return {
        "executor": "constant-arrival-rate",
        "rate": rate,
        "timeUnit": unit,
        "duration": duration,
        "preAllocatedVUs": vus,
        "maxVUs": vus,
    }


OPEN = [
    (OpenModel(rate=Decimal(20), duration=60_000), {}, constant(20, "1s", "59.975s")),
    (OpenModel(rate=Decimal("0.5"), duration=60_000), {}, constant(5, "10s", "59s", vus=31)),
    (OpenModel(rate=Decimal("33.25"), duration=60_000), {}, constant(1995, "1m0s", "59.985s")),
    (OpenModel(rate=Decimal(20) / 60, duration=60_000), {}, constant(20, "1m0s", "58.5s", vus=21)),
    (OpenModel(rate=Decimal(7) / 3600, duration=60_000), {}, constant(7, "1h0m0s", "1m0s", vus=2)),
    (
        OpenModel(rate=Decimal(5), duration=60_000),
        {"RATE": "2.5", "DURATION": "10", "USERS": "3"},
        constant(25, "10s", "9.8s", vus=26),
    ),
    (
        OpenModel(rate=Decimal(50), duration=60_000, ramp=15_000, max_in_flight=30),
        {},
        {
            "executor": "ramping-arrival-rate",
            "startRate": 1000,
            "timeUnit": "1s",
            "preAllocatedVUs": 30,
            "maxVUs": 30,
            "stages": [
                {"duration": "1ms", "target": 1000},
                {"duration": "0s", "target": 0},
                {"duration": "15s", "target": 50},
                {"duration": "44.999s", "target": 50},
            ],
        },
    ),
]


@pytest.mark.parametrize(("model", "settings", "expected"), OPEN)
def test_iterations_arrive_at_a_rate(model: OpenModel, settings: dict[str, str], expected: Scenario, tmp_path: Path) -> None:
    assert only(tmp_path, model, **settings) == expected


def test_the_first_load_is_the_default_and_each_can_be_chosen(tmp_path: Path) -> None:
    plan = loaded(ClosedModel(users=1, iterations=1), ClosedModel(users=2, iterations=2))
    other = Load(name="other", workloads=(Workload(journey="visit", model=ClosedModel(users=9, duration=5000)),))
    plan = plan.model_copy(update={"loads": (*plan.loads, other)})
    assert {name: s["vus"] for name, s in scenarios(tmp_path, plan).items()} == {"visit": 1, "visit_2": 2}
    assert {name: s["vus"] for name, s in scenarios(tmp_path, plan, "other").items()} == {"visit": 9}


def test_without_a_load_each_journey_runs_once(tmp_path: Path) -> None:
    plan = loaded()
    plan = plan.model_copy(update={"journeys": (*plan.journeys, Journey(name="b c", nodes=()))})
    found = scenarios(tmp_path, plan)
    assert {name: (s["executor"], s["vus"], s["iterations"]) for name, s in found.items()} == {
        "visit": ("per-vu-iterations", 1, 1),
        "b_c": ("per-vu-iterations", 1, 1),
    }


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_an_override_that_is_no_number_above_0_stops_the_test(value: str, tmp_path: Path) -> None:
    (tmp_path / "script.js").write_text(K6Backend().emit(loaded())[0].text, encoding="utf-8")
    done = k6(tmp_path, "run", "--no-color", "script.js", env={"LOADWRIGHT_USERS": value})
    assert done.returncode == 107
    assert f'LOADWRIGHT_USERS is \\"{value}\\": a number above 0 is needed' in done.stderr
