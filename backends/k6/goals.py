"""Goals as k6 thresholds."""

from __future__ import annotations

from decimal import Decimal

from loadwright.backends.k6.layout import Group, array, mapping
from loadwright.backends.k6.literals import string
from loadwright.compiler.plan.model import Goal, Plan
from loadwright.compiler.plan.traverse import steps

_OPPOSITE = {"<": ">", "<=": ">=", "=": "==", ">=": "<=", ">": "<"}
_COUNTED = {"soft_failures": "soft failure", "extraction_misses": "extraction"}


class Thresholds:
    """The thresholds of a Plan's goals, and the extra tags for names that k6 cannot tell by themselves."""

    def __init__(self, plan: Plan) -> None:
        self._steps = {step.name for journey in plan.journeys for step in steps(journey)}
        named = dict.fromkeys(goal.of for goal in plan.goals if goal.of is not None and not _can_tag(goal.of))
        self.tags = {name: str(number) for number, name in enumerate(named, 1)}
        """The value of the tag `goal` (or `step_goal`) by name."""
        self._goals = plan.goals

    def node(self) -> Group | None:
        """The `thresholds` option; None without goals."""
        found: dict[str, list[str]] = {}
        for goal in self._goals:
            metric, condition = self._threshold(goal)
            found.setdefault(metric, []).append(condition)
        members = ((metric, array(string(c) for c in conditions)) for metric, conditions in found.items())
        return mapping(members, is_broken=True) if found else None

    def _threshold(self, goal: Goal) -> tuple[str, str]:
        value = _plain(goal.value)
        relation = "==" if goal.relation == "=" else goal.relation
        tags = self._selection(goal.of)
        match goal.metric:
            case "failures":
                return _metric("checks", tags), f"rate{_OPPOSITE[goal.relation]}{_plain(1 - goal.value)}"
            case "throughput":
                return _metric("http_reqs", tags), f"rate{relation}{value}"
            case "soft_failures" | "extraction_misses":
                return _metric("request_failures", [f"kind:{_COUNTED[goal.metric]}", *tags]), f"count{relation}{value}"
        aggregate = {"mean": "avg", "max": "max"}.get(goal.metric) or f"p({_plain(goal.percentile or Decimal(95))})"
        return _metric("step_duration" if goal.of in self._steps else "request_duration", tags), f"{aggregate}{relation}{value}"

    def _selection(self, of: str | None) -> list[str]:
        if of is None:
            return []
        tag, goal_tag = ("step", "step_goal") if of in self._steps else ("name", "goal")
        return [f"{goal_tag}:{self.tags[of]}" if of in self.tags else f"{tag}:{of}"]


def _can_tag(text: str) -> bool:
    """Whether k6 can tell samples by this tag value in the name of a threshold."""
    return bool(text) and "," not in text and text == text.strip().strip("\"'")


def _metric(name: str, tags: list[str]) -> str:
    return name + ("{" + ",".join(tags) + "}" if tags else "")


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
