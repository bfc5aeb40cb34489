"""How sure a decision is: the share of decisions on the same evidence that were right where the truth is known.

Decisions are grouped by their evidence. `calibration.json` has for each group how many were right of how many, on applications
of the correlation benchmark (`python benchmarks/correlation/calibrate.py`). The share is taken as (right + 1) / (all + 2), so that
a group that was seldom seen counts as less sure, and one that was never seen as one half.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.model import Capture, Plan
from loadwright.compiler.plan.node import DecisionOrigin

Level = Literal["high", "medium", "low"]
LEVELS: tuple[Level, ...] = get_args(Level)
_HIGH, _MEDIUM = 0.98, 0.9
_STRUCTURED = ("header", "cookie", "json", "css", "xpath", "redirect")
_CERTAIN = ("environment", "cookie jar", "ignore")
"""Verdicts that are read off the recording, with nothing to be wrong about."""


def rate(plan: Plan, decisions: Iterable[Decision]) -> None:
    """Write on each decision the group of its evidence and the confidence that was measured for it."""
    captures = {
        c.origin.decision: c
        for journey in plan.journeys
        for request in exchanges(journey)
        for c in request.captures
        if isinstance(c.origin, DecisionOrigin)
    }
    for decision in decisions:
        decision.basis = basis(decision, captures.get(decision.id))
        decision.confidence = confidence(decision.basis) if decision.basis else None


def basis(decision: Decision, capture: Capture | None) -> str:
    """The group of a decision: verdict, what the value is like, where it was found, what a second recording says.

    Empty for a verdict that is read off the recording.
    """
    said = " ".join(decision.evidence)
    if decision.verdict in _CERTAIN or "a password by" in said or "as in an earlier journey" in said:
        return ""
    parts: list[str] = [decision.verdict]
    if decision.verdict == "extract" and capture is not None:
        if "follows the redirect" in said:
            parts.append("a whole redirect")
        else:
            parts.append("random" if "too random" in said else "short")
            plain = capture.source.kind in _STRUCTURED and capture.occurrence == 1
            parts.append("by name or path" if plain else "by position or surroundings")
    if "second recording" in said:
        parts.append("second recording")
    return ", ".join(parts)


def confidence(group: str) -> float:
    """The confidence of a group, from 0 to 1, in thousandths."""
    right, seen = calibration().get(group, (0, 0))
    return round((right + 1) / (seen + 2), 3)


def level(value: float) -> Level:
    """A confidence in a word: high from 0.98, medium from 0.9, else low."""
    return "high" if value >= _HIGH else "medium" if value >= _MEDIUM else "low"


@cache
def calibration() -> Mapping[str, tuple[int, int]]:
    """For each group how many decisions were right, of how many."""
    text = files("loadwright.compiler.agents.decide").joinpath("calibration.json").read_text(encoding="utf-8")
    return {group: (right, seen) for group, (right, seen) in json.loads(text).items()}
