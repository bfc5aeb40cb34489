"""Journeys as functions that are given a user."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import Group, PythonWriter, call, flat
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.backends.locust.requests import Requests, seconds
from loadwright.compiler.plan.model import (
    Action,
    Journey,
    Parallel,
    Plan,
    Request,
    Step,
    Think,
    Variable,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.render import effective_expectations, effective_headers
from loadwright.compiler.plan.secrecy import hidden_names
from loadwright.compiler.plan.template import DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import request_templates, requests


@dataclass(frozen=True)
class Globals:
    """The names of the module: what is taken, and constants by the plan's names."""

    scope: Scope
    values: Mapping[str, str]
    """Of each target and secret."""
    rows: Mapping[str, str]
    files: Mapping[str, str]
    headers: Collection[str]
    """The default headers that are sent without being asked for, in lower case."""


def write_journey(writer: PythonWriter, plan: Plan, journey: Journey, function: str, outside: Globals) -> None:
    """Write a journey as a function of that name."""
    _JourneyWriter(writer, plan, journey, outside).write(function)


class _JourneyWriter:
    def __init__(self, writer: PythonWriter, plan: Plan, journey: Journey, outside: Globals) -> None:
        self.writer = writer
        self.journey = journey
        self.outside = outside
        self.scope = outside.scope.inner()
        live = _live(plan, journey)
        self.read = _names(live)
        self.variables = tuple(v for v in plan.variables if v.name in self.read)
        self.rows = {name: self.scope.add(("row", name), snake_case(name)) for name in sorted(_data(live))}
        names = dict(outside.values)
        for name in self._bound():
            names.setdefault(name, self.scope.add(name, snake_case(name)))
        self.expressions = Expressions(names, self.rows)
        hidden = hidden_names(plan)
        self.requests = Requests(plan, self.expressions, outside.files, self.read, hidden, outside.headers)

    def _bound(self) -> Iterator[str]:
        yield from (variable.name for variable in self.variables)
        for item in _items(self.journey):
            if isinstance(item, Variable):
                yield item.name
        yield from (capture.name for request in requests(self.journey) for capture in request.captures)

    def write(self, function: str) -> None:
        title = f": {self.journey.title}" if self.journey.title else ""
        self._comment(f'Journey "{self.journey.name}"{title}', self.journey.origin)
        self.writer.line(f"def {function}(user: JourneyUser) -> None:")
        with self.writer.block():
            before = self.writer.text()
            for name, local in self.rows.items():
                self.writer.line(f"{local} = {self.outside.rows[name]}.next()")
            for variable in self.variables:
                self._variable(variable)
            for node in self.journey.nodes:
                self._node(node)
            self._pass_unless_statements_after(before)

    def _node(self, node: Step | Think | Variable) -> None:
        if not isinstance(node, Step):
            self._action(node)
            return
        self._blank()
        self._comment("", node.origin)
        opening = f"user.step({literal(node.name)})"
        actions = [a for a in node.actions if not isinstance(a, Variable) or self._is_evaluated(a)]
        if len(actions) == 1 and isinstance(actions[0], Request) and not self.requests.is_plain(actions[0]):
            self._step_of_one(opening, actions[0])
        else:
            self._step_of_more(opening, actions)
        self.writer.blank()

    def _is_evaluated(self, variable: Variable) -> bool:
        return variable.name in self.read or variable.value.literal is None

    def _step_of_one(self, step: str, request: Request) -> None:
        opening = self.requests.opening(request)
        line = f"with {step}, {flat(opening)} as response:"
        if request.origin is None and self.writer.fits(line):
            self.writer.line(line)
        else:
            with self.writer.block("with (", "):"):
                self.writer.line(f"{step},")
                self._comment("", request.origin)
                self.writer.expression(opening, after=" as response,")
        with self.writer.block():
            self.requests.write_checks(self.writer, request)

    def _step_of_more(self, step: str, actions: list[Action]) -> None:
        self.writer.line(f"with {step}:")
        with self.writer.block():
            before = self.writer.text()
            for action in actions:
                self._action(action)
            self._pass_unless_statements_after(before)

    def _pass_unless_statements_after(self, before: str) -> None:
        lines = self.writer.text()[len(before) :].split("\n")
        if all(not line or line.lstrip().startswith("#") for line in lines):
            self.writer.line("pass")

    def _action(self, action: Action) -> None:
        match action:
            case Think():
                ends = (seconds(action.minimum), seconds(action.maximum))
                self.writer.line(f"user.think({ends[0]}, {ends[1]})")
            case Variable():
                self._variable(action)
            case Request():
                self._comment("", action.origin)
                self.requests.write(self.writer, action)
            case Parallel():
                self._parallel(action)

    def _variable(self, variable: Variable) -> None:
        value = self.expressions.text(variable.value)
        if variable.name in self.read:
            self.writer.expression(value, f"{self.expressions.names[variable.name]} = ")
        elif variable.value.literal is None:
            self.writer.expression(value)  # it may draw a random number, count, or fail

    def _parallel(self, group: Parallel) -> None:
        inner = self.scope.inner()
        calls: list[str | Group] = []
        for number, request in enumerate(group.requests):
            if self.requests.is_plain(request):
                fetch = self.requests.fetch(request)
                calls.append(Group(f"lambda: {fetch.opening}", fetch.items, fetch.closing))
            else:
                name = inner.add(number, snake_case(request.name)[:40].strip("_"))
                self._request_function(name, request)
                calls.append(name)
        self._comment("", group.origin)
        self.writer.expression(call("user.parallel", *calls))

    def _request_function(self, function: str, request: Request) -> None:
        captured = [self.expressions.names[c.name] for c in request.captures if c.name in self.read]
        for name in captured:
            self.writer.line(f"{name}: str")
        self._blank()
        self.writer.line(f"def {function}() -> None:")
        with self.writer.block():
            if captured:
                self.writer.line(f"nonlocal {', '.join(dict.fromkeys(captured))}")
            self._comment("", request.origin)
            self.requests.write(self.writer, request)
        self.writer.blank()

    def _blank(self) -> None:
        if not self.writer.text().endswith(":\n"):
            self.writer.blank()

    def _comment(self, text: str, origin: Origin | None) -> None:
        where = _where(origin)
        if text or where:
            both = f"{text} ({where})" if text and where else text or where
            self.writer.line(f"# {comment(both)}")


def _where(origin: Origin | None) -> str:
    match origin:
        case None:
            return ""
        case _ if origin.kind == "source":
            return f"{PurePath(origin.span.path).name}:{origin.span.line}"
        case _ if origin.kind == "recording":
            return f"{origin.recording} entry {origin.entry}"
        case _:
            return f"decision {origin.decision}"


def _items(journey: Journey) -> Iterator[Action]:
    for node in journey.nodes:
        yield from node.actions if isinstance(node, Step) else (node,)


def _request_templates(plan: Plan, request: Request) -> Iterator[Template]:
    """Every template that a request with its defaults evaluates."""
    yield from (value for value, _ in request_templates(request))
    yield from (header.value for header in effective_headers(plan, request))
    for expectation in effective_expectations(plan, request):
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals
    yield from (c.default for c in request.captures if c.default is not None)


def _names(values: list[Template]) -> set[str]:
    return {part.name for value in values for part in walk(value) if isinstance(part, Reference)}


def _data(values: list[Template]) -> set[str]:
    return {part.data for value in values for part in walk(value) if isinstance(part, DataField)}


def _live(plan: Plan, journey: Journey) -> list[Template]:
    """The templates of the requests and of the journey's variables, and those of the plan's variables that these need."""
    live = [t for r in requests(journey) for t in _request_templates(plan, r)]
    live += [v.value for v in _items(journey) if isinstance(v, Variable)]
    dead = list(plan.variables)
    while found := [v for v in dead if v.name in _names(live)]:
        live += [variable.value for variable in found]
        dead = [variable for variable in dead if variable not in found]
    return live
