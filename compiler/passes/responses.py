"""What is read from responses can be read, the same way on every runtime."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler import portable
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.selectors import json_path_contradiction, xpath_problem
from loadwright.compiler.plan.functions import FUNCTIONS, may_fail
from loadwright.compiler.plan.inserted import frame
from loadwright.compiler.plan.model import (
    BoundarySource,
    CaptureSource,
    CssSource,
    HeaderSource,
    JsonExpectation,
    JsonSource,
    RegexSource,
    Request,
    SizeExpectation,
    StatusExpectation,
    StatusRange,
    TextExpectation,
    TimeExpectation,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Call, ExtractorText, Template, Text, walk
from loadwright.compiler.plan.traverse import source_templates

_PATTERN_HINT = "groups are `(…)`, `(?:…)`, `(?=…)` and `(?!…)`; write special characters themselves or after a backslash"
_PATH_HINT = "paths are those of RFC 9535: `$.name`, `$['name']`, `$[0]`, `$[*]`, `$..name`, `$[?@.name == 'text']`"
_XPATH_HINT = "it is XPath 1.0: `//item[@id='7']/name`, `count(//item)`; a name with a prefix is `*[local-name()='name']`"


def check_sources(context: Context) -> Iterator[Diagnostic]:
    """`capture a = regex /(?<=a)b/` cannot be carried by every runtime; a `count` never misses."""
    for reader in context.readers():
        for capture in reader.captures:
            origin = capture.origin or reader.origin
            yield from _source(capture.source, capture.source.origin or origin)
            if capture.select == "count" and capture.default is not None:
                message, hint = "a `count` is never missing, so its default is never used", "delete the default"
                yield warning(Code.IDLE, message, hint, context.at(capture, origin))


def _source(source: CaptureSource, origin: Origin | None) -> Iterator[Diagnostic]:
    match source:
        case RegexSource(pattern=pattern):
            yield from pattern_findings(pattern, origin)
        case HeaderSource(pattern=pattern) if pattern is not None:
            yield from pattern_findings(pattern, origin)
        case JsonSource(path=path):
            yield from _path(path, origin)
        case CssSource(selector=selector):
            problem = portable.selector_problem(selector)
            if problem:
                yield finding(Code.BAD_SELECTOR, problem, "it is written as in a style sheet: `input[name=csrf]`", origin)
        case XPathSource(path=path):
            problem = xpath_problem(path)
            if problem:
                yield finding(Code.BAD_XPATH, problem, _XPATH_HINT, origin)
        case BoundarySource(left=left, right=right) if not left or not right:
            yield finding(Code.BAD_PATTERN, "a boundary is empty", "give the text that stands directly before and after", origin)
        case BoundarySource(left=Template() as left, right=Template() as right) if not _has_text(left) and not _has_text(right):
            message, hint = "both boundaries may be empty", "give one of them some text of its own beside the value"
            yield finding(Code.BAD_PATTERN, message, hint, origin)
    for value in source_templates(source):
        yield from _values(value, origin)


def _has_text(value: Template) -> bool:
    return any(isinstance(part, Text) for part in value.parts)


def _values(value: Template, origin: Origin | None) -> Iterator[Diagnostic]:
    """What can fail has no place where a response is read: a miss and a failure would look the same."""
    if any(isinstance(part, Call) and part.function not in FUNCTIONS for part in walk(value)):
        return  # that is told elsewhere
    for part in value.parts:
        if isinstance(part, Call) and may_fail(part):
            message = f"`{part.function}` can fail, which an extractor cannot tell from a miss"
            yield finding(Code.BAD_ARGUMENT, message, "name its value before the request, with `let`", origin)


def pattern_findings(pattern: ExtractorText, origin: Origin | None) -> Iterator[Diagnostic]:
    """What is wrong with a regular expression."""
    problem = portable.extractor_pattern_problem(pattern)
    if problem:
        yield finding(Code.BAD_PATTERN, problem, _PATTERN_HINT, origin)
    elif slow := portable.regex_backtracking(frame(pattern).text):
        message, _, hint = slow.partition(": ")
        yield warning(Code.SLOW_PATTERN, message, hint, origin)


def _path(path: ExtractorText, origin: Origin | None) -> Iterator[Diagnostic]:
    problem = portable.json_path_problem(path)
    if problem:
        yield finding(Code.BAD_JSON_PATH, problem, _PATH_HINT, origin)
    elif contradiction := json_path_contradiction(path):
        yield finding(Code.BAD_JSON_PATH, contradiction, "such a path finds nothing in any document", origin)


def check_expectations(context: Context) -> Iterator[Diagnostic]:
    """`expect status 20`, `expect json "order.id" exists` and `expect body matches /(/` are errors."""
    for expectation, origin in context.expectations():
        match expectation:
            case StatusExpectation(statuses=statuses):
                yield from _statuses(statuses, origin)
            case JsonExpectation():
                yield from _source(JsonSource(path=expectation.path), origin)
            case TextExpectation(relation="matches", value=value) if value is not None and value.literal is not None:
                yield from pattern_findings(value.literal, origin)
            case ValueExpectation(source=source):
                yield from _source(source, source.origin or origin)
            case SizeExpectation(relation=relation, size=size):
                if size == 0 and relation in ("<", ">="):
                    message = "no body is smaller than nothing" if relation == "<" else "every body is so"
                    yield finding(Code.CONSTANT, message, "an empty body is `= 0B`, another one `> 0B`", origin)


def _statuses(statuses: tuple[int | StatusRange, ...], origin: Origin | None) -> Iterator[Diagnostic]:
    for item in statuses:
        ends = (item.first, item.last) if isinstance(item, StatusRange) else (item,)
        for status in ends:
            if not 100 <= status <= 599:
                yield finding(Code.BAD_STATUS, f"`{status}` is no HTTP status", "statuses go from 100 to 599", origin)
        if ends[0] > ends[-1]:
            yield finding(Code.BAD_RANGE, "the range of statuses runs backwards", "the smaller status comes first", origin)


def check_times(context: Context) -> Iterator[Diagnostic]:
    """`expect time < 5s` with `timeout 3s` is never broken: the timeout fails first."""
    for request in (reader for reader in context.readers() if isinstance(reader, Request)):
        limit = request.timeout if request.timeout is not None else context.plan.defaults.timeout
        for expectation in request.expectations:
            if not isinstance(expectation, TimeExpectation):
                continue
            if expectation.less_than == 0:
                message, hint = "no request takes less than no time", "give a time above zero"
                yield finding(Code.CONSTANT, message, hint, expectation.origin or request.origin)
            elif limit is not None and 0 < limit <= expectation.less_than:
                message = f"the timeout of {limit / 1000:g}s comes first, so this is never broken"
                hint = "expect less than the timeout, or raise the timeout"
                yield warning(Code.CONSTANT, message, hint, expectation.origin or request.origin)
        if request.timeout == 0:
            yield finding(Code.BAD_RANGE, "the timeout is zero", "give it a time, as in `timeout 30s`", request.origin)
