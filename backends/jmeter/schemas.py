"""Expectations of JSON Schemas: the validator is a shared Groovy class, the schema a file beside the plan."""

from __future__ import annotations

from loadwright.backends.jmeter.assertions import groovy_assertion
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import SchemaExpectation


def schema_assertion(expectation: SchemaExpectation) -> Element:
    """The assertion that the body fits the schema."""
    setup = [f"def problem = props.get('schemaProblem').call(prev.responseDataAsString, {literal(expectation.path)})"]
    return groovy_assertion(f"Body fits {expectation.path}", setup, "problem != null", "'schema: ' + problem")
