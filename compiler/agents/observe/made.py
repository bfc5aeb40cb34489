"""Things that changes made, by the short numbers that their answers gave, and fields that are called after such a thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from loadwright.compiler.agents.facts import Made, Site
from loadwright.compiler.agents.names import is_count_name, plain_name, plural, singular
from loadwright.compiler.agents.values import WORDS
from loadwright.compiler.recording.calls import making_call, number_sent, result_number
from loadwright.compiler.recording.graphql import only_reads, operation
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry, header

SHORT = range(1, 5)
"""Digits of a number that is met by chance."""
_LONGEST = 200_000
_IDS = ("id", "pk", "_id", "ID")
_OF_FILES = frozenset(("file", "attachment", "upload", "document", "asset", "media", "medium"))
_OF_KINDS = {
    "image": frozenset(("image", "img", "picture", "photo", "avatar", "thumbnail", "logo", "poster", "cover", "banner")),
    "video": frozenset(("video", "clip", "movie")),
    "audio": frozenset(("audio", "sound", "track")),
}
"""What a field is called that holds a file of such a kind (the first part of its media type)."""
_FILE = re.compile(r"(image|video|audio)/[\w.+-]{2,40}$")
_ADDRESS = re.compile(r"(?:/[\w.~-]+)*/([A-Za-z][\w-]{2,39})/([1-9]\d{0,3})/?")
"""The address of one thing: what it is called, and its number."""
_SHORT_ANSWER = 2_000
_ASKED_FOR = re.compile(r"(?:/|%2[Ff]|[Ii][Dd]=)(\d+)(?![\w.:])")
"""What an address speaks of by its number, which was there."""
_THERE = ("me", "self", "current", "login")
"""Ends of addresses of what was there before."""
_BARE = ("id", "ids", "pk", "pks")
_TELLING = 4
"""Letters of a thing's name that stands behind another word by no chance."""
_HOLDING = ("id", "pk", "value")
"""What a member is called that says what another one is called: `{"image": {"value": 3}}`."""
_WHICH = frozenset(("initial", "old", "new", "default", "current", "previous", "original", "selected"))
_ASKING = frozenset(
    (
        *("is", "has", "have", "had", "show", "hide", "use", "allow", "enable", "disable", "include", "exclude", "notify", "send"),
        *("can", "do", "no", "num", "number", "nb", "count", "total", "max", "min", "per", "with", "without", "want", "need"),
        *("should", "sort"),
    )
)
"""How the names of what is switched or counted begin: `show_comment=1`."""


def made_things(entries: Iterable[Entry]) -> dict[str, list[Made]]:
    """What changes made, by the number that the answer gave as its `id`, where that is short and was not asked for."""
    found: dict[str, list[Made]] = {}
    for entry in entries:
        if entry.request.method != "POST" or entry.response.status >= 300 or only_reads(entry) or operation(entry):
            continue
        if (header(entry.request.headers, "x-http-method-override") or "POST").upper() != "POST":
            continue
        thing, path = _thing(entry.response.text or ""), path_of(entry)
        number = _id_of(thing)
        if number and number == number_sent(entry.request.body or b"", entry.response.text or ""):
            number = _id_of({"id": result_number(thing)})  # its `id` is the call's own number, which the answer repeats
            if number and (call := making_call(entry.request.body or b"")):
                kind = frozenset((call.function.rpartition(".")[0],))
                found.setdefault(number, []).append(Made(entry.index, entry.ended, kind))
            continue
        called, number = ("", number) if number else _addressed(entry.response.text or "")
        if number and path.rpartition("/")[2].lower() not in _THERE and number not in _ASKED_FOR.findall(entry.request.url):
            words = frozenset((*_called(entry, path, thing), *_words(called)[-1:]))
            found.setdefault(number, []).append(Made(entry.index, entry.ended, words))
    return found


def _addressed(text: str) -> tuple[str, str]:
    """What an answer that tells no id says by the only address in it: `book` and 6 for `{"location": "/admin/book/6"}`."""
    if text[:1] != "{" or len(text) > _SHORT_ANSWER:
        return "", ""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return "", ""
    told = {found.groups() for value in document.values() if isinstance(value, str) and (found := _ADDRESS.fullmatch(value))}
    called, number = told.pop() if len(told) == 1 else ("", "")
    return called, number


def _thing(text: str) -> dict[str, Any]:
    """The one thing that an answer tells the id of, or that it holds; nothing where it tells of none, or of several."""
    if text[:1] not in ("{", "[") or len(text) > _LONGEST:
        return {}
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    thing = document[0] if isinstance(document, list) and len(document) == 1 else document
    if not isinstance(thing, dict) or _id_of(thing):
        return thing if isinstance(thing, dict) else {}
    held = [member for member in thing.values() if isinstance(member, dict) and _id_of(member)]
    return held[0] if len(held) == 1 else {}


def _id_of(thing: dict[str, Any]) -> str:
    value = next((thing[name] for name in _IDS if name in thing), None)
    number = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return number if number.isdigit() and number[0] != "0" and len(number) in SHORT else ""


def _called(entry: Entry, path: str, thing: dict[str, Any]) -> Iterator[str]:
    """What a field may be called that holds the id: after the address, or after the kind of file that was sent there."""
    segment = next((one for one in reversed(path.split("/")) if one.isascii() and any(map(str.isalpha, one))), "")
    yield from _words(segment)[-1:]
    sent = [part.media_type or "" for part in entry.request.parts if part.filename]
    kinds = [_FILE.match(text) for text in (*sent, *thing.values()) if isinstance(text, str)]
    if sent or any(kinds):
        yield from _OF_FILES
    for kind in kinds:
        yield from _OF_KINDS.get(kind[1], ()) if kind else ()


def _words(name: str) -> list[str]:
    return [singular(word.lower()) for word in WORDS.findall(name)]


def called_after(site: Site, made: Mapping[str, Sequence[Made]]) -> list[Made]:
    """The things with its number that a field is called after: `image` and `cover_image` after a picture that was sent."""
    things = made.get(site.value, ())
    words = _name_of(site) if things else []
    return [one for one in things if words and words[-1] in one.words]


def sent_to(site: Site, path: str, made: Mapping[str, Sequence[Made]]) -> list[Made]:
    """The things with the number of a bare `id` that the address of its request speaks of: `pk` sent to `/editbooks/tags`."""
    if plain_name(site.name).lower() not in _BARE or _holder(site).lower() not in ("", *_BARE):
        return []
    said = [segment.lower() for segment in path.split("/") if segment]
    return [
        one for one in made.get(site.value, ()) if any(_speaks_of(said, at, word) for at in range(len(said)) for word in one.words)
    ]


def _speaks_of(said: Sequence[str], at: int, word: str) -> bool:
    """Whether a part of an address is called after things, and no other things come behind it, or ends so (`editbooks`)."""
    if said[at] in (word, plural(word)):
        return not any(segment.endswith("s") for segment in said[at + 1 :])
    return len(word) >= _TELLING and said[at].endswith(plural(word))


def _name_of(site: Site) -> list[str]:
    """The words of what a field says that it holds the number of; none where it counts, or asks for yes or no."""
    if is_count_name(site.name):
        return []
    said = WORDS.findall(plain_name(site.name))
    if said and said[-1].lower() in _HOLDING:
        said = [word for word in said[:-1] if word.lower() not in _WHICH] or WORDS.findall(_holder(site))
    words = [singular(word.lower()) for word in said]
    return [] if not words or said[0].lower() in _ASKING or is_count_name(words[-1]) else words


def _holder(site: Site) -> str:
    """What the object of a JSON document is called that a member stands in: `image` of `{"image": {"value": 3}}`."""
    return site.key.rpartition("/")[0].rpartition("/")[2] if site.location == "json" else ""


def may_name_a_thing(site: Site) -> bool:
    """Whether a field may hold the number of a thing, by its name."""
    words = _name_of(site)
    return bool(words) and not words[-1].isdigit()
