"""Damage to recordings that knows how they are built: fields lost, doubled, of another type, with odd values in their place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fuzz.canaries import Har
from fuzz.odd import BODIES, ENCODED, HEADERS, METHODS, ODD, SIZES, STATUSES, TIMES, TYPES, URLS
from fuzz.recordings import recordings
from hypothesis import strategies as st

Spot = tuple[Any, Any]
"""A container and the key or position of one of its members."""


def spots(value: Any) -> list[Spot]:
    """Every member and item of a document, outer ones first."""
    found: list[Spot] = []
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        keys = one if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


def _members(document: Any, *names: str) -> list[Spot]:
    return [(holder, key) for holder, key in spots(document) if isinstance(holder, dict) and key in names]


def _put(values: Sequence[Any], *names: str) -> Callable[[Any, int, int], None]:
    """Puts one of the values into a field of one of these names."""

    def damage(document: Any, place: int, choice: int) -> None:
        if places := _members(document, *names):
            holder, key = places[place % len(places)]
            holder[key] = copy.deepcopy(values[choice % len(values)])

    return damage


def _drop(document: Any, place: int, choice: int) -> None:
    holder, key = _any(document, place)
    del holder[key]


def _retype(document: Any, place: int, choice: int) -> None:
    holder, key = _any(document, place)
    holder[key] = copy.deepcopy(ODD[choice % len(ODD)])


def _wrap(document: Any, place: int, choice: int) -> None:
    holder, key = _any(document, place)
    holder[key] = [[holder[key]], {"value": holder[key]}, str(holder[key]), json.dumps(holder[key])][choice % 4]


def _double(document: Any, place: int, choice: int) -> None:
    lists = [(holder, key) for holder, key in spots(document) if isinstance(holder, list)]
    if lists:
        holder, key = lists[place % len(lists)]
        holder.insert(choice % (len(holder) + 1), copy.deepcopy(holder[key]))


def _swap(document: Any, place: int, choice: int) -> None:
    lists = [(holder, key) for holder, key in spots(document) if isinstance(holder, list)]
    if lists:
        holder, key = lists[place % len(lists)]
        other = choice % len(holder)
        holder[key], holder[other] = holder[other], holder[key]


def _encode(document: Any, place: int, choice: int) -> None:
    if places := _members(document, "content", "postData"):
        holder, key = places[place % len(places)]
        if isinstance(holder[key], dict):
            holder[key].update(ENCODED[choice % len(ENCODED)])


def _header(document: Any, place: int, choice: int) -> None:
    places = [(h, k) for h, k in _members(document, "headers", "cookies") if isinstance(h[k], list)]
    if places:
        holder, key = places[place % len(places)]
        name, value = HEADERS[choice % len(HEADERS)]
        holder[key].append({"name": name, "value": value})


def _cut(document: Any, place: int, choice: int) -> None:
    """Texts as a broken download leaves them."""
    places = [(h, k) for h, k in spots(document) if isinstance(h[k], str) and len(h[k]) > 8]
    if places:
        holder, key = places[place % len(places)]
        holder[key] = holder[key][: choice % len(holder[key])]


def _any(document: Any, place: int) -> Spot:
    every = spots(document)
    return every[place % len(every)] if every else ({0: 0}, 0)


DAMAGES: Mapping[str, Callable[[Any, int, int], None]] = {
    "drop": _drop,
    "retype": _retype,
    "wrap": _wrap,
    "double": _double,
    "swap": _swap,
    "cut": _cut,
    "encoding": _encode,
    "header": _header,
    "time": _put(TIMES, "startedDateTime", "time", "started"),
    "url": _put(URLS, "url", "redirectURL"),
    "type": _put(TYPES, "mimeType"),
    "body": _put(BODIES, "text"),
    "status": _put(STATUSES, "status"),
    "size": _put(SIZES, "bodySize", "headersSize", "size"),
    "method": _put(METHODS, "method"),
}


@st.composite
def damaged(draw: st.DrawFn, without: tuple[str, ...] = ()) -> Har:
    """A recording with up to five damages, of all kinds but those left out."""
    document = draw(recordings())
    _damage(draw, document, DAMAGES.keys() - set(without))
    return document


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Har, Har]:
    """Two recordings of one journey, each with damages of its own.

    Names stay: a value that both have the same, and that has lost its name, is a constant for all that anybody knows.
    """
    first = draw(recordings())
    second = copy.deepcopy(first)
    for document in (first, second):
        _damage(draw, document, DAMAGES.keys() - {"drop", "retype", "wrap", "cut"})
    return first, second


def _damage(draw: st.DrawFn, document: Har, kinds: Iterable[str]) -> None:
    every = st.tuples(st.sampled_from(sorted(kinds)), st.integers(0, 400), st.integers(0, 60))
    for kind, place, choice in draw(st.lists(every, max_size=5)):
        DAMAGES[kind](document, place, choice)
