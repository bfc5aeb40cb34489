"""What a journey uses of its Plan, and which values its parts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loadwright.compiler.plan.model import (
    ForEach,
    Journey,
    Node,
    Plan,
    Receive,
    Repeat,
    Request,
    Variable,
)
from loadwright.compiler.plan.render import digest_auth, effective_expectations, effective_headers
from loadwright.compiler.plan.template import DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import AnyNode, auth_templates, node_templates, walk_nodes


@dataclass(frozen=True)
class Part:
    """A part of a journey that is a function of its own: setup, iteration or teardown."""

    nodes: tuple[Node, ...]
    starts: bool
    """Whether rows are taken and the Plan's variables evaluated at its start."""
    read: frozenset[str]
    """The names whose values it reads."""
    rows: frozenset[str]
    """The data sources whose row it reads."""
    variables: tuple[Variable, ...]
    """The Plan's variables that it evaluates."""

    def bound(self) -> Iterator[str]:
        """The names that get a value in it, in order."""
        yield from (variable.name for variable in self.variables)
        for node in walk_nodes(self.nodes):
            yield from bound_names(node)


def bound_names(node: AnyNode) -> Iterator[str]:
    """The names that a node itself gives a value."""
    if isinstance(node, Variable | ForEach):
        yield node.name
    elif isinstance(node, Repeat) and node.index is not None:
        yield node.index
    elif isinstance(node, Request | Receive):
        yield from (capture.name for capture in node.captures)


def part(plan: Plan, journey: Journey, nodes: tuple[Node, ...], *, starts: bool) -> Part:
    """A part of a journey; the Plan's variables that any part needs are evaluated where it starts."""
    everything = [*_templates(plan, (*journey.setup, *journey.nodes, *journey.teardown))]
    variables = _needed(plan, everything) if starts else ()
    live = [*_templates(plan, nodes), *(variable.value for variable in variables)]
    return Part(nodes, starts, frozenset(_names(live)), frozenset(_data(live)), variables)


def kept(parts: Sequence[Part]) -> tuple[set[str], set[str]]:
    """The names, and the data sources, whose values outlive the part that gave them: another one reads them."""
    names: set[str] = set()
    rows: set[str] = set()
    for reader in parts:
        for other in parts:
            if other is not reader:
                given = {name for name in other.bound() if name in reader.read}
                names |= given - {variable.name for variable in reader.variables}
                rows |= set() if reader.starts else reader.rows & other.rows
    return names, rows


def _needed(plan: Plan, used: list[Template]) -> tuple[Variable, ...]:
    wanted = _names(used)
    for variable in reversed(plan.variables):
        if variable.name in wanted:
            wanted |= _names([variable.value])
    return tuple(variable for variable in plan.variables if variable.name in wanted)


def _templates(plan: Plan, nodes: Iterable[Node]) -> Iterator[Template]:
    """Every template that nodes evaluate, with those of the defaults."""
    for node in walk_nodes(nodes):
        yield from (value for value, _ in node_templates(node))
        if isinstance(node, Request):
            yield from (header.value for header in effective_headers(plan, node))
            yield from (value for value, _ in auth_templates(digest_auth(plan, node), None))
            yield from _expected(plan, node)


def _expected(plan: Plan, request: Request) -> Iterator[Template]:
    for expectation in effective_expectations(plan, request):
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals
        elif expectation.kind == "value":
            yield from expectation.values


def _names(values: Iterable[Template]) -> set[str]:
    return {part.name for value in values for part in walk(value) if isinstance(part, Reference)}


def _data(values: Iterable[Template]) -> set[str]:
    return {part.data for value in values for part in walk(value) if isinstance(part, DataField)}
