"""Names for Python, made from names of a plan, which can hold any text."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from itertools import chain, count

_ALWAYS_TAKEN = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "user", "response"})


def snake_case(text: str) -> str:
    """Text as an ASCII name such as `order_id`; `value` when nothing is left."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^0-9A-Za-z]+", "_", words).strip("_").lower()
    return f"n{name}" if name[:1].isdigit() else name or "value"


def pascal_case(text: str) -> str:
    """Text as an ASCII name such as `OrderId`."""
    return "".join(word[:1].upper() + word[1:] for word in snake_case(text).split("_"))


class Scope:
    """The names of a module or function; each key gets one that is not taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.names: dict[object, str] = {}
        self._taken = {*_ALWAYS_TAKEN, *taken}

    def add(self, key: object, wish: str) -> str:
        """The name of a key: the wish, or that with an underscore when it is taken."""
        if key not in self.names:
            numbered = (f"{wish}_{number}" for number in count(2))
            wishes = chain((wish, f"{wish}_"), numbered)
            name = next(name for name in wishes if name not in self._taken)
            self._taken.add(name)
            self.names[key] = name
        return self.names[key]

    def inner(self) -> Scope:
        """A scope inside this one, where its names are taken too."""
        return Scope(self._taken)
