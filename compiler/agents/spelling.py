"""What the user typed, as applications write it in URLs: `Harvest_notes_f05fa879` for `Harvest notes f05fa879`."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.history import History
from loadwright.compiler.agents.values import folded_text

_BY_SURROUNDINGS = ("link", "row", "script", "boundary")
"""Kinds of places that are found by what stands around them, or by their number among others."""


def is_typed_otherwise(site: Site, value: str, best: Occurrence, made_up: Iterable[str], history: History) -> bool:
    """Whether a value is what the user typed with a made-up word, spelled otherwise, and would be taken from one of many links.

    Its made-up word is a variable: with that put in, nothing has to be found in a page.
    """
    if best.kind not in _BY_SURROUNDINGS:
        return False
    words = [word for word in made_up if word in value and word != value]
    return bool(words) and any(
        folded_text(typed) == folded_text(value)
        for typed, sent in history.first_sent.items()
        if sent <= site.started and " " in typed and any(word in typed for word in words)
    )
