"""How k6 names headers, and how the script names places in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import assert_never

from loadwright.backends.k6.literals import string
from loadwright.backends.k6.names import Names
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan import jsonpath_syntax as syntax
from loadwright.compiler.plan.jsonpath_syntax import (
    Comparison,
    Constant,
    Count,
    Descent,
    Digits,
    Exists,
    Filter,
    Index,
    JsonPathError,
    Length,
    Member,
    Not,
    Operand,
    Query,
    Segment,
    Slice,
    Test,
    Union,
    Wildcard,
    parse_path,
)


def header_name(name: str) -> str:
    """A header's name as Go's `textproto.CanonicalMIMEHeaderKey` writes it, as which k6 keeps it."""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        return name
    return "-".join(word[:1].upper() + word[1:].lower() for word in name.split("-"))


def json_path(path: str, names: Names) -> str:
    """A JSONPath as the array that the script's `json` takes. Raises LoadwrightError for what is outside the subset."""
    try:
        segments = parse_path(path)
    except JsonPathError as error:
        raise LoadwrightError(Diagnostic(code="bad-json-path", message=f"json path `{path}`: {error}")) from None
    return f"[{_segments(segments, names)}]"


def _segments(segments: Iterable[Segment], names: Names) -> str:
    return ", ".join(_segment(segment, names) for segment in segments)


def _segment(segment: Segment, names: Names) -> str:
    match segment:
        case Member(name=name):
            return string(name)
        case Index(position=position):
            return str(position)
        case Wildcard():
            return names.use("ANY")
        case Slice(start=start, end=end, step=step):
            bounds = ("null" if n is None else str(n) for n in (start, end, step))
            return f"{names.use('sliced')}({', '.join(bounds)})"
        case Filter(test=test):
            return f"{names.use('where')}({_test(test, names)})"
        case Union(selectors=selectors):
            return f"{names.use('union')}({_segments(selectors, names)})"
        case Descent(selection=selection):
            return f"{names.use('descend')}({_segment(selection, names)})"
        case _:
            assert_never(segment)


def _test(test: Test, names: Names) -> str:
    match test:
        case Comparison():
            return _comparison(test, names)
        case Exists(query=query):
            return f"{names.use('exists')}({_operand(query, names)})"
        case Not(test=inner):
            return f"{names.use('isNot')}({_test(inner, names)})"
        case syntax.All(tests=tests):
            return f"{names.use('allOf')}({', '.join(_test(inner, names) for inner in tests)})"
        case syntax.Any(tests=tests):
            return f"{names.use('anyOf')}({', '.join(_test(inner, names) for inner in tests)})"
        case _:
            assert_never(test)


def _comparison(test: Comparison, names: Names) -> str:
    left, right = _operand(test.left, names), _operand(test.right, names)
    if test.relation in (">", ">="):
        left, right = right, left
    if test.relation == "!=":
        return f"{names.use('isNot')}({names.use('isSame')}({left}, {right}))"
    if test.relation == "==":
        return f"{names.use('isSame')}({left}, {right})"
    less = f"{names.use('isLess')}({left}, {right})"
    if test.relation in ("<", ">"):
        return less
    return f"{names.use('anyOf')}({less}, {names.use('isSame')}({left}, {right}))"


def _operand(operand: Operand, names: Names) -> str:
    match operand:
        case Constant(value=Digits() as number):
            return f"{names.use('digits')}({string(number)})"
        case Constant(value=str() as value):
            return string(value)
        case Constant(value=value):
            return json.dumps(value)
        case Query(from_item=from_item, segments=segments):
            return f"{names.use('fromItem' if from_item else 'fromRoot')}({_segments(segments, names)})"
        case Length(query=query):
            return f"{names.use('lengthOf')}({_operand(query, names)})"
        case Count(query=query):
            return f"{names.use('countOf')}({_operand(query, names)})"
        case _:
            assert_never(operand)
