"""A load as classes of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loadwright.backends.locust.layout import PythonWriter
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.names import Scope, pascal_case
from loadwright.backends.locust.requests import seconds
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.model import ClosedModel, Load, OpenModel, Plan, Workload

CLASS_ATTRIBUTES = (
    *("abstract", "host", "journey", "journey_name", "default_headers", "timeout", "fixed_count"),
    *("iterations", "duration", "ramp", "visitor", "rate", "max_in_flight"),
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
    )


def write_load(
    writer: PythonWriter,
    load: Load,
    functions: Mapping[str, str],
    common: Sequence[str],
    scope: Scope,
) -> None:
    """Write the user classes of a load.

    `functions` are those of the journeys, `common` the lines that every class has.
    """
    if load.name:
        writer.line()
        writer.line(f"# Load {comment(load.name)}")
    for workload in load.workloads:
        _Users(writer, workload, functions[workload.journey], common, scope).write()


class _Users:
    def __init__(
        self,
        writer: PythonWriter,
        workload: Workload,
        function: str,
        common: Sequence[str],
        scope: Scope,
    ) -> None:
        self.writer = writer
        self.workload = workload
        self.function = function
        self.common = common
        self.scope = scope

    def write(self) -> None:
        visitor = self.scope.add(object(), pascal_case(self.workload.journey))
        self.writer.lines("", "")
        self.writer.line(f"class {visitor}(JourneyUser):")
        with self.writer.block():
            if isinstance(self.workload.model, OpenModel):
                self.writer.line("abstract = True")
            self.writer.lines(*self.common)
            self.writer.line(f"journey = {self.function}")
            self.writer.line(f"journey_name = {literal(self.workload.journey)}")
            if isinstance(self.workload.model, ClosedModel):
                self._closed(self.workload.model)
        if isinstance(self.workload.model, OpenModel):
            self._open(self.workload.model, visitor)

    def _closed(self, model: ClosedModel) -> None:
        self.writer.line(f'fixed_count = int(setting("USERS", {model.users}))')
        never_ends = model.iterations is None and model.duration is not None
        iterations = "math.inf" if never_ends else f'unless("DURATION", {model.iterations or 1})'
        self.writer.line(f'iterations = setting("ITERATIONS", {iterations})')
        duration = "math.inf" if model.duration is None else seconds(model.duration)
        self.writer.line(f'duration = setting("DURATION", {duration})')
        self._ramp(model.ramp)

    def _open(self, model: OpenModel, visitor: str) -> None:
        name = self.scope.add(object(), f"{visitor}Arrivals")
        self.writer.lines("", "")
        self.writer.line(f"class {name}(Arrivals):")
        with self.writer.block():
            self.writer.line(f"visitor = {visitor}")
            self.writer.line(f'rate = setting("RATE", {_rate(model)})')
            self.writer.line(f'duration = setting("DURATION", {seconds(model.duration)})')
            self._ramp(model.ramp)
            self.writer.line(f"max_in_flight = {model.max_in_flight}")

    def _ramp(self, ramp: int) -> None:
        if ramp:
            self.writer.line(f"ramp = {seconds(ramp)}")


def _rate(model: OpenModel) -> str:
    text = f"{model.rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
