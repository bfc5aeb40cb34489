"""Short ids in Socket.IO calls, whose arguments have no names: the event says what they are of."""

from __future__ import annotations

import re

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.numbers.things import words
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_id_name, without_id
from loadwright.compiler.agents.observe.answers.in_acknowledgements import RETURNED
from loadwright.compiler.recording.acknowledged import event_of
from loadwright.compiler.recording.sockets import entry_of

_ARGUMENT = re.compile(r"/[1-9]\d?(?:/0)?")
"""An argument, or the first of a list that is one."""
_ITS_ID = re.compile(r"/[1-9]\d?/(?:id|pk)")
_PLAIN = ("id", "pk")
_INITIAL = re.compile(r"[a-z]id")
_SOON = 10
"""Messages within which an answer is to the call before."""
_UNKNOWN = "an answer gave this number as an id, and nothing says of what it is one here"
_MOST = 12
"""Words of an event's name that are read."""


def of_events(site: Site, facts: Facts, history: History, doubts: dict[Site, str]) -> list[Occurrence]:
    """The ids of the things that a call speaks of, as answers to earlier calls gave them.

    `["addMonitorTag", 2, 4]` after `addTag` was answered with `{"tag": {"id": 2}}` and `add` with `{"monitorID": 4}`: each number
    is of the one thing that has it. A number that two of the things have, or that is sent twice, stays, which is told.
    """
    if site.location != "json" or not site.value.isdigit() or not site.value.strip("0"):
        return []
    event = event_of(history.entry(site.entry).messages)
    if not event:
        return []
    if returned := _returned(site, history):
        return returned
    is_argument = _ARGUMENT.fullmatch(site.key) is not None and not _is_of_several(site, facts)
    if not (is_argument or _ITS_ID.fullmatch(site.key)):
        return []
    spoken = _things(event)
    given = [(o, _thing(o)) for o in history.given(site, site.value) if entry_of(o.entry) != o.entry and o.kind == "json"]
    found = [(o, thing) for o, thing in given if thing in spoken or _is_short_for(o.name, event)]
    alike = [s for s in facts.sites[site.entry] if s.value == site.value and _ARGUMENT.fullmatch(s.key)]
    if not found:
        if is_argument and not site.is_number and history.changed(site) is None and any(thing for _, thing in given):
            doubts[site] = _UNKNOWN
        return []
    if len({thing for _, thing in found}) > 1 or (is_argument and len(alike) > 1):
        doubts[site] = "answers gave this number as an id, and nothing says which of two numbers or things it is here"
        return []
    made = [o for o, _ in found if o.after_change]
    return made or [o for o, _ in found]


def _returned(site: Site, history: History) -> list[Occurrence]:
    """The only value of the answer to the call before (`"roomId":"7"` after `431[null,"7"]`), where this call sends it as an id.

    From one recording no number, which may count, but a text.
    """
    if not history.changed(site) and (history.changed(site) is False or site.is_number or not is_id_name(site.name)):
        return []
    found = [o for o in history.given(site, site.value) if o.name in RETURNED and 0 < site.entry - o.entry <= _SOON]
    return [o for o in found if not history.is_said_between(o.entry, site.entry)][-1:]


def _is_of_several(site: Site, facts: Facts) -> bool:
    """Whether a number is one of several in a list."""
    second = f"{site.key.removesuffix('/0')}/1" if site.key.endswith("/0") else ""
    return second != "" and any(other.key == second for other in facts.sites[site.entry])


def _is_short_for(name: str, event: str) -> bool:
    """Whether an id is called by the initial of what an event is about: `tid` of `topics.markAsRead`."""
    return event.count(".") == 1 and _INITIAL.fullmatch(name) is not None and name[0] == event[0].lower()


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
