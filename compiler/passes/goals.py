"""Goals speak of what is there, and can be met and missed."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.plan.model import ClosedPhases, Goal, OpenPhases, Request, Step, Stream
from loadwright.compiler.plan.profile import is_open, length
from loadwright.compiler.plan.render import effective_timeout
from loadwright.compiler.plan.traverse import step_requests
from loadwright.compiler.suggest import suggestion

_SHARES = ("failures", "soft_failure_rate")
_TIMES = ("percentile", "mean", "min", "max")
_WHOLE = ("failed_requests", "soft_failures", "extraction_misses", "requests", "iterations", "dropped_arrivals")


def check_subjects(context: Context) -> Iterator[Diagnostic]:
    """`p95 of "Opne" < 1s` speaks of no step and no request; journeys, tags and phases are looked up as well."""
    known = _names(context)
    for goal in context.plan.goals:
        if goal.subject is not None and goal.of is not None and goal.of not in known[goal.subject]:
            what = {"name": "step or request", "journey": "journey", "tag": "tag"}[goal.subject]
            hint = suggestion(goal.of, known[goal.subject]) or f"there is no {what} at all" * (not known[goal.subject])
            yield finding(Code.UNKNOWN_GOAL, f"there is no {what} `{goal.of}`", hint, context.at(goal, goal.origin))
        elif goal.phase is not None and goal.phase not in known["phase"]:
            hint = suggestion(goal.phase, known["phase"]) or "phases are those of a load: `phases { … }`"
            place = context.at(goal, goal.origin, 0)
            yield finding(Code.UNKNOWN_GOAL, f"there is no phase `{goal.phase}`", hint, place)
        else:
            yield from _ambiguous(context, goal)


def _names(context: Context) -> dict[str, set[str]]:
    nodes = list(context.nodes())
    named = {node.name for node in nodes if hasattr(node, "name") and node.kind in ("step", "request", "stream", "receive")}
    tags = {tag for node in nodes if isinstance(node, Step | Request) for tag in node.tags}
    tags |= {tag for journey in context.plan.journeys for tag in journey.tags}
    phases = {name for names in _phases(context) for name in names}
    return {"name": named, "journey": {journey.name for journey in context.plan.journeys}, "tag": tags, "phase": phases}


def _phases(context: Context) -> list[list[str]]:
    """The names of the phases of each model."""
    models = [item.model for load in context.plan.loads for item in load.workloads]
    return [[phase.name for phase in model.phases] for model in models if isinstance(model, ClosedPhases | OpenPhases)]


def _ambiguous(context: Context, goal: Goal) -> Iterator[Diagnostic]:
    if goal.subject == "name":
        steps = [node for node in context.nodes() if isinstance(node, Step)]
        holding = {step.name for step in steps if goal.of in {request.name for request in step_requests(step)}}
        if goal.of in {step.name for step in steps} and holding - {goal.of}:
            message = f"`{goal.of}` is a step, and a request of another step; the goal speaks of the step"
            hint = "give them different names"
            yield warning(Code.AMBIGUOUS, message, hint, context.at(goal, goal.origin))
    if goal.phase is not None and any(names.count(goal.phase) > 1 for names in _phases(context)):
        message, hint = f"a load has several phases `{goal.phase}`; the goal speaks of all", "give them different names"
        yield warning(Code.AMBIGUOUS, message, hint, context.at(goal, goal.origin, 0))


def check_limits(context: Context) -> Iterator[Diagnostic]:
    """`p95 < 0s` is never met, `failures <= 100%` is always met, `requests >= 10, abort` ends the run at its start."""
    for goal in context.plan.goals:
        if problem := _impossible(goal):
            yield finding(Code.BAD_GOAL, *problem, goal.origin)
        elif _is_always_met(goal):
            yield warning(Code.CONSTANT, "the goal is always met", "give a limit that can be missed", goal.origin)
        else:
            yield from _abort(context, goal)


def _impossible(goal: Goal) -> tuple[str, str] | None:
    value, relation = goal.value, goal.relation
    below = relation == "<" and value <= 0
    above = goal.metric in _SHARES and ((relation == ">" and value >= 1) or (relation in (">=", "=") and value > 1))
    split = relation == "=" and goal.metric in _WHOLE and value % 1 != 0
    if below or above or split:
        return "the goal can never be met", "give a limit that can be reached"
    if goal.metric in ("iterations", "dropped_arrivals") and goal.subject in ("name", "tag"):
        what = goal.metric.replace("_", " ")
        return f"{what} are those of a journey, not of a step, request or tag", f"write `{what} of journey NAME`"
    return None


def _is_always_met(goal: Goal) -> bool:
    if goal.metric in _SHARES and ((goal.relation == "<=" and goal.value >= 1) or (goal.relation == "<" and goal.value > 1)):
        return True
    return goal.relation == ">=" and goal.value <= 0


def _abort(context: Context, goal: Goal) -> Iterator[Diagnostic]:
    if not goal.abort:
        return
    grows = goal.metric in (*_WHOLE, "throughput") and (goal.relation in (">", ">=") or (goal.relation == "=" and goal.value > 0))
    if grows and not goal.abort_after:
        message, hint = "the goal is missed at the start, so it ends the run at once", "say from when: `abort after 5m`"
        yield finding(Code.BAD_GOAL, message, hint, goal.origin)
    lengths = [length(item.model) for load in context.plan.loads for item in load.workloads]
    known = [each for each in lengths if each is not None]
    if known and len(known) == len(lengths) and goal.abort_after >= max(known):
        message = "the run is over before the goal may end it"
        yield warning(Code.IDLE, message, "give a shorter time after `abort after`", goal.origin)


def check_timeouts(context: Context) -> Iterator[Diagnostic]:
    """`p95 < 5m` with a timeout of 60 seconds is always met: the unit is a slip."""
    nodes = list(context.nodes())
    if any(isinstance(node, Stream) for node in nodes):
        return  # a stream is open for as long as it takes
    steps = {node.name for node in nodes if isinstance(node, Step)}
    for goal in context.plan.goals:
        if goal.metric not in _TIMES or goal.relation not in ("<", "<=") or goal.subject not in (None, "name") or goal.of in steps:
            continue
        requests = [node for node in nodes if isinstance(node, Request) and goal.of in (None, node.name)]
        longest = max((effective_timeout(context.plan, request) for request in requests), default=None)
        if longest is not None and goal.value > longest:
            message = f"the timeout of {longest / 1000:g}s comes first, so the goal is always met"
            yield warning(Code.CONSTANT, message, "is the unit right? `ms` are milliseconds, `m` minutes", goal.origin)


def check_dropped(context: Context) -> Iterator[Diagnostic]:
    """`dropped arrivals = 0` says something only of a load at a rate."""
    models = [item.model for load in context.plan.loads for item in load.workloads]
    if models and not any(map(is_open, models)):
        for goal in context.plan.goals:
            if goal.metric == "dropped_arrivals":
                message, hint = "no load has arrivals: users are never dropped", "delete the goal, or give a load a rate: `20/s`"
                yield warning(Code.CONSTANT, message, hint, goal.origin)
