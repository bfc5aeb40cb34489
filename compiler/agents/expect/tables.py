"""Tables that have a lasting row: one that comes without rows is an answer that found nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.expect.at_times import may_be_empty
from loadwright.compiler.plan.model import CssSource, Expectation, ValueExpectation

_CELLS = "td + td"
"""Two cells side by side: a row that says that there are none has one."""
_HEADS = 2
_MOST = 200
"""Rows that are looked at."""
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}")
_AROUND = frozenset(("nav", "header", "footer", "aside", "template", "noscript"))


class Table(Struct, frozen=True):
    """The one table of a page that has column heads."""

    selectors: tuple[str, ...]
    """Those that find it and nothing else, the most telling first."""
    names: tuple[str, ...]
    """Its id and classes."""
    rows: frozenset[str]
    """The texts of its rows without digits: what a lasting row says of time and counts moves."""


class Tables:
    """The tables of pages, each page read once."""

    def __init__(self) -> None:
        self._read: dict[str, Table | None] = {}

    def rows_there(
        self, pages: Sequence[str], alike: Sequence[str], asked: str, is_stable: Callable[[str], bool], own: Sequence[str] = ()
    ) -> list[Expectation]:
        """That the table of a page has a row, where it has one in all recordings and in all pages `alike` (of the endpoint).

        The recordings must have a row in common: what another session finds too is of the application, while a user who is new may
        have no rows of his own. Not where the page has several tables, of which one may well be empty, nor where it is of messages,
        which its names or what is asked for (a path) tell. With one of the user's `own` texts in it there is at least its row,
        which one recording shows.
        """
        if not all("<th" in page and "<td" in page for page in pages):
            return []
        tables = [self._table(page) for page in pages]
        found = [one for one in tables if one and one.rows]
        if len(found) < len(tables) or not (_has_own(found[0], own) or self._is_lasting(found, alike, asked)):
            return []
        common = (s for s in found[0].selectors if is_stable(s) and all(s in one.selectors for one in found))
        selector = next(common, "")
        return [ValueExpectation(source=CssSource(selector=f"{selector} {_CELLS}"), relation="exists")] if selector else []

    def _is_lasting(self, tables: Sequence[Table], alike: Sequence[str], asked: str) -> bool:
        """Whether several recordings have a row in common, and no page of the endpoint is without rows."""
        if len(tables) == 1 or not frozenset.intersection(*(one.rows for one in tables)):
            return False
        names = (name for one in tables for name in one.names)
        return not may_be_empty((asked, *names)) and all((one := self._table(page)) and one.rows for page in dict.fromkeys(alike))

    def _table(self, page: str) -> Table | None:
        if page not in self._read:
            self._read[page] = _read(page)
        return self._read[page]


def _has_own(table: Table, own: Sequence[str]) -> bool:
    texts = [_without_digits(text).lower() for text in own]
    return any(text in row.lower() for text in texts for row in table.rows)


def _without_digits(text: str) -> str:
    return " ".join(_DIGITS.sub("", text).split())


def _read(page: str) -> Table | None:
    document = LexborHTMLParser(page)
    tables = document.css("table")
    held = [one for one in tables if len(one.css("th")) >= _HEADS and not one.css("table table") and not _is_around(one)]
    if len(held) != 1:
        return None
    (table,) = held
    attributes = table.attributes
    names = tuple(filter(_NAME.fullmatch, (attributes.get("id") or "", *(attributes.get("class") or "").split())))
    selectors = tuple(one for one in _selectors(table, names) if len(document.css(one)) == 1)
    rows = (node.text(deep=True, separator=" ") for node in table.css("tr")[:_MOST] if node.css_first(_CELLS))
    return Table(selectors, names, frozenset(map(_without_digits, rows)))


def _selectors(table: LexborNode, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f"table#{name}" if name == table.attributes.get("id") else f"table.{name}"
    yield "table"


def _is_around(node: LexborNode) -> bool:
    """Whether a table stands in what is around the content of each page."""
    parent = node.parent
    while parent is not None and parent.tag not in _AROUND:
        parent = parent.parent
    return parent is not None
