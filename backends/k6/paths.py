"""How k6 names headers, and how the script names places in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from loadwright.backends.k6.literals import string
from loadwright.backends.k6.names import Names
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan import jsonpath_syntax as syntax
from loadwright.compiler.plan.describe import describe_text
from loadwright.compiler.plan.inserted import Frame, frame
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
    Written,
    parse_path,
)
from loadwright.compiler.plan.template import ExtractorText


def header_name(name: str) -> str:
    """A header's name as Go's `textproto.CanonicalMIMEHeaderKey` writes it, as which k6 keeps it."""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        return name
    return "-".join(word[:1].upper() + word[1:].lower() for word in name.split("-"))


def json_path(path: ExtractorText, names: Names) -> str:
    """A JSONPath as the array that the script's `json` takes. Raises LoadwrightError for what is outside the subset."""
    framed = frame(path)
    try:
        segments = parse_path(framed.text, frozenset(framed.values))
    except JsonPathError as error:
        message = f"json path `{describe_text(path)}`: {error}"
        raise LoadwrightError(Diagnostic(code="bad-json-path", message=message)) from None
    return f"[{_Writer(names, framed).segments(segments)}]"


@dataclass(frozen=True)
class _Writer:
    """Writes one path, whose texts may hold values."""

    names: Names
    framed: Frame

    def text(self, text: str) -> str:
        return self.names.text(self.framed.template(text))

    def segments(self, segments: Iterable[Segment]) -> str:
        return ", ".join(map(self.segment, segments))

    def segment(self, segment: Segment) -> str:
        use = self.names.use
        match segment:
            case Member(name=name):
                return self.text(name)
            case Index(position=position):
                return str(position)
            case Wildcard():
                return use("ANY")
            case Slice(start=start, end=end, step=step):
                bounds = ("null" if n is None else str(n) for n in (start, end, step))
                return f"{use('sliced')}({', '.join(bounds)})"
            case Filter(test=test):
                return f"{use('where')}({self.test(test)})"
            case Union(selectors=selectors):
                return f"{use('union')}({self.segments(selectors)})"
            case Descent(selection=selection):
                return f"{use('descend')}({self.segment(selection)})"
            case _:
                assert_never(segment)

    def test(self, test: Test) -> str:
        use = self.names.use
        match test:
            case Comparison():
                return self.comparison(test)
            case Exists(query=query):
                return f"{use('exists')}({self.operand(query)})"
            case Not(test=inner):
                return f"{use('isNot')}({self.test(inner)})"
            case syntax.All(tests=tests):
                return f"{use('allOf')}({', '.join(map(self.test, tests))})"
            case syntax.Any(tests=tests):
                return f"{use('anyOf')}({', '.join(map(self.test, tests))})"
            case _:
                assert_never(test)

    def comparison(self, test: Comparison) -> str:
        use = self.names.use
        left, right = self.operand(test.left), self.operand(test.right)
        if test.relation in (">", ">="):
            left, right = right, left
        if test.relation == "!=":
            return f"{use('isNot')}({use('isSame')}({left}, {right}))"
        if test.relation == "==":
            return f"{use('isSame')}({left}, {right})"
        less = f"{use('isLess')}({left}, {right})"
        if test.relation in ("<", ">"):
            return less
        return f"{use('anyOf')}({less}, {use('isSame')}({left}, {right}))"

    def operand(self, operand: Operand) -> str:
        use = self.names.use
        match operand:
            case Constant(value=Digits() as number):
                return f"{use('digits')}({string(number)})"
            case Constant(value=Written() as value):
                return f"{use('written')}({self.text(value)})"
            case Constant(value=str() as value):
                return self.text(value)
            case Constant(value=value):
                return json.dumps(value)
            case Query(from_item=from_item, segments=segments):
                return f"{use('fromItem' if from_item else 'fromRoot')}({self.segments(segments)})"
            case Length(query=query):
                return f"{use('lengthOf')}({self.operand(query)})"
            case Count(query=query):
                return f"{use('countOf')}({self.operand(query)})"
            case _:
                assert_never(operand)
