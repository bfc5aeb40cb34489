"""Longer numbers that say by how they were told that they are sent: beside a token, or by the answer to a change alone."""

from __future__ import annotations

import re

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import CLOCK_SLACK, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_count_name, is_fixed_name, is_id_name, without_id
from loadwright.compiler.agents.observe.fragments import fragments
from loadwright.compiler.agents.values import is_round_or_date, is_token
from loadwright.compiler.plan.model import JsonSource, RegexSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.calls import words_of

_ROW = re.compile(r"<(/?)(?:tr|li|option|dd|article)\b", re.IGNORECASE)
_REACH = 2000
_LOCATIONS = ("query", "form", "json", "part")
"""Where a request says of what a number is by one name; a path speaks of a thing."""


def just_told(site: Site, value: str, history: History) -> list[Occurrence]:
    """A longer number that a script joined with a token out of the same object, or that only the answer to a change had told."""
    if not value.isdigit() or len(value) < LONG_ID or history.changed(site) is False:
        return []
    given = history.given(site, value)
    if found := _beside_a_token(site, value, given, history):
        return found
    if value != site.value or is_round_or_date(value):
        return []
    return _of_a_change(site, value, given, history) or [o for o in given if _is_of_a_handler(site, o)]


def _beside_a_token(site: Site, value: str, given: tuple[Occurrence, ...], history: History) -> list[Occurrence]:
    """`auth=8f3a…|48213` after `{"key": "8f3a…", "serial": 48213}`: that both are of one object is no chance."""
    if value == site.value:
        return []
    tokens = {piece.value for piece in fragments(site.value) if piece.value != value and is_token(piece.value)}
    objects = {_object(o) for token in tokens for o in history.given(site, token) if o.kind == "json"}
    return [o for o in given if o.kind == "json" and not o.chain and _object(o) in objects]


def _object(occurrence: Occurrence) -> tuple[int, str]:
    source = occurrence.source
    return occurrence.entry, fixed(source.path).rpartition(".")[0] if isinstance(source, JsonSource) else ""


def _is_of_a_handler(site: Site, occurrence: Occurrence) -> bool:
    """Whether a number is the argument of a function whose name ends as the field is called: `item` after `openItem('48213')`."""
    source = occurrence.source
    if not isinstance(source, RegexSource) or f"{occurrence.name}\\(" not in fixed(source.pattern) or not site.name:
        return False
    words = words_of(occurrence.name)
    return len(words) > 1 and words[-1] == folded(without_id(site.name))


def _of_a_change(site: Site, value: str, given: tuple[Occurrence, ...], history: History) -> list[Occurrence]:
    """`number=48213` after `POST /issues` was answered `Issue #48213 was made`: nobody had spoken of it before.

    Not one of a row of a page: others of the page have such numbers, too, and the user may have typed one of them.
    """
    if site.location not in _LOCATIONS or is_count_name(site.name) or is_fixed_name(site.name):
        return []
    told = given[0] if given else None
    if told is None or not told.after_change or history.first_sent.get(value, site.started) < told.ended - CLOCK_SLACK:
        return []
    answer = history.answer(told.entry)
    if len(re.findall(rf"(?<!\d){value}(?!\d)", answer)) != 1 or _is_in_a_row(answer, answer.find(value)):
        return []
    alone = (o for o in given if o.entry == told.entry and o.ordinal == 1 and is_of_no_list(o) and not is_count_name(o.name))
    return [o for o in alone if o.kind != "json" or is_id_name(o.name)]


def _is_in_a_row(answer: str, start: int) -> bool:
    rows = list(_ROW.finditer(answer, max(0, start - _REACH), start))
    return bool(rows) and not rows[-1][1]
