"""Engine.IO sessions that begin by polling and go on on a WebSocket: what the polls carried are its first messages.

https://github.com/socketio/engine.io-protocol: the client opens a session by a poll (`0{"sid":…}`), sends packets by POST and gets
others by GET, until a probe on a WebSocket has shown that it works. A server that takes the upgrade takes a WebSocket at once, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from loadwright.compiler.recording.model import Entry, SocketMessage
from loadwright.compiler.recording.sockets import is_socket
from loadwright.compiler.recording.urls import host_port

_OPENED = re.compile(r'0\{"sid":"([^"\\]{1,200})"')
_PROBE, _PROBED, _UPGRADED, _CLOSE, _NOTHING = "2probe", "3probe", "5", "1", "6"
"""Packets that are the transport's own."""
_LENGTH = re.compile(r"(\d{1,9}):")
_MARK = "\x1e"
_Session = tuple[str, str, str]


def polls_of_sockets(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """For each WebSocket that a session was moved to, by its index: the session's polls, in order.

    None of a session with something else than text, or whose first poll the recording lacks.
    """
    sockets = {session: e.index for e in entries if (session := _moved_here(e))}
    found: dict[int, list[Entry]] = {}
    opened: set[int] = set()
    for entry in entries if sockets else ():
        if "transport=polling" not in entry.request.url or is_socket(entry) or not entry.response.status:
            continue
        session, opens = _session_of_poll(entry)
        if session in sockets:
            found.setdefault(sockets[session], []).append(entry)
            opened.update([sockets[session]] if opens else [])
    return {index: polls for index, polls in found.items() if index in opened and all(map(_is_read, polls))}


def with_polled(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, where a WebSocket has the messages of its session from the first poll on, and is opened at once."""
    polls: Mapping[int, Sequence[Entry]] = polls_of_sockets(entries)
    for entry in entries:
        yield _whole(entry, polls[entry.index]) if entry.index in polls else entry


def _moved_here(entry: Entry) -> _Session | None:
    """The session that a WebSocket took over from polling."""
    if not is_socket(entry) or "transport=websocket" not in entry.request.url:
        return None
    sid = _asked(entry).get("sid", "")
    texts = {message.text for message in entry.messages}
    return (*_place(entry), sid) if sid and {_PROBED, _UPGRADED} <= texts else None


def _session_of_poll(entry: Entry) -> tuple[_Session, bool]:
    """The session of a poll, and whether it is the first one."""
    sid = _asked(entry).get("sid", "")
    opened = None if sid else next(map(_OPENED.match, _packets(entry, entry.response.text or "") or ()), None)
    return (*_place(entry), opened[1] if opened else sid), opened is not None


def _place(entry: Entry) -> tuple[str, str]:
    return host_port(entry.request.url), urlsplit(entry.request.url).path


def _asked(entry: Entry) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(entry.request.url).query).items()}


def _is_read(poll: Entry) -> bool:
    return poll.response.status == 200 and _packets(poll, _carried(poll)) is not None


def _carried(poll: Entry) -> str:
    """What a poll sends, or else what it gets."""
    if poll.request.method == "POST":
        return (poll.request.body or b"").decode("utf-8", "replace")
    return poll.response.text or ""


def _packets(poll: Entry, payload: str) -> list[str] | None:
    """The packets of a payload; None when it holds what is no text, or is none."""
    parted = _by_length(payload) if _asked(poll).get("EIO") == "3" else payload.split(_MARK) if payload else []
    return parted if parted is not None and all(packet[:1].isdigit() for packet in parted) else None


def _by_length(payload: str) -> list[str] | None:
    """Packets with their length before them (Engine.IO 3), which counts as JavaScript does: in units of UTF-16."""
    units, at, found = payload.encode("utf-16-le", "surrogatepass"), 0, list[str]()
    while at < len(units):
        length = _LENGTH.match(units[at : at + 20].decode("utf-16-le", "replace"))
        if length is None:
            return None
        start = at + 2 * length.end()
        at = start + 2 * int(length[1])
        found.append(units[start:at].decode("utf-16-le", "replace"))
    return found


def _whole(socket: Entry, polls: Sequence[Entry]) -> Entry:
    """A WebSocket with what its polls carried, opened when the first of them was sent."""
    own = (_PROBE, _PROBED, _UPGRADED, _CLOSE, _NOTHING)
    told = [m for m in (*_messages(polls), *socket.messages) if m.text not in own]
    ordered = sorted(told, key=lambda message: message.time)
    messages = tuple(replace(message, number=number) for number, message in enumerate(ordered))
    address, _, query = socket.request.url.partition("?")
    rest = "&".join(pair for pair in query.split("&") if not pair.startswith("sid="))
    request = replace(socket.request, url=f"{address}?{rest}")
    return replace(socket, started=min(p.started for p in polls), request=request, messages=messages)


def _messages(polls: Iterable[Entry]) -> Iterator[SocketMessage]:
    for poll in polls:
        sent = poll.request.method == "POST"
        for packet in _packets(poll, _carried(poll)) or ():
            yield SocketMessage(0, sent, poll.started if sent else poll.ended, packet)
