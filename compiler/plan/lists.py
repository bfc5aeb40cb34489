"""Lists: texts that are a JSON array; any other text is a list of itself, an empty one an empty list. JSON Web Tokens."""

from __future__ import annotations

import json
from typing import Any

from loadwright.compiler.plan.arguments import whole
from loadwright.compiler.plan.encodings import base64_decode
from loadwright.compiler.plan.jsonpath import json_text, load_json

_FAR = 10**15 - 1


def items(text: str) -> list[str]:
    """The items of a list: strings as they are, numbers digit for digit, the rest as compact JSON."""
    value = _json(text)
    if isinstance(value, list):
        return [json_text(item) for item in value]
    return [text] if text else []


def written(texts: list[str]) -> str:
    """Texts as a list: compact JSON."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def split(text: str, separator: str) -> str:
    """The list of what stands between separators; an empty separator occurs nowhere."""
    return written(text.split(separator) if separator else [text])


def join(text: str, separator: str) -> str:
    """The items of a list with a separator between them."""
    return separator.join(items(text))


def item(text: str, number: str) -> str:
    """An item of a list, counted from 1; empty text when there is none."""
    position = whole("item", "n", number, -_FAR, _FAR)
    found = items(text)
    return found[position - 1] if 1 <= position <= len(found) else ""


def count(text: str) -> str:
    """How many items a list has."""
    return str(len(items(text)))


def jwt_claim(token: str, name: str) -> str:
    """A claim in the payload of a JSON Web Token (RFC 7519), unverified; empty text when there is none."""
    parts = token.split(".")
    claims = _json(base64_decode(parts[1])) if len(parts) > 1 else None
    return json_text(claims[name]) if isinstance(claims, dict) and name in claims else ""


def _json(text: str) -> Any:
    """The value of a JSON text; None for what is none."""
    try:
        return load_json(text)
    except ValueError:
        return None
