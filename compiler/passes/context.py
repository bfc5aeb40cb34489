"""What every pass gets, and the ways through a Plan that they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.plan.model import (
    Expectation,
    ForEach,
    Journey,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    Until,
    Variable,
)
from loadwright.compiler.plan.node import Origin, Placed, SourceOrigin
from loadwright.compiler.plan.template import Part, walk
from loadwright.compiler.plan.traverse import AnyNode, PlacedTemplate, blocks, node_templates, requests
from loadwright.compiler.source import Span


@dataclass(frozen=True)
class Context:
    """A Plan to be checked, where its parts are written, and the folder of its files (None: files are not looked up)."""

    plan: Plan
    places: Mapping[int, Span] = field(default_factory=dict)
    folder: Path | None = None

    def part(self, code: Code, message: str, hint: str, part: Part, origin: Origin | None) -> Diagnostic:
        """An error at a part of a template."""
        return finding(code, message, hint, self.at(part, origin))

    def at(self, node: object, origin: Origin | None) -> Origin | None:
        """The narrowest place known for a node or part: that of its name, or of the text itself; else its origin."""
        span = self.places.get(id(node))
        return SourceOrigin(span=span) if span else origin

    def requests(self) -> Iterator[Request]:
        """Every request of every journey."""
        for journey in self.plan.journeys:
            yield from requests(journey)

    def expectations(self) -> Iterator[tuple[Expectation, Origin | None]]:
        """Every expectation with the nearest origin, the defaults' first."""
        yield from ((e, e.origin or self.plan.defaults.origin) for e in self.plan.defaults.expectations)
        for request in self.requests():
            yield from ((e, e.origin or request.origin) for e in request.expectations)


def finding(code: Code, message: str, hint: str, origin: Origin | None, severity: Severity = Severity.ERROR) -> Diagnostic:
    """A diagnostic at an origin."""
    match origin:
        case SourceOrigin(span=span):
            return Diagnostic(code, message, hint, span, severity=severity)
        case None:
            return Diagnostic(code, message, hint, severity=severity)
        case _:
            place = f"{origin.recording}, entry {origin.entry}" if origin.kind == "recording" else f"decision {origin.decision}"
            return Diagnostic(code, message, hint, place=place, severity=severity)


@dataclass(frozen=True)
class Use:
    """A part of a template at the moment when its value is needed."""

    part: Part
    origin: Origin | None


@dataclass(frozen=True)
class Bind:
    """A `let` or capture at the moment when its name gets a value."""

    name: str
    node: Placed


Event = Use | Bind


def flow(journey: Journey) -> Iterator[Event]:
    """Uses and bindings of a journey in the order in which they happen; captures of a parallel group count after it."""
    return _flow((*journey.setup, *journey.nodes, *journey.teardown))


def _flow(nodes: Iterable[AnyNode]) -> Iterator[Event]:
    for node in nodes:
        match node:
            case Variable():
                yield from uses(((node.value, node.origin),))
                yield Bind(node.name, node)
            case Request() | Receive():
                yield from _events(node)
            case Parallel():
                events = [event for request in node.requests for event in _events(request)]
                yield from (event for event in events if isinstance(event, Use))
                yield from (event for event in events if isinstance(event, Bind))
            case Until():
                yield from _flow(node.nodes)
                yield from uses(node_templates(node))
            case _:
                yield from uses(node_templates(node))
                if isinstance(node, ForEach):
                    yield Bind(node.name, node)
                elif isinstance(node, Repeat) and node.index is not None:
                    yield Bind(node.index, node)
                for block in blocks(node):
                    yield from _flow(block)


def _events(node: Request | Receive) -> Iterator[Event]:
    yield from uses(node_templates(node.model_copy(update={"captures": ()})))
    for capture in node.captures:
        if capture.default is not None:
            yield from uses(((capture.default, capture.origin or node.origin),))
        yield Bind(capture.name, capture)


def uses(placed: Iterator[PlacedTemplate] | tuple[PlacedTemplate, ...]) -> Iterator[Use]:
    """Every part of the templates as a use."""
    return (Use(part, origin) for value, origin in placed for part in walk(value))
