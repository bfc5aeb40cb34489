"""Writes indented text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Writer:
    """Collects lines at the current indentation; line ends are LF on every platform."""

    def __init__(self, indent: str = "  ") -> None:
        self._unit = indent
        self._depth = 0
        self._lines: list[str] = []

    @property
    def column(self) -> int:
        """The width of the current indentation, in characters."""
        return len(self._unit) * self._depth

    def line(self, text: str = "") -> None:
        """Write one line; an empty one carries no indentation."""
        self._lines.append(self._unit * self._depth + text if text else "")

    def lines(self, *texts: str) -> None:
        """Write several lines at the same indentation."""
        for text in texts:
            self.line(text)

    @contextmanager
    def block(self, opening: str = "", closing: str = "") -> Iterator[None]:
        """Indent what is written inside; `opening` and `closing` stand on lines of their own around it when given."""
        if opening:
            self.line(opening)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        if closing:
            self.line(closing)

    def blank(self) -> None:
        """Write an empty line, unless nothing is written yet or the last line is empty."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    @property
    def count(self) -> int:
        """How many lines are written."""
        return len(self._lines)

    def since(self, count: int) -> list[str]:
        """The lines written since there were so many; a line may hold line ends of its own."""
        return self._lines[count:]

    def text(self) -> str:
        """Everything written, each line ended by LF."""
        return "".join(f"{line}\n" for line in self._lines)
