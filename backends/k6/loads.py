"""The load of a Plan as k6 scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from loadwright.backends.k6 import usage
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
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.profile import highest, workloads

_USUAL_GRACE = 30_000


@dataclass(frozen=True)
class Scenario:
    """A workload under the name that k6 reports it by, and the milliseconds that its iterations have to end."""

    name: str
    workload: Workload
    grace: int = _USUAL_GRACE
    whole: Decimal | None = None
    """Of a part of a mix: the highest level of the whole."""
    is_alone: bool = True
    """Whether the load has no other."""


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
        found.append(Scenario(_unique(_safe(workload.journey), taken), workload, chosen.graceful_stop, whole))
    return tuple(replace(scenario, is_alone=len(found) == 1) for scenario in found)


def _workloads(load: Load) -> Iterator[tuple[Workload, Decimal | None]]:
    """Each workload, those of a mix with the highest level of the whole."""
    for item in load.workloads:
        for workload in workloads(load.model_copy(update={"workloads": (item,)})):
            yield workload, highest(item.model) if isinstance(item, Mix) else None


def scenario_node(plan: Plan, scenario: Scenario, journey: Journey, function: str, names: Names) -> Node:
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
        members.append(("maxInFlight", str(model.max_in_flight)))
    elif model.pacing:
        members.append(("pacing", seconds(model.pacing)))
    if scenario.whole is not None:
        members.append(("mix", _number(scenario.whole)))
    if scenario.grace != _USUAL_GRACE:
        members.append(("gracefulStop", seconds(scenario.grace)))
    if is_held(plan, scenario, journey):
        members.append(("isHeld", "true"))
    if isinstance(model, ClosedModel | ClosedPhases) and journey.setup and usage.takes_turns(plan, journey):
        members.append(("hasSetup", "true"))
    if journey.name != function:
        members.append(("journey", string(journey.name)))
    return call(names.use(helper(scenario)), string(function), mapping(members))


_HELPERS = {"closed": "closedModel", "open": "openModel", "closed phases": "closedPhases", "open phases": "openPhases"}


def helper(scenario: Scenario) -> str:
    """The helper that makes a scenario's options."""
    return _HELPERS[scenario.workload.model.kind]


def is_held(plan: Plan, scenario: Scenario, journey: Journey) -> bool:
    """Whether the script itself holds users back until their time has come.

    k6 tells no user which one it is, or that it is the one to leave when their number falls; it gives one that has left early
    another iteration; and its executor of so many iterations has no ramp.
    """
    model = scenario.workload.model
    if isinstance(model, ClosedModel) and model.ramp:
        is_bound = model.iterations is not None or not model.duration
        matters = not scenario.is_alone and usage.is_numbered(plan, journey)
        return is_bound or matters or _lives(plan, journey)
    if isinstance(model, ClosedPhases):
        return journey.keeps_cookies or usage.is_numbered(plan, journey) or _lives(plan, journey)
    return False


def _lives(plan: Plan, journey: Journey) -> bool:
    """Whether users do something before their first iteration or after their last, or end by themselves."""
    return usage.has_parts(journey) or usage.leaves(plan, journey)


def is_apart(plan: Plan, scenario: Scenario, journey: Journey) -> bool:
    """Whether what k6 counts as iterations is more than the iterations that take a row which users share."""
    return usage.takes_turns(plan, journey) and (bool(journey.setup) or is_held(plan, scenario, journey))


def may_hold(plan: Plan, scenario: Scenario, journey: Journey) -> bool:
    """Whether users may be held back: with LOADWRIGHT_ITERATIONS in every ramp."""
    model = scenario.workload.model
    return (isinstance(model, ClosedModel) and model.ramp > 0) or is_held(plan, scenario, journey)


def is_short(scenario: Scenario) -> bool:
    """Whether a load by iterations ends sooner than k6 can be told: it takes a second at least."""
    model = scenario.workload.model
    return isinstance(model, ClosedModel) and model.iterations is not None and 0 < (model.duration or 0) < 1000


def is_paced(scenario: Scenario) -> bool:
    """Whether iterations do not start faster than a pace."""
    return bool(getattr(scenario.workload.model, "pacing", None))


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
