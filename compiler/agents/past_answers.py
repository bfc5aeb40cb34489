"""Answers of a recording that are looked through for a text, as long as that does not take too long."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.compiler.recording.model import Entry

_BUDGET = 50_000_000
"""Characters that are looked through in all."""


class PastAnswers:
    """Looks answers through that had ended by a time; once the budget is used up it finds nothing and says so."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._answers = [(entry, text) for entry in entries if (text := entry.response.text)]
        self._left = _BUDGET

    @property
    def is_used_up(self) -> bool:
        """Whether what was asked last may not have been looked for in all answers."""
        return self._left < 0

    def has(self, literal: str, pattern: re.Pattern[str], until: float, but: int = -1) -> bool:
        """Whether an answer other than one entry's, ended by a time, has a pattern, of which a literal is a part."""
        for entry, text in self._answers:
            if entry.ended <= until and entry.index != but:
                self._left -= len(text)
                if self._left < 0:
                    return False
                if literal in text and pattern.search(text):
                    return True
        return False
