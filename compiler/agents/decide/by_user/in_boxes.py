"""Codes that the user types into several boxes, which an answer showed in one piece: `d0=4&d1=8&…` after `482 913`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decide.stability import rank
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.observe.boundaries import observe_text
from loadwright.compiler.agents.observe.derive import evaluate
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.responses import observe_response
from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.plan.template import call
from loadwright.compiler.recording.model import Entry

_BOX = re.compile(r"[0-9]{1,6}|[0-9A-Z]{1,6}|[0-9a-z]{1,6}")
_CODE = re.compile(r"[0-9]+|(?=.*[0-9])(?:[0-9A-Z]+|[0-9a-z]+)|[A-Z]+")
"""Digits, or letters of one case: how codes are shown to people who type them."""
_NUMBER = re.compile(r"\d+")
_MARKS = " -."
_SHORTEST, _LONGEST, _MOST = 6, 24, 12
"""Characters of a code that no page has by chance between others, and how many boxes it is typed into."""
_ANSWERS, _LONGEST_TEXT = 20, 500_000
"""So many answers back a code is looked for, and the characters of an answer that people read."""


class _Code(Struct):
    """Boxes that stand side by side, and the code that is typed into them."""

    boxes: tuple[Site, ...]
    source: Occurrence | None = None

    @property
    def text(self) -> str:
        return "".join(box.value for box in self.boxes)

    def start_of(self, site: Site) -> int:
        """How many characters of the code stand before a box."""
        return sum(len(box.value) for box in self.boxes[: self.boxes.index(site)])


class InBoxes:
    """Takes a code once, and gives each box its part of it."""

    def __init__(self, links: Links, entries: Sequence[Entry], facts: Facts) -> None:
        self.links, self.entries = links, entries
        self._codes: dict[Site, _Code] = {}
        for code in (code for sites in facts.sites.values() for code in _codes(sites)):
            if any(links.history.changed(box) is not False for box in code.boxes):
                code.source = self._source(code)
            self._codes.update(dict.fromkeys(code.boxes, code))

    def take(self, site: Site) -> bool:
        """Whether a site is a box of a code that an answer showed; it is given its part then."""
        code = self._codes.get(site)
        if code is None or code.source is None:
            return False
        captures = self.links.captures
        whole = captures.again(site, code.source) or captures.take(site, code.text, code.source, ())
        part = call("substring", whole, str(code.start_of(site)), str(len(site.value)))
        self.links.ledger.use(site, 0, len(site.value), part)
        return True

    def _source(self, code: _Code) -> Occurrence | None:
        """The last answer before the boxes that shows the code, in the other recording too."""
        shown = re.compile(rf"(?<![\w.]){'[ .-]?'.join(code.text)}(?![\w]|\.\d)")
        before = [entry for entry in self.entries if entry.ended <= code.boxes[0].started and not is_asset(entry)]
        for entry in reversed(before[-_ANSWERS:]):
            text = entry.response.text or ""
            found = shown.search(text) if len(text) <= _LONGEST_TEXT else None
            for one in sorted(_ways(entry, found[0]) if found else (), key=rank):
                steps = tuple(("replace", mark, "") for mark in _MARKS if mark in one.value)
                source = replace(one, value=code.text, raw=one.value, chain=(*one.chain, *steps))
                if self._confirms(code, source):
                    return source
        return None

    def _confirms(self, code: _Code, source: Occurrence) -> bool:
        second = self.links.second
        theirs = [second.sent(box) for box in code.boxes]
        given = second.given(replace(source, chain=()))
        if source.entry not in second.partners or None in theirs:
            return evaluate(source.chain, source.raw) == code.text
        return given is not None and evaluate(source.chain, given) == "".join(text or "" for text in theirs)


def _ways(entry: Entry, shown: str) -> list[Occurrence]:
    """The ways to take a text from an answer: by its format, or else by what stands around it."""
    finder = Finder(entry, Wanted([shown]))
    if not (found := observe_response(entry, finder.wanted, {shown})):
        observe_text(finder, entry.response.text or "", {shown})
    return found or finder.found


def _codes(sites: Sequence[Site]) -> Iterator[_Code]:
    """The boxes of a request that are called alike but for a number, side by side, with as many characters in each."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        called = site.key if site.location == "json" else site.name
        if site.location in ("form", "part", "json") and _NUMBER.search(called) and _BOX.fullmatch(site.value):
            groups.setdefault(f"{site.location} {_NUMBER.sub('#', called)}", []).append(site)
    for boxes in groups.values():
        code = _Code(tuple(boxes))
        alike = len({len(box.value) for box in boxes}) == 1
        if alike and 1 < len(boxes) <= _MOST and _SHORTEST <= len(code.text) <= _LONGEST and _CODE.fullmatch(code.text):
            yield code
