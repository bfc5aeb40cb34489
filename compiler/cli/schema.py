"""`loadwright schema`."""

from __future__ import annotations

from loadwright import schemas
from loadwright.compiler.cli.guard import FINE


def print_schema(name: str) -> int:
    """Print the JSON Schema of that name."""
    print(schemas.text(name), end="")
    return FINE
