"""Conditions as JavaScript expressions."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.k6.names import Names
from loadwright.backends.k6.regex import regex
from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.template import Template

METHODS = {"contains": "includes", "starts with": "startsWith", "ends with": "endsWith"}


def condition(wanted: Condition, names: Names) -> str:
    """An expression that is true when the condition holds."""
    match wanted:
        case Comparison(left=left, relation=relation, right=right):
            return comparison(names.text(left), relation, right, names)
        case Every(conditions=inner):
            return " && ".join(_operand(c, (Some,), names) for c in inner)
        case Some(conditions=inner):
            return " || ".join(_operand(c, (Every,), names) for c in inner)
        case Negation(condition=negated):
            return f"!({condition(negated, names)})"
        case _:
            assert_never(wanted)


def comparison(left: str, relation: str, right: Template, names: Names) -> str:
    """An expression that compares a text with an expected value."""
    if relation in METHODS:
        return f"{left}.{METHODS[relation]}({names.text(right)})"
    if relation == "matches":
        return f"{pattern(right, names)}.test({left})"
    if relation in ("=", "!="):
        return f"{left} {'===' if relation == '=' else '!=='} {names.text(right)}"
    return f"{names.use('compare')}({left}, {names.text(right)}) {relation} 0"


def pattern(value: Template, names: Names) -> str:
    """The regular expression that a value holds."""
    return regex(value.literal) if value.literal is not None else f"new RegExp({names.text(value)})"


def _operand(inner: Condition, looser: tuple[type, ...], names: Names) -> str:
    text = condition(inner, names)
    return f"({text})" if isinstance(inner, looser) else text
