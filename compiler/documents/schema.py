"""The JSON Schema of documents, made from the Plan's models: what editors complete and check by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from loadwright.compiler.documents.describe import COMMENT_TEXTS, EXAMPLES, TEXTS
from loadwright.compiler.documents.shape import (
    COMMENTS,
    CONDITIONS,
    DURATIONS,
    JSON_VALUES,
    MAIN,
    alternatives,
    fields_of,
    is_model,
    is_required,
    item_type,
    key_of,
    words,
)
from loadwright.compiler.plan import model
from loadwright.compiler.plan.field_texts import field_texts
from loadwright.compiler.plan.template import Template

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_QUANTITIES = {
    "size": "^[0-9]+(\\.[0-9]+)?(B|KB|MB|GB)$",
    "rate": "^[0-9]+(\\.[0-9]+)?/[smh]$",
    **dict.fromkeys(DURATIONS, "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$"),
}

_LINES: dict[type[BaseModel], tuple[str, str, list[str]]] = {
    model.Goal: ("goal", "A goal as the language writes it.", ['p95 of "Log in" < 800ms', "failures < 1%"]),
    model.Import: ("import", "The path of another intent, relative to this one.", ["common.intent"]),
}
"""Nodes that are one text: the key of the text where there are comments, what it is, and examples."""


def document_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a document."""
    maker = _Maker()
    root = maker.reference(model.Plan)
    return {
        "$schema": _DIALECT,
        "title": "Loadwright intent",
        "description": "An intent as YAML or JSON: what users do, what must hold, how much load there is.",
        **root,
        "$defs": dict(sorted(maker.made.items())),
    }


class _Maker:
    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}

    def reference(self, kind: type[BaseModel]) -> Schema:
        """A reference to the schema of a model, which is made when it is first needed."""
        if kind.__name__ not in self.made:
            self.made[kind.__name__] = {}
            self.made[kind.__name__] = self._line(kind) if kind in _LINES else self._object(kind)
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def _object(self, kind: type[BaseModel]) -> Schema:
        word, main = key_of(kind), MAIN.get(kind)
        properties: dict[str, Schema] = {}
        required: list[str] = []
        if word is not None and main is None:
            properties[word] = {"const": True, "description": f"Says that this is a {word}.", "examples": [True]}
            required.append(word)
        for name, annotation in fields_of(kind):
            shown = word if name == main and word is not None else name
            properties[shown] = self._property(kind, name, shown, annotation)
            if is_required(kind, name) or (word == shown and word is not None):
                required.append(shown)
        properties |= {key: {"type": "string", **COMMENT_TEXTS[key]} for key in COMMENTS.values() if key not in properties}
        if kind is model.Plan:
            example = "intent.schema.json"
            properties["$schema"] = {"type": "string", "description": "Where editors find this schema.", "examples": [example]}
        lines = (kind.__doc__ or "").split("\n\n")[0]
        return {
            "type": "object",
            "description": " ".join(lines.split()),
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def _property(self, kind: type[BaseModel], name: str, shown: str, annotation: Any) -> Schema:
        field = kind.model_fields[name]
        schema = self._type(name, annotation)
        if kind is model.Receive and name == "name":
            schema = {"type": ["string", "null"]}
        text = TEXTS.get((kind, name)) or field_texts(kind).get(name) or TEXTS.get(name)
        example = EXAMPLES.get((kind, name), EXAMPLES.get(name))
        assert text, f"{kind.__name__}.{name} needs a description"
        assert example is not None, f"{kind.__name__}.{name} needs an example"
        described: Schema = {**schema, "description": " ".join(str(text).split()), "examples": [example]}
        if not field.is_required() and isinstance(field.default, str | bool | int) and name not in _QUANTITIES:
            described["default"] = field.default
        return described

    def _type(self, name: str, annotation: Any) -> Schema:
        kinds = alternatives(annotation)
        inner = item_type(kinds[0])
        if inner is not None:
            return {"type": "array", "items": self._type(name, inner)}
        if kinds[0] is Template:
            return {"type": ["string", "number", "boolean"]}
        if Template in kinds:
            return {"type": "string"}
        if set(kinds) == set(CONDITIONS):
            return {"type": "string"}
        if set(kinds) == set(JSON_VALUES):
            return {}
        if set(kinds) <= set(JSON_VALUES):
            return {"type": "object"}
        schemas = [self.reference(kind) if is_model(kind) else self._plain(name, kind) for kind in kinds]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _plain(self, name: str, kind: Any) -> Schema:
        if words(kind):
            return {"enum": list(words(kind))}
        if kind is bool:
            return {"type": "boolean"}
        if name in _QUANTITIES:
            return {"type": "string", "pattern": _QUANTITIES[name]}
        if kind is int:
            return {"type": "integer", "minimum": 0}
        if kind is Decimal:
            return {"type": "number", "minimum": 0}
        return {"type": "string"}

    def _line(self, kind: type[BaseModel]) -> Schema:
        """A node that is one text, or a mapping with comments."""
        word, description, examples = _LINES[kind]
        line: Schema = {"type": "string", "description": description, "examples": examples}
        comments = {key: {"type": "string", **COMMENT_TEXTS[key]} for key in COMMENTS.values()}
        noted = {"type": "object", "properties": {word: line, **comments}, "required": [word], "additionalProperties": False}
        return {"anyOf": [line, noted], "description": description}
