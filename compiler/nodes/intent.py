"""A whole text, and the ways through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from loadwright.compiler.nodes.declarations import DataSource, Defaults, Fragment, Import, Journey, Secret, Target, Title
from loadwright.compiler.nodes.flow import Variable
from loadwright.compiler.nodes.loads import Goals, Load
from loadwright.compiler.nodes.node import Node, Statement

Declaration = Title | Import | Target | Secret | DataSource | Variable | Defaults | Fragment | Journey | Load | Goals


class Comment(Node, frozen=True):
    """A comment without its `#`, and the statement that it speaks of (None: the whole text).

    It stands before the statement, after it on its last line, or at the end inside its braces.
    """

    text: str
    place: Literal["before", "after", "inside"]
    statement: Statement | None


class Intent(Node, frozen=True):
    """A whole text."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = ()


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, Node) and name != "statement":
            yield value
        elif isinstance(value, tuple):
            yield from (inner for inner in value if isinstance(inner, Node))


def statements(node: Node) -> Iterator[Statement]:
    """Every statement inside a node, outer before inner, in the order of the text."""
    for inner in children(node):
        if isinstance(inner, Statement):
            yield inner
        yield from statements(inner)
