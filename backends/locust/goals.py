"""Goals as what a judge listens for: it decides Locust's exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from loadwright.backends.locust.layout import Doc, Group, PythonWriter, call
from loadwright.backends.locust.literals import literal
from loadwright.backends.locust.requests import seconds
from loadwright.compiler.plan.model import Goal, Journey
from loadwright.compiler.plan.traverse import step_requests, steps

_TIMES = ("percentile", "mean", "min", "max")
_METRICS = {
    "mean": "mean",
    "min": "minimum",
    "max": "maximum",
    "failures": "failed_share",
    "failed_requests": "failed",
    "soft_failures": 'failed_for("soft failure")',
    "soft_failure_rate": 'share_failed_for("soft failure")',
    "extraction_misses": 'failed_for("extraction")',
    "requests": "how_many",
    "iterations": "how_many",
    "dropped_arrivals": "how_many",
    "throughput": "per_second",
}
_KINDS = {"iterations": "iteration", "dropped_arrivals": "dropped"}


def write_goals(
    writer: PythonWriter, goals: Sequence[Goal], journeys: Sequence[Journey], phases: Mapping[str, Mapping[str, str]]
) -> None:
    """Write the goals, and the judge that decides by them.

    `phases` gives for each phase the journeys in whose load it is, and the class that has this load.
    """
    if not goals:
        writer.lines("@events.quitting.add_listener", "def judge_run(environment: Environment, **_: Any) -> None:")
        with writer.block():
            writer.line('"""Decide the exit code."""')
            writer.line("check_run(environment)")
        return
    items = tuple(_goal(goal, journeys, phases) for goal in goals)
    writer.expression(Group("GOALS: list[Goal] = [", items, "]"))
    writer.lines("", "", "@events.init.add_listener")
    writer.line("def judge_run(environment: Environment, **_: Any) -> None:")
    with writer.block():
        writer.line('"""Let a judge decide the exit code."""')
        writer.line("Judge(environment, GOALS)")


def _goal(goal: Goal, journeys: Sequence[Journey], phases: Mapping[str, Mapping[str, str]]) -> Doc:
    metric = f"percentile({_number(goal.percentile or Decimal(95))})" if goal.metric == "percentile" else _METRICS[goal.metric]
    arguments: list[Doc] = [literal(goal_text(goal)), metric, literal(goal.relation), _number(goal.value)]
    kind = _kind(goal, journeys)
    if kind != "request":
        arguments.append(f"kind={literal(kind)}")
    if goal.subject is not None:
        arguments.append(f"of=lambda s: {_where(goal, kind, journeys)}")
    if goal.phase is not None:
        windows = (f"{literal(j)}: {of}.line.window({literal(goal.phase)})" for j, of in phases.get(goal.phase, {"": ""}).items())
        arguments.append(Group("during={", tuple(w for w in windows if w[0:2] != '""') or ('"": (0.0, 0.0)',), "}"))
    if goal.abort:
        arguments.append(f"abort_after={seconds(goal.abort_after)}")
    return call("Goal", *arguments)


def _kind(goal: Goal, journeys: Sequence[Journey]) -> str:
    """What kind of samples a goal speaks of."""
    if goal.metric in _KINDS:
        return _KINDS[goal.metric]
    of_steps = goal.subject == "name" and (goal.metric in _TIMES or goal.metric in ("failures", "throughput"))
    return "step" if of_steps and any(step.name == goal.of for journey in journeys for step in steps(journey)) else "request"


def _where(goal: Goal, kind: str, journeys: Sequence[Journey]) -> str:
    of = literal(goal.of or "")
    if goal.subject == "journey":
        return f"s.journey == {of}"
    if goal.subject == "tag":
        return _tagged(goal.of or "", kind, journeys)
    return f"s.name == {of}" if kind == "step" else f"{of} in (s.step, s.name)"


def _tagged(tag: str, kind: str, journeys: Sequence[Journey]) -> str:
    """The samples of journeys, steps and requests with a tag."""
    whole = [journey.name for journey in journeys if tag in journey.tags]
    parts = [f"s.journey in {_collection(map(literal, whole))}"] if whole else []
    if kind == "request":
        own = [(j.name, s) for j in journeys for s in steps(j) if j.name not in whole]
        tagged = dict.fromkeys(f"({literal(j)}, {literal(s.name)})" for j, s in own if tag in s.tags)
        parts += [f"(s.journey, s.step) in {_collection(tagged)}"] if tagged else []
        names = dict.fromkeys(
            f"({literal(j)}, {literal(s.name)}, {literal(r.name)})"
            for j, s in own
            for r in step_requests(s)
            if tag in r.tags and tag not in s.tags
        )
        parts += [f"(s.journey, s.step, s.name) in {_collection(names)}"] if names else []
    return " or ".join(parts) or "False"


def _collection(items: Iterable[str]) -> str:
    return "{" + ", ".join(items) + "}"


def goal_text(goal: Goal) -> str:
    """A goal as the language writes it."""
    words = {"failed_requests": "failures", "soft_failure_rate": "soft failures"}
    percent = f"p{_number(goal.percentile)}" if goal.percentile is not None else None
    metric = percent or words.get(goal.metric, goal.metric.replace("_", " "))
    of = goal.of or ""
    subject = {None: "", "name": f' of "{of}"', "journey": f" of journey {of}", "tag": f' of tag "{of}"'}[goal.subject]
    phase = f' in phase "{goal.phase}"' if goal.phase is not None else ""
    return f"{metric}{subject}{phase} {goal.relation} {_quantity(goal)}"


def _quantity(goal: Goal) -> str:
    match goal.metric:
        case "percentile" | "mean" | "min" | "max":
            return f"{_number(goal.value)}ms"
        case "failures" | "soft_failure_rate":
            return f"{_number(goal.value * 100)}%"
        case "throughput":
            return f"{_number(goal.value)}/s"
        case _:
            return _number(goal.value)


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
