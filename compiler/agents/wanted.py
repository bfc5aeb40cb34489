"""The values that requests carry, as a set to look responses through for: what no request needs is not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.compiler.agents.values import is_token, may_identify

_RUN = re.compile(r"[A-Za-z0-9]+")
_ESCAPES = re.compile(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|%[0-9A-Fa-f]{2}")
_HEX = re.compile(r"[0-9a-f]+")
_DIGEST = re.compile(r"[0-9a-f]{32,64}|[A-Za-z0-9_-]{22,43}|[A-Za-z0-9+/]{22,43}={1,2}")
_DIGESTS: tuple[tuple[tuple[int, bool], tuple[str, ...]], ...] = (
    ((32, True), ("md5",)),
    ((40, True), ("sha1",)),
    ((64, True), ("sha256",)),
    ((24, False), ("md5", "base64")),
    ((28, False), ("sha1", "base64")),
    ((44, False), ("sha256", "base64")),
    ((22, False), ("md5", "base64url")),
    ((27, False), ("sha1", "base64url")),
    ((43, False), ("sha256", "base64url")),
)
"""Length and whether it is hexadecimal: the function and its format."""


class Wanted:
    """A set of values that knows which of them may stand in a text, in time linear in the text."""

    def __init__(self, values: Iterable[str], few: int = 1) -> None:
        self.few = few
        """How often a word is kept of each response."""
        self.values = {value for value in values if value}
        self.words = {value for value in self.values if few == 1 and not may_identify(value) and not is_token(value)}
        """Those that never move from where they stand: of them it is kept that they were there."""
        lengths = {(len(value), _HEX.fullmatch(value) is not None) for value in self.values if _DIGEST.fullmatch(value)}
        self.digests = tuple(step for length, step in _DIGESTS if length in lengths)
        """The digests that one of them may be, of another value."""
        self.folded = {value.lower() for value in self.values if value.lower() != value.upper() and is_token(value)}
        self._by_run: dict[str, list[str]] = {}
        for value in self.values:
            self._by_run.setdefault(max(_RUN.findall(_ESCAPES.sub(" ", value)), key=len, default=""), []).append(value)

    def __contains__(self, value: str) -> bool:
        return value in self.values

    def __bool__(self) -> bool:
        return bool(self.values)

    def present(self, text: str) -> set[str]:
        """The values that may stand in a text, in whatever way the text escapes single characters."""
        plain = _ESCAPES.sub(" ", text) if "\\" in text or "%" in text else text
        found = self._by_run.keys() & set(_RUN.findall(plain))
        if "" in self._by_run:
            found.add("")
        return {value for run in found for value in self._by_run[run]}

    def may_hold(self, text: str) -> bool:
        """Whether one of the values may stand in a short text that has no escapes."""
        return "" in self._by_run or not self._by_run.keys().isdisjoint(_RUN.findall(text))

    def among(self, values: set[str]) -> Wanted:
        """Those of the values that may be in one text."""
        return self if len(values) == len(self.values) else Wanted(values, self.few)
