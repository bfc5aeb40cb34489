"""Expectations of values: a source, a relation and the values that are expected."""

from __future__ import annotations

from loadwright.backends.jmeter.assertions import groovy_assertion
from loadwright.backends.jmeter.conditions import operand, relation_code
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.json_reader import groovy_path
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.sources import find_lines
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.describe import describe_source, value_failure
from loadwright.compiler.plan.model import JsonSource, ValueExpectation


def value_assertion(expectation: ValueExpectation, names: Names, hidden: frozenset[str]) -> Element:
    """The assertion of an expectation of a value; names in `hidden` are not shown in its message."""
    lines, holds = _verdict(expectation, names)
    wrong = holds if expectation.negated else f"!({holds})"
    return groovy_assertion(_title(expectation), lines, wrong, literal(value_failure(expectation, hidden)))


def _title(expectation: ValueExpectation) -> str:
    what = describe_source(expectation.source) + (" count" if expectation.count else "")
    values = ", ".join("…" if value.literal is None else f'"{value.literal}"' for value in expectation.values)
    return " ".join(filter(None, (what, "not" if expectation.negated else "", expectation.relation, values)))


def _verdict(expectation: ValueExpectation, names: Names) -> tuple[list[str], str]:
    """Lines of Groovy, and an expression for whether the relation holds."""
    if expectation.relation == "is":
        assert isinstance(expectation.source, JsonSource)
        kinds = f"props.get('jsonKinds').call(prev.responseDataAsString, {groovy_path(expectation.source.path, names)})"
        return [f"def found = {kinds}"], f"found && found[0] == {literal(expectation.values[0].literal or '')}"
    lines = find_lines(expectation.source, expectation.origin, names)
    if expectation.count:
        return [*lines, "def value = found.size().toString()"], _relation(expectation, names)
    if expectation.relation == "exists":
        return lines, "found"
    return [*lines, "def value = found ? found[0] : null"], f"value != null && {_relation(expectation, names)}"


def _relation(expectation: ValueExpectation, names: Names) -> str:
    values = [operand(value, names) for value in expectation.values]
    relation = expectation.relation
    if relation == "one of":
        return f"value in [{', '.join(values)}]"
    if relation == "between":
        return f"compareNumbers(value, '>=', {values[0]}) && compareNumbers(value, '<=', {values[1]})"
    if expectation.count and relation in ("=", "!="):
        equal = f"compareNumbers(value, '=', {values[0]})"
        return equal if relation == "=" else f"!{equal}"
    code = relation_code("value", relation, values[0], expectation.values[0].literal)
    return f"({code})" if code.startswith("value ") else code
