"""Errors and warnings: what, where, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from loadwright.compiler.source import Span


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(Struct, frozen=True):
    """One finding; `message` is lower case without a full stop, names in backticks.

    `span` places it in a source file; `place` places it elsewhere (a recording's entry, a file as a whole).
    """

    code: str
    message: str
    hint: str = ""
    span: Span | None = None
    place: str = ""
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """The place as text: `file:line:column`, or the recording and entry; empty when there is none."""
        return str(self.span) if self.span else self.place


class LoadwrightError(Exception):
    """Raised when a command cannot go on; carries every diagnostic found so far."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("; ".join(f"{d.where}: {d.message}" if d.where else d.message for d in diagnostics))


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that are errors, in their order."""
    return [d for d in diagnostics if d.severity is Severity.ERROR]


def counted(count: int, what: str) -> str:
    """A number of things in words: `1 step`, `2 steps`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def in_order(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics in the order of the text, each once; those without a place in it first."""
    return sorted(dict.fromkeys(found), key=_position)


def _position(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.span
    return (span.path, span.line, span.column) if span else ("", 0, 0)
