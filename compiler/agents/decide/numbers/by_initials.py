"""Numbers behind a name that is short for the thing that they are the id of: `p=12`."""

from __future__ import annotations

from collections.abc import MutableMapping

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.numbers.initials import is_short_for
from loadwright.compiler.agents.decide.sources import ID_KINDS, agrees
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_count_name, is_fixed_name, is_id_name

_FIRST_PAGES = ("0", "1", "2", "3")


def from_initials(site: Site, value: str, history: History, doubts: MutableMapping[Site, str]) -> list[Occurrence]:
    """A number behind a name that is short for a thing (`p=12`), where a change in the recording speaks of that thing by it.

    One digit, from 4 on, counts where the page that gave the number sends the request: a list's first pages are met often.
    Whatever else the recording has behind that name must be ids of such things as well: else it may count (`p=11`, `p=12`).
    The number of a list's first page stays, and that it may be an id is told in `doubts`.
    """
    if site.location != "query" or not value.isdigit() or value == "0" or history.changed(site) is False:
        return []
    if is_count_name(site.name) or is_fixed_name(site.name):
        return []
    found = [
        o
        for o in _abbreviated(site, value, history)
        if (len(value) > 1 or history.is_sent_by(o.entry, site.entry)) and _is_worked_on(site, o, history)
    ]
    if not found or not all(_abbreviated(s, s.value, history) for s in history.named(site)):
        return []
    if value in _FIRST_PAGES:
        doubts[site] = f"`{site.name}` may be short for what has this number, or count"
        return []
    return found


def _abbreviated(site: Site, value: str, history: History) -> list[Occurrence]:
    ids = (o for o in history.given(site, value) if o.kind in ID_KINDS and is_id_name(o.name) and not o.chain)
    return [o for o in ids if is_short_for(site.name, o)]


def _is_worked_on(site: Site, occurrence: Occurrence, history: History) -> bool:
    """Whether another request, one that may change something, says the number where it is surely this id."""
    return any(
        s.entry in history.changing and s.identity != site.identity and agrees(s, s.context, occurrence, False, None)
        for s in history.sites_of[occurrence.value]
        if history.in_time(occurrence, s)
    )
