"""Journeys as functions that are given a user."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from loadwright.backends.locust import usage
from loadwright.backends.locust.checks import Checks
from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.flow import FlowWriter, place
from loadwright.backends.locust.layout import PythonWriter
from loadwright.backends.locust.literals import comment
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.backends.locust.requests import Requests
from loadwright.compiler.plan.model import Journey, Plan
from loadwright.compiler.plan.secrecy import hidden_names

PARTS = ("setup", "iteration", "teardown")


@dataclass(frozen=True)
class Globals:
    """The names of the module: what is taken, and constants by the plan's names."""

    scope: Scope
    values: Mapping[str, str]
    """Of each target and secret."""
    rows: Mapping[str, str]
    files: Mapping[str, str]
    schemas: Mapping[str, str]
    connections: Mapping[str, str]
    """Of each target that is connected to in a way of its own."""
    headers: Collection[str]
    """The default headers that are sent without being asked for, in lower case."""


def part_names(journey: Journey, scope: Scope) -> dict[str, str]:
    """The function of each part that a journey has."""
    name = snake_case(journey.name)
    found = {"iteration": scope.add(("journey", journey.name), name)}
    for part in ("setup", "teardown"):
        if getattr(journey, part):
            found[part] = scope.add((part, journey.name), f"{name}_{part}")
    return found


def write_journey(writer: PythonWriter, plan: Plan, journey: Journey, functions: Mapping[str, str], outside: Globals) -> None:
    """Write a journey as a function for each of its parts."""
    nodes = {"setup": journey.setup, "iteration": journey.nodes, "teardown": journey.teardown}
    parts = {name: usage.part(plan, journey, nodes[name], starts=name != "teardown") for name in PARTS if name in functions}
    names, rows = usage.kept(plan, tuple(parts.values()))
    attributes = Scope()
    keeping = {name: f"user.kept.{attributes.add(name, snake_case(name))}" for name in sorted(names)}
    kept_rows = {name: f"user.kept.{attributes.add(('row', name), snake_case(name))}" for name in sorted(rows)}
    for number, (name, part) in enumerate(parts.items()):
        if number:
            writer.blank()
            writer.line()
        read = frozenset().union(*(p.read for p in parts.values())) if names else part.read
        read = part.read | {kept for kept in keeping if kept in read}
        described = f"{name.capitalize()} of journey" if name != "iteration" else "Journey"
        title = f": {journey.title}" if journey.title and name == "iteration" else ""
        where = place(journey.origin)
        text = f'{described} "{journey.name}"{title}'
        writer.line("# " + comment(f"{text} ({where})" if where else text))
        _write_part(writer, plan, replace(part, read=read), functions[name], outside, keeping, kept_rows)


def _write_part(
    writer: PythonWriter,
    plan: Plan,
    part: usage.Part,
    function: str,
    outside: Globals,
    keeping: Mapping[str, str],
    kept_rows: Mapping[str, str],
) -> None:
    scope = outside.scope.inner()
    used_rows = [source.name for source in plan.data if source.name in part.rows or (part.starts and source.name in kept_rows)]
    rows = {name: kept_rows.get(name) or scope.add(("row", name), snake_case(name)) for name in used_rows}
    names = {**outside.values, **keeping}
    for name in part.bound():
        if name not in names:
            names[name] = scope.add(name, snake_case(name))
    expressions = Expressions(names, rows)
    checks = Checks(plan, expressions, outside.schemas, part.read, hidden_names(plan))
    requests = Requests(plan, expressions, outside.files, outside.connections, outside.headers, checks)
    flow = FlowWriter(writer, scope, requests)
    writer.line(f"def {function}(user: JourneyUser) -> None:")
    with writer.block():
        before = writer.count
        if part.starts:
            for name, local in rows.items():
                writer.line(f"{local} = {outside.rows[name]}.next(user)")
            for variable in part.variables:
                flow.variable(variable)
        flow.nodes(part.nodes)
        flow.pass_unless_statements_after(before)
