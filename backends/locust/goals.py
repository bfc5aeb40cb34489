"""Goals as a listener that decides Locust's exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from loadwright.backends.locust.assemble import module_names
from loadwright.backends.locust.layout import Group, PythonWriter, call
from loadwright.backends.locust.literals import literal
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.compiler.plan.model import Goal, Journey
from loadwright.compiler.plan.traverse import steps

_COUNTS = {"soft_failures": "soft failure", "extraction_misses": "extraction"}
_MEASURES = {"mean": "mean", "max": "maximum", "failures": "failure_share"}


def write_goals(writer: PythonWriter, goals: tuple[Goal, ...], journeys: Iterable[Journey]) -> None:
    """Write the listener; without goals it only refuses a run that made no request."""
    step_names = {step.name for journey in journeys for step in steps(journey)}
    writer.line("@events.quitting.add_listener")
    writer.line("def check_goals(environment: Environment, **_: Any) -> None:")
    with writer.block():
        writer.line('"""Decide the exit code."""')
        if not goals:
            writer.line("judge(environment)")
            return
        writer.line("stats = environment.stats")
        entries = _entries(goals)
        for of, name in entries.items():
            scope = _scope(of, step_names)
            writer.expression(call("statistics", "stats", *scope), f"{name} = ")
        conditions = {literal(goal_text(goal)): _condition(goal, entries, step_names) for goal in goals}
        items = tuple(f"{text}: {condition}" for text, condition in conditions.items())
        writer.expression(call("judge", "environment", Group("{", items, "}")))


def goal_text(goal: Goal) -> str:
    """A goal as the language writes it."""
    metric = f"p{_number(goal.percentile or Decimal(100))}" if goal.metric == "percentile" else goal.metric.replace("_", " ")
    of = f' of "{goal.of}"' if goal.of is not None else ""
    return f"{metric}{of} {goal.relation} {_quantity(goal)}"


def _quantity(goal: Goal) -> str:
    match goal.metric:
        case "percentile" | "mean" | "max":
            return f"{_number(goal.value)}ms"
        case "failures":
            return f"{_number(goal.value * 100)}%"
        case "throughput":
            return f"{_number(goal.value)}/s"
        case _:
            return _number(goal.value)


def _entries(goals: tuple[Goal, ...]) -> dict[str | None, str]:
    """A variable for each step or request that is measured; None stands for all."""
    scope = Scope({"stats", "environment", *module_names()})
    measured = dict.fromkeys(goal.of for goal in goals if goal.metric not in _COUNTS)
    return {of: scope.add(of, "everything" if of is None else snake_case(of)) for of in measured}


def _scope(of: str | None, step_names: set[str]) -> tuple[str, ...]:
    if of is None:
        return ()
    return (literal(of), "step=True") if of in step_names else (literal(of),)


def _condition(goal: Goal, entries: Mapping[str | None, str], step_names: set[str]) -> str:
    relation = "==" if goal.relation == "=" else goal.relation
    return f"{_measured(goal, entries, step_names)} {relation} {_number(goal.value)}"


def _measured(goal: Goal, entries: Mapping[str | None, str], step_names: set[str]) -> str:
    if kind := _COUNTS.get(goal.metric):
        scope = "".join(f", {argument}" for argument in _scope(goal.of, step_names))
        return f"failure_count(stats, {literal(kind)}{scope})"
    entry = entries[goal.of]
    if goal.metric == "percentile":
        return f"percentile({entry}, {_number((goal.percentile or Decimal(100)) / 100)})"
    if goal.metric == "throughput":
        return f"{entry}.total_rps"
    return f"{_MEASURES[goal.metric]}({entry})"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
