"""The JSON Schema subset of `expect schema`, and its reference validator.

It is that of draft 2020-12 with the keywords below, which every runtime carries the same way. At each value they are checked in
this order, and the first that does not hold is the one that is told:

1. `type`, `enum`, `const`, `required`, `minItems`, `maxItems`, `uniqueItems`, `minProperties`, `maxProperties`, `minimum`,
   `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `minLength`, `maxLength`, `pattern`;
2. `allOf`, `anyOf`, `oneOf`, `not`, `if` with `then` and `else`, `$ref`: what fails inside `allOf`, `then`, `else` or `$ref` is
   told by its own keyword, the others by theirs;
3. the children: `properties` in the order of the schema, `additionalProperties` in that of the document, `prefixItems`, `items`.

Numbers are compared exactly; `1.0` is an integer and equals `1`. Lengths count code points; a pattern is searched. A `false`
for `additionalProperties` or `items` is told at the member or item that is too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from loadwright.compiler.plan.jsonpath import Digits, comparable

Problem = tuple[str, str]
"""The JSON pointer of a value (`/` for the whole), and the keyword that it does not fit."""

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset(
    (
        *("$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "deprecated", "readOnly"),
        *("writeOnly", "format", "contentEncoding", "contentMediaType"),
    )
)
"""Keywords that say nothing about whether a value fits (`$id` at the root only)."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def first_problem(schema: Schema, value: Any) -> Problem | None:
    """The first place where a JSON value, read by `load_json`, does not fit a schema of the subset; None when it fits."""
    found = _problem(schema, value, "", schema.get("$defs", {}))
    return (found[0] or "/", found[1]) if found else None


def _problem(schema: Schema, value: Any, pointer: str, defs: Mapping[str, Schema]) -> Problem | None:
    for keyword, holds in _ASSERTIONS.items():
        if keyword in schema and not holds(value, schema[keyword]):
            return pointer, keyword
    found = next(_in_place(schema, value, pointer, defs), None)
    return found or next(_in_children(schema, value, pointer, defs), None)


def _in_place(schema: Schema, value: Any, pointer: str, defs: Mapping[str, Schema]) -> Iterator[Problem]:
    """What the schemas say that look at the same value."""

    def fits(inner: Schema) -> bool:
        return _problem(inner, value, pointer, defs) is None

    for inner in schema.get("allOf", ()):
        yield from _some(_problem(inner, value, pointer, defs))
    if "anyOf" in schema and not any(map(fits, schema["anyOf"])):
        yield pointer, "anyOf"
    if "oneOf" in schema and sum(map(fits, schema["oneOf"])) != 1:
        yield pointer, "oneOf"
    if "not" in schema and fits(schema["not"]):
        yield pointer, "not"
    if "if" in schema:
        chosen = schema.get("then" if fits(schema["if"]) else "else")
        if chosen is not None:
            yield from _some(_problem(chosen, value, pointer, defs))
    if "$ref" in schema:
        yield from _some(_problem(defs[_name(schema["$ref"])], value, pointer, defs))


def _in_children(schema: Schema, value: Any, pointer: str, defs: Mapping[str, Schema]) -> Iterator[Problem]:
    """What the schemas say that look at members and items."""
    if isinstance(value, dict):
        known = schema.get("properties", {})
        children = [(name, inner, "properties") for name, inner in known.items() if name in value]
        if "additionalProperties" in schema:
            more = schema["additionalProperties"]
            children += [(name, more, "additionalProperties") for name in value if name not in known]
        for name, inner, keyword in children:
            yield from _some(_child(inner, value[name], f"{pointer}/{_escaped(name)}", keyword, defs))
    elif isinstance(value, list):
        first = schema.get("prefixItems", ())
        for number, item in enumerate(value):
            inner = first[number] if number < len(first) else schema.get("items", True)
            yield from _some(_child(inner, item, f"{pointer}/{number}", "items", defs))


def _child(schema: Schema | bool, value: Any, pointer: str, keyword: str, defs: Mapping[str, Schema]) -> Problem | None:
    if isinstance(schema, bool):
        return None if schema else (pointer, keyword)
    return _problem(schema, value, pointer, defs)


def _some(found: Problem | None) -> Iterator[Problem]:
    if found:
        yield found


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


# --- assertions: from a value and what the schema demands to whether it holds; kinds that a keyword does not speak of hold


def _is_type(value: Any, names: str | list[str]) -> bool:
    return any(_TYPES[name](value) for name in ([names] if isinstance(names, str) else names))


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, Digits),
    "integer": lambda value: isinstance(value, Digits) and _scaled(value)[1] >= 0,
    "string": lambda value: isinstance(value, str) and not isinstance(value, Digits),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _same(left: Any, right: Any) -> bool:
    return comparable(left) == comparable(right)


def _are_different(items: list[Any]) -> bool:
    seen = [comparable(item) for item in items]
    return not any(item in seen[:number] for number, item in enumerate(seen))


def _for(kind: type, holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """An assertion that speaks of one kind of value."""

    def check(value: Any, demanded: Any) -> bool:
        is_kind = isinstance(value, kind) and not (kind is str and isinstance(value, Digits))
        return not is_kind or holds(value, demanded)

    return check


def _number(digits: Any) -> Decimal:
    of = comparable(digits)
    assert of is not None
    number: Decimal = of[1]
    return number


def _scaled(digits: str) -> tuple[int, int]:
    """A number as a whole number without zeros at its end, and the power of ten that it is multiplied with."""
    sign, places, exponent = _number(digits).as_tuple()
    zeros = next((count for count, place in enumerate(reversed(places)) if place), len(places))
    kept = places[: len(places) - zeros]
    return (int(Decimal((sign, kept, 0))), int(exponent) + zeros) if kept else (0, 0)


def _is_multiple(value: str, of: str) -> bool:
    """Whether a number is a whole multiple of another, exactly and without writing out its zeros."""
    (number, power), (divisor, divisor_power) = _scaled(value), _scaled(of)
    shift = power - divisor_power
    if shift >= 0:
        return number * pow(10, shift, divisor) % divisor == 0
    return number == 0


_ASSERTIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": _is_type,
    "enum": lambda value, allowed: any(_same(value, item) for item in allowed),
    "const": _same,
    "required": _for(dict, lambda value, names: all(name in value for name in names)),
    "minItems": _for(list, lambda value, least: len(value) >= int(least)),
    "maxItems": _for(list, lambda value, most: len(value) <= int(most)),
    "uniqueItems": _for(list, lambda value, wanted: not wanted or _are_different(value)),
    "minProperties": _for(dict, lambda value, least: len(value) >= int(least)),
    "maxProperties": _for(dict, lambda value, most: len(value) <= int(most)),
    "minimum": _for(Digits, lambda value, least: _number(value) >= _number(least)),
    "maximum": _for(Digits, lambda value, most: _number(value) <= _number(most)),
    "exclusiveMinimum": _for(Digits, lambda value, bound: _number(value) > _number(bound)),
    "exclusiveMaximum": _for(Digits, lambda value, bound: _number(value) < _number(bound)),
    "multipleOf": _for(Digits, _is_multiple),
    "minLength": _for(str, lambda value, least: len(value) >= int(least)),
    "maxLength": _for(str, lambda value, most: len(value) <= int(most)),
    "pattern": _for(str, lambda value, pattern: re.search(pattern, value, re.ASCII) is not None),
}


# --- whether a schema is one of the subset

_COUNTS = ("minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_ONES = ("not", "if", "then", "else")
_OR_FALSE = ("additionalProperties", "items")
_MAPS = ("properties", "$defs")


def schema_problem(schema: Any) -> str | None:
    """Why a JSON value is no schema of the subset, with the JSON pointer of the place; None when it is one."""
    found = next(_schema_problems(schema), None) or next(_reference_problems(schema), None)
    return f"at `{found[0] or '/'}`: {found[1]}" if found else None


def patterns(schema: Schema) -> Iterator[tuple[str, str]]:
    """The regular expressions of a schema, each with its JSON pointer."""
    for pointer, inner in _walk(schema, ""):
        if "pattern" in inner:
            yield f"{pointer}/pattern", inner["pattern"]


def _schema_problems(schema: Any) -> Iterator[Problem]:
    for pointer, inner in _walk(schema, ""):
        if not isinstance(inner, dict):
            yield pointer, "a schema is an object"
            continue
        for keyword, value in inner.items():
            problem = _keyword_problem(keyword, value, is_root=not pointer)
            if problem:
                yield f"{pointer}/{_escaped(keyword)}", problem


def _walk(schema: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """A schema and every schema inside it."""
    yield pointer, schema
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        place = f"{pointer}/{_escaped(keyword)}"
        if keyword in _MAPS and isinstance(value, dict):
            for name, inner in value.items():
                yield from _walk(inner, f"{place}/{_escaped(name)}")
        elif keyword in _LISTS and isinstance(value, list):
            for number, inner in enumerate(value):
                yield from _walk(inner, f"{place}/{number}")
        elif keyword in _ONES or (keyword in _OR_FALSE and not isinstance(value, bool)):
            yield from _walk(value, place)


def _keyword_problem(keyword: str, value: Any, *, is_root: bool) -> str | None:
    if keyword in ("$id", "$defs", "$schema") and not is_root:
        return f"`{keyword}` stands at the root only"
    if keyword == "$schema" and str(value).rstrip("#") != DRAFT:
        return f"the draft has to be `{DRAFT}`"
    if keyword in ANNOTATIONS - {"$defs"} or keyword in (*_ONES, *_OR_FALSE, "const"):
        return None
    if keyword not in _VALUES:
        return f"`{keyword}` is not in the subset"
    wanted, fits = _VALUES[keyword]
    return None if fits(value) else f"`{keyword}` takes {wanted}"


def _is_count(value: Any) -> bool:
    return isinstance(value, Digits) and re.fullmatch(r"[0-9]{1,9}", value) is not None


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(n, str) and not isinstance(n, Digits) for n in value)


def _is_types(value: Any) -> bool:
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and name in _TYPES for name in names)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Digits)


_Value = tuple[str, Callable[[Any], bool]]
_VALUES: Mapping[str, _Value] = {
    "type": ("one or more types", _is_types),
    "enum": ("a list of values", lambda value: isinstance(value, list) and bool(value)),
    "required": ("a list of names", _is_names),
    "uniqueItems": ("true or false", lambda value: isinstance(value, bool)),
    "multipleOf": ("a number above zero", lambda value: isinstance(value, Digits) and _number(value) > 0),
    "pattern": ("a regular expression", _is_text),
    "$ref": (
        "`#/$defs/NAME`, with letters, digits, `.`, `_` and `-`",
        lambda v: bool(re.fullmatch(r"#/\$defs/[A-Za-z0-9._-]+", str(v))),
    ),
    **dict.fromkeys(_COUNTS, ("a whole number, zero or above", _is_count)),
    **dict.fromkeys(_NUMBERS, ("a number", lambda value: isinstance(value, Digits))),
    **dict.fromkeys(_LISTS, ("a list of schemas", lambda value: isinstance(value, list) and bool(value))),
    **dict.fromkeys(_MAPS, ("an object of schemas", lambda value: isinstance(value, dict))),
}


def _reference_problems(schema: Any) -> Iterator[Problem]:
    """References to nothing, and those that come back to themselves without going into a child."""
    defs = schema.get("$defs", {})
    for pointer, inner in _walk(schema, ""):
        if "$ref" in inner and _name(inner["$ref"]) not in defs:
            yield f"{pointer}/$ref", f"there is no `{inner['$ref']}`"
    for name in defs:
        if _comes_back(name, name, defs, set()):
            yield f"/$defs/{_escaped(name)}", "it refers to itself for the same value"


def _comes_back(name: str, to: str, defs: Mapping[str, Schema], seen: set[str]) -> bool:
    for other in _references(defs.get(name, {})):
        if other == to:
            return True
        if other not in seen:
            seen.add(other)
            if _comes_back(other, to, defs, seen):
                return True
    return False


def _references(schema: Schema) -> Iterator[str]:
    """The definitions that a schema applies to the same value."""
    if "$ref" in schema:
        yield _name(schema["$ref"])
    inner = [item for keyword in ("allOf", "anyOf", "oneOf") for item in schema.get(keyword, ())]
    inner += [schema[keyword] for keyword in _ONES if keyword in schema]
    for item in inner:
        yield from _references(item)
