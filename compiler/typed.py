"""Frozen values that are made without a second look at the types of their parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, cast

from annotated_types import Ge, MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict

_set = object.__setattr__


class Typed(BaseModel):
    """A frozen value; unknown fields are refused.

    What the program makes of parts, the type checker has seen, so it is not validated once more: only limits and the like are
    looked after here. What comes from outside goes through `model_validate`, which checks it all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __init__(self, /, **values: Any) -> None:
        required, defaults, limits, names = _plain_fields(type(self))
        filled = defaults | values
        if len(filled) != len(defaults) or not required.issubset(values) or (limits and not _hold(limits, filled)):
            super().__init__(**values)  # tells what is wrong, or is the only one that can make it
        else:
            self._fill(filled, names)

    def _fill(self, filled: dict[str, Any], names: set[str]) -> None:
        """Takes the values of all fields as they are, in the order of the fields."""
        for name, value in filled.items():
            _set(self, name, value)  # one by one, the objects of a class share the names
        _set(self, "__pydantic_fields_set__", names)
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # validation does not come by here


def _hold(limits: Sequence[tuple[str, object]], filled: dict[str, Any]) -> bool:
    """Whether fields keep their limits; one that a function brings to its form is brought to it."""
    for name, limit in limits:
        value = filled[name]
        match limit:
            case AfterValidator(func=change):
                filled[name] = cast("Callable[[Any], Any]", change)(value)
            case Ge(ge=least):
                if value is not None and value < least:
                    return False
            case MinLen(min_length=least):
                if len(value) < least:
                    return False
            case type():
                if value is not None and not isinstance(value, limit):
                    return False
            case _:
                return False
    return True


def texts(value: object) -> list[str]:
    """Every text in a value and in what it holds, names among them."""
    found: list[str] = []
    _take_texts((value,), found)
    return found


def _take_texts(values: Iterable[object], found: list[str]) -> None:
    for one in values:
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, tuple):
            _take_texts(one, found)
        elif isinstance(one, Typed):
            _take_texts(vars(one).values(), found)


@cache
def _plain_fields(kind: type[Typed]) -> tuple[frozenset[str], dict[str, Any], Sequence[tuple[str, object]], set[str]]:
    """The required fields, all fields with their defaults, limits, and the names of all.

    Where only validation will do, there is a limit that nothing keeps.
    """
    fields = kind.model_fields
    limits: list[tuple[str, object]] = [(name, limit) for name, field in fields.items() for limit in field.metadata]
    limits += [(name, Decimal) for name, field in fields.items() if "Decimal" in str(field.annotation)]  # numbers are taken too
    limits += [(name, None) for name, field in fields.items() if "Validator" in str(field.annotation)]
    validators = kind.__pydantic_decorators__.field_validators.values()
    limits += [(name, None) for validator in validators for name in validator.info.fields]
    required = frozenset(name for name, field in fields.items() if field.is_required())
    return required, {name: field.default for name, field in fields.items()}, limits, set(fields)
