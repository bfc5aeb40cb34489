"""WebSockets of a recording: their messages, and the messages as exchanges of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from loadwright.compiler.recording.bodies import decode_base64
from loadwright.compiler.recording.fields import EntryNotes, mapping, number, sequence, text
from loadwright.compiler.recording.kernels import as_text
from loadwright.compiler.recording.model import Entry, RecordedRequest, RecordedResponse, SocketMessage
from loadwright.compiler.recording.urls import path_template

OPEN, SEND, RECEIVE = "WEBSOCKET", "SEND", "RECEIVE"
"""The methods of the exchanges that a WebSocket is taken apart into."""
_MANY = 1_000_000
"""More messages than a WebSocket is read to have; their indexes are beyond those of entries."""
_GAP = 5.0
"""Milliseconds between the exchanges of one WebSocket: enough for order to be certain."""
_LABEL = re.compile(r"entry (\d+)\b(?: message (\d+)\b)?")
_FRAMED = re.compile(r"(?:a|\d[\d/,\w-]{0,80})?\s*[{\[]")
_HANDSHAKE = frozenset(
    ("upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions", "sec-websocket-accept")
)
"""Headers that whoever opens a WebSocket makes (RFC 6455, section 4.1)."""


def read_messages(
    item: dict[str, object], started: float, notes: EntryNotes, *, of_kernel: bool = False
) -> tuple[SocketMessage, ...]:
    """The messages of an entry as Chromium, Playwright and mitmproxy write them, in order; control frames are left out.

    Times that lack or go back are those of the message before. What is said to a kernel in bytes is read as text.
    """
    found: list[SocketMessage] = []
    clock = max(started, 0.0)
    for position, raw in enumerate(sequence(item.get("_webSocketMessages"))):
        message = mapping(raw)
        kind = text(message.get("type")).lower()
        opcode = int(number(message.get("opcode")) or 1)
        if position >= _MANY or kind not in ("send", "receive") or not isinstance(message.get("data"), str):
            notes.warn("har-bad-message", "a message of the WebSocket is not valid; it was left out")
            continue
        if opcode in (8, 9, 10):
            continue
        clock = max(clock, _time(message.get("time")))
        sent, data = kind == "send", text(message.get("data"))
        written = as_text(decode_base64(data) or b"", sent) if of_kernel and opcode == 2 else _text(data, opcode)
        found.append(SocketMessage(position, sent, clock, written))
    return tuple(found)


def _time(value: object) -> float:
    """Milliseconds since 1970; recorders write seconds."""
    seconds = number(value) or 0.0
    return seconds if seconds > 1e11 else seconds * 1000


def _text(data: str, opcode: int) -> str | None:
    """A message's text; None for bytes, and for what no client could send as text."""
    if opcode == 2:
        return None
    try:
        data.encode()
    except UnicodeEncodeError:
        return None
    return data


def web_url(url: str) -> str:
    """A WebSocket's URL with the scheme of the server that it is opened on: `https` for `wss`."""
    scheme, colon, rest = url.partition(":")
    return f"{ {'ws': 'http', 'wss': 'https'}.get(scheme.lower(), scheme) }{colon}{rest}"


def is_socket(entry: Entry) -> bool:
    """Whether an entry is a WebSocket; one that takes part in a test may be left without any message."""
    return entry.resource == "websocket"


def is_message(exchange: Entry) -> bool:
    """Whether an exchange is a message or the opening of a WebSocket."""
    return exchange.request.method in (OPEN, SEND, RECEIVE)


# --- exchanges --------------------------------------------------------------------------------------------------------


def message_index(entry: int, message: int) -> int:
    """The index of a message's exchange."""
    return (entry + 1) * _MANY + message


def entry_of(index: int) -> int:
    """The entry that an index is of: itself, or the WebSocket's whose message it is."""
    return index // _MANY - 1 if index >= _MANY else index


def entry_label(index: int) -> str:
    """How reports call an exchange: `entry 5`, `entry 5 message 3`."""
    return f"entry {entry_of(index)} message {index % _MANY}" if index >= _MANY else f"entry {index}"


def index_of(label: str) -> int | None:
    """The index of the exchange that a label begins with; None when it begins with none."""
    match = _LABEL.match(label)
    if match is None:
        return None
    return message_index(int(match[1]), int(match[2])) if match[2] else int(match[1])


def described(exchange: Entry) -> str:
    """An exchange as decisions speak of it: `entry 5 GET /orders/{id}`, `entry 6 message 2 SEND`."""
    url = exchange.request.url
    path = f" {path_template(urlsplit(url).path or '/')}" if url else ""
    return f"{entry_label(exchange.index)} {exchange.request.method}{path}"


def exchanges(entry: Entry) -> Iterator[Entry]:
    """A WebSocket as its opening, and an exchange for each message with text; any other entry is itself."""
    if not is_socket(entry):
        yield entry
        return
    headers = tuple((name, value) for name, value in entry.request.headers if name.lower() not in _HANDSHAKE)
    request = RecordedRequest(OPEN, web_url(entry.request.url), headers)
    yield replace(entry, request=request, response=RecordedResponse(101), ended=entry.started, messages=())
    for message in entry.messages:
        if message.text is not None:
            yield _exchange(entry, message, message.text)


def _exchange(entry: Entry, message: SocketMessage, written: str) -> Entry:
    index = message_index(entry.index, message.number)
    if message.sent:
        request = RecordedRequest(SEND, "", (), written.encode(), _media_type(written))
        return Entry(index, message.time, message.time, request, RecordedResponse(200), messages=(message,))
    response = RecordedResponse(200, (), written, media_type=_media_type(written))
    return Entry(index, message.time, message.time, RecordedRequest(RECEIVE, ""), response, messages=(message,))


def _media_type(written: str) -> str:
    """What a message would say it is; JSON in a protocol's frame (`42["event",{…}]`) is read as scripts are."""
    if written.lstrip()[:1] in ("{", "[") and not written.endswith("\x1e"):
        return "application/json"
    return "text/javascript" if _FRAMED.match(written) else "text/plain"


def traffic(entries: Iterable[Entry]) -> list[Entry]:
    """Entries, in the order in which a test does them, with each WebSocket taken apart in its place.

    What comes after a WebSocket is moved back in time by as much as its messages take, so that times tell the test's order.
    """
    ordered = list(entries)
    if not any(map(is_socket, ordered)):
        return ordered
    taken = [(e, list(exchanges(e))) for e in ordered]
    blocks = [(e.started, _GAP * (len(parts) + 1)) for e, parts in taken if is_socket(e)]

    def moved(time: float) -> float:
        return time + sum(length for start, length in blocks if start < time)

    result: list[Entry] = []
    for entry, parts in taken:
        start = moved(entry.started)
        if not is_socket(entry):
            result.append(replace(entry, started=start, ended=max(start, moved(entry.ended))))
            continue
        result += [replace(part, started=start + _GAP * (n + 1), ended=start + _GAP * (n + 1) + 1) for n, part in enumerate(parts)]
    return result
