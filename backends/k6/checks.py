"""What must hold for a response, as statements; the messages are those of docs/failures.md."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.k6.layout import Node, array, call
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.paths import header_name, json_path
from loadwright.backends.k6.regex import regex
from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.template import Template

_SAID = {
    "contains": ("does not contain", "contains"),
    "equals": ("does not equal", "equals"),
    "matches": ("does not match", "matches"),
}
"""The words for a text that should have had a relation, and for one that should not."""


def expectation(wanted: Expectation, names: Names) -> Node:
    """The statement that fails the request unless the expectation holds; `r` is the response, `ms` its time."""
    match wanted:
        case StatusExpectation(statuses=statuses):
            return call(names.use("expectStatus"), "r.status", array(str(s) for s in statuses))
        case TypeExpectation(media_type=media_type):
            return call(names.use("expectType"), "r", string(media_type))
        case TextExpectation():
            return _text(wanted, names)
        case JsonExpectation():
            return _json(wanted, names)
        case TimeExpectation(less_than=limit):
            took = f"`time: expected less than {limit} ms, took ${{Math.round(ms)}} ms`"
            return call(names.use("expect"), f"ms < {limit}", took)
        case SoftFailureExpectation(ignored=ignored):
            return call(names.use("expectNoSoftFailure"), "r", *([array(string(rule) for rule in ignored)] if ignored else []))
        case _:
            assert_never(wanted)


def _text(wanted: TextExpectation, names: Names) -> Node:
    looked_at = f"header {wanted.header}" if wanted.header else "body"
    found = _header(wanted.header) if wanted.header else f"{names.use('text')}(r)"
    if wanted.relation == "exists" or wanted.value is None:
        nothing = "undefined" if wanted.header else "''"
        said = "present" if wanted.negated else "missing"
        condition = f"{found} {'===' if wanted.negated else '!=='} {nothing}"
        return call(names.use("expect"), condition, string(f"text: {looked_at} is {said}"))
    value = wanted.value
    subject = f"({found} ?? '')" if wanted.header else found
    negation = "!" if wanted.negated else ""
    said = _SAID[wanted.relation][wanted.negated]
    message = names.shown(value, f'text: {looked_at} {said} "', '"')
    match wanted.relation:
        case "contains":
            return call(names.use("expect"), f"{negation}{subject}.includes({names.text(value)})", message)
        case "matches":
            return call(names.use("expect"), f"{negation}{_pattern(value, names)}.test({subject})", message)
        case "equals":
            return call(names.use("expect"), f"{subject} {'!==' if wanted.negated else '==='} {names.text(value)}", message)


def _json(wanted: JsonExpectation, names: Names) -> Node:
    first = f"{names.use('jsonFirst')}(r, {json_path(wanted.path, names)})"
    if wanted.equals is None:
        condition = f"{first} {'===' if wanted.negated else '!=='} undefined"
        return call(names.use("expect"), condition, string(f"json: {wanted.path} {'found' if wanted.negated else 'not found'}"))
    condition = f"{first} {'!==' if wanted.negated else '==='} {names.text(wanted.equals)}"
    message = names.shown(wanted.equals, f'json: {wanted.path} {"is" if wanted.negated else "is not"} "', '"')
    return call(names.use("expect"), condition, message)


def _header(name: str) -> str:
    return member("r.headers", header_name(name))


def _pattern(value: Template, names: Names) -> str:
    return regex(value.literal) if value.literal is not None else f"new RegExp({names.text(value)})"
