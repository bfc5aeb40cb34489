"""The JSON Schemas of the formats that Loadwright reads and writes; made from the models by `compiler/schema.py`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The schema of that name, such as `plan`. Raises FileNotFoundError for a name without a schema."""
    schema: dict[str, Any] = json.loads(text(name))
    return schema


def text(name: str) -> str:
    """The schema of that name as it stands in its file. Raises FileNotFoundError for a name without a schema."""
    return (files(__name__) / f"{name}.schema.json").read_text("utf-8")
