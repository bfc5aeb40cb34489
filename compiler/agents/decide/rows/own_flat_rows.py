"""The user's own object of a document that is written as a flat list: known by what the journey made, in a member beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.rows.own_texts import Mark, MarkedRow
from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.flat_documents import ID, Flat, Row, beside, flat_documents, is_all_of, is_steady, text_of
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import template

Place = tuple[Flat, Row, int]
"""An object of a flat list, and the place of a value that it has."""


def flat_rows_of(occurrence: Occurrence, answer: str) -> list[Place]:
    """The objects that have an occurrence's value, where its answer is a flat list."""
    if occurrence.kind not in ("json", "script") or occurrence.chain:
        return []
    return [
        (flat, row, at)
        for flat in flat_documents(answer)
        for row, at in flat.holders.get(occurrence.value, ())
        if not is_steady(flat, row, at)
    ]


def own_flat_row(occurrence: Occurrence, answer: str, places: Sequence[Place], marks: Sequence[Mark]) -> MarkedRow | None:
    """How a value is known by the nearest text of the same object in which something is that the journey made."""
    told = [
        (abs(mark_at - at), flat, row, at, mark_at, mark)
        for flat, row, at in places
        for mark_at, mark in _marks(flat, row, at, marks)
    ]
    for _, flat, row, at, mark_at, mark in sorted(told, key=lambda one: one[0]):
        before, behind = beside(flat, row, at, mark_at)
        head, tail = text_of(flat.items, mark_at).split(mark.text, 1)
        left, right = f"{before}{flat.quote}{_any(head)}", f"{literal_pattern(tail)}{flat.quote}{behind}"
        is_near = before or behind
        if is_near and list(islice(taken(f"{left}{literal_pattern(mark.text)}{right}", answer), 2)) == [occurrence.value]:
            there = None if mark.theirs is None else RegexSource(pattern=f"{left}{literal_pattern(mark.theirs)}{right}")
            theirs = None if there is None else replace(occurrence, source=there, ordinal=1)
            return MarkedRow(RegexSource(pattern=template(left, mark.part, right)), theirs)
    return None


def _marks(flat: Flat, row: Row, at: int, marks: Sequence[Mark]) -> Iterator[tuple[int, Mark]]:
    """The texts of an object that hold what the journey made: a word that the user made up, or an id as a whole."""
    for _, place in row.members:
        text = text_of(flat.items, place) if place != at else ""
        for mark in marks:
            if text and not mark.lead and (mark.text in text if mark.is_a_word else mark.text == text):
                yield place, mark


def _any(head: str) -> str:
    """What stands before a word that the user made up: it is of the same text, and another user types another."""
    return '[^"\\\\]*' if head else ""


def answered_alone(row: Occurrence, source: object, history: History, given: Iterable[Occurrence]) -> Occurrence | None:
    """The answer to the change that sent the word by which a row is known, where it tells this number and nothing else.

    A list may not write the number again.
    """
    if not isinstance(source, MarkedRow) or not flat_rows_of(row, history.answer(row.entry)):
        return None
    return next((one for one in given if one.name.endswith(ID) and _tells_it(one, row, history)), None)


def _tells_it(answer: Occurrence, row: Occurrence, history: History) -> bool:
    flats = flat_documents(history.answer(answer.entry)) if answer.after_change else ()
    if not any(is_all_of(flat, at) for flat in flats for _, at in flat.holders.get(answer.value, ())):
        return False
    sent = {site.value for site in history.facts.sites[answer.entry] if site.location in ("form", "json", "part")}
    texts = (text_of(flat.items, at) for flat, one, _ in flat_rows_of(row, history.answer(row.entry)) for _, at in one.members)
    return any(text in sent and " " in text for text in texts)
