"""The values that requests carry, as a set to look responses through for: what no request needs is not looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from loadwright.compiler.agents.keys import is_numbered_key
from loadwright.compiler.agents.values import UUID, is_code, is_exact_moment, is_token, may_identify

_RUN = re.compile(r"[A-Za-z0-9]+")
_ESCAPES = re.compile(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|%[0-9A-Fa-f]{2}")


_TELLING = 4
"""Characters from which a run with a digit is rarer in texts than a longer word."""


def runs_of(value: str) -> list[str]:
    """The runs of letters and digits in a value; a text that holds the value holds all of them, however it escapes the rest."""
    if value.isascii() and value.isalnum():
        return [value]
    return _RUN.findall(_ESCAPES.sub(" ", value) if "\\" in value or "%" in value else value)


def telling_run(value: str) -> str:
    """The run of a value that the fewest texts hold: the longest, but one with a digit before a word (`36685-cobalt`)."""
    return max(runs_of(value), key=rarity, default="")


def rarity(run: str) -> tuple[bool, int]:
    """How few texts hold a run: more for a greater one."""
    return len(run) >= _TELLING and not run.isalpha(), len(run)


_NUMBER = re.compile(r"[A-Z]{0,4}-?\d{5,}")


_MAY_BE_DRAWN = re.compile(r"(?=.{0,190}[0-9])(?=.{0,190}[A-Za-z])[A-Za-z0-9_-]{8,200}|\d{1,12}(?:::?\d{1,12}){1,8}")
_SHORT_KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])(?![A-Za-z]{2,}\d$)[A-Za-z0-9_]{5,7}")
_CAPITALS = re.compile(r"[A-Z]{5,7}\d?")


def is_found_anywhere(value: str) -> bool:
    """Whether a value is looked for in any text, by what stands around it: a token, a longer number, or a key with one."""
    return is_token(value) or is_exact_moment(value) or _NUMBER.fullmatch(value) is not None or is_numbered_key(value)


def is_short_key(value: str) -> bool:
    """Whether a short value has letters and digits mixed as ids have (`k3RPa`), or capitals as no word has them (`JFXBZL`)."""
    is_of_capitals = _CAPITALS.fullmatch(value) is not None and is_code(value.rstrip("0123456789"))
    return is_of_capitals or _SHORT_KEY.fullmatch(value) is not None


def may_be_drawn(value: str) -> bool:
    """Whether a text may be drawn at random, as only a second recording shows: letters and digits, or several numbers."""
    return _MAY_BE_DRAWN.fullmatch(value) is not None


class Wanted:
    """A set of values that knows which of them may stand in a short text."""

    def __init__(self, values: Iterable[str], few: int = 1, names: Collection[str] = ()) -> None:
        self.few, self.names = few, names
        """How often a word is kept of each response, and names of fields that a second recording has otherwise."""
        self.values = {value for value in values if value}

    @cached_property
    def folded(self) -> set[str]:
        """The tokens among them, in lower case."""
        return {value.lower() for value in self.values if value.lower() != value.upper() and is_token(value)}

    @cached_property
    def uuids(self) -> list[str]:
        """Those that are UUIDs, which some write in capitals."""
        return sorted(value for value in self.values if UUID.fullmatch(value))

    @cached_property
    def runs(self) -> dict[str, list[str]]:
        """The values by their telling runs."""
        found: dict[str, list[str]] = {}
        for value in self.values:
            found.setdefault(telling_run(value), []).append(value)
        return found

    @cached_property
    def numbers(self) -> set[str]:
        """Those that a JSON number may be."""
        return {value for value in self.values if value[-1:].isdigit() and value[:1] in "-0123456789"}

    def __contains__(self, value: str) -> bool:
        return value in self.values

    def __bool__(self) -> bool:
        return bool(self.values)

    def present(self, text: str) -> set[str]:
        """The values that may stand in a short text, in whatever way the text escapes single characters."""
        plain = _ESCAPES.sub(" ", text) if "\\" in text or "%" in text else text
        found = self.runs.keys() & set(_RUN.findall(plain))
        if "" in self.runs:
            found.add("")
        return {value for run in found for value in self.runs[run]}

    def may_hold(self, text: str) -> bool:
        """Whether one of the values may stand in a short text that has no escapes."""
        return "" in self.runs or not self.runs.keys().isdisjoint(_RUN.findall(text))


def moves(value: str) -> bool:
    """Whether a value may come from a response without a second recording that shows it: words never do."""
    return is_token(value) or may_identify(value) or is_code(value)
