"""JSONPaths as a locustfile holds them: as they are where they are simple, else with their segments as calls."""

from __future__ import annotations

from dataclasses import dataclass

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import Doc, call
from loadwright.backends.locust.literals import literal
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


def json_path(path: ExtractorText, expressions: Expressions) -> Doc:
    """The expression for a JSONPath. Raises JsonPathError for one outside the subset."""
    framed = frame(path)
    segments = parse_path(framed.text, frozenset(framed.values))
    if not framed.values and all(isinstance(segment, Member | Index | Wildcard) for segment in segments):
        return literal(framed.text)
    writer = _Writer(expressions, framed)
    return call("json_path", literal(describe_text(path)), *map(writer.segment, segments))


@dataclass(frozen=True)
class _Writer:
    """Writes one path, whose texts may hold values."""

    expressions: Expressions
    framed: Frame

    def text(self, text: str) -> str:
        return self.expressions.text(self.framed.template(text))

    def segment(self, segment: Segment) -> Doc:
        match segment:
            case Member(name=name):
                return call("member", self.text(name))
            case Index(position=position):
                return call("item", str(position))
            case Wildcard():
                return "each"
            case Slice(start=start, end=end, step=step):
                return call("sliced", str(start), str(end), str(step))
            case Filter(test=test):
                return call("where", self.test(test))
            case Union(selectors=selectors):
                return call("union", *map(self.segment, selectors))
            case Descent(selection=selection):
                return call("descend", self.segment(selection))

    def test(self, test: Test) -> Doc:
        match test:
            case Comparison():
                return self.comparison(test)
            case Exists(query=query):
                return call("exists", self.operand(query))
            case Not(test=inner):
                return call("negation", self.test(inner))
            case syntax.All(tests=tests):
                return call("all_of", *map(self.test, tests))
            case syntax.Any(tests=tests):
                return call("any_of", *map(self.test, tests))

    def comparison(self, test: Comparison) -> Doc:
        left, right = self.operand(test.left), self.operand(test.right)
        match test.relation:
            case "==":
                return call("same", left, right)
            case "!=":
                return call("negation", call("same", left, right))
            case "<":
                return call("less", left, right)
            case ">":
                return call("less", right, left)
            case "<=":
                return call("any_of", call("less", left, right), call("same", left, right))
            case ">=":
                return call("any_of", call("less", right, left), call("same", left, right))

    def operand(self, operand: Operand) -> Doc:
        match operand:
            case Constant(value=Digits() as number):
                return call("Digits", literal(number))
            case Constant(value=Written() as value):
                return call("written", self.text(value))
            case Constant(value=str() as value):
                return self.text(value)
            case Constant(value=value):
                return str(value)
            case Query(from_item=from_item, segments=segments):
                return call("from_item" if from_item else "from_root", *map(self.segment, segments))
            case Length(query=query):
                return call("length_of", self.operand(query))
            case Count(query=query):
                return call("count_of", self.operand(query))
