"""Boxes of the rows of a list that are called by the row's number: `<input type="checkbox" name="chk_17">`."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"([A-Za-z][\w.-]{1,60}?)(?:[-_.\[]|%5B)(\d{1,18})(?:\]|%5D)?", re.IGNORECASE)
"""A name as it is, or as a form sends it."""
TICKED = "on"
"""What a browser sends for a box that has no value (HTML, section 4.10.5.1.15): its name alone says which it is."""


def numbered(name: str) -> tuple[str, int, int] | None:
    """What a field is called besides its number, and where the number stands in its name."""
    found = _NUMBERED.fullmatch(name)
    return (found[1], *found.span(2)) if found else None


def box_of(text: str, number: int) -> str:
    """What the field is called besides the number at a place of a form; empty where its name is no such name."""
    name = text[text.rfind("&", 0, number) + 1 :].partition("=")[0]
    box = numbered(name)
    return box[0] if box else ""
