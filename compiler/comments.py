"""Comments find the statement that they speak of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal

from loadwright.compiler import nodes

_BLOCKS = (
    nodes.Defaults,
    nodes.Fragment,
    nodes.Journey,
    nodes.Step,
    nodes.Parallel,
    nodes.Branch,
    nodes.Repeat,
    nodes.While,
    nodes.Until,
    nodes.ForEach,
    nodes.Choose,
    nodes.Option,
    nodes.Shuffle,
    nodes.Stream,
    nodes.Receive,
    nodes.Request,
    nodes.FormBody,
    nodes.MultipartBody,
    nodes.Load,
)
"""Statements that keep a comment at the end inside their braces; others have it before them."""


def attach(intent: nodes.Intent, comments: Sequence[nodes.Comment]) -> nodes.Intent:
    """The tree with its comments, each beside the statement that it speaks of."""
    finder = _Finder(intent)
    return nodes.Intent(intent.span, intent.declarations, tuple(finder.placed(comment) for comment in comments))


class _Finder:
    def __init__(self, intent: nodes.Intent) -> None:
        self._intent = intent
        self._inner: dict[int, tuple[list[nodes.Statement], list[tuple[int, int]]]] = {}

    def placed(self, comment: nodes.Comment) -> nodes.Comment:
        place, statement = self._place((comment.span.line, comment.span.column))
        return nodes.Comment(comment.span, comment.text, place, statement)

    def _place(self, position: tuple[int, int]) -> tuple[Literal["before", "after", "inside"], nodes.Statement | None]:
        around: list[nodes.Statement] = []
        while True:
            statements, starts = self._statements(around[-1] if around else self._intent)
            index = bisect_left(starts, position)
            previous = statements[index - 1] if index else None
            if previous is None or (previous.span.end_line, previous.span.end_column) <= position:
                break
            around.append(previous)
        if previous is not None and previous.span.end_line == position[0]:
            return "after", previous
        opened = next((s for s in around if s.span.line == position[0]), None)
        if opened is not None:
            return "before", opened
        if index < len(statements):
            return "before", statements[index]
        if not around or isinstance(around[-1], _BLOCKS):
            return "inside", around[-1] if around else None
        return "before", around[-1]

    def _statements(self, node: nodes.Node) -> tuple[list[nodes.Statement], list[tuple[int, int]]]:
        found = self._inner.get(id(node))
        if found is None:
            statements = sorted(_direct(node), key=lambda s: (s.span.line, s.span.column))
            found = self._inner[id(node)] = statements, [(s.span.line, s.span.column) for s in statements]
        return found


def _direct(node: nodes.Node) -> Iterator[nodes.Statement]:
    """The outermost statements inside a node."""
    for child in nodes.children(node):
        if isinstance(child, nodes.Statement):
            yield child
        else:
            yield from _direct(child)
