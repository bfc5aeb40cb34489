"""Which entries of a session the requests of a Plan may be."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from loadwright.compiler.plan.exchanges import RECEIVE, SEND, canonical, containing, exchanges
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.model import Capture, Journey, JsonBody, JsonObject, JsonText, Plan, Request, TextBody
from loadwright.compiler.plan.render import url_template
from loadwright.compiler.plan.template import Template, Text
from loadwright.compiler.plan.traverse import source_templates
from loadwright.compiler.recording.alignment import longest_fitting, mask
from loadwright.compiler.recording.graphql import operation, read_document
from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Entry

_BESIDE = 60
"""Entries by which a call may come earlier or later in one session than in another: what one page loads."""
_FEW = 50
"""Entries up to which their answers are searched for what a request captures."""
_ANY_ASKED = r"(?:\n.*)?"
_LAST = "\U0010ffff"


def journey_of(plan: Plan, entries: Sequence[Entry]) -> Journey | None:
    """The journey that a recording is of: the one most of whose requests it holds, in order; None when it holds none."""
    likeness = [(len(paired(plan, journey, entries)) / max(1, len(list(exchanges(journey)))), journey) for journey in plan.journeys]
    share, journey = max(likeness, key=lambda found: found[0], default=(0, None))
    return journey if share else None


def paired(plan: Plan, journey: Journey, entries: Sequence[Entry]) -> list[tuple[Request, Entry]]:
    """Each request with the next entry of its method whose URL it may give and whose answer has what it captures."""
    session = Session(plan, entries)
    requests = list(exchanges(journey))
    return [(requests[n], session.entries[place]) for n, place in in_order(session, requests).items()]


def in_order(session: Session, requests: Sequence[Request]) -> dict[int, int]:
    """The place of each request in a session that made them, or most of them.

    The longest sequence counts, so that a request which the session lacks does not take another's entry. Calls of a page's
    scripts may change places, and browsers load assets in an order that differs each time: what is left of these is looked
    for nearby, an asset anywhere.
    """
    found = dict(longest_fitting([session.mask(request) for request in requests], len(session.entries)))
    used = set(found.values())
    expected = 0
    for number, request in enumerate(requests):
        expected = found.get(number, expected)
        if number in found:
            continue
        place = session.nearby(request, used, expected)
        place = session.asset(request, used) if place is None else place
        if place is not None:
            used.add(place)
            found[number] = place
    return _uncrossed(found, [session.key(request) for request in requests])


def _uncrossed(found: Mapping[int, int], keys: Sequence[object]) -> dict[int, int]:
    """The places of requests that are alike in the order of these."""
    alike: dict[object, list[int]] = {}
    for number in sorted(found):
        alike.setdefault(keys[number], []).append(number)
    pairs = (zip(numbers, sorted(found[n] for n in numbers), strict=True) for numbers in alike.values())
    return dict(sorted(pair for group in pairs for pair in group))


class Session:
    """The entries of a recording in the order in which they began, and which of them a request may be."""

    def __init__(self, plan: Plan, entries: Sequence[Entry]) -> None:
        self.entries = sorted(entries, key=lambda e: (e.started, e.index))
        self._bases = {target.name: target.url for target in plan.targets}
        self._places: dict[str, dict[str, list[int]]] = {}
        for place, entry in enumerate(self.entries):
            self._places.setdefault(entry.request.method, {}).setdefault(_known_by(entry), []).append(place)
        self._of_urls: dict[tuple[str, str], list[str]] = {}
        for method, known in self._places.items():
            for text in known:
                self._of_urls.setdefault((method, text.partition("\n")[0]), []).append(text)
        self._sorted = {method: sorted(known) for method, known in self._places.items()}
        self._found: dict[tuple[str, str], list[int]] = {}
        self._masks: dict[object, int] = {}

    def fitting(self, request: Request) -> list[int]:
        """The places of the entries whose method and URL a request may have, in order."""
        pattern = _pattern(request, self._bases)
        key = request.method, pattern
        if key not in self._found:
            places = self._places.get(request.method, {})
            found = self._candidates(request)
            if not (_is_plain(request) and pattern.endswith(_ANY_ASKED)):  # else they are its URL
                found = list(filter(re.compile(pattern, re.DOTALL).fullmatch, found))
            self._found[key] = sorted(place for known in found for place in places[known])
        return self._found[key]

    def key(self, request: Request) -> object:
        """What requests are alike in: their method, the URLs that they may have, and what they capture."""
        return request.method, _pattern(request, self._bases), request.captures

    def asset(self, request: Request, used: set[int]) -> int | None:
        """The place of what a page loads, which is known by its URL alone."""
        if url_template(request).literal is None:
            return None
        return next((n for n in self.fitting(request) if n not in used and is_static(self.entries[n])), None)

    def mask(self, request: Request) -> int:
        """A number with a bit for each place whose entry a request may be: one with what it captures, if there is any."""
        key = self.key(request)
        if key not in self._masks:
            places = self.fitting(request)
            few = request.captures and len(places) <= _FEW
            holding = [place for place in places if self.holds(request, place)] if few else []
            self._masks[key] = mask(holding or places)
        return self._masks[key]

    def nearby(self, request: Request, used: set[int], expected: int) -> int | None:
        """The place nearest to an expected one, of what a request may be and is no other's."""
        places = self.fitting(request)
        near = places[bisect_left(places, expected - _BESIDE) : bisect_left(places, expected + _BESIDE)]
        free = (place for place in near if place not in used)
        return min(free, key=lambda place: (not self.holds(request, place), abs(place - expected)), default=None)

    def holds(self, request: Request, place: int) -> bool:
        """Whether the answer at a place has what a request captures."""
        return all(_may_give(capture, self.entries[place]) for capture in request.captures)

    def _candidates(self, request: Request) -> Sequence[str]:
        """What the entries are known by that may be a request, among them all that it fits: those with its first text."""
        start = _start(request, self._bases)
        if _is_plain(request):
            return self._of_urls.get((request.method, start), ())
        known = self._sorted.get(request.method, ())
        return known[bisect_left(known, start) : bisect_left(known, start + _LAST)]


def _is_plain(request: Request) -> bool:
    """Whether a request has one URL alone."""
    return request.method not in (SEND, RECEIVE) and url_template(request).literal is not None


def _start(request: Request, bases: Mapping[str, str]) -> str:
    """The text that a URL begins with; none for messages, and where it begins with a value."""
    if request.method in (SEND, RECEIVE):
        return ""
    flat = url_template(request)
    if not flat.parts:
        return bases.get(request.target or "", "")
    return bases.get(request.target or "", "") + flat.parts[0].value if isinstance(flat.parts[0], Text) else ""


def _known_by(entry: Entry) -> str:
    """What a request is found by: its URL and what it asks for by it, or the text of a message on a WebSocket."""
    match entry.request.method:
        case "SEND":
            return canonical((entry.request.body or b"").decode("utf-8", "replace"))
        case "RECEIVE":
            return entry.response.text or ""
        case _:
            asked = operation(entry)
            return f"{entry.request.url}\n{asked}" if asked else entry.request.url


def _pattern(request: Request, bases: Mapping[str, str]) -> str:
    if request.method == RECEIVE:
        wanted = containing(request)
        return f".*{_open(wanted)}.*" if wanted is not None else ".*"
    if request.method == SEND and isinstance(request.body, TextBody):
        return _open(request.body.value)
    flat = url_template(request)
    body = _open(flat)
    body += _asked(request)
    starts_open = bool(flat.parts) and not isinstance(flat.parts[0], Text)
    return body if starts_open else f"{re.escape(bases.get(request.target or '', ''))}{body}"


def _asked(request: Request) -> str:
    """What a request asks for in GraphQL, as a pattern of what `_known_by` adds."""
    value = request.body.value if isinstance(request.body, JsonBody) else None
    members = value.members if isinstance(value, JsonObject) else ()
    texts = {member.name: member.value.value.literal or "" for member in members if isinstance(member.value, JsonText)}
    asked = read_document(texts.get("query", ""), texts.get("operationName", ""))
    return re.escape(f"\n{asked}") if asked else _ANY_ASKED


def _open(flat: Template) -> str:
    return "".join(re.escape(part.value) if isinstance(part, Text) else ".*?" for part in flat.parts)


def _may_give(capture: Capture, entry: Entry) -> bool:
    """Whether a capture finds something in an answer; of one that holds values, which are another's, that is not known."""
    return any(source_templates(capture.source)) or captured(capture, entry, {}) is not None


def captured(capture: Capture, entry: Entry, known: Mapping[str, str]) -> str | None:
    """What a capture gives on a recorded answer."""
    return extract_with(capture, Response(entry.request.url, entry.response.headers, entry.response.text or ""), known)
