"""Engine.IO sessions that begin by polling: what the polls carried are messages of a WebSocket, as a test has them.

https://github.com/socketio/engine.io-protocol: the client opens a session by a poll (`0{"sid":…}`), sends packets by POST and gets
others by GET, until a probe on a WebSocket has shown that it works. Servers that offer the upgrade take a WebSocket at once, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry, RecordedRequest, RecordedResponse, SocketMessage
from loadwright.compiler.recording.sockets import is_socket
from loadwright.compiler.recording.urls import host_port

_OPENED = re.compile(r'0\{"sid":"([^"\\]{1,200})"')
_PROBE, _PROBED, _UPGRADED, _CLOSE, _NOTHING = "2probe", "3probe", "5", "1", "6"
"""Packets that are the transport's own."""
_OFFERED = '"websocket"'
_LENGTH = re.compile(r"(\d{1,9}):")
_MARK = "\x1e"
_TEXT, _BYTES = b"\0", b"\1"
"""Kinds of packets in a payload of bytes."""
_LENGTH_IN_BYTES = re.compile(rb"\0([\0-\x09]{1,9})\xff")
_OF_CALLS = ("accept", "content-type", "content-length", "referer")
"""Headers that browsers do not send where they open a WebSocket."""
_Session = tuple[str, str, str]


def polls_of_sockets(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """The polls of each session, in order, by the index of the WebSocket that it was moved to.

    By the index of its first poll where it never was, though the server offers it and nothing shows that it cannot be. No session
    with something else than text, or whose first poll the recording lacks.
    """
    moved, tried = dict[_Session, int](), set[_Session]()
    found: dict[_Session, list[Entry]] = {}
    opened: dict[_Session, str] = {}
    for entry in entries:
        if "transport=" not in entry.request.url or not (entry.response.status or entry.messages):
            continue
        if is_socket(entry):
            session = (*_place(entry), _asked(entry).get("sid", ""))
            tried.add(session)
            if session[-1] and {_PROBED, _UPGRADED} <= {message.text for message in entry.messages}:
                moved[session] = entry.index
        elif "transport=polling" in entry.request.url:
            session, opening = _session_of_poll(entry)
            found.setdefault(session, []).append(entry)
            if opening:
                opened[session] = opening
    offered = {s: polls[0].index for s, polls in found.items() if s not in tried and _can_move(polls, opened.get(s, ""))}
    places = {**offered, **moved}
    return {places[s]: polls for s, polls in found.items() if s in places and s in opened and all(map(_is_read, polls))}


def with_polled(entries: Sequence[Entry], kept: Collection[int]) -> Iterator[Entry]:
    """The entries, where a WebSocket has the messages of its session from the first poll on, and is opened at once.

    Of a session that is polled to its end the first poll becomes the WebSocket, where the others are left out.
    """
    polls: Mapping[int, Sequence[Entry]] = polls_of_sockets(entries)
    for entry in entries:
        own = polls.get(entry.index, ())
        if not own or any(poll.index in kept for poll in own if poll is not entry):
            yield entry
        else:
            yield _whole(entry if is_socket(entry) else _as_socket(own), own)


def _can_move(polls: Sequence[Entry], opening: str) -> bool:
    """Whether a session that something was sent in may be on a WebSocket, as its opening says."""
    return _OFFERED in opening and any(poll.request.method == "POST" for poll in polls)


def _as_socket(polls: Sequence[Entry]) -> Entry:
    """A session that was polled to its end as the WebSocket that the server offers for it."""
    first, posted = polls[0], next(poll for poll in polls if poll.request.method == "POST")
    address, _, query = first.request.url.partition("?")
    pairs = [pair for pair in query.split("&") if not pair.startswith(("t=", "transport="))]
    url = f"{address}?{'&'.join([*pairs, 'transport=websocket'])}"
    headers = tuple(pair for pair in posted.request.headers if pair[0].lower() not in _OF_CALLS)
    request, response = RecordedRequest("GET", url, headers), RecordedResponse(101)
    return replace(first, ended=polls[-1].ended, request=request, response=response, resource="websocket")


def _session_of_poll(entry: Entry) -> tuple[_Session, str]:
    """The session of a poll, and the packet that opens it, if this is the first one."""
    sid = _asked(entry).get("sid", "")
    opened = None if sid else next(map(_OPENED.match, _packets(entry, entry.response.data) or ()), None)
    return (*_place(entry), opened[1] if opened else sid), opened.string if opened else ""


def _place(entry: Entry) -> tuple[str, str]:
    return host_port(entry.request.url), path_of(entry)


def _asked(entry: Entry) -> dict[str, str]:
    query = entry.request.url.partition("#")[0].partition("?")[2]
    return {name: values[0] for name, values in parse_qs(query).items()}


def _is_read(poll: Entry) -> bool:
    return poll.response.status == 200 and _packets(poll, _carried(poll)) is not None


def _carried(poll: Entry) -> bytes:
    """What a poll sends, or else what it gets."""
    return poll.request.body or b"" if poll.request.method == "POST" else poll.response.data


def _packets(poll: Entry, payload: bytes) -> list[str] | None:
    """The packets of a payload; None when it holds what is no text, or is none."""
    text = payload.decode("utf-8", "replace")
    if _asked(poll).get("EIO") == "3":
        parted = _by_bytes(payload) if payload[:1] in (_TEXT, _BYTES) else _by_length(text)
    else:
        parted = text.split(_MARK) if text else []
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


def _by_bytes(payload: bytes) -> list[str] | None:
    """Packets as a client that reads bytes gets them (Engine.IO 3): a kind, the digits of the length, 255, the packet."""
    at, found = 0, list[str]()
    while at < len(payload):
        length = _LENGTH_IN_BYTES.match(payload, at)
        if length is None:
            return None
        at = length.end() + int(bytes(digit + ord("0") for digit in length[1]))
        try:
            found.append(payload[length.end() : at].decode("utf-8"))
        except UnicodeDecodeError:
            return None
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
