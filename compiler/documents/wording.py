"""What messages on documents call things."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel

from loadwright.compiler.documents.shape import MAIN, fields_of, key_of
from loadwright.compiler.plan import model


def keys_of(kind: type[BaseModel]) -> list[str]:
    """The keys that a model's mapping may have, its own word first."""
    word, main = key_of(kind), MAIN.get(kind)
    names = [word if name == main and word else name for name, _ in fields_of(kind)]
    return [word, *names] if word and main is None else names


def called(kind: type[BaseModel]) -> str:
    """A model in a message."""
    word = key_of(kind)
    if kind is model.Plan:
        return "an intent"
    return f"`{word}`" if word else f"a {re.sub('(?<!^)(?=[A-Z])', ' ', kind.__name__).lower()}"


def listed(names: Iterable[str | None]) -> str:
    """Words in a message."""
    return ", ".join(f"`{name}`" for name in names if name)
