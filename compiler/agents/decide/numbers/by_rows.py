"""Short numbers that an answer gave as the id of an object in which the user made up a word."""

from __future__ import annotations

import re
from collections.abc import Collection

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_count_name, is_id_name


def from_rows(site: Site, history: History, unique: Collection[str]) -> list[Occurrence]:
    """The ids of the user's own rows that a script passes on as a text, whatever it calls them.

    `{"args": ["62"]}` after `{"key": "62", "title": "Pump leaks f05fa879"}`, as the user made that word up. What counts is a number
    in JSON, and one digit may be anything.
    """
    if not unique or site.location != "json" or site.is_number or not site.value.isdigit() or len(site.value) < 2:
        return []
    if is_count_name(site.name) or history.changed(site) is False:
        return []
    given = (o for o in history.given(site, site.value) if o.kind in ("script", "json") and not o.chain)
    return [o for o in given if is_id_name(o.name) and _is_the_users(o, history, unique)]


def _is_the_users(occurrence: Occurrence, history: History, unique: Collection[str]) -> bool:
    text = history.answer(occurrence.entry)
    for member in re.finditer(rf'"{re.escape(occurrence.name)}"\s*:\s*"?{occurrence.value}"?\s*[,}}]', text):
        row = text[text.rfind("{", 0, member.start()) : text.find("}", member.start())]
        if any(word in row for word in unique):
            return True
    return False
