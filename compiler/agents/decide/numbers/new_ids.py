"""Ids of what a change has just made: what was the id of nothing before."""

from __future__ import annotations

from collections.abc import Callable

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.numbers.of_changes import is_whole_answer
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_count_name, is_fixed_name, is_id_name
from loadwright.compiler.agents.values import may_identify

_PLACEHOLDERS = ("0", "-1", "new", "null", "undefined", "create", "draft")
"""What a script sends for the id of what is yet to be made."""


def new_id(
    site: Site, value: str, facts: Facts, history: History, is_by_a_unique_word: Callable[[Occurrence], bool]
) -> list[Occurrence]:
    """What was the id of nothing before a change gave it: that of what was made. A number must be called an id here too."""
    is_place = site.location == "path" and len(value) >= LONG_ID
    telling = is_id_name(site.name) or is_place if value.isdigit() else len(value) >= LONG_ID and may_identify(value)
    if not telling or is_fixed_name(site.name) or history.changed(site) is False:
        return []
    if not value.strip("0"):
        return []  # the id of nothing
    given = facts.occurrences.get(value, ())
    ids = [o for o in given if (is_id_name(o.name) and not is_count_name(o.name)) or o.context or is_whole_answer(o)]
    alone = (o for o in ids if not o.context and (not o.chain or o.kind == "header"))  # a header may hold a document
    made = next((o for o in alone if o.after_change and is_of_no_list(o)), None)
    if asked_for := [o for o in ids if o.after_change and _stood_for(site, o, facts) and history.in_time(o, site)]:
        return asked_for
    if made is None or any(o.ended < made.ended for o in ids) or not history.in_time(made, site):
        return []
    asked = (s for s in history.sites_of[value] if s.started < made.ended and (s.location == "path" or is_id_name(s.name)))
    return [] if next(asked, None) or is_by_a_unique_word(made) else [made]


def _stood_for(site: Site, occurrence: Occurrence, facts: Facts) -> bool:
    """Whether the request that an answer with an id is to had a placeholder where this one has the id (`tabID=0`)."""
    before = facts.sites[occurrence.entry]
    return any(s.location == site.location and s.name == site.name and s.value in _PLACEHOLDERS for s in before)
