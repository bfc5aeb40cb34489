"""Two recordings of one journey side by side: what changed between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from loadwright.compiler.agents.decide.by_user.users import user_names, without_user
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import folded
from loadwright.compiler.agents.observe.boxes import differ_in_numbers
from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields, is_asset
from loadwright.compiler.agents.values import is_drawn, is_token
from loadwright.compiler.recording.acknowledged import event_of
from loadwright.compiler.recording.alignment import longest_common
from loadwright.compiler.recording.calls import functions
from loadwright.compiler.recording.graphql import operation
from loadwright.compiler.recording.kinds import body_type, is_document
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.pairs import separator
from loadwright.compiler.recording.sockets import is_message
from loadwright.compiler.recording.urls import path_template

_DOING = re.compile(
    r"(?i:action|act|do|op|operation|operationName|method|cmd|command|task|route|rest_route|r|controller|module|mod|view)"
    r"=(?:/|%2F)?[A-Za-z][A-Za-z_.:/-]*(?:%2F[\w.:-]+)*"
)
"""A parameter that says what is to be done, and a word or path that no session makes."""
_NUMBERED = re.compile(r"(/)\d+-(?=[A-Za-z])")
"""The id before the words of a segment: `/topics/12-hello-world`."""
_KIND = re.compile(r"(/[A-Za-z]{2,20})\d{1,10}(?=/|$)")
"""A segment that says kind and number of a thing: `/issue17`."""
_PLAIN_NAME, _PIECES = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][\w-]{3,}", re.ASCII), re.compile(r"[A-Za-z0-9]{16,}")
_CODE = re.compile(
    r"(?![A-Z]?[a-z]+(?:[-_][A-Z]?[a-z]+)*$)(?=.*[A-Z])[A-Za-z0-9_-]{5,12}|(?=.*[A-Z])[A-Z0-9]{2,8}(?:-[A-Z0-9]{2,8}){1,3}"
)
"""A short name for a thing, and no word; in groups, as people read codes to each other (`XCT-SNQR`)."""
_TOLD = re.compile(r"[a-z0-9][a-z0-9_-]{3,30}")
"""A name for a thing in small letters, which may be a word."""
_TYPE = "type"
_MEANT = re.compile(r"[^\s\d]{2,200}")
"""What is no text that a user typed, and no id."""
_LONGEST_BODY = 10_000
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z_]{2,30}(?![A-Za-z0-9])")
_AT_ONCE = 60
"""Requests by which one may come earlier or later in another session: what a page asks for at once."""
_NAMED = ("query", "form", "part", "json", "header")
SAME_JOURNEY = 0.6
"""The share of requests that must match for two recordings to be of one journey."""


def shape(entry: Entry, users: frozenset[str] = frozenset()) -> tuple[str, str, str, str]:
    """What stays the same of a request from one session to the next: method, host, path without ids and `users`, what to do.

    Many applications have one address for all: what is to be done says a parameter (`?route=/table/change`, `action=watch`), the
    operation of GraphQL, the event of Socket.IO, or the functions that are called with a list of arguments.
    """
    url = urlsplit(entry.request.url)
    path = without_user(url.path, users) if users else url.path
    path = _KIND.sub(r"\1{id}", _NUMBERED.sub(r"\1{id}-", path_template(path)))
    return entry.request.method, url.netloc, path, _doing(entry, url.query)


def _doing(entry: Entry, query: str) -> str:
    body = body_text(entry) if body_type(entry.request) == FORM else ""
    texts = (query, body) if body and len(body) < _LONGEST_BODY else (query,)
    said = (_DOING.fullmatch(pair) for text in texts if "=" in text for pair in text.split(separator(text)))
    if asked := operation(entry):
        return str(asked)
    if event := event_of(entry.messages) if is_message(entry) else "":
        return event
    if called := functions(entry.request.body or b""):
        return "&".join(called)
    return "&".join(_without_ids(unquote(one[0])) for one in said if one)


def _without_ids(pair: str) -> str:
    name, _, value = pair.partition("=")
    return f"{name}={path_template(value) if value.startswith('/') else value}"


def same_journey(first: Sequence[Entry], second: Sequence[Entry]) -> bool:
    """Whether two recordings are of the same journey."""
    return 2 * len(_common(first, second)) >= SAME_JOURNEY * (len(first) + len(second))


def aligned(first: Sequence[Entry], second: Sequence[Entry]) -> dict[int, int]:
    """Entry of the first recording: the entry of the second that makes the same request.

    What only one of them has takes nobody's partner: the longest sequence counts that both have, first of requests that are
    alike in detail, then of those between them that do the same. What is left may have come a little earlier or later.
    """
    assets = dict(_same_assets(first, second))
    known = {e.request.url for e in first if is_asset(e)} & {e.request.url for e in second if is_asset(e)}
    # one that was loaded more often in one recording (the other had it in its cache) is no other one's partner
    here, there = _users(first, second)
    ours = _Requests([e for e in first if e.request.url not in known], here)
    theirs = _Requests([e for e in second if e.request.url not in known], there)
    found = _in_order(ours, theirs)
    moved = dict(_moved(ours, theirs, found))
    found.update(moved)
    _uncross(found, ours, theirs, {ours.details[place] for place in moved})
    return {**{ours.entries[a].index: theirs.entries[b].index for a, b in found.items()}, **assets}


class _Requests:
    """Requests of a recording, and what stays the same of them, in short and in detail."""

    def __init__(self, entries: Sequence[Entry], users: frozenset[str]) -> None:
        self.entries = entries
        self.shapes = [shape(entry, users) for entry in entries]
        self.details = [(s, *_detail(entry)) for s, entry in zip(self.shapes, entries, strict=True)]


def _in_order(first: _Requests, second: _Requests) -> dict[int, int]:
    found: dict[int, int] = {}
    a = b = 0
    for pair in (*longest_common(first.details, second.details), (len(first.entries), len(second.entries))):
        between = longest_common(first.shapes[a : pair[0]], second.shapes[b : pair[1]])
        found.update((a + ours, b + theirs) for ours, theirs in between)
        found[pair[0]] = pair[1]
        a, b = pair[0] + 1, pair[1] + 1
    del found[len(first.entries)]
    return found


def _moved(first: _Requests, second: _Requests, found: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Of what is left, what is alike in detail, near, and between the same pages: scripts ask for several things in any order."""
    free: dict[object, list[int]] = {}
    for place in sorted(set(range(len(second.entries))) - set(found.values())):
        if not is_message(second.entries[place]):
            free.setdefault(second.details[place], []).append(place)
    pages = [a for a, b in sorted(found.items()) if is_document(first.entries[a]) and is_document(second.entries[b])]
    ends = zip([-1, *(found[a] for a in pages)], [*(found[a] for a in pages), len(second.entries)], strict=True)
    between, expected = list(ends), 0
    for place, detail in enumerate(first.details):
        expected = found.get(place, expected)
        low, high = between[bisect_right(pages, place)]
        places = [n for n in free.get(detail, ()) if low < n < high] if place not in found else []
        nearest = min(places, key=lambda n: abs(n - expected), default=None)
        if nearest is not None and abs(nearest - expected) <= _AT_ONCE:
            free[detail].remove(nearest)
            yield place, nearest


def _uncross(found: dict[int, int], first: _Requests, second: _Requests, details: Collection[object]) -> None:
    """Give requests that are alike in detail their partners in order again, after some were found at another place."""
    alike: dict[object, list[int]] = {}
    for place in sorted(found) if details else ():
        detail = first.details[place]
        if detail in details and detail == second.details[found[place]]:
            alike.setdefault(detail, []).append(place)
    for places in alike.values():
        found.update(zip(places, sorted(found[place] for place in places), strict=True))


def _detail(entry: Entry) -> tuple[object, ...]:
    """What stays the same of a request besides, where nobody typed something else: words of its query, names of its fields."""
    said = tuple(word for pair in entry.request.url.partition("?")[2].split("&") for word in _words(unquote(pair)))
    status = 200 if entry.response.status == HTTPStatus.NOT_MODIFIED else entry.response.status
    return said, tuple(_members(entry) or _names(entry)), status, entry.response.media_type


def _words(pair: str) -> list[str]:
    """The words of a parameter; letters between the marks of a token are none (`after=iuQ-JyA0xYLN`)."""
    name, _, value = pair.partition("=")
    return _WORD.findall(name if is_token(value) else pair)


def _members(entry: Entry) -> list[str]:
    """The names in the JSON that a request sends, and what is meant where it says its type: `{"type": "read", "path": "disk"}`."""
    document = _sent(entry)
    if not isinstance(document, dict):
        return []
    meant = (value for value in document.values() if type(value) is str and _MEANT.fullmatch(value)) if _TYPE in document else ()
    return [*document, *meant]


def _sent(entry: Entry) -> object:
    """The JSON document that a request sends; None for anything else."""
    return json_document(body_text(entry) or "") if "json" in body_type(entry.request) else None


def _same_assets(first: Sequence[Entry], second: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """What a page loads under one URL in both recordings is the same, whatever place in the page's order it comes at."""
    found: dict[str, list[int]] = {}
    for entry in second:
        if is_asset(entry):
            found.setdefault(entry.request.url, []).append(entry.index)
    for entry in first:
        if is_asset(entry) and found.get(entry.request.url):
            yield entry.index, found[entry.request.url].pop(0)


def changes(
    first: Mapping[int, Sequence[Site]], second: Mapping[int, Sequence[Site]], pairs: Mapping[int, int]
) -> dict[tuple[int, str, str], bool]:
    """For each site (entry, location, key) that both recordings have: whether its value differs."""
    found: dict[tuple[int, str, str], bool] = {}
    for entry, partner in pairs.items():
        values: dict[tuple[str, str], Site] = {site.identity: site for site in second.get(partner, ())}
        both = [(site, values[site.identity]) for site in first.get(entry, ()) if site.identity in values]
        found.update(((entry, *ours.identity), ours.value != theirs.value) for ours, theirs in both)
        found.update(((entry, *site.identity), False) for site in _moved_in_a_list(both))
    return found


def _moved_in_a_list(both: Sequence[tuple[Site, Site]]) -> Iterator[Site]:
    """The words in lists of a JSON body that the other recording has in another order, as the server gave them there."""
    lists: dict[str, list[tuple[Site, Site]]] = {}
    for ours, theirs in both:
        if ours.location == "json" and ours.key.rpartition("/")[2].isdigit():
            lists.setdefault(ours.key.rpartition("/")[0], []).append((ours, theirs))
    for items in lists.values():
        here, there = ([pair[n].value for pair in items] for n in range(2))
        if here != there and Counter(here) == Counter(there):
            yield from (ours for ours, _ in items if not ours.value.isdigit())


def drifting_names(first: Entry, second: Entry) -> dict[str, str]:
    """Names of fields that a form has otherwise in another session, at the same place among the same others: ours to theirs."""
    ours, theirs = map(_names, (first, second))
    if not ours or len(ours) != len(theirs):
        return {}
    others = {a: b for a, b in zip(ours, theirs, strict=True) if a != b}
    both = set(ours) & set(theirs)
    counted = {a: b for a, b in others.items() if differ_in_numbers(a, b)}
    differ = {a: b for a, b in others.items() if a not in counted}
    if not both.isdisjoint((*counted, *counted.values())):
        counted = {}  # rows that both have, in another order
    is_sure = 2 * len(differ) <= len(ours) and both.isdisjoint((*differ, *differ.values()))  # else they only changed places
    return counted | ({a: b for a, b in differ.items() if all(map(_is_plain_name, (a, b)))} if is_sure else {})


def keyed_alike(sites: Mapping[int, list[Site]], names: Mapping[str, str]) -> Mapping[int, list[Site]]:
    """The sites of another recording, with those of fields that it calls otherwise by the keys that they have in ours."""
    ours = {theirs: name for name, theirs in names.items()}
    if not ours:
        return sites

    def keyed(site: Site) -> Site:
        own = ours.get(site.name) if site.location == "form" else None
        return site if own is None else replace(site, key=own + site.key.removeprefix(site.name))

    return {entry: [keyed(site) for site in found] for entry, found in sites.items()}


def _names(entry: Entry) -> list[str]:
    """The names of what a form sends, in order."""
    if entry.request.parts:
        return [part.name for part in entry.request.parts]
    fields = form_fields(body_text(entry) or "") if body_type(entry.request) == FORM else None
    return [name for name, _ in fields or ()]


def _is_plain_name(name: str) -> bool:
    """Whether a name is sent as it stands in the page, and holds no token, which is known by its form."""
    return _PLAIN_NAME.fullmatch(name) is not None and not any(map(is_drawn, _PIECES.findall(name)))


def without_chance(
    changed: Mapping[tuple[int, str, str], bool], sites: Mapping[int, Sequence[Site]], given: Container[str]
) -> dict[tuple[int, str, str], bool]:
    """What changed, without what two sessions were given alike by chance.

    A server that signs with one of a few keys gives one of a few tokens: a token that a response gave is no constant because both
    recordings have it, where a field of the same name has another one elsewhere.
    """
    tokens = [site for found in sites.values() for site in found if site.location in _NAMED and site.name and is_token(site.value)]
    varying = {(s.location, folded(s.name)) for s in tokens if changed.get((s.entry, *s.identity))}
    chance = {(s.entry, *s.identity) for s in tokens if (s.location, folded(s.name)) in varying and s.value in given}
    return {key: differs for key, differs in changed.items() if differs or key not in chance}


def _common(first: Sequence[Entry], second: Sequence[Entry]) -> list[tuple[int, int]]:
    here, there = _users(first, second)
    return _pairs(first, second, here, there)


def _pairs(first: Sequence[Entry], second: Sequence[Entry], here: frozenset[str], there: frozenset[str]) -> list[tuple[int, int]]:
    return longest_common([shape(e, here) for e in first], [shape(e, there) for e in second])


def _users(first: Sequence[Entry], second: Sequence[Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """The users' names of both recordings, where paths have them: more requests match without them (`/so/ann`, `/so/ben`).

    So it is with codes for things that one of the two has alone: `/talks/CKWDJR/`, `/talks/WWBGDD/`.
    """
    best = frozenset[str](), frozenset[str]()
    names = user_names(first, whatever=True), user_names(second, whatever=True)
    ours, theirs = _codes(first), _codes(second)
    told = _told_segments(first), _told_segments(second)
    for more in (names, (ours - theirs, theirs - ours), (told[0] - told[1], told[1] - told[0])):
        tried = best[0] | more[0], best[1] | more[1]
        differs = more[0] and more[1] and more[0] != more[1]
        if differs and len(_pairs(first, second, *tried)) > len(_pairs(first, second, *best)):
            best = tried
    return best


def _codes(entries: Sequence[Entry]) -> frozenset[str]:
    """The segments of paths that are how an application calls a thing, if in a few letters."""
    paths = (urlsplit(entry.request.url).path for entry in entries)
    return frozenset(segment for path in paths for segment in path.split("/") if _CODE.fullmatch(segment))


def _told_segments(entries: Sequence[Entry]) -> frozenset[str]:
    """The words that several paths have and that a member of JSON said before: what an application calls a tenant or a space."""
    sent: dict[str, list[Entry]] = {}
    for entry in entries:
        for segment in set(urlsplit(entry.request.url).path.split("/")):
            if _TOLD.fullmatch(segment):
                sent.setdefault(segment, []).append(entry)
    several = {segment: found[0].started for segment, found in sent.items() if len(found) > 1}
    return frozenset(segment for segment, started in several.items() if _is_told(segment, started, entries))


def _is_told(segment: str, started: float, entries: Sequence[Entry]) -> bool:
    said = (f':"{segment}"', f': "{segment}"')
    before = (entry.response for entry in entries if entry.ended <= started and "json" in entry.response.media_type)
    return any(one in (response.text or "") for response in before for one in said)
