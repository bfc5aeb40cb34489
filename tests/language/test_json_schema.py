"""`expect schema`: the subset's reference validator against the `jsonschema` library, and by a table. Needs nothing but Python."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadwright.compiler.plan.json_schema import first_problem, patterns, schema_problem
from loadwright.compiler.plan.jsonpath import load_json

NAMES = st.sampled_from(("a", "b", "c/d", "e~f", ""))
NUMBERS = st.one_of(st.integers(-4, 12), st.integers(-8, 24).map(lambda n: n / 2))
TEXTS = st.sampled_from(("", "a", "ab", "abc", "é😀", "12", "a1"))
TYPES = ("null", "boolean", "number", "integer", "string", "array", "object")
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=8,
)
COUNTS = st.integers(0, 4)


def _assertions() -> dict[str, st.SearchStrategy[Any]]:
    counts = dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"), COUNTS)
    bounds = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBERS)
    return {
        "type": st.one_of(st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)),
        "enum": st.lists(VALUES, min_size=1, max_size=4),
        "const": VALUES,
        "required": st.lists(NAMES, max_size=2, unique=True),
        "uniqueItems": st.booleans(),
        "multipleOf": st.sampled_from((0.5, 1, 1.5, 3)),
        "pattern": st.sampled_from(("a", "^a$", "[0-9]+", "b|é")),
        "$ref": st.just("#/$defs/some"),
        **counts,
        **bounds,
    }


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    applied = {
        "properties": st.dictionaries(NAMES, inner, max_size=3),
        "additionalProperties": st.one_of(st.booleans(), inner),
        "items": st.one_of(st.booleans(), inner),
        **dict.fromkeys(("prefixItems", "allOf", "anyOf", "oneOf"), several),
        **dict.fromkeys(("not", "if", "then", "else"), inner),
    }
    return _some_of({**_assertions(), **applied}, 5)


def _some_of(keywords: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(st.sampled_from(sorted(keywords)), max_size=most, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen}))


SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.recursive(_some_of(_assertions(), 2), _deeper, max_leaves=4)


def _own(value: Any) -> Any:
    return load_json(json.dumps(value))


@settings(max_examples=400, deadline=None)
@given(schema=SCHEMAS, some=st.sampled_from(({"type": "string"}, {"minimum": 2}, {"required": ["a"]}, {})), value=VALUES)
def test_a_value_fits_when_the_library_says_so(schema: dict[str, Any], some: dict[str, Any], value: Any) -> None:
    whole = {**schema, "$defs": {"some": some}}
    assert schema_problem(_own(whole)) is None
    fits = jsonschema.Draft202012Validator(whole).is_valid(value)
    assert (first_problem(_own(whole), _own(value)) is None) == fits


LIST = {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}
TABLE: list[tuple[dict[str, Any], str, tuple[str, str] | None]] = [
    ({"type": "object"}, "[]", ("/", "type")),
    (LIST, '[{"id": 1}, {"id": 1.5}]', ("/1/id", "type")),
    (LIST, '[{"id": 1}, {}]', ("/1", "required")),
    (LIST, '[{"id": 1e400}, {"id": 10000000000000000000000000001.0}]', None),
    ({"properties": {"a/b": {"properties": {"c~d": {"const": 1}}}}}, '{"a/b": {"c~d": 2}}', ("/a~1b/c~0d", "const")),
    ({"properties": {"b": {"maximum": 1}, "a": {"maximum": 1}}}, '{"a": 2, "b": 2}', ("/b", "maximum")),
    ({"properties": {"a": {}}, "additionalProperties": False}, '{"a": 1, "z": 1, "b": 1}', ("/z", "additionalProperties")),
    ({"prefixItems": [{"type": "number"}], "items": False}, "[1, 2]", ("/1", "items")),
    ({"enum": [1, "a", None, [1, {"b": 2}]]}, '[1.0, {"b": 2e0}]', None),
    ({"enum": [1, "a"]}, '"1"', ("/", "enum")),
    ({"maximum": 9007199254740993}, "9007199254740993.0000000000000000001", ("/", "maximum")),
    ({"multipleOf": 0.1}, "0.3", None),
    ({"multipleOf": 0.01}, "1e300000000", None),
    ({"multipleOf": 7}, "1e300000000", ("/", "multipleOf")),
    ({"multipleOf": 3}, "9" * 6000, None),
    ({"maxLength": 2}, '"é\\ud83d\\ude00"', None),
    ({"uniqueItems": True}, '[{"a": 1, "b": 2}, {"b": 2.0, "a": 1.0}]', ("/", "uniqueItems")),
    ({"uniqueItems": True}, '[1, "1", true, null, [1], {"1": 1}]', None),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, "3", ("/", "maximum")),
    ({"anyOf": [{"minimum": 5}, {"type": "string"}]}, "3", ("/", "anyOf")),
    ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, "3", ("/", "oneOf")),
    ({"not": {"required": ["error"]}}, '{"error": null}', ("/", "not")),
    ({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 2}}, "1", ("/", "minimum")),
    ({"$ref": "#/$defs/t", "$defs": {"t": {"items": {"$ref": "#/$defs/t"}, "type": "array"}}}, "[[[]], [1]]", ("/1/0", "type")),
    ({"required": ["b"], "properties": {"a": {"type": "string"}}}, '{"a": 1}', ("/", "required")),
    ({"minimum": 3, "enum": [1]}, "2", ("/", "enum")),
    ({"format": "email", "title": "t", "examples": [1]}, '"x"', None),
]


@pytest.mark.parametrize(("schema", "text", "problem"), TABLE)
def test_the_first_problem_is_that_of_the_stated_order(schema: dict[str, Any], text: str, problem: tuple[str, str] | None) -> None:
    own = _own(schema)
    assert schema_problem(own) is None
    assert first_problem(own, load_json(text)) == problem


OUTSIDE = [
    ("true", "at `/`: a schema is an object"),
    ('{"typ": "string"}', "at `/typ`: `typ` is not in the subset"),
    ('{"properties": {"a/b": {"patternProperties": {}}}}', "at `/properties/a~1b/patternProperties`: `patternProperties` is not"),
    ('{"type": "text"}', "at `/type`: `type` takes one or more types"),
    ('{"allOf": [{"minLength": -1}]}', "at `/allOf/0/minLength`: `minLength` takes a whole number"),
    ('{"properties": {"a": true}}', "at `/properties/a`: a schema is an object"),
    ('{"multipleOf": 0}', "at `/multipleOf`: `multipleOf` takes a number above zero"),
    ('{"$ref": "other.json"}', "at `/$ref`: `$ref` takes"),
    ('{"$ref": "#/$defs/a"}', "at `/$ref`: there is no `#/$defs/a`"),
    ('{"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}}', "at `/$defs/a`: it refers to"),
    ('{"$schema": "http://json-schema.org/draft-07/schema#"}', "at `/$schema`: the draft has to be"),
    ('{"items": {"$id": "x"}}', "at `/items/$id`: `$id` stands at the root only"),
    ('{"properties": []}', "at `/properties`: `properties` takes an object of schemas"),
    ('{"anyOf": {}}', "at `/anyOf`: `anyOf` takes a list of schemas"),
]


@pytest.mark.parametrize(("text", "problem"), OUTSIDE)
def test_what_is_outside_of_the_subset_is_told_with_its_place(text: str, problem: str) -> None:
    found = schema_problem(load_json(text))
    assert found is not None
    assert found.startswith(problem)


def test_patterns_are_found_wherever_they_are() -> None:
    schema = _own({"pattern": "a", "properties": {"p": {"anyOf": [{"pattern": "b"}]}}, "$defs": {"d": {"pattern": "c"}}})
    found = [("/pattern", "a"), ("/properties/p/anyOf/0/pattern", "b"), ("/$defs/d/pattern", "c")]
    assert list(patterns(schema)) == found
