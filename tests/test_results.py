"""Collecting samples, judging goals, concluding a run."""

from __future__ import annotations

import statistics
from array import array
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadwright.compiler.plan.model import ClosedModel, ClosedPhases, Goal, Journey, Load, Plan, Request, Step, UserPhase, Workload
from loadwright.compiler.plan.template import template
from loadwright.compiler.print_load import goal_line
from loadwright.compiler.results.abort import AbortGuard
from loadwright.compiler.results.collect import Collector, percentile
from loadwright.compiler.results.goals import judge
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.scope import Scope
from loadwright.compiler.results.store import SAMPLES_NAME, SampleFile, clear, write_summary
from loadwright.compiler.results.summary import RuntimeUsed, Summary
from loadwright.compiler.results.verdict import conclude

RUNTIME = RuntimeUsed(name="k6", version="2.2.0", exit_code=0)


def sample(name: str = "GET /", elapsed: float = 10, **more: Any) -> Sample:
    return Sample(**{"kind": "request", "name": name, "started": 1000, "elapsed": elapsed, "status": 200, "step": "Open", **more})


def failed(kind: str, message: str, **more: Any) -> Sample:
    return sample(ok=False, failure=kind, message=message, **more)


def collected(*samples: Sample) -> Collector:
    collector = Collector()
    for item in samples:
        collector.add(item)
    return collector


def goal(metric: str, relation: str, value: str, of: str | None = None, p: str | None = None) -> Goal:
    subject = "name" if of else None
    return Goal(
        metric=metric, relation=relation, value=Decimal(value), subject=subject, of=of, percentile=Decimal(p) if p else None
    )


def plan(*goals: Goal, journeys: int = 1) -> Plan:
    request = Request(name="GET /", method="GET", url=template("/"))
    steps = [Step(name="Open" if i == 0 else f"Open {i}", actions=(request,)) for i in range(journeys)]
    return Plan(name="P", journeys=tuple(Journey(name=f"j{i}", nodes=(s,)) for i, s in enumerate(steps)), goals=goals)


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (90, 9), (91, 10), (99, 10), (100, 10), (0.1, 1)])
def test_a_percentile_is_the_value_of_the_nearest_rank(percent: float, value: float) -> None:
    assert percentile(array("d", range(1, 11)), percent) == value


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.1, 100))
def test_at_least_that_share_of_values_lies_at_or_below_a_percentile(values: list[float], percent: float) -> None:
    ordered = array("d", sorted(values))
    found = percentile(ordered, percent)
    assert found in ordered
    assert sum(v <= found for v in ordered) >= percent / 100 * len(ordered) - 1e-6


def test_metrics_count_every_sample_and_time_the_answered_ones() -> None:
    metrics = collected(
        sample(elapsed=10),
        sample(elapsed=30, ok=False, failure="status", message="status: x", status=500),
        failed("network", "network: x", status=0),
    ).totals.metrics(2)
    assert (metrics.count, metrics.failures, metrics.kinds, metrics.throughput) == (3, 2, {"network": 1, "status": 1}, 1.5)
    assert metrics.times
    assert (metrics.times.minimum, metrics.times.mean, metrics.times.maximum) == (10, 20, 30)


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=50))
def test_the_mean_is_the_mean(values: list[float]) -> None:
    times = collected(*(sample(elapsed=v) for v in values)).totals.metrics(1).times
    assert times
    assert times.mean == pytest.approx(statistics.fmean(values), abs=0.001)


def test_failures_are_grouped_by_step_request_and_kind_with_their_first_message() -> None:
    groups = collected(
        failed("status", "status: got 500"),
        failed("time", "time: took 900 ms", name="POST /x", step="Pay"),
        failed("time", "time: took 901 ms", name="POST /x", step="Pay"),
    ).failure_groups()
    assert [(g.count, g.step, g.request, g.message) for g in groups] == [
        (2, "Pay", "POST /x", "time: took 900 ms"),
        (1, "Open", "GET /", "status: got 500"),
    ]


STEP = Sample(kind="step", name="Open", started=1000, elapsed=500)


@pytest.mark.parametrize(
    ("wanted", "passed", "measured"),
    [
        (goal("percentile", "<", "30", p="50"), True, "20"),
        (goal("percentile", "<", "20", p="50"), False, "20"),
        (goal("percentile", "<=", "500", of="Open", p="95"), True, "500"),
        (goal("percentile", "<", "15", of="GET /", p="99"), True, "10"),
        (goal("max", "<", "31"), True, "30"),
        (goal("mean", "=", "20"), True, "20"),
        (goal("failures", "<", "0.34"), True, None),
        (goal("failures", "<=", "0.33"), False, None),
        (goal("failures", "<", "0.01", of="POST /x"), False, None),
        (goal("soft_failures", "=", "0"), False, "1"),
        (goal("soft_failures", "=", "0", of="Other"), True, "0"),
        (goal("extraction_misses", "=", "0"), True, "0"),
        (goal("throughput", ">=", "6"), True, "6"),
        (goal("percentile", "<", "30", of="Nothing", p="95"), False, None),
    ],
)
def test_a_goal_is_judged_on_what_it_speaks_of(wanted: Goal, passed: bool, measured: str | None) -> None:
    run = collected(
        STEP,
        sample(elapsed=10),
        sample(name="GET /b", elapsed=20, step="Other"),
        failed("soft failure", "soft failure: login form", name="POST /x", elapsed=30),
    )
    result = judge(wanted, run, Scope(plan(), None))
    assert result.passed is passed
    if measured is not None:
        assert result.measured == Decimal(measured)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (goal("percentile", "<", "800", p="95"), "p95 < 800ms"),
        (goal("percentile", "<", "1500", of="Log in", p="99.9"), 'p99.9 of "Log in" < 1.5s'),
        (goal("failures", "<", "0.01"), "failures < 1%"),
        (goal("soft_failures", "=", "0"), "soft failures = 0"),
        (goal("throughput", ">=", "20.50"), "throughput >= 20.5/s"),
    ],
)
def test_a_goal_is_told_as_the_language_writes_it(wanted: Goal, text: str) -> None:
    assert goal_line(wanted) == text


def phased() -> Plan:
    model = ClosedPhases(
        phases=(
            UserPhase(name="up", duration=1000, users=5),
            UserPhase(name="peak", duration=2000),
            UserPhase(name="up", duration=500),
        )
    )
    request = Request(name="GET /", tags=("api",), method="GET", url=template("/"))
    other = Request(name="GET /b", method="GET", url=template("/b"))
    journeys = (
        Journey(name="buy", nodes=(Step(name="Open", actions=(request,)), Step(name="See", actions=(other,), tags=("page",)))),
        Journey(name="look", tags=("page",), nodes=(Step(name="Look", actions=(other,)),)),
    )
    load = Load(name="l", workloads=tuple(Workload(journey=j.name, model=model) for j in journeys))
    return Plan(name="P", journeys=journeys, loads=(load,))


def scoped(metric: str, subject: str | None, of: str | None, phase: str | None = None) -> Goal:
    return Goal(metric=metric, subject=subject, of=of, phase=phase, relation=">", value=Decimal(10))


@pytest.mark.parametrize(
    ("wanted", "measured"),
    [
        (scoped("requests", "journey", "buy"), 3),
        (scoped("requests", "journey", "look"), 1),
        (scoped("requests", "tag", "api"), 2),
        (scoped("requests", "tag", "page"), 2),
        (scoped("requests", "tag", "none"), 0),
        (scoped("requests", None, None, "peak"), 2),
        (scoped("requests", None, None, "up"), 2),
        (scoped("requests", "journey", "buy", "peak"), 1),
        (scoped("max", None, None, "peak"), 40),
        (scoped("min", None, None), 10),
        (scoped("throughput", None, None, "peak"), 1),
        (scoped("failed_requests", None, None), 1),
        (scoped("soft_failure_rate", None, None), Decimal("0.25")),
        (scoped("iterations", None, None), 2),
        (scoped("iterations", "journey", "buy"), 1),
        (scoped("iterations", "tag", "page"), 1),
        (scoped("iterations", None, None, "peak"), 1),
        (scoped("dropped_arrivals", None, None), 1),
        (scoped("dropped_arrivals", "journey", "buy"), 0),
    ],
)
def test_a_goal_speaks_of_journeys_tags_and_phases(wanted: Goal, measured: int | Decimal) -> None:
    run = collected(
        Sample(kind="iteration", name="buy", started=10_000, elapsed=100),
        Sample(kind="iteration", name="look", started=11_500, elapsed=100),
        Sample(kind="dropped", name="look", started=12_000, elapsed=0),
        sample(started=10_000, journey="buy", elapsed=10),
        failed("soft failure", "soft failure: x", started=11_000, journey="buy", elapsed=20),
        sample(name="GET /b", step="See", started=13_200, journey="buy", elapsed=30),
        sample(name="GET /b", step="Look", started=12_900, journey="look", elapsed=40),
    )
    assert judge(wanted, run, Scope(phased(), None)).measured == measured


def test_phases_are_as_long_as_the_load_was_made() -> None:
    run = collected(sample(started=10_000), sample(started=10_600), sample(started=14_000))
    assert judge(scoped("requests", None, None, "peak"), run, Scope(phased(), None, 1750)).measured == 1


def test_a_failure_outside_of_requests_fails_the_run() -> None:
    flow = Sample(
        kind="flow", name="no stock", started=1000, elapsed=0, ok=False, failure="flow", message="flow: no stock", step="Open"
    )
    run = verdict(plan(), sample(), flow)
    assert (run.verdict, run.reasons) == ("failed", ("1 iterations failed by `fail` or `until`",))
    assert [(g.step, g.request, g.kind) for g in run.failures] == [("Open", "no stock", "flow")]


HASTY = Goal(metric="failures", relation="<", value=Decimal("0.5"), abort=True)


def test_a_goal_that_ends_the_run_waits_for_its_time() -> None:
    hasty = Goal(metric="failures", relation="<", value=Decimal("0.5"), abort=True, abort_after=500)
    run = collected(failed("status", "status: x"))
    guard = AbortGuard(plan(hasty), run, Scope(plan(hasty), None))
    assert not guard.is_missed()
    run.add(failed("status", "status: x", started=1600))
    guard = AbortGuard(plan(hasty), run, Scope(plan(hasty), None))
    assert guard.is_missed()
    ended = conclude(plan(hasty), None, RUNTIME, run, 5, aborted=guard.missed)
    assert ended.reasons[0] == "the run was ended by its goal failures < 50%, abort after 500ms (100%)"


@pytest.mark.parametrize(("lasted", "is_told"), [(4_000, True), (12_000, False)])
def test_a_run_that_its_runtime_ended_before_its_time_was_ended_by_the_goal(lasted: float, is_told: bool) -> None:
    model = ClosedModel(users=1, duration=10_000)
    load = Load(name="load", workloads=(Workload(journey="checkout", model=model),))
    the_plan = plan(HASTY).model_copy(update={"loads": (load,)})
    guard = AbortGuard(the_plan, collected(failed("status", "status: x")), Scope(the_plan, None))
    guard.look_back(lasted)
    assert bool(guard.missed) is is_told


def test_a_run_that_a_goal_ended_is_valid_though_a_journey_had_no_turn() -> None:
    run = collected(failed("status", "status: x", step="Elsewhere"))
    guard = AbortGuard(plan(HASTY), run, Scope(plan(HASTY), None))
    assert conclude(plan(HASTY), None, RUNTIME, run, 5).verdict == "invalid"
    assert guard.is_missed()
    assert conclude(plan(HASTY), None, RUNTIME, run, 5, aborted=guard.missed).verdict == "failed"


def verdict(the_plan: Plan, *samples: Sample, **more: Any) -> Summary:
    return conclude(the_plan, more.pop("load", None), RUNTIME, collected(*samples), 5, **more)


def test_a_run_without_failures_and_missed_goals_passes() -> None:
    assert verdict(plan(goal("max", "<", "11")), sample()).verdict == "passed"


def test_a_failed_request_fails_a_run_that_has_no_goal_about_failures() -> None:
    run = verdict(plan(goal("max", "<", "11")), sample(), failed("status", "status: x"))
    assert (run.verdict, run.reasons) == ("failed", ("1 of 2 requests failed",))


def test_a_failed_request_does_not_fail_a_run_whose_goal_allows_it() -> None:
    assert verdict(plan(goal("failures", "<", "0.6")), sample(), failed("status", "status: x")).verdict == "passed"


def test_a_missed_goal_fails_the_run_and_is_named() -> None:
    run = verdict(plan(goal("max", "<", "10")), sample())
    assert (run.verdict, run.reasons) == ("failed", ("goal missed: max < 10ms (10ms)",))


def test_a_run_that_made_no_request_is_not_valid() -> None:
    run = verdict(plan())
    assert (run.verdict, run.reasons, run.started) == ("invalid", ("no request was made",), 5)


def test_a_run_with_a_journey_that_made_no_request_is_not_valid() -> None:
    run = verdict(plan(journeys=2), sample())
    assert (run.verdict, run.reasons) == ("invalid", ("journey `j1` made no request",))


def test_a_journey_outside_the_load_need_not_make_requests() -> None:
    two = plan(journeys=2).model_copy(
        update={"loads": (Load(name="one", workloads=(Workload(journey="j0", model=ClosedModel(users=1)),)),)}
    )
    assert verdict(two, sample()).verdict == "passed"


def test_a_runtime_that_tells_no_steps_is_judged_by_the_names_of_requests() -> None:
    assert verdict(plan(), sample(step="")).verdict == "passed"


def test_a_problem_outside_the_samples_makes_the_run_not_valid() -> None:
    assert verdict(plan(), sample(), problems=["the runtime ended with exit code 107"]).verdict == "invalid"


def test_an_interrupted_run_says_so_and_keeps_what_it_measured() -> None:
    run = verdict(plan(), sample(), interrupted=True)
    assert (run.verdict, run.totals.count) == ("interrupted", 1)


def test_samples_and_summary_are_written_and_read_back_without_loss(tmp_path: Path) -> None:
    bad = failed("text", 'text: body does not contain "\u2028é"')
    with SampleFile(tmp_path, {}) as file:
        for item in (STEP, bad):
            file.write(item)
    lines = (tmp_path / SAMPLES_NAME).read_text(encoding="utf-8").split("\n")
    assert [Sample.model_validate_json(line) for line in lines[:-1]] == [STEP, bad]
    summary = verdict(plan(goal("max", "<", "10")), sample(), bad)
    path = write_summary(tmp_path, summary)
    assert Summary.model_validate_json(path.read_bytes()) == summary


def test_a_secret_never_reaches_the_samples(tmp_path: Path) -> None:
    with SampleFile(tmp_path, {"A": "hunter2", "B": "", "C": "hunter2-long"}) as file:
        written = file.write(failed("network", "network: http://x/?p=hunter2-long&q=hunter2"))
    assert written.message == "network: http://x/?p=…&q=…"
    assert "hunter2" not in (tmp_path / SAMPLES_NAME).read_text(encoding="utf-8")


def test_an_earlier_run_leaves_nothing_that_could_be_taken_for_this_one(tmp_path: Path) -> None:
    for name in ("summary.json", "samples.jsonl", "raw", "mine.txt"):
        (tmp_path / name).write_text("old")
    clear(tmp_path, ("raw",))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
