"""Paths into responses: XPaths that every runtime evaluates, and JSONPaths that can find something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.plan import jsonpath_syntax as syntax
from loadwright.compiler.plan.describe import describe_text
from loadwright.compiler.plan.inserted import fill_xpath, frame, misplaced_in_xpath
from loadwright.compiler.plan.template import ExtractorText

_FUNCTIONS = frozenset(
    (
        *("last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with", "contains"),
        *("substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate", "boolean", "not"),
        *("true", "false", "lang", "number", "sum", "floor", "ceiling", "round"),
        *("comment", "text", "processing-instruction", "node"),
    )
)
"""The core library of XPath 1.0, and its node tests."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"([A-Za-z_][\w.:-]*)\s*\(")
_PREFIX = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.-]*):(?!:)[\w*]")
_VARIABLE = re.compile(r"\$[A-Za-z_][\w.-]*")
_OPERATORS = frozenset(("and", "or", "div", "mod"))


def xpath_problem(text: ExtractorText) -> str | None:
    """Why an XPath is invalid or outside of XPath 1.0 without namespaces, or None."""
    from lxml import etree

    if problem := misplaced_in_xpath(text):
        return problem
    path = fill_xpath(text, lambda _: "'\"")
    try:
        etree.XPath(path)
    except (etree.XPathSyntaxError, ValueError):
        return f"`{describe_text(text)}` is no XPath" if path.strip() else "the XPath is empty"
    bare = _QUOTED.sub("''", path)
    if found := _VARIABLE.search(bare):
        return f"`{found[0]}` is a variable of XPath, which has no value here"
    if found := _PREFIX.search(bare):
        return f"the prefix `{found[1]}` stands for no namespace here"
    for call in _CALL.finditer(bare):
        name = call[1].rpartition("::")[2]
        if name not in _FUNCTIONS | _OPERATORS:
            return f"`{name}()` is no function of XPath 1.0"
    return None


def json_path_contradiction(path: ExtractorText) -> str | None:
    """Why a path of the subset cannot find anything, or None."""
    framed = frame(path)
    if framed.values:
        return None  # what its values are shows when it runs
    for segment in syntax.parse_path(framed.text):
        for selector in _selectors(segment):
            problem = _empty_slice(selector) if isinstance(selector, syntax.Slice) else None
            if isinstance(selector, syntax.Filter):
                problem = _never(selector.test)
            if problem:
                return problem
    return None


def _selectors(segment: syntax.Segment) -> Iterator[syntax.Selector]:
    match segment:
        case syntax.Union(selectors=selectors):
            yield from selectors
        case syntax.Descent(selection=selection):
            yield from _selectors(selection)
        case _:
            yield segment


def _empty_slice(selector: syntax.Slice) -> str | None:
    start, end, step = selector.start, selector.end, selector.step
    if step == 0:
        return "a slice with the step 0 selects nothing"
    if start is None or end is None or (start < 0) != (end < 0):
        return None
    is_empty = start >= end if step > 0 else start <= end
    return f"the slice from {start} to {end} selects nothing" if is_empty else None


def _never(test: syntax.Test) -> str | None:
    """Why a test never holds: one value that has to equal two, or constants that differ."""
    tests = test.tests if isinstance(test, syntax.All) else (test,)
    wanted: dict[syntax.Operand, object] = {}
    for inner in tests:
        if not isinstance(inner, syntax.Comparison) or inner.relation != "==":
            continue
        left, right = inner.left, inner.right
        if isinstance(left, syntax.Constant):
            left, right = right, left
        if isinstance(left, syntax.Constant) or not isinstance(right, syntax.Constant):
            continue
        kind = (type(right.value), right.value)
        if wanted.setdefault(left, kind) != kind and not isinstance(right.value, syntax.Digits):
            return "the filter asks for two values in one place"
    return None
