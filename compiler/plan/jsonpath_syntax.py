"""The JSONPath subset of the language (of RFC 9535): its syntax tree and its parser."""

from __future__ import annotations

import json
import re
from typing import Literal as OneOf

from msgspec import Struct

_LARGEST = 2**53 - 1
"""The largest integer of an index (RFC 9535, section 2.1)."""
_DEEPEST = 40
"""How deep a path's filters and parentheses may nest."""


class JsonPathError(ValueError):
    """Raised for a path outside the subset; the message says where and what."""


class Digits(str):
    """A JSON number as it was written."""

    __slots__ = ()


class Written(str):
    """A value of a path without quotes: a number where it is written as one, else a string."""

    __slots__ = ()


class Member(Struct, frozen=True):
    """`.name` or `['name']`."""

    name: str


class Index(Struct, frozen=True):
    """`[n]`; negative counts from the end."""

    position: int


class Wildcard(Struct, frozen=True):
    """`[*]` or `.*`: every item or member value."""


class Slice(Struct, frozen=True):
    """`[start:end:step]`."""

    start: int | None
    end: int | None
    step: int


class Filter(Struct, frozen=True):
    """`[?test]`: the items or member values for which a test holds."""

    test: Test


class Union(Struct, frozen=True):
    """`[a, b]`: what each selector selects, one after the other."""

    selectors: tuple[Selector, ...]


class Descent(Struct, frozen=True):
    """`..` and a selection: what it selects from a value and from everything inside that value."""

    selection: Selector | Union


class Query(Struct, frozen=True):
    """A path inside a filter, from the item (`@`) or from the whole document (`$`)."""

    from_item: bool
    segments: tuple[Segment, ...]

    @property
    def is_singular(self) -> bool:
        """Whether it selects one value at most."""
        return all(isinstance(segment, Member | Index) for segment in self.segments)


class Constant(Struct, frozen=True):
    """A string, a number (`Digits`), a `Written`, true, false or null."""

    value: str | bool | None


class Length(Struct, frozen=True):
    """`length(path)`: characters of a string, items of an array, members of an object."""

    query: Query


class Count(Struct, frozen=True):
    """`count(path)`: how many values a path selects."""

    query: Query


Relation = OneOf["==", "!=", "<", "<=", ">", ">="]


class Comparison(Struct, frozen=True):
    """`left relation right`."""

    left: Operand
    relation: Relation
    right: Operand


class Exists(Struct, frozen=True):
    """A path as a test: whether it selects anything."""

    query: Query


class Not(Struct, frozen=True):
    """`!test`."""

    test: Test


class All(Struct, frozen=True):
    """`a && b`."""

    tests: tuple[Test, ...]


class Any(Struct, frozen=True):
    """`a || b`."""

    tests: tuple[Test, ...]


Selector = Member | Index | Wildcard | Slice | Filter
Segment = Selector | Union | Descent
Operand = Constant | Query | Length | Count
Test = Comparison | Exists | Not | All | Any

_SHORTHAND = re.compile(r"(?![\ud800-\udfff])[^\x00-@\[-^`{-\x7f](?:[^\x00-/:-@\[-^`{-\x7f](?<![\ud800-\udfff]))*")
"""Letters, digits and `_`, and all beyond ASCII but surrogates; told by what it is not, which compiles ten times as fast."""
_INTEGER = re.compile(r"-?[1-9][0-9]*|0")
_SLICE = re.compile(r"(?P<start>-?[0-9]+)?\s*:\s*(?P<end>-?[0-9]+)?\s*(?::\s*(?P<step>-?[0-9]+)?)?")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
STRING = re.compile(
    r"""'(?P<single>(?:[^'\\\x00-\x1f]|\\(?:[bfnrt/\\']|u[0-9A-Fa-f]{4}))*)'
      | "(?P<double>(?:[^"\\\x00-\x1f]|\\(?:[bfnrt/\\"]|u[0-9A-Fa-f]{4}))*)\"""",
    re.VERBOSE,
)
_WORD = re.compile(r"(true|false|null)(?![A-Za-z0-9_(])")
_FUNCTION = re.compile(r"([a-z][a-z0-9_]*)\(")
_RELATION = re.compile(r"==|!=|<=|>=|<|>")
_BLANK = re.compile(r"[ \t\n\r]*")


def parse_path(path: str, values: frozenset[str] = frozenset()) -> tuple[Segment, ...]:
    """The segments of a path; `values` are characters that stand for values (`inserted.py`).

    Raises JsonPathError for what is outside the subset.
    """
    if not path.startswith("$"):
        raise JsonPathError("a path starts with `$`")
    parser = _Parser(path, values)
    parser.position = 1
    segments = parser.segments()
    if parser.position < len(path):
        raise parser.error()
    return segments


class _Parser:
    """Reads one path from left to right."""

    def __init__(self, path: str, values: frozenset[str]) -> None:
        self.path = path
        self.values = values
        self.position = 0
        self.depth = 0

    def error(self, reason: str | None = None) -> JsonPathError:
        """What is wrong at the present position."""
        place = f"`{self.path[self.position :]}` at character {self.position + 1}"
        if self.position >= len(self.path):
            return JsonPathError("the path ends too early")
        return JsonPathError(f"{place}: {reason}" if reason else f"{place} is not in the subset")

    def skip(self) -> None:
        match = _BLANK.match(self.path, self.position)
        self.position = match.end() if match else self.position

    def take(self, text: str) -> bool:
        if self.path.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def need(self, text: str) -> None:
        self.skip()
        if not self.take(text):
            raise self.error()

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.path, self.position)
        if found:
            self.position = found.end()
        return found

    # --- segments ---

    def segments(self) -> tuple[Segment, ...]:
        found: list[Segment] = []
        while True:
            start = self.position
            self.skip()
            if self.take(".."):
                found.append(Descent(self.brackets() if self.take("[") else self.dotted()))
            elif self.take("."):
                found.append(self.dotted())
            elif self.take("["):
                found.append(self.brackets())
            else:
                self.position = start
                return tuple(found)

    def dotted(self) -> Selector:
        if self.take("*"):
            return Wildcard()
        start = self.position
        name = self.match(_SHORTHAND)
        if name and self.position < len(self.path) and self.path[self.position] in "-$":
            self.position = start
            raise self.error("write a name with other characters as `['name']`")
        if not name:
            self.position -= 1
            raise self.error()
        if not self.values.isdisjoint(name[0]):
            self.position = start
            raise self.error("a value as a name stands in brackets and quotes: `['…']`")
        return Member(name[0])

    def brackets(self) -> Selector | Union:
        selectors = [self.selector()]
        self.skip()
        while self.take(","):
            selectors.append(self.selector())
            self.skip()
        self.need("]")
        return selectors[0] if len(selectors) == 1 else Union(tuple(selectors))

    def selector(self) -> Selector:
        self.skip()
        if self.take("*"):
            return Wildcard()
        if self.take("?"):
            return Filter(self.nested())
        if string := self.match(STRING):
            return Member(_unquote(string))
        if span := self.match(_SLICE):
            step = span["step"]
            return Slice(self.integer(span["start"]), self.integer(span["end"]), 1 if step is None else self.integer(step) or 0)
        if number := self.match(_INTEGER):
            return Index(self.integer(number[0]) or 0)
        raise self.error()

    def integer(self, text: str | None) -> int | None:
        if text is None:
            return None
        if not _INTEGER.fullmatch(text) or len(text) > 17 or abs(int(text)) > _LARGEST:
            raise JsonPathError(f"`{text}` is no index: they have no leading zeros and go up to 2^53 - 1")
        return int(text)

    # --- filters ---

    def nested(self) -> Test:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise JsonPathError(f"filters and parentheses nest deeper than {_DEEPEST} levels")
        test = self.any()
        self.depth -= 1
        return test

    def any(self) -> Test:
        tests = [self.all()]
        self.skip()
        while self.take("||"):
            tests.append(self.all())
            self.skip()
        return tests[0] if len(tests) == 1 else Any(tuple(tests))

    def all(self) -> Test:
        tests = [self.basic()]
        self.skip()
        while self.take("&&"):
            tests.append(self.basic())
            self.skip()
        return tests[0] if len(tests) == 1 else All(tuple(tests))

    def basic(self) -> Test:
        self.skip()
        if self.take("!"):
            self.skip()
            if self.take("("):
                return Not(self.closed())
            query = self.operand()
            if not isinstance(query, Query):
                raise self.error("`!` stands before a path or parentheses")
            return Not(Exists(query))
        if self.take("("):
            return self.closed()
        return self.comparison()

    def closed(self) -> Test:
        test = self.nested()
        self.need(")")
        return test

    def comparison(self) -> Test:
        start = self.position
        left = self.operand()
        self.skip()
        relation = self.match(_RELATION)
        if not relation:
            if isinstance(left, Query):
                return Exists(left)
            raise self.error("a value is compared with another: `==`, `!=`, `<`, `<=`, `>` or `>=`")
        self.skip()
        right = self.operand()
        for operand in (left, right):
            if isinstance(operand, Query) and not operand.is_singular:
                self.position = start
                raise self.error("what is compared selects one value: only `.name`, `['name']` and `[0]`")
        return Comparison(left, _RELATIONS[relation[0]], right)

    def operand(self) -> Operand:
        if self.path.startswith(("@", "$"), self.position):
            self.position += 1
            return Query(self.path[self.position - 1] == "@", self.segments())
        if string := self.match(STRING):
            return Constant(_unquote(string))
        if word := self.match(_WORD):
            return Constant({"true": True, "false": False, "null": None}[word[1]])
        if number := self.match(NUMBER):
            return Constant(Digits(number[0]))
        if self.path[self.position : self.position + 1] in self.values:
            self.position += 1
            return Constant(Written(self.path[self.position - 1]))
        start = self.position
        if function := self.match(_FUNCTION):
            return self.function(function[1], start)
        raise self.error()

    def function(self, name: str, start: int) -> Operand:
        if name not in ("length", "count"):
            self.position = start
            raise self.error(f"`{name}()` is not in the subset: the functions are `length()` and `count()`")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise JsonPathError(f"filters and parentheses nest deeper than {_DEEPEST} levels")
        self.skip()
        argument = self.operand()
        self.need(")")
        self.depth -= 1
        if not isinstance(argument, Query):
            self.position = start
            raise self.error(f"`{name}()` takes a path")
        if name == "count":
            return Count(argument)
        if not argument.is_singular:
            self.position = start
            raise self.error("`length()` takes a path that selects one value")
        return Length(argument)


_RELATIONS: dict[str, Relation] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _unquote(string: re.Match[str]) -> str:
    text = string["double"]
    if text is None:
        text = re.sub(r"\\.|\"", lambda m: {"\\'": "'", '"': '\\"'}.get(m[0], m[0]), string["single"])
    value = str(json.loads(f'"{text}"'))
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise JsonPathError(f"`{string[0]}` holds half of a surrogate pair")
    return value


def quote_name(name: str) -> str:
    """A member as the next segment of a path: `.name`, or `['…']` for a name that needs quotes."""
    if re.fullmatch(r"[A-Za-z_]\w*", name):
        return f".{name}"
    return f"[{quote_value(name)}]"


def quote_value(value: str) -> str:
    """A text or a number (`Digits`) as a path's literal."""
    if isinstance(value, Digits):
        return str(value)
    return "'" + re.sub(r"[\\'\x00-\x1f]", lambda m: _QUOTED.get(m[0]) or f"\\u{ord(m[0]):04x}", value) + "'"


_QUOTED = {"\\": "\\\\", "'": "\\'", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
