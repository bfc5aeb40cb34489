"""JSONPaths as a locustfile holds them: as they are where they are simple, else with their segments as calls."""

from __future__ import annotations

from loadwright.backends.locust.layout import Doc, call
from loadwright.backends.locust.literals import literal
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


def json_path(path: str) -> Doc:
    """The expression for a JSONPath. Raises JsonPathError for one outside the subset."""
    segments = parse_path(path)
    if all(isinstance(segment, Member | Index | Wildcard) for segment in segments):
        return literal(path)
    return call("json_path", literal(path), *map(_segment, segments))


def _segment(segment: Segment) -> Doc:
    match segment:
        case Member(name=name):
            return call("member", literal(name))
        case Index(position=position):
            return call("item", str(position))
        case Wildcard():
            return "each"
        case Slice(start=start, end=end, step=step):
            return call("sliced", str(start), str(end), str(step))
        case Filter(test=test):
            return call("where", _test(test))
        case Union(selectors=selectors):
            return call("union", *map(_segment, selectors))
        case Descent(selection=selection):
            return call("descend", _segment(selection))


def _test(test: Test) -> Doc:
    match test:
        case Comparison():
            return _comparison(test)
        case Exists(query=query):
            return call("exists", _operand(query))
        case Not(test=inner):
            return call("negation", _test(inner))
        case syntax.All(tests=tests):
            return call("all_of", *map(_test, tests))
        case syntax.Any(tests=tests):
            return call("any_of", *map(_test, tests))


def _comparison(test: Comparison) -> Doc:
    left, right = _operand(test.left), _operand(test.right)
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


def _operand(operand: Operand) -> Doc:
    match operand:
        case Constant(value=Digits() as number):
            return call("Digits", literal(number))
        case Constant(value=str() as value):
            return literal(value)
        case Constant(value=value):
            return str(value)
        case Query(from_item=from_item, segments=segments):
            return call("from_item" if from_item else "from_root", *map(_segment, segments))
        case Length(query=query):
            return call("length_of", _operand(query))
        case Count(query=query):
            return call("count_of", _operand(query))
