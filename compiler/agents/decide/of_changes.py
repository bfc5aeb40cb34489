"""Short numbers that a change makes sure of: the state of what it changes, and the id that it sends."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.sources import agrees, is_beside, is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.values import folded, is_id_name, is_revision_name
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

_CONDITION = re.compile(r"if(?:[_-]+|(?=[A-Z]))([A-Za-z][\w-]{2,40}?)(?:[_-]?[Mm]atch)?")
"""A parameter that says which state is meant to be changed."""
_SHORT = range(2, 4)
"""Digits of a number that is met by chance, though not everywhere."""


def state_of(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """The state of what a request changes (`version: 12`), which an answer gave with the id of it, or the form that is sent."""
    called = condition_of(site.name)
    if not (is_revision_name(called) or called != site.name) or not value.isdigit() or site.entry not in history.changing:
        return []
    if history.changed(site):
        return []
    given = [o for o in history.given(site, value) if folded(o.name) == folded(called) and not o.chain]
    sent = (s.value for s in facts.sites[site.entry] if _is_around(s, site)) if given else ()
    ids = [o for text in sent for o in facts.occurrences.get(text, ()) if o.kind == "json" and is_id_name(o.name)]
    return [o for o in given if o.kind == "hidden input" or _is_asked_by(o, ids, facts) or any(is_beside(o, one) for one in ids)]


def condition_of(name: str) -> str:
    """What a condition of a request is called in the answer that gave it: `seq_no` for `if_seq_no`; any other name as it is."""
    found = _CONDITION.fullmatch(name)
    return found[1] if found else name


def is_whole_answer(occurrence: Occurrence) -> bool:
    """Whether the answer to a change is nothing but a value: what it made is called so."""
    is_whole = isinstance(occurrence.source, JsonSource) and fixed(occurrence.source.path) == "$"
    return occurrence.after_change and not occurrence.chain and (is_whole or occurrence.kind == "body")


def _is_around(one: Site, site: Site) -> bool:
    """Whether the id at a site may be of the thing that a number is the state of: of one object in a JSON body."""
    if one.location != "json" or site.location != "json":
        return True
    return site.key.startswith(f"{one.key.rpartition('/')[0]}/")


def _is_asked_by(occurrence: Occurrence, ids: Iterable[Occurrence], facts: Facts) -> bool:
    """Whether an answer is about one of the ids, since its path has it."""
    asked = {s.value for s in facts.sites[occurrence.entry] if s.location == "path"}
    return is_of_no_list(occurrence) and any(one.value in asked for one in ids)


def sent_as_id(site: Site, value: str, history: History) -> list[Occurrence]:
    """A short number in a path, where a change surely sends it as the id of the one row of JSON that has it."""
    if site.location != "path" or value != site.value or not value.isdigit() or len(value) not in _SHORT:
        return []
    if history.changed(site) is False:
        return []
    given = [o for o in history.given(site, value) if o.kind == "json" and is_id_name(o.name) and not o.chain]
    if len({(o.entry, o.source) for o in given}) != 1:
        return []
    others = (s for s in history.sites_of[value] if s.identity != site.identity and s.entry in history.changing)
    return given if any(agrees(s, s.context, given[0], False, None) for s in others) else []
