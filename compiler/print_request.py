"""Captures, expectations and JSON bodies as the language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import assert_never

from loadwright.compiler.plan import model
from loadwright.compiler.plan.describe import describe_selection
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.print_values import (
    attribute,
    decimal,
    duration,
    expression,
    extractor,
    json_operand,
    name_or_quoted,
    number_or_expression,
    pattern,
    quote,
    size,
    string,
)

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def capture(node: model.Capture) -> str:
    """A capture: `capture next = header "Location" matching /next=([^&]+)/`."""
    default = f" default {expression(node.default)}" if node.default is not None else ""
    return f"capture {node.name} = {source(node.source)}{describe_selection(node)}{default}"


def source(node: model.CaptureSource) -> str:
    """Where a capture takes its value from: `css "input[name=csrf]" @value`."""
    match node:
        case model.JsonSource():
            return f"json {extractor(node.path)}"
        case model.CssSource():
            return f"css {extractor(node.selector)}" + (f" {attribute(node.attribute)}" if node.attribute is not None else "")
        case model.RegexSource():
            return f"regex {pattern(node.pattern)}"
        case model.BoundarySource():
            return f"between {extractor(node.left)} and {extractor(node.right)}"
        case model.HeaderSource():
            return f"header {quote(node.name)}" + (f" matching {pattern(node.pattern)}" if node.pattern is not None else "")
        case model.CookieSource():
            return f"cookie {quote(node.name)}"
        case model.RedirectSource():
            return "redirect"
        case model.XPathSource():
            return f"xpath {extractor(node.path)}"
        case model.BodySource() | model.UrlSource() | model.StatusSource():
            return node.kind
        case _:
            assert_never(node)


def expectation(node: model.Expectation) -> str:
    """An expectation: `expect status 200 or 302`."""
    match node:
        case model.StatusExpectation():
            statuses = (str(s) if isinstance(s, int) else f"{s.first} to {s.last}" for s in node.statuses)
            return f"expect {_not(node.negated)}status {' or '.join(statuses)}"
        case model.TypeExpectation():
            return f"expect {_not(node.negated)}type {quote(node.media_type)}"
        case model.TextExpectation():
            return _text_expectation(node)
        case model.JsonExpectation():
            relation = "exists" if node.equals is None else f"= {json_operand(node.equals)}"
            return f"expect {_not(node.negated)}json {extractor(node.path)} {relation}{_soft(node.soft)}"
        case model.ValueExpectation():
            return f"expect {_not(node.negated)}{source(node.source)} {_relation(node)}{_soft(node.soft)}"
        case model.SizeExpectation():
            return f"expect size {node.relation} {size(node.size)}"
        case model.SchemaExpectation():
            return f"expect schema {quote(node.path)}"
        case model.TimeExpectation():
            return f"expect time < {duration(node.less_than)}"
        case model.SoftFailureExpectation():
            return "expect no soft failure" + (f" except {', '.join(node.ignored)}" if node.ignored else "")
        case _:
            assert_never(node)


def _not(negated: bool) -> str:
    return "not " if negated else ""


def _soft(soft: bool) -> str:
    return " as soft failure" if soft else ""


def _relation(node: model.ValueExpectation) -> str:
    values = [json_operand(value) for value in node.values]
    match node.relation:
        case "exists":
            return "exists"
        case "matches":
            return f"matches {pattern(node.values[0].literal or '')}"
        case "is":
            return f"is {node.values[0].literal}"
        case "one of":
            return f"one of {', '.join(values)}"
        case "between":
            return f"between {number_or_expression(node.values[0])} and {number_or_expression(node.values[1])}"
        case "contains" | "starts with" | "ends with":
            return f"{node.relation} {number_or_expression(node.values[0])}"
    return f"{'count ' if node.count else ''}{node.relation} {values[0]}"


def auth(node: model.Auth) -> str:
    """An authorization: `auth basic(user, password)`."""
    values = (node.token,) if isinstance(node, model.BearerAuth) else (node.username, node.password)
    return f"auth {node.kind}({', '.join(map(number_or_expression, values))})"


def retry(node: model.Retry) -> str:
    """A retry: `retry 3 on 502 or network, wait 500ms, backoff 2`."""
    causes = [*map(str, node.statuses), *(["network"] if node.network else [])]
    wait = f", wait {duration(node.wait)}" if node.wait else ""
    backoff = f", backoff {decimal(node.backoff)}" if node.backoff != 1 else ""
    return f"retry {node.times} on {' or '.join(causes)}{wait}{backoff}"


def _text_expectation(node: model.TextExpectation) -> str:
    subject = "body" if node.header is None else f"header {quote(node.header)}"
    head = f"expect {_not(node.negated)}{subject} {node.relation}"
    tail = _soft(node.soft)
    if node.value is None:
        return head + tail
    if node.relation == "matches" and node.value.literal is not None:
        return f"{head} {pattern(node.value.literal)}{tail}"
    return f"{head} {expression(node.value)}{tail}"


Noted = Callable[[Placed, Sequence[str]], list[str]]


def json_lines(
    value: model.JsonValue, noted: Noted, has_note: Callable[[Placed], bool], width: int, head: str = "json "
) -> list[str]:
    """A JSON body: on one line where it fits, else each member and item on its own."""
    return _json(head, value, noted, has_note, width)


def _json(head: str, value: model.JsonValue, noted: Noted, has_note: Callable[[Placed], bool], width: int) -> list[str]:
    line = head + _inline(value)
    if (len(line) < width and not _any_note(value, has_note)) or not isinstance(value, model.JsonArray | model.JsonObject):
        return [line]
    lines = [head + ("[" if isinstance(value, model.JsonArray) else "{")]
    children = value.items if isinstance(value, model.JsonArray) else value.members
    for position, child in enumerate(children, 1):
        comma = "," if position < len(children) else ""
        lines += [f"  {text}" for text in _child(child, comma, noted, has_note, width - 2)]
    return [*lines, "]" if isinstance(value, model.JsonArray) else "}"]


def _child(
    child: model.JsonMember | model.JsonValue, comma: str, noted: Noted, has_note: Callable[[Placed], bool], width: int
) -> list[str]:
    if not isinstance(child, model.JsonMember):
        lines = _json("", child, noted, has_note, width)
        return [*lines[:-1], lines[-1] + comma]
    lines = _json(f"{name_or_quoted(child.name)}: ", child.value, noted, has_note, width)
    return noted(child, [*lines[:-1], lines[-1] + comma])


def _any_note(value: model.JsonValue, has_note: Callable[[Placed], bool]) -> bool:
    if isinstance(value, model.JsonArray):
        return any(_any_note(item, has_note) for item in value.items)
    if isinstance(value, model.JsonObject):
        return any(has_note(member) or _any_note(member.value, has_note) for member in value.members)
    return False


def _inline(value: model.JsonValue) -> str:
    match value:
        case model.JsonText():
            return string(value.value)
        case model.JsonNumber():
            literal = value.value.literal
            return literal if literal is not None and _JSON_NUMBER.fullmatch(literal) else f"number({expression(value.value)})"
        case model.JsonConstant():
            return value.value
        case model.JsonArray():
            return f"[{', '.join(map(_inline, value.items))}]"
        case model.JsonObject():
            members = ", ".join(f"{name_or_quoted(m.name)}: {_inline(m.value)}" for m in value.members)
            return f"{{ {members} }}" if members else "{}"
        case _:
            assert_never(value)
