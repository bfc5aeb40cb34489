"""The search for many patterns in one pass over a text, and over many texts."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation

_LONG_SEARCH = 1_000
"""Bytes searched for each pattern from which it pays to make the automaton that costs more to make and half as much to run."""
_MOST = 5_000
"""Patterns for which that automaton is not too large."""


class Search:
    """Patterns, each at least a byte long, that are looked for in one text after the other."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._patterns = patterns
        self._automaton = BytesAhoCorasick(patterns) if patterns else None
        self._left = _LONG_SEARCH * len(patterns) if len(patterns) <= _MOST else 0
        """Bytes after which the other automaton is made, if it is to be made yet."""

    def find(self, data: bytes) -> list[tuple[int, int, int]]:
        """Every place of every pattern, overlapping ones too: the number of the pattern, where it begins and ends, in bytes."""
        if self._automaton is None:
            return []
        if self._left:
            self._left = max(0, self._left - len(data))
            if not self._left:
                self._automaton = BytesAhoCorasick(self._patterns, implementation=Implementation.DFA)
        return self._automaton.find_matches_as_indexes(data, overlapping=True)
