"""Rows of a flat list, in which a text stands once and objects are the places of their names and values (`{"_9":18,"_19":20}`).

React Router and Remix stream their data so. The first row has the names of its members between its values, and what other rows
have too (`"id","c1f…","kind","note","title","Oak table"`); the others have not. Which row is first changes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.values import is_token, literal_pattern

_PLACE = re.compile(r"_\d{1,6}")
_WRITTEN_PLACE = re.compile(r'[{,]\s?\\{0,7}"_\d{1,6}\\{0,7}"\s?:\s?-?\d')
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_SIMPLE = re.compile(r"[\w .,()&-]{1,40}")
_LABEL = r"([^\W\d][^\"'\\\d\n\r<>;|{}\[\]]{2,38})"
_KEY = "[^\\s\"'\\\\<>,;|]{1,200}"
_NUMBER = r"-?\d{1,18}(?:\.\d{1,9})?"
_MOST = 60
"""Texts that may stand between a key and its title."""
_LONGEST = 2_000_000


@lru_cache(maxsize=4)
def is_flat(text: str) -> bool:
    """Whether a text holds a flat list."""
    return '"_' in text and _WRITTEN_PLACE.search(text) is not None


def flat_row(text: str, start: int, end: int) -> str:
    """The pattern of a value at a place of a flat list by the title behind it, over what stands once; empty where there is none."""
    passing = _passing(text)
    quote = text[end : end + 9].partition('"')[0] + '"'
    if not passing or not re.fullmatch(r'\\{0,7}"', quote):
        return ""
    mark, texts = literal_pattern(quote), "|".join(map(literal_pattern, passing))
    over = f"{mark},\\s?(?:(?:{mark}(?:{texts}){mark}|{_NUMBER}),\\s?){{0,8}}"
    label = re.compile(f"{over}{mark}(?!(?:{texts}){mark}){_LABEL}{mark}").match(text, end)
    if label is None or is_token(label[1]):
        return ""
    pattern = f"{mark}((?!(?:{texts}){mark}){_KEY}){over}{mark}{literal_pattern(label[1])}{mark}"
    return pattern if list(islice(taken(pattern, text), 2)) == [text[start:end]] else ""


@lru_cache(maxsize=4)
def _passing(text: str) -> tuple[str, ...]:
    """The texts of flat lists in a text that say nothing of a row: names of members, and values that several objects have."""
    if len(text) > _LONGEST or not is_flat(text):
        return ()
    found: set[str] = set()
    for written in (text, *(match[0] for match in _TEXT.finditer(text) if '\\"_' in match[0])):
        for flat in _lists(written):
            members = list(_members(flat))
            often = Counter(place for place, _ in members)
            found.update(name for _, name in members)
            found.update(flat[place] for place, times in often.items() if times > 1 and isinstance(flat[place], str))
    return tuple(sorted(one for one in found if _SIMPLE.fullmatch(one) and not is_token(one)))[:_MOST]


def _lists(written: str) -> list[list[Any]]:
    try:
        document = json.loads(written)
        lines = document.splitlines() if isinstance(document, str) else [written]
        return [one for line in lines if line[:1] == "[" and isinstance(one := json.loads(line), list)]
    except (ValueError, RecursionError):
        return []


def _members(flat: list[Any]) -> Iterator[tuple[int, str]]:
    """The place of each member's value, and its name."""
    for one in flat:
        if isinstance(one, dict) and one and all(map(_PLACE.fullmatch, one)):
            for key, place in one.items():
                name = flat[int(key[1:])] if int(key[1:]) < len(flat) else None
                if isinstance(name, str) and str(place).isdigit() and int(place) < len(flat):
                    yield int(place), name
