"""Frozen values that are made without a second look at the types of their parts."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

_set = object.__setattr__


class Typed(BaseModel):
    """A frozen value; unknown fields are refused.

    What the program makes of parts, the type checker has seen, so a class without limits and validators is not validated once
    more: most of a long import's Plan is such. What comes from outside goes through `model_validate`, which checks it all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __init__(self, /, **values: Any) -> None:
        plain = _plain_fields(type(self))
        if plain is None or not plain[0].issubset(values) or len(filled := plain[1] | values) != len(plain[1]):
            super().__init__(**values)  # limits to hold, or a field that is missing or unknown
        else:
            self._fill(filled, plain[2])

    def _fill(self, filled: dict[str, Any], names: set[str]) -> None:
        """Takes the values of all fields as they are, in the order of the fields."""
        for name, value in filled.items():
            _set(self, name, value)  # one by one, the objects of a class share the names
        _set(self, "__pydantic_fields_set__", names)
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # validation does not come by here


def texts(value: object) -> list[str]:
    """Every text in a value and in what it holds, names among them."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Typed):
            waiting += vars(one).values()
    return found


@cache
def _plain_fields(kind: type[Typed]) -> tuple[frozenset[str], dict[str, Any], set[str]] | None:
    """The required fields, all fields with their defaults, and the names of all, of a class without limits, validators and numbers of many kinds."""
    fields = kind.model_fields
    if kind.__pydantic_decorators__.field_validators or not all(map(_is_plain, fields.values())):
        return None
    required = frozenset(name for name, field in fields.items() if field.is_required())
    return required, {name: field.default for name, field in fields.items()}, set(fields)


def _is_plain(field: FieldInfo) -> bool:
    annotation = repr(field.annotation)
    return not field.metadata and "Decimal" not in annotation and "Validator" not in annotation
