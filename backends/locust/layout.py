"""Python expressions laid out over lines, as a formatter would lay them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loadwright.backends.writer import Writer

WIDTH = 88
_INDENT = "    "


@dataclass(frozen=True)
class Group:
    """A bracketed list of items: a call, or a literal of a collection."""

    opening: str
    items: tuple[Doc, ...]
    closing: str


Doc = str | Group
"""An expression that cannot be broken, or one that can."""


def call(function: str, *items: Doc) -> Group:
    """A call."""
    return Group(f"{function}(", items, ")")


def labelled(label: str, value: Doc) -> Doc:
    """An expression after a label, such as `name=` or `"key": `."""
    if isinstance(value, str):
        return label + value
    return Group(label + value.opening, value.items, value.closing)


def flat(doc: Doc) -> str:
    """An expression on one line."""
    if isinstance(doc, str):
        return doc
    return doc.opening + ", ".join(map(flat, doc.items)) + doc.closing


def laid_out(doc: Doc, width: int, before: str = "", after: str = "") -> Iterator[str]:
    """The lines of an expression between `before` and `after`, in so many columns."""
    line = before + flat(doc) + after
    if isinstance(doc, str) or not doc.items or len(line) <= width:
        yield line
        return
    yield before + doc.opening
    inside = ", ".join(map(flat, doc.items))
    if _is_call(doc) and len(_INDENT) + len(inside) <= width:
        yield _INDENT + inside
    else:
        for item in doc.items:
            for part in laid_out(item, width - len(_INDENT), after=","):
                yield _INDENT + part
    yield doc.closing + after


def _is_call(group: Group) -> bool:
    """Whether it is a call, not a collection, whose items stand on lines of their own."""
    return re.search(r"\w\($", group.opening) is not None


class PythonWriter(Writer):
    """Writes Python source."""

    def __init__(self) -> None:
        super().__init__(_INDENT)

    def fits(self, line: str) -> bool:
        """Whether a line is short enough to stand here."""
        return len(line) <= WIDTH - len(_INDENT) * self._depth

    def expression(self, doc: Doc, before: str = "", after: str = "") -> None:
        """Write an expression, over several lines where one is too short."""
        width = WIDTH - len(_INDENT) * self._depth
        self.lines(*laid_out(doc, width, before, after))
