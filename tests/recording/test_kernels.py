"""Kernels of notebooks: binary messages as the text that the same server speaks, and what is waited for."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from talks import imported_talk, messages, stream

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.plan.model import Receive, Send, TextExpectation
from loadwright.compiler.plan.template import Template, Text
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.kernels import PROTOCOL, as_text, replied
from loadwright.compiler.recording.model import Recording, header
from loadwright.compiler.recording.select import select

Make = Callable[..., dict[str, Any]]
Read = Callable[..., tuple[Recording, list[Diagnostic]]]
ASKED = "0b3f1c52-7a8e-4c11-9d3c-2f6f8f0a1e77"
SESSION = "accccbfa-b489-46d3-b4f8-1db85add9399"


def packed(channel: str, *parts: str, buffers: tuple[bytes, ...] = ()) -> bytes:
    """A message as the protocol has it: how many offsets, the offsets, the channel, its parts."""
    pieces = [channel.encode(), *(part.encode() for part in parts), *buffers]
    offsets = [8 * (len(pieces) + 2)]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return b"".join([*(number.to_bytes(8, "little") for number in (len(offsets), *offsets)), *pieces])


def asks(kind: str, own: str, **content: Any) -> str:
    said = {"msg_id": own, "msg_type": f"{kind}_request", "session": SESSION}
    return f'{{"header":{json.dumps(said)},"parent_header":{{}},"metadata":{{}},"content":{json.dumps(content)},"channel":"shell"}}'


def tells(kind: str, parent: str, channel: str = "iopub", **content: Any) -> str:
    said = {"msg_id": f"6b30d7d6_{parent}", "msg_type": kind, "username": "ann"}
    told = {"header": said, "parent_header": {"msg_id": parent}, "metadata": {}, "content": content, "channel": channel}
    return json.dumps(told)


# --- bytes as text ----------------------------------------------------------------------------------------------------


def test_what_is_sent_keeps_the_text_of_its_parts() -> None:
    sent = packed("shell", '{"msg_id":"a","n":1.0}', "{}", '{"x": "ä"}', '{"code":"1"}')
    assert as_text(sent, True) == (
        '{"header":{"msg_id":"a","n":1.0},"parent_header":{},"metadata":{"x": "ä"},"content":{"code":"1"},"buffers":[],'
        '"channel":"shell"}'
    )


def test_what_is_received_is_as_the_server_writes_it() -> None:
    received = packed("iopub", '{"msg_id":"b","msg_type":"status"}', "{}", "{}", '{"execution_state":"idle"}')
    assert as_text(received, False) == (
        '{"header": {"msg_id": "b", "msg_type": "status"}, "msg_id": "b", "msg_type": "status", "parent_header": {}, '
        '"metadata": {}, "content": {"execution_state": "idle"}, "buffers": [], "channel": "iopub"}'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x06",
        packed("shell", "{}", "{}", "{}", "{}", buffers=(b"\x00\x01",)),
        packed("shell", "{}", "{}", "{}"),
        packed("shell", "{}", "{}", "{}", "[1]"),
        packed("shell", "{}", "{}", "{}", "[" * 100_000),
        packed("shell", "{}", "{}", "{}", "{}")[:-1],
        b"\xff" * 80,
    ],
)
def test_one_with_buffers_and_what_is_none_stay_bytes(data: bytes) -> None:
    assert as_text(data, False) is None


def socket(entry: Make, protocol: str) -> dict[str, Any]:
    made = entry(0, 0, "GET", "wss://shop.example.com/kernels/channels", 101, "websocket")
    for side in ("request", "response"):
        made[side]["headers"] = [{"name": "Sec-WebSocket-Protocol", "value": protocol}]
    data = base64.b64encode(packed("shell", '{"msg_type":"execute_request","msg_id":"a"}', "{}", "{}", "{}")).decode()
    made["_webSocketMessages"] = [{"type": "send", "time": 1_700_000_000.1, "opcode": 2, "data": data}]
    return made


def test_the_test_offers_no_protocol_and_says_so(read: Read, entry: Make) -> None:
    recording, warnings = read(socket(entry, PROTOCOL))
    (only,) = recording.entries
    assert only.messages[0].text is not None
    assert header(only.request.headers, "sec-websocket-protocol") is None
    assert [d.code for d in warnings] == ["socket-as-text"]


def test_bytes_of_another_protocol_stay_bytes(read: Read, entry: Make) -> None:
    recording, warnings = read(socket(entry, "mqtt"))
    assert recording.entries[0].messages[0].text is None
    assert header(recording.entries[0].request.headers, "sec-websocket-protocol") == "mqtt"
    assert not warnings


# --- what is waited for -----------------------------------------------------------------------------------------------

TALK = (
    f">{asks('kernel_info', 'k1')}",
    f"<{tells('status', 'k1', execution_state='busy')}",
    f"<{tells('kernel_info_reply', 'k1', 'shell', status='ok')}",
    f">{asks('execute', ASKED, code='print(4711)')}",
    f"<{tells('status', ASKED, execution_state='busy')}",
    f"<{tells('execute_reply', 'another', 'shell', status='error')}",
    f"<{tells('execute_reply', ASKED, 'shell', status='ok')}",
    f"<{tells('stream', ASKED, name='stdout', text='4711 tides')}",
    f"<{tells('status', ASKED, execution_state='idle')}",
)


def test_the_reply_to_the_last_request_is_waited_for() -> None:
    found = replied(messages(*TALK))
    assert [m.number for m in found if m.awaited and not m.sent] == [2, 6]
    assert [(m.number, m.asked) for m in found if m.asked] == [(2, "kernel_info"), (6, "execute")]
    assert [m.number for m in found if m.pushed] == [1, 4, 7, 8]


def test_where_no_kernel_is_asked_all_stays_as_it_was() -> None:
    talk = messages('>{"header":{"msg_type":"x_request","msg_id":"a"}}', "<{}", ">[" + "[" * 10_000, '<{"parent_header":1}')
    assert replied(talk) == talk


def test_code_that_raised_an_exception_is_a_soft_failure() -> None:
    made = imported_talk("http://shop.test/kernels/channels", *TALK)
    waits = [one for one in stream(made.plan).actions if isinstance(one, Receive)]
    assert [written(one.containing) for one in waits] == [
        '"msg_type": "kernel_info_reply",',
        '"msg_type": "execute_reply",',
    ]
    for wait in waits:
        (expected,) = wait.expectations
        assert isinstance(expected, TextExpectation)
        assert (written(expected.value), expected.negated, expected.soft) == ('"status": "error"', True, True)


def test_what_code_wrote_is_not_taken_as_it_comes_in_no_order_with_the_reply() -> None:
    made = imported_talk("http://shop.test/kernels/channels", *TALK, f">{asks('inspect', 'i1', text='4711 tides')}")
    assert not any(one.captures for one in stream(made.plan).actions if isinstance(one, Receive))
    assert "4711 tides" in written([one.text for one in stream(made.plan).actions if isinstance(one, Send)][-1])


def written(text: Template | None) -> str:
    assert text is not None
    return "".join(part.value for part in text.parts if isinstance(part, Text))


def test_a_reply_is_waited_for_though_the_page_changes_something_meanwhile(read: Read, entry: Make) -> None:
    made = socket(entry, PROTOCOL)
    talk = [(10, "send", TALK[3]), (900, "receive", TALK[6])]
    made["_webSocketMessages"] = [
        {"type": kind, "time": 1_700_000_000 + at / 1000, "opcode": 1, "data": line[1:]} for at, kind, line in talk
    ]
    recording, _ = read(made, entry(300, 20, "PUT", "https://shop.example.com/layout"))
    done, warnings = conversations(recording, select(recording).kept)
    assert [m.awaited for m in next(e for e in done.entries if e.messages).messages] == [False, True]
    assert not warnings
