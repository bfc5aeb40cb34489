"""Short numbers that are asked for behind the address that gave them, and those that names say to be ids of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.stability import is_by_position, is_of_no_list
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import folded, is_count_name, is_id_name, singular, without_id
from loadwright.compiler.agents.values import is_round_or_date, literal_pattern

_TOLD, _LISTED = 3, 4
"""Digits of a number that one or two answers about a thing give, and of one of the many that a list has."""
_FILES = frozenset(("file", "document", "result", "report", "export", "attachment", "upload", "download", "output"))
_NEAR = 5
"""Requests after which a number of three digits may be another thing's."""
_ANY_THING = frozenset(("", "item", "object", "entity", "parent", "target", "record", "element", "resource", "ref"))
"""What a field is called after that may have the id of anything."""


def of_its_collection(site: Site, value: str, history: History) -> list[Occurrence]:
    """What a change at an address made, or an item of the list there, asked for by its number behind that very address.

    `GET /jobs/2748` after `POST /jobs` gave `{"operation": 2748}`; `GET /leads/6638` after `GET /leads` gave rows with `k`,
    if it answers with this `k` too; `GET /people/813` after `{"owner": {"id": 813}}` likewise. The law of REST: whatever a
    member is called, one address has one kind of things.
    """
    if site.location != "path" or value != site.value.removesuffix(".json") or not value.isdigit() or len(value) < _TOLD:
        return []
    if is_round_or_date(value) or history.changed(site) is False:
        return []
    behind, _, _ = history.path(site).partition(f"/{value}")
    given = [o for o in history.given(site, value) if not o.chain and o.name and not is_count_name(o.name)]
    made = [o for o in given if o.kind in ("json", "script") and o.after_change and o.ordinal == 1 and is_of_no_list(o)]
    if made := [o for o in made if o.path.rstrip("/") == behind]:
        return made
    own = history.answer(site.entry)
    said = [o for o in given if re.search(rf'"{literal_pattern(o.name)}"\s?:\s?"?{value}(?!\d)', own)]
    listed = [o for o in given if (o.kind == "row" or (o.kind == "json" and not is_of_no_list(o))) and not o.after_change]
    found = [
        o
        for o in listed
        if (o.path.rstrip("/") == behind or is_id_name(o.name))
        and o.path.rstrip("/").rpartition("/")[2] == site.context
        and (o in said or (is_id_name(o.name) and (len(value) >= _LISTED or _is_row_there(o, behind))))
    ]
    return found or [o for o in said if o.kind == "json" and is_id_name(o.name) and not is_by_position(o)] or _of_files(site, given)


def _is_row_there(occurrence: Occurrence, behind: str) -> bool:
    """Whether a page at that very address calls its row so: `/accounts/449` after `<tr data-id="449">` in `/accounts`."""
    return occurrence.kind == "row" and folded(occurrence.name) == "id" and occurrence.path.rstrip("/") == behind


def _of_files(site: Site, given: Sequence[Occurrence]) -> list[Occurrence]:
    """A longer number of a file, asked for where files are: `/documents/3805979` after `{"state": "done", "file": 3805979}`."""
    if len(site.value) < LONG_ID or singular(site.context).lower() not in _FILES:
        return []
    return [o for o in given if o.kind == "json" and o.ordinal == 1 and is_of_no_list(o) and o.name.lower() in _FILES]


def _attached(site: Site, given: Iterable[Occurrence]) -> list[Occurrence]:
    """The id of a file that was sent before, in a field for files: `"attachments": [4128]` after `{"fileId": 4128}`."""
    if singular(without_id(site.name)).lower() not in _FILES:
        return []
    sent = (o for o in given if o.kind == "json" and o.after_change and is_id_name(o.name) and is_of_no_list(o))
    return [o for o in sent if without_id(o.name).lower() in _FILES or singular(o.path.rstrip("/").rpartition("/")[2]) in _FILES]


def of_what_was_asked(site: Site, value: str, taken: Sequence[Occurrence], history: History) -> list[Occurrence]:
    """A number that stood in a path, under a name that says it to be the id of that thing, or of anything (`parentId`).

    One of three digits must have been asked for just before.
    """
    if not value.isdigit() or len(value) < _TOLD or site.location not in ("json", "form", "part", "query"):
        return []
    if value != site.value or is_round_or_date(value) or is_count_name(site.name) or history.changed(site) is False:
        return []
    if attached := _attached(site, history.given(site, value)):
        return attached
    thing = folded(without_id(site.name))
    if not (is_id_name(site.name) or thing in _ANY_THING):
        return []
    near = site.entry if len(value) >= _LISTED else _NEAR
    asked = (s for s in history.sites_of[value] if 0 <= site.entry - s.entry <= near and s is not site)
    if not any(s.location == "path" or is_id_name(s.name) for s in asked):
        return []
    thing = "" if thing == "id" else thing
    return [o for o in taken if history.in_time(o, site) and (thing in _ANY_THING or thing in _things(o))]


def _things(occurrence: Occurrence) -> Collection[str]:
    """What the address and the name of an id say that it is the id of."""
    said = {folded(singular(segment)) for segment in occurrence.path.split("/") if segment}
    return {*said, *(folded(segment) for segment in occurrence.path.split("/")), folded(without_id(occurrence.name))}
