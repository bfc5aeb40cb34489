"""Places in source files."""

from __future__ import annotations

from loadwright.compiler.typed import Typed


class Span(Typed):
    """A half-open range of characters in one source file; lines and columns count from 1."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def inner_key(node: object, number: int = 0) -> int:
    """The key of the place of a name that a node holds beside its own, by its number among them; it is no `id` of anything."""
    return -(id(node) * 256 + min(number, 255))
