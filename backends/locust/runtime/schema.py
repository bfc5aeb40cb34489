"""Checks bodies by a JSON Schema, which is of a subset of draft 2020-12."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from loadwright.backends.locust.runtime.extraction import (
    Digits,
    comparable,
    parse_json,
)
from loadwright.backends.locust.runtime.settings import read_file

Problem = tuple[str, str]
"""The JSON pointer of a value, and the keyword that it does not fit."""


def read_schema(path: str) -> Any:
    """A JSON Schema from a file beside this one."""
    return parse_json(read_file(path).decode("utf-8-sig"))


def schema_failure(schema: Any, text: str) -> str | None:
    """Why a text is no JSON that fits a schema; None when it is."""
    try:
        value = parse_json(text)
    except ValueError:
        return "schema: the body is no JSON"
    found = schema_problem(schema, value, "", schema.get("$defs", {}))
    return f"schema: {found[0] or '/'} does not fit {found[1]}" if found else None


def schema_problem(schema: Any, value: Any, pointer: str, defs: Any) -> Problem | None:
    """The first place where a value does not fit."""
    for keyword, holds in ASSERTIONS.items():
        if keyword in schema and not holds(value, schema[keyword]):
            return pointer, keyword
    found = next(problems_in_place(schema, value, pointer, defs), None)
    return found or next(problems_in_children(schema, value, pointer, defs), None)


def problems_in_place(
    schema: Any, value: Any, pointer: str, defs: Any
) -> Iterator[Problem]:
    """What the schemas say that look at the same value."""

    def problem(inner: Any) -> Problem | None:
        return schema_problem(inner, value, pointer, defs)

    def fits(inner: Any) -> bool:
        return problem(inner) is None

    inside = [*schema.get("allOf", ())]
    yield from filter(None, map(problem, inside))
    if "anyOf" in schema and not any(map(fits, schema["anyOf"])):
        yield pointer, "anyOf"
    if "oneOf" in schema and sum(map(fits, schema["oneOf"])) != 1:
        yield pointer, "oneOf"
    if "not" in schema and fits(schema["not"]):
        yield pointer, "not"
    applied = []
    if "if" in schema:
        applied.append(schema.get("then" if fits(schema["if"]) else "else", {}))
    if "$ref" in schema:
        applied.append(defs[schema["$ref"].removeprefix("#/$defs/")])
    yield from filter(None, map(problem, applied))


def problems_in_children(
    schema: Any, value: Any, pointer: str, defs: Any
) -> Iterator[Problem]:
    """What the schemas say that look at members and items."""
    for name, inner, keyword in schema_children(schema, value):
        place = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        if inner is False:
            yield place, keyword
        elif inner is not True:
            found = schema_problem(inner, value[name], place, defs)
            if found:
                yield found


def schema_children(schema: Any, value: Any) -> Iterator[tuple[Any, Any, str]]:
    """The members or items of a value, with the schema of each, in order."""
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), "additionalProperties"
        yield from ((n, s, "properties") for n, s in known.items() if n in value)
        if more in schema:
            others = (name for name in value if name not in known)
            yield from ((name, schema[more], more) for name in others)
    elif isinstance(value, list):
        first, rest = schema.get("prefixItems", ()), schema.get("items", True)
        for number in range(len(value)):
            yield number, first[number] if number < len(first) else rest, "items"


def speaks_of(
    kind: type, holds: Callable[[Any, Any], bool]
) -> Callable[[Any, Any], bool]:
    """A check of one kind of value, that any other kind passes."""

    def check(value: Any, wanted: Any) -> bool:
        is_other = isinstance(value, Digits) and kind is str
        return is_other or not isinstance(value, kind) or holds(value, wanted)

    return check


def is_of_type(value: Any, names: Any) -> bool:
    """Whether a value is of one of some types."""
    for name in [names] if isinstance(names, str) else names:
        if name == "integer":
            matches = isinstance(value, Digits) and scaled(value)[1] >= 0
        else:
            matches = name == comparable_kind(value)
        if matches:
            return True
    return False


def comparable_kind(value: Any) -> str:
    """The name that JSON Schema has for the type of a value."""
    if isinstance(value, Digits):
        return "number"
    kinds = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def same_json(left: Any, right: Any) -> bool:
    """Whether two values are equal; numbers by their value."""
    return bool(comparable(left) == comparable(right))


def all_differ(items: list[Any]) -> bool:
    """Whether no two values are equal."""
    seen = [comparable(item) for item in items]
    return not any(item in seen[:number] for number, item in enumerate(seen))


def exact_number(digits: Any) -> Decimal:
    """A number, exactly."""
    number: Any = comparable(digits)
    value: Decimal = number[1]
    return value


def scaled(digits: Any) -> tuple[int, int]:
    """A number as a whole number without zeros at its end, and a power of ten."""
    sign, places, exponent = exact_number(digits).as_tuple()
    kept = list(places)
    while kept and kept[-1] == 0:
        kept.pop()
    if not kept:
        return 0, 0
    whole = int(Decimal((sign, tuple(kept), 0)))
    return whole, int(exponent) + len(places) - len(kept)


def is_multiple(value: Any, of: Any) -> bool:
    """Whether a number is a whole multiple of another."""
    (number, power), (divisor, divisor_power) = scaled(value), scaled(of)
    if power < divisor_power:
        return number == 0
    return number * pow(10, power - divisor_power, divisor) % divisor == 0


ASSERTIONS: dict[str, Callable[[Any, Any], bool]] = {
    "type": is_of_type,
    "enum": lambda value, allowed: any(same_json(value, item) for item in allowed),
    "const": same_json,
    "required": speaks_of(dict, lambda value, names: all(n in value for n in names)),
    "minItems": speaks_of(list, lambda value, least: len(value) >= int(least)),
    "maxItems": speaks_of(list, lambda value, most: len(value) <= int(most)),
    "uniqueItems": speaks_of(
        list, lambda value, wanted: not wanted or all_differ(value)
    ),
    "minProperties": speaks_of(dict, lambda value, least: len(value) >= int(least)),
    "maxProperties": speaks_of(dict, lambda value, most: len(value) <= int(most)),
    "minimum": speaks_of(
        Digits, lambda v, least: exact_number(v) >= exact_number(least)
    ),
    "maximum": speaks_of(Digits, lambda v, most: exact_number(v) <= exact_number(most)),
    "exclusiveMinimum": speaks_of(
        Digits, lambda value, bound: exact_number(value) > exact_number(bound)
    ),
    "exclusiveMaximum": speaks_of(
        Digits, lambda value, bound: exact_number(value) < exact_number(bound)
    ),
    "multipleOf": speaks_of(Digits, is_multiple),
    "minLength": speaks_of(str, lambda value, least: len(value) >= int(least)),
    "maxLength": speaks_of(str, lambda value, most: len(value) <= int(most)),
    "pattern": speaks_of(str, lambda v, pattern: re.search(pattern, v) is not None),
}
