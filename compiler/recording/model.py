"""A recording of real traffic, the same whatever tool wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

Headers = tuple[tuple[str, str], ...]
"""Names and values in recorded order; names as recorded, never pseudo-headers (`:path`)."""


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header (names compare case-insensitively), or None."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Upload:
    """A part of a multipart body."""

    name: str
    data: bytes
    filename: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """What the client sent; `url` is absolute, as on the wire, without a fragment."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None
    """None when nothing was sent, or the recording does not hold it (see `body_missing`)."""
    media_type: str = ""
    """Of the body, without parameters, lower case."""
    parts: tuple[Upload, ...] = ()
    """The parts of a multipart body."""
    body_missing: bool = False
    """Whether a body was sent that the recording does not hold, or holds only in part (files that a browser uploads)."""


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """What the server answered; status 0 when no answer was recorded."""

    status: int
    headers: Headers = ()
    text: str | None = None
    """The decoded body when it is text, else None."""
    raw: bytes = b""
    """The body's bytes (decompressed) where they are not just the UTF-8 of `text`: a body is kept once."""
    media_type: str = ""
    """Without parameters, lower case."""
    redirect: str | None = None
    """The `Location` made absolute, when the status is a redirect."""
    body_missing: bool = False
    """Whether there was a body that the recording does not hold."""

    @property
    def has_body(self) -> bool:
        """Whether there is a body that is not empty."""
        return bool(self.raw or self.text)

    @property
    def data(self) -> bytes:
        """The body's bytes (decompressed)."""
        return self.raw or (self.text or "").encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class SocketMessage:
    """A message of a WebSocket."""

    number: int
    """Position among the entry's messages, counted from 0."""
    sent: bool
    """Whether the client sent it."""
    time: float
    """Milliseconds since 1970."""
    text: str | None
    """None for bytes."""
    awaited: bool = False
    """Whether the client waited for it, as far as the recording tells; of those that were received."""
    pause: int = 0
    """Milliseconds for which the user did nothing before it; of those that were sent."""
    stays: int = 0
    """Milliseconds for which the WebSocket stayed open behind it: of the last one that was sent, if no answer was awaited."""
    counted: str = ""
    """The member that counts the client's calls; of those that were sent."""
    answers: tuple[str, ...] = ()
    """How it says which calls it is the first to answer (`"id":38,`); of those that were received."""
    batched: bool = False
    """Whether the server may put several answers into one message; of those that were received."""
    asked: str = ""
    """What the call is named that it acknowledges, and nothing else does; of those that were received."""
    pushed: bool = False
    """Whether it is an event where calls are acknowledged: it tells of what others did as well."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange; times are milliseconds since 1970."""

    index: int
    """Position in the file, counted from 0."""
    started: float
    ended: float
    request: RecordedRequest
    response: RecordedResponse
    page: str | None = None
    resource: str = ""
    """What the browser loaded it as (`document`, `xhr`, `script`…), where the recording tells."""
    from_cache: bool = False
    """Whether the browser's cache answered, so that nothing went over the network."""
    messages: tuple[SocketMessage, ...] = ()
    """Of a WebSocket; see `sockets.py`."""
    receiving: float = 0.0
    """Milliseconds from the beginning of the answer to its end, where the recording tells."""


class Page(Struct, frozen=True):
    """A page that the recording names."""

    id: str
    title: str
    started: float
    step: bool = False
    """Whether it is a step that the user named while recording (`loadwright record`): it decides where steps begin."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The exchanges of one session, in the order in which they started."""

    name: str
    """The file's name without folder."""
    entries: tuple[Entry, ...]
    pages: tuple[Page, ...] = ()
    creator: str = ""
    timed: bool = True
    """Whether the recording says when its entries started; otherwise they follow each other, from time 0."""


class Dropped(Struct, frozen=True):
    """An entry that is left out, and why."""

    entry: int
    reason: str


class HostSummary(Struct, frozen=True):
    """How many entries of a host (`host:port`) there are and how many stay, with the reason where it is left out."""

    host: str
    entries: int
    kept: int
    reason: str = ""


class Selection(Struct, frozen=True):
    """Which entries take part in the test; indexes are `Entry.index`."""

    kept: tuple[int, ...]
    dropped: tuple[Dropped, ...] = ()
    hosts: tuple[HostSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class StepOutline:
    """A user's action: groups of entries; a group of more than one was loaded in parallel."""

    name: str
    groups: tuple[tuple[int, ...], ...]
    think_before: int = 0
    """Milliseconds of pause before the step."""
    hints: tuple[str, ...] = field(default=())
    """What the grouping was made from, in words."""
