"""A number that a cell of the user's own row of a table shows: what a person reads there and types, or a script picks up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decide.rows.own_texts import Mark
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import folded
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import Part, template
from loadwright.compiler.recording.model import Entry

_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_MOST_TABLES = 50
_LONGEST_ROW = 3000
_MOST_ROWS = 500
_LONGEST_TEXT = 5000
_ANSWERS = 5
"""So many pages back a table is looked for."""
_IN_A_ROW = r"(?:(?!<tr\b)[\s\S])*?"
_IN_A_CELL = r"(?:(?!<t[dhr]\b)[\s\S])*?"
_SHOWN = r"<t[dh]\b[^<>]*>\s*(\d+)\s*</t[dh]>"
_NAMED = re.compile(r"(?<![\w.])([A-Za-z_]\w{1,60})\s{0,3}[=:]\s{0,3}(\d{1,18})(?![\w.])")
"""A number that a typed text calls by a name: `WHERE ID=4118`."""
_WORDS = re.compile(r"\w+")


class Cell(Struct, frozen=True):
    """A number in a cell of a row that is known by a mark."""

    occurrence: Occurrence
    column: str
    """What the first row of the table says above it."""
    theirs: Occurrence | None
    """The same by what the second recording has for the mark, where it tells."""


class Number(Struct, frozen=True):
    """A number in a text that the user typed."""

    start: int
    end: int
    name: str
    """What stands before it: `ID` in `ID=4118`."""


def own_cells(value: str, entry: Entry, marks: Sequence[Mark]) -> Iterator[Cell]:
    """The cells of an answer that show a number and nothing else, in a row with a mark behind or before."""
    text = entry.response.text or ""
    starts = [match.start() for match in islice(_ROW.finditer(text), _MOST_ROWS)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        row = text[start : min(end, start + _LONGEST_ROW)]
        for mark in marks if value in row else ():
            yield from _cells(value, row, mark, entry, text[:start])


def _cells(value: str, row: str, mark: Mark, entry: Entry, before: str) -> Iterator[Cell]:
    told = re.search(rf"(?<![A-Za-z0-9]){re.escape(mark.text)}(?![A-Za-z0-9])", row)
    cells = list(_CELL.finditer(row)) if told and not mark.lead else []
    for number, cell in enumerate(cells):
        shown = re.match(_SHOWN, row[cell.start() :])
        if told is None or shown is None or shown[1] != value:
            continue
        lead = rf"<tr\b[^<>]*>{_IN_A_CELL}" + _over(number)
        head, tail = (lead + _SHOWN + _IN_A_ROW, "\\b") if told.start() > cell.start() else ("", "")
        if not head:
            beside = sum(told.start() < one.start() < cell.start() for one in cells)
            tail = rf"\b{_IN_A_CELL}{_over(beside)}{_SHOWN}"
        source = RegexSource(pattern=template(head, mark.part, tail))
        given = Occurrence(value, entry.index, entry.ended, "row", source, name=_column(before, number))
        there = None if mark.theirs is None else RegexSource(pattern=head + literal_pattern(mark.theirs) + tail)
        theirs = None if there is None else Occurrence(value, entry.index, entry.ended, "row", there)
        yield Cell(given, given.name, theirs)


def _over(cells: int) -> str:
    """The pattern of some cells, whatever they hold."""
    return "" if cells == 0 else rf"(?:<t[dh]\b{_IN_A_CELL}){{{cells}}}" if cells > 1 else rf"<t[dh]\b{_IN_A_CELL}"


def _column(before: str, number: int) -> str:
    """The text of the same cell in the first row of the table."""
    heads = _heads(before, max(0, before.lower().rfind("<table")))
    return heads[number] if number < len(heads) else ""


def _heads(text: str, table: int) -> list[str]:
    """The texts of the cells in the first row of a table that begins there."""
    rows = list(islice(_ROW.finditer(text, table), 2))
    end = min(rows[1].start() if len(rows) > 1 else len(text), rows[0].start() + _LONGEST_ROW) if rows else 0
    cells = list(_CELL.finditer(text, rows[0].start(), end)) if rows else []
    stops = [*(cell.start() for cell in cells[1:]), end][: len(cells)]
    return [_text(text[cell.end() : stop]) for cell, stop in zip(cells, stops, strict=True)]


def _text(cell: str) -> str:
    return " ".join(_TAG.sub(" ", cell[: cell.lower().find("</t")]).split())[:60]


def numbers_typed(ours: str, theirs: str | None) -> Iterator[Number]:
    """The numbers of a typed text that another recording has otherwise, all other words being alike or typed too.

    Without one: those with a name before them.
    """
    named = {match.span(2): match[1] for match in _NAMED.finditer(ours)}
    if theirs is None:
        yield from (Number(*span, name) for span, name in named.items())
        return
    here, there = list(_WORDS.finditer(ours)), _WORDS.findall(theirs)
    for word, other in zip(here, there, strict=True) if len(here) == len(there) else ():
        if word[0] != other and word[0].isdigit() and other.isdigit():
            yield Number(*word.span(), named.get(word.span(), ""))


class OwnCells:
    """Finds what a cell of the user's own row gives, where nothing else does."""

    def __init__(self, links: Links, entries: Sequence[Entry]) -> None:
        self.links = links
        pages = [e for e in entries if "html" in e.response.media_type and "<tr" in (e.response.text or "").lower()]
        self.tables = sorted(pages, key=lambda e: (e.ended, e.index))
        self._called: dict[int, set[str]] = {}

    def given(self, site: Site, value: str, name: str) -> Part | None:
        """What stands for a number: a second recording has another in the same cell, or the column is called as it is."""
        theirs = self.links.second.sent(site)
        if theirs == site.value or not value.isdigit() or site.location in ("header", "cookie", "body"):
            return None
        called = folded(name)
        for entry in self._tables(site, value):
            if theirs is None and called not in self._columns(entry):
                continue
            marks = list(self.links.own_rows.values.marks(entry.response.text or "", entry.started, value))
            for cell in own_cells(value, entry, marks):
                said = cell.theirs and self.links.second.confirms(site, value, cell.theirs) and not self._was_typed(cell, entry)
                if said or (theirs is None and called == folded(cell.column)):
                    return self._take(site, value, cell)
        return None

    def _columns(self, entry: Entry) -> set[str]:
        """What the columns of a page's tables are called."""
        if entry.index not in self._called:
            text = entry.response.text or ""
            tables = islice(_TABLE.finditer(text), _MOST_TABLES)
            self._called[entry.index] = {folded(head) for table in tables for head in _heads(text, table.start())} - {""}
        return self._called[entry.index]

    def typed(self, site: Site) -> list[Slice]:
        """The numbers in a text that the user typed which the user's own row shows."""
        is_typed = " " in site.value and self.links.history.client_first(site.value)
        numbers = numbers_typed(site.value, self.links.second.sent(site)) if is_typed and len(site.value) <= _LONGEST_TEXT else ()
        given = ((n, self.given(site, site.value[n.start : n.end], n.name)) for n in numbers)
        return [Slice(number.start, number.end, part) for number, part in given if part]

    def _was_typed(self, cell: Cell, entry: Entry) -> bool:
        """Whether the user typed the numbers in both recordings before the table showed them: an amount, which is typed again."""
        theirs = self.links.second.given(cell.theirs) if cell.theirs else None
        history = self.links.history
        before = (s for s in history.sites_with(cell.occurrence.value) if s.started < entry.started)
        return any(theirs in _WORDS.findall(self.links.second.sent(site) or "") for site in before)

    def _take(self, site: Site, value: str, cell: Cell) -> Part:
        if known := self.links.captures.again(site, cell.occurrence):
            return known
        called = replace(site, name=cell.column) if cell.column.isidentifier() else site
        return self.links.captures.take(called, value, cell.occurrence, (), cell.occurrence.source)

    def _tables(self, site: Site, value: str) -> list[Entry]:
        """The last pages with a table that had come before a request, the nearest first, of which those with a value in a cell."""
        before = bisect_right(self.tables, site.started, key=lambda e: e.ended)
        with_it = [e for e in self.tables[max(0, before - _ANSWERS) : before][::-1] if value in (e.response.text or "")]
        return [e for e in with_it if re.search(rf"{value}\s{{0,80}}</t[dh]", e.response.text or "", re.IGNORECASE)]
