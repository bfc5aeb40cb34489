"""Flow and conditions as the language writes them."""

from __future__ import annotations

from typing import assert_never

from loadwright.compiler.plan import model
from loadwright.compiler.print_values import duration, expression, number_or_expression, pattern, quote

Loop = model.Repeat | model.While | model.Until | model.ForEach | model.Shuffle


def loop_head(node: Loop) -> str:
    """What stands before a loop's braces: `for each id in ids, at most 5`."""
    match node:
        case model.Repeat():
            index = f" as {node.index}" if node.index is not None else ""
            return f"repeat {number_or_expression(node.times)}{index}"
        case model.While() | model.Until():
            every = f", every {duration(node.every)}" if node.every else ""
            return f"{node.kind} {condition(node.condition)}, at most {node.at_most}{every}"
        case model.ForEach():
            bound = f", at most {node.at_most}" if node.at_most is not None else ""
            return f"for each {node.name} in {expression(node.values)}{bound}"
        case model.Shuffle():
            return "shuffle"
        case _:
            assert_never(node)


def plain_node(node: model.Think | model.Variable | model.Use | model.Stop | model.Fail | model.Send) -> str:
    """A statement of one line."""
    match node:
        case model.Think():
            to = f" to {duration(node.maximum)}" if node.maximum != node.minimum else ""
            return f"think {duration(node.minimum)}{to}"
        case model.Variable():
            return f"let {node.name} = {expression(node.value)}"
        case model.Use():
            return f"use {node.fragment}({', '.join(map(expression, node.arguments))})"
        case model.Stop():
            return f"stop {node.what}"
        case model.Fail():
            return f"fail {quote(node.message)}"
        case model.Send():
            return f"send {expression(node.text)}"
        case _:
            assert_never(node)


def condition(node: model.Condition) -> str:
    """A condition: `state = "paid" and not (a < 3 or b matches /x/)`."""
    match node:
        case model.Comparison():
            right = node.right.literal if node.relation == "matches" else None
            shown = pattern(right) if right is not None else number_or_expression(node.right)
            return f"{number_or_expression(node.left)} {node.relation} {shown}"
        case model.Every():
            return " and ".join(_enclosed(inner, (model.Every, model.Some)) for inner in node.conditions)
        case model.Some():
            return " or ".join(_enclosed(inner, (model.Some,)) for inner in node.conditions)
        case model.Negation():
            return f"not {_enclosed(node.condition, (model.Every, model.Some))}"
        case _:
            assert_never(node)


def _enclosed(node: model.Condition, kinds: tuple[type, ...]) -> str:
    return f"({condition(node)})" if isinstance(node, kinds) else condition(node)
