"""The reference meaning of JSONPaths, and JSON read without losing digits.

Paths are those of RFC 9535 (`jsonpath_syntax.py` says which). Where the RFC leaves the order of an object's members open, it is
that of the document; of members with one name the last one counts, at the place of the first.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, assert_never

import orjson

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
    quote_name,
    quote_value,
)

__all__ = [
    "DEEPEST",
    "Digits",
    "Index",
    "JsonPathError",
    "Member",
    "Wildcard",
    "find",
    "find_texts",
    "json_text",
    "load_json",
    "parse_path",
    "quote_name",
    "quote_value",
]

DEEPEST = 200
"""How deep arrays and objects may nest; what nests deeper is read as no JSON, the same on every runtime."""


def load_json(text: str) -> Any:
    """JSON as Python values, numbers kept as `Digits`; a byte order mark before it counts for nothing, as in a browser.

    Raises ValueError, also for what nests too deeply.
    """
    try:
        value = json.loads(text.removeprefix("\ufeff"), parse_int=Digits, parse_float=Digits, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("the JSON nests too deeply") from None
    if text.count("[") + text.count("{") > DEEPEST and _is_too_deep(value):
        raise ValueError("the JSON nests too deeply")
    return value


def _no_number(text: str) -> Any:
    raise ValueError(f"`{text}` is no JSON")


def _is_too_deep(value: Any) -> bool:
    level = [value] if isinstance(value, list | dict) else []
    for _ in range(DEEPEST):
        if not level:
            return False
        level = [c for n in level for c in (n.values() if isinstance(n, dict) else n) if isinstance(c, list | dict)]
    return bool(level)


def find(value: Any, path: str) -> list[Any]:
    """Every value at a path, in document order."""
    return _select(value, parse_path(path), value)


def find_texts(text: str, path: str) -> list[str] | None:
    """What a path finds in JSON, where that is texts alone; None where only `load_json` and `find` tell.

    This parser is many times as fast, and does not keep the digits of numbers.
    """
    segments = parse_path(path)
    if text.count("[") + text.count("{") > DEEPEST or not all(map(_needs_no_digits, segments)):
        return None
    try:
        value = _quickly(text)
    except orjson.JSONDecodeError:
        return None
    found = _select(value, segments, value)
    return found if all(type(item) is str for item in found) else None


@lru_cache(maxsize=1)
def _quickly(text: str) -> Any:
    """The last document is kept: most paths are asked of one after another."""
    return orjson.loads(text)


def _needs_no_digits(segment: Segment) -> bool:
    """Whether a segment selects the same whether numbers keep their digits or not."""
    match segment:
        case Filter(test=Comparison(left=Query(segments=segments), relation="==", right=Constant(value=str() as value))):
            return type(value) is str and all(map(_needs_no_digits, segments))
        case Member() | Index() | Wildcard():
            return True
        case _:
            return False


def _select(value: Any, segments: Iterable[Segment], root: Any) -> list[Any]:
    found = [value]
    for segment in segments:
        found = [item for parent in found for item in _step(parent, segment, root)]
    return found


def _step(parent: Any, segment: Segment, root: Any) -> Iterator[Any]:
    match segment:
        case Member(name=name):
            if isinstance(parent, dict) and name in parent:
                yield parent[name]
        case Index(position=position):
            if isinstance(parent, list) and -len(parent) <= position < len(parent):
                yield parent[position]
        case Wildcard():
            yield from _children(parent)
        case Slice(start=start, end=end, step=step):
            if isinstance(parent, list) and step:
                yield from parent[start:end:step]
        case Filter(
            test=Comparison(left=Query(from_item=True, segments=(Member(name=name),)), relation="==", right=Constant(value=wanted))
        ) if type(wanted) is str:
            # what nearly every filter asks, and of long lists again and again
            yield from (item for item in _children(parent) if isinstance(item, dict) and _is_text(item.get(name), wanted))
        case Filter(test=test):
            yield from (item for item in _children(parent) if _holds(test, item, root))
        case Union(selectors=selectors):
            for selector in selectors:
                yield from _step(parent, selector, root)
        case Descent(selection=selection):
            for node in _descendants(parent):
                yield from _step(node, selection, root)
        case _:
            assert_never(segment)


def _is_text(value: Any, wanted: str) -> bool:
    return value == wanted and not isinstance(value, Digits)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()


def _descendants(value: Any) -> Iterator[Any]:
    """A value and everything inside it, in the order of the document."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(list(_children(node)))


def _holds(test: Test, item: Any, root: Any) -> bool:
    match test:
        case Exists(query=query):
            return bool(_query(query, item, root))
        case Not(test=inner):
            return not _holds(inner, item, root)
        case syntax.All(tests=tests):
            return all(_holds(inner, item, root) for inner in tests)
        case syntax.Any(tests=tests):
            return any(_holds(inner, item, root) for inner in tests)
        case Comparison(left=left, relation=relation, right=right):
            return _RELATIONS[relation](_operand(left, item, root), _operand(right, item, root))
        case _:
            assert_never(test)


def _query(query: Query, item: Any, root: Any) -> list[Any]:
    return _select(item if query.from_item else root, query.segments, root)


_Comparable = tuple[str, Any] | None
"""A kind and a value, which equal each other only when the JSON values do; None for no value."""


def _operand(operand: Operand, item: Any, root: Any) -> _Comparable:
    match operand:
        case Constant(value=value):
            return comparable(value)
        case Query():
            found = _query(operand, item, root)
            return comparable(found[0]) if found else None
        case Length(query=query):
            of = _operand(query, item, root)
            return ("number", Decimal(len(of[1]))) if of and of[0] in ("string", "array", "object") else None
        case Count(query=query):
            return ("number", Decimal(len(_query(query, item, root))))
        case _:
            assert_never(operand)


def comparable(value: Any) -> _Comparable:
    if isinstance(value, Digits):
        return ("number", _number(value))
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, list):
        return ("array", [comparable(item) for item in value])
    if isinstance(value, dict):
        return ("object", {name: comparable(item) for name, item in value.items()})
    return ("constant", value)


def _number(digits: str) -> Decimal:
    """A number, exactly; of an exponent the first nine digits count."""
    return Decimal(re.sub(r"([eE][+-]?0*[0-9]{1,9})[0-9]*$", r"\1", digits))


def _less(left: _Comparable, right: _Comparable) -> bool:
    if left is None or right is None or left[0] != right[0]:
        return False
    return left[0] in ("number", "string") and bool(left[1] < right[1])


_RELATIONS: dict[str, Callable[[_Comparable, _Comparable], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": _less,
    "<=": lambda left, right: left == right or _less(left, right),
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: left == right or _less(right, left),
}


def json_text(value: Any) -> str:
    """A JSON value as a captured text: strings as they are, numbers digit for digit, the rest as compact JSON."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _compact(value)


def _compact(value: Any) -> str:
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join([_compact(v) for v in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([f"{json.dumps(k, ensure_ascii=False)}:{_compact(v)}" for k, v in value.items()]) + "}"
    return json_text(value)
