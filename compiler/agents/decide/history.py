"""Who had a value first: the client or the server, and when."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import isinf

from loadwright.compiler.agents.facts import CLOCK_SLACK, Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded
from loadwright.compiler.agents.observe.boxes import is_by_its_number
from loadwright.compiler.agents.observe.fragments import strings
from loadwright.compiler.agents.observe.inside import inner_sites
from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.model import BodySource, RegexSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import SEND

DRAWN_DIGITS = range(6, 10)
"""More digits than a number has that is met by chance, and fewer than a clock's."""
_WORD = re.compile(r"\w+")
_TELLING = 4
"""Characters from which a value is met by chance more seldom."""
_FIRST, _LAST = 50, 150
"""So many occurrences are looked at of a value that stands in more places, as a word of most addresses does: time stays linear."""

Changes = Mapping[tuple[int, str, str], bool]
"""By entry, location and key of a site: whether a second recording has another value there."""


class _Received:
    """The tokens that responses had given by a time: what they encode, the client did not say."""

    def __init__(self, facts: Facts, time: float) -> None:
        self.facts, self.time = facts, time

    def __contains__(self, value: object) -> bool:
        found = self.facts.occurrences.get(value, ()) if isinstance(value, str) else ()
        return any(first.ended <= self.time + CLOCK_SLACK and _holds_token(first.value) for first in found[:1])


def _is_in_a_name(occurrence: Occurrence) -> bool:
    """Whether a number is of the name of a field, which shows no text."""
    source = occurrence.source
    return isinstance(source, RegexSource) and is_by_its_number(fixed(source.pattern))


def _holds_token(value: str) -> bool:
    """Whether a value is a token, or pieces between colons of which one is (`100:1:29416027560973::`)."""
    return is_token(value) or (":" in value and "/" not in value and any(map(is_token, value.split(":"))))


def _place(site: Site) -> tuple[str, ...]:
    """A value by which to know it elsewhere: alone, or with its place where it is met by chance."""
    return (site.value,) if len(site.value) >= _TELLING else (site.value, site.location, site.name, site.context)


class History:
    """When each value was sent and given in a recording, and what a second recording says of it."""

    def __init__(self, entries: Sequence[Entry], facts: Facts, changes: Changes) -> None:
        self.facts, self.changes = facts, changes
        self.assets = {entry.index for entry in entries if is_asset(entry)}
        self.changing = {entry.index for entry in entries if not only_reads(entry)}
        """Entries whose requests may change something."""
        self._entries = {entry.index: entry for entry in entries}
        self._first_asked: dict[str, float] = {}
        """URL: when it was first asked for."""
        for entry in entries:
            self._first_asked.setdefault(entry.request.url, entry.started)
        self._asked: tuple[int, float, str] | None = None
        self._given: tuple[Occurrence, ...] = ()
        """What was asked of `given` last, as one site's value is asked for by many rules; and the answer."""
        self._sent_as: dict[tuple[str, str, str], float] = {}
        self._held_as: dict[tuple[str, str, str], float] = {}
        self._constant: set[tuple[str, ...]] | None = None
        """The values, short ones with their places, that a second recording has too wherever it tells."""
        self.first_sent: dict[str, float] = {}
        self.sites_of: dict[str, list[Site]] = defaultdict(list)
        self.uploaded: dict[str, float] = {}
        """Names of uploaded files, and what stands before their dot: when they were first sent."""
        for entry in entries:
            for site in facts.sites[entry.index]:
                texts, received = dict.fromkeys(strings(site.value)), _Received(facts, site.started)
                for value in texts:
                    self.sites_of[value].append(site)
                for inner in inner_sites(site):
                    self.sites_of[inner.value].append(inner)
                is_passed_on = any(value in received for value in texts)
                for value in dict.fromkeys(strings(site.value, closed=received)) if is_passed_on else texts:
                    self.first_sent.setdefault(value, site.started)
            for part in entry.request.parts:
                stem = (part.filename or "").partition(".")[0]
                for name in (part.filename, stem) if part.filename else ():
                    self.uploaded.setdefault(name, entry.started)
                for name in (part.filename, stem, *strings(stem)) if part.filename else ():
                    self.first_sent.setdefault(name, entry.started)

    def changed(self, site: Site) -> bool | None:
        """Whether a second recording has another value there; None where it does not tell.

        A request that it lacks carries what is constant elsewhere, if all others that carry it say so.
        """
        told = self.changes.get((site.entry, *site.identity))
        return told if told is not None or not self.changes else self._elsewhere(site)

    def _elsewhere(self, site: Site) -> bool | None:
        """False where the second recording has the same value wherever else it is sent: a short one in the same place."""
        if self._constant is None:
            said: dict[tuple[str, ...], bool] = {}
            for one in (site for sites in self.facts.sites.values() for site in sites):
                told = self.changes.get((one.entry, *one.identity))
                if told is not None:
                    said[_place(one)] = told or said.get(_place(one), False)
            self._constant = {place for place, told in said.items() if not told}
        return False if _place(site) in self._constant else None

    def answer(self, entry: int) -> str:
        """The text of the answer to a request."""
        return self._entries[entry].response.text or ""

    def entry(self, index: int) -> Entry:
        """A request and its answer."""
        return self._entries[index]

    def is_said_between(self, first: int, last: int) -> bool:
        """Whether the client said something on a WebSocket between two messages."""
        between = (self._entries.get(index) for index in range(first + 1, last))
        return any(one is not None and one.request.method == SEND for one in between)

    def first_asked(self, url: str) -> float:
        """When a URL was first asked for."""
        return self._first_asked[url]

    def path(self, site: Site) -> str:
        """The path of the request that has a site."""
        return path_of(self._entries[site.entry])

    def is_sent_by(self, page: int, entry: int) -> bool:
        """Whether a request says that the page of another entry sends it."""
        return self._entries[page].request.url in self._referers(entry)

    def is_on_its_page(self, answer: int, entry: int) -> bool:
        """Whether an answer is the page that sends a request, or what this page loaded since."""
        said = self._referers(entry)
        return self._entries[answer].request.url in said or (bool(said) and self._referers(answer) == said)

    def _referers(self, entry: int) -> set[str]:
        return {value for name, value in self._entries[entry].request.headers if name.lower() == "referer"}

    def named(self, site: Site) -> Iterator[Site]:
        """The sites of all requests that have the place and name of this one, whatever their values."""
        for sites in self.facts.sites.values():
            yield from (s for s in sites if s.location == site.location and s.name == site.name)

    def sites_with(self, word: str) -> Iterator[Site]:
        """The sites of forms and JSON that have a word among others."""
        if _WORD.fullmatch(word):
            yield from self._by_word[word]
            return
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        yield from (s for s in self._written() if word in s.value and whole.search(s.value))

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Site]]:
        found: dict[str, list[Site]] = defaultdict(list)
        for site in self._written():
            for word in set(_WORD.findall(site.value)):
                found[word].append(site)
        return found

    def _written(self) -> Iterator[Site]:
        for sites in self.facts.sites.values():
            yield from (s for s in sites if s.location in ("form", "json", "part"))

    def in_time(self, occurrence: Occurrence, site: Site) -> bool:
        """Whether the response had ended when the request began."""
        if occurrence.entry == site.entry:
            return False
        return occurrence.ended <= site.started + CLOCK_SLACK or self.facts.redirected_by.get(site.entry) == occurrence.entry

    def given(self, site: Site, value: str) -> tuple[Occurrence, ...]:
        """What the responses that had ended when a request began held of a value; the first and last of very many."""
        key = (site.entry, site.started, value)
        if key != self._asked:
            self._asked = key
            found = self.facts.occurrences.get(value, ())
            ended = bisect_right(found, site.started + CLOCK_SLACK, key=lambda o: o.ended)
            past = found[:ended] if ended <= _FIRST + _LAST else [*found[:_FIRST], *found[ended - _LAST : ended]]
            before = self.facts.redirected_by.get(site.entry)
            led = (o for o in found[ended:] if o.entry == before) if before is not None else ()
            self._given = (*(o for o in past if o.entry != site.entry), *led)  # those `in_time`
        return self._given

    def was_there(self, occurrence: Occurrence, site: Site, context: str) -> bool:
        """Whether a short value was spoken of in the same place before the request of an occurrence, and so not made by it."""
        if is_token(occurrence.value):
            return False
        made, name = self._entries[occurrence.entry].started, folded(site.name)
        sent, held = self._first_sent_as(occurrence.value, context, name), self._first_held_as(occurrence.value, context, name)
        return sent <= made + CLOCK_SLACK or held <= made

    def _first_sent_as(self, value: str, context: str, name: str) -> float:
        """When a value was first sent behind a segment or in a field that is called so; infinite for never."""
        key = value, context, name
        if key not in self._sent_as:
            alike = (s.started for s in self.sites_of.get(value, ()) if s.context == context and folded(s.name) == name)
            self._sent_as[key] = min(alike, default=float("inf"))
        return self._sent_as[key]

    def _first_held_as(self, value: str, context: str, name: str) -> float:
        """When an answer with a value behind such a segment, or called so, had first ended; infinite for never."""
        key = value, context, name
        if key not in self._held_as:
            given = self.facts.occurrences.get(value, ())
            alike = (o.ended for o in given if (o.context == context if context else folded(o.name) == name))
            self._held_as[key] = min(alike, default=float("inf"))
        return self._held_as[key]

    def client_first(self, value: str, site: Site | None = None) -> bool:
        """Whether the client sent the value before any response held it; a short one counts where it is called the same."""
        first = self.facts.occurrences.get(value)
        if not first:
            return True
        sent = min(self.first_sent.get(name, float("inf")) for name in (value, value.strip("/")))  # `/name` after `name.war`
        if site is not None and not is_token(value) and value.isdigit() and len(value) not in DRAWN_DIGITS:
            kin = self._first_sent_as(value, site.context, folded(site.name))
            sent = sent if isinf(kin) else kin
        return sent < first[0].ended - CLOCK_SLACK

    def typed_first(self, value: str) -> bool:
        """The same for what a field says the user typed: that a page holds the word somewhere in its text says nothing.

        A password may be a word that stands on every page; it must not be left in the test for that.
        """
        given = (o for o in self.facts.occurrences.get(value, ()) if not _is_in_a_name(o))
        held = [o for o in given if not isinstance(o.source, BodySource) or (o.kind == "body" and is_token(value))]
        return not held or self.first_sent.get(value, float("inf")) < held[0].ended - CLOCK_SLACK

    def server_made(self, value: str) -> bool:
        """Whether a response held the value before the client sent it."""
        return not self.client_first(value)
