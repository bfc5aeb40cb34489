"""The pieces that everything in the syntax tree is made of: nodes, words, texts, values."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from loadwright.compiler.source import Span


class Node(Struct, frozen=True, eq=False):
    """A piece of the text; where it stands takes no part in equality."""

    span: Span

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash((type(self), self._compared()))

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in ("span", "piped", "statement"))


class Statement(Node, frozen=True):
    """A piece that stands for itself, and that a comment can speak of."""


class Text(Node, frozen=True):
    """A name, a quoted text without values, or a pattern; `value` has the escapes resolved."""

    value: str


class Count(Node, frozen=True):
    """A whole number that counts something."""

    value: int


class Duration(Node, frozen=True):
    """A length of time; `value` in milliseconds, perhaps not whole."""

    value: Decimal


class Quantity(Node, frozen=True):
    """A number with a unit that is no duration: a share, or a rate per second."""

    value: Decimal


class Reference(Node, frozen=True):
    """A name that stands for its value."""

    name: str


class DataField(Node, frozen=True):
    """A column of a data source."""

    data: Text
    column: Text


class Call(Node, frozen=True):
    """A function applied to its arguments; `piped` when the first was written before `|`."""

    function: Text
    arguments: tuple[Expression, ...]
    piped: bool = False


class String(Node, frozen=True):
    """A quoted text with values in it."""

    parts: tuple[Text | Expression, ...]


Expression = String | Reference | DataField | Call
