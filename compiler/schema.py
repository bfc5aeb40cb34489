"""JSON Schemas made from the models: `python -m loadwright.compiler.schema` writes them into schemas/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loadwright import schemas
from loadwright.compiler.documents.schema import document_schema
from loadwright.compiler.plan.model import PLAN_VERSION, Plan

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a Plan as JSON."""
    made = Plan.model_json_schema(mode="validation")
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
