"""Numbers and codes that an answer shows in groups, as people read them, and that a request sends without the marks between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.boundaries import observe_text
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.search import Search
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.agents.values import is_round_or_date
from loadwright.compiler.recording.model import Entry

_PLAIN = re.compile(r"\d{5,18}|\d{4,9}\.\d\d|(?=[A-Z]*\d)[A-Z0-9]{8,24}|(?=[a-z]*\d)[a-z0-9]{8,24}")
"""What may be shown in groups: a longer number, an amount of money, a code of one case."""
_GROUPED = re.compile(
    r"(?<![\w.,/=-])[A-Z\d]{1,5}(?:([ ,.'-])[A-Z\d]{3,5})(?:\1[A-Z\d]{3,5}){0,5}(?:[.,]\d\d(?!\d))?(?![\w/=-]|[.,]\d)"
)
_PADDED = re.compile(r"(?<![\w.,/+-])(0{2,12})([1-9]\d{4,17})(?![\w.,/+-])")
"""A number filled up with zeros, which is sent without them."""
_MARKS, _GROUP = " ,.'-", (3, 5)
"""What stands between groups, and how short and long all but the first may be."""
_MOST = 200
_LONGEST = {"text/html": 500_000, "application/json": 50_000, "text/plain": 50_000, "application/xml": 50_000, "text/xml": 50_000}
"""Characters up to which an answer is looked through, by its type: people read pages, and the longest data is read by scripts."""


class Groups:
    """Values that an answer may show in groups, and what a text has that shows one of them."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = {value for value in values if _PLAIN.fullmatch(value) and not (value.isdigit() and is_round_or_date(value))}
        self._shown = [one for value in sorted(self.values) for one in _ends(value)]
        self._search = Search([end for end, _, _ in self._shown])

    def observe(self, entry: Entry) -> Iterator[Occurrence]:
        """What an answer shows of the values, and how the marks between are taken out: `741-062-929`, `2,123.08`."""
        text = entry.response.text or ""
        if len(text) > _LONGEST.get(entry.response.media_type, 0) or not self._may_be_in(text):
            return
        shown: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {}
        for group in _GROUPED.finditer(text):
            for plain, steps in _without_marks(group[0], group[1]):
                if plain in self.values and len(shown) < _MOST:
                    shown.setdefault(group[0], (plain, steps))
        for padded in _PADDED.finditer(text):
            if padded[2] in self.values and len(shown) < _MOST:
                shown.setdefault(padded[0], (padded[2], (("after", padded[1]),)))
        if shown:
            finder = Finder(entry, Wanted(shown))
            observe_text(finder, text, shown.keys())
            for one in finder.found:
                plain, steps = shown[one.value]
                yield replace(one, value=plain, raw=one.value, chain=(*one.chain, *steps))

    def _may_be_in(self, text: str) -> bool:
        data = text.encode("utf-8", "surrogatepass")
        for number, _, end in self._search.find(data):
            _, mark, shown = self._shown[number]
            if data[max(0, end - 2 * len(shown)) : end].replace(mark, b"").endswith(shown):
                return True
        return False


def _ends(value: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """How a value may end where it is shown (its last group, or zeros before it), the mark between groups, and the value."""
    shown = value.partition(".")[0].upper()
    for size in range(_GROUP[0], min(_GROUP[1], len(shown) - 1) + 1):
        yield from ((f"{mark}{shown[-size:]}".encode(), mark.encode(), shown.encode()) for mark in _MARKS)
    if value.isdigit():
        yield f"00{value}".encode(), b"", value.encode()


def _without_marks(shown: str, mark: str) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """What groups may be sent as, and the functions that make it."""
    steps: tuple[tuple[str, ...], ...] = (("replace", mark, ""),)
    plain = shown.replace(mark, "")
    if mark != "," and "," in plain:  # `2.123,08`
        yield plain.replace(",", "."), (*steps, ("replace", ",", "."))
        return
    yield plain, steps
    if plain.lower() != plain:
        yield plain.lower(), (*steps, ("lower",))
