"""Did you mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST_LISTED = 8


def suggestion(word: str, valid: Iterable[str], what: str = "known") -> str:
    """A hint: the valid word that was probably meant, else the valid words when they are few."""
    words = sorted(set(valid))
    lowered = {w.lower(): w for w in words}
    swapped = [w for w in sorted(lowered) if sorted(w) == sorted(word.lower())]
    close = swapped or difflib.get_close_matches(word.lower(), sorted(lowered), n=1, cutoff=0.6)
    if close:
        return f"did you mean `{lowered[close[0]]}`?"
    if words and len(words) <= _MOST_LISTED:
        return f"{what}: {', '.join(f'`{w}`' for w in words)}"
    return ""
