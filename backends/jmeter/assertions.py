"""JMeter's Response Assertion, and a Groovy one for what it cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import script
from loadwright.backends.jmeter.xml import Element, boolean, integer, string, texts

MATCHES, CONTAINS, NOT, EQUALS, SUBSTRING, OR = 1, 2, 4, 8, 16, 32
"""Bits of `Assertion.test_type`."""


def response_assertion(
    name: str,
    field: str,
    test: int,
    patterns: Sequence[str],
    message: str,
    *,
    assume_success: bool = False,
    variable: str = "",
) -> Element:
    """A Response Assertion on a field (`response_code`, `response_headers`, `response_data`), or on a variable.

    `name` is literal text; `patterns` and `message` are property text. A field or variable that is empty passes every
    negated test and fails every other one with JMeter's own message, so that those are only made on what is never empty.
    """
    properties = (
        texts("Asserion.test_strings", patterns),
        string("Assertion.custom_message", message),
        string("Assertion.test_field", f"Assertion.{field}"),
        boolean("Assertion.assume_success", assume_success),
        integer("Assertion.test_type", test),
        *((string("Assertion.scope", "variable"), string("Scope.variable", variable)) if variable else ()),
    )
    return Element("ResponseAssertion", "AssertionGui", property_text(name), properties)


def groovy_assertion(name: str, setup: Sequence[str], wrong: str, message: str, parameters: str = "", comment: str = "") -> Element:
    """An assertion that fails with the message when `wrong` holds; both are Groovy expressions, `setup` lines before them.

    Scripts see the expected value as `Parameters`, so that requests share one compiled script.
    """
    lines = [
        *setup,
        f"if ({wrong}) {{",
        "    AssertionResult.failure = true",
        f"    AssertionResult.failureMessage = {message}",
        "}",
    ]
    return jsr223("Assertion", name, script(lines), parameters, comment)
