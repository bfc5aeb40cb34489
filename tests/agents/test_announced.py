"""Files whose digest the client says: the bytes stay as they were, and so does the digest."""

from __future__ import annotations

import base64
import hashlib

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import JsonBody, TextBody
from loadwright.compiler.plan.render import json_template


def upload(word: str, said: str = "", name: str = "one.har", content: str = "plan of Pump {}\n") -> Session:
    """An order called by a random word, to which a file with that word in it is sent, announced by its digest."""
    text = content.format(word)
    digest = said or base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()
    session = Session(name).add("POST", "/orders", body=f"title=Pump+{word}", html=f"<h1>Pump {word}</h1>")
    announced = f'{{"filename": "plan.txt", "checksum": "{digest}"}}'
    session.add("POST", "/uploads", body=announced, sends="application/json", json='{"url": "/put/k8Xw2Qv9Zt4Lr7Bn"}')
    return session.add("PUT", "/put/k8Xw2Qv9Zt4Lr7Bn", body=text, sends="text/plain", status=204)


def test_a_file_is_sent_as_it_was_announced() -> None:
    result = imported(upload("f05fa879"))
    assert proved(result)
    assert not [one for one in verdicts(result) if one[0] == "unresolved"]
    body = sent(result, 2).body
    assert isinstance(body, TextBody)
    assert body.value.literal == "plan of Pump f05fa879\n"


def test_another_file_in_another_recording_is_the_users() -> None:
    result = imported(upload("f05fa879"), upload("9c41d7e2", name="two.har"))
    assert proved(result)
    assert ("parameterise", "checksum") in verdicts(result)
    body = sent(result, 1).body
    assert isinstance(body, JsonBody)
    assert json_template(body.value).literal is None


def test_what_is_the_digest_of_no_file_is_asked_for() -> None:
    result = imported(upload("f05fa879", said="AsOHM35gS4ewIQH8kusL6w=="))
    assert ("unresolved", "checksum") in verdicts(result)
    body = sent(result, 2).body
    assert isinstance(body, TextBody)
    assert body.value.literal is None


@pytest.mark.parametrize("content", ["<call><token>{}</token></call>", "user=ann\npassword=Quay-4711x\n{}"])
def test_a_signed_request_is_no_file(content: str) -> None:
    """Its own request says its digest (`X-Amz-Content-Sha256`), and what is in it may be of the session."""
    text = content.format("k8Xw2Qv9Zt4Lr7Bn")
    digest = hashlib.sha256(text.encode()).hexdigest()
    session = Session().add("POST", "/token", json='{"token": "k8Xw2Qv9Zt4Lr7Bn"}')
    session.add("POST", "/call", body=text, sends="text/plain", sent={"X-Content-Sha256": digest}, html="<p>Done</p>")
    body = sent(imported(session), 1).body
    assert isinstance(body, TextBody)
    assert body.value.literal is None


def test_a_file_that_comes_back_is_expected_to_show_nothing_new() -> None:
    result = imported(upload("f05fa879").add("GET", "/put/k8Xw2Qv9Zt4Lr7Bn", html="plan of Pump f05fa879\n"))
    assert not [one for one in sent(result, 3).expectations if one.kind == "text"]
