"""Values taken from a response, as assignments."""

from __future__ import annotations

from typing import assert_never

from loadwright.backends.k6.layout import Group, Node
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.literals import template as template_literal
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.paths import header_name, json_path
from loadwright.backends.k6.regex import filled_regex
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.inserted import frame
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
    XPathSource,
)
from loadwright.compiler.plan.template import ExtractorText, template


def capture(taken: Capture, names: Names) -> Node:
    """The assignment of a captured value, brought into scope; a miss without a default fails the request."""
    value = _selected(taken, names)
    if taken.select == "count":
        return f"{names.bind(taken.name)} = {value}"
    if taken.default is not None:
        value += f" ?? {names.text(taken.default)}"
        return f"{names.bind(taken.name)} = {value}"
    arguments = (value, string(taken.name), string(describe_source(taken.source)))
    return Group(f"{names.bind(taken.name)} = {names.use('found')}(", tuple(("", a) for a in arguments), ")")


def first_match(source: CaptureSource, names: Names) -> str:
    """The expression for the first value of a source; undefined when there is none."""
    single = _single(source, names)
    return single if single is not None else f"{all_matches(source, names)}[0]"


def all_matches(source: CaptureSource, names: Names) -> str:
    """The expression for the array of a source's values."""
    match source:
        case JsonSource(path=path):
            return f"{names.use('json')}(r, {json_path(path, names)})"
        case CssSource(selector=selector, attribute=attribute):
            wanted = f", {string(attribute.lower())}" if attribute else ""
            return f"{names.use('css')}(r, {_selector(selector, names)}{wanted})"
        case RegexSource(pattern=pattern):
            return f"{names.use('matching')}({names.use('text')}(r), {filled_regex(pattern, names, 'g')})"
        case BoundarySource(left=left, right=right):
            return f"{names.use('between')}(r, {names.text(template(left))}, {names.text(template(right))})"
        case HeaderSource(name=name, pattern=pattern) if pattern is not None:
            return f"{names.use('matching')}({member('r.headers', header_name(name))}, {filled_regex(pattern, names, 'g')})"
        case HeaderSource(name=name):
            return f"{names.use('headerValues')}(r, {string(header_name(name))})"
        case CookieSource(name=name):
            return f"{names.use('cookie')}(r, {string(name)})"
        case RedirectSource():
            return f"[{_single(source, names)}].filter((url) => url !== undefined)"
        case _:
            return f"[{_single(source, names)}]"


def _selector(selector: ExtractorText, names: Names) -> str:
    """A CSS selector as an expression, its values escaped."""
    framed = frame(selector)
    if not framed.values:
        return string(framed.text)
    parts = (
        (False, part) if isinstance(part, str) else (True, f"{names.use('inSelector')}({names.text(part)})")
        for part in framed.parts(framed.text)
    )
    return template_literal(*parts)


def _single(source: CaptureSource, names: Names) -> str | None:
    """The expression for the only value of a source; None when it may have several."""
    match source:
        case HeaderSource(name=name, pattern=None):
            return member("r.headers", header_name(name))
        case RedirectSource():
            return f"{names.use('redirectTarget')}(r)"
        case BodySource():
            return f"{names.use('text')}(r)"
        case UrlSource():
            return "r.url"
        case StatusSource():
            return "String(r.status)"
        case XPathSource():
            return "undefined"  # refused before
        case _:
            return None


def _selected(taken: Capture, names: Names) -> str:
    """The expression for the value that a capture selects; undefined when there is none."""
    match taken.select:
        case "nth":
            found = all_matches(taken.source, names)
            if taken.recorded is not None:
                return f"{names.use('matchOf')}({found}, {taken.occurrence}, {taken.recorded}, {string(taken.name)})"
            return first_match(taken.source, names) if taken.occurrence == 1 else f"{found}[{taken.occurrence - 1}]"
        case "last":
            return f"{all_matches(taken.source, names)}.at(-1)"
        case "random":
            return f"{names.use('anyOne')}({all_matches(taken.source, names)})"
        case "all":
            return f"{names.use('listed')}({all_matches(taken.source, names)})"
        case "count":
            return f"String({all_matches(taken.source, names)}.length)"
        case _:
            assert_never(taken.select)
