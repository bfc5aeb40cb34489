"""What is read from responses can be read, the same way on every runtime, and is used."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler import portable
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.passes.context import Bind, Context, finding, flow
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CaptureSource,
    CssSource,
    HeaderSource,
    JsonExpectation,
    JsonSource,
    RegexSource,
    StatusExpectation,
    StatusRange,
    TextExpectation,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Reference

_PATTERN_HINT = "groups are `(…)`, `(?:…)`, `(?=…)` and `(?!…)`; write special characters themselves or after a backslash"
_PATH_HINT = "paths are `$` followed by `.name`, `['name']`, `[0]`, `[*]` or `[?(@.name=='text')]`"


def check_sources(context: Context) -> Iterator[Diagnostic]:
    """`capture a = regex /(?<=a)b/` cannot be carried by every runtime."""
    for request in context.requests():
        for capture in request.captures:
            yield from _source(capture.source, capture.source.origin or capture.origin or request.origin)


def _source(source: CaptureSource, origin: Origin | None) -> Iterator[Diagnostic]:
    match source:
        case RegexSource(pattern=pattern) | HeaderSource(pattern=str() as pattern):
            yield from _pattern(pattern, origin)
        case JsonSource(path=path):
            yield from _path(path, origin)
        case CssSource(selector=selector):
            problem = portable.selector_problem(selector)
            if problem:
                yield finding(Code.BAD_SELECTOR, problem, "it is written as in a style sheet: `input[name=csrf]`", origin)
        case BoundarySource(left=left, right=right) if not left or not right:
            yield finding(Code.BAD_PATTERN, "a boundary is empty", "give the text that stands directly before and after", origin)


def _pattern(pattern: str, origin: Origin | None) -> Iterator[Diagnostic]:
    problem = portable.regex_problem(pattern)
    if problem:
        yield finding(Code.BAD_PATTERN, problem, _PATTERN_HINT, origin)


def _path(path: str, origin: Origin | None) -> Iterator[Diagnostic]:
    problem = portable.json_path_problem(path)
    if problem:
        yield finding(Code.BAD_JSON_PATH, problem, _PATH_HINT, origin)


def check_expectations(context: Context) -> Iterator[Diagnostic]:
    """`expect status 20`, `expect json "order.id" exists` and `expect body matches /(/` are errors."""
    for expectation, origin in context.expectations():
        match expectation:
            case StatusExpectation(statuses=statuses):
                ends = (n for s in statuses for n in ((s.first, s.last) if isinstance(s, StatusRange) else (s,)))
                for status in ends:
                    if not 100 <= status <= 599:
                        yield finding(Code.BAD_STATUS, f"`{status}` is no HTTP status", "statuses go from 100 to 599", origin)
            case JsonExpectation(path=path):
                yield from _path(path, origin)
            case TextExpectation(relation="matches", value=value) if value is not None and value.literal is not None:
                yield from _pattern(value.literal, origin)


def check_unused(context: Context) -> Iterator[Diagnostic]:
    """`capture id = …` without a later use of `id` is a warning."""
    for journey in context.plan.journeys:
        waiting: dict[str, Capture] = {}
        for event in flow(journey):
            if not isinstance(event, Bind):
                if isinstance(event.part, Reference):
                    waiting.pop(event.part.name, None)
                continue
            if event.name in waiting:
                yield _unused(context, waiting.pop(event.name))
            if isinstance(event.node, Capture):
                waiting[event.name] = event.node
        yield from (_unused(context, capture) for capture in waiting.values())


def _unused(context: Context, capture: Capture) -> Diagnostic:
    hint = "use it in a later request, or delete it; to demand that it is there, `expect` it"
    message = f"`{capture.name}` is captured and never used"
    return finding(Code.UNUSED_CAPTURE, message, hint, context.at(capture, capture.origin), Severity.WARNING)
