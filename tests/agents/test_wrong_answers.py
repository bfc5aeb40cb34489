"""Answers that are not what was asked for: error pages under any status, other types, nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from failing import HOME, failures, found
from recordings import Session


@pytest.mark.parametrize(
    ("page", "rule"),
    [
        ("<title>Session expired</title>", "session expired"),
        ("<title>Shop</title><h1>Your session has timed out</h1>", "session expired"),
        ("<title>Just a moment...</title>", "challenge page"),
        ("<h1>Confirm that you are human</h1>", "challenge page"),
        ("<title>Oops, that did not work</title>", "error title"),
        ("<h1>We'll be back soon</h1>", "error title"),
        ("<title>Laden: Seite nicht gefunden</title>", "error title"),
        ("<title>Erreur - Accès refusé</title>", "error title"),
        ("<title>拒绝访问</title>", "error title"),
        ("<title>Shop – closed</title><h1>Down for maintenance</h1>", "error title"),
    ],
)
def test_pages_about_the_session(page: str, rule: str) -> None:
    assert found(Session().add("GET", "/cart", html=page)) == [(0, rule)]
    assert found(Session().add("GET", "/cart", html="<title>Sessions</title><p>Session expired? Log in again.</p>")) == []


def test_an_empty_answer_to_a_long_poll_or_in_a_frame_is_none() -> None:
    session = Session().add("GET", "/poll", json='{"a": 1}').add("GET", "/poll", json="")
    session.entries[1] = replace(session.entries[1], ended=session.entries[1].started + 30_000)
    assert found(session) == []
    frame = {"Sec-Fetch-Dest": "iframe", "Accept": "text/html"}
    assert found(Session().add("GET", "/blank", html="", sent=frame, received={"Content-Length": "0"})) == []


def test_html_where_json_was_asked_for() -> None:
    page = "<!doctype html><title>Shop</title>"
    asks, loosely = {"Accept": "application/json"}, {"Accept": "application/json, text/plain, */*"}
    assert found(Session().add("GET", "/cart", html=page, sent=asks)) == [(0, "wrong type")]
    assert found(Session().add("GET", "/cart", html=page, sent=loosely)) == [(0, "wrong type")]
    assert found(Session().add("GET", "/cart.html", html="<p>a fragment</p>", sent=loosely)) == []
    assert found(Session().add("GET", "/api/cart", html=page, sent={"Accept": "*/*"})) == [(0, "wrong type")]
    assert found(Session().add("GET", "/cart", html=page, sent={"Accept": "*/*"})) == []


def test_a_page_where_another_recording_has_json() -> None:
    other = Session("b.har").add("GET", "/cart", json='{"a": 1}', sent={"Accept": "*/*"})
    session = Session("a.har").add("GET", "/cart", html="<p>sorry</p>", sent={"Accept": "*/*"})
    assert found(session, other) == [(0, "wrong type")]


def test_a_page_in_place_of_a_script() -> None:
    assert found(Session().add("GET", "/app.js", html="<!doctype html><title>Shop</title>")) == [(0, "wrong type")]


def test_an_empty_answer_where_others_have_a_body() -> None:
    session = Session().add("GET", "/api/cart?page=1", json='{"a": 1}').add("GET", "/api/cart?page=2", json="")
    assert found(session) == [(1, "empty body")]
    assert failures(session)[0].seen == "no body, and one in 1 other answer of this endpoint"


def test_an_answer_that_was_not_recorded_or_needs_no_body_is_not_empty() -> None:
    session = Session().add("GET", "/cart", html=HOME).add("GET", "/cart", html="")
    kept = session.entries[1]
    session.entries[1] = replace(kept, response=replace(kept.response, body_missing=True))
    assert found(session) == []
    assert found(Session().add("GET", "/cart", html=HOME).add("GET", "/cart", status=204)) == []
    assert found(Session().add("GET", "/", html="")) == [], "a recording without bodies"


@pytest.mark.parametrize(("kind", "status", "is_found"), [("failure", 422, True), ("success", 422, False), ("failure", 200, False)])
def test_a_document_whose_type_is_a_failure_with_an_error_status_of_its_own(kind: str, status: int, is_found: bool) -> None:
    answer = f'{{"type":"{kind}","status":{status},"data":"[1]"}}'
    assert found(Session().add("POST", "/sheds?/add", json=answer)) == ([(0, "error payload")] if is_found else [])
