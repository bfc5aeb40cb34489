"""Engine.IO that begins by polling and goes on on a WebSocket: in a test the WebSocket says all of it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.model import Entry, Recording
from loadwright.compiler.recording.select import select

Make = Callable[..., dict[str, Any]]
Read = Callable[..., tuple[Recording, list[Diagnostic]]]
PATH = "shop.example.com/socket.io/?EIO="
POLLED = "polling of Engine.IO, whose messages a WebSocket has in a test"


def poll(entry: Make, start: float, got: str, sent: str | None = None, version: int = 4, sid: str = "k3v9x2m7q1") -> dict[str, Any]:
    """A poll of 10 ms; its body, where something is sent."""
    url = f"https://{PATH}{version}&transport=polling&t=a{start:.0f}" + (f"&sid={sid}" if sid else "")
    post = None if sent is None else {"mimeType": "text/plain;charset=UTF-8", "text": sent}
    return entry(start, 10, "GET" if sent is None else "POST", url, 200, "xhr", text=got, post=post)


def upgraded(entry: Make, start: float, *said: str, version: int = 4, sid: str = "k3v9x2m7q1") -> dict[str, Any]:
    """A WebSocket that a session moves to: what is sent begins with `>`, what is received with `<`."""
    made = entry(start, 0, "GET", f"wss://{PATH}{version}&transport=websocket&sid={sid}", 101, "websocket")
    made["_webSocketMessages"] = [
        {
            "type": "send" if text[0] == ">" else "receive",
            "time": 1_700_000_000 + (start + 5 + 5 * n) / 1000,
            "opcode": 1,
            "data": text[1:],
        }
        for n, text in enumerate(said)
    ]
    return made


def opened(version: int = 4) -> str:
    packet = '0{"sid":"k3v9x2m7q1","upgrades":["websocket"]}'
    return packet if version == 4 else f"{len(packet)}:{packet}2:40"


def carried(read: Read, *entries: dict[str, Any]) -> tuple[Entry, list[str]]:
    """The WebSocket as a test does it, and why other entries are left out."""
    recording, _ = read(*entries)
    selection = select(recording)
    done, _ = conversations(recording, selection.kept)
    return next(e for e in done.entries if e.messages), [drop.reason for drop in selection.dropped]


def said(entry: Entry) -> list[str]:
    return [f"{'>' if message.sent else '<'}{message.text}" for message in entry.messages]


def test_a_session_that_moves_to_a_websocket_is_said_there_from_the_first_poll_on(read: Read, entry: Make) -> None:
    found, left_out = carried(
        read,
        entry(0, 10, "GET", "https://shop.example.com/"),
        poll(entry, 20, opened(), sid=""),
        poll(entry, 40, "ok", '40{"token":"t"}'),
        poll(entry, 55, '40{"sid":"b"}\x1e42["hello",{"at":1}]'),
        upgraded(entry, 70, ">2probe", "<3probe", ">5", '>42["late"]'),
        poll(entry, 71, "6"),
        poll(entry, 72, "ok", '420["list"]\x1e421["rest"]'),
    )
    assert said(found) == [
        '<0{"sid":"k3v9x2m7q1","upgrades":["websocket"]}',
        '>40{"token":"t"}',
        '<40{"sid":"b"}',
        '<42["hello",{"at":1}]',
        '>420["list"]',
        '>421["rest"]',
        '>42["late"]',
    ]
    assert found.request.url == f"https://{PATH}4&transport=websocket"
    assert [message.number for message in found.messages] == list(range(7))
    assert left_out == [POLLED] * 5


def test_packets_of_engine_io_3_have_their_length_before_them(read: Read, entry: Make) -> None:
    text = '42["note","\N{ANCHOR} \N{SHIP}"]'
    sent = f"{len(text) + 1}:{text}"  # a character beyond the first 65,536 counts twice
    found, _ = carried(
        read,
        poll(entry, 20, opened(3), version=3, sid=""),
        poll(entry, 40, "ok", f'8:42["one"]{sent}'.replace("8:", "9:"), version=3),
        upgraded(entry, 70, ">2probe", "<3probe", ">5", version=3),
    )
    assert said(found)[1:] == ["<40", '>42["one"]', f">{text}"]


def in_bytes(*packets: str, kind: int = 0) -> bytes:
    """A payload as a client that reads bytes gets it: kind and length of each packet in bytes of their own."""
    sized = ((packet.encode(), map(int, str(len(packet.encode())))) for packet in packets)
    return b"".join(bytes((kind, *digits, 255)) + packet for packet, digits in sized)


@pytest.mark.parametrize(("kind", "is_read"), [(0, True), (1, False)])
def test_packets_of_engine_io_3_may_come_in_bytes(read: Read, entry: Make, kind: int, is_read: bool) -> None:
    def got(start: float, payload: bytes, sid: str) -> dict[str, Any]:
        made = poll(entry, start, b64encode(payload).decode(), version=3, sid=sid)
        made["response"]["content"] |= {"mimeType": "application/octet-stream", "encoding": "base64"}
        return made

    found, left_out = carried(
        read,
        got(20, in_bytes('0{"sid":"k3v9x2m7q1","upgrades":["websocket"]}', "40"), ""),
        got(40, in_bytes('42["note","\N{ANCHOR} \N{SHIP}"]', "4", kind=kind), "k3v9x2m7q1"),
        upgraded(entry, 70, ">2probe", "<3probe", ">5", '>42["late"]', version=3),
    )
    note = '<42["note","\N{ANCHOR} \N{SHIP}"]'
    assert (said(found)[1:] == ["<40", note, "<4", '>42["late"]']) is is_read
    assert left_out == [POLLED] * (2 if is_read else 0)


@pytest.mark.parametrize("payload", [b"\0\xff40", b"\0\x0240", b"\0\x02\xff\xc3\x28"])
def test_bytes_that_are_no_packets_stay_as_they_are(read: Read, entry: Make, payload: bytes) -> None:
    made = poll(entry, 40, b64encode(payload).decode(), version=3)
    made["response"]["content"] |= {"mimeType": "application/octet-stream", "encoding": "base64"}
    socket = upgraded(entry, 70, ">2probe", "<3probe", ">5", '>42["late"]', version=3)
    found, left_out = carried(read, poll(entry, 20, opened(3), version=3, sid=""), made, socket)
    assert said(found)[0] == ">2probe"
    assert left_out == []


def test_what_lets_the_client_speak_is_awaited_though_other_requests_came_between(read: Read, entry: Make) -> None:
    save = entry(41, 4, "POST", "https://shop.example.com/save", 200, "xhr", text="{}")
    late = poll(entry, 45, "2:40", version=3)
    socket = upgraded(entry, 70, ">2probe", "<3probe", ">5", '>42["late"]', version=3)
    opening = opened(3).removesuffix("2:40")
    found, _ = carried(read, poll(entry, 20, opening, version=3, sid=""), save, late, socket)
    assert [(message.text, message.awaited) for message in found.messages][1:] == [("40", True), ('42["late"]', False)]


@pytest.mark.parametrize(
    "polls",
    [
        pytest.param([("ok", "bAAEC")], id="bytes"),
        pytest.param([("not a packet", None)], id="something else"),
        pytest.param([], id="nothing but the opening, of another session"),
    ],
)
def test_what_cannot_be_said_on_a_websocket_stays_as_it_is(read: Read, entry: Make, polls: list[tuple[str, str | None]]) -> None:
    other = opened() if polls else opened().replace("k3v9x2m7q1", "other")
    made = [poll(entry, 40 + n, got, sent) for n, (got, sent) in enumerate(polls)]
    found, left_out = carried(
        read, poll(entry, 20, other, sid=""), *made, upgraded(entry, 70, ">2probe", "<3probe", ">5", '>42["late"]')
    )
    assert said(found)[0] == ">2probe"
    assert left_out == []


def polled(entry: Make, *first: dict[str, Any]) -> list[dict[str, Any]]:
    """A session that is polled to its end; its last poll was never answered."""
    made = [
        *(first or [poll(entry, 20, opened(), sid="")]),
        poll(entry, 40, "ok", "40"),
        poll(entry, 55, '40{"sid":"b"}'),
        poll(entry, 1070, "ok", '420["list"]'),
        poll(entry, 1075, "430[]"),
        poll(entry, 1090, ""),
    ]
    made[-1]["response"]["status"] = -1
    return made


def test_a_session_that_is_polled_to_its_end_is_a_websocket_where_the_server_offers_it(read: Read, entry: Make) -> None:
    recording, _ = read(*polled(entry))
    selection = select(recording)
    done, warnings = conversations(recording, selection.kept)
    found = next(e for e in done.entries if e.messages)
    assert said(found) == ['<0{"sid":"k3v9x2m7q1","upgrades":["websocket"]}', ">40", '<40{"sid":"b"}', '>420["list"]', "<430[]"]
    assert (found.index, found.request.url, found.resource) == (0, f"https://{PATH}4&transport=websocket", "websocket")
    assert [drop.entry for drop in selection.dropped if drop.reason == POLLED] == [1, 2, 3, 4]
    assert [d.code for d in warnings] == ["socket-polled"]


def test_it_is_polled_where_no_websocket_is_wanted(read: Read, entry: Make) -> None:
    recording, _ = read(*polled(entry))
    kept = select(recording, sockets="drop").kept
    assert kept == (0, 1, 2, 3, 4)
    assert conversations(recording, kept) == (recording, [])


@pytest.mark.parametrize("why", ["not offered", "tried in vain", "nothing sent"])
def test_a_session_that_may_have_no_websocket_is_polled(read: Read, entry: Make, why: str) -> None:
    entries = polled(entry)
    if why == "not offered":
        entries = polled(entry, poll(entry, 20, opened().replace('"websocket"', ""), sid=""))
    elif why == "tried in vain":
        entries.append(upgraded(entry, 70, ">2probe"))
    else:
        entries = [one for one in entries if one["request"]["method"] == "GET"]
    recording, _ = read(*entries)
    assert not [drop for drop in select(recording).dropped if drop.reason == POLLED]


def test_a_websocket_that_is_left_out_takes_its_polls_with_it(read: Read, entry: Make) -> None:
    recording, _ = read(poll(entry, 20, opened(), sid=""), upgraded(entry, 70, ">2probe", "<3probe", ">5"))
    assert select(recording, sockets="drop").kept == ()


def test_addresses_that_cannot_be_taken_apart_are_no_sessions(read: Read, entry: Make) -> None:
    strange = entry(5, 10, "GET", "blob:http://[x?EIO=4&transport=polling", 200, "xhr", text=opened())
    strange_socket = upgraded(entry, 70, ">2probe", "<3probe", ">5")
    strange_socket["request"]["url"] = "blob:ws://[x?EIO=4&transport=websocket&sid=k3v9x2m7q1"
    recording, _ = read(strange, strange_socket, *polled(entry))
    assert len([drop for drop in select(recording).dropped if drop.reason == POLLED]) == 4
