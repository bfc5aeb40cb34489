"""WebSockets of recordings: imported, proved up to P4, and run against an application that refuses what it did not give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket as client
from chat import Chat, chat, recorded

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.agents.prove.proof import prove
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.prove import ProveOptions
from loadwright.compiler.cli.prove import prove as prove_command
from loadwright.compiler.cli.prove_levels import Case, Evidence, negative, other_recording, rotating
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.cli.settings import Overrides
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Receive, Send, Stream, Think
from loadwright.compiler.plan.template import Reference, walk
from loadwright.compiler.plan.traverse import journey_nodes
from loadwright.compiler.printer import print_intent
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.rotation.player import Player
from loadwright.compiler.rotation.script import make_script
from loadwright.compiler.rotation.server import RotatingServer


@pytest.fixture(scope="module")
def application() -> Iterator[Chat]:
    with chat() as running:
        yield running


@pytest.fixture(scope="module")
def hars(application: Chat, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two recordings of the journey."""
    folder = tmp_path_factory.mktemp("hars")
    paths = [folder / f"chat-{number}.har" for number in (1, 2)]
    for path in paths:
        path.write_text(json.dumps(recorded(application)))
    return paths


@pytest.fixture(scope="module")
def made(hars: list[Path]) -> Imported:
    return import_recordings([source(hars[0])], "Chat", "files")


def source(path: Path) -> Source:
    recording, _ = read_har(path)
    selection = select(recording)
    done, _ = conversations(recording, selection.kept)
    return Source(done, selection, outline(done, selection.kept))


def case(made: Imported, *hars: Path) -> Case:
    sources = [source(path) for path in hars]
    return Case(made.plan.journeys[0], tuple(Evidence(s.recording.name, s.recording, s.selection.kept) for s in sources))


def stream(made: Imported) -> Stream:
    return next(node for node in journey_nodes(made.plan.journeys[0]) if isinstance(node, Stream))


# --- what is made of a recording --------------------------------------------------------------------------------------


def test_a_conversation_is_a_stream_whose_values_are_taken_from_answers_and_messages(made: Imported) -> None:
    opened = stream(made)
    assert [part.name for part in walk(opened.url) if isinstance(part, Reference)] == ["ticket"]
    assert {header.name for header in opened.headers} == {"Origin", "Sec-WebSocket-Protocol"}
    done = []
    for action in opened.actions:
        match action:
            case Receive(containing=marker, captures=captures):
                done.append(f"wait for {marker.literal if marker else 'any'} {[c.name for c in captures]}")
            case Send(text=text):
                done.append(f"send {[part.name for part in walk(text) if isinstance(part, Reference)]}")
            case Think():
                done.append("think")
    assert done == [
        'wait for "type": "welcome" [\'session\']',
        "send ['session']",
        'wait for "type": "joined" [\'member_id\']',
        "think",
        "send ['member_id']",
        'wait for "type": "said" [\'message\']',
    ]
    assert {d.verdict for d in made.decisions} == {"extract", "environment"}


def test_decisions_name_the_message(made: Imported) -> None:
    said = next(d for d in made.decisions if d.variable == "member_id")
    assert said.source == "entry 2 message 6 RECEIVE: json $.member.id"
    assert said.uses == ["entry 2 message 7 SEND: json member"]
    assert said.proof == "P2"


def test_the_printed_intent_means_the_same(made: Imported) -> None:
    assert parse_intent(print_intent(made.plan), "chat.intent")[0] == made.plan


def test_no_recorded_value_is_written_anywhere(hars: list[Path], tmp_path: Path) -> None:
    outputs = {name: tmp_path / name for name in ("chat.intent", "plan.json", "why.json", "page.html")}
    code = import_(hars[:1], outputs["chat.intent"], outputs["plan.json"], outputs["why.json"], report=outputs["page.html"])
    assert code == 0
    messages = json.loads(hars[0].read_text())["log"]["entries"][2]["_webSocketMessages"]
    values = {value for m in messages for value in _tokens(json.loads(m["data"]))}
    assert len(values) == 3
    assert [(name, v) for name, path in outputs.items() for v in values if v in path.read_text()] == []


def _tokens(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _tokens(member)
    elif isinstance(value, str) and len(value) == 16:
        yield value


def test_credentials_that_a_message_sends_in_every_recording_are_a_secret(tmp_path: Path) -> None:
    key = "I7ovnqwhu732vr4j75vadehm"
    request = {"method": "GET", "url": "wss://shop.example.com/live", "headers": []}
    message = {"type": "send", "time": 1772359201.1, "opcode": 1, "data": json.dumps({"auth_token": key, "room": "lobby"})}
    entry = {"startedDateTime": 1772359201000, "time": 5, "request": request, "response": {"status": 101}}
    har = tmp_path / "live.har"
    har.write_text(json.dumps({"log": {"entries": [{**entry, "_webSocketMessages": [message]}]}}))
    for recordings in ([source(har)], [source(har), source(har)]):
        made = import_recordings(recordings, "Live", "files")
        assert key not in print_intent(made.plan)
        assert made.secret_values == {"auth_token": key}


# --- proof ------------------------------------------------------------------------------------------------------------


def test_proof_reads_the_conversation_as_a_runtime_does(made: Imported, hars: list[Path]) -> None:
    proof = made.proofs[0][1]
    assert (proof.captures_held, proof.captures, proof.requests_equal, proof.requests) == (5, 5, 9, 9)
    assert proof.findings == []


@pytest.mark.parametrize(
    ("old", "new", "level", "subject"),
    [
        ('"\\"type\\": \\"joined\\""', '"\\"type\\": \\"news\\""', "P0", "member_id"),
        ('\\"room\\":\\"lobby\\"', '\\"room\\":\\"attic\\"', "P1", "WEBSOCKET /live: send"),
        ("${session | jsonescape}", "SESSION", "P2", "WEBSOCKET /live: send"),
        ('header "Sec-WebSocket-Protocol" = "chat.v1"\n', "", "P1", "WEBSOCKET /live"),
    ],
)
def test_what_is_wrong_in_a_conversation_fails_its_level(
    made: Imported, hars: list[Path], old: str, new: str, level: str, subject: str
) -> None:
    text = print_intent(made.plan)
    assert text.count(old) == 1, old
    session = json.loads(json.loads(hars[0].read_text())["log"]["entries"][2]["_webSocketMessages"][1]["data"])["session"]
    plan, _ = parse_intent(text.replace(old, new.replace("SESSION", session)), "chat.intent")
    one = source(hars[0])
    found = [(f.level, f.subject) for f in prove(plan, one.recording, one.selection.kept).findings]
    assert (level, subject) in found, found


def test_another_recording_proves_it(made: Imported, hars: list[Path]) -> None:
    outcome = other_recording(made.plan, case(made, *hars))
    assert outcome.held, outcome.findings


def test_the_rotating_server_speaks_it_and_each_capture_is_needed(made: Imported, hars: list[Path], tmp_path: Path) -> None:
    one = case(made, hars[0])
    outcome = rotating(made.plan, one, tmp_path, ["k6", "locust"])
    assert outcome.held, outcome.findings
    assert outcome.detail.startswith("5 values made fresh; k6: 13 of 13 requests accepted, locust: 13 of 13")
    without = negative(made.plan, one, tmp_path, ["k6"])
    assert without.detail == "on k6: without each of 5 of 5 captures the run fails"


def test_a_message_with_a_recorded_value_is_refused_with_the_reason(made: Imported, hars: list[Path], tmp_path: Path) -> None:
    text = print_intent(made.plan)
    session = json.loads(json.loads(hars[0].read_text())["log"]["entries"][2]["_webSocketMessages"][1]["data"])["session"]
    plan, _ = parse_intent(text.replace("${session | jsonescape}", session), "chat.intent")
    outcome = rotating(plan, Case(plan.journeys[0], case(made, hars[0]).evidence), tmp_path, ["k6"])
    assert not outcome.held
    assert "is the recorded value, which the answer of entry 2 message 1 gave then" in outcome.findings[0].message


def test_a_conversation_of_nobody_is_refused(hars: list[Path]) -> None:
    player = Player(make_script(source(hars[0]).traffic))
    with RotatingServer(player) as server, pytest.raises(client.WebSocketBadStatusException) as refused:
        client.create_connection(f"{server.url.replace('http', 'ws')}/live?ticket=0123456789abcdef", timeout=5)
    assert refused.value.status_code == 403
    assert [exchange.kind for exchange in player.log] == ["wrong"]


def test_prove_reads_an_intent_as_text(hars: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    intent = tmp_path / "chat.intent"
    assert import_(hars[:1], intent) == 0
    capsys.readouterr()
    assert prove_command(intent, [hars[0]], ProveOptions("P2", json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["level"], one["held"]) for one in told["levels"]] == [("P0", True), ("P1", True), ("P2", True)]


def test_websockets_can_be_left_out(hars: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    intent = tmp_path / "chat.intent"
    import_(hars[:1], intent, sockets="drop")
    assert "websocket" not in intent.read_text()
    assert "left out 1: a WebSocket" in capsys.readouterr().out


# --- runs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("runtime", ["k6", "locust", "jmeter"])
def test_it_runs_against_the_application(application: Chat, made: Imported, tmp_path: Path, runtime: str) -> None:
    said, read = len(application.said), application.read
    options = RunOptions(targets=[f"app=http://127.0.0.1:{application.port}"], overrides=Overrides(think=0), limit=60)
    summary = execute(made.plan, tmp_path, runtime, tmp_path / runtime, options)
    assert summary.verdict == "passed", summary.failures
    assert (len(application.said) - said, application.read - read) == (1, 1), "one message was said, and read again"
    assert application.refused == []
