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
from loadwright.compiler.agents.observe.sites import body_text, observe_request
from loadwright.compiler.import_report.spots import exact_spot
from loadwright.compiler.import_report.visible import visible
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.inserted import fill
from loadwright.compiler.plan.model import Capture, HeaderSource, Request
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.recording.model import Entry, Recording
from loadwright.compiler.recording.sockets import described, exchanges, index_of
from loadwright.compiler.scrubbing.masks import Masker, Segment

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

    def __init__(
        self,
        recordings: Sequence[Recording],
        requests: Sequence[tuple[str, int, Request]],
        masker: Masker,
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        """`values` are those that names of the Plan have in each recording."""
        self.masker, self.values = masker, values
        imported = {recording for recording, _, _ in requests}
        self.entries = {(r.name, e.index): e for r in recordings if r.name in imported for one in r.entries for e in exchanges(one)}
        self.captures: dict[str, tuple[str, int, Capture]] = {
            capture.origin.decision: (recording, entry, capture)
            for recording, entry, request in requests
            for capture in request.captures
            if isinstance(capture.origin, DecisionOrigin)
        }
        self._names = list(dict.fromkeys(recording for recording, _, _ in requests))
        self._recordings: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def recording_of(self, decision: Decision) -> str:
        """The recording that a decision is on: the one that has the entries it names."""
        if decision.id not in self._recordings:
            self._recordings[decision.id] = self._find(decision)
        return self._recordings[decision.id]

    def _find(self, decision: Decision) -> str:
        if decision.id in self.captures:
            return self.captures[decision.id][0]
        texts = [text for text in (decision.source, *decision.uses) if text]
        fitting = [name for name in self._names if all(self._fits(name, text) for text in texts)] or self._names
        # decisions are numbered journey by journey
        before = [c for d, c in self.captures.items() if int(d[1:]) < int(decision.id[1:])]
        near = [name for name, _, _ in before if name in fitting][-1:]
        return (near or fitting or [""])[0]

    def _fits(self, recording: str, text: str) -> bool:
        index = index_of(text)
        entry = self.entries.get((recording, index)) if index is not None else None
        return entry is not None and text.startswith(described(entry))

    def entry_of(self, text: str, decision: Decision) -> tuple[str, int] | None:
        """The recording and the exchange that a decision's source or use names."""
        index = index_of(text)
        place = (self.recording_of(decision), index) if index is not None else None
        return place if place in self.entries else None

    def source(self, decision: Decision) -> Quote | None:
        """Where the value is taken from."""
        if decision.id not in self.captures:
            return None
        recording, index, capture = self.captures[decision.id]
        entry = self.entries[self.entry_of(decision.source, decision) or (recording, index)]
        response = entry.response
        known = self.values.get(recording, {})
        value = extract_with(capture, Response(entry.request.url, response.headers, response.text or "", response.status), known)
        if not value:
            return None
        capture = capture.model_copy(update={"source": fill(capture.source, lambda held: evaluate(held, known))})
        self._values[decision.id] = value
        where = f"response of {decision.source.partition(':')[0]}"
        headers = [(f"{where}, header {name}", f"{name}: {content}") for name, content in response.headers]
        texts = [(f"{where}, body", response.text or "")]
        if not isinstance(capture.source, HeaderSource) and (spot := exact_spot(capture, response.text or "", value)):
            return self._quote("source", *texts[0], *spot)
        in_header = capture.source.kind in ("header", "cookie", "redirect")
        for place, text in (*headers, *texts) if in_header else (*texts, *headers):
            if spot := _spot(text, value, capture.occurrence):
                return self._quote("source", place, text, *spot)
        return None

    def use(self, use: str, decision: Decision) -> Quote | None:
        """Where the value is needed."""
        match = _USE.match(use)
        place = self.entry_of(use, decision)
        if match is None or place is None:
            return None
        entry = self.entries[place]
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
