"""Values taken from a response, as assignments."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.k6.layout import Group, Node
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.paths import header_name, json_path
from loadwright.backends.k6.regex import regex
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
)


def capture(taken: Capture, names: Names) -> Node:
    """The assignment of a captured value, brought into scope; a miss without a default fails the request."""
    value = _value(taken.source, taken.occurrence, names)
    if taken.default is not None:
        value += f" ?? {names.text(taken.default)}"
        return f"{names.bind(taken.name)} = {value}"
    arguments = (value, string(taken.name), string(describe_source(taken.source)))
    return Group(f"{names.bind(taken.name)} = {names.use('found')}(", tuple(("", a) for a in arguments), ")")


def _value(source: CaptureSource, nth: int, names: Names) -> str:
    """The expression for the nth value of a source; undefined when there is none."""
    match source:
        case JsonSource(path=path):
            return _call(names, "json", nth, "r", json_path(path, names))
        case CssSource(selector=selector, attribute=attribute):
            wanted = [string(attribute.lower())] if attribute else ["undefined"] if nth > 1 else []
            return _call(names, "css", nth, "r", string(selector), *wanted)
        case RegexSource(pattern=pattern):
            return _call(names, "matching", nth, f"{names.use('text')}(r)", regex(pattern, "g"))
        case BoundarySource(left=left, right=right):
            return _call(names, "between", nth, "r", string(left), string(right))
        case HeaderSource(name=name, pattern=pattern):
            if pattern is None:
                return _call(names, "header", nth, "r", string(header_name(name)))
            return _call(names, "matching", nth, member("r.headers", header_name(name)), regex(pattern, "g"))
        case CookieSource(name=name):
            return _call(names, "cookie", nth, "r", string(name))
        case RedirectSource():
            return f"{names.use('redirectTarget')}(r)" if nth == 1 else "undefined"
        case _:
            assert_never(source)


def _call(names: Names, function: str, nth: int, *arguments: str) -> str:
    return f"{names.use(function)}({', '.join((*arguments, *([str(nth)] if nth > 1 else [])))})"
