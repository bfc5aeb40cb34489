"""Tolerant access to decoded JSON: what has the wrong type counts as absent."""

from __future__ import annotations

import math
import re

from msgspec import Struct, field

from loadwright.compiler.diagnostics import Diagnostic, Severity

_SHOWN = 3


def mapping(value: object) -> dict[str, object]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value as text: a string as it is, a number or a truth value as JSON writes it, else empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def number(value: object) -> float | None:
    """The value as a finite number (digits in a string count), else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,15}(\.[0-9]{1,15})?\s*", value):
        return float(value)
    if not isinstance(value, int | float) or not -1e18 < value < 1e18:
        return None
    return float(value) if math.isfinite(value) else None


class Notes(Struct):
    """Collects warnings about entries; the same remark about many entries becomes one warning."""

    file: str
    unpacked: int = 0
    """Bytes that bodies of the file have become when they were unpacked."""
    _found: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def at(self, entry: int) -> EntryNotes:
        """The notes of one entry."""
        return EntryNotes(self, entry)

    def warn(self, code: str, message: str, hint: str = "", entry: int | None = None) -> None:
        """Add a remark about an entry, or about the file when no entry is given."""
        entries = self._found.setdefault((code, message, hint), [])
        if entry is not None and entry not in entries[-1:]:
            entries.append(entry)

    def diagnostics(self) -> list[Diagnostic]:
        """The warnings, in the order in which they were first made."""
        return [
            Diagnostic(code, message, hint, place=self._place(entries), severity=Severity.WARNING)
            for (code, message, hint), entries in self._found.items()
        ]

    def _place(self, entries: list[int]) -> str:
        if not entries:
            return self.file
        if len(entries) == 1:
            return f"{self.file} entry {entries[0]}"
        shown = ", ".join(str(entry) for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
        return f"{self.file} entries {shown}{more}"


class EntryNotes(Struct, frozen=True):
    """Collects warnings about one entry."""

    notes: Notes
    entry: int

    def warn(self, code: str, message: str, hint: str = "") -> None:
        """Add a remark about the entry."""
        self.notes.warn(code, message, hint, self.entry)
