"""Load and goals as the language writes them."""

from __future__ import annotations

from loadwright.compiler.plan import model
from loadwright.compiler.print_values import decimal, duration, quote, rate

_DEFAULT_IN_FLIGHT = 1000


def plain_model(load: model.ClosedModel | model.OpenModel) -> str:
    """A load on one line: `50 users for 10m, ramp 1m`."""
    if isinstance(load, model.OpenModel):
        parts = [f"{rate(load.rate)} for {duration(load.duration)}"]
        parts += [f"ramp {duration(load.ramp)}"] if load.ramp else []
        return ", ".join(parts) + _in_flight(load.max_in_flight)
    length = f" for {duration(load.duration)}" if load.duration is not None else ""
    parts = [f"{_counted(load.users, 'user')}{length}"]
    parts += [_counted(load.iterations, "iteration")] if load.iterations is not None else []
    parts += [f"ramp {duration(load.ramp)}"] if load.ramp else []
    return ", ".join(parts) + _pacing(load.pacing)


def phase_line(phase: model.UserPhase | model.RatePhase) -> str:
    """A phase: `"spike" 10s at 200 users`."""
    head = f"{quote(phase.name)} {duration(phase.duration)}"
    if isinstance(phase, model.UserPhase):
        level = _counted(phase.users, "user") if phase.users is not None else ""
    else:
        level = rate(phase.rate) if phase.rate is not None else ""
    return f"{head} {'at' if phase.jump else 'to'} {level}" if level else head


def phases_tail(load: model.ClosedPhases | model.OpenPhases) -> str:
    """What stands behind the phases' braces."""
    return _pacing(load.pacing) if isinstance(load, model.ClosedPhases) else _in_flight(load.max_in_flight)


def _pacing(pacing: int | None) -> str:
    return f", pacing {duration(pacing)}" if pacing is not None else ""


def _in_flight(most: int) -> str:
    return f", at most {most} in flight" if most != _DEFAULT_IN_FLIGHT else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def goal_line(goal: model.Goal) -> str:
    """A goal: `p95 of "Log in" in phase "peak" < 800ms, abort after 30s`."""
    words = {"failed_requests": "failures", "soft_failure_rate": "soft failures"}
    metric = (
        f"p{decimal(goal.percentile)}" if goal.percentile is not None else words.get(goal.metric, goal.metric.replace("_", " "))
    )
    abort = ", abort" if goal.abort else ""
    abort += f" after {duration(goal.abort_after)}" if goal.abort_after else ""
    return f"{metric}{_scope(goal)} {goal.relation} {_limit(goal)}{abort}"


def _scope(goal: model.Goal) -> str:
    of = goal.of or ""
    subject = {None: "", "name": f" of {quote(of)}", "journey": f" of journey {of}", "tag": f" of tag {quote(of)}"}[goal.subject]
    return subject + (f" in phase {quote(goal.phase)}" if goal.phase is not None else "")


def _limit(goal: model.Goal) -> str:
    match goal.metric:
        case "percentile" | "mean" | "min" | "max":
            return duration(goal.value)
        case "failures" | "soft_failure_rate":
            return f"{decimal(goal.value * 100)}%"
        case "throughput":
            return rate(goal.value)
        case _:
            return decimal(goal.value)
