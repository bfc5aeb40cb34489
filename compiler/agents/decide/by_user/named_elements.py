"""Headers that name an element of the page after the thing that it shows: `Turbo-Frame: note_4`, `HX-Target: order-4-lines`.

Or the place in which a single page is, as a document: `["orders",{"children":[["id","4","d"],…` for `/orders/4`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator

from loadwright.compiler.agents.decide.by_client.escaped import escaped_document
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import folded, singular
from loadwright.compiler.agents.observe.notations import all_leaves
from loadwright.compiler.plan.template import Part

_HEADERS = frozenset(("turbo-frame", "hx-target", "hx-trigger", "x-up-target"))
_NUMBERED = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2,40})[-_](\d{1,18})(?![A-Za-z0-9])")
"""A thing and its number, as Rails' `dom_id` writes them."""
_NEAR = 3
"""Texts of a document between the word for a thing and its number."""


class NamedElements:
    """Takes the number in such a name from where the path of this request, or of one before it, has that of this thing."""

    def __init__(self, facts: Facts, ledger: Ledger) -> None:
        self.ledger = ledger
        self._asked: dict[tuple[str, str], list[Site]] = {}
        """A thing and its number: where they stand in paths, in order."""
        headers = (site for found in facts.sites.values() for site in found if site.location == "header")
        if any(site.key in _HEADERS or escaped_document(site.value) for site in headers):
            for site in (
                site for found in facts.sites.values() for site in found if site.location == "path" and site.value.isdigit()
            ):
                self._asked.setdefault((folded(singular(site.context)), site.value), []).append(site)

    def take(self, site: Site) -> bool:
        """Whether a header has such a number, of a thing that was asked for."""
        if site.location != "header" or site.key not in _HEADERS:
            return False
        cuts = list(self._cuts(site))
        self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(cuts)
        return bool(cuts)

    def in_document(self, site: Site, text: str, cuts: Collection[Slice]) -> Iterator[Slice]:
        """The numbers in a header's document behind the word for a thing that was asked for, where nothing else stands for them."""
        before: deque[str] = deque(maxlen=_NEAR)
        for leaf in all_leaves(text) if site.location == "header" else ():
            is_free = leaf.value.isdigit() and not any(cut.start < leaf.end and leaf.start < cut.end for cut in cuts)
            known = (self._of(site, word, leaf.value) for word in reversed(before)) if is_free else ()
            if (part := next((one for one in known if one is not None), None)) is not None:
                yield Slice(leaf.start, leaf.end, part)
            before.append(leaf.value)

    def _cuts(self, site: Site) -> Iterator[Slice]:
        for named in _NUMBERED.finditer(site.value):
            if (part := self._of(site, named[1], named[2])) is not None:
                yield Slice(*named.span(2), part)

    def _of(self, site: Site, thing: str, number: str) -> Part | None:
        """What stands for the number of a thing in the path of this request or of one before it, the last one first."""
        asked = self._asked.get((folded(singular(thing)), number), ())
        known = (self._known(one) for one in reversed(asked) if one.entry <= site.entry)
        return next((one for one in known if one is not None), None)

    def _known(self, asked: Site) -> Part | None:
        """What stands for a number in a path."""
        cuts = self.ledger.result.slices.get((asked.entry, *asked.identity), ())
        return cuts[0].part if len(cuts) == 1 and cuts[0].end - cuts[0].start == len(asked.value) else None
