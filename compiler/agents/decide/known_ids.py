"""Longer numbers in a text that were taken as ids before: `<!-- image {"id":91704} --><img class="wp-image-91704">`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.plan.template import Part

_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?<!\d[.,:])\d{5,11}(?![A-Za-z0-9]|[.,:]\d)")
_PROSE = re.compile(r"[\s<{\[(]")
_LONGEST = 100_000


def known_ids(links: Links, site: Site, value: str, cuts: Sequence[Slice]) -> Iterator[Slice]:
    """The places of such numbers in a text that a request sends, where nothing else stands for them."""
    if site.location not in ("json", "form", "part", "body") or len(value) > _LONGEST or not _PROSE.search(value):
        return
    if links.history.changed(site) is False:
        return
    for number in _NUMBER.finditer(value):
        start, end = number.span()
        if not any(start < cut.end and cut.start < end for cut in cuts) and (part := _known(links, site, number[0])):
            yield Slice(start, end, part)


def _known(links: Links, site: Site, number: str) -> Part | None:
    """What a number was taken from already."""
    taken = links.captures.taken(site, number)
    return links.captures.again(site, taken[0]) if taken else None
