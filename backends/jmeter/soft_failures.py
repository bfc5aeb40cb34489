"""Soft failures: one script applies the rules of `compiler/plan/soft_failure.py`, Response Assertions judge per request."""

from __future__ import annotations

from loadwright.backends.jmeter.assertions import EQUALS, response_assertion
from loadwright.backends.jmeter.escape import property_text, variable
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import Journey, Plan, SoftFailureExpectation
from loadwright.compiler.plan.render import soft_failure_check
from loadwright.compiler.plan.soft_failure import ERROR_HEADING, ERROR_MESSAGE, ERROR_TITLE, LOGIN_FORM, MARKED, SIGNATURES
from loadwright.compiler.plan.traverse import requests

_RULES = ("json member", "error title", "login form", "exception text", "error message")
"""In the order in which they speak."""
_ANY = "soft_failure.any"
_NONE = "none"


def rules(plan: Plan, journeys: tuple[Journey, ...]) -> tuple[Element, ...]:
    """The script that applies the rules to every response, when any request asks for them."""
    if not any(soft_failure_check(plan, request) for journey in journeys for request in requests(journey)):
        return ()
    return (jsr223("PostProcessor", "Soft failure rules", _SCRIPT),)


def assertions(expectation: SoftFailureExpectation) -> tuple[Element, ...]:
    """The assertion on the first rule that speaks; with exceptions, one on each rule that applies."""
    if not expectation.ignored:
        return (_assertion("No soft failure", _ANY),)
    return tuple(_assertion(f"No soft failure: {rule}", _variable(rule)) for rule in _RULES if rule not in expectation.ignored)


def _assertion(name: str, reason: str) -> Element:
    message = property_text("soft failure: ", variable(reason))
    return response_assertion(name, "response_data", EQUALS, [_NONE], message, variable=reason)


def _variable(rule: str) -> str:
    return f"soft_failure.{rule.replace(' ', '_')}"


_PAIRS = "\n".join(f"    {literal(always)}: {literal(trace)}," for _, always, trace in SIGNATURES)
_MARKS = "\n".join(f"    {', '.join(map(literal, MARKED[start : start + 6]))}," for start in range(0, len(MARKED), 6))
_SCRIPT = f"""\
// A 2xx response may be an error in disguise. Each rule sets its variable to what it found, or to "{_NONE}";
// {_ANY} is the first that found something.
import com.fasterxml.jackson.core.JacksonException
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.ObjectMapper

def type = (prev.contentType ?: '').split(';', 2)[0].trim().toLowerCase(Locale.ROOT)
def isJson = type == 'application/json' || type.endsWith('+json')
def isText = isJson || type.startsWith('text/')
def body = prev.responseCode ==~ /2\\d\\d/ ? prev.responseDataAsString : ''

def jsonMember = {{
    def json
    try {{
        json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readValue(body, Object)
    }} catch (JacksonException notJson) {{
        return null
    }}
    if (!(json instanceof Map)) return null
    def member = ['errors', 'error'].find {{ json[it] }} ?:
        ['success', 'ok'].find {{ Boolean.FALSE.equals(json[it]) }} ?:
        ['status'].find {{ json[it] in ['error', 'fail'] }}
    member ? 'json member `' + member + '`' : null
}}
def matching = {{ String name, String pattern -> (body =~ pattern).find() ? name : null }}

// Looked for before, since each message of an error has one of them and most pages have none.
def marks = [
{_MARKS}
]
def marked = {{ marks.any {{ body.contains(it) }} ? matching('error message', {literal(ERROR_MESSAGE)}) : null }}

// A text that is always in the trace of an exception, and what the trace looks like.
def exceptions = [
{_PAIRS}
]
def isException = {{ exceptions.any {{ always, trace -> body.contains(always) && (body =~ trace).find() }} }}

def reasons = [
    json_member: isJson ? jsonMember() : null,
    error_title: type == 'text/html' ? matching('error title', {literal(ERROR_TITLE)}) : null,
    login_form: type == 'text/html' ? matching('login form', {literal(LOGIN_FORM)}) : null,
    exception_text: isText && isException() ? 'exception text' : null,
    error_message: type == 'text/html' ? matching('error message', {literal(ERROR_HEADING)}) ?: marked() : null,
]
reasons.each {{ rule, reason -> vars.put('soft_failure.' + rule, reason ?: {literal(_NONE)}) }}
vars.put({literal(_ANY)}, reasons.values().find() ?: {literal(_NONE)})
"""
