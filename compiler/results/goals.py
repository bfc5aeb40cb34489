"""Judges a Plan's goals on collected samples, the same for every runtime."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal

from loadwright.compiler.plan.model import Goal
from loadwright.compiler.results.collect import Collector, Series, percentile
from loadwright.compiler.results.summary import GoalResult

_RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_TIMES = ("percentile", "mean", "max")
_COUNTED = {"soft_failures": "soft failure", "extraction_misses": "extraction"}


def judge(goal: Goal, collected: Collector) -> GoalResult:
    """Measure what the goal speaks of and compare; a goal with nothing to measure is missed."""
    series = _series(goal, collected)
    measured = _measure(goal, series, collected.seconds) if series else None
    return GoalResult(
        goal=goal_text(goal),
        measured=measured,
        passed=measured is not None and _RELATIONS[goal.relation](measured, goal.value),
        text="nothing to measure" if measured is None else _value_text(goal, measured),
    )


def speaks_of_failures(goal: Goal) -> bool:
    """Whether the goal says how many failures are too many."""
    return goal.metric == "failures" and goal.of is None


def goal_text(goal: Goal) -> str:
    """The goal as the language writes it: `p95 of "Log in" < 800ms`."""
    metric = f"p{_plain(goal.percentile or Decimal(95))}" if goal.metric == "percentile" else goal.metric.replace("_", " ")
    of = f' of "{goal.of}"' if goal.of else ""
    return f"{metric}{of} {goal.relation} {_value_text(goal, goal.value)}"


def _series(goal: Goal, collected: Collector) -> Series | None:
    if goal.of is None:
        return collected.totals
    if goal.of in collected.steps and goal.metric not in _COUNTED:
        return collected.steps[goal.of]
    return _merge([s for (step, name), s in collected.requests.items() if goal.of in (step, name)])


def _merge(found: list[Series]) -> Series | None:
    if not found:
        return None
    merged = Series()
    for series in found:
        merged.count += series.count
        merged.failures += series.failures
        merged.kinds.update(series.kinds)
        merged.elapsed.extend(series.elapsed)
    return merged


def _measure(goal: Goal, series: Series, seconds: float) -> Decimal | None:
    if not series.count:
        return None
    if goal.metric in _TIMES:
        return _time(goal, series)
    if goal.metric == "failures":
        return Decimal(series.failures) / series.count
    if goal.metric == "throughput":
        return Decimal(str(round(series.count / seconds, 3))) if seconds else None
    kind = _COUNTED[goal.metric]
    return Decimal(sum(count for name, count in series.kinds.items() if name == kind))


def _time(goal: Goal, series: Series) -> Decimal | None:
    values = series.ordered()
    if not values:
        return None
    if goal.metric == "mean":
        value = math.fsum(values) / len(values)
    elif goal.metric == "max":
        value = values[-1]
    else:
        value = percentile(values, float(goal.percentile or 95))
    return Decimal(str(round(value, 3)))


def _value_text(goal: Goal, value: Decimal) -> str:
    if goal.metric in _TIMES:
        return f"{_plain(value)}ms"
    if goal.metric == "failures":
        return f"{_plain(round(value * 100, 3))}%"
    if goal.metric == "throughput":
        return f"{_plain(value)}/s"
    return _plain(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
