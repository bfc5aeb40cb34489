"""Cases about `expect schema`: each keyword with a document that fits and one that does not."""

from __future__ import annotations

import json as library

from conformance.case import Case, marks, request
from conformance.checks import breaking
from conformance.server import Reply, html, json

from loadwright.compiler.plan.model import SchemaExpectation

_STRING = {"type": "string"}
_SCHEMAS: tuple[tuple[str, object, str, str, str, str], ...] = (
    ("type", {"type": "integer"}, "1.0", "1.5", "/", "type"),
    ("types", {"type": ["string", "null"]}, "null", "[]", "/", "type"),
    ("enum", {"enum": ["a", 1, {"k": [None]}]}, '{"k": [null]}', '{"k": []}', "/", "enum"),
    ("const", {"const": 1}, "1.00", "1.01", "/", "const"),
    ("required", {"required": ["a", "b"]}, '{"b": 1, "a": null}', '{"a": 1}', "/", "required"),
    (
        "properties",
        {"properties": {"a/b": _STRING, "n": {"maximum": 3}}},
        '{"n": 3, "z": 9}',
        '{"n": 1, "a/b": 2}',
        "/a~1b",
        "type",
    ),
    (
        "no_more",
        {"properties": {"a": True}, "additionalProperties": False},
        '{"a": 1}',
        '{"a": 1, "b": 2}',
        "/b",
        "additionalProperties",
    ),
    (
        "more",
        {"properties": {"a": True}, "additionalProperties": _STRING},
        '{"a": 1, "b": ""}',
        '{"a": 1, "c~d": 2}',
        "/c~0d",
        "type",
    ),
    ("items", {"items": {"type": "number"}}, "[1, 2.5]", '[1, "2"]', "/1", "type"),
    ("prefix", {"prefixItems": [_STRING, {"type": "null"}], "items": False}, '["a", null]', '["a", null, 1]', "/2", "items"),
    ("prefix_type", {"prefixItems": [_STRING, {"type": "null"}]}, '["a", null, 1]', '["a", 0]', "/1", "type"),
    ("min_items", {"minItems": 2}, "[1, 2]", "[1]", "/", "minItems"),
    ("max_items", {"maxItems": 2}, "[1, 2]", "[1, 2, 3]", "/", "maxItems"),
    ("unique", {"uniqueItems": True}, '[1, "1", [1], {"a": 1}]', '[{"a": 1, "b": 2}, {"b": 2.0, "a": 1}]', "/", "uniqueItems"),
    ("min_properties", {"minProperties": 1}, '{"a": 1}', "{}", "/", "minProperties"),
    ("max_properties", {"maxProperties": 1}, '{"a": 1}', '{"a": 1, "b": 2}', "/", "maxProperties"),
    ("minimum", {"minimum": 9007199254740993}, "9007199254740993", "9007199254740992", "/", "minimum"),
    ("maximum", {"maximum": 0.1}, "0.10", "0.10000000000000000001", "/", "maximum"),
    ("above", {"exclusiveMinimum": 1}, "1.0000000000000000001", "1", "/", "exclusiveMinimum"),
    ("below", {"exclusiveMaximum": 1}, "0.99", "1.0", "/", "exclusiveMaximum"),
    ("multiple", {"multipleOf": 0.1}, "0.3", "0.35", "/", "multipleOf"),
    ("min_length", {"minLength": 2}, '"\\ud83d\\ude00x"', '"\\ud83d\\ude00"', "/", "minLength"),
    ("max_length", {"maxLength": 1}, '"\\ud83d\\ude00"', '"ab"', "/", "maxLength"),
    ("pattern", {"pattern": "[0-9]{2}x"}, '"a12x"', '"a1x"', "/", "pattern"),
    ("all_of", {"allOf": [{"minimum": 1}, {"maximum": 2}]}, "2", "3", "/", "maximum"),
    ("any_of", {"anyOf": [{"minimum": 5}, _STRING]}, '"x"', "4", "/", "anyOf"),
    ("one_of", {"oneOf": [{"minimum": 5}, {"minimum": 3}]}, "4", "6", "/", "oneOf"),
    ("not", {"not": {"required": ["x"]}}, '{"y": 1}', '{"x": 1}', "/", "not"),
    ("then", {"if": {"type": "number"}, "then": {"minimum": 1}, "else": {"minLength": 1}}, "1", "0", "/", "minimum"),
    ("else", {"if": {"type": "number"}, "then": {"minimum": 1}, "else": {"minLength": 1}}, '"a"', '""', "/", "minLength"),
    (
        "ref",
        {"$defs": {"node": {"properties": {"v": {"type": "number"}, "next": {"$ref": "#/$defs/node"}}}}, "$ref": "#/$defs/node"},
        '{"v": 1, "next": {"v": 2, "next": {}}}',
        '{"v": 1, "next": {"v": 2, "next": {"v": "x"}}}',
        "/next/next/v",
        "type",
    ),
    ("notes", {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}, "{}", "[]", "/", "type"),
    (
        "order",
        {"properties": {"b": _STRING, "a": _STRING}, "required": ["c"]},
        '{"c": 1}',
        '{"a": 1, "b": 1, "c": 1}',
        "/b",
        "type",
    ),
)


def _file(name: str) -> str:
    return f"schemas/{name}.json"


_FILES = {_file(name): library.dumps(schema, ensure_ascii=False).encode() for name, schema, *_ in _SCHEMAS}

CASES = [
    Case(
        "schemas_fit",
        [request(f"GET /{name}", expect=[SchemaExpectation(path=_file(name))]) for name, *_ in _SCHEMAS],
        marks(*(f"/{name}" for name, *_ in _SCHEMAS)),
        {f"GET /{name}": [json(good)] for name, _, good, *_ in _SCHEMAS},
        files=_FILES,
    ),
    breaking(
        "schemas_do_not_fit",
        [*(json(bad) for _, _, _, bad, *_ in _SCHEMAS), html("<p>"), Reply(body=b"")],
        [
            *(
                (SchemaExpectation(path=_file(name)), f"schema: {pointer} does not fit {keyword}")
                for name, _, _, _, pointer, keyword in _SCHEMAS
            ),
            *[(SchemaExpectation(path=_file("type")), "schema: the body is no JSON")] * 2,
        ],
        files=_FILES,
    ),
]
