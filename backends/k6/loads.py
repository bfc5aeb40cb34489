"""The load of a Plan as k6 scenarios."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from loadwright.backends.k6.journeys import seconds
from loadwright.backends.k6.layout import Node, call, mapping
from loadwright.backends.k6.literals import string
from loadwright.backends.k6.names import Names
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.model import ClosedModel, Journey, OpenModel, Plan, Step, Think, Workload
from loadwright.compiler.plan.traverse import requests

_SECONDS_PER_REQUEST = 0.5
"""What a request is taken to last when the number of users to prepare is estimated."""


@dataclass(frozen=True)
class Scenario:
    """A workload under the name that k6 reports it by."""

    name: str
    workload: Workload


def scenarios(plan: Plan, load: str | None) -> tuple[Scenario, ...]:
    """The scenarios of a load (None: the first; without any, one user and one iteration of each journey).

    Raises LoadwrightError for a load or journey that the Plan does not have.
    """
    taken: set[str] = set()
    return tuple(Scenario(_unique(_safe(workload.journey), taken), workload) for workload in _workloads(plan, load))


def scenario_node(plan: Plan, scenario: Scenario, function: str, names: Names) -> Node:
    """The call that makes a scenario's options."""
    model = scenario.workload.model
    journey = next(j for j in plan.journeys if j.name == scenario.workload.journey)
    members: list[tuple[str, Node]]
    if isinstance(model, OpenModel):
        members = [("rate", _number(model)), ("duration", seconds(model.duration))]
        members += [("ramp", seconds(model.ramp))] if model.ramp else []
        members += [("maxInFlight", str(model.max_in_flight)), ("lasting", str(lasting(journey)))]
        return call(names.use("openModel"), string(function), mapping(members))
    members = [("users", str(model.users))]
    if model.iterations or not model.duration:
        members.append(("iterations", str(model.iterations or 1)))
    members += [("duration", seconds(model.duration))] if model.duration else []
    members += [("ramp", seconds(model.ramp))] if model.ramp else []
    return call(names.use("closedModel"), string(function), mapping(members))


def has_ramp(found: tuple[Scenario, ...]) -> bool:
    """Whether users of a closed model start one after the other."""
    return any(isinstance(s.workload.model, ClosedModel) and s.workload.model.ramp for s in found)


def lasting(journey: Journey) -> int:
    """About how many seconds an iteration lasts, for the number of users to prepare."""
    items = [item for node in journey.nodes for item in (node.actions if isinstance(node, Step) else (node,))]
    pauses = sum((item.minimum + item.maximum) / 2000 for item in items if isinstance(item, Think))
    return max(math.ceil(pauses + _SECONDS_PER_REQUEST * sum(1 for _ in requests(journey))), 1)


def _workloads(plan: Plan, load: str | None) -> tuple[Workload, ...]:
    if not plan.loads and load is None:
        return tuple(Workload(journey=j.name, model=ClosedModel(users=1, iterations=1)) for j in plan.journeys)
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    if chosen is None:
        raise LoadwrightError(Diagnostic(code="unknown-load", message=f"there is no load `{load}`"))
    known = {journey.name for journey in plan.journeys}
    for workload in chosen.workloads:
        if workload.journey not in known:
            raise LoadwrightError(Diagnostic(code="unknown-journey", message=f"there is no journey `{workload.journey}`"))
    return chosen.workloads


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name) or "journey"


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    taken.add(candidate)
    return candidate


def _number(model: OpenModel) -> str:
    text = format(model.rate.normalize(), "f")
    return text if len(text) < 20 else repr(float(model.rate))
