"""The place of a row in the name of a part of it: `pt1:t1:3:cl1`, `#ICRow3`, `grid#C112#4,1`, and a number that says it beside."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import CLOCK_SLACK, Occurrence, Site
from loadwright.compiler.agents.observe.notations import leaves
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.observe.row_patterns import LABEL, row_patterns
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.values import is_token, literal_pattern
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import Part
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry

_LETTERS = 2
"""Letters without which what stands before a number is no name of a part."""
_NUMBER = re.compile(r"(?<![0-9.])\d{1,3}(?![0-9.])")
_LEAD = re.compile(r"""[^\s"'<>&=?/\\]{3,60}$""")
_TAIL = re.compile(r"""[^\s"'<>&=?/\\]{0,60}""")
_LAST_WORD = re.compile(r"[_.:-][A-Za-z]+$")
_ROWS = re.compile(r"row|grid|line|item", re.IGNORECASE)
_SAYS_A_ROW = re.compile(r"row|idx|index|position|(?:^|[_-])line", re.IGNORECASE)
_LOCATIONS = ("form", "part", "query", "json")
_LONGEST = 200
"""Characters of a value that names a part of a page."""
_ANSWERS = 12
"""So many answers back a list is looked for."""
_MOST_ROWS, _MOST_PLACES = 500, 4
_BUDGET = 100_000_000
"""Characters of answers that are looked through in all."""


class Place(NamedTuple):
    """The place of a row in a site's value."""

    start: int
    end: int
    first: int
    last: int
    """Where the name of the part that it is in begins and ends."""
    row: Occurrence
    """What gives it."""


class RowPlaces:
    """Finds the places of rows that requests speak of, in the answers that showed the rows."""

    def __init__(
        self,
        entries: Sequence[Entry],
        history: History,
        second: Second,
        take: Callable[[Site, Occurrence], Part | None],
        own: Callable[[Occurrence], object | None],
    ) -> None:
        self.history, self.second, self.take, self.own = history, second, take, own
        shown = (e for e in entries if e.index not in history.assets and e.response.text)
        self.answers = sorted(shown, key=lambda e: (e.ended, e.index))
        self._left = _BUDGET
        self._of: dict[int, dict[tuple[str, str], list[Place]]] = {}

    def cuts(self, site: Site) -> tuple[list[Slice], list[tuple[int, int]]]:
        """The places of rows in a site's value, and what of it names parts of a page: nothing else stands for that."""
        found = [(place, self.take(site, place.row)) for place in self._of_site(site)]
        cuts = [Slice(place.start, place.end, part) for place, part in found if part]
        return cuts, [(place.first, place.last) for place, part in found if part]

    def _of_site(self, site: Site) -> list[Place]:
        """The places of rows in a site's value."""
        if not _may_name_parts(site) or not any(map(str.isdigit, site.value)):
            return []
        if site.entry not in self._of:
            self._of[site.entry] = dict(self._in_request(site.entry))
        if not site.value.isdigit():
            return self._of[site.entry].get(site.identity, [])
        if len(site.value) > 3 or not _SAYS_A_ROW.search(site.name):
            return []
        named = (place for places in self._of[site.entry].values() for place in places)
        end = len(site.value)
        return [Place(0, end, 0, end, place.row) for place in named if place.row.value == site.value][:1]

    def _in_request(self, entry: int) -> Iterator[tuple[tuple[str, str], list[Place]]]:
        for site in self.history.facts.sites[entry]:
            if _may_name_parts(site) and not site.key.startswith(NAME_KEY):
                found = [place for start, text in _texts(site) if (place := self._in_text(site, start, text))]
                if found:
                    yield site.identity, found

    def _in_text(self, site: Site, offset: int, text: str) -> Place | None:
        """The first number of a text that tells rows apart: what stands behind it is of a part of that row."""
        for number in _NUMBER.finditer(text):
            lead, tail = _LEAD.search(text[: number.start()]), _TAIL.match(text, number.end())
            if not lead or not tail or sum(map(str.isalpha, lead[0])) < _LETTERS:
                continue
            for entry, rows in self._shown(site, lead[0], number[0], tail[0]):
                row = self._own_row(entry, rows, lead[0], number[0])
                if row is None and (pattern := self._pattern(site, entry.response.text or "", rows, lead[0], number[0])):
                    row = _occurrence(entry, number[0], pattern)
                first, last = offset + lead.start(), offset + tail.end()
                return Place(offset + number.start(), offset + number.end(), first, last, row) if row else None
        return None

    def _shown(self, site: Site, lead: str, number: str, tail: str) -> Iterator[tuple[Entry, list[re.Match[str]]]]:
        """The answers, last first, that showed several rows whose parts are called so, with the places of these parts."""
        last = bisect_right(self.answers, site.started + CLOCK_SLACK, key=lambda e: e.ended)
        for entry in reversed(self.answers[max(0, last - _ANSWERS) : last]):
            text = entry.response.text or ""
            self._left -= len(text)
            if self._left < 0 or entry.index == site.entry or lead + number not in text:
                continue
            if self.history.changed(site) is False and not self._moves(entry):
                continue
            for end in (one for one in _ends(tail) if lead + number + one in text):
                named = re.compile(f"{re.escape(lead)}(\\d{{1,3}})(?!\\d)({re.escape(end)})")
                places = list(islice(named.finditer(text), _MOST_ROWS))
                if len({place[1] for place in places}) > 1 and _are_rows(text, places):
                    yield entry, places
                break

    def _moves(self, entry: Entry) -> bool:
        """Whether the second recording's answer has other texts, or the same in another order: one place was met by chance."""
        partner = self.second.partners.get(entry.index)
        return partner is not None and LABEL.findall(entry.response.text or "") != LABEL.findall(partner.response.text or "")

    def _own_row(self, entry: Entry, places: list[re.Match[str]], lead: str, number: str) -> Occurrence | None:
        """The place of a row with a word in it that the user made up, by the name of the part alone; that word tells the row."""
        for ordinal, place in enumerate(places, 1):
            if place[1] == number:
                pattern = f"{literal_pattern(lead)}(\\d+){literal_pattern(place[2])}"
                row = replace(_occurrence(entry, number, pattern), ordinal=ordinal)
                return row if _is_in_a_table(entry.response.text or "", place.start()) and self.own(row) else None
        return None

    def _pattern(self, site: Site, text: str, places: list[re.Match[str]], lead: str, number: str) -> str:
        """The pattern of the number by the text of its row; empty where no text tells the row."""
        is_row = self.history.changed(site) or _ROWS.search(lead)
        for place in islice((place for place in places if place[1] == number), _MOST_PLACES):
            if is_row or _is_in_a_table(text, place.start()):
                value = f"(\\d+){literal_pattern(place[2])}"
                for pattern in row_patterns(text, place.start(1), place.end(), lead, value):
                    rest = pattern.replace(literal_pattern(lead), "").replace(value, "")
                    if not _stands_in(number, rest) and list(islice(taken(pattern, text), 2)) == [number]:
                        return pattern
        return ""


def _may_name_parts(site: Site) -> bool:
    """Whether a value may name a part of a page; a query without a name (`?1-1.-table-rows-3`) has the page's version too."""
    return site.location in _LOCATIONS and (site.name != "" or site.location != "query")


def _occurrence(entry: Entry, number: str, pattern: str) -> Occurrence:
    return Occurrence(
        value=number,
        entry=entry.index,
        ended=entry.ended,
        kind="row",
        source=RegexSource(pattern=pattern),
        name="row",
        path=path_of(entry),
    )


def _texts(site: Site) -> Iterator[tuple[int, str]]:
    """The texts that a value is, or that a document in it holds, with their beginnings."""
    inner = leaves(site.value)
    texts = ((leaf.start, leaf.value) for leaf in inner) if inner else ((0, site.value),)
    yield from ((start, text) for start, text in texts if len(text) <= _LONGEST and "\\" not in text and not is_token(text))


def _ends(tail: str) -> Iterator[str]:
    """What stands behind the number, as the page may call the part: the script may have put a word behind it."""
    yield tail
    if (shorter := _LAST_WORD.sub("", tail)) != tail:
        yield shorter
    if not any(map(str.isdigit, tail)):
        yield ""


def _stands_in(number: str, pattern: str) -> bool:
    """Whether what leads from a number to the text of its row has the number once more, so that it finds no other one."""
    return re.search(rf"(?<![\d{{,]){number}(?![\d,}}])", pattern) is not None


def _are_rows(text: str, places: list[re.Match[str]]) -> bool:
    """Whether parts are of several rows of a table, not of the columns of one; what is in no table may be."""
    rows = {text.rfind("<tr", 0, place.start()) for place in places}
    return len(rows) > 1 or not _is_in_a_table(text, places[0].start())


def _is_in_a_table(text: str, at: int) -> bool:
    return text.rfind("<tr", 0, at) > text.rfind("</tr", 0, at)
