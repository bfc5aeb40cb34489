"""The load: a thread group per workload, with its numbers as variables that can be overridden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.groups import ON_FAILURE, main_loop
from loadwright.backends.jmeter.settings import THINK_FACTOR, given, setting, user_variables
from loadwright.backends.jmeter.xml import Element, boolean, element_property, string
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.model import ClosedModel, Journey, OpenModel, Plan, Step, Think

_OVERRIDES = """\
Override with -J, or by the environment:
LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (iterations per second),
LOADWRIGHT_THINK (a factor on think times), LOADWRIGHT_DRAIN (seconds that the last iterations of an open model have to end)"""
_LEAD_IN = 3
"""Seconds before the first arrival: arrival times count from the start of the test, before scripts are compiled."""
_DRAIN = 30
"""Seconds, beside the think times, that iterations have to end after the last arrival."""


@dataclass(frozen=True)
class Group:
    """A journey under a load."""

    name: str
    """Unique in the plan."""
    prefix: str
    """How the variables of the group's load start; no name of the Plan has two dots."""
    journey: Journey
    model: ClosedModel | OpenModel


def groups(plan: Plan, load: str | None) -> tuple[Group, ...]:
    """The groups of a load (None: the first); without any load each journey once, by one user.

    Raises LoadwrightError for a load or a journey that the Plan does not have.
    """
    journeys = {journey.name: journey for journey in plan.journeys}
    found: list[Group] = []
    for name, model in _workloads(plan, load):
        if name not in journeys:
            raise LoadwrightError(Diagnostic("unknown-journey", f"there is no journey `{name}`"))
        count = sum(group.journey.name == name for group in found)
        title = f"{name} {count + 1}" if count else name
        found.append(Group(title, _prefix(title, found), journeys[name], model))
    return tuple(found)


def _workloads(plan: Plan, load: str | None) -> list[tuple[str, ClosedModel | OpenModel]]:
    if not plan.loads and load is None:
        return [(journey.name, ClosedModel(users=1, iterations=1)) for journey in plan.journeys]
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    if chosen is None:
        known = ", ".join(item.name for item in plan.loads) or "none"
        raise LoadwrightError(Diagnostic("unknown-load", f"there is no load `{load}`", f"the loads are: {known}"))
    return [(workload.journey, workload.model) for workload in chosen.workloads]


def _prefix(title: str, others: list[Group]) -> str:
    prefix = "load." + re.sub(r"[^A-Za-z0-9_-]", "_", title)
    return f"{prefix}_{len(others)}" if any(group.prefix == prefix for group in others) else prefix


def load_variables(found: tuple[Group, ...]) -> tuple[Element, ...]:
    """The variables of all groups."""
    values = {name: value for group in found for name, value in _values(group)}
    if any(_thinking(group.journey) for group in found):
        values[THINK_FACTOR] = setting("LOADWRIGHT_THINK", "1")
    return user_variables("Load", values, _OVERRIDES)


def thread_group(group: Group, children: tuple[Element, ...], comment: str) -> Element:
    """The thread group that runs the elements as one iteration; `comment` is literal text."""
    build = _open if isinstance(group.model, OpenModel) else _closed
    return build(group, children, property_text(comment))


def _values(group: Group) -> Iterator[tuple[str, str]]:
    model, prefix = group.model, group.prefix
    if isinstance(model, OpenModel):
        total = f"(({given('LOADWRIGHT_DURATION')} ?: {_seconds(model.duration)}) as BigDecimal)"
        ramp = _seconds(model.ramp)
        yield f"{prefix}.rate", setting("LOADWRIGHT_RATE", f"{model.rate:f}")
        if model.ramp:
            yield f"{prefix}.ramp", "${__groovy(" + f"{total}.min({ramp} as BigDecimal)" + ")}"
            total = f"({total} - {ramp}).max(0 as BigDecimal)"
        yield f"{prefix}.steady", "${__groovy(" + total + ")}"
        yield f"{prefix}.drain", setting("LOADWRIGHT_DRAIN", str(_DRAIN + _thinking(group.journey)))
        return
    yield f"{prefix}.users", setting("LOADWRIGHT_USERS", str(model.users))
    iterations = model.iterations if model.iterations is not None else (-1 if model.duration else 1)
    duration = -(-(model.duration or 0) // 1000)
    loops = f"(({given('LOADWRIGHT_DURATION')}) ? -1 : {iterations})" if iterations != -1 else "-1"
    yield f"{prefix}.iterations", setting("LOADWRIGHT_ITERATIONS", loops)
    seconds = f"({given('LOADWRIGHT_DURATION')} ?: {duration}) as double"
    yield f"{prefix}.duration", "${__groovy(Math.ceil(" + seconds + ") as long)}"


def _closed(group: Group, children: tuple[Element, ...], comment: str) -> Element:
    assert isinstance(group.model, ClosedModel)
    properties = (
        string("ThreadGroup.num_threads", f"${{{group.prefix}.users}}"),
        string("ThreadGroup.ramp_time", str(-(-group.model.ramp // 1000))),
        string("ThreadGroup.scheduler", "${__groovy(vars.get('" + group.prefix + ".duration') != '0')}"),
        string("ThreadGroup.duration", f"${{{group.prefix}.duration}}"),
        string("ThreadGroup.delay", "0"),
        boolean("ThreadGroup.same_user_on_next_iteration", True),
        string("ThreadGroup.on_sample_error", ON_FAILURE),
        main_loop(f"${{{group.prefix}.iterations}}"),
    )
    return Element("ThreadGroup", "ThreadGroupGui", property_text(group.name), properties, children, comment)


def _open(group: Group, children: tuple[Element, ...], comment: str) -> Element:
    assert isinstance(group.model, OpenModel)
    rate = f"rate(${{{group.prefix}.rate}}/sec)"
    ramp = ["rate(0/sec)", f"random_arrivals(${{{group.prefix}.ramp}} sec)"] if group.model.ramp else []
    steady = [rate, f"random_arrivals(${{{group.prefix}.steady}} sec)"]
    schedule = [
        f"pause({_LEAD_IN} sec) /* arrivals count from the start of the test: time to compile the scripts */",
        *ramp,
        *steady,
        f"pause(${{{group.prefix}.drain}} sec) /* time for the last iterations to end */",
    ]
    properties = (
        element_property("ThreadGroup.main_controller", "OpenModelThreadGroupController"),
        string("ThreadGroup.on_sample_error", ON_FAILURE),
        string("OpenModelThreadGroup.schedule", "\n".join(schedule)),
        string("OpenModelThreadGroup.random_seed", ""),
    )
    return Element("OpenModelThreadGroup", "OpenModelThreadGroupGui", property_text(group.name), properties, children, comment)


def _thinking(journey: Journey) -> int:
    """Seconds that an iteration spends in think times at most, rounded up."""
    actions = (action for node in journey.nodes for action in (node.actions if isinstance(node, Step) else (node,)))
    return -(-sum(action.maximum for action in actions if isinstance(action, Think)) // 1000)


def _seconds(milliseconds: int) -> str:
    return f"{(Decimal(milliseconds) / 1000).normalize():f}"
