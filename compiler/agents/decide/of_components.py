"""Ids of components that calls of ZK send: by what its author or its page calls each, since the server counts them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from loadwright.compiler.agents.decide.links import BY_PLACE, Links
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import CLOCK_SLACK, Facts, Occurrence, Site, SourceKind
from loadwright.compiler.agents.observe.notations import leaves
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.values import is_token, literal_pattern
from loadwright.compiler.plan.model import CaptureSource, RegexSource
from loadwright.compiler.plan.template import Part, template
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.zk import Component, components, ids_of_a_form, names_components, speaks_of_components

_KEY = r"','([^'\n]+)'"
_WORDS = re.compile(r"[^\W\d]{2,}")
_UNKNOWN = "the id of a component, and no answer before says which one it is: the server has another one for it each time"
_FAR = 12
"""Components between one and what tells which one it is."""
_MOST_LINES = 40
_MOST_ROWS = 300
"""Components of one kind among which one is told by its place."""


class _Way(Struct):
    """How to take a component's id: a pattern, and with the user's own word in it what stands for the word."""

    pattern: str
    own: CaptureSource | None = None
    ordinal: int = 0
    """Which match it is, where only its place tells it."""
    is_by_text: bool = False


class OfComponents:
    """Finds the answer that mounted a component first, and how to know the component there."""

    def __init__(self, links: Links, entries: Sequence[Entry], facts: Facts) -> None:
        self.links = links
        self.calls = {e.index for e in entries if any(speaks_of_components(s.name, s.value) for s in facts.sites[e.index])}
        self._answers = {e.index: e for e in entries if self.calls}
        self._mounted: dict[int, list[Component]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        """Id: the answer that mounted it first, and the number of the component there."""
        for entry in sorted(self._answers.values(), key=lambda e: (e.ended, e.index)):
            if entry.index not in links.history.assets and (found := components(entry.response.text or "")):
                self._mounted[entry.index] = found
                for number, one in enumerate(found):
                    self._places.setdefault(one.key, (entry.index, number))

    def take(self, site: Site) -> bool:
        """Whether a value is a component's id; then what stands for it is recorded, or that nothing does."""
        if not self._speaks(site):
            return False
        if site.value not in self._places:
            if site.name.startswith("uuid"):
                self.links.ledger.result.doubts[site] = _UNKNOWN
            return False
        part = self._part(site, site.value)
        if part is not None:
            self.links.ledger.use(site, 0, len(site.value), part)
        return part is not None

    def inside(self, site: Site) -> list[Slice]:
        """What stands for the ids of components that a document holds, or a form in a part: what was ticked in a list."""
        if site.entry in self.calls and site.location == "part" and speaks_of_components(site.name, site.value):
            held = list(ids_of_a_form(site.value))
        elif self._speaks(site):
            held = [(leaf.start, leaf.end, leaf.value) for leaf in leaves(site.value)]
        else:
            return []
        held = [one for one in held if one[2] in self._places]
        return [Slice(start, end, part) for start, end, value in held if (part := self._part(site, value))]

    def _speaks(self, site: Site) -> bool:
        """Whether a site may hold ids of components."""
        return site.entry in self.calls and site.location in ("form", "part") and names_components(site.name)

    def _part(self, site: Site, value: str) -> Part | None:
        entry, one = self._answers[self._places[value][0]], self._mounted[self._places[value][0]][self._places[value][1]]
        if entry.ended > site.started + CLOCK_SLACK:
            return None
        others: list[Occurrence] = []
        is_called_otherwise = False
        for way in self._ways(entry, self._places[value][1]):
            if not _gives(way, value, entry.response.text or ""):
                continue
            found = _occurrence(entry, one, way)
            said = None if way.own else self.links.second.confirms(site, value, found)
            if said is not False:
                if way.ordinal and is_called_otherwise:
                    self.links.ledger.result.places[site] = BY_PLACE
                return self._taken(site, found, way.own)
            is_called_otherwise |= way.is_by_text
            others.append(found)
        # the user took another one there, or the script put other calls into one request
        chosen = next((found for found in others if self.links.second.given(found) is not None), None)
        return self._taken(site, chosen, None) if chosen else None

    def _taken(self, site: Site, found: Occurrence, own: CaptureSource | None) -> Part:
        captures = self.links.captures
        return captures.again(site, found) or captures.take(site, found.value, found, (), own)

    def _ways(self, entry: Entry, number: int) -> Iterator[_Way]:
        """The ways to know a component, the surest first."""
        text, found = entry.response.text or "", self._mounted[entry.index]
        one = found[number]
        begins = literal_pattern(f"['{one.kind}") + _KEY
        if one.name and not _may_differ(one.name):
            yield _Way(f"{begins}[^\\n]*?\\b" + literal_pattern(f"id:'{one.name}'"))
        if one.row >= 0:
            yield from self._by_own_words(entry, number, begins)
        if _tells(one.text):
            yield _Way(f"{begins}[^\\n]*?\\b{literal_pattern(one.text)}", is_by_text=True)
        if one.row < 0:
            yield _Way(begins)
        for other in _beside(found, number):
            if _tells(found[other].text) and (way := _way_to(text, found, number, other, begins)):
                yield _Way(f"\\b{literal_pattern(found[other].text)}".join(way), is_by_text=True)
        if one.row >= 0:
            yield _Way(begins)
        place = sum(other.kind == one.kind for other in found[:number])
        if place < _MOST_ROWS:
            yield _Way(begins, ordinal=place + 1)

    def _by_own_words(self, entry: Entry, number: int, begins: str) -> Iterator[_Way]:
        """By a word that the user made up, in the component's row."""
        text, found = entry.response.text or "", self._mounted[entry.index]
        marks = [mark for mark in self.links.own_rows.values.marks(text, entry.started, found[number].key) if mark.is_a_word]
        for other in _beside(found, number) if marks else ():
            for mark in marks:
                if mark.text in found[other].text and (way := _way_to(text, found, number, other, begins)):
                    before, behind = way
                    source = RegexSource(pattern=template(before, mark.part, behind))
                    yield _Way(before + re.escape(mark.text) + behind, source)


def _gives(way: _Way, value: str, text: str) -> bool:
    """Whether a way gives the id from its answer; without a place or a word of the user's, no other one."""
    found = list(islice(taken(way.pattern, text), way.ordinal or 2))
    if way.ordinal:
        return found[way.ordinal - 1 :] == [value]
    return found[:1] == [value] and (way.own is not None or len(found) == 1)


def _beside(found: Sequence[Component], number: int) -> Iterator[int]:
    """The components that may say which one it is: those in it, then those before it and behind it in its row.

    In no row it is what stands right before it.
    """
    one = found[number]
    yield from range(number + 1, number + 1 + min(one.inside, _FAR))
    if one.row < 0:
        yield from range(max(0, number - 1), number)
        return
    last = one.row + found[one.row].inside
    yield from range(number - 1, max(one.row, number - _FAR) - 1, -1)
    yield from range(number + 1 + one.inside, min(last + 1, number + _FAR))


def _way_to(text: str, found: Sequence[Component], number: int, other: int, begins: str) -> tuple[str, str] | None:
    """The patterns before and behind what another component says; none where one of the same kind stands between them."""
    first, last = sorted((number, other))
    lines = text.count("\n", found[first].start, found[last].start)
    if not 0 < lines <= _MOST_LINES or any(one.kind == found[number].kind for one in found[first + 1 : last]):
        return None
    says = literal_pattern(f"['{found[other].kind}'") + "[^\\n]*?"
    over = f"[^\\n]*\\n(?:[^\\n]*\\n){{{lines - 1}}}" if lines > 1 else "[^\\n]*\\n"
    return (f"{begins}{over}{says}", "") if other > number else (says, f"{over}{begins}")


def _tells(text: str) -> bool:
    """Whether what a component says is a word or more, which another session has too."""
    said = text.partition("'")[2]
    return _WORDS.search(said) is not None and not _may_differ(said)


def _may_differ(text: str) -> bool:
    """Whether a name or text has a token in it, or a number before anything else: another session may have it otherwise."""
    return any(map(is_token, re.split("[\\s']", text))) or text[:1].isdigit()


def _occurrence(entry: Entry, one: Component, way: _Way) -> Occurrence:
    said = one.text.partition("'")[2].rstrip("' ") if _tells(one.text) else ""
    called = f"{one.name or said} {one.kind.rpartition('.')[2].lower()}".strip()
    source = RegexSource(pattern=way.pattern)
    kind: SourceKind = "row" if way.is_by_text else "script"
    return Occurrence(one.key, entry.index, entry.ended, kind, source, way.ordinal or 1, called, path=path_of(entry))
