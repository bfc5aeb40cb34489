"""What of a WebSocket a test can do: where it is opened, what is awaited, what is left out and said."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.har import read_log
from loadwright.compiler.recording.heartbeats import heartbeat, markers
from loadwright.compiler.recording.model import Entry, Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.recording.sockets import described, index_of, message_index, traffic

Make = Callable[..., dict[str, Any]]
Read = Callable[..., tuple[Recording, list[Diagnostic]]]
SITE = "https://shop.example.com"
START = 1_700_000_000.0
TOKEN = "k3v9x2m7q1"


def socket(entry: Make, start: float, *messages: tuple[float, str, str], opcode: int = 1, status: int = 101) -> dict[str, Any]:
    """A WebSocket with messages: milliseconds after the recording's start, `send` or `receive`, text."""
    made = entry(start, 0, "GET", "wss://shop.example.com/live", status, "websocket")
    made["_webSocketMessages"] = [
        {"type": kind, "time": START + at / 1000, "opcode": opcode, "data": text} for at, kind, text in messages
    ]
    return made


def carried(read: Read, *entries: dict[str, Any]) -> tuple[Entry, list[Entry], list[str]]:
    """The WebSocket of a recording as a test does it, the other entries, and what is said about it."""
    recording, _ = read(*entries)
    done, warnings = conversations(recording, select(recording).kept)
    found = next(e for e in done.entries if e.messages or e.resource == "websocket")
    return found, [e for e in done.entries if e is not found], [d.code for d in warnings]


def told(entry: Entry) -> list[str]:
    """The messages of a WebSocket in short: `>` sent, `<` awaited, `.` received and not awaited."""
    return [f"{'>' if m.sent else '<' if m.awaited else '.'}{m.text}" for m in entry.messages]


def typed(kind: str, **more: Any) -> str:
    return json.dumps({"type": kind, **more}, separators=(",", ":"))


# --- what takes part --------------------------------------------------------------------------------------------------


def test_a_websocket_without_messages_is_left_out_with_the_reason(read: Read, entry: Make) -> None:
    page = entry(0, 10, "GET", f"{SITE}/")
    refused = socket(entry, 30, (40, "send", "x"), status=403)
    recording, _ = read(page, socket(entry, 20), refused, socket(entry, 50, (60, "send", "AAE="), opcode=2))
    assert [drop.reason for drop in select(recording).dropped] == [
        "WebSocket: the recording holds none of its messages",
        "WebSocket: it was refused with status 403",
        "WebSocket: all of its messages are binary",
    ]


def test_a_websocket_stands_alone_where_it_was_opened(read: Read, entry: Make) -> None:
    page, call = entry(0, 10, "GET", f"{SITE}/"), entry(15, 40, "GET", f"{SITE}/a", kind="xhr")
    recording, _ = read(page, call, socket(entry, 20, (30, "send", "hello")), entry(25, 40, "GET", f"{SITE}/b", kind="xhr"))
    kept = select(recording).kept
    assert [step.groups for step in outline(conversations(recording, kept)[0], kept)] == [((0,), (1,), (2,), (3,))]


def test_messages_that_are_none_are_told(read: Read, entry: Make) -> None:
    made = socket(entry, 20, (30, "send", "hello"))
    made["_webSocketMessages"] += [None, {"type": "send"}, {"type": "other", "data": "x"}]
    recording, warnings = read(entry(0, 10, "GET", f"{SITE}/"), made)
    assert [message.text for message in recording.entries[1].messages] == ["hello"]
    assert [d.code for d in warnings] == ["har-bad-message"]


def test_a_text_that_cannot_be_sent_counts_as_bytes(entry: Make) -> None:
    recording, _ = read_log({"entries": [socket(entry, 20, (30, "send", "\ud800"))]}, "made.har")
    assert [message.text for message in recording.entries[0].messages] == [None]


# --- what is awaited --------------------------------------------------------------------------------------------------


def test_the_answer_to_what_was_sent_is_awaited_and_news_are_not(read: Read, entry: Make) -> None:
    found, _, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(
            entry,
            20,
            (30, "receive", typed("welcome")),
            (40, "receive", typed("price", p=1)),
            (50, "send", typed("join")),
            (60, "receive", typed("price", p=2)),
            (70, "receive", typed("joined")),
            (80, "receive", typed("price", p=3)),
            (2000, "send", typed("bye")),
        ),
    )
    news = [typed("price", p=n) for n in (1, 2, 3)]
    assert told(found) == [
        *(f"<{typed('welcome')}", f".{news[0]}", f">{typed('join')}"),
        *(f".{news[1]}", f"<{typed('joined')}", f".{news[2]}", f">{typed('bye')}"),
    ]
    assert [m.pause for m in found.messages if m.sent] == [0, 1900], "the user thought before the last one"
    assert codes == []


def test_what_the_client_answered_at_once_is_awaited(read: Read, entry: Make) -> None:
    page = entry(0, 10, "GET", f"{SITE}/")
    found, _, _ = carried(
        read,
        page,
        socket(entry, 20, (30, "receive", typed("a")), (40, "receive", typed("b")), (45, "send", "x"), (50, "receive", typed("c"))),
    )
    assert told(found) == [f"<{typed('a')}", f"<{typed('b')}", ">x", f"<{typed('c')}"]


def test_what_came_after_another_request_is_not_awaited(read: Read, entry: Make) -> None:
    found, _, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(entry, 20, (30, "send", typed("join")), (40, "receive", typed("joined")), (300, "receive", typed("order"))),
        entry(200, 50, "POST", f"{SITE}/orders", kind="xhr", text="{}"),
    )
    assert told(found) == [f">{typed('join')}", f"<{typed('joined')}"]
    assert codes == ["socket-pushed"]


def test_what_comes_beside_answers_after_a_change_by_http_tells_of_that(read: Read, entry: Make) -> None:
    calls = [(30 + 200 * n, "send", f'{{"_id":{n},"watch":"jobs/{n}"}}') for n in range(1, 4)]
    answers = [(at + 10, "receive", f'{{"_id":{n},"ok":1}}') for n, (at, _, _) in enumerate(calls, 1)]
    news = (635.0, "receive", '{"k":"jobs/7/new"}')
    found, _, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(entry, 20, *sorted([*calls, *answers, news])),
        entry(300, 50, "POST", f"{SITE}/jobs", kind="xhr", text="{}"),
    )
    assert [m.text for m in found.messages if not m.sent] == [text for _, _, text in answers]
    assert codes == ["socket-pushed"]


def test_what_answers_a_message_at_once_is_awaited_though_a_request_began_meanwhile(read: Read, entry: Make) -> None:
    found, _, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(entry, 20, (30, "send", '{"auth":"x"}'), (70, "receive", '{"auth":"ok"}'), (280, "send", "subscribe")),
        entry(40, 90, "POST", f"{SITE}/settings", kind="xhr", text="{}"),
    )
    assert told(found) == ['>{"auth":"x"}', '<{"auth":"ok"}', ">subscribe"]
    assert codes == []


def test_heartbeats_are_left_out_and_told(read: Read, entry: Make) -> None:
    ping, pong = typed("ping"), typed("pong")
    found, _, codes = carried(
        read, entry(0, 10, "GET", f"{SITE}/"), socket(entry, 20, (30, "receive", ping), (31, "send", pong), (40, "send", "hello"))
    )
    assert told(found) == [">hello"]
    assert codes == ["socket-heartbeats"]


def test_one_on_which_nothing_was_said_is_opened_and_closed(read: Read, entry: Make) -> None:
    page, quiet = entry(0, 10, "GET", f"{SITE}/"), socket(entry, 20, (30, "receive", typed("ping")))
    recording, _ = read(page, quiet, entry(25, 40, "GET", f"{SITE}/b", kind="xhr"))
    kept = select(recording).kept
    done, _ = conversations(recording, kept)
    assert [described(part) for part in traffic(done.entries)] == ["entry 0 GET /", "entry 1 WEBSOCKET /live", "entry 2 GET /b"]
    assert [step.groups for step in outline(done, kept)] == [((0,), (1,), (2,))]


def test_messages_of_another_clock_are_put_after_the_opening(read: Read, entry: Make) -> None:
    page, chat = entry(0, 10, "GET", f"{SITE}/"), socket(entry, 20, (30, "receive", typed("welcome")), (40, "send", "x"))
    post = entry(300, 50, "POST", f"{SITE}/orders", kind="xhr", text="{}")
    for made in (page, chat, post):
        del made["startedDateTime"]
    found, _, codes = carried(read, page, chat, post)
    assert told(found) == [f"<{typed('welcome')}", ">x"]
    assert codes == []


# --- where it is opened -----------------------------------------------------------------------------------------------


def test_it_is_opened_after_the_request_whose_answer_it_sends(read: Read, entry: Make) -> None:
    ticket = entry(100, 50, "GET", f"{SITE}/ticket", kind="xhr", text=json.dumps({"ticket": TOKEN}))
    later = entry(400, 50, "GET", f"{SITE}/later", kind="xhr", text="{}")
    found, others, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(entry, 20, (200, "send", typed("join", ticket=TOKEN)), (210, "receive", typed("joined"))),
        ticket,
        later,
    )
    before = [e.request.url for e in others if e.started < found.started]
    assert before == [f"{SITE}/", f"{SITE}/ticket"]
    assert codes == []


def test_what_needs_two_places_at_once_is_cut_and_told(read: Read, entry: Make) -> None:
    post = [{"name": "X-Session", "value": TOKEN}]
    found, _, codes = carried(
        read,
        entry(0, 10, "GET", f"{SITE}/"),
        socket(
            entry,
            20,
            (30, "receive", typed("welcome", session=TOKEN)),
            (40, "send", typed("join")),
            (300, "send", typed("use", order="z8y7x6w5v4")),
        ),
        entry(100, 50, "GET", f"{SITE}/orders", kind="xhr", text=json.dumps({"order": "z8y7x6w5v4"}), headers=post),
    )
    assert told(found) == [f"<{typed('welcome', session=TOKEN)}", f">{typed('join')}"]
    assert codes == ["socket-left-out"]


def test_binary_messages_are_left_out_and_told(read: Read, entry: Make) -> None:
    made = socket(entry, 20, (30, "send", "hello"))
    made["_webSocketMessages"].append({"type": "receive", "time": START + 1, "opcode": 2, "data": "AAEC"})
    found, _, codes = carried(read, entry(0, 10, "GET", f"{SITE}/"), made)
    assert told(found) == [">hello"]
    assert codes == ["socket-binary"]


# --- kinds of messages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("2", "3", "h", "\n", '["\\n"]', 'a["\\n"]', "ping", '"pong"', '{"type":6}\x1e'),
        '[null,"12","phoenix","heartbeat",{}]',
        '[null,"12","phoenix","phx_reply",{"status":"ok","response":{}}]',
        '{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"3"}',
        *('{"type":"ping","message":1700000000}', '{"type":"ka"}', '{"op":"heartbeat","d":null}', '{"event":"pong","data":{}}'),
    ],
)
def test_heartbeats_are_known(text: str) -> None:
    assert heartbeat(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2probe", "3probe", "5", "40", '42["ping",{}]', "hello", '["1","1","room:lobby","phx_join",{}]', '{"type":"ping-pong"}'),
        '{"type":"message","text":"ping"}',
        '{"type":"chat","message":"heartbeat"}',
    ],
)
def test_messages_that_say_something_are_no_heartbeats(text: str) -> None:
    assert not heartbeat(text)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ('{"type": "joined", "id": 7}', '"type": "joined"'),
        ('42["news",{"id":7}]', '["news"'),
        ('0{"sid":"k3v9x2m7q1"}', '0{"sid"'),
        ('["1","2","room:lobby","phx_reply",{"status":"ok"}]', '"phx_reply"'),
        ('a["{\\"event\\":\\"open\\"}"]', '\\"event\\":\\"open\\"'),
        ('{"ok":true}', '"ok":'),
        ("CONNECTED\nversion:1.2\n\n", "CONNECTED"),
        ("17 items", ""),
    ],
)
def test_a_message_is_known_by_what_others_of_its_kind_have(text: str, marker: str) -> None:
    found = next(markers(text), "")
    assert found == marker
    assert found in text


# --- as exchanges -----------------------------------------------------------------------------------------------------


def test_messages_are_exchanges_in_order_with_time_between_them(read: Read, entry: Make) -> None:
    recording, _ = read(
        entry(0, 10, "GET", f"{SITE}/"),
        socket(entry, 20, (30, "send", "a"), (30, "receive", "b"), (30, "send", "c")),
        entry(21, 40, "GET", f"{SITE}/b", kind="xhr"),
    )
    parts = traffic(recording.entries)
    assert [described(part) for part in parts] == [
        "entry 0 GET /",
        "entry 1 WEBSOCKET /live",
        "entry 1 message 0 SEND",
        "entry 1 message 1 RECEIVE",
        "entry 1 message 2 SEND",
        "entry 2 GET /b",
    ]
    assert all(index_of(described(part)) == part.index for part in parts)
    gaps = [later.started - earlier.ended for earlier, later in pairwise(parts[1:])]
    assert all(gap > 2 for gap in gaps), gaps
    assert message_index(1, 2) == parts[4].index


def test_a_recording_without_websockets_stays_as_it_is(data: Path, read: Read, entry: Make) -> None:
    recording, _ = read(entry(0, 10, "GET", f"{SITE}/"))
    assert conversations(recording, (0,)) == (recording, [])
    assert traffic(recording.entries) == list(recording.entries)


def test_a_websocket_stays_open_behind_a_last_message_that_nobody_answers(read: Read, entry: Make) -> None:
    page, left = entry(0, 10, "GET", f"{SITE}/"), entry(1550, 10, "GET", f"{SITE}/next")
    talk = [(30.0, "send", typed("join")), (40.0, "receive", typed("joined")), (1000.0, "send", typed("save"))]
    made = socket(entry, 20, *talk)
    made["time"] = 9000
    found, _, _ = carried(read, page, made, left)
    assert [message.stays for message in found.messages] == [0, 0, 500]
    assert found.ended == 1_700_000_001_500
    answered = socket(entry, 20, *talk, (1010, "receive", typed("saved")))
    answered["time"] = 9000
    found, _, _ = carried(read, page, answered, left)
    assert not any(message.stays for message in found.messages)


@pytest.mark.parametrize("paths", ["ab", "abc"])
def test_news_alone_are_not_awaited_though_the_first_came_before_any_change(read: Read, entry: Make, paths: str) -> None:
    told = [typed("saved", path=path) for path in paths]
    news = socket(entry, 10, *((700 + 300 * n, "receive", text) for n, text in enumerate(told)))
    found, _, _ = carried(read, entry(0, 10, "GET", f"{SITE}/"), news, entry(600, 20, "GET", f"{SITE}/files"))
    assert not any(message.awaited for message in found.messages)
    greeting = socket(entry, 10, (700, "receive", typed("welcome")), (900, "receive", typed("price")))
    found, _, _ = carried(read, entry(0, 10, "GET", f"{SITE}/"), greeting, entry(600, 20, "GET", f"{SITE}/files"))
    assert [message.awaited for message in found.messages] == [True, False]


def test_what_was_said_on_another_websocket_is_not_awaited_where_it_is_heard(read: Read, entry: Make) -> None:
    own, other = "k3v9x2m7q1", "p8r4t6w2z5"
    told = (typed("busy", call=own), typed("busy", call=other))
    first = socket(entry, 10, (20, "send", typed("run", call=own)), (40, "receive", told[0]), (900, "receive", told[1]))
    second = socket(entry, 500, (880, "send", typed("run", call=other)), (920, "receive", told[1]))
    recording, _ = read(first, second)
    done, warnings = conversations(recording, select(recording).kept)
    assert [[m.text for m in e.messages] for e in done.entries] == [
        [typed("run", call=own), told[0]],
        [typed("run", call=other), told[1]],
    ]
    assert not warnings, "nobody would have waited for it"


def test_what_would_have_been_awaited_and_is_heard_of_another_websocket_is_told(read: Read, entry: Make) -> None:
    told = typed("busy", call=TOKEN)
    first = socket(entry, 10, (20, "send", typed("run")), (900, "receive", told))
    recording, _ = read(first, socket(entry, 500, (880, "send", typed("run", call=TOKEN))))
    done, warnings = conversations(recording, select(recording).kept)
    assert [[m.text for m in e.messages] for e in done.entries] == [[typed("run")], [typed("run", call=TOKEN)]]
    assert [d.code for d in warnings] == ["socket-pushed"]


def test_what_was_said_on_another_websocket_before_this_one_was_opened_is_a_state_by_now(read: Read, entry: Make) -> None:
    first = socket(entry, 10, (20, "send", typed("write", text=TOKEN)), (40, "receive", typed("written")))
    shown = typed("document", text=TOKEN)
    recording, _ = read(first, socket(entry, 500, (520, "send", typed("open")), (560, "receive", shown)))
    done, warnings = conversations(recording, select(recording).kept)
    assert [m.text for m in done.entries[1].messages if m.awaited] == [shown]
    assert not warnings


@pytest.mark.parametrize("call", ['421["save",4]', f'42["save","{TOKEN}"]'])
def test_what_answers_a_call_of_a_websocket_is_awaited_whatever_was_said_on_another(read: Read, entry: Make, call: str) -> None:
    answer = f'431[{{"slug":"{TOKEN}","id":4}}]' if call.startswith("421") else f'42["saved",{{"slug":"{TOKEN}","id":4}}]'
    first = socket(entry, 10, (20, "send", f'420["add","{TOKEN}"]'), (40, "receive", '430[{"ok":true}]'))
    recording, _ = read(first, socket(entry, 500, (520, "send", call), (560, "receive", answer)))
    done, warnings = conversations(recording, select(recording).kept)
    assert [m.text for m in done.entries[1].messages if m.awaited] == [answer]
    assert not warnings


def test_what_a_websocket_was_given_before_it_was_said_on_another_is_its_own(read: Read, entry: Make) -> None:
    given = typed("seat", id=TOKEN)
    first = socket(entry, 10, (20, "send", typed("ask")), (40, "receive", given), (900, "receive", given))
    recording, _ = read(first, socket(entry, 500, (520, "send", typed("take", id=TOKEN))))
    done, _ = conversations(recording, select(recording).kept)
    assert [len(e.messages) for e in done.entries] == [3, 1]


def test_a_long_text_without_digits_is_looked_through_in_linear_time(read: Read, entry: Make) -> None:
    talk = socket(entry, 10, (20, "send", "run"), (40, "receive", "a" * 300_000))
    recording, _ = read(talk, socket(entry, 500, (880, "send", "b" * 300_000)))
    started = time.process_time()
    conversations(recording, select(recording).kept)
    assert time.process_time() - started < 5
