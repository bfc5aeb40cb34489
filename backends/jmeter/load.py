"""The load: journeys under their models, and the numbers that can be overridden as variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from loadwright.backends.jmeter.chance import draws_random
from loadwright.backends.jmeter.data import is_native, used_sources
from loadwright.backends.jmeter.settings import THINK_FACTOR, given, setting, user_variables
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.features import DEFAULT_GRACEFUL_STOP
from loadwright.compiler.plan.model import ClosedModel, Journey, Load, LoadModel, Plan, Stop, Think, Workload
from loadwright.compiler.plan.needs import called_functions
from loadwright.compiler.plan.profile import highest, is_open, length, workloads
from loadwright.compiler.plan.traverse import journey_nodes

_OVERRIDES = """\
Override with -J, or by the environment:
LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (iterations per second),
LOADWRIGHT_THINK (a factor on think times), LOADWRIGHT_SHARD (K/N: this is the K-th of N processes that share the load)"""
SHARD = "load.shard"
"""The variable with this process's part of the load, `K/N`."""
_WORDS = {"user", "iteration", "counter"}
"""Functions that speak of a user and its iterations."""


@dataclass(frozen=True)
class Group:
    """A journey under a load."""

    prefix: str
    """Unique in the plan: how the variables of the group's load start; no name of the Plan has two dots."""
    journey: Journey
    model: LoadModel
    graceful: int
    """Milliseconds that iterations have after the end."""
    whole: Decimal
    """The highest level of the model, or of the mix that it is a part of."""
    is_plain: bool
    """Whether a user does nothing but iterations, one after the other, so that the thread group needs no script for it."""


def groups(plan: Plan, load: str | None) -> tuple[Group, ...]:
    """The groups of a load (None: the first); without any load each journey once, by one user.

    Raises LoadwrightError for a load or a journey that the Plan does not have.
    """
    journeys = {journey.name: journey for journey in plan.journeys}
    chosen = _chosen(plan, load)
    found: list[Group] = []
    for workload, whole in _workloads(chosen) if chosen else _once(plan):
        if workload.journey not in journeys:
            raise LoadwrightError(Diagnostic("unknown-journey", f"there is no journey `{workload.journey}`"))
        journey, model = journeys[workload.journey], workload.model
        graceful = chosen.graceful_stop if chosen else DEFAULT_GRACEFUL_STOP
        found.append(Group(_prefix(journey.name, found), journey, model, graceful, whole, _is_plain(plan, journey, model)))
    return _alike(plan, found)


def _chosen(plan: Plan, load: str | None) -> Load | None:
    if not plan.loads and load is None:
        return None
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    if chosen is None:
        known = ", ".join(item.name for item in plan.loads) or "none"
        raise LoadwrightError(Diagnostic("unknown-load", f"there is no load `{load}`", f"the loads are: {known}"))
    return chosen


def _workloads(load: Load) -> Iterator[tuple[Workload, Decimal]]:
    """Each workload with the highest level of the whole that it is a part of."""
    for item in load.workloads:
        for workload in workloads(load.model_copy(update={"workloads": (item,)})):
            yield workload, highest(item.model)


def _once(plan: Plan) -> Iterator[tuple[Workload, Decimal]]:
    for journey in plan.journeys:
        yield Workload(journey=journey.name, model=ClosedModel(users=1, iterations=1)), Decimal(1)


def _prefix(journey: str, others: list[Group]) -> str:
    prefix = "load." + re.sub(r"[^A-Za-z0-9_-]", "_", journey)
    return f"{prefix}_{len(others)}" if any(group.prefix == prefix for group in others) else prefix


def _is_plain(plan: Plan, journey: Journey, model: LoadModel) -> bool:
    if not isinstance(model, ClosedModel) or model.duration or model.pacing or model.ramp % 1000:
        return False
    if journey.setup or journey.teardown or draws_random(plan, journey) or _WORDS & called_functions(plan, journey):
        return False
    return not any(isinstance(node, Stop) and node.what == "user" for node in journey_nodes(journey))


def _alike(plan: Plan, found: list[Group]) -> tuple[Group, ...]:
    """The groups; where the users of one need a script, those of all have one, for they begin together and share rows of data."""
    native = all(is_native(source) for group in found for source in used_sources(plan, group.journey))
    return tuple(replace(group, is_plain=native and all(other.is_plain for other in found)) for group in found)


def load_variables(found: tuple[Group, ...]) -> tuple[Element, ...]:
    """The variables of all groups."""
    values = {name: value for group in found for name, value in _values(group)}
    values[SHARD] = setting("LOADWRIGHT_SHARD", "'1/1'")
    if any(isinstance(node, Think) for group in found for node in journey_nodes(group.journey)):
        values[THINK_FACTOR] = setting("LOADWRIGHT_THINK", "1")
    return user_variables("Load", values, _OVERRIDES)


def _values(group: Group) -> Iterator[tuple[str, str]]:
    model, prefix = group.model, group.prefix
    word = "rate" if is_open(model) else "users"
    yield f"{prefix}.{word}", _level(f"LOADWRIGHT_{word.upper()}", highest(model), group.whole)
    if isinstance(model, ClosedModel):
        iterations = model.iterations if model.iterations is not None else (-1 if model.duration else 1)
        loops = f"(({given('LOADWRIGHT_DURATION')}) ? -1 : {iterations})" if iterations != -1 else "-1"
        yield f"{prefix}.iterations", setting("LOADWRIGHT_ITERATIONS", loops)
    if group.is_plain:
        yield f"{prefix}.duration", "${__groovy(Math.ceil(" + f"({given('LOADWRIGHT_DURATION')} ?: 0) as double" + ") as long)}"
    else:
        yield f"{prefix}.duration", setting("LOADWRIGHT_DURATION", seconds(length(model) or 0))


def _level(variable: str, own: Decimal, whole: Decimal) -> str:
    """The level as property text; in a mix, what is given is the level of the whole."""
    if own == whole:
        return setting(variable, f"{own:f}")
    return "${__groovy(def given = " + given(variable) + f"; given ? given.toBigDecimal() * {own:f} / {whole:f} : {own:f})}}"


def seconds(milliseconds: int) -> str:
    """Milliseconds as seconds, exactly."""
    return f"{(Decimal(milliseconds) / 1000).normalize():f}"
