"""The load of a Plan as k6 scenarios."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loadwright.backends.k6.layout import Group, Node, array, call, mapping
from loadwright.backends.k6.literals import seconds, string
from loadwright.backends.k6.names import Names
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Journey,
    Load,
    Mix,
    OpenModel,
    OpenPhases,
    Plan,
    RatePhase,
    Request,
    Think,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.profile import highest, workloads
from loadwright.compiler.plan.traverse import journey_nodes

_SECONDS_PER_REQUEST = 0.5
"""What a request is taken to last when the number of users to prepare is estimated."""
_USUAL_GRACE = 30_000
_TEARDOWN_GRACE = 10_000
"""Milliseconds that users have at least for their teardown after the end of the load."""


@dataclass(frozen=True)
class Scenario:
    """A workload under the name that k6 reports it by, and the milliseconds that its iterations have to end."""

    name: str
    workload: Workload
    grace: int = _USUAL_GRACE
    whole: Decimal | None = None
    """Of a part of a mix: the highest level of the whole."""


def scenarios(plan: Plan, load: str | None) -> tuple[Scenario, ...]:
    """The scenarios of a load (None: the first; without any, one user and one iteration of each journey).

    Raises LoadwrightError for a load or journey that the Plan does not have.
    """
    taken: set[str] = set()
    chosen = _load(plan, load)
    journeys = {journey.name: journey for journey in plan.journeys}
    found = []
    for workload, whole in _workloads(chosen):
        if workload.journey not in journeys:
            raise LoadwrightError(Diagnostic(code="unknown-journey", message=f"there is no journey `{workload.journey}`"))
        least = _TEARDOWN_GRACE if journeys[workload.journey].teardown else 0
        grace = max(chosen.graceful_stop, least)
        found.append(Scenario(_unique(_safe(workload.journey), taken), workload, grace, whole))
    return tuple(found)


def _workloads(load: Load) -> Iterator[tuple[Workload, Decimal | None]]:
    """Each workload, those of a mix with the highest level of the whole."""
    for item in load.workloads:
        for workload in workloads(load.model_copy(update={"workloads": (item,)})):
            yield workload, highest(item.model) if isinstance(item, Mix) else None


def scenario_node(scenario: Scenario, journey: Journey, function: str, names: Names) -> Node:
    """The call that makes a scenario's options."""
    model = scenario.workload.model
    members: list[tuple[str, Node]] = []
    match model:
        case ClosedModel():
            members.append(("users", str(model.users)))
            if model.iterations or not model.duration:
                members.append(("iterations", str(model.iterations or 1)))
            members += [("duration", seconds(model.duration))] if model.duration else []
            members += [("ramp", seconds(model.ramp))] if model.ramp else []
        case OpenModel():
            members += [("rate", _number(model.rate)), ("duration", seconds(model.duration))]
            members += [("ramp", seconds(model.ramp))] if model.ramp else []
        case ClosedPhases() | OpenPhases():
            members.append(("phases", _phases(model.phases)))
    if isinstance(model, OpenModel | OpenPhases):
        members += [("maxInFlight", str(model.max_in_flight)), ("lasting", str(lasting(journey)))]
    elif model.pacing:
        members.append(("pacing", seconds(model.pacing)))
    if scenario.whole is not None:
        members.append(("mix", _number(scenario.whole)))
    if scenario.grace != _USUAL_GRACE:
        members.append(("gracefulStop", seconds(scenario.grace)))
    if is_held(scenario, journey) and not (isinstance(model, ClosedModel) and model.iterations):
        members.append(("isHeld", "true"))
    if journey.name != function:
        members.append(("journey", string(journey.name)))
    return call(names.use(_HELPERS[model.kind]), string(function), mapping(members))


_HELPERS = {"closed": "closedModel", "open": "openModel", "closed phases": "closedPhases", "open phases": "openPhases"}


def is_held(scenario: Scenario, journey: Journey) -> bool:
    """Whether the script itself holds users back until their time has come.

    k6 tells no user that it is the one to leave when their number falls, so that it could tear down; and its executor of so
    many iterations has no ramp.
    """
    model = scenario.workload.model
    if isinstance(model, ClosedModel):
        return bool(model.ramp) and bool(journey.teardown or model.iterations or not model.duration)
    return isinstance(model, ClosedPhases) and bool(journey.teardown)


def is_paced(scenario: Scenario) -> bool:
    """Whether iterations do not start faster than a pace."""
    return bool(getattr(scenario.workload.model, "pacing", None))


def lasting(journey: Journey) -> int:
    """About how many seconds an iteration lasts, for the number of users to prepare."""
    nodes = list(journey_nodes(journey))
    pauses = sum((node.minimum + node.maximum) / 2000 for node in nodes if isinstance(node, Think))
    return max(math.ceil(pauses + _SECONDS_PER_REQUEST * sum(isinstance(node, Request) for node in nodes)), 1)


def _load(plan: Plan, load: str | None) -> Load:
    if not plan.loads and load is None:
        once = ClosedModel(users=1, iterations=1)
        return Load.model_construct(name="", workloads=tuple(Workload(journey=j.name, model=once) for j in plan.journeys))
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    if chosen is None:
        raise LoadwrightError(Diagnostic(code="unknown-load", message=f"there is no load `{load}`"))
    return chosen


def _phases(phases: Sequence[UserPhase | RatePhase]) -> Group:
    return Group("[", array(_phase(phase) for phase in phases).items, "]", is_broken=True)


def _phase(phase: UserPhase | RatePhase) -> Group:
    members: list[tuple[str, Node]] = [("name", string(phase.name)), ("duration", seconds(phase.duration))]
    if isinstance(phase, UserPhase):
        members += [("users", str(phase.users))] if phase.users is not None else []
    else:
        members += [("rate", _number(phase.rate))] if phase.rate is not None else []
    return mapping((*members, *([("jump", "true")] if phase.jump else [])))


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name) or "journey"


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    taken.add(candidate)
    return candidate


def _number(rate: Decimal) -> str:
    text = format(rate.normalize(), "f")
    return text if len(text) < 20 else repr(float(rate))
