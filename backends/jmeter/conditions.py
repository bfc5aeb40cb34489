"""Conditions as Groovy expressions; the meaning is that of `plan/condition.py`."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.jmeter.groovy import expression, literal
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.patterns import java_pattern
from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.template import Template

_TEXTS = {
    "=": "{} == {}",
    "!=": "{} != {}",
    "contains": "{}.contains({})",
    "starts with": "{}.startsWith({})",
    "ends with": "{}.endsWith({})",
}


def condition_code(condition: Condition, names: Names) -> str:
    """The condition as a Groovy expression that is true or false."""
    match condition:
        case Comparison():
            left, right = (operand(side, names) for side in (condition.left, condition.right))
            return relation_code(left, condition.relation, right, condition.right.literal)
        case Every(conditions=inner):
            return " && ".join(_inner(c, Some, names) for c in inner)
        case Some(conditions=inner):
            return " || ".join(_inner(c, Every, names) for c in inner)
        case Negation(condition=negated):
            return f"!({condition_code(negated, names)})"
        case _:
            assert_never(condition)


def relation_code(left: str, relation: str, right: str, pattern: str | None = None) -> str:
    """A relation between two texts (Groovy expressions); of `matches` the right one is the literal `pattern`."""
    if relation == "matches":
        return f"({left} =~ {literal(java_pattern(pattern or ''))}).find()"
    if relation in _TEXTS:
        return _TEXTS[relation].format(left, right)
    return f"compareNumbers({left}, {literal(relation)}, {right})"


def operand(value: Template, names: Names) -> str:
    """A template as a Groovy expression that stands beside an operator."""
    code = expression(simplify(value), names)
    return f"({code})" if len(value.parts) > 1 else code


def _inner(condition: Condition, other: type, names: Names) -> str:
    code = condition_code(condition, names)
    return f"({code})" if isinstance(condition, other) else code
