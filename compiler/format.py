"""One layout for one meaning, with every comment kept."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler import nodes
from loadwright.compiler.diagnostics import LoadwrightError, errors
from loadwright.compiler.lower import Lowered, lower
from loadwright.compiler.parser import parse
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.printer import Notes, print_intent

_WITHOUT_NODE = (
    nodes.Query,
    nodes.Goals,
    nodes.Redirects,
    nodes.Timeout,
    nodes.DataOption,
    nodes.TargetOption,
    nodes.Tags,
    nodes.Cookies,
    nodes.Setup,
    nodes.Teardown,
    nodes.Otherwise,
    nodes.Containing,
    nodes.Within,
    nodes.GracefulStop,
)
"""Statements that are no node of their own in the Plan: a comment on them goes to the nearest that is."""


def format_intent(text: str, path: str) -> str:
    """The text in its one layout. Raises LoadwrightError when it cannot be read, or says a thing twice."""
    intent = parse(text, path)
    lowered = lower(intent)
    if errors(lowered.diagnostics):
        raise LoadwrightError(*lowered.diagnostics)
    return print_intent(lowered.plan, notes(intent, lowered))


def notes(intent: nodes.Intent, lowered: Lowered) -> Notes:
    """The comments of a tree as notes on the Plan that was made from it."""
    parents = {id(child): parent for parent, child in _pairs(intent, None)}
    found: dict[str, dict[int, list[str]]] = {"before": {}, "after": {}, "inside": {}}
    for comment in intent.comments:
        node = _node(comment.statement, parents, lowered)
        place = comment.place if comment.statement is None or not isinstance(comment.statement, _WITHOUT_NODE) else "before"
        found[place].setdefault(id(node), []).append(comment.text)
    before, after, inside = ({key: "\n".join(lines) for key, lines in notes.items()} for notes in found.values())
    return Notes(before, after, inside)


def _pairs(node: nodes.Node, parent: nodes.Statement | None) -> Iterator[tuple[nodes.Statement | None, nodes.Statement]]:
    for child in nodes.children(node):
        if isinstance(child, nodes.Statement):
            yield parent, child
            yield from _pairs(child, child)
        else:
            yield from _pairs(child, parent)


def _node(statement: nodes.Statement | None, parents: dict[int, nodes.Statement | None], lowered: Lowered) -> Placed:
    while statement is not None:
        first: tuple[nodes.Statement, ...] = ()
        if isinstance(statement, nodes.Goals):
            first = statement.goals[:1]
        elif isinstance(statement, nodes.Setup | nodes.Teardown | nodes.Otherwise):
            first = statement.nodes[:1]
        made = lowered.made.get(id(first[0] if first else statement))
        if made is not None:
            return made
        statement = parents.get(id(statement))
    return lowered.plan
