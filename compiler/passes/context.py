"""What every pass gets, and the ways through a Plan that they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.plan.model import Expectation, Fragment, Plan, Receive, Request, Stream
from loadwright.compiler.plan.node import Origin, SourceOrigin
from loadwright.compiler.plan.template import Part, walk
from loadwright.compiler.plan.traverse import AnyNode, PlacedTemplate, plan_nodes
from loadwright.compiler.source import Span, inner_key


class Context(Struct, frozen=True):
    """A Plan to be checked, where its parts are written, and the folder of its files (None: files are not looked up)."""

    plan: Plan
    places: Mapping[int, Span] = field(default_factory=dict)
    folder: Path | None = None
    imports: Mapping[Span, frozenset[str]] = field(default_factory=dict)
    """The files that each import brings, by where the text says so."""

    def part(self, code: Code, message: str, hint: str, part: Part, origin: Origin | None) -> Diagnostic:
        """An error at a part of a template."""
        return finding(code, message, hint, self.at(part, origin))

    def at(self, node: object, origin: Origin | None, inner: int | None = None) -> Origin | None:
        """The narrowest place known for a node or part, or for a name that it holds beside its own; else its origin."""
        span = self.places.get(id(node) if inner is None else inner_key(node, inner))
        return SourceOrigin(span=span) if span else origin

    def nodes(self) -> Iterator[AnyNode]:
        """Every node of every fragment and journey."""
        return plan_nodes(self.plan)

    def requests(self) -> Iterator[Request]:
        """Every request of every fragment and journey."""
        return (node for node in self.nodes() if isinstance(node, Request))

    def readers(self) -> Iterator[Request | Receive]:
        """Everything that reads a response or a message."""
        return (node for node in self.nodes() if isinstance(node, Request | Receive))

    def senders(self) -> Iterator[Request | Stream]:
        """Everything that has a URL."""
        return (node for node in self.nodes() if isinstance(node, Request | Stream))

    def expectations(self) -> Iterator[tuple[Expectation, Origin | None]]:
        """Every expectation with the nearest origin, the defaults' first."""
        yield from ((e, e.origin or self.plan.defaults.origin) for e in self.plan.defaults.expectations)
        for reader in self.readers():
            yield from ((e, e.origin or reader.origin) for e in reader.expectations)

    def fragment(self, name: str) -> Fragment | None:
        """The fragment of a name."""
        return next((fragment for fragment in self.plan.fragments if fragment.name == name), None)


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


def warning(code: Code, message: str, hint: str, origin: Origin | None) -> Diagnostic:
    """A warning at an origin."""
    return finding(code, message, hint, origin, Severity.WARNING)


def line_of(origin: Origin | None) -> str:
    """`, on line 7` for what is written in a text."""
    return f", on line {origin.span.line}" if isinstance(origin, SourceOrigin) else ""


class Use(Struct, frozen=True):
    """A part of a template at the moment when its value is needed."""

    part: Part
    origin: Origin | None


def uses(placed: Iterable[PlacedTemplate]) -> Iterator[Use]:
    """Every part of the templates as a use."""
    return (Use(part, origin) for value, origin in placed for part in walk(value))
