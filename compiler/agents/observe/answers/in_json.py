"""Values of JSON answers, each with a path that holds on to what is stable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any

from loadwright.compiler.agents.observe.answers.in_items import key_pattern
from loadwright.compiler.agents.observe.arguments import result_names
from loadwright.compiler.agents.observe.derive import evaluate
from loadwright.compiler.agents.observe.finder import Finder, Source
from loadwright.compiler.agents.observe.flat_documents import is_last_of_all, names_of_flat
from loadwright.compiler.agents.observe.sites import UrlPart, url_parts
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_token, may_identify, spoken_share
from loadwright.compiler.plan.jsonpath import Digits, quote_name, quote_value
from loadwright.compiler.plan.model import JsonSource

_LABELS = ("name", "title", "label", "code")
_CURSOR = "cursor"
"""Says where in a list an item stands (Relay), and names nothing."""
_DEEP_LABEL = 3
"""How many objects an item may have around the text that names it."""
_FIRST = 4
"""Items of a list inside of an item that may name it: `{"cell": ["", "Rug"]}`, `{"name": [{"family": "Berg"}]}`."""
_COORDINATES = frozenset(["row", "column", "col", "x", "y", "floor"])
"""What of a plan says, with a text or another of them, which place was chosen: `{"row": 12, "column": "B"}`."""
_DEEPEST = 200
_MOST_MEMBERS, _MOST_KEYS = 2000, 20
"""Things that an object holds by their ids, and how many of the ids are looked for."""
_LONG_CODE = 8
_MOST_TEXTS = 6
"""Texts of an item of which two may name it together."""
_NO_NAMES: Mapping[Any, str] = {}
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d{3}")
_ORIGIN = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
Place = tuple["Place | None", Any, Any]
"""The place of the parent, the parent, and the key or position in it."""
Way = tuple[str | int, ...]
"""The names and positions that lead from an item to something inside of it."""


def observe_json(finder: Finder, document: object, root: str = "$") -> None:
    """Offer every text and number of a document, whose place is called `root`."""
    if isinstance(document, dict | list):
        _Walk(finder, document, root).visit(document, None, "", 0)
    elif isinstance(document, str):
        _leaf(finder, document, "", lambda: (JsonSource(path=root), 1))


class _Walk:
    """A document, and what is known of the lists and objects in it; it refers to nothing that refers to it, and is gone at once."""

    def __init__(self, finder: Finder, document: Any, root: str) -> None:
        self._finder, self._document, self._root = finder, document, root
        self._labels: dict[int, list[str | None]] = {}
        self._by_key: dict[int, dict[str, str | None]] = {}
        self._names: Mapping[Any, str] = names_of_flat(document) or result_names(document, finder.entry.request.body or b"")
        self._numbers = finder.wanted.numbers or finder.deep

    def visit(self, value: Any, place: Place | None, name: str, depth: int) -> None:
        """Offer what stands in an object or a list."""
        finder, numbers = self._finder, self._numbers
        values, deep = finder.wanted.values, finder.deep
        is_list = type(value) is list
        if not is_list and len(value) > 1:
            self._keys_of(value, name)
        own = self._names if place is None else names_of_flat(value) if is_list else _NO_NAMES
        members: Iterable[tuple[Any, Any]] = enumerate(value) if is_list else value.items()
        for key, child in members:
            kind = type(child)
            if kind is dict or kind is list:
                if depth < _DEEPEST:
                    self.visit(child, (place, value, key), name if is_list else own.get(key, key), depth + 1)
                continue
            if kind is str or kind is Digits:
                text = child
            elif kind is bool or child is None or not numbers:
                continue
            else:
                text = str(child)
            if text in values or (deep and len(text) >= 4):
                _leaf(finder, text, own.get(key, name if is_list else key), self._source_of((place, value, key)))
            elif kind is str and text[:1] in "/h" and "/" in text:
                _link(finder, text, self._source_of((place, value, key)))

    def _source_of(self, place: Place) -> Source:
        return lambda: (JsonSource(path=self._path_of(place)), 1)

    def _path_of(self, place: Place | None) -> str:
        steps: list[str] = []
        way = ""
        while place is not None:
            place, parent, key = place
            if isinstance(parent, dict):
                steps.append("[*]" if len(parent) == 1 and _is_no_name(key) else self._by_member(parent, key) or quote_name(key))
            else:
                told = self._labels_of(parent)[key] or ""
                by_itself = bool(way) and f"@{way}==" in told  # what is taken does not say which item it is of
                position = "[-1]" if is_last_of_all(parent, key) else f"[{key}]"
                steps.append(position if by_itself or not told else told)
            way = _step_to(key) + way
        return self._root + "".join(reversed(steps))

    def _labels_of(self, parent: list[Any]) -> list[str | None]:
        """For each item of a list a filter that names it, if there is one."""
        if id(parent) not in self._labels:
            is_nameless = _is_made(parent, self._finder) or _is_whatever_comes(parent, self._finder)
            is_nameless = is_nameless or (parent is self._document and _is_of_calls(parent))
            self._labels[id(parent)] = [None] * len(parent) if is_nameless else _predicates(parent, self._finder.wanted.values)
        return self._labels[id(parent)]

    def _by_member(self, parent: dict[str, Any], key: str) -> str:
        """A filter for a member that is called by the id of what it holds, as its neighbours are."""
        if not (key in self._finder.wanted or _is_no_name(key)):
            return ""
        if id(parent) not in self._by_key:
            told = _predicates(list(parent.values()), self._finder.wanted.values) if _is_by_ids(parent) else ()
            self._by_key[id(parent)] = dict(zip(parent, told, strict=False))
        return self._by_key[id(parent)].get(key) or ""

    def _keys_of(self, parent: dict[str, Any], name: str) -> None:
        """Offer the keys by which an object calls what it holds, each by the text of that."""
        finder, values = self._finder, self._finder.wanted.values
        if values.isdisjoint(parent) or not _is_by_ids(parent):
            return
        text = finder.entry.response.text or ""
        for key in islice((key for key in parent if key in values and may_identify(key)), _MOST_KEYS):
            if pattern := key_pattern(text, key):
                finder.by_pattern(key, key, pattern, text, "json", f"{name}_id")


_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_TIME_TOLD = re.compile(
    rf"\b(?:ago|just now|today|yesterday)\b|\d{{4}}-\d\d-\d\d|\b{_MONTH}\.? \d{{1,2}}\b|\b\d{{1,2}}\.? {_MONTH}\b", re.IGNORECASE
)
"""A time as people are told it, which is another one by the next run: `13 minutes ago`, `Nov 25, 2026`."""


def _leaf(finder: Finder, value: str, name: str, source: Source) -> None:
    finder.offer(value, "json", source, name)
    if finder.deep and "/" in value:
        _link(finder, value, source)


def _link(finder: Finder, value: str, source: Source) -> None:
    """The path segments of a link in JSON (`{"href": "/api/orders/17"}`), which tokens or not stand in their place."""
    if len(value) >= 2000 or not finder.wanted.may_hold(value) or any(c.isspace() for c in value):
        return
    for part in url_parts(value):
        if part.location != "path" or part.value not in finder.wanted or not may_identify(part.value):
            continue
        if is_token(part.value) and not is_token(part.context):
            continue  # a token is cut out of the text as a whole, where what stands before it tells the place
        if part.value == value[part.start : part.end] and (chain := steps_to(value, part)):
            finder.offer(part.value, "link", source, "", part.context, chain=chain)


def steps_to(url: str, part: UrlPart) -> tuple[tuple[str, ...], ...]:
    """`after` the last segment that is a word, and the slashes behind it, `before` what follows; none where that is not sure."""
    behind, before = url[part.end : part.end + 1], _ORIGIN.sub("", url[: part.start]).split("/")[:-1]
    hops = next((n for n, segment in enumerate(reversed(before)) if not (segment.isdigit() or is_token(segment))), len(before))
    anchor = f"/{before[-1 - hops]}/" if hops + 1 < len(before) else "//"
    steps = (("after", anchor), *((("after", "/"),) * hops), *((("before", behind),) if behind else ()))
    return steps if anchor != "//" and evaluate(steps, url) == part.value else ()


def _predicates(items: list[Any], sent: Collection[str] = ()) -> list[str | None]:
    """For each object of a list a filter on a sibling text that names it alone, or None; a code that is sent is an id, no name."""
    if None in items:  # rows that are empty have no name, and take none from the others
        told = iter(_predicates([item for item in items if item is not None], sent))
        return [None if item is None else next(told) for item in items]
    if not all(isinstance(item, dict) for item in items):
        return _of_lists(items)
    if usual := _by_usual_names(items, sent):
        return usual
    texts = [{k: v for k, v in item.items() if k != _CURSOR and _is_label(v) and not is_secret_name(k)} for item in items]
    counts = Counter((k, v) for labels in texts for k, v in labels.items())
    keys_of_ids = {k for labels in texts for k, v in labels.items() if v in sent and any(map(str.isdigit, v))}
    chosen: list[str | None] = []
    ids: list[bool] = []
    for labels in texts:
        keys = sorted((*_LABELS, *(k for k in labels if k not in _LABELS)), key=keys_of_ids.__contains__)
        key = next((k for k in keys if counts.get((k, labels.get(k, "")), 0) == 1), None)
        chosen.append(f"[?(@{quote_name(key)}=={quote_value(labels[key])})]" if key else None)
        ids.append(key in keys_of_ids)
    if all(chosen) and not any(ids):
        return chosen
    inner = _inner_predicates(items)
    both = (
        _by_two(items, keys_of_ids)
        if not all(own or within for own, within in zip(chosen, inner, strict=True)) or any(ids)
        else inner
    )
    return [
        (within or two or own) if is_id else (own or within or two)
        for own, within, two, is_id in zip(chosen, inner, both, ids, strict=True)
    ]


def _by_usual_names(items: list[Any], sent: Collection[str]) -> list[str | None]:
    """The filters where what labels are mostly called tells every object alone; an empty list where it does not."""
    chosen: list[str | None] = [None] * len(items)
    for key in _LABELS:
        column = [item.get(key) for item in items]
        labels = [value if _is_label(value) else None for value in column]
        if any(label in sent and any(map(str.isdigit, label)) for label in labels if label):
            continue
        counts = Counter(labels)
        for place, label in enumerate(labels):
            if label and counts[label] == 1 and not chosen[place]:
                chosen[place] = f"[?(@{quote_name(key)}=={quote_value(label)})]"
        if all(chosen):
            return chosen
    return []


def _of_lists(items: list[Any]) -> list[str | None]:
    """Filters on the place of a text, where all rows are lists of one length: `[?(@[1]=='Rug')]`."""
    if len(items) < 2 or not all(isinstance(item, list) for item in items) or len(set(map(len, items))) > 1:
        return [None] * len(items)
    for place in range(len(items[0])):
        column = [item[place] for item in items]
        if all(map(_is_title, column)) and len(set(column)) == len(column):
            return [f"[?(@[{place}]=={quote_value(text)})]" for text in column]
    return [None] * len(items)


def _is_title(value: Any) -> bool:
    return _is_label(value) and not any(map(str.isdigit, value))


def _by_two(items: list[Any], without: Collection[str]) -> list[str | None]:
    """Filters on two texts that no other item has together: `[?(@.product.name=='Rug' && @.size=='Large')]`."""
    found = ([pair for pair in _labels_inside({"": item}) if pair[0][1] not in without] for item in items)
    texts = [dict(pairs[:_MOST_TEXTS]) for pairs in found]
    counts = Counter(pair for labels in texts for pair in combinations(labels.items(), 2))
    chosen: list[str | None] = []
    for labels in texts:
        pair = next((two for two in combinations(labels.items(), 2) if counts[two] == 1), None)
        tests = [f"@{_way_to(place[1:])}=={_written(text)}" for place, text in pair or ()]
        chosen.append(f"[?({' && '.join(tests)})]" if tests else None)
    return chosen


def _inner_predicates(items: list[Any]) -> list[str | None]:
    """The same by a text deeper inside: `{"id": 7, "label": {"en": "Tea"}}`, `{"record": {"fields": {"name": "Tea"}}}`."""
    texts = [dict(_labels_inside(item)) for item in items]
    counts = Counter(pair for labels in texts for pair in labels.items())
    in_each = Counter(place for place, _ in counts)
    chosen: list[str | None] = []
    for labels in texts:
        found = [
            place
            for place, text in labels.items()
            if counts[place, text] == 1 and not isinstance(text, int) and (_is_of_names(place) or in_each[place] == len(items))
        ]
        place = min(found, key=_looseness, default=None)
        chosen.append(f"[?(@{_way_to(place)}=={_written(labels[place])})]" if place else None)
    return chosen


def _labels_inside(value: Any, place: Way = ()) -> Iterator[tuple[Way, str | int]]:
    """The labels in the members of an item's members, each with what leads to it; of lists, the first items.

    The values of a flat list are of no item.
    """
    if isinstance(value, list) and names_of_flat(value):
        return
    members: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value[:_FIRST])
    for key, member in members:
        if isinstance(member, dict | list) and len(place) < _DEEP_LABEL:
            yield from _labels_inside(member, (*place, key))
        elif (place and _is_label(member) and not is_secret_name(str(key))) or (key in _COORDINATES and type(member) is int):
            yield (*place, key), member


def _is_of_names(place: Way) -> bool:
    """Whether members alone lead to a text; the place in a list says which text it is where each item of the other has one."""
    return not any(isinstance(step, int) for step in place)


def _looseness(place: Way) -> tuple[bool, bool, int]:
    """The order in which texts name an item: the best first."""
    return not _is_of_names(place), not any(str(step).lower() in _LABELS for step in place), len(place)


def _written(label: str | int) -> str:
    return str(label) if isinstance(label, int) else quote_value(label)


def _way_to(place: Way) -> str:
    return "".join(map(_step_to, place))


def _step_to(key: str | int) -> str:
    return f"[{key}]" if isinstance(key, int) else quote_name(key)


def _is_by_ids(members: dict[str, Any]) -> bool:
    """Whether an object holds things by their ids, each of them an object with the same members."""
    if not 1 < len(members) <= _MOST_MEMBERS or not all(isinstance(member, dict) for member in members.values()):
        return False
    return len({frozenset(member) for member in members.values()}) == 1


def _is_no_name(key: str) -> bool:
    """Whether a member is called after what it holds (`{"node:6175": …}`): it is called otherwise in another session."""
    return _NUMBER.search(key) is not None or is_token(key)


def _is_made(items: list[Any], finder: Finder) -> bool:
    """Whether a list holds the one thing that its request made: what it is called was sent, and is another's next time."""
    if len(items) != 1 or not finder.after_change or not isinstance(items[0], dict):
        return False
    sent = (finder.entry.request.body or b"").decode("utf-8", "replace")
    called = (str(items[0].get(name, "")) for name in _LABELS)
    return any(_is_label(name) and name in sent for name in called)


def _is_of_calls(items: list[Any]) -> bool:
    """Whether a list is the answers to several calls that were sent at once, in the order of the calls, as tRPC has them."""
    return all(isinstance(item, dict) and item and item.keys() <= _ANSWERS for item in items)


_ANSWERS = frozenset(("result", "error"))


def _is_whatever_comes(items: list[Any], finder: Finder) -> bool:
    """Whether a list holds the one item that its request wants whichever it is (`$top=1`), of which nothing is sent elsewhere."""
    if len(items) != 1 or not isinstance(items[0], dict):
        return False
    asked = f"{finder.entry.request.url}\n{(finder.entry.request.body or b'').decode('utf-8', 'replace')}"
    return _ONE_ONLY.search(asked) is not None and not any(
        isinstance(text, str) and _is_label(text) and text in finder.wanted for text in items[0].values()
    )


_ONE_ONLY = re.compile(
    r"(?:[?&,;({]|%24|\$|\\?\")(?:top|limit|first|take|(?:page_?)?size|per_?page|rows|max_?results)(?:=|\\?\"?: ?)\"?1(?![\w.])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?:[\w .,()&-]|/(?= ))+")
_LETTER = re.compile("[A-Za-z]")


def _holds_a_code(value: str) -> bool:
    """Whether a token stands in a text, or letters and digits are in no word's order: another session has another one."""
    if not any(map(str.isdigit, value)):
        return False
    if any(map(is_token, re.split("[ ,]", value))):
        return True
    is_mixed = len(value) >= _LONG_CODE and value.isalnum() and value not in (value.lower(), value.upper())
    return is_mixed and spoken_share(value) < 0.5


def _is_label(value: Any) -> bool:
    if not isinstance(value, str) or isinstance(value, Digits) or not 0 < len(value) <= 60 or _PLAIN.fullmatch(value) is None:
        return False
    if _LETTER.search(value) is None and (value.isascii() or not any(c.isalpha() for c in value)):
        return False
    return _TIME_TOLD.search(value) is None and not is_token(value) and not _holds_a_code(value)
