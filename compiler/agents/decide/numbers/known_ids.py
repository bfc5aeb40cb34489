"""Longer numbers in a text that were taken as ids before: `<!-- image {"id":91704} --><img class="wp-image-91704">`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import is_count_name
from loadwright.compiler.agents.values import is_round_or_date
from loadwright.compiler.plan.template import Part
from loadwright.compiler.recording.calls import words_of

_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?<!\d[.,:])\d{5,11}(?![A-Za-z0-9]|[.,:]\d)")
_PROSE = re.compile(r"[\s<{\[(]")
_LONGEST = 100_000
_REFERENCE = re.compile(r"([a-z_]{1,40}(?:\.[a-z_]{1,40}){1,5}),(\d{1,18})")
"""A kind of thing and the number of one, as Odoo and Tryton refer to it: `res.partner,7`."""


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


def referred(links: Links, site: Site) -> Slice | None:
    """The number in a text that says of what it is, where an answer gave a thing of that kind this number."""
    if (found := _REFERENCE.fullmatch(site.value)) is None:
        return None
    named = f"{'_'.join(words_of(found[1]))}_id"
    theirs = _REFERENCE.fullmatch(links.second.sent(site) or "")
    for one in reversed(links.history.given(site, found[2])):
        if one.name.endswith(named) and (theirs is None or links.second.given(one) in (None, theirs[2])):
            of_number = replace(site, name=one.name, value=found[2])
            part = links.captures.again(of_number, one) or links.captures.take(of_number, found[2], one, ())
            return Slice(*found.span(2), part)
    return None


def _known(links: Links, site: Site, number: str) -> Part | None:
    """What a number was taken from already."""
    taken = links.captures.taken(site, number)
    return links.captures.again(site, taken[0]) if taken else None


def told_later(links: Links, facts: Facts, slices: Mapping[tuple[int, str, str], Sequence[Slice]]) -> Iterator[tuple[Site, Slice]]:
    """The places of longer numbers that nothing stood for when they were sent, and that a later request showed to be ids."""
    ids = {value for value in links.captures.of_value if _NUMBER.fullmatch(value)}
    if not ids:
        return
    for site in [site for sites in facts.sites.values() for site in sites]:
        cuts = slices.get((site.entry, *site.identity), ())
        if site.value.isdigit():
            if not cuts and site.value in ids and _may_be_an_id(links, site) and (part := links.shown_later(site, site.value)):
                yield site, Slice(0, len(site.value), part)
        elif not ids.isdisjoint(_NUMBER.findall(site.value)):
            yield from ((site, cut) for cut in [*known_ids(links, site, site.value, cuts)])


def _may_be_an_id(links: Links, site: Site) -> bool:
    if site.location not in ("path", "query", "form", "json", "part") or links.history.client_first(site.value, site):
        return False
    return links.history.changed(site) is not False and not is_count_name(site.name) and not is_round_or_date(site.value)
