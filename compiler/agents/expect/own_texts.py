"""What the user made up and the application shows again: a name that was saved stands in the page of the thing that has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import orjson
from ahocorasick_rs import AhoCorasick
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.decisions import Decisions, Slice, cut_out
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.agents.observe.typed import is_search
from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import Call, Part, Reference, Template, template, walk
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Entry

_SPOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{6,78}[A-Za-z0-9]")
"""A text that HTML, JSON and XML show as it is."""
_WORDS = re.compile(r"[^\W\d_][\w .'-]{2,60}")
_DRAWN = frozenset(("random_string", "random"))
_ADDRESSED = frozenset(("path", "query", "json", "part", "form"))
_ROWS = "tr, li, option, article"
_OUTSIDE = "title, h1, h2, h3, textarea, input, [role=alert], [role=status]"
_DEEPEST = 12


class Own(Struct, frozen=True):
    """What answers show of what the user made up, by entry."""

    surely: Mapping[int, TextExpectation] = {}
    """That they show it, where they do whatever others do."""
    shown: Mapping[int, Sequence[str]] = {}
    """The texts themselves: a list that has one of them is not empty, wherever it stands in it."""
    searched: Mapping[int, Sequence[str]] = {}
    """The words that requests search for: nor is a list that answers them."""

    def listed(self, entry: int) -> Sequence[str]:
        """The texts that an item of a list may show because of the user."""
        return (*self.shown.get(entry, ()), *self.searched.get(entry, ()))


class _Typed(Struct, frozen=True):
    """A text that the user made up for this session."""

    site: Site
    written: Template
    theirs: str
    """What the second recording has in its place; empty without one."""


def own_texts(
    entries: Sequence[Entry],
    facts: Facts,
    decisions: Decisions,
    partners: Mapping[int, Entry],
    sent_there: Mapping[tuple[int, str, str], str],
) -> Own:
    """For each entry that surely shows a text that was made up for this session: that it does, the last one that was sent.

    Not in a list that others add to, where it may be on the next page: unless the request asks for the user's own (by a made-up
    text, or an id that came with one), or the own row is the first of several. A page repeats what it was sent (in the box of a
    search, in a form that was refused), so the text of a link or cell is expected there. `partners` are the same requests in
    another recording, `sent_there` what they sent in each place.
    """
    return _Showing(entries, facts, decisions, partners, sent_there).run()


class _Showing:
    def __init__(
        self,
        entries: Sequence[Entry],
        facts: Facts,
        decisions: Decisions,
        partners: Mapping[int, Entry],
        sent_there: Mapping[tuple[int, str, str], str],
    ) -> None:
        self.entries, self.facts, self.decisions = entries, facts, decisions
        self.partners, self.sent_there = partners, sent_there
        self.drawn = _drawn_names(decisions)
        self.typed: dict[str, _Typed] = {}
        self.own_ids: set[str] = set()
        """Names of what is taken from answers that were sent an own text, or show one."""

    def run(self) -> Own:
        searched = {entry.index: words for entry in self.entries if (words := self._searched(entry))}
        return Own(*self._shown(), searched)

    def _searched(self, entry: Entry) -> list[str]:
        sites = filter(is_search, self.facts.sites[entry.index])
        return [site.value for site in sites if _WORDS.fullmatch(site.value) and not self._is_received(site)]

    def _is_received(self, site: Site) -> bool:
        """Whether a value is taken from an answer, so that each iteration has another one."""
        return any(_names_in(cut.part) & self._captured for cut in self._slices(site))

    @cached_property
    def _captured(self) -> set[str]:
        return {capture.name for captures in self.decisions.captures.values() for capture in captures}

    def _shown(self) -> tuple[dict[int, TextExpectation], dict[int, list[str]]]:
        if not self.drawn:
            return {}, {}
        for typed in (typed for entry in self.entries if not only_reads(entry) for typed in self._sent(entry)):
            self.typed.setdefault(typed.site.value, typed)
        if not self.typed:
            return {}, {}
        texts = list(self.typed)
        automaton = AhoCorasick(texts)
        files = {data for entry in self.entries for data in _files(entry)}
        found: dict[int, TextExpectation] = {}
        texts_shown: dict[int, list[str]] = {}
        for entry in sorted(self.entries, key=lambda e: e.started):
            body = entry.response.text
            seen = sorted({n for n, _, _ in automaton.find_matches_as_indexes(body, overlapping=True)}) if body else []
            shown = [one for one in map(self.typed.__getitem__, map(texts.__getitem__, seen)) if one.site.started <= entry.started]
            if shown or any(site.value in self.typed for site in self.facts.sites[entry.index]):
                self.own_ids.update(capture.name for capture in self.decisions.captures.get(entry.index, ()))
            texts_shown[entry.index] = [one.site.value for one in shown]
            is_fitting = shown and 200 <= entry.response.status < 300 and not is_asset(entry)
            if is_fitting and (body or "").encode() not in files and (one := self._surely(entry, shown)):
                found[entry.index] = one
        return found, texts_shown

    def _sent(self, entry: Entry) -> Iterator[_Typed]:
        for site in self.facts.sites[entry.index]:
            if site.location not in _ADDRESSED or not _SPOKEN.fullmatch(site.value) or not self._is_drawn(site):
                continue
            theirs = self.sent_there.get((site.entry, *site.identity), "")
            if not self.partners or (theirs and theirs != site.value):
                yield _Typed(site, cut_out(site.value, self._slices(site)), theirs)

    def _slices(self, site: Site) -> list[Slice]:
        return sorted(self.decisions.slices.get((site.entry, *site.identity), ()), key=lambda s: s.start)

    def _is_drawn(self, site: Site) -> bool:
        """Whether a value is made up anew in each iteration, and holds nothing else that changes."""
        parts = [cut.part for cut in self._slices(site)]
        return bool(parts) and all(_names_in(part) <= self.drawn for part in parts) and any(map(_names_in, parts))

    def _surely(self, entry: Entry, shown: Sequence[_Typed]) -> TextExpectation | None:
        """The last text that was sent of those which the answer shows, in the other recording too."""
        partner = self.partners.get(entry.index)
        if self.partners and (partner is None or partner.response.body_missing):
            return None
        is_page = "html" in entry.response.media_type
        asked = {site.value for site in self.facts.sites[entry.index]} if is_page or only_reads(entry) else set[str]()
        is_own = self._asks_for_own(entry)
        for one in sorted(shown, key=lambda typed: typed.site.started, reverse=True):
            answers = [(entry.response.text or "", one.site.value)]
            if partner is not None:
                answers.append((partner.response.text or "", one.theirs))
            for before, after in (("", "</a>"), ("", "</td>")) if one.site.value in asked else (("", ""),):
                if all(f"{before}{value}{after}" in text for text, value in answers) and (
                    is_own or all(_stands_out(text, value, is_page) for text, value in answers)
                ):
                    return TextExpectation(relation="contains", value=template(before, one.written, after))
        return None

    def _asks_for_own(self, entry: Entry) -> bool:
        """Whether a request says which thing it means: by what the user made up, or by an id that came with that."""
        parts = [cut.part for site in self.facts.sites[entry.index] if site.location in _ADDRESSED for cut in self._slices(site)]
        if whole := self.decisions.whole_urls.get(entry.index):
            parts += whole.parts
        return any(_names_in(part) & (self.drawn | self.own_ids) for part in parts)


def _files(entry: Entry) -> Iterator[bytes]:
    """The files that a request sends, which have what is in them whoever sends them."""
    yield from (part.data for part in entry.request.parts if part.filename)
    if entry.request.body and not entry.request.parts:
        yield entry.request.body


def _drawn_names(decisions: Decisions) -> set[str]:
    """Names of variables that are drawn anew in each iteration, or made of such."""
    found: set[str] = set()
    for _ in range(3):
        for variable in decisions.variables:
            parts = list(walk(variable.value))
            called = {part.function for part in parts if isinstance(part, Call)}
            if called & _DRAWN or found & {part.name for part in parts if isinstance(part, Reference)}:
                found.add(variable.name)
    return found


def _names_in(part: Part) -> set[str]:
    return {one.name for one in walk(template(part)) if isinstance(one, Reference)}


def _stands_out(text: str, value: str, is_page: bool) -> bool:
    """Whether a text stands where no other row can push it out: outside of lists, or first in one of several rows."""
    return _stands_out_in_page(text, value) if is_page else _stands_out_in_json(text, value)


def _stands_out_in_page(text: str, value: str) -> bool:
    document = LexborHTMLParser(text)
    if any(value in (node.html or "") for node in document.css(_OUTSIDE)):
        return True
    row = next((node for node in document.css(_ROWS) if value in (node.html or "")), None)
    if row is None or row.parent is None:
        return False
    rows = [node for node in row.parent.iter() if node.tag == row.tag]
    return len(rows) > 1 and row == rows[0]


def _stands_out_in_json(text: str, value: str) -> bool:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return _first_of_all(document, value, _DEEPEST)


def _first_of_all(document: Any, value: str, depth: int) -> bool:
    """Whether a text stands in an object, or in the first of several items."""
    if isinstance(document, str):
        return value in document
    if not depth:
        return False
    if isinstance(document, dict):
        return any(_first_of_all(one, value, depth - 1) for one in document.values())
    return isinstance(document, list) and len(document) > 1 and _first_of_all(document[0], value, depth - 1)
