"""Requests that go where an answer sent them: the whole address is taken, where a part of it has no source of its own."""

from __future__ import annotations

import base64
import json

import pytest
from recordings import BASE, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported


def sent_there(address: str, answer: str, method: str = "GET", asked_before: bool = False, status: int = 200) -> Imported:
    """An answer to a change, and a request for an address."""
    session = Session()
    if asked_before:
        session.add("GET", address, json='{"ok": true}')
    session.add("POST", "/start", body="x=1", json=answer, status=status)
    return imported(session.add(method, address, json='{"ok": true}'))


@pytest.mark.parametrize(
    "address",
    [
        "/files/plan.pdf?exp=1795310509&sig=aZ09kPq1xYv7LmN3",
        "/items?after=4&limit=1",
        "/fin/77843089/98848833",
        "/chall/77843089/gIcnOoU",
        "/chall/gIcnOoU",
    ],
)
@pytest.mark.parametrize("host", ["", BASE])
def test_the_whole_address_is_taken(address: str, host: str) -> None:
    result = sent_there(address, f'{{"id": 3, "next": "{host}{address}"}}')
    assert verdicts(result) == [("extract", "next")]
    assert (sent(result, 1).target, len(sent(result, 1).url.parts)) == ("app", 2)
    assert proved(result)


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/items/4837/edit", '{"id": 4837, "url": "/items/4837/edit"}'),
        ("/api/v2/search", '{"url": "/api/v2/search"}'),
        ("/items/getUserInfo", '{"url": "/items/getUserInfo"}'),
        ("/items?page=2", '{"list": [{"url": "/items?page=2"}, {"url": "/items?page=3"}]}'),
    ],
)
def test_what_has_a_source_of_its_own_or_never_varies_is_not(address: str, answer: str) -> None:
    assert len(sent(sent_there(address, answer), 1).captures) == 0
    assert ("extract", "url") not in verdicts(sent_there(address, answer))


def test_what_was_asked_for_before_was_known() -> None:
    assert verdicts(sent_there("/items?after=4", '{"next": "/items?after=4"}', asked_before=True)) == []


def test_random_letters_of_a_location_are_taken_with_it() -> None:
    session = Session().add("POST", "/files", body="x=1", status=201, location="/files/gIcnOoU")
    result = imported(session.add("PATCH", "/files/gIcnOoU", body="x", json='{"ok": true}'))
    assert verdicts(result) == [("extract", "location")]
    assert proved(result)


def test_two_recordings_must_both_be_sent_there() -> None:
    def session(given: int, asked: int) -> Session:
        made = Session().add("POST", "/start", body="x=1", json=f'{{"next": "/items?after={given}&limit=1"}}')
        return made.add("GET", f"/items?after={asked}&limit=1", json='{"ok": true}')

    assert verdicts(imported(session(4, 4), session(7, 7))) == [("extract", "next")]
    assert ("extract", "next") not in verdicts(imported(session(4, 4), session(7, 9)))


def test_the_address_stands_inside_of_what_is_sent_there_too() -> None:
    address = f"{BASE}/fin/77843089/98848833"
    signed = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "url": address}).encode()).decode().rstrip("=")
    session = Session().add("POST", "/order", body="x=1", json=json.dumps({"finalize": address}))
    body = json.dumps({"protected": signed, "payload": "e30"})
    result = imported(session.add("POST", "/fin/77843089/98848833", body=body, sends="application/json", json='{"ok": true}'))
    assert verdicts(result) == [("extract", "finalize")]
    assert proved(result)
