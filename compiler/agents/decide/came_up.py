"""Numbers that pages link to only after a change of the journey: ids of what it made, though both recordings have the same.

Servers count anew after a reset, and some give the numbers of deleted rows again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from loadwright.compiler.agents.decide.second import Key
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import is_count_name, is_id_name
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.kinds import is_html
from loadwright.compiler.recording.model import Entry

_WORD = re.compile(r"[A-Za-z][\w.-]{1,60}", re.ASCII)
_MOST_PAGES = 200
"""Pages that are looked through, in pairs."""


def without_came_up(
    changed: Mapping[Key, bool], sites: Mapping[int, Sequence[Site]], entries: Sequence[Entry], partners: Mapping[int, Entry]
) -> dict[Key, bool]:
    """What changed, without numbers that both recordings have alike, but whose links came up by what the journey did."""
    pairs = list(_pairs(entries, partners))
    same = [
        (site, link)
        for found in sites.values()
        for site in found
        if pairs and changed.get((site.entry, *site.identity)) is False and (link := _link(site))
    ]
    came: dict[str, float] = {}
    for link in {link for _, link in same}:
        shown = re.compile(link)
        if after := next((after for before, after in pairs if _is_new(shown, before, after, partners)), None):
            came[link] = after.ended
    alike = {(site.entry, *site.identity) for site, link in same if came.get(link, site.started + 1) <= site.started}
    return {key: differs for key, differs in changed.items() if key not in alike}


def _pairs(entries: Sequence[Entry], partners: Mapping[int, Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pages of one address that both recordings asked for before and after a change."""
    changes = [entry.started for entry in entries if not only_reads(entry)]
    pages = [e for e in entries if e.index in partners and 200 <= e.response.status < 300 and e.response.text and is_html(e)]
    last: dict[str, Entry] = {}
    for page in pages[:_MOST_PAGES] if changes else ():
        before = last.get(page.request.url)
        last[page.request.url] = page
        if before is not None and _any_between(changes, before.ended, page.started):
            yield before, page


def _any_between(changes: Iterable[float], begin: float, end: float) -> bool:
    return any(begin <= started <= end for started in changes)


def _link(site: Site) -> str:
    """How a link speaks of a number: by the word before it in a path, or the name of an id in a query."""
    if not site.value.isdigit():
        return ""
    if site.location == "path" and _WORD.fullmatch(site.context):
        return rf"/{re.escape(site.context)}/{site.value}(?![\w.-])"
    is_named = site.location == "query" and is_id_name(site.name) and not is_count_name(site.name) and _WORD.fullmatch(site.name)
    return rf"[?&;]{re.escape(site.name)}={site.value}(?![\w.-])" if is_named else ""


def _is_new(link: re.Pattern[str], before: Entry, after: Entry, partners: Mapping[int, Entry]) -> bool:
    """Whether a page has a link that it had not before, in both recordings."""
    texts = ((before, after), (partners[before.index], partners[after.index]))
    return all(link.search(b.response.text or "") and not link.search(a.response.text or "") for a, b in texts)
