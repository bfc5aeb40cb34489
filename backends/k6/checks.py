"""What must hold for a response, as statements; the messages are those of docs/failures.md."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.k6.captures import all_matches, first_match
from loadwright.backends.k6.conditions import METHODS, pattern
from loadwright.backends.k6.layout import Node, array, call
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.paths import header_name, json_path
from loadwright.compiler.plan.describe import describe_text, value_failure
from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    JsonSource,
    SchemaExpectation,
    SizeExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    StatusRange,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
    ValueExpectation,
)

_SAID = {
    "contains": ("does not contain", "contains"),
    "equals": ("does not equal", "equals"),
    "matches": ("does not match", "matches"),
}
"""The words for a text that should have had a relation, and for one that should not."""


def expectation(wanted: Expectation, names: Names) -> Node:
    """The statement that fails the request unless the expectation holds; `r` is the response, `ms` its time."""
    match wanted:
        case StatusExpectation(negated=True):
            return call(names.use("expectStatus"), "r.status", "undefined", statuses(wanted))
        case StatusExpectation():
            return call(names.use("expectStatus"), "r.status", statuses(wanted))
        case TypeExpectation(media_type=media_type, negated=negated):
            return call(names.use("expectNotType" if negated else "expectType"), "r", string(media_type))
        case TextExpectation():
            return _text(wanted, names)
        case JsonExpectation():
            return _json(wanted, names)
        case ValueExpectation():
            return call(names.use("expect"), _value(wanted, names), string(value_failure(wanted, names.hidden)))
        case TimeExpectation(less_than=limit):
            took = f"`time: expected less than {limit} ms, took ${{Math.round(ms)}} ms`"
            return call(names.use("expect"), f"ms < {limit}", took)
        case SizeExpectation(relation=relation, size=size):
            found = f"{names.use('sizeOf')}(r)"
            sign = "===" if relation == "=" else relation
            message = f"`size: expected {relation} {size} bytes, got ${{{found}}}`"
            return call(names.use("expect"), f"{found} {sign} {size}", message)
        case SchemaExpectation(path=path):
            return call(names.use("expectSchema"), "r", member("schemas", path))
        case SoftFailureExpectation(ignored=ignored):
            return call(names.use("expectNoSoftFailure"), "r", *([array(string(rule) for rule in ignored)] if ignored else []))
        case _:
            assert_never(wanted)


def statuses(wanted: StatusExpectation) -> Node:
    """The statuses of an expectation as k6 writes them: numbers, and ranges as objects."""
    return array(f"{{ min: {s.first}, max: {s.last} }}" if isinstance(s, StatusRange) else str(s) for s in wanted.statuses)


def _text(wanted: TextExpectation, names: Names) -> Node:
    looked_at = f"header {wanted.header}" if wanted.header else "body"
    found = _header(wanted.header) if wanted.header else f"{names.use('text')}(r)"
    kind = "soft failure" if wanted.soft else "text"
    if wanted.relation == "exists" or wanted.value is None:
        nothing = "undefined" if wanted.header else "''"
        said = "present" if wanted.negated else "missing"
        condition = f"{found} {'===' if wanted.negated else '!=='} {nothing}"
        return call(names.use("expect"), condition, string(f"{kind}: {looked_at} is {said}"))
    value = wanted.value
    subject = f"({found} ?? '')" if wanted.header else found
    negation = "!" if wanted.negated else ""
    said = _SAID[wanted.relation][wanted.negated]
    message = names.shown(value, f'{kind}: {looked_at} {said} "', '"')
    match wanted.relation:
        case "contains":
            return call(names.use("expect"), f"{negation}{subject}.includes({names.text(value)})", message)
        case "matches":
            return call(names.use("expect"), f"{negation}{pattern(value, names)}.test({subject})", message)
        case "equals":
            return call(names.use("expect"), f"{subject} {'!==' if wanted.negated else '==='} {names.text(value)}", message)


def _json(wanted: JsonExpectation, names: Names) -> Node:
    kind = "soft failure" if wanted.soft else "json"
    if wanted.equals is None:
        found = f"{names.use('json')}(r, {json_path(wanted.path, names)})[0]"
        condition = f"{found} {'===' if wanted.negated else '!=='} undefined"
        return call(
            names.use("expect"),
            condition,
            string(f"{kind}: {describe_text(wanted.path)} {'found' if wanted.negated else 'not found'}"),
        )
    first = f"{names.use('jsonFirst')}(r, {json_path(wanted.path, names)})"
    condition = f"{first} {'!==' if wanted.negated else '==='} {names.text(wanted.equals)}"
    message = names.shown(wanted.equals, f'{kind}: {describe_text(wanted.path)} {"is" if wanted.negated else "is not"} "', '"')
    return call(names.use("expect"), condition, message)


def _value(wanted: ValueExpectation, names: Names) -> str:
    """An expression that is true when the relation is as wanted; without a match every relation is false."""
    holds = _relation(wanted, names)
    return f"!({holds})" if wanted.negated else holds


def _relation(wanted: ValueExpectation, names: Names) -> str:
    if wanted.relation == "is" and isinstance(wanted.source, JsonSource):
        return f"{names.use('jsonType')}(r, {json_path(wanted.source.path, names)}) === {names.text(wanted.values[0])}"
    found = f"String({all_matches(wanted.source, names)}.length)" if wanted.count else first_match(wanted.source, names)
    values = [names.text(value) for value in wanted.values]
    match wanted.relation:
        case "exists":
            return f"{found} !== undefined"
        case "=" | "!=" | "one of" if wanted.count:
            return _counted(wanted, found, values, names)
        case "=":
            return f"{found} === {values[0]}"
        case "!=":
            return f"{names.use('has')}({found}, (value) => value !== {values[0]})"
        case "one of":
            return f"[{', '.join(values)}].includes({found})"
        case "matches":
            return f"{names.use('has')}({found}, (value) => {pattern(wanted.values[0], names)}.test(value))"
        case "contains" | "starts with" | "ends with":
            return f"{names.use('has')}({found}, (value) => value.{METHODS[wanted.relation]}({values[0]}))"
        case "between":
            low, high = (f"{names.use('compare')}(value, {bound})" for bound in values)
            return f"{names.use('has')}({found}, (value) => {low} >= 0 && {high} <= 0)"
        case _:
            return f"{names.use('compare')}({found}, {values[0]}) {wanted.relation} 0"


def _counted(wanted: ValueExpectation, found: str, values: list[str], names: Names) -> str:
    """A number of matches compared with whole numbers."""
    compare = names.use("compare")
    if wanted.relation == "!=":
        return f"[-1, 1].includes({compare}({found}, {values[0]}))"
    if wanted.relation == "=":
        return f"{compare}({found}, {values[0]}) === 0"
    return f"[{', '.join(values)}].some((value) => {compare}({found}, value) === 0)"


def _header(name: str) -> str:
    return member("r.headers", header_name(name))
