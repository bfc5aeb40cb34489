"""Loads add up, and loads and goals speak of what is there."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding
from loadwright.compiler.plan.model import ClosedModel, LoadModel, Mix, OpenModel
from loadwright.compiler.plan.traverse import steps
from loadwright.compiler.suggest import suggestion


def check_loads(context: Context) -> Iterator[Diagnostic]:
    """`buy: 5/s for 1m, ramp 2m` ramps longer than it lasts; `buy: 5 users` never ends."""
    journeys = {journey.name for journey in context.plan.journeys}
    for load in context.plan.loads:
        for workload in load.workloads:
            for named in workload.shares if isinstance(workload, Mix) else (workload,):
                if named.journey not in journeys:
                    message, hint = f"there is no journey `{named.journey}`", suggestion(named.journey, journeys)
                    yield finding(Code.UNKNOWN_JOURNEY, message, hint, context.at(named, named.origin))
            problem = _problem(workload.model)
            if problem:
                yield finding(Code.BAD_LOAD, *problem, workload.origin)


def _problem(model: LoadModel) -> tuple[str, str] | None:
    if not isinstance(model, ClosedModel | OpenModel):
        return None
    if isinstance(model, OpenModel) and model.rate <= 0:
        return "the rate is zero", "give more than nothing: `1/m`"
    if model.duration is not None and model.ramp > model.duration:
        return "the ramp is longer than the whole load", "the ramp is part of the duration"
    if isinstance(model, ClosedModel) and model.duration is None and model.iterations is None:
        return "the users never stop", "add `for 10m` or `, 20 iterations`"
    return None


def check_goals(context: Context) -> Iterator[Diagnostic]:
    """`p95 of "Opne" < 1s` speaks of no step and no request."""
    names = {step.name for journey in context.plan.journeys for step in steps(journey)}
    names |= {request.name for request in context.requests()}
    for goal in context.plan.goals:
        if goal.subject == "name" and goal.of is not None and goal.of not in names:
            message, hint = f"there is no step or request `{goal.of}`", suggestion(goal.of, names)
            yield finding(Code.UNKNOWN_GOAL, message, hint, context.at(goal, goal.origin))
