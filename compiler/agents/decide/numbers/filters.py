"""Filters by the bare `id`: an address is asked for things of its own, and another list's may have the same short number."""

from __future__ import annotations

import re

from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_filter_by_id, singular

_OF_ROWS = ("row", "link", "attribute")
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]+")


def is_of_another_list(site: Site, path: str, occurrence: Occurrence, changed: bool | None) -> bool:
    """Whether a number that filters what is at `path` was given by an answer from the address of other things.

    `GET /api/tags?where[id][in][0]=3` does not ask for what `POST /api/photos` made. Which row of a list it is that a page asks
    for by its id, one recording does not tell.
    """
    if site.location not in ("query", "form") or len(occurrence.value) >= LONG_ID or not occurrence.value.isdigit():
        return False
    if not is_filter_by_id(site.name):
        return False
    return _list(path) != _list(occurrence.path) or (changed is None and occurrence.kind in _OF_ROWS)


def _list(path: str) -> str:
    """The last word of a path: the things that its address has."""
    words = (segment for segment in reversed(path.split("/")) if _WORD.fullmatch(segment))
    return singular(next(words, "").lower())
