"""Documents written as one flat list, in which members are the places of their values: `[{"note":1},{"id":2,"title":3},7,"Tea"]`.

SvelteKit and Nuxt send their data so (devalue), React Router and Remix with the names in the list too (`{"_1":2}`). A value that
was written before is not written again, and what stands before a thing moves it: its place in the list says nothing of it. Its
name does, where one object has that, or a text of the same object.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from msgspec import Struct

from loadwright.compiler.agents.facts import SourceKind
from loadwright.compiler.agents.names import is_id_name, singular
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_token, literal_pattern

_BEGINS = re.compile(r'\[(?:\[\\?"[A-Z][A-Za-z]{1,30}\\?",\d+\],)?\{(\\?)"[^"\\{}\[\]]{1,60}\1":-?\d')
"""How a flat list begins: with its first object, which may be said to be of a kind (`[["Reactive",1],{"data":2`)."""
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*')
_PLACE = re.compile(r"_\d{1,6}")
_TAG = re.compile(r"[A-Z][A-Za-z0-9]{0,20}")
"""What a list begins with that is no list: `["Date","2026-11-27T17:38:54.514Z"]`, `["Map",4,5]`."""
_OF_PAIRS = "Map"
_LONGEST, _MOST_LISTS = 2_000_000, 40
_MOST_VALUES, _MOST_HOLDERS = 200, 4
"""Values of a list, and objects that have one, of which a way is looked for."""
ID = "_id"
_FAR = 12
"""Items between a value and the text that tells whose it is."""
_LABELS = ("name", "title", "label", "code")
_LABEL = re.compile(r"(?=[^\W\d_])[^\"'\\<>{}\[\]\n]{1,60}")
_SHORTEST_CODE = 2
_NUMBER = r"-?\d[\d.eE+-]*"
_LOWEST = -7
"""The lowest of the numbers that stand for undefined, null, NaN and their like."""
Member = tuple[str, int]
"""The name of a member, and the place of its value."""


class Row(Struct, frozen=True):
    """An object of a flat list."""

    place: int
    members: tuple[Member, ...]
    called: str
    """What holds it calls it: a member, or the list that it is an item of."""
    is_item: bool
    """Whether it is one of a list, or in something that is."""


class Flat(Struct, frozen=True):
    """A flat list, and how it is written."""

    items: list[Any]
    rows: tuple[Row, ...]
    quote: str
    """The pattern of a quote: a list may be a string of a document or script."""
    places_of_names: frozenset[int]
    """Where the names of members are written in the list."""
    told: Mapping[tuple[str, str], bool]
    """For each name of a member, and what holds its object, whether each such object has another one."""
    times: Mapping[str, int]
    """How many objects have a member of a name."""
    holders: Mapping[str, Sequence[tuple[Row, int]]]
    """For each text or number the objects that have it, and its place."""


@lru_cache(maxsize=16)
def flat_documents(text: str) -> tuple[Flat, ...]:
    """The flat lists that stand in a text, also as strings of a document or script."""
    if len(text) > _LONGEST:
        return ()
    found: list[Flat] = []
    end = 0
    for begin in islice(_BEGINS.finditer(text), _MOST_LISTS):
        if begin.start() < end:
            continue
        items, length = _read(text, begin.start(), is_string=begin[1] != "")
        if items and (flat := _flat(items, '\\\\"' if begin[1] else '"')):
            found.append(flat)
            end = begin.start() + length
    return tuple(found)


def _read(text: str, start: int, is_string: bool) -> tuple[list[Any], int]:
    try:
        if is_string:
            written = _STRING_END.match(text, start)
            raw = written[0] if written else ""
            items, _ = json.JSONDecoder().raw_decode(json.loads(f'"{raw}"'))
            return items, len(raw)
        items, last = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return [], 0
    return items, last - start


def _flat(items: list[Any], quote: str) -> Flat | None:
    """A list as a flat one; None for any other, of which an object has something else than places or an item no place."""
    objects = [(place, one) for place, one in enumerate(items) if isinstance(one, dict)]
    named = all(map(_PLACE.fullmatch, objects[0][1])) if objects else False
    if not all(_is_of_places(one, len(items), named) for _, one in objects):
        return None
    names = {int(key[1:]) for _, one in objects for key in one} if named else set()
    lists = [(place, list(_in_list(one, len(items)))) for place, one in enumerate(items) if isinstance(one, list)]
    referred = {place for _, one in objects for place in one.values()} | {place for _, held in lists for place in held}
    if not named and not referred.issuperset(range(1, len(items))):
        return None
    if any(not isinstance(items[place], str) for place in names):
        return None
    members = {place: tuple((items[int(key[1:])] if named else key, at) for key, at in one.items()) for place, one in objects}
    return _described(items, tuple(_rows(members, dict(lists))), quote, frozenset(names))


def _described(items: list[Any], rows: tuple[Row, ...], quote: str, names: frozenset[int]) -> Flat:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    holders: dict[str, list[tuple[Row, int]]] = defaultdict(list)
    for row in rows:
        for name, at in row.members:
            places[row.called, name].append(at)
            if text := text_of(items, at):
                holders[text].append((row, at))
    told = {key: len(set(all_of)) == len(all_of) > (key[1].lower() not in _LABELS) for key, all_of in places.items()}
    times = Counter(name for row in rows for name, _ in row.members)
    return Flat(items, rows, quote, names, told, times, holders)


def _is_of_places(one: dict[str, Any], size: int, named: bool) -> bool:
    return all(type(at) is int and _LOWEST <= at < size for at in one.values()) and (
        not named or all(_PLACE.fullmatch(key) and int(key[1:]) < size for key in one)
    )


def _in_list(one: list[Any], size: int) -> Iterator[int]:
    tag = one[0] if one and isinstance(one[0], str) and _TAG.fullmatch(one[0]) else ""
    yield from (at for at in one if type(at) is int and 0 <= at < size and (not tag or tag != "D"))


def _rows(members: dict[int, tuple[Member, ...]], lists: dict[int, list[int]]) -> Iterator[Row]:
    holder: dict[int, tuple[int, str]] = {}
    for place, held in members.items():
        for name, at in held:
            holder.setdefault(at, (place, name))
    for place, items in lists.items():
        for at in items:
            holder.setdefault(at, (place, ""))
    for place, held in members.items():
        called, is_item, at, seen = "", False, place, {place}
        while at in holder and holder[at][0] not in seen:
            at, name = holder[at]
            seen.add(at)
            called = called or name
            is_item = is_item or at in lists
        yield Row(place, held, called, is_item)


def names_of_flat(items: object) -> dict[int, str]:
    """What the items of a flat list are called, by their places; nothing for anything else."""
    flat = _flat(items, '"') if isinstance(items, list) and any(isinstance(one, dict) for one in items[:2]) else None
    return {at: _called(row, name) for row in reversed(flat.rows) for name, at in row.members} if flat else {}


def is_steady(flat: Flat, row: Row, at: int) -> bool:
    """Whether a value has the same place the next time: nothing before it may be longer or shorter."""
    return not row.is_item and not flat.places_of_names and not any(isinstance(one, list) for one in flat.items[:at])


def is_last_of_all(items: list[Any], at: int) -> bool:
    """Whether a member of the first object is written last, behind lists that may be longer or shorter the next time."""
    first = items[0] if at == len(items) - 1 and isinstance(items[0], dict) else {}
    return at in first.values() and any(isinstance(one, list) for one in items) and _flat(items, '"') is not None


# --- ways to take a value ---------------------------------------------------------------------------------------------


def observe_flat(finder: Finder, text: str) -> None:
    """Offer the members of the objects of flat lists: by their names, or by a title of the same object."""
    kind: SourceKind = "script" if finder.entry.response.media_type.endswith("html") else "json"  # a page has fields too
    for flat in flat_documents(text):
        for value in islice((value for value in flat.holders if value in finder.wanted), _MOST_VALUES):
            if value not in finder.path.split("/"):  # what a request asks for by its path was there
                for row, at in flat.holders[value][:_MOST_HOLDERS]:
                    _offer(finder, flat, row, at, kind, text)


def _offer(finder: Finder, flat: Flat, row: Row, at: int, kind: SourceKind, text: str) -> None:
    name, value = next(name for name, place in row.members if place == at), text_of(flat.items, at)
    pattern = _by_name(flat, row, name, at) or _by_object(flat, row, at, text) or _by_title(flat, row, at, text)
    if pattern and list(islice(taken(pattern, text), 2)) == [value]:
        finder.by_pattern(
            value, value, pattern, text, kind, _called(row, name) + ID * (finder.after_change and is_all_of(flat, at))
        )


def is_all_of(flat: Flat, at: int) -> bool:
    """Whether a list tells nothing but one number: a change that is answered so made the thing of that number."""
    return len(flat.rows) == 1 and len(flat.rows[0].members) == 1 and type(flat.items[at]) is int


def text_of(items: Sequence[Any], at: int) -> str:
    """The text or number at a place; empty for anything else, and for a text that is written otherwise."""
    one = items[at] if 0 <= at < len(items) else None
    if isinstance(one, str):
        return one if json.dumps(one, ensure_ascii=False) == f'"{one}"' else ""
    return str(one) if type(one) is int else ""


def _called(row: Row, name: str) -> str:
    """What a member is called: an `id` after the thing that it is of."""
    return f"{singular(row.called)}_id" if name.lower() == "id" and row.called and not row.called.isdigit() else name


def _by_name(flat: Flat, row: Row, name: str, at: int) -> str:
    """The pattern of a value behind its name in the list, where one object has a member of that name, and is no item."""
    if row.is_item or at - 1 not in flat.places_of_names or flat.items[at - 1] != name:
        return ""
    if flat.times[name] != 1:
        return ""
    return f"{flat.quote}{literal_pattern(name)}{flat.quote},{_value(flat, at)}"


def _by_object(flat: Flat, row: Row, at: int, text: str) -> str:
    """The pattern of a value behind its object and what that has before it, where no path leads to it: in a string, or a page."""
    has_path = flat.quote == '"' and text.lstrip()[:1] in ("{", "[")
    if row.is_item or has_path or flat.places_of_names or not row.place < at <= row.place + _FAR:
        return ""
    if any(_is_apart(flat, place) for place in range(row.place + 1, at)):
        return ""
    return f"{_item(flat, row.place)},{_over(flat, row.place + 1, at)}{_value(flat, at)}"


def _by_title(flat: Flat, row: Row, at: int, text: str) -> str:
    """The pattern of a value by a title in the same object that no other has."""
    beside_it = row.members if row.is_item else ()
    titles = [
        (name, place)
        for name, place in beside_it
        if place != at and _is_title(name, text_of(flat.items, place)) and flat.told[row.called, name]
    ]
    for _, place in sorted(titles, key=lambda one: (one[0].lower() not in _LABELS, abs(one[1] - at))):
        title = f"{flat.quote}{literal_pattern(text_of(flat.items, place))}{flat.quote}"
        before, behind = beside(flat, row, at, place)
        pattern = f"{before}{title}{behind}"
        if (before or behind) and list(islice(taken(pattern, text), 2)) == [text_of(flat.items, at)]:
            return pattern
    return ""


def _is_title(name: str, text: str) -> bool:
    if not _LABEL.fullmatch(text) or is_token(text) or is_secret_name(name) or is_id_name(name):
        return False
    return name.lower() in _LABELS or (len(text) > _SHORTEST_CODE and not any(map(str.isdigit, text)))


def beside(flat: Flat, row: Row, at: int, mark: int) -> tuple[str, str]:
    """The patterns from the value at a place up to a text of the same object, and from that to it; empty where it is far."""
    if not 0 < abs(mark - at) <= _FAR or any(_is_apart(flat, place) for place in range(min(at, mark) + 1, max(at, mark))):
        return "", ""
    lead = _lead(flat, row, min(at, mark)) if type(flat.items[at]) is int else "[,\\[]"
    if at < mark:
        return f"{lead}{_value(flat, at)},{_over(flat, at + 1, mark, row)}", ""
    return lead, f",{_over(flat, mark + 1, at, row)}{_value(flat, at)}[,\\]]"


def _lead(flat: Flat, row: Row, first: int) -> str:
    """The pattern of what stands before a number and its mark, from their object on.

    A number that was written before is not written again: without its object, the one before it would be taken.
    """
    if flat.places_of_names:
        return "[,\\[]"
    if first < row.place:  # the key of a map, which holds the object
        return f"{_item(flat, first - 1)}," if first > 1 else "[,\\[]"
    if first - row.place > _FAR or any(_is_apart(flat, at) for at in range(row.place + 1, first)):
        return "[,\\[]"
    return f"{_item(flat, row.place)},{_over(flat, row.place + 1, first)}"


def _is_apart(flat: Flat, at: int) -> bool:
    """Whether an item holds others, of which the next time more or fewer stand behind it."""
    one = flat.items[at]
    is_tagged = isinstance(one, list) and one[:1] != [] and isinstance(one[0], str)
    return (isinstance(one, list) and not is_tagged) or (isinstance(one, dict) and bool(flat.places_of_names))


def _over(flat: Flat, first: int, last: int, row: Row | None = None) -> str:
    """The pattern of the items from a place up to another: names are there where no row before had them."""
    names = {at: name for name, at in row.members} if row and flat.places_of_names else {}
    pattern = ""
    for at in range(first, last + 1):
        if at in names and at - 1 not in flat.places_of_names:
            pattern += _optional(flat, names[at])
        if at < last:
            pattern += _optional(flat, flat.items[at]) if at in flat.places_of_names else f"{_item(flat, at)},"
    return pattern


def _optional(flat: Flat, name: str) -> str:
    return f"(?:{flat.quote}{literal_pattern(name)}{flat.quote},)?"


def _item(flat: Flat, at: int) -> str:
    one = flat.items[at]
    if isinstance(one, dict):
        first = next(iter(one), "")
        begin = f"{flat.quote}{literal_pattern(first)}{flat.quote}:" if first and not flat.places_of_names else ""
        return f"\\{{{begin}[^{{}}]*\\}}"
    if isinstance(one, list):
        return r"\[[^\[\]]*\]"
    if isinstance(one, str):
        return f'{flat.quote}[^"\\\\]*{flat.quote}'
    return "(?:true|false|null)" if isinstance(one, bool) or one is None else _NUMBER


def _value(flat: Flat, at: int) -> str:
    return f'{flat.quote}([^"\\\\]+){flat.quote}' if isinstance(flat.items[at], str) else "(\\d+)"
