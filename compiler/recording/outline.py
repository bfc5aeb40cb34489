"""Groups the entries of a recording into steps, each an action of the user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from loadwright.compiler.recording.kinds import is_call, is_document, is_static, never_sent
from loadwright.compiler.recording.long_polls import waiting
from loadwright.compiler.recording.model import Entry, Recording, StepOutline, header
from loadwright.compiler.recording.names import StepNames
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.sockets import is_socket
from loadwright.compiler.recording.urls import host_port

PAUSE = 800.0
"""Milliseconds without traffic after which a request counts as a new action: pages rarely wait so long, people rarely less."""

REACTION = 150.0
"""Milliseconds within which nobody reacts to what a page shows: what follows sooner is the page's own doing."""

LONG_POLL = 10_000.0
"""Milliseconds after which an unanswered request no longer counts as activity."""

RESOLUTION = 1.0
"""Milliseconds that recorded times are exact to: a shorter overlap is none."""

_NAMED = "the user named the step"

_BEACONS = frozenset(("ping", "beacon"))
"""What pages send while they are being left."""


def outline(recording: Recording, kept: Sequence[int]) -> tuple[StepOutline, ...]:
    """The steps of the kept entries, in order, named, with the pauses before them.

    A new step begins where the user goes to a page (redirects, pages that scripts open and pages that follow a sent call at once
    stay in the step that caused them), where a new page of the recording begins, and after a pause of 800 ms. Static assets
    that come late stay with their page. From the first step that the user named while recording, only the named ones count.
    Requests form a parallel group only where each overlaps all others in time.
    """
    drafts = _merge_late_assets(_drafts(recording, frozenset(kept)))
    names = StepNames(recording)
    steps: list[StepOutline] = []
    quiet_since: float | None = None
    for draft in drafts:
        if draft.kept:
            think = 0 if quiet_since is None else _round(draft.started - quiet_since)
            steps.append(StepOutline(names.name(draft.kept), _groups(draft.kept, names.redirected), think, (draft.reason,)))
            quiet_since = max(quiet_since or 0.0, draft.ended)
    return tuple(steps)


def _round(pause: float) -> int:
    return int(pause / 100 + 0.5) * 100 if pause >= 100 else 0


# --- steps ------------------------------------------------------------------------------------------------------------


class _Draft(Struct):
    """A step in the making: all traffic of the journey's hosts in it, and what of it is kept."""

    reason: str
    entries: list[Entry] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)

    @property
    def started(self) -> float:
        return min(entry.started for entry in self.entries)

    @property
    def ended(self) -> float:
        return max((entry.ended for entry in self.entries if not _is_long(entry)), default=self.started)

    @property
    def has_page(self) -> bool:
        return any(is_document(entry) for entry in self.entries)

    def add(self, entry: Entry, kept: bool) -> None:
        self.entries.append(entry)
        if kept:
            self.kept.append(entry)


def _is_long(entry: Entry) -> bool:
    return is_call(entry) and entry.ended - entry.started > LONG_POLL


def _drafts(recording: Recording, kept: frozenset[int]) -> list[_Draft]:
    redirected = redirect_sources(recording.entries)
    named = frozenset(page.id for page in recording.pages if page.step)
    drafts: list[_Draft] = []
    seen_pages: set[str] = set()
    quiet = _Quiet()
    for entry in _activity(recording.entries, kept):
        reason = ""
        if not drafts:
            reason = "the recording starts"
        elif entry.page in named:
            reason = "" if entry.page in seen_pages else _NAMED
        elif entry.index not in redirected:
            reason = _boundary(entry, drafts[-1], quiet.before(entry), recording.timed, seen_pages)
        if reason:
            drafts.append(_Draft(reason))
            if is_document(entry) and len(drafts) > 1:
                _take_beacons(drafts[-2], drafts[-1], entry)
        drafts[-1].add(entry, entry.index in kept)
        quiet.add(entry)
        if entry.page:
            seen_pages.add(entry.page)
    return [draft for draft in drafts if draft.entries]


def _activity(entries: Sequence[Entry], kept: frozenset[int]) -> list[Entry]:
    """The kept entries, and the other traffic of their hosts that shows that a page is still loading."""
    hosts, waited = {host_port(entry.request.url) for entry in entries if entry.index in kept}, waiting(entries)
    return [
        entry
        for entry in entries
        if entry.index in kept
        or (
            entry.index not in waited
            and entry.response.status
            and host_port(entry.request.url) in hosts
            and (entry.from_cache or not never_sent(entry))
        )
    ]


def _boundary(entry: Entry, draft: _Draft, pause: float, timed: bool, seen_pages: set[str]) -> str:
    """Why an entry begins a new step, in words; empty when it belongs to the step before it."""
    if is_document(entry) and not _is_consequence(entry, draft, pause):
        return "a form was sent" if entry.request.method == "POST" else "a page was opened"
    if is_document(entry):
        return ""
    if entry.page and seen_pages and entry.page not in seen_pages:
        return "a new page of the recording begins"
    if not timed and not is_static(entry):
        return "the recording has no times: each request by itself"
    return f"a pause of {_round(pause) / 1000:g} s" if timed and pause >= PAUSE else ""


def _is_consequence(entry: Entry, draft: _Draft, pause: float) -> bool:
    """Whether a page was opened by what the step did before, not by the user."""
    if not draft.has_page:
        return pause < REACTION
    if _is_automatic(entry, pause) or _answers_challenge(entry, draft.entries[-1]):
        return True
    calls = [one for one in draft.entries if is_call(one) and one.resource not in _BEACONS]
    last = calls[-1] if calls else None
    return last is not None and last.request.method not in ("GET", "HEAD", "OPTIONS") and 0 <= entry.started - last.ended < REACTION


def _is_automatic(entry: Entry, pause: float) -> bool:
    """Whether a script opened the page, as Fetch Metadata tells (Sec-Fetch-User is sent for user actions only)."""
    headers = entry.request.headers
    if header(headers, "sec-fetch-mode") is None:
        return pause < REACTION / 2
    return pause < PAUSE and header(headers, "sec-fetch-user") is None and header(headers, "sec-fetch-site") != "none"


def _answers_challenge(entry: Entry, before: Entry) -> bool:
    """Whether the browser asked again with credentials, after a 401 or 407 (RFC 9110, section 11)."""
    return (
        before.response.status in (401, 407)
        and before.request.url == entry.request.url
        and before.request.method == entry.request.method
    )


def _take_beacons(before: _Draft, draft: _Draft, page: Entry) -> None:
    """Move what the old page sent while it was being left into the step that leaves it."""
    while before.entries:
        last = before.entries[-1]
        leaving = is_call(last) and last.started >= page.started - REACTION and last.ended > page.started
        if not leaving:
            return
        before.entries.pop()
        draft.entries.insert(0, last)
        if before.kept and before.kept[-1] is last:
            before.kept.pop()
            draft.kept.insert(0, last)


def _merge_late_assets(drafts: list[_Draft]) -> list[_Draft]:
    """Steps of nothing but static assets (pictures that load late) go to the step before, without shortening the pause after it."""
    merged: list[_Draft] = []
    for draft in drafts:
        if merged and draft.reason != _NAMED and all(is_static(entry) for entry in draft.entries):
            merged[-1].kept += draft.kept
        else:
            merged.append(draft)
    return merged


class _Quiet:
    """How long there has been no traffic, apart from beacons."""

    def __init__(self) -> None:
        self._last = 0.0
        self._open: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Take note of an entry; entries come in the order in which they started."""
        if entry.resource not in _BEACONS:
            self._last = max(self._last, entry.started)
            self._open.append(entry)

    def before(self, entry: Entry) -> float:
        """Milliseconds without traffic before an entry; 0 while a request is under way."""
        still: list[Entry] = []
        busy = False
        for one in self._open:
            if one.ended <= entry.started:
                self._last = max(self._last, one.ended)
            else:
                still.append(one)
                busy = busy or not _is_long(one)
        self._open = still
        return 0.0 if busy else max(0.0, entry.started - self._last)


# --- groups -----------------------------------------------------------------------------------------------------------


def _groups(entries: Iterable[Entry], redirected: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    """The entries in order; in one group those that each overlap all others.

    Pages, redirected requests and WebSockets stand alone. What was sent once a change was being answered may follow from that: a
    script goes on with an answer that says no more than its status before the browser has closed it.
    """
    groups: list[list[Entry]] = []
    alone = True
    for entry in entries:
        single = is_document(entry) or entry.index in redirected or is_socket(entry)
        if groups and not alone and not single and all(entry.started < _busy_until(one) for one in groups[-1]):
            groups[-1].append(entry)
        else:
            groups.append([entry])
        alone = single
    return tuple(tuple(entry.index for entry in group) for group in groups)


def _busy_until(entry: Entry) -> float:
    """Until when what is sent goes its way without regard to this entry."""
    is_change = entry.request.method not in ("GET", "HEAD", "OPTIONS")
    return entry.ended - RESOLUTION - (entry.receiving if is_change else 0.0)
