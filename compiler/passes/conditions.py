"""Conditions and expected values can be met and broken, and compare what can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.responses import pattern_findings
from loadwright.compiler.plan.condition import Comparison, Condition, Negation, compare, number
from loadwright.compiler.plan.model import If, Until, ValueExpectation, While
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Template

_NUMERIC = ("<", "<=", ">", ">=")


def check_conditions(context: Context) -> Iterator[Diagnostic]:
    """`if n < "many"` never holds, and `while "a" = "a"` always does."""
    for node in context.nodes():
        match node:
            case If(branches=branches):
                conditions = [(branch.condition, branch.origin or node.origin) for branch in branches]
            case While() | Until():
                conditions = [(node.condition, node.origin)]
            case _:
                continue
        for condition, origin in conditions:
            for comparison, place in _comparisons(condition, origin):
                yield from _comparison(comparison, place)


def _comparisons(condition: Condition, origin: Origin | None) -> Iterator[tuple[Comparison, Origin | None]]:
    place = condition.origin or origin
    if isinstance(condition, Comparison):
        yield condition, place
    else:
        for inner in (condition.condition,) if isinstance(condition, Negation) else condition.conditions:
            yield from _comparisons(inner, place)


def _comparison(node: Comparison, place: Origin | None) -> Iterator[Diagnostic]:
    left, right = node.left.literal, node.right.literal
    if node.relation == "matches" and right is not None:
        found = list(pattern_findings(right, place))
        yield from found
        if found:
            return
    text = next((text for text in (left, right) if text is not None and number(text) is None), None)
    if node.relation in _NUMERIC and text is not None:
        yield _no_number(text, node.relation, place)
    elif left is not None and right is not None:
        verdict = "always" if compare(left, node.relation, right) else "never"
        hint = "compare with a value: a name stands without quotes"
        yield warning(Code.CONSTANT, f"the comparison {verdict} holds: both sides are fixed", hint, place)
    elif node.left == node.right and node.relation in ("=", "!=", *_NUMERIC):
        verdict = "always" if "=" in node.relation.replace("!=", "") else "never"
        yield warning(
            Code.CONSTANT, f"the comparison {verdict} holds: both sides are the same", "compare with another value", place
        )


def _no_number(text: str, relation: str, place: Origin | None) -> Diagnostic:
    hint = "numbers are digits, perhaps with a sign and a fraction; a name stands without quotes"
    return finding(Code.BAD_EXPECTATION, f"`{text}` is no number, so `{relation}` never holds", hint, place)


def check_expected_values(context: Context) -> Iterator[Diagnostic]:
    """`between 5 and 1`, `one of "a", "a"`, `< "many"` and `css "li" is number` cannot be meant."""
    for expectation, place in context.expectations():
        if isinstance(expectation, ValueExpectation):
            yield from _value(expectation, place)


def _value(expectation: ValueExpectation, place: Origin | None) -> Iterator[Diagnostic]:
    literals = [value.literal for value in expectation.values]
    relation = expectation.relation
    if relation == "is":
        if expectation.source.kind != "json":
            hint = 'take it from JSON, as in `expect json "$.n" is number`; elsewhere use `matches`'
            yield finding(Code.BAD_EXPECTATION, "only values of JSON have a type", hint, place)
    elif relation in (*_NUMERIC, "between") or expectation.count:
        text = next((text for text in literals if text is not None and number(text) is None), None)
        if text is not None:
            yield _no_number(text, relation, place)
        elif relation == "between":
            yield from _between(expectation.values, place)
        elif expectation.count:
            yield from _counted(relation, literals[0], place)
    elif relation == "one of":
        for text in {text for text in literals if text is not None and literals.count(text) > 1}:
            yield warning(Code.DUPLICATE, f"`{text}` is listed twice", "keep one", place)
    elif relation == "matches" and literals[0] is not None:
        yield from pattern_findings(literals[0], place)


def _between(values: tuple[Template, ...], place: Origin | None) -> Iterator[Diagnostic]:
    least, most = (number(value.literal) if value.literal is not None else None for value in values)
    if least is not None and most is not None and least > most:
        yield finding(Code.BAD_RANGE, "nothing is between these: the range runs backwards", "the smaller number comes first", place)


def _counted(relation: str, literal: str | None, place: Origin | None) -> Iterator[Diagnostic]:
    value = number(literal) if literal is not None else None
    if value is None:
        return
    if (relation == "<" and value <= 0) or (relation in ("<=", "=") and value < 0) or (relation == "=" and value % 1):
        yield finding(Code.CONSTANT, "no number of matches is so", "a count is a whole number from 0", place)
    elif (relation == ">=" and value <= 0) or (relation == ">" and value < 0):
        yield warning(Code.CONSTANT, "every number of matches is so", "ask for 1 at least", place)
