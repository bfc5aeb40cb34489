"""Expectations as assertions: native where JMeter's own mean the same and can say why they failed, else Groovy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from loadwright.backends.jmeter import soft_failures
from loadwright.backends.jmeter.assertions import (
    CONTAINS,
    EQUALS,
    MATCHES,
    NOT,
    OR,
    SUBSTRING,
    groovy_assertion,
    response_assertion,
)
from loadwright.backends.jmeter.escape import Expression, property_text
from loadwright.backends.jmeter.expressions import Renderer
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.json_reader import find_json
from loadwright.backends.jmeter.patterns import escape, header_pattern, is_oro, java_pattern, oro_pattern
from loadwright.backends.jmeter.schemas import schema_assertion
from loadwright.backends.jmeter.values import value_assertion
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.describe import describe_text
from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    SchemaExpectation,
    SizeExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
    ValueExpectation,
)
from loadwright.compiler.plan.render import describe_statuses
from loadwright.compiler.plan.secrecy import holds
from loadwright.compiler.plan.template import Template

_Plain = TypeExpectation | TextExpectation | JsonExpectation | TimeExpectation | SizeExpectation
_GOT_STATUS = Expression("${__groovy(prev.responseCode)}")
_GOT_TYPE = Expression("${__groovy(prev.contentType.tokenize(';')[0]?.trim()?.toLowerCase() ?: 'none')}")
_VERBS = {
    ("contains", False): "does not contain",
    ("contains", True): "contains",
    ("matches", False): "does not match",
    ("matches", True): "matches",
    ("equals", False): "does not equal",
    ("equals", True): "equals",
    ("exists", False): "is missing",
    ("exists", True): "is present",
}
"""What a failed relation says, by whether it was negated."""
_CONDITIONS = {
    ("contains", False): "!{}.contains(Parameters)",
    ("contains", True): "{}.contains(Parameters)",
    ("equals", False): "{} != Parameters",
    ("equals", True): "{} == Parameters",
    ("matches", False): "!({} =~ Parameters).find()",
    ("matches", True): "({} =~ Parameters).find()",
}
"""When a relation to a text is wrong, in Groovy, by whether it was negated."""
_WHY_GROOVY = "A Response Assertion says no more of an empty body than that it is null."


def assertions(expectations: Sequence[Expectation], renderer: Renderer, secrets: frozenset[str]) -> tuple[Element, ...]:
    """The assertions of one request, in order; JMeter reports the message of the first that fails."""
    found = [
        element
        for number, expectation in enumerate(expectations)
        for element in _assertions(expectation, renderer, secrets, is_first=not number)
    ]
    if not any(isinstance(expectation, StatusExpectation) for expectation in expectations):
        found.insert(0, _default_status())
    return tuple(found)


def _assertions(expectation: Expectation, renderer: Renderer, secrets: frozenset[str], *, is_first: bool) -> tuple[Element, ...]:
    match expectation:
        case StatusExpectation():
            return (_status(expectation, is_first=is_first),)
        case SoftFailureExpectation():
            return soft_failures.assertions(expectation)
        case ValueExpectation():
            return (value_assertion(expectation, renderer.names, secrets),)
        case SchemaExpectation():
            return (schema_assertion(expectation),)
        case _:
            return (_assertion(expectation, renderer, secrets),)


def _assertion(expectation: _Plain, renderer: Renderer, secrets: frozenset[str]) -> Element:
    match expectation:
        case TypeExpectation():
            return _type(expectation)
        case TextExpectation(header=header):
            return _body(expectation, renderer, secrets) if header is None else _header(expectation, header, renderer, secrets)
        case JsonExpectation():
            return _json(expectation, renderer, secrets)
        case TimeExpectation(less_than=limit):
            return _time(limit)
        case SizeExpectation():
            return _size(expectation)
        case _:
            assert_never(expectation)


# --- status, type, time -----------------------------------------------------------------------------------------------


def _default_status() -> Element:
    message = property_text("status: expected 200 to 399, got ", _GOT_STATUS)
    return response_assertion("Status is 200 to 399", "response_code", MATCHES, ["[23][0-9][0-9]"], message)


def _status(expectation: StatusExpectation, *, is_first: bool) -> Element:
    wanted = describe_statuses(expectation)
    ranges = [(s, s) if isinstance(s, int) else (s.first, s.last) for s in expectation.statuses]
    odd = any(not 200 <= first < 400 for first, _ in ranges)
    if expectation.negated or any(first != last for first, last in ranges) or (odd and not is_first):
        return _status_range(expectation, ranges, wanted)
    return response_assertion(
        f"Status is {wanted}",
        "response_code",
        EQUALS | OR if len(ranges) > 1 else EQUALS,
        [str(status) for status, _ in ranges],
        property_text(f"status: expected {wanted}, got ", _GOT_STATUS),
        assume_success=odd,
    )


def _status_range(expectation: StatusExpectation, ranges: list[tuple[int, int]], wanted: str) -> Element:
    """JMeter takes 400 and above for a failure: that is undone, but no assertion's verdict before this one."""
    inside = " || ".join(f"status == {first}" if first == last else f"status in {first}..{last}" for first, last in ranges)
    wrong = inside if expectation.negated else f"!({inside})"
    setup = [
        "def status = prev.responseCode.isInteger() ? prev.responseCode.toInteger() : 0",
        "def hasFailed = SampleResult.assertionResults.any { it.failure || it.error }",
        "if (status && !hasFailed) SampleResult.successful = true",
    ]
    message = f"{literal(f'status: expected {wanted}, got ')} + prev.responseCode"
    return groovy_assertion(f"Status is {wanted}", setup, f"!status || {_grouped(wrong)}", message)


def _grouped(condition: str) -> str:
    return f"({condition})" if " || " in condition and not condition.startswith("!(") else condition


def _type(expectation: TypeExpectation) -> Element:
    wanted = expectation.media_type
    pattern = header_pattern("Content-Type", value=f"{escape(wanted)}[ \\t]*(?:;.*)?")
    said = f"not {wanted}" if expectation.negated else wanted
    message = property_text(f"type: expected {said}, got ", _GOT_TYPE)
    kind = CONTAINS | NOT if expectation.negated else CONTAINS
    return response_assertion(f"Type is {said}", "response_headers", kind, [property_text(pattern)], message)


def _time(limit: int) -> Element:
    message = f"'time: expected less than {limit} ms, took ' + SampleResult.time + ' ms'"
    return groovy_assertion(f"Time is less than {limit} ms", (), f"SampleResult.time >= {limit}", message)


def _size(expectation: SizeExpectation) -> Element:
    wanted = f"{expectation.relation} {expectation.size} bytes"
    relation = {"=": "=="}.get(expectation.relation, expectation.relation)
    message = f"{literal(f'size: expected {wanted}, got ')} + SampleResult.responseData.length"
    return groovy_assertion(f"Size is {wanted}", (), f"!(SampleResult.responseData.length {relation} {expectation.size})", message)


# --- text -------------------------------------------------------------------------------------------------------------


def _body(expectation: TextExpectation, renderer: Renderer, secrets: frozenset[str]) -> Element:
    value = expectation.value or Template()
    if expectation.relation == "exists":
        return _body_exists(expectation)
    verb = _VERBS[expectation.relation, expectation.negated]
    name = f"Body {_wanted(expectation, value)}"
    if expectation.negated and (expectation.relation != "matches" or is_oro(value.literal or "")):
        kind = {"contains": SUBSTRING, "equals": EQUALS, "matches": CONTAINS}[expectation.relation]
        message = property_text(f"{_kind(expectation)}: body {verb} ", *_shown(value, renderer, secrets))
        is_pattern = expectation.relation == "matches" and value.literal is not None
        wanted = property_text(oro_pattern(value.literal or "")) if is_pattern else renderer.text(value)
        return response_assertion(name, "response_data", kind | NOT, [wanted], message)
    return _text(name, "body", (), "SampleResult.responseDataAsString", expectation, renderer, secrets)


def _body_exists(expectation: TextExpectation) -> Element:
    empty = "SampleResult.responseDataAsString.isEmpty()"
    wrong = f"!{empty}" if expectation.negated else empty
    message = literal(f"{_kind(expectation)}: body {_VERBS['exists', expectation.negated]}")
    return groovy_assertion(f"Body {_wanted(expectation, None)}", (), wrong, message)


def _header(expectation: TextExpectation, header: str, renderer: Renderer, secrets: frozenset[str]) -> Element:
    name = f"Header {header} {_wanted(expectation, expectation.value)}"
    if expectation.relation == "exists":
        message = property_text(f"{_kind(expectation)}: header {header} {_VERBS['exists', expectation.negated]}")
        kind = CONTAINS | NOT if expectation.negated else CONTAINS
        pattern = property_text(header_pattern(header, value=""))[:-1]
        return response_assertion(name, "response_headers", kind, [pattern], message)
    values = f"(SampleResult.responseHeaders =~ {literal(header_pattern(header))}).collect {{ it[1] }}"
    setup = (f"def values = {values}", "def header = values ? values.join(', ') : null")
    return _text(name, f"header {header}", setup, "header", expectation, renderer, secrets)


def _text(
    name: str,
    subject: str,
    setup: Sequence[str],
    text: str,
    expectation: TextExpectation,
    renderer: Renderer,
    secrets: frozenset[str],
) -> Element:
    """A relation between a text (a Groovy expression) and the expected value."""
    value = expectation.value or Template()
    wrong = _CONDITIONS[expectation.relation, expectation.negated].format(text)
    if expectation.header is not None:
        wrong = f"{text} != null && {wrong}" if expectation.negated else f"{text} == null || {wrong}"
    is_pattern = expectation.relation == "matches" and value.literal is not None
    plain = literal(f'{value.literal}"') if is_pattern else "Parameters + '\"'"
    shown = "'…\"'" if holds(value, secrets) else plain
    said = literal(f'{_kind(expectation)}: {subject} {_VERBS[expectation.relation, expectation.negated]} "')
    parameters = property_text(java_pattern(value.literal or "")) if is_pattern else renderer.text(value)
    comment = "" if expectation.header or expectation.negated else _WHY_GROOVY
    return groovy_assertion(name, setup, wrong, f"{said} + {shown}", parameters, comment)


def _kind(expectation: TextExpectation | JsonExpectation) -> str:
    """The word before the colon of a failure's message."""
    return "soft failure" if expectation.soft else expectation.kind


def _shown(value: Template, renderer: Renderer, secrets: frozenset[str]) -> list[str | Expression]:
    """The expected value in quotes, as a message shows it."""
    return ['"', *(["…"] if holds(value, secrets) else renderer.pieces(value)), '"']


def _wanted(expectation: TextExpectation, value: Template | None) -> str:
    """The relation as an assertion's name."""
    if value is None:
        return "is absent" if expectation.negated else "exists"
    relation = f"not {expectation.relation}" if expectation.negated else expectation.relation
    return f'{relation} "{_literal_or_dots(value)}"'


def _literal_or_dots(value: Template) -> str:
    return "…" if value.literal is None else value.literal


# --- json -------------------------------------------------------------------------------------------------------------


def _json(expectation: JsonExpectation, renderer: Renderer, secrets: frozenset[str]) -> Element:
    path = describe_text(expectation.path)
    subject = f"{_kind(expectation)}: {path}"
    if expectation.equals is None:
        name = f"{path} is absent" if expectation.negated else f"{path} exists"
        said = literal(f"{subject} found" if expectation.negated else f"{subject} not found")
        wrong, parameters = ("isThere" if expectation.negated else "!isThere"), ""
    else:
        name = f'{path} {"is not" if expectation.negated else "is"} "{_literal_or_dots(expectation.equals)}"'
        shown = "'…\"'" if holds(expectation.equals, secrets) else "Parameters + '\"'"
        said = literal(f'{subject} is "' if expectation.negated else f'{subject} is not "') + f" + {shown}"
        value = "String.valueOf(found[0])"
        wrong = f"found && {value} == Parameters" if expectation.negated else f"!found || {value} != Parameters"
        parameters = renderer.text(expectation.equals)
    setup = [f"def found = {find_json('SampleResult', expectation.path, renderer.names)}"]
    if expectation.equals is None:
        setup.append("def isThere = found.any { it != null }")
    return groovy_assertion(name, setup, wrong, said, parameters)
