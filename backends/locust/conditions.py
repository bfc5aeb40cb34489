"""Conditions of the flow as Python expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.literals import literal, raw_literal
from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some

_OPERATORS = {"=": "==", "!=": "!="}


@dataclass(frozen=True)
class Conditions:
    """Writes conditions over the names of a journey."""

    expressions: Expressions

    def text(self, condition: Condition) -> str:
        """A condition on one line."""
        match condition:
            case Comparison():
                return self._comparison(condition)
            case Every(conditions=inner):
                return " and ".join(self._inside(c, (Some,)) for c in inner)
            case Some(conditions=inner):
                return " or ".join(self._inside(c, (Every,)) for c in inner)
            case Negation(condition=Negation(condition=inner_condition)):
                return self.text(inner_condition)
            case Negation(condition=inner_condition):
                return self._negation(inner_condition)
            case _:
                assert_never(condition)

    def conjunct(self, condition: Condition) -> str:
        """A condition on one line, such that `and` can follow."""
        return self._inside(condition, (Some,))

    def parts(self, condition: Condition) -> list[str]:
        """The lines of a condition that is too long for one."""
        match condition:
            case Every(conditions=inner):
                parts = [self._inside(c, (Some,)) for c in inner]
                return [parts[0], *(f"and {part}" for part in parts[1:])]
            case Some(conditions=inner):
                parts = [self._inside(c, (Every,)) for c in inner]
                return [parts[0], *(f"or {part}" for part in parts[1:])]
            case _:
                return [self.text(condition)]

    def _inside(self, condition: Condition, kinds: tuple[type, ...]) -> str:
        while isinstance(condition, Negation) and isinstance(condition.condition, Negation):
            condition = condition.condition.condition
        text = self.text(condition)
        return f"({text})" if isinstance(condition, kinds) else text

    def _negation(self, condition: Condition) -> str:
        if isinstance(condition, Comparison) and not _is_fixed(condition):
            if condition.relation == "contains":
                return self._membership(condition, "not in")
            if condition.relation in _OPERATORS:
                turned = {"=": "!=", "!=": "="}[condition.relation]
                return self._comparison(condition.model_copy(update={"relation": turned}))
        return f"not {self._inside(condition, (Every, Some))}"

    def _membership(self, comparison: Comparison, operator: str) -> str:
        return f"{self.expressions.text(comparison.right)} {operator} {self.expressions.text(comparison.left)}"

    def _comparison(self, comparison: Comparison) -> str:
        left, right, relation = comparison.left, comparison.right, comparison.relation
        if relation == "contains" and not _is_fixed(comparison):
            return self._membership(comparison, "in")
        if relation in _OPERATORS and not _is_fixed(comparison):
            return f"{self.expressions.text(left)} {_OPERATORS[relation]} {self.expressions.text(right)}"
        pattern = right.literal if relation == "matches" else None
        wanted = self.expressions.text(right) if pattern is None else raw_literal(pattern)
        return f"compare({self.expressions.text(left)}, {literal(relation)}, {wanted})"


def _is_fixed(comparison: Comparison) -> bool:
    """Whether both sides are literal: linters do not like operators between those."""
    return comparison.left.literal is not None and comparison.right.literal is not None
