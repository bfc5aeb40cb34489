"""Collects warnings about lines and items of a file; the same remark about many of them becomes one warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from loadwright.compiler.diagnostics import Diagnostic, Severity

Warn = Callable[..., None]
"""Takes a code, a message and perhaps a hint."""

_SHOWN = 3


@dataclass
class Remarks:
    """Warnings in the order in which they were first made, with the places they are about."""

    file: str
    found: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def warn(self, code: str, message: str, hint: str = "", where: str = "") -> None:
        """Add a remark about a place in the file, or about all of it."""
        places = self.found.setdefault((code, message, hint), [])
        if where and where not in places:
            places.append(where)

    def diagnostics(self) -> list[Diagnostic]:
        """The warnings."""
        return [
            Diagnostic(code, message, hint, place=self._place(places), severity=Severity.WARNING)
            for (code, message, hint), places in self.found.items()
        ]

    def _place(self, places: list[str]) -> str:
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        return f"{self.file} {', '.join(places[:_SHOWN])}{more}" if places else self.file


class LineNotes(Remarks):
    """Warnings about lines."""

    def at(self, line: int) -> Warn:
        """What adds a remark about a line."""

        def warn(code: str, message: str, hint: str = "") -> None:
            self.warn(code, message, hint, f"line {line}")

        return warn
