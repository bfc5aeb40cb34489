"""Short ids in Socket.IO calls, whose arguments have no names: the event says what they are of."""

from __future__ import annotations

import re

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.things import words
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_id_name, without_id
from loadwright.compiler.recording.acknowledged import event_of
from loadwright.compiler.recording.sockets import entry_of

_ARGUMENT = re.compile(r"/[1-9]\d?")
_ITS_ID = re.compile(r"/[1-9]\d?/(?:id|pk)")
_PLAIN = ("id", "pk")
_MOST = 12
"""Words of an event's name that are read."""


def of_events(site: Site, facts: Facts, history: History, doubts: dict[Site, str]) -> list[Occurrence]:
    """The ids of the things that a call speaks of, as answers to earlier calls gave them.

    `["addMonitorTag", 2, 4]` after `addTag` was answered with `{"tag": {"id": 2}}` and `add` with `{"monitorID": 4}`: each number
    is of the one thing that has it. A number that two of the things have, or that is sent twice, stays, which is told.
    """
    if site.location != "json" or not site.value.isdigit() or not site.value.strip("0"):
        return []
    event = next((event_of(message) for message in history.entry(site.entry).messages), "")
    is_argument = _ARGUMENT.fullmatch(site.key) is not None
    if not event or not (is_argument or _ITS_ID.fullmatch(site.key)):
        return []
    spoken = _things(event)
    given = [(o, _thing(o)) for o in history.given(site, site.value) if entry_of(o.entry) != o.entry and o.kind == "json"]
    found = [(o, thing) for o, thing in given if thing in spoken]
    alike = [s for s in facts.sites[site.entry] if s.value == site.value and _ARGUMENT.fullmatch(s.key)]
    if not found:
        return []
    if len({thing for _, thing in found}) > 1 or (is_argument and len(alike) > 1):
        doubts[site] = "answers gave this number as an id, and nothing says which of two numbers or things it is here"
        return []
    made = [o for o, _ in found if o.after_change]
    return made or [o for o, _ in found]


def _things(event: str) -> set[str]:
    """What a call speaks of, in words of any number: `monitor`, `tag` and `monitortag` of `addMonitorTag`."""
    said = words(event)[:_MOST]
    return {"".join(said[start:end]) for start in range(len(said)) for end in range(start + 1, len(said) + 1)}


def _thing(occurrence: Occurrence) -> str:
    """What an answer gives the id of: by its name (`monitorID`), what holds it (`tag_id`), or what was asked for (`id`)."""
    if not is_id_name(occurrence.name):
        return ""
    if occurrence.name in _PLAIN:
        return "".join(words(occurrence.path)[1:])
    return folded(without_id(occurrence.name))
