"""WebSockets on which calls are numbered and answers come in any company: what is awaited, and how values are taken."""

from __future__ import annotations

from talks import imported_talk, stream

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import JsonSource, Receive, RegexSource, Send
from loadwright.compiler.plan.template import fixed, template
from loadwright.compiler.printer import print_intent

KEY = "r7Kq2mX9vB4t"
EVENT = '{"type":"event","data":{"action":"create","entity":"q7Km2xR9vB4t"}}'
MADE = '{"id":12,"type":"result","result":[{"entity":"ada","name":"Ada"},{"entity":"q7Km2xR9vB4t","name":"Boats 4c6ce8af"}]}'


def talk(*answers: str) -> Imported:
    """A thing is made, listed, opened, and changed; `answers` are what the list and the opening are answered with."""
    listed, opened = answers
    lines = (
        '>{"id":1,"type":"subscribe"}',
        '<{"id":1,"type":"result"}',
        '>{"id":11,"type":"create","name":"Boats 4c6ce8af"}',
        f"<[{EVENT}]",
        '<{"id":11,"type":"result"}',
        '>{"id":12,"type":"list"}',
        f"<{listed}",
        '>{"id":13,"type":"get","entity":"q7Km2xR9vB4t"}',
        f"<{opened}",
        f'>{{"id":14,"type":"update","key":"{KEY}"}}',
        '<{"id":14,"type":"result"}',
    )
    return imported_talk("http://shop.test/live", *lines)


def receives(made: Imported) -> list[Receive]:
    return [one for one in stream(made.plan).actions if isinstance(one, Receive)]


OPENED = f'[{{"type":"event"}},{{"id":13,"type":"result","result":{{"name":"Boats","key":"{KEY}"}}}}]'


def test_the_answer_to_a_call_is_awaited_by_its_number() -> None:
    awaited = [one.containing for one in receives(talk(MADE, OPENED))]
    assert awaited == [template(f'"id":{number},') for number in (1, 11, 12, 13, 14)]


def test_values_are_taken_wherever_the_answer_stands_in_its_message() -> None:
    made = talk(MADE, OPENED)
    key, entity = (next(c.source for one in receives(made) for c in one.captures if c.name == name) for name in ("key", "entity"))
    assert isinstance(key, RegexSource)
    assert fixed(key.pattern).startswith('"id":13,')
    assert isinstance(entity, JsonSource)
    assert str(entity.path).count("$..result[?(@.name=='") == 1
    assert all(not proof.findings for _, proof in made.proofs)


def test_the_clients_own_count_is_taken_from_no_answer() -> None:
    sent = [str(one.text) for one in stream(talk(MADE, OPENED).plan).actions if isinstance(one, Send)]
    assert all(f'"id":{number}' in text for number, text in zip((1, 11, 12, 13, 14), sent, strict=True))


def test_receives_that_are_alike_keep_their_numbers_as_text() -> None:
    made = talk(MADE, OPENED)
    plan, _ = parse_intent(print_intent(made.plan), "x.intent")
    assert plan == made.plan
    receive = 'receive {\n containing "a"\n}\n'
    alike = f'target app = "http://a.test"\njourney j {{\nstep "s" {{\nwebsocket "/w" {{\n{receive * 3}}}\n}}\n}}'
    read, found = parse_intent(f'intent "x"\n{alike}', "x.intent")
    assert read is not None, found
    names = [one.name for one in stream(read).actions if isinstance(one, Receive)]
    assert len(set(names)) == 3
