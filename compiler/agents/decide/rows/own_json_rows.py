"""The user's own row of a list: known by what the journey made before, where others have rows in the same list.

`{"tasks": [{"id": "t8", "processId": "p3"}, …]}` after `POST /process` gave `p3`: the task is taken by
`$.tasks[?(@.processId=='${process_id}')].id`, which gives each user and each iteration its own, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.names import folded
from loadwright.compiler.agents.observe.derive import evaluate
from loadwright.compiler.plan.inserted import written_value
from loadwright.compiler.plan.jsonpath import Digits, JsonPathError, find, json_text, quote_name, quote_value
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import Reference, Template, Text, fixed, template, walk

_STEP = re.compile(r"\[\?\(.*?\)\]|\[\d+\]|\['(?:[^'\\]|\\.)*'\]|\.\w+")
"""A step of a path as observation writes it."""
_ROOTS = ("$", "$.")
"""What stands before the steps: the second where the first member may be anywhere (`$..result[1].id`)."""
_DEEPEST = 2
"""How many objects an item may have around the text that says whose it is."""
_MOST = 500
"""Items of a list that is looked through."""


class Own(Struct, frozen=True):
    """A value that the journey made, which is another one for each user and iteration."""

    value: Template
    since: float
    """When it was there."""
    theirs: str | None
    """The second recording's, where it tells."""
    is_sure: bool = True
    """Whether it is met by no chance."""


Owned = Callable[[str, str], Own | None]
"""What the journey made for a value that is called so; None for what it did not make."""


class OwnRow(Struct, frozen=True):
    """A source by the user's own row, and whether no chance meets it; what it is in the second recording, where that tells."""

    source: JsonSource
    is_sure: bool
    theirs: Occurrence | None


def own_row(occurrence: Occurrence, read: Callable[[], Any], started: float, own: Owned, least: int = 1) -> OwnRow | None:
    """How an occurrence in a list of a JSON answer is known by what was made before its request began; None where it is not.

    `read` gives the answer's document; `own` tells what the journey made for a value; a list has `least` items.
    """
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    steps = _STEP.findall(path)
    root = path[: len(path) - sum(map(len, steps))]
    if not any(map(_is_of_a_list, steps)) or root not in _ROOTS or f"{root}{''.join(steps)}" != path:
        return None
    try:
        return next(_told(occurrence, read(), root, steps, started, own, least), None)
    except (ValueError, JsonPathError):
        return None


def _told(
    occurrence: Occurrence, document: Any, root: str, steps: list[str], started: float, own: Owned, least: int
) -> Iterator[OwnRow]:
    """The ways to know it, by the innermost list first."""
    for number in reversed([n for n, step in enumerate(steps) if _is_of_a_list(step)]):
        before, behind = root + "".join(steps[:number]), "".join(steps[number + 1 :])
        lists, found = [one for one in find(document, before) if isinstance(one, list)], find(document, before + steps[number])
        if len(lists) != 1 or not least <= len(lists[0]) <= _MOST or not found:
            continue
        for place, text, made in _made_before(found[0], started, own):
            if str(text) == occurrence.value or sum(_member(item, place) == text for item in lists[0]) != 1:
                continue
            told, rest = f"{before}[?(@{''.join(map(quote_name, place))}==", f")]{behind}"
            ours = f"{told}{quote_value(text)}{rest}"
            values = [json_text(value) for value in find(document, ours)[:1]]
            if [evaluate(occurrence.chain, value) for value in values] == [occurrence.value]:
                source = JsonSource(path=template(told, *_put(text, made.value), rest))
                there = None if made.theirs is None else f"{told}{_literal(text, made.theirs)}{rest}"
                theirs = None if there is None else replace(occurrence, source=JsonSource(path=there), ordinal=1)
                yield OwnRow(source, made.is_sure, theirs)


def _literal(ours: str, theirs: str) -> str:
    return written_value(theirs) if isinstance(ours, Digits) else quote_value(theirs)


def _made_before(item: Any, started: float, own: Owned) -> list[tuple[tuple[str, ...], str, Own]]:
    """The members of an item that hold what the journey had made by then: what is called as it is called there first."""
    found = [(place, text, made) for place, text in _members(item) if (made := own(place[-1], str(text))) and made.since <= started]
    return sorted(found, key=lambda one: (folded(one[0][-1]) != folded(_name(one[2].value)), len(one[0])))


def _name(value: Template) -> str:
    return next((part.name for part in walk(value) if isinstance(part, Reference)), "")


def _is_of_a_list(step: str) -> bool:
    return step.startswith("[?") or step[1:-1].isdigit()


def _put(text: str, value: Template) -> tuple[str | Template, ...]:
    """A value on the right of a comparison: as a string in quotes, a number bare."""
    if isinstance(text, Digits):
        return (value,)
    return ("'", *(quote_value(part.value)[1:-1] if isinstance(part, Text) else template(part) for part in value.parts), "'")


def _members(item: Any, around: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts and numbers of an item, also in the objects in it, with the names that lead to them."""
    for name, value in item.items() if isinstance(item, dict) else ():
        if isinstance(value, dict) and len(around) < _DEEPEST:
            yield from _members(value, (*around, name))
        elif isinstance(value, str) and value:
            yield (*around, name), value


def _member(item: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        item = item.get(name) if isinstance(item, dict) else None
    return item
