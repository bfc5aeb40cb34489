"""Concludes a run: what was measured, and whether it passed, failed, or says nothing."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.profile import workloads
from loadwright.compiler.plan.traverse import step_requests, steps
from loadwright.compiler.results.collect import Collector
from loadwright.compiler.results.goals import judge, speaks_of_failures
from loadwright.compiler.results.scope import Scope
from loadwright.compiler.results.summary import GoalResult, RuntimeUsed, Summary, Verdict


def conclude(
    plan: Plan,
    load: str | None,
    runtime: RuntimeUsed,
    collected: Collector,
    started: int,
    problems: Iterable[str] = (),
    interrupted: bool = False,
    duration: float | None = None,
    aborted: Iterable[GoalResult] = (),
) -> Summary:
    """The summary of a run; `problems` are reasons, known from outside the samples, why it is not valid.

    `started` is milliseconds since 1970; `duration` as `Scope` has it; `aborted` are goals that ended the run. A run is invalid
    too when it made no request, or none of a journey of its load. A failed request fails the run unless a goal says how many
    failures are too many.
    """
    scope = Scope(plan, load, duration)
    goals = tuple(judge(goal, collected, scope) for goal in plan.goals)
    ended = [f"the run was ended by its goal {result.goal} ({result.text})" for result in aborted]
    invalid = (*problems, *_silent(plan, load, collected, is_whole=not ended))
    missed = [*ended, *_missed(plan, goals, collected)]
    verdict: Verdict = "interrupted" if interrupted else "invalid" if invalid else "failed" if missed else "passed"
    return Summary(
        intent=plan.name,
        load=load or (plan.loads[0].name if plan.loads else "default"),
        runtime=runtime,
        started=int(collected.first) if collected.totals.count else started,
        duration=round(collected.seconds, 3),
        verdict=verdict,
        reasons=(*invalid, *missed),
        totals=collected.totals.metrics(collected.seconds),
        requests=collected.request_metrics(),
        steps=collected.step_metrics(),
        journeys=collected.journey_metrics(),
        failures=collected.failure_groups(),
        goals=goals,
    )


def loaded_journeys(plan: Plan, load: str | None) -> tuple[str, ...]:
    """The names of the journeys that a load runs; without any load in the Plan, all of them."""
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    names = (w.journey for w in workloads(chosen)) if chosen else (j.name for j in plan.journeys)
    return tuple(dict.fromkeys(names))


def _silent(plan: Plan, load: str | None, collected: Collector, is_whole: bool) -> list[str]:
    if not collected.totals.count:
        return ["no request was made"]
    if not is_whole:
        return []  # a journey may not have had its turn
    seen = {(step, name) for _, step, name in collected.requests}
    missing = []
    for journey in plan.journeys:
        if journey.name not in loaded_journeys(plan, load):
            continue
        own = {(step.name, request.name) for step in steps(journey) for request in step_requests(step)}
        if own and not seen & (own | {("", name) for _, name in own}):
            missing.append(f"journey `{journey.name}` made no request")
    return missing


def _missed(plan: Plan, goals: tuple[GoalResult, ...], collected: Collector) -> list[str]:
    missed = [f"goal missed: {result.goal} ({result.text})" for result in goals if not result.passed]
    failures = collected.totals.failures
    if any(speaks_of_failures(goal) for goal in plan.goals):
        return missed
    if failures:
        missed.append(f"{failures} of {collected.totals.count} requests failed")
    if collected.flow:
        missed.append(f"{collected.flow} iterations failed by `fail` or `until`")
    return missed
