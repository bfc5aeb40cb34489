"""Judges a run by its goals."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal

from loadwright.compiler.plan.model import Goal
from loadwright.compiler.print_load import goal_line
from loadwright.compiler.results.collect import Collector, Series, percentile
from loadwright.compiler.results.scope import Scope
from loadwright.compiler.results.summary import GoalResult

_RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_TIMES = ("percentile", "mean", "min", "max")
_SHARES = ("failures", "soft_failure_rate")
_KINDS = {"soft_failures": "soft failure", "soft_failure_rate": "soft failure", "extraction_misses": "extraction"}


def judge(goal: Goal, collected: Collector, scope: Scope) -> GoalResult:
    """Measure what the goal speaks of and compare; a goal with nothing to measure is missed."""
    measured = _measure(goal, collected, scope)
    return GoalResult(
        goal=goal_line(goal),
        measured=measured,
        passed=measured is not None and _RELATIONS[goal.relation](measured, goal.value),
        text="nothing to measure" if measured is None else _value_text(goal, measured),
    )


def speaks_of_failures(goal: Goal) -> bool:
    """Whether the goal says how many failures are too many."""
    return goal.metric in ("failures", "failed_requests") and goal.of is None and goal.phase is None


def _measure(goal: Goal, collected: Collector, scope: Scope) -> Decimal | None:
    if goal.metric in ("iterations", "dropped_arrivals"):
        return Decimal(scope.iterations(goal, collected, goal.metric == "dropped_arrivals").count)
    series = scope.steps(goal, collected) if goal.metric in _TIMES or goal.metric in ("failures", "throughput") else None
    series = series or scope.requests(goal, collected)
    if goal.metric == "requests":
        return Decimal(series.count if series else 0)
    if series is None or not series.count:
        return None
    return _time(goal, series) if goal.metric in _TIMES else _count(goal, series, scope.seconds(goal, collected))


def _count(goal: Goal, series: Series, seconds: float) -> Decimal | None:
    if goal.metric == "throughput":
        return Decimal(str(round(series.count / seconds, 3))) if seconds else None
    kind = _KINDS.get(goal.metric)
    count = Decimal(series.failures if kind is None else sum(n for name, n in series.kinds.items() if name == kind))
    return count / series.count if goal.metric in _SHARES else count


def _time(goal: Goal, series: Series) -> Decimal | None:
    values = series.ordered()
    if not values:
        return None
    match goal.metric:
        case "mean":
            value = math.fsum(values) / len(values)
        case "min":
            value = values[0]
        case "max":
            value = values[-1]
        case _:
            value = percentile(values, float(goal.percentile or 95))
    return Decimal(str(round(value, 3)))


def _value_text(goal: Goal, value: Decimal) -> str:
    if goal.metric in _TIMES:
        return f"{_plain(value)}ms"
    if goal.metric in _SHARES:
        return f"{_plain(round(value * 100, 3))}%"
    if goal.metric == "throughput":
        return f"{_plain(value)}/s"
    return _plain(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
