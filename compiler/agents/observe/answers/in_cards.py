"""Calendars and address books (RFC 5545, RFC 6350): each property of one of several parts, by the name of its part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import is_token, literal_pattern

_MEDIA_TYPES = ("text/calendar", "text/vcard", "text/x-vcard", "text/directory")
_PART = re.compile(r"BEGIN:(V(?:EVENT|TODO|JOURNAL|CARD|FREEBUSY))\r?\n((?:(?!BEGIN:V[CEFJT])[^\r\n]*\r?\n){1,400}?)END:\1")
_LINE = re.compile(r"^([A-Z][A-Z0-9-]{0,40})((?:;[^:\r\n]{0,200})?):([^\r\n]{1,2000})", re.MULTILINE)
_NAMES = ("SUMMARY", "FN")
"""The properties that say in words what an entry is."""
_WITHIN = r"(?:(?!END:)[^\n]*\n){0,400}?"
"""Lines of the same part."""


def is_of_cards(media_type: str, text: str) -> bool:
    """Whether an answer is a calendar or an address book."""
    return media_type in _MEDIA_TYPES and text.lstrip()[:7] == "BEGIN:V"


def observe_cards(finder: Finder, text: str) -> None:
    """Offer the wanted properties of each part, by what the part is called where there are several."""
    parts = [[(line[1], line[2], line[3].rstrip()) for line in _LINE.finditer(part[2])] for part in _PART.finditer(text)]
    titles = Counter(title for part in parts for title in _titles(part))
    for part in parts:
        own = next((title for title in _titles(part) if titles[title] == 1), None)
        for place, (name, parameters, value) in enumerate(part):
            if value in finder.wanted and own and (name, value) != own:
                front, label = f"{name}{literal_pattern(parameters)}:([^\\r\\n]+)", f"{own[0]}:{literal_pattern(own[1])}\\r?\\n"
                is_behind = any(one[0] == own[0] for one in part[:place])
                pattern = f"{label}{_WITHIN}{front}" if is_behind else f"{front}\\r?\\n{_WITHIN}{label}"
                finder.by_pattern(value, value, pattern, text, "row", name.lower())


def _titles(part: list[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, _, value in part if name in _NAMES and not is_token(value))
