"""Streams of messages: what a script calls its session by, items of lists in messages, and messages that tell of a failure."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.observe.answers.in_messages import in_a_list
from loadwright.compiler.plan.model import RegexSource, TextExpectation
from loadwright.compiler.plan.template import call, fixed, template

REVISION = "c36324a0721bfc14"


def stream(session: Session, address: str, *messages: str) -> Session:
    session.add("GET", address, html="".join(f"data: {message}\n\n" for message in messages))
    answer = replace(session.entries[-1].response, media_type="text/event-stream", headers=(("Content-Type", "text/event-stream"),))
    session.entries[-1] = replace(session.entries[-1], response=answer)
    return session


def asked(name: str = "session_hash", drawn: str = "8tw01hzpn0i", said: str = "Saved as note 1", outcome: str = "true") -> Session:
    session = Session().add("GET", "/", html="<title>Notes</title>")
    session.add("POST", "/queue/join", body=f'{{"data":["Pump"],"{name}":"{drawn}"}}', json='{"event":"joined"}')
    begun = '{"msg":"process_starts","data":["a","b","begun at the quay"]}'
    done = f'{{"msg":"process_completed","output":{{"data":["{said}",null,"{REVISION}"]}},"success":{outcome}}}'
    stream(session, f"/queue/data?{name}={drawn}", begun, done)
    return session.add("POST", "/queue/join", body=f'{{"data":["{REVISION}",null],"{name}":"{drawn}"}}', json='{"event":"joined"}')


def test_what_a_script_calls_its_session_by_is_made_anew() -> None:
    result = imported(asked())
    assert ("generate", "session_hash") in verdicts(result)
    assert result.plan.variables[0].value == template(call("lower", call("random_string", "11")))
    assert "8tw01hzpn0i" not in str(result.plan)
    assert proved(result)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [("session_hash", "harbour"), ("session_hash", "f" * 64), ("api_key", "8tw01hzpn0i"), ("doc_id", "8tw01hzpn0i")],
)
def test_a_word_a_digest_a_key_and_what_was_there_are_not_made_up(name: str, drawn: str) -> None:
    assert "generate" not in [verdict for verdict, _ in verdicts(imported(asked(name, drawn)))]


def test_what_one_request_alone_has_may_be_a_signature() -> None:
    session = Session().add("GET", "/", html="<p>a").add("POST", "/go", body='{"session_hash":"8tw01hzpn0i"}', json="{}")
    assert "generate" not in [verdict for verdict, _ in verdicts(imported(session))]


def test_an_item_of_a_list_in_a_message_is_taken_by_its_place_and_not_by_what_stands_before_it() -> None:
    result = imported(asked())
    (capture,) = sent(result, 2).captures
    assert isinstance(capture.source, RegexSource)
    pattern = fixed(capture.source.pattern)
    assert "Saved" not in pattern
    assert "process_completed" in pattern
    other = asked(said='Saved as \\"note\\" 27, at last').entries[2].response.text or ""
    assert re.findall(pattern, other, re.ASCII) == [REVISION]
    assert proved(result)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ('{"data":["a",1,null,"c36324a0"]}', True),
        ('{"data":[17,c36324a0]}', True),
        ('{"data":[["a"],"c36324a0"]}', False),
        ('{"data":"c36324a0"}', False),
        ('["a","c36324a0"]', False),
    ],
)
def test_only_texts_and_numbers_stand_before_such_an_item(text: str, is_told: bool) -> None:
    start = text.index("c36324a0")
    pattern, _, name = in_a_list(text, start, start + 8)
    assert (name == "data") is is_told
    assert re.findall(pattern, text, re.ASCII) == ["c36324a0"] if is_told else not pattern


@pytest.mark.parametrize(("outcome", "is_expected"), [("true", True), ("false", False)])
def test_a_message_that_says_that_the_work_failed_is_a_soft_failure(outcome: str, is_expected: bool) -> None:
    expected = [one for one in sent(imported(asked(outcome=outcome)), 2).expectations if isinstance(one, TextExpectation)]
    failed = TextExpectation(relation="contains", value=template('"success":false'), negated=True, soft=True)
    assert expected == ([failed] if is_expected else [])
