"""Boxes of the rows of a list that are called by the row's number: `<input type="checkbox" name="chk_17">`."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"([A-Za-z][\w.-]{1,60}?)(?:[-_.\[]|%5B)(\d{1,18})(?:\]|%5D)?", re.IGNORECASE)
"""A name as it is, or as a form sends it."""
TICKED = frozenset(("on", "1", "true", "yes"))
"""What is sent for a box whose name alone says which it is; `on` where it has no value (HTML, section 4.10.5.1.15)."""


def numbered(name: str) -> tuple[str, int, int] | None:
    """What a field is called besides its number, and where the number stands in its name."""
    found = _NUMBERED.fullmatch(name)
    return (found[1], *found.span(2)) if found else None


def box_of(text: str, number: int) -> str:
    """What the field is called besides the number at a place of a form; empty where its name is no such name."""
    name = text[text.rfind("&", 0, number) + 1 :].partition("=")[0]
    box = numbered(name)
    return box[0] if box else ""
