"""A load as classes of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from loadwright.backends.locust.layout import Doc, PythonWriter, call
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.names import Scope, pascal_case
from loadwright.backends.locust.requests import seconds
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.features import DEFAULT_GRACEFUL_STOP
from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Journey,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    Plan,
    Workload,
)
from loadwright.compiler.plan.profile import highest, is_open, pieces, workloads

CLASS_ATTRIBUTES = (
    *("abstract", "host", "journey", "journey_name", "set_up", "tear_down", "default_headers", "timeout", "fixed_count"),
    *("iterations", "line", "pacing", "grace", "keeps_cookies", "visitor", "max_in_flight"),
)
"""What the classes assign; a function of such a name could not be named after it."""


def chosen_load(plan: Plan, name: str | None) -> Load:
    """The load of that name, or the first.

    A Plan without loads runs each journey with one user and one iteration.
    """
    if name is None and plan.loads:
        return plan.loads[0]
    for load in plan.loads:
        if load.name == name:
            return load
    if name is not None:
        known = ", ".join(f"`{load.name}`" for load in plan.loads) or "none"
        raise LoadwrightError(Diagnostic("unknown-load", f"there is no load `{name}`", f"loads: {known}"))
    once = ClosedModel(users=1, iterations=1)
    return Load.model_construct(
        name="",
        workloads=tuple(Workload(journey=j.name, model=once) for j in plan.journeys),
        graceful_stop=DEFAULT_GRACEFUL_STOP,
    )


class LoadWriter:
    """Writes the user classes of a load."""

    def __init__(self, writer: PythonWriter, load: Load, scope: Scope, common: Sequence[str]) -> None:
        self.writer = writer
        self.load = load
        self.scope = scope
        self.common = common
        """The lines that every class has."""
        self.phases: dict[str, dict[str, str]] = {}
        """For each phase the journeys in whose load it is, and the class that has this load."""

    def write(self, journeys: Mapping[str, Journey], functions: Mapping[str, Mapping[str, str]]) -> None:
        """Write the classes; `functions` are those of the parts of each journey."""
        if self.load.name:
            self.writer.line()
            self.writer.line(f"# Load {comment(self.load.name)}")
        wholes = self._wholes()
        for workload in workloads(self.load):
            self._class(workload, journeys[workload.journey], functions[workload.journey], wholes.get(workload.journey, ""))

    def _wholes(self) -> dict[str, str]:
        """The highest level of the mix that a journey is a part of, as an argument."""
        mixes = (item for item in self.load.workloads if isinstance(item, Mix))
        return {s.journey: f", of={_number(highest(mix.model))}" for mix in mixes for s in mix.shares}

    def _class(self, workload: Workload, journey: Journey, functions: Mapping[str, str], whole: str) -> None:
        model = workload.model
        name = self.scope.add(object(), pascal_case(journey.name))
        self.writer.lines("", "")
        self.writer.line(f"class {name}(JourneyUser):")
        with self.writer.block():
            if is_open(model):
                self.writer.line("abstract = True")
            self.writer.lines(*self.common)
            self.writer.line(f"journey = {functions['iteration']}")
            for part, attribute in (("setup", "set_up"), ("teardown", "tear_down")):
                if part in functions:
                    self.writer.line(f"{attribute} = {functions[part]}")
            self.writer.line(f"journey_name = {literal(journey.name)}")
            if journey.keeps_cookies:
                self.writer.line("keeps_cookies = True")
            self._iterations(model)
            self.writer.expression(self._line(model, whole), "line = ")
            if getattr(model, "pacing", None):
                self.writer.line(f"pacing = {seconds(getattr(model, 'pacing', 0))}")
            if self.load.graceful_stop != DEFAULT_GRACEFUL_STOP:
                self.writer.line(f"grace = {seconds(self.load.graceful_stop)}")
        if isinstance(model, ClosedPhases | OpenPhases):
            for phase in model.phases:
                self.phases.setdefault(phase.name, {})[journey.name] = name
        if isinstance(model, OpenModel | OpenPhases):
            self._arrivals(name, model)

    def _arrivals(self, visitor: str, model: OpenModel | OpenPhases) -> None:
        name = self.scope.add(object(), f"{visitor}Arrivals")
        self.writer.lines("", "")
        self.writer.line(f"class {name}(Arrivals):")
        with self.writer.block():
            self.writer.line(f"visitor = {visitor}")
            self.writer.line(f"max_in_flight = {model.max_in_flight}")

    def _iterations(self, model: LoadModel) -> None:
        if is_open(model):
            self.writer.line("iterations = 1")
        elif isinstance(model, ClosedModel):
            never_ends = model.iterations is None and model.duration is not None
            planned = "math.inf" if never_ends else f'unless("DURATION", {model.iterations or 1})'
            self.writer.line(f'iterations = setting("ITERATIONS", {planned})')

    def _line(self, model: LoadModel, whole: str) -> Doc:
        match model:
            case ClosedModel():
                duration = "math.inf" if model.duration is None else seconds(model.duration)
                level = f'setting("USERS", {model.users}{whole})'
                return call("steady", level, f'setting("DURATION", {duration})', *_ramp(model.ramp))
            case OpenModel():
                level = f'setting("RATE", {_number(model.rate)}{whole})'
                return call("steady", level, f'setting("DURATION", {seconds(model.duration)})', *_ramp(model.ramp))
        phases = (
            f"({literal(piece.phase)}, {seconds(piece.end - piece.start)}, {_number(piece.first)}, {_number(piece.last)})"
            for piece in pieces(model)
        )
        kind = "USERS" if isinstance(model, ClosedPhases) else "RATE"
        return call("phased", f'"{kind}"', *phases, *([whole[2:]] if whole else []))


def _ramp(ramp: int) -> list[str]:
    return [f"ramp={seconds(ramp)}"] if ramp else []


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
