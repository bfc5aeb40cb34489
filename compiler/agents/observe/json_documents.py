"""JSON that a request carries, as the language can write it."""

from __future__ import annotations

import json
from typing import Any

from loadwright.compiler.agents.values import holds_half_a_pair
from loadwright.compiler.plan.jsonpath import Digits

JSON_DEEPEST = 30
"""Arrays and objects in each other up to which a body is written as JSON; the language reads a few more."""


def json_document(body: str) -> Any | None:
    """A JSON object or array, numbers digit for digit; None for what the language has no way to write.

    That is anything else, repeated names, half a surrogate pair, and what nests deeper than `JSON_DEEPEST`.
    """
    try:
        value = json.loads(
            body, parse_int=Digits, parse_float=Digits, parse_constant=Digits, object_pairs_hook=_without_repeated_names
        )
        odd = "\\" in body and holds_half_a_pair(value)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) and not odd and not _is_deep(body, value) else None


def _is_deep(body: str, value: Any) -> bool:
    if body.count("{") + body.count("[") <= JSON_DEEPEST:
        return False
    level = [value]
    for _ in range(JSON_DEEPEST):
        inner = (child for one in level for child in (one.values() if isinstance(one, dict) else one))
        level = [child for child in inner if isinstance(child, dict | list)]
    return bool(level)


def _without_repeated_names(members: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(members)
    if len(document) != len(members):
        raise ValueError("a name stands twice")
    return document
