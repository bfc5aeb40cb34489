"""JSON Schemas made from the models: `python -m loadwright.compiler.schema` writes them into schemas/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from loadwright import schemas
from loadwright.compiler.documents.schema import document_schema
from loadwright.compiler.plan.field_texts import field_texts
from loadwright.compiler.plan.model import PLAN_VERSION, Plan

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Described(GenerateJsonSchema):
    """Describes each field by the text that stands below it."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        kind: type[BaseModel] = schema["cls"]
        for name, text in field_texts(kind).items():
            made["properties"][name].setdefault("description", text)
        return made


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a Plan as JSON."""
    made = Plan.model_json_schema(mode="validation", schema_generator=_Described)
    return {"$schema": _DIALECT, **made, "title": f"Loadwright plan, version {PLAN_VERSION}"}


SCHEMAS = {"intent": document_schema, "plan": plan_schema}
"""The maker of each schema by its name."""


def schema_text(name: str) -> str:
    """A schema as it stands in its file."""
    return json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema into the schemas folder."""
    for folder in schemas.__path__:
        for name in SCHEMAS:
            (Path(folder) / f"{name}.schema.json").write_text(schema_text(name), "utf-8")


if __name__ == "__main__":
    main()
