"""Short numbers that the change just before was answered with and hardly more: `/jobs/7` after `{"result": [3, {"1": 7}]}`."""

from __future__ import annotations

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_id_name

_SHORT = 3
"""Digits of a number that is met by chance."""
_HARDLY_MORE = 80
"""Characters of an answer that tells little but a number."""


def or_answered_alone(site: Site, value: str, agreeing: list[Occurrence], history: History, second: Second) -> list[Occurrence]:
    """What names or places speak for; what that answer has where both recordings say that this is right, and none of the others.

    An answer that holds hardly more than a number needs no names.
    """
    if not history.changed(site) or value != site.value or not value.isdigit() or len(value) > _SHORT:
        return agreeing
    if any(second.confirms(site, value, o) is not False for o in agreeing):
        return agreeing
    return [o for o in _of_the_last_change(site, value, history) if second.confirms(site, value, o)] or agreeing


def _of_the_last_change(site: Site, value: str, history: History) -> list[Occurrence]:
    """Where the answer to the change just before has a number by which a thing is asked for, if it is a short one."""
    if not (site.location == "path" or is_id_name(site.name)):
        return []
    given = [o for o in history.given(site, value) if o.after_change and o.kind == "json" and not o.chain]
    last = max((o.entry for o in given), key=lambda entry: history.entry(entry).ended, default=None)
    if last is None or len(history.answer(last)) > _HARDLY_MORE:
        return []
    ended = history.entry(last).ended
    if any(ended < history.entry(entry).started < site.started for entry in history.changing):
        return []
    return [o for o in given if o.entry == last]
