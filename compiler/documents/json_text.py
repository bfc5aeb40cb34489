"""A document as JSON, numbers digit for digit."""

from __future__ import annotations

import json
from typing import Any

from loadwright.compiler.documents.write import Number


def as_json(value: dict[str, Any]) -> str:
    """A document as indented JSON."""
    return _json(value, "") + "\n"


def _json(value: Any, margin: str) -> str:
    inner = margin + "  "
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict) and value:
        members = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {_json(item, inner)}" for name, item in value.items())
        return "{\n" + ",\n".join(members) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(inner + _json(item, inner) for item in value) + f"\n{margin}]"
    return json.dumps(value, ensure_ascii=False)
