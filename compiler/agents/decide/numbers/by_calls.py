"""Short numbers that an answer gave as the argument of a call: the row of what the user made, the id that a page is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_id_name
from loadwright.compiler.agents.observe.answers.in_calls import CALL, ROW
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import fixed

_REACH = 2_000
"""Characters behind a number in which a row says what it is of."""
_THING = 4
"""Letters of a thing whose id is spoken of."""


def from_calls(site: Site, facts: Facts, history: History, unique: Collection[str]) -> list[Occurrence]:
    """The calls that told a number of a request.

    `_uid=5` after `add_row(5, {"subject": "Pump leaks f05fa879"})`, as the user made that word up: the row is of what the user
    made. `draft_saveid=2` after a change was answered with `set_draft_id("2")`. `{"method": "open", "params": [48213]}` after a
    page with `wire:click="open(48213)"`; `/machines/edit/48213` after one with `href="javascript:edit(48213)"`.
    """
    if not site.value.isdigit() or history.changed(site) is False:
        return []
    if site.location == "path":
        return [o for o in _told(site, history) if o.name == f"{site.context}{CALL}"]
    if site.location not in ("query", "form", "part", "json"):
        return []
    return [
        o
        for o in _told(site, history)
        if _is_of_the_users(o, site, history, unique) or _is_of_the_thing(o, site) or _is_called_so(o, site, facts)
    ]


def _told(site: Site, history: History) -> Iterator[Occurrence]:
    return (o for o in history.given(site, site.value) if (o.kind == "script" or o.name.endswith(CALL)) and not o.chain)


def _is_of_the_users(occurrence: Occurrence, site: Site, history: History, unique: Collection[str]) -> bool:
    """Whether the row that a call tells of has a word in it that the user made up."""
    if not occurrence.name.endswith(ROW) or not is_id_name(site.name) or not isinstance(occurrence.source, RegexSource):
        return False
    text = history.answer(occurrence.entry)
    found = list(re.finditer(fixed(occurrence.source.pattern), text, re.ASCII))[occurrence.ordinal - 1 :]
    if not found:
        return False
    function = occurrence.name.removesuffix(ROW)
    row = text[found[0].end() : found[0].end() + _REACH].partition(f"{function}(")[0]
    return any(word in row for word in unique)


def _is_called_so(occurrence: Occurrence, site: Site, facts: Facts) -> bool:
    """Whether a request calls the function that an attribute called with the number: `"method": "open", "params": [48213]`."""
    function = occurrence.name.removesuffix(CALL)
    return function != occurrence.name and any(s.location == "json" and s.value == function for s in facts.sites[site.entry])


def _is_of_the_thing(occurrence: Occurrence, site: Site) -> bool:
    """Whether a change gave the id of the thing that a field asks the id of: `draft_saveid` and `draft_id`."""
    thing, ours = folded(occurrence.name).removesuffix("id"), folded(site.name)
    if not occurrence.after_change or not is_id_name(occurrence.name) or occurrence.name.endswith(ROW):
        return False
    return len(thing) >= _THING and ours.startswith(thing) and ours.endswith("id")
