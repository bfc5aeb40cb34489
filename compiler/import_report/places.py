"""Where a decision's value stands in the recorded texts: excerpts with the value marked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.sites import body_text, observe_request
from loadwright.compiler.import_report.visible import visible
from loadwright.compiler.plan.extract import Response, extract
from loadwright.compiler.plan.model import Capture, Request
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.scrubbing.masks import Masker, Segment

_LABEL = re.compile(r"entry (\d+)\b")
_USE = re.compile(r"entry (\d+)\b.*?: (path|query|header|form|json|part|body) (.*)", re.DOTALL)
_NEAR = 110


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt of a recorded text."""

    role: str
    """`source` or `use`."""
    place: str
    segments: tuple[Segment, ...]


class Places:
    """The recorded texts that decisions speak of."""

    def __init__(self, entries: Sequence[Entry], requests: Mapping[tuple[str, int], Request], masker: Masker) -> None:
        self.masker = masker
        self.entries: dict[int, Entry] = {}
        for entry in entries:
            self.entries.setdefault(entry.index, entry)
        self.captures: dict[str, tuple[int, Capture]] = {
            capture.origin.decision: (entry, capture)
            for (_, entry), request in requests.items()
            for capture in request.captures
            if isinstance(capture.origin, DecisionOrigin)
        }
        self._values: dict[str, str] = {}

    def entry_of(self, text: str) -> int | None:
        """The entry that a decision's source or use names."""
        match = _LABEL.match(text)
        return int(match[1]) if match and int(match[1]) in self.entries else None

    def source(self, decision: Decision) -> Quote | None:
        """Where the value is taken from."""
        entry, capture = self.captures.get(decision.id, (None, None))
        if entry is None or capture is None or entry not in self.entries:
            return None
        response = self.entries[entry].response
        value = extract(capture, Response(self.entries[entry].request.url, response.headers, response.text or "", response.status))
        if not value:
            return None
        self._values[decision.id] = value
        where = f"response of {decision.source.partition(':')[0]}"
        headers = [(f"{where}, header {name}", f"{name}: {content}") for name, content in response.headers]
        texts = [(f"{where}, body", response.text or "")]
        in_header = capture.source.kind in ("header", "cookie", "redirect")
        for place, text in (*headers, *texts) if in_header else (*texts, *headers):
            if spot := _spot(text, value, capture.occurrence):
                return self._quote("source", place, text, *spot)
        return None

    def use(self, use: str, decision: Decision) -> Quote | None:
        """Where the value is needed."""
        match = _USE.match(use)
        entry = self.entries.get(int(match[1])) if match else None
        if match is None or entry is None:
            return None
        location, name = match[2], match[3]
        named = [s for s in observe_request(entry) if s.location == location and name in (s.name, s.key)]
        value = self._values.get(decision.id, "")
        site = next((s for s in named if value and value in s.value), named[0] if named else None)
        return self._site(use, entry, site, value) if site else None

    def _site(self, place: str, entry: Entry, site: Site, value: str) -> Quote | None:
        if site.location in ("path", "query"):
            return self._quote("use", place, entry.request.url, site.start, site.end)
        if site.location == "header":
            text = f"{site.name}: {site.value}"
            return self._quote("use", place, text, *(_spot(text, value) or (len(site.name) + 2, len(text))))
        text = body_text(entry) or ""
        if site.location == "form" and site.end:
            return self._quote("use", place, text, site.start, site.end)
        if site.location == "part":
            text = f"{site.name}: {site.value}"
            return self._quote("use", place, text, len(site.name) + 2, len(text))
        spot = _spot(text, value) or _spot(text, site.value)
        return self._quote("use", place, text, *spot) if spot else None

    def _quote(self, role: str, place: str, text: str, start: int, end: int) -> Quote:
        end = min(end, start + 400)
        shown = self.masker.excerpt(text, start, end, _NEAR)
        segments = tuple(Segment(visible(s.text), s.masked, s.hit) for s in shown)
        return Quote(role, visible(self.masker.plain(place)), segments)


def _spot(text: str, value: str, ordinal: int = 1) -> tuple[int, int] | None:
    """Where a value stands in a text, as it is or as URLs, pages and JSON write it; the n-th place if there are so many."""
    if not value or not text:
        return None
    for written in (value, html.escape(value), json.dumps(value)[1:-1], quote(value, safe=""), quote_plus(value)):
        found = [m.start() for m in re.finditer(re.escape(written), text)][: max(1, ordinal)]
        if found:
            return found[-1], found[-1] + len(written)
    return None
