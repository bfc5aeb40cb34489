"""Boxes of the rows of a list that are called by the row's number: `<input type="checkbox" name="chk_17">`."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from loadwright.compiler.agents.values import is_drawn, is_round_or_date
from loadwright.compiler.recording.pairs import separator

_MARK = r"(?:[-_.:\[]|%5B|%3A)"
_NUMBERED = re.compile(
    rf"([A-Za-z](?:[\w.:-]|%3A){{1,100}}?){_MARK}(\d{{1,18}})(?:\]|%5D)?((?:{_MARK}[A-Za-z][A-Za-z0-9]{{0,30}}(?:\]|%5D)?){{0,4}})",
    re.IGNORECASE,
)
"""A name as it is, or as a form sends it; behind the number words may stand (`form:table:2:select`, `form-2-DELETE`)."""
_NUMBER = re.compile(r"(?:(?<![A-Za-z0-9%])|(?<=%[0-9A-Fa-f]{2}))[A-Za-z]{0,20}(\d{4,18})(?![A-Za-z0-9])")
_BY_ITS_NUMBER = re.compile(r"name=[\"'].*\(\\d\+\)[^\"']*[\"']")
TICKED = frozenset(("on", "1", "true", "yes"))
"""What is sent for a box whose name alone says which it is; `on` where it has no value (HTML, section 4.10.5.1.15)."""


def numbered(name: str) -> tuple[str, int, int] | None:
    """What a field is called besides its number, and where the number stands in its name."""
    found = _NUMBERED.fullmatch(name)
    if found is None or (found[3] and any(span != found.span(2) for span in numbers_in(name))):
        return None  # `q68954:1_answer` is called by its longer number
    return found[1], *found.span(2)


def is_called_otherwise(name: str, number: str) -> bool:
    """Whether a field is called by another number: `form-1-id=2` says nothing of `form-2-DELETE`."""
    found = numbered(name)
    return found is not None and name[found[1] : found[2]] != number


def numbers_in(name: str) -> list[tuple[int, int]]:
    """Where a field's name has numbers that are long enough for an id, with letters right before them: `q68954:1_answer`.

    Dates and round figures are none.
    """
    return [found.span() for found in _NUMBER.finditer(name) if not (is_round_or_date(found[1]) or is_drawn(found.group()))]


def numbered_run(text: str) -> bool:
    """Whether a run of a name is a number, or letters with a long one right behind them."""
    return text.isdigit() or numbers_in(text) == [(0, len(text))]


def differ_in_numbers(name: str, other: str) -> bool:
    """Whether two names of fields differ in such numbers alone."""
    return bool(numbers_in(name)) and re.sub(r"\d+", "#", name) == re.sub(r"\d+", "#", other)


def is_by_its_number(pattern: str) -> bool:
    """Whether a pattern takes the number by which a field is called: `name="hostids\\[(\\d+)\\]"`."""
    return _BY_ITS_NUMBER.fullmatch(pattern) is not None


def is_by_its_place(pattern: str) -> bool:
    """Whether words stand behind the number by which a field is called: it is the place of a row (`form:table:2:select`)."""
    return re.search(r"\(\\d\+\)[^\"']*[A-Za-z]", pattern) is not None


def box_of(text: str, number: int) -> str:
    """What the field is called besides the number at a place of a form, decoded; empty where its name is no such name."""
    name = text[text.rfind(separator(text), 0, number) + 1 :].partition("=")[0]
    box = numbered(name)
    return unquote_plus(box[0]) if box else ""
