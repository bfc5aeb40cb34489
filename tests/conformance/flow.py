"""Short ways to write flow in cases."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from conformance.case import Value, ref, t

from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.model import (
    Branch,
    Choose,
    Fail,
    ForEach,
    If,
    Node,
    Option,
    Repeat,
    Shuffle,
    Stop,
    Until,
    Use,
    While,
)
from loadwright.compiler.plan.template import template


def compared(left: Value, relation: str, right: Value) -> Comparison:
    return Comparison.model_validate({"left": template(left), "relation": relation, "right": template(right)})


def is_(name: str, value: Value) -> Comparison:
    """A name's value is this text."""
    return compared(ref(name), "=", value)


def every(*conditions: Condition) -> Every:
    return Every(conditions=conditions)


def some(*conditions: Condition) -> Some:
    return Some(conditions=conditions)


def negated(condition: Condition) -> Negation:
    return Negation(condition=condition)


def if_(condition: Condition, *nodes: Node, otherwise: Sequence[Node] | None = None) -> If:
    return If(branches=(Branch(condition=condition, nodes=nodes),), otherwise=None if otherwise is None else tuple(otherwise))


def branches(*pairs: tuple[Condition, Sequence[Node]], otherwise: Sequence[Node] | None = None) -> If:
    found = tuple(Branch(condition=condition, nodes=tuple(nodes)) for condition, nodes in pairs)
    return If(branches=found, otherwise=None if otherwise is None else tuple(otherwise))


def repeat(times: Value, *nodes: Node, index: str | None = None) -> Repeat:
    return Repeat(times=t(times), index=index, nodes=nodes)


def while_(condition: Condition, at_most: int, *nodes: Node, pause: int = 0) -> While:
    return While(condition=condition, at_most=at_most, every=pause, nodes=nodes)


def until(condition: Condition, at_most: int, *nodes: Node, pause: int = 0) -> Until:
    return Until(condition=condition, at_most=at_most, every=pause, nodes=nodes)


def each(name: str, values: Value, *nodes: Node, at_most: int | None = None) -> ForEach:
    return ForEach(name=name, values=t(values), at_most=at_most, nodes=nodes)


def choose(*options: tuple[str, Sequence[Node]]) -> Choose:
    return Choose(options=tuple(Option(percent=Decimal(percent), nodes=tuple(nodes)) for percent, nodes in options))


def shuffle(*nodes: Node) -> Shuffle:
    return Shuffle(nodes=nodes)


def use(fragment: str, *arguments: Value) -> Use:
    return Use(fragment=fragment, arguments=tuple(t(argument) for argument in arguments))


def fail(message: str) -> Fail:
    return Fail(message=message)


STOP_ITERATION = Stop(what="iteration")
STOP_USER = Stop(what="user")
