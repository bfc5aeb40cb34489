"""Requests that go where an answer sent them: the whole address is taken, not its parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from urllib.parse import unquote

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decide.positions import is_alone
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID, NUMBERED_WORDS, describe
from loadwright.compiler.agents.decide.stability import is_by_position, rank
from loadwright.compiler.agents.decisions import Decision, Slice
from loadwright.compiler.agents.facts import CLOCK_SLACK, Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_fixed_name
from loadwright.compiler.agents.observe.handed import forms, handed, is_in_no_words_order, varying
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.model import Capture, RedirectSource
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Part, Reference, call, template
from loadwright.compiler.recording.model import Entry

_LONGEST = 2000
"""Characters of an address that an answer hands out."""
_DEEPEST_ADDRESS = 3
_PART = re.compile(r"[^/?&=#]{8,}")
_PIECE = re.compile(r"[^\"' \n]+")
_BY_THEMSELVES = ("link", "boundary", "text", "cookie")
"""What gives a part of an address out of an address, or by chance."""


class WholeUrls:
    """Finds and records the addresses that are taken as a whole."""

    def __init__(
        self,
        entries: Sequence[Entry],
        ledger: Ledger,
        history: History,
        facts: Facts,
        second: Second,
        links: Links,
    ) -> None:
        self.entries = entries
        self.ledger, self.history, self.facts, self.second, self.links = ledger, history, facts, second, links
        self._taken: dict[str, Part] = {}
        """Address: what stands for it behind its first slash."""
        self._given: dict[str, tuple[Part, Decision]] = {}
        """Address as an answer wrote it: what stands for it."""

    def take(self, entry: Entry) -> bool:
        """Whether the address of a request is taken as a whole; then what stands for it is recorded."""
        return self._redirected(entry) or self._handed(entry)

    def inside(self, site: Site, value: str) -> Iterator[Slice]:
        """The places where an address that was taken stands in a longer value, as a signed request says where it goes."""
        for piece in _PIECE.finditer(value) if self._given and "/" in value else ():
            if given := self._given.get(piece[0]):
                part, decision = given
                decision.uses.append(self.ledger.where(site))
                yield Slice(*piece.span(), part)

    def _redirected(self, entry: Entry) -> bool:
        """Follow a redirect by its whole Location where that is what a browser does and no part is needed elsewhere."""
        cause = self.facts.redirected_by.get(entry.index)
        if cause is None:
            return False
        sites = [s for s in self.facts.sites[entry.index] if s.location in ("path", "query")]
        dynamic = [
            s
            for s in sites
            if is_token(s.value) or _holds_a_token(s.value) or _is_an_id(s) or _is_a_message(s) or self.history.changed(s)
        ]
        if not dynamic or (len(dynamic) == 1 and not is_fixed_name(dynamic[0].name) and self._needed_elsewhere(dynamic[0])):
            return False
        name = self.ledger.name("location")
        decision = self.ledger.record("extract", entry.request.url, name, dynamic[0])
        decision.source = f"{self.ledger.label(cause)}: redirect"
        decision.evidence += ["the request follows the redirect", f"{len(dynamic)} dynamic parts in its URL"]
        capture = Capture(name=name, source=RedirectSource(), origin=DecisionOrigin(decision=decision.id))
        self.ledger.result.captures.setdefault(cause, []).append(capture)
        led, whole = self.history.entry(cause).response.redirect or "", Reference(name=name)
        self.ledger.result.whole_urls[entry.index] = template(call("before", whole, "#") if "#" in led else whole)
        return True

    def _needed_elsewhere(self, site: Site) -> bool:
        others = (s for s in self.history.sites_of[site.value] if s.entry not in self.facts.redirected_by and s.key != "referer")
        return any(len(s.value) >= LONG_ID or not s.key.startswith(NAME_KEY) for s in others)

    def _handed(self, entry: Entry) -> bool:
        """Go where a member of an answer said as a whole, where a part of the address has no source of its own."""
        if entry.index not in self._lacking:
            return False
        url, part = entry.request.url, self._lacking[entry.index]
        if url not in self._taken:
            found = (o for form in forms(url) for o in self._members.get(form, ()))
            best = min(self._sources(entry, part, found), key=lambda o: (o.ended, rank(o)), default=None)
            if best is None:
                return False
            self._taken[url] = self._captured(entry, part, best)
        self.ledger.result.whole_urls[entry.index] = template("/", self._taken[url])
        return True

    @cached_property
    def _lacking(self) -> dict[int, Site]:
        """Entry: the first part of its address that may vary and has no source of its own."""
        found: dict[int, Site] = {}
        for entry in self.entries:
            if len(entry.request.url) <= _LONGEST and entry.index not in self.history.assets:
                part = next((s for s in varying(self.facts.sites[entry.index]) if not self._has_a_source(s)), None)
                if part is not None:
                    found[entry.index] = part
        return found

    @cached_property
    def _members(self) -> dict[str, list[Occurrence]]:
        """The members of answers that are such an address."""
        wanted = {form for entry in self.entries if entry.index in self._lacking for form in forms(entry.request.url)}
        found: dict[str, list[Occurrence]] = defaultdict(list)
        for one in handed(self.entries, wanted, self.history.sites_of.keys()):
            found[one.value].append(one)
        return found

    def _has_a_source(self, site: Site) -> bool:
        """Whether a part is given by itself, not only in an address."""
        if self.history.changed(site) is False:
            return True
        given = self.history.given(site, site.value)
        return any(o.kind not in _BY_THEMSELVES and not o.chain and (o.name or o.context) for o in given)

    def _sources(self, entry: Entry, site: Site, given: Iterable[Occurrence]) -> Iterator[Occurrence]:
        """The members that gave the address before anybody asked for it."""
        asked = self.history.first_asked(entry.request.url) + CLOCK_SLACK
        for one in self.links.withheld.without(o for o in given if o.kind == "json" and not o.chain):
            if one.ended > asked or not self.history.in_time(one, site) or self.links.is_by_a_unique_word(one):
                continue
            if is_by_position(one) and not is_alone(one, self.history.answer(one.entry)):
                continue
            partner, theirs = self.second.partners.get(entry.index), self.second.given(one)
            if partner is None or theirs in forms(partner.request.url):
                yield one

    def _captured(self, entry: Entry, site: Site, best: Occurrence) -> Part:
        name = self.ledger.name(best.name, "address")
        decision = self.ledger.record("extract", entry.request.url, name, site)
        decision.source = f"{self.ledger.label(best.entry)}: {describe(best)}"
        decision.evidence += ["the response ended before the request started", "the response gave the whole address"]
        capture = Capture(name=name, source=best.source, occurrence=best.ordinal, origin=DecisionOrigin(decision=decision.id))
        self.ledger.result.captures.setdefault(best.entry, []).append(capture)
        part: Part = Reference(name=name)
        self._given[best.value] = part, decision
        return call("after", part if best.value.startswith("/") else call("after", part, "//"), "/")


def _holds_a_token(value: str) -> bool:
    """Whether an address in a query, which may hold another, has a token in it: `continue=/go?next=%2Fview%3Fticket%3D8f3a…`."""
    if value[:1] != "/" or "?" not in value:
        return False
    for _ in range(_DEEPEST_ADDRESS):
        if any(map(is_token, _PART.findall(value))):
            return True
        value = unquote(value)
    return False


def _is_a_message(site: Site) -> bool:
    """Whether the query of a redirect tells the user something: `?message=issue 3 created`."""
    return site.location == "query" and len(site.value.split()) > 2


def _is_an_id(site: Site) -> bool:
    """Whether a part of a redirect is a number, alone or before the words of a title."""
    if site.location == "query":
        return site.name == "" and site.value.isdigit()  # `/page?28`
    return site.value.isdigit() or NUMBERED_WORDS.fullmatch(site.value) is not None or is_in_no_words_order(site.value)
