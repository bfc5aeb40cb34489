"""What a journey uses of its Plan, and which values its parts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loadwright.compiler.plan.model import (
    Choose,
    Fail,
    ForEach,
    If,
    Journey,
    Node,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    Shuffle,
    Step,
    Stop,
    Stream,
    Until,
    Variable,
    While,
)
from loadwright.compiler.plan.render import digest_auth, effective_expectations, effective_headers
from loadwright.compiler.plan.template import DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import AnyNode, auth_templates, expectation_templates, node_templates, walk_nodes


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


def kept(plan: Plan, parts: Sequence[Part]) -> tuple[set[str], set[str]]:
    """The names, and the data sources, whose values a user keeps.

    They are read where the same run of their part may not have given them a value: another part did, or the last iteration.
    Rows are taken where a part starts.
    """
    bound = {name for part in parts for name in part.bound()}
    names: set[str] = set()
    rows: set[str] = set()
    for part in parts:
        names |= _Reads(plan, bound).early(part) & bound
        rows |= set() if part.starts else part.rows
    return names, rows


class _Reads:
    """Goes through nodes as they are done, and finds the names that may be read before they get a value there."""

    def __init__(self, plan: Plan, bound: set[str]) -> None:
        self.plan = plan
        self.bound = bound
        """The names that the journey gives a value at all."""
        self.found: set[str] = set()

    def early(self, part: Part) -> set[str]:
        known: set[str] = set()
        for variable in part.variables:
            self._read([variable.value], known)
            known.add(variable.name)
        self._all(part.nodes, known)
        return self.found

    def _read(self, values: Iterable[Template], known: set[str]) -> None:
        self.found |= _names(values) - known

    def _all(self, nodes: Iterable[AnyNode], known: set[str]) -> set[str]:
        """The names that certainly have a value after nodes."""
        for node in nodes:
            known = self._one(node, known)
        return known

    def _one(self, node: AnyNode, known: set[str]) -> set[str]:
        if not isinstance(node, Until):
            self._read(_node_templates(self.plan, node), known)
        bound = set(bound_names(node))
        match node:
            case If():
                ways = [self._all(branch.nodes, set(known)) for branch in node.branches]
                ways.append(self._all(node.otherwise or (), set(known)))
                return set.intersection(*ways)
            case Repeat() | While() | ForEach():
                after = self._all(node.nodes, known | bound)
                return after if isinstance(node, Repeat) and _certain(node) else known
            case Stop() | Fail():
                return known | self.bound  # nothing follows
            case Until():
                known = self._all(node.nodes, known)
                self._read(_node_templates(self.plan, node), known)
                return known
            case Choose():
                for option in node.options:
                    self._all(option.nodes, set(known))
                return known
            case Shuffle() | Parallel():
                inner: tuple[AnyNode, ...] = node.nodes if isinstance(node, Shuffle) else node.requests
                return known.union(*(self._one(item, set(known)) for item in inner))
            case Step():
                return self._all(node.actions, known)
            case Stream():
                return self._all(node.actions, known)
        return known | bound


def _certain(loop: Repeat) -> bool:
    """Whether a loop is gone through at least once."""
    times = loop.times.literal or ""
    return times.isascii() and times.isdecimal() and int(times) > 0


def _needed(plan: Plan, used: list[Template]) -> tuple[Variable, ...]:
    wanted = _names(used)
    for variable in reversed(plan.variables):
        if variable.name in wanted:
            wanted |= _names([variable.value])
    return tuple(variable for variable in plan.variables if variable.name in wanted)


def _templates(plan: Plan, nodes: Iterable[Node]) -> Iterator[Template]:
    """Every template that nodes evaluate, with those of the defaults."""
    return (value for node in walk_nodes(nodes) for value in _node_templates(plan, node))


def _node_templates(plan: Plan, node: AnyNode) -> Iterator[Template]:
    """The templates that a node itself evaluates, with those of the defaults."""
    yield from (value for value, _ in node_templates(node))
    if isinstance(node, Request):
        yield from (header.value for header in effective_headers(plan, node))
        yield from (value for value, _ in auth_templates(digest_auth(plan, node), None))
        yield from (value for value, _ in expectation_templates(effective_expectations(plan, node), None))
    elif isinstance(node, Stream):
        yield from (header.value for header in plan.defaults.headers)


def _names(values: Iterable[Template]) -> set[str]:
    return {part.name for value in values for part in walk(value) if isinstance(part, Reference)}


def _data(values: Iterable[Template]) -> set[str]:
    return {part.data for value in values for part in walk(value) if isinstance(part, DataField)}
