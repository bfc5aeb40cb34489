"""Loads add up, and speak of what is there."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.structure import with_fragments
from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    Stop,
    Workload,
)
from loadwright.compiler.plan.profile import highest, is_open, length, workloads
from loadwright.compiler.suggest import suggestion

Problem = tuple[str, str]
"""A message and a hint."""


def check_loads(context: Context) -> Iterator[Diagnostic]:
    """`buy: 5/s for 1m, ramp 2m` ramps longer than it lasts; `buy: 5 users` never ends; shares of a mix are 100 %."""
    journeys = {journey.name for journey in context.plan.journeys}
    for load in context.plan.loads:
        for item in load.workloads:
            named = item.shares if isinstance(item, Mix) else (item,)
            for share in named:
                if share.journey not in journeys and share.journey:
                    message, hint = f"there is no journey `{share.journey}`", suggestion(share.journey, journeys)
                    yield finding(Code.UNKNOWN_JOURNEY, message, hint, context.at(share, share.origin or item.origin))
            place = item.model.origin or item.origin
            if problem := _problem(item.model):
                yield finding(Code.BAD_LOAD, *problem, place)
            elif isinstance(item, Mix):
                yield from _mix(context, item)
            if item.model.kind in ("closed", "closed phases") and (pause := _slow_pacing(item.model)):
                yield warning(Code.IDLE, *pause, place)


def _problem(model: LoadModel) -> Problem | None:
    if isinstance(model, ClosedPhases | OpenPhases):
        if highest(model) > 0:
            return None
        return "no phase has any load", "say how many: `to 50 users`, or `to 20/s`"
    if isinstance(model, OpenModel) and model.rate <= 0:
        return "the rate is zero", "give more than nothing: `1/m`"
    if model.duration is not None and model.ramp > model.duration:
        return "the ramp is longer than the whole load", "the ramp is part of the duration"
    if isinstance(model, ClosedModel) and model.duration is None and model.iterations is None:
        return "the users never stop", "add `for 10m` or `, 20 iterations`"
    return None


def _slow_pacing(model: LoadModel) -> Problem | None:
    """A pacing that leaves each user one iteration."""
    pacing, total = getattr(model, "pacing", None), length(model)
    if pacing is not None and total is not None and pacing >= total and getattr(model, "iterations", None) != 1:
        return (
            "the pacing is as long as the whole load, so each user has one iteration",
            "the pacing is the time from start to start",
        )
    return None


def _mix(context: Context, mix: Mix) -> Iterator[Diagnostic]:
    total = sum(share.percent for share in mix.shares)
    if total != 100:
        message = f"the shares of the mix add up to {total:f} %"
        last = mix.shares[-1]
        yield finding(Code.BAD_SHARES, message, "together they have to be 100 %", last.origin or mix.origin)
        return
    loaded = {workload.journey for workload in workloads(Load(name="", workloads=(mix,)))}
    for share in mix.shares:
        if share.percent == 0 or share.journey not in loaded:
            message, hint = f"no user is left for journey `{share.journey}`", "take more users, or a larger share"
            yield warning(Code.IDLE, message, hint, context.at(share, share.origin or mix.origin))


def check_stops(context: Context) -> Iterator[Diagnostic]:
    """`stop user` in a journey that arrives at a rate: each arrival is a user of its own, so it ends its one iteration."""
    arriving = _arriving(context)
    for journey in context.plan.journeys:
        if journey.name in arriving:
            for node in with_fragments(context, (*journey.setup, *journey.nodes, *journey.teardown)):
                if isinstance(node, Stop) and node.what == "user":
                    message, hint = "every arrival is a user of its own, so this ends one iteration", "write `stop iteration`"
                    yield warning(Code.IDLE, message, hint, node.origin)


def check_cookies(context: Context) -> Iterator[Diagnostic]:
    """`cookies keep` in a journey that arrives at a rate: each arrival has a jar of its own, and one iteration."""
    arriving = _arriving(context)
    for journey in context.plan.journeys:
        if journey.cookies == "keep" and journey.name in arriving:
            message, hint = (
                "every arrival is a user of its own, so there is no next iteration to keep cookies for",
                "delete `cookies keep`",
            )
            yield warning(Code.IDLE, message, hint, context.at(journey, journey.origin))


def _arriving(context: Context) -> set[str]:
    """The journeys that all loads start at a rate."""
    opened = {w.journey for load in context.plan.loads for w in _split(load) if is_open(w.model)}
    return opened - {w.journey for load in context.plan.loads for w in _split(load) if not is_open(w.model)}


def _split(load: Load) -> Iterator[Workload]:
    for item in load.workloads:
        named = [share.journey for share in item.shares] if isinstance(item, Mix) else [item.journey]
        yield from (Workload(journey=name, model=item.model) for name in named)
