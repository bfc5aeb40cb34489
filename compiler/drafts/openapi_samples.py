"""Values for parameters and bodies: the document's own examples, else made from the schema, always the same."""

from __future__ import annotations

import json
import math
from typing import Any

from loadwright.compiler.drafts.openapi_document import Document
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.recording.fields import mapping, number, sequence, text

_FORMATS = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "user@example.com",
    "idn-email": "user@example.com",
    "hostname": "www.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://www.example.com/",
    "url": "https://www.example.com/",
    "uri-reference": "/example",
    "uuid": "4b1e9d0c-6f1a-4c57-9d3e-2a7f8c5b6e10",
    "byte": "c2FtcGxl",
    "binary": "sample",
    "password": "password",
}
_DEEPEST = 12
_NESTED = 60
"""Arrays and objects inside of each other in an example, at most."""
_MOST = 2_000
"""Values that one sample holds, at most: references may multiply without end."""
MISSING = object()
"""No example is given."""


def given(document: Document, node: dict[str, object]) -> object:
    """The example that a parameter, a media type or a schema gives; MISSING when there is none."""
    if "example" in node:
        return node["example"]
    examples = node.get("examples")
    if isinstance(examples, dict):
        for example in examples.values():
            found = document.follow(example)
            if "value" in found:
                return found["value"]
    if isinstance(examples, list) and examples:
        return examples[0]
    return MISSING


def is_binary(schema: dict[str, object]) -> bool:
    """Whether a schema describes a file's bytes."""
    return text(schema.get("format")) == "binary" or "contentMediaType" in schema


class Sampler:
    """Makes one value from a schema."""

    def __init__(self, document: Document) -> None:
        self.document, self.count, self._merges = document, 0, 0
        self._inside: list[str] = []
        """The references that lead to where the sample is being made: a schema inside of itself ends there."""

    def sample(self, schema: object, depth: int = 0) -> Any:
        """A value that the schema accepts, as far as it says; None where it nests too deeply or says nothing."""
        self.count += 1
        reference = text(mapping(schema).get("$ref"))
        if depth > _DEEPEST or self.count > _MOST or reference in self._inside:
            return None
        self._inside += [reference] if reference else []
        try:
            return self._of(self.merged(schema, depth), depth)
        finally:
            del self._inside[len(self._inside) - bool(reference) :]

    def _of(self, node: dict[str, object], depth: int) -> Any:
        example = given(self.document, node)
        for value in (example, node.get("const", MISSING), node.get("default", MISSING)):
            if value is not MISSING:
                return value
        choices = sequence(node.get("enum"))
        if choices:
            return next((choice for choice in choices if choice is not None), None)
        match _type(node):
            case "object":
                return self._object(node, depth)
            case "array":
                return self._array(node, depth)
            case "integer" | "number" as kind:
                return _number(node, kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return _string(node)

    def merged(self, schema: object, depth: int = 0) -> dict[str, object]:
        """A schema with the parts of its `allOf`, and the first of its `oneOf` or `anyOf`."""
        node = dict(self.document.follow(schema))
        self._merges += 1
        if depth > _DEEPEST or self._merges > _MOST:
            return node
        parts = sequence(node.get("allOf"))[:30]
        for name in ("oneOf", "anyOf"):
            usable = [c for c in sequence(node.get(name)) if mapping(c).get("type") != "null"]
            parts = [*parts, *usable[:1]]
        for part in parts:
            inner = self.merged(part, depth + 1)
            properties = {**mapping(node.get("properties")), **mapping(inner.get("properties"))}
            required = [*sequence(node.get("required")), *sequence(inner.get("required"))]
            node = {**inner, **node, "properties": properties, "required": required}
        return node

    def _object(self, node: dict[str, object], depth: int) -> dict[str, Any]:
        """The required members; all of them where the schema requires none. What only answers hold is left out."""
        properties = mapping(node.get("properties"))
        required = {name for name in sequence(node.get("required")) if isinstance(name, str)}
        made: dict[str, Any] = {}
        for name, schema in properties.items():
            if not isinstance(name, str) or (required and name not in required):
                continue
            if self.document.follow(schema).get("readOnly") is not True:
                made[name] = self.sample(schema, depth + 1)
        if not properties and isinstance(node.get("additionalProperties"), dict):
            made["name"] = self.sample(node["additionalProperties"], depth + 1)
        return made

    def _array(self, node: dict[str, object], depth: int) -> list[Any]:
        prefix = sequence(node.get("prefixItems"))
        if prefix:
            return [self.sample(item, depth + 1) for item in prefix[:20]]
        least = min(max(int(number(node.get("minItems")) or 1), 1), 20)
        return [self.sample(node.get("items"), depth + 1)] * least


def _type(node: dict[str, object]) -> str:
    kind = node.get("type")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "null")
    if isinstance(kind, str):
        return kind
    if node.get("properties") or isinstance(node.get("additionalProperties"), dict):
        return "object"
    return "array" if "items" in node or "prefixItems" in node else "string"


def _number(node: dict[str, object], whole: bool) -> int | float:
    step = number(node.get("multipleOf")) or 0
    least, most = number(node.get("minimum")), number(node.get("maximum"))
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    unit = step if step > 0 else 1
    low = least if least is not None else number(above)
    if low is not None:
        strict = above is True or number(above) == low
        value = low + (unit if strict else 0)
        value = math.ceil(value / unit) * unit if step > 0 or whole else value
    else:
        high = most if most is not None else number(below)
        strict = below is True or number(below) == high
        value = unit if high is None or high > unit else high - (unit if strict else 0)
    return int(value) if whole or float(value).is_integer() else value


def _string(node: dict[str, object]) -> str:
    made = _FORMATS.get(text(node.get("format")), "sample")
    least, most = number(node.get("minLength")) or 0, number(node.get("maxLength"))
    if len(made) < least:
        made = (made * (int(min(least, 10_000)) // len(made) + 1))[: int(min(least, 10_000))]
    return made if most is None else made[: max(0, int(most))]


def plain(value: object) -> Any:
    """A value as decoded JSON with its numbers digit for digit. Raises ValueError for one that is far too large."""
    left = [_MOST * 2]
    made = _bounded(value, left)
    if left[0] < 0:
        raise ValueError("too large")
    return _digits(made)


def as_text(value: object) -> str:
    """A value as a parameter has it: a text bare, anything else as compact JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(_bounded(value, [_MOST]), separators=(",", ":"), ensure_ascii=False)


def _bounded(value: object, left: list[int], depth: int = 0) -> Any:
    """A copy that JSON can hold, cut off where it nests too deeply or repeats without end (YAML's aliases can)."""
    left[0] = left[0] - 1 if depth <= _NESTED else -1
    if left[0] < 0:
        return None
    if isinstance(value, dict):
        return {str(name): _bounded(item, left, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(item, left, depth + 1) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**400:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _digits(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _digits(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_digits(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Digits(json.dumps(value))


def listed(value: object) -> str:
    """A value as simple style has it: the items of a list with commas between them."""
    return ",".join(as_text(item) for item in value[:100]) if isinstance(value, list) else as_text(value)


def exploded(parameter: dict[str, object], name: str, value: object) -> list[tuple[str, str]]:
    """A parameter of a query or form as fields (OpenAPI 3.1, style values): `form` with `explode`, or `deepObject`."""
    explode = parameter.get("explode") is not False
    if isinstance(value, list):
        return [(name, as_text(item)) for item in value[:100]] if explode else [(name, listed(value))]
    if isinstance(value, dict):
        pairs = [(str(key), as_text(item)) for key, item in list(value.items())[:100]]
        if parameter.get("style") == "deepObject":
            return [(f"{name}[{key}]", item) for key, item in pairs]
        return pairs if explode and parameter else [(name, as_text(value))]
    return [(name, as_text(value))]
