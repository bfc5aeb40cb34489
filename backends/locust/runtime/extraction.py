"""Values in the texts of answers."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from loadwright.backends.locust.runtime.network import Failure
from loadwright.backends.locust.runtime.values import to_json

DEEPEST = 200


def parse_json(text: str) -> Any:
    """JSON, a byte order mark before it or not, its numbers as they are written."""
    hooks: Any = {
        "parse_int": Digits,
        "parse_float": Digits,
        "parse_constant": no_number,
    }
    try:
        value = json.loads(text.removeprefix("\ufeff"), **hooks)
    except RecursionError:
        raise ValueError("too deep") from None
    level = [value] if text.count("[") + text.count("{") > DEEPEST else []
    for _ in range(DEEPEST):
        level = [child for node in level for child in json_items(node)]
    if any(isinstance(node, list | dict) for node in level):
        raise ValueError("too deep")
    return value


def no_number(text: str) -> Any:
    """Refuse what Python takes for a number and JSON does not."""
    raise ValueError(f"{text} is no JSON")


class Digits(str):
    """A JSON number as it is written."""


Step = Callable[[Any, Any], Iterable[Any]]
"""What a segment of a JSONPath selects; given a value and the document."""


class JsonPath(str):
    """A JSONPath that is more than names, indexes and wildcards, with its segments."""

    steps: tuple[Step, ...] = ()


def json_path(text: str, *steps: Step) -> JsonPath:
    """A JSONPath and what its segments select."""
    path = JsonPath(text)
    path.steps = steps
    return path


PATH_SEGMENT = re.compile(
    r"""\s*(?:\.(?P<name>[^.[\s]+) | \[\s*(?:(?P<index>-?\d+) | (?P<star>\*)
      | (?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*\])""",
    re.VERBOSE,
)


def find_json(text: str, path: str) -> list[Any]:
    """All values at a JSONPath, in document order."""
    try:
        document = parse_json(text)
    except ValueError:
        return []
    if isinstance(path, JsonPath):
        return json_nodes(document, path.steps, document)
    steps = map(simple_step, PATH_SEGMENT.finditer(path))
    return json_nodes(document, steps, document)


def json_nodes(start: Any, steps: Iterable[Step], document: Any) -> list[Any]:
    """The values at the end of a path that starts at a value."""
    found = [start]
    for step in steps:
        found = [child for value in found for child in step(value, document)]
    return found


def simple_step(segment: re.Match[str]) -> Step:
    """What a name, an index or a wildcard selects."""
    if segment["star"] or segment["name"] == "*":
        return each
    if segment["index"]:
        return item(int(segment["index"]))
    return member(segment["name"] or unquoted(segment["quoted"]))


def unquoted(text: str) -> str:
    """A name of a JSONPath without its quotes and escapes."""
    text = re.sub(r"""\\.|\"""", requoted, text[1:-1])
    return str(json.loads(f'"{text}"'))


def requoted(found: re.Match[str]) -> str:
    """A quote as it stands between double quotes."""
    return {"\\'": "'", '"': '\\"'}.get(found[0], found[0])


def json_items(value: Any) -> Iterable[Any]:
    """The items of an array, the member values of an object."""
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()


def each(value: Any, document: Any) -> Iterable[Any]:
    """The step of a wildcard."""
    return json_items(value)


def member(name: str) -> Step:
    """The step to a member of an object."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        return [value[name]] if isinstance(value, dict) and name in value else []

    return step


def item(index: int) -> Step:
    """The step to an item of an array."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        size = len(value) if isinstance(value, list) else 0
        return [value[index]] if -size <= index < size else []

    return step


def sliced(start: int | None, end: int | None, by: int) -> Step:
    """The step to a range of an array."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        return value[start:end:by] if isinstance(value, list) and by else []

    return step


def union(*steps: Step) -> Step:
    """What each of several steps selects."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        return [child for one in steps for child in one(value, document)]

    return step


def descend(one: Step) -> Step:
    """What a step selects from a value and from everything inside it."""

    def step(value: Any, document: Any) -> Iterator[Any]:
        waiting = [value]
        while waiting:
            node = waiting.pop()
            yield from one(node, document)
            waiting += reversed(list(json_items(node)))

    return step


Test = Callable[[Any, Any], bool]
"""Whether a filter takes an item; given the item and the document."""
Query = Callable[[Any, Any], list[Any]]
"""The values at a path from an item of a filter, or from the document."""
Comparable = tuple[str, Any]
"""A kind and a value that equal another's only where the JSON values are equal."""


def where(test: Test) -> Step:
    """The items and member values for which a test holds."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        return [child for child in json_items(value) if test(child, document)]

    return step


def from_item(*steps: Step) -> Query:
    """The values at a path from the item."""
    return lambda value, document: json_nodes(value, steps, document)


def from_root(*steps: Step) -> Query:
    """The values at a path from the document."""
    return lambda value, document: json_nodes(document, steps, document)


def exists(query: Query) -> Test:
    """Whether there is a value at a path."""
    return lambda value, document: bool(query(value, document))


def negation(test: Test) -> Test:
    """Whether a test does not hold."""
    return lambda value, document: not test(value, document)


def all_of(*tests: Test) -> Test:
    """Whether all tests hold."""
    return lambda value, document: all(test(value, document) for test in tests)


def any_of(*tests: Test) -> Test:
    """Whether one of the tests holds."""
    return lambda value, document: any(test(value, document) for test in tests)


def same(left: Any, right: Any) -> Test:
    """Whether two operands are equal: constants, or queries for one value."""

    def test(value: Any, document: Any) -> bool:
        return operand(left, value, document) == operand(right, value, document)

    return test


def written(text: str) -> str:
    """A value put into a path without quotes: a number where it is written as one."""
    number = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"
    return Digits(text) if re.fullmatch(number, text) else text


def less(left: Any, right: Any) -> Test:
    """Whether a number is less than a number, or a string comes before a string."""

    def test(value: Any, document: Any) -> bool:
        a, b = operand(left, value, document), operand(right, value, document)
        if a is None or b is None or a[0] != b[0]:
            return False
        return a[0] in ("number", "string") and bool(a[1] < b[1])

    return test


def length_of(query: Query) -> Callable[[Any, Any], Comparable | None]:
    """The characters of a string, items of an array, members of an object."""

    def length(value: Any, document: Any) -> Comparable | None:
        found = operand(query, value, document)
        if found is None or found[0] not in ("string", "array", "object"):
            return None
        return "number", Decimal(len(found[1]))

    return length


def count_of(query: Query) -> Callable[[Any, Any], Comparable]:
    """How many values are at a path."""
    return lambda value, document: ("number", Decimal(len(query(value, document))))


def operand(of: Any, value: Any, document: Any) -> Comparable | None:
    """What stands on one side of a comparison; None for no value."""
    found = of(value, document) if callable(of) else [of]
    if isinstance(found, list):
        return comparable(found[0]) if found else None
    return found  # type: ignore[no-any-return]


def comparable(value: Any) -> Comparable:
    """A JSON value so that it equals another only where they are the same."""
    if isinstance(value, Digits):  # exactly; of an exponent the first nine digits count
        digits = re.sub(r"([eE][+-]?0*[0-9]{1,9})[0-9]*$", r"\1", value)
        return "number", Decimal(digits)
    if isinstance(value, str):
        return "string", value
    if isinstance(value, list):
        return "array", [comparable(child) for child in value]
    if isinstance(value, dict):
        return "object", {name: comparable(child) for name, child in value.items()}
    return "constant", value


def json_text(value: Any) -> str:
    """A JSON value as text: a string bare, anything else as it would be written."""
    return str(value) if isinstance(value, str) else written_json(value)


def written_json(value: Any) -> str:
    """A JSON value as compact JSON, numbers digit for digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        members = [f"{to_json(k)}:{written_json(v)}" for k, v in value.items()]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join([written_json(v) for v in value]) + "]"
    return to_json(value)


def css_values(text: str, selector: str, attribute: str | None) -> Iterator[str]:
    """The attribute, or the folded text, of every element that a selector matches."""
    try:
        nodes = LexborHTMLParser(text).css(selector)
    except SelectolaxError:
        return
    for node in nodes:
        if attribute is None:
            yield " ".join(node.text(deep=True).split())
        elif attribute in node.attributes:
            yield node.attributes[attribute] or ""


def css_text(value: str) -> str:
    """A value as it stands in the quotes of a CSS selector."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"\\{ord(found[0]):x} ", value)


def xpath_text(value: str) -> str:
    """A value as an XPath expression: its texts have no escapes."""
    quote = next((quote for quote in "'\"" if quote not in value), None)
    if quote:
        return f"{quote}{value}{quote}"
    return "concat('" + value.replace("'", "', \"'\", '") + "')"


def groups(pattern: str, text: str) -> Iterator[str]:
    """The first group of every match, or the whole match of a pattern without one."""
    for found in re.finditer(pattern, text, re.ASCII):
        yield (found[1] or "") if found.re.groups else found[0]


def pick(
    values: Iterable[str], occurrence: int, default: str | None, missed: str
) -> str:
    """One of the values, counted from 1, or else the default."""
    value = next(itertools.islice(values, occurrence - 1, None), default)
    if value is None:
        raise Failure(f"extraction: {missed}")
    return value
