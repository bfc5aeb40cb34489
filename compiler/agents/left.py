"""What is told of an import: values that stay as recorded though others have others, and what is taken by its place alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from loadwright.compiler.agents.decisions import Decisions
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.unread_bytes import is_unread
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import described

_STAYS = "a value stays as recorded"
_BY_PLACE = "the row is taken by its place"
_ENTRY_OF_FILE = re.compile(r"/entry-(\d+)-")


class Kept(Struct, frozen=True):
    """Where a value stays as recorded though something stands for it, and why."""

    entry: int
    place: str
    why: str


class Left(Struct, frozen=True):
    """A place of a request where a value stays as it was recorded, though another session or user has another one."""

    recording: str
    entry: int
    where: str
    """The request and the place in it."""
    why: str
    what: str = _STAYS


def left_of(recording: str, traffic: Sequence[Entry], kept: Iterable[Kept], decisions: Decisions) -> Iterator[Left]:
    """What is told of the requests of one recording."""
    entries = {entry.index: entry for entry in traffic}
    doubts = (_at(*one) for one in decisions.doubts.items() if not decisions.slices.get((one[0].entry, *one[0].identity)))
    by_place = (_at(*one) for one in decisions.places.items())
    told = [*((one, _STAYS) for one in dict.fromkeys([*kept, *doubts])), *((one, _BY_PLACE) for one in by_place)]
    return (Left(recording, k.entry, f"{described(entries[k.entry])}: {k.place}", k.why, what) for k, what in told)


def _at(site: Site, why: str) -> Kept:
    return Kept(site.entry, f"{site.location} {site.name or site.key}", why)


def unread_of(recording: str, traffic: Iterable[Entry]) -> Iterator[Left]:
    """What is said of bytes that are sent and that nobody reads, once for each media type."""
    told: set[str] = set()
    for entry in traffic:
        media_type = entry.request.media_type
        if is_unread(entry) and media_type not in told:
            told.add(media_type)
            named = media_type or "of no type"
            why = f"nobody reads these bytes ({named}): a password in them stays there, and in others of this type"
            yield Left(recording, entry.index, f"{described(entry)}: body", why, "bytes are sent as recorded")


def masked_of(recording: str, paths: Iterable[str]) -> Iterator[Left]:
    """What is said of the files in which a secret was overwritten."""
    why = "no file of a test holds one: the request sends other bytes than were recorded"
    for path in paths:
        yield Left(recording, int(_ENTRY_OF_FILE.findall(path)[-1]), path, why, "a password in the file is overwritten")
