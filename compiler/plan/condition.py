"""The Plan's models of conditions, and their reference meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, assert_never

from pydantic import Field

from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import Template

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Comparison(Placed):
    """Two values compared: `=`, `!=` and the text relations as texts, the rest as decimal numbers (false when a side is none)."""

    kind: Literal["comparison"] = "comparison"
    left: Template
    relation: Literal["=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "ends with", "matches"]
    right: Template
    """Literal for `matches`: a regular expression that is found in the text."""


class Every(Placed):
    """All of the conditions hold; what stands after one that does not is not evaluated."""

    kind: Literal["every"] = "every"
    conditions: tuple[Condition, ...] = Field(min_length=2)


class Some(Placed):
    """At least one of the conditions holds; what stands after it is not evaluated."""

    kind: Literal["some"] = "some"
    conditions: tuple[Condition, ...] = Field(min_length=2)


class Negation(Placed):
    """The condition does not hold."""

    kind: Literal["not"] = "not"
    condition: Condition


Condition = Annotated[Comparison | Every | Some | Negation, Field(discriminator="kind")]


def holds(condition: Condition, text: Callable[[Template], str]) -> bool:
    """Whether a condition holds; `text` gives the value of a template."""
    match condition:
        case Comparison():
            return compare(text(condition.left), condition.relation, text(condition.right))
        case Every():
            return all(holds(inner, text) for inner in condition.conditions)
        case Some():
            return any(holds(inner, text) for inner in condition.conditions)
        case Negation():
            return not holds(condition.condition, text)
        case _:
            assert_never(condition)


def compare(left: str, relation: str, right: str) -> bool:
    """Whether two texts stand in a relation of `Comparison` or `ValueExpectation`."""
    match relation:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "contains":
            return right in left
        case "starts with":
            return left.startswith(right)
        case "ends with":
            return left.endswith(right)
        case "matches":
            return re.search(right, left, re.ASCII) is not None
    first, second = number(left), number(right)
    if first is None or second is None:
        return False
    return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}[relation]


def number(text: str) -> Decimal | None:
    """A text as a decimal number: digits with an optional sign and fraction; None for any other text."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None
