"""Sources, expected values and conditions in the words of messages and reports."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.model import (
    BodySource,
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
    StatusSource,
    UrlSource,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.secrecy import holds
from loadwright.compiler.plan.template import Call, DataField, ExtractorText, Part, Reference, Template, Text


def describe_source(source: CaptureSource) -> str:
    """A source in one line, for messages and reports (`css input[name=csrf] @value`)."""
    match source:
        case JsonSource(path=path):
            return f"json {describe_text(path)}"
        case CssSource(selector=selector, attribute=attribute):
            return f"css {describe_text(selector)}" + (f" @{attribute}" if attribute else "")
        case RegexSource(pattern=pattern):
            return f"regex /{describe_text(pattern)}/"
        case BoundarySource(left=left, right=right):
            return f"between {describe_text(left)} and {describe_text(right)}"
        case HeaderSource(name=name, pattern=pattern):
            return f"header {name}" + (f" matching /{describe_text(pattern)}/" if pattern else "")
        case CookieSource(name=name):
            return f"cookie {name}"
        case RedirectSource():
            return "redirect"
        case XPathSource(path=path):
            return f"xpath {describe_text(path)}"
        case BodySource():
            return "body"
        case UrlSource():
            return "url"
        case StatusSource():
            return "status"
        case _:
            assert_never(source)


def describe_selection(capture: Capture) -> str:
    """Which of several matches a capture takes, with a space before it; nothing for the first (` nth 2 of 5`)."""
    if capture.select != "nth":
        return f" {capture.select}"
    if capture.recorded is not None:
        return f" nth {capture.occurrence} of {capture.recorded}"
    return f" nth {capture.occurrence}" if capture.occurrence > 1 else ""


def value_failure(expectation: ValueExpectation, hidden: Collection[str]) -> str:
    """The message of a response that breaks an expectation: `value: json $.count is not >= 3`.

    An expected value that is not fixed text, or holds a hidden name, is shown as `…`.
    """
    what = describe_source(expectation.source) + (" count" if expectation.count else "")
    verb = "is" if expectation.negated else "is not"
    shown = [_shown(value, hidden) for value in expectation.values]
    match expectation.relation:
        case "exists":
            return f"{_head(expectation)}{what} {'found' if expectation.negated else 'not found'}"
        case "between":
            return f"{_head(expectation)}{what} {verb} between {shown[0]} and {shown[1]}"
        case "one of":
            return f"{_head(expectation)}{what} {verb} one of {', '.join(shown)}"
        case "is":
            return f"{_head(expectation)}{what} {verb} {expectation.values[0].literal}"
        case "contains" | "starts with" | "ends with" | "matches":
            return f"{_head(expectation)}{what} {_DOES[expectation.relation, expectation.negated]} {shown[0]}"
        case relation:
            return f"{_head(expectation)}{what} {verb} {relation} {shown[0]}"


_DOES = {
    ("contains", False): "does not contain",
    ("contains", True): "contains",
    ("starts with", False): "does not start with",
    ("starts with", True): "starts with",
    ("ends with", False): "does not end with",
    ("ends with", True): "ends with",
    ("matches", False): "does not match",
    ("matches", True): "matches",
}


def _head(expectation: ValueExpectation) -> str:
    return "soft failure: " if expectation.soft else "value: "


def _shown(value: Template, hidden: Collection[str]) -> str:
    literal = value.literal
    return f'"{literal}"' if literal is not None and not holds(value, hidden) else "…"


def describe_condition(condition: Condition) -> str:
    """A condition in one line with its values by name, as `until` reports it: `state = "paid"`."""
    match condition:
        case Comparison():
            return f"{describe_template(condition.left)} {condition.relation} {describe_template(condition.right)}"
        case Every(conditions=inner):
            return " and ".join(_in_parentheses(c, Some) for c in inner)
        case Some(conditions=inner):
            return " or ".join(_in_parentheses(c, ()) for c in inner)
        case Negation(condition=inner_condition):
            return f"not {_in_parentheses(inner_condition, (Every, Some))}"
        case _:
            assert_never(condition)


def _in_parentheses(condition: Condition, kinds: type | tuple[type, ...]) -> str:
    text = describe_condition(condition)
    return f"({text})" if isinstance(condition, kinds) else text


def describe_template(value: Template) -> str:
    """A template with names in place of values: literal text in quotes, `${name}` inside it."""
    if len(value.parts) == 1 and not isinstance(value.parts[0], Text):
        return _name(value.parts[0])
    return f'"{describe_text(value)}"'


def describe_text(text: ExtractorText) -> str:
    """A text with names in place of values: `//a[@id='${id}']`."""
    if isinstance(text, str):
        return text
    return "".join(p.value if isinstance(p, Text) else "${" + _name(p) + "}" for p in text.parts)


def _name(part: Part) -> str:
    match part:
        case Text():
            return part.value
        case Reference():
            return part.name
        case DataField():
            return f"{part.data}.{part.column}"
        case Call():
            return f"{part.function}({', '.join(describe_template(a) for a in part.arguments)})"
        case _:
            assert_never(part)
