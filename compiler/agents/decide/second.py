"""What a second recording of the journey says of a source: whether it gives there what was needed there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count, takewhile
from urllib.parse import urlsplit

from msgspec import Struct, field

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.lost_answers import is_lost
from loadwright.compiler.agents.observe.derive import evaluate
from loadwright.compiler.plan.extract import Response, extract
from loadwright.compiler.plan.functions import url_encode
from loadwright.compiler.plan.model import Capture
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import path_template

_PIECE = re.compile(r"[A-Za-z0-9]+")
_NUMBER = re.compile(r"\d+")
_SHORT = 6
"""Digits up to which a number is met by chance."""
_PAGES = 5
"""How many pages back a choice may have been offered."""

Key = tuple[int, str, str]
"""Entry of the first recording, location and key of the site."""


class Second(Struct):
    """The second recording, by the entries and sites of the first."""

    partners: Mapping[int, Entry] = field(default_factory=dict)
    values: Mapping[Key, str] = field(default_factory=dict)
    _seen: dict[tuple[int, object, int], str | None] = field(default_factory=dict)

    def confirms(self, site: Site, value: str, occurrence: Occurrence) -> bool | None:
        """Whether the source gives the second recording's value; None where that recording lacks one of the two."""
        partner = self.partners.get(occurrence.entry)
        theirs = self.values.get((site.entry, *site.identity))
        if partner is None or theirs is None:
            return None
        found = self._extracted(partner, occurrence)
        if found is None:
            return None if is_lost(occurrence.source, partner) else False
        if site.key == "referer" and _page(theirs) != _page(site.value):
            return None  # sent by another page there
        found = evaluate(occurrence.chain, found)
        if value == site.value:
            return found == theirs or found in self._beside(site)
        return bool(found) and (_stands_for(found, value, theirs, site.value) or site.value.find(value) < 0)

    def _beside(self, site: Site) -> list[str]:
        """What else is sent there under a name that stands several times: ticked rows are sent in the order of their page."""
        name, mark, own = site.key.rpartition("#")
        if not mark or site.location not in ("query", "form"):
            return []
        keys = takewhile(self.values.__contains__, ((site.entry, site.location, f"{name}#{n}") for n in count(1)))
        return [self.values[key] for key in keys if key[2] != f"{name}#{own}"]

    def given(self, occurrence: Occurrence) -> str | None:
        """What the source of an occurrence gives in the second recording."""
        partner = self.partners.get(occurrence.entry)
        found = self._extracted(partner, occurrence) if partner else None
        return None if found is None else evaluate(occurrence.chain, found)

    def sent(self, site: Site) -> str | None:
        """What the second recording has at a site."""
        return self.values.get((site.entry, *site.identity))

    def offers(self, site: Site, theirs: str, entries: Sequence[Entry]) -> bool:
        """Whether the last page before a request that holds its value holds the other recording's too, and so does its partner.

        Of a part of a path the whole path must stand there: what a link leads to, or a form is sent to.
        """
        partner = self.partners.get(site.entry)
        if site.location != "path":
            return self._both_hold(site.started, site.value, theirs, entries)
        ours = next(e for e in entries if e.index == site.entry)
        return partner is not None and self._both_hold(site.started, path_of(ours), path_of(partner), entries)

    def _both_hold(self, started: float, ours: str, theirs: str, entries: Sequence[Entry]) -> bool:
        before = [e for e in entries if e.ended <= started and e.response.text and "html" in e.response.media_type]
        for entry in reversed(before[-_PAGES:]):
            partner = self.partners.get(entry.index)
            if partner is not None and _holds(entry, ours):
                return _holds(entry, theirs) and _holds(partner, theirs) and _holds(partner, ours)
        return False

    def _extracted(self, partner: Entry, occurrence: Occurrence) -> str | None:
        key = (occurrence.entry, occurrence.source, occurrence.ordinal)
        if key not in self._seen:
            capture = Capture(name="x", source=occurrence.source, occurrence=occurrence.ordinal)
            response = partner.response
            read = Response(partner.request.url, response.headers, response.text or "", response.status)
            self._seen[key] = extract(capture, read)
        return self._seen[key]


def _page(url: str) -> tuple[str, int]:
    """What kind of page a URL is of: its path without ids, and how many words and numbers it has."""
    return path_template(urlsplit(url).path), len(_PIECE.findall(url))


def _stands_for(found: str, value: str, theirs: str, ours: str) -> bool:
    """Whether one text has the piece where the other has the value; a short number must be in the same place."""
    if len(found) > _SHORT or not found.isdigit():
        return found in theirs or url_encode(found) in theirs
    if _NUMBER.sub("#", theirs) == _NUMBER.sub("#", ours):  # `#ICRow3`
        pairs = zip(_NUMBER.findall(ours), _NUMBER.findall(theirs), strict=True)
        return any((a == value and b == found) or _is_padded(a, value, b, found) for a, b in pairs)
    there, here = _PIECE.findall(theirs), _PIECE.findall(ours)
    if len(there) != len(here):
        return found in there
    return any(a == value and b == found for a, b in zip(here, there, strict=True))


def _is_padded(ours: str, value: str, theirs: str, found: str) -> bool:
    """Whether two numbers are two values with zeros before them, as many in both: a test writes them as they are."""
    return ours.lstrip("0") == value and theirs.lstrip("0") == found and len(ours) - len(value) == len(theirs) - len(found)


def _holds(entry: Entry, value: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", entry.response.text or "") is not None
