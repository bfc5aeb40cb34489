"""The pieces that everything in the syntax tree is made of: nodes, words, texts, values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from loadwright.compiler.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the text."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """A piece that stands for itself, and that a comment can speak of."""


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A name, a quoted text without values, or a pattern; `value` has the escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Count(Node):
    """A whole number that counts something."""

    value: int


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """A length of time; `value` in milliseconds, perhaps not whole."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with a unit that is no duration: a share, or a rate per second."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """A name that stands for its value."""

    name: str


@dataclass(frozen=True, slots=True)
class DataField(Node):
    """A column of a data source."""

    data: Text
    column: Text


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied to its arguments; `piped` when the first was written before `|`."""

    function: Text
    arguments: tuple[Expression, ...]
    piped: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class String(Node):
    """A quoted text with values in it."""

    parts: tuple[Text | Expression, ...]


Expression = String | Reference | DataField | Call
