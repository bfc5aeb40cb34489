"""JSON answers of another shape than those beside them, calls that lead away, documents that are errors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from failing import found
from recordings import Session

ROWS = '{"items": [1], "total": 1}'


def between(answer: str, before: str = ROWS, after: str = ROWS) -> list[tuple[int, str]]:
    return found(Session().add("GET", "/api/a", json=before).add("GET", "/api/a", json=answer).add("GET", "/api/a", json=after))


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ('{"code": 4001, "message": "token expired"}', "error payload"),
        ('{"errcode": 17, "errmsg": "no such cart", "data": null}', "error payload"),
        ('{"code": "1023", "msg": "no such cart", "requestId": "a"}', "error payload"),
        ("{}", "empty body"),
        ("null", "empty body"),
    ],
)
def test_an_answer_that_only_tells_of_an_error_where_others_have_more(answer: str, rule: str) -> None:
    assert between(answer) == [(1, rule)]


def test_a_code_like_those_of_http_needs_no_others() -> None:
    assert found(Session().add("POST", "/api/a", json='{"code": 40103, "message": "token expired"}')) == [(0, "error payload")]
    assert found(Session().add("POST", "/api/a", json='{"code": 17, "message": "token expired"}')) == []


@pytest.mark.parametrize(
    "answer",
    [
        '{"code": 0, "message": "ok"}',
        '{"code": 200, "message": "nothing new"}',
        '{"code": 1000, "message": "Success."}',
        '{"code": 4001, "message": "Tea", "price": 7}',
        '{"status": 3, "items": [], "message": "none"}',
        "[]",
    ],
)
def test_what_only_looks_like_one(answer: str) -> None:
    assert between(answer) == []


def test_an_answer_without_members_may_be_right() -> None:
    assert between("{}", after="{}") == [], "one other answer shows little"
    assert between("{}", after='{"other": 1}') == [], "the others have nothing in common, as a map has"
    assert between("null", before="[1]", after="[2]") == []


def test_a_call_that_each_answer_has_a_body_of() -> None:
    call = '{"jsonrpc": "2.0", "method": "a", "id": 4}'
    assert found(Session().add("POST", "/rpc", body=call, sends="application/json", json="")) == [(0, "empty body")]
    told = '{"jsonrpc": "2.0", "method": "a"}'
    assert found(Session().add("POST", "/rpc", body=told, sends="application/json", json="")) == [], "a notification"


def test_a_call_that_was_answered_and_then_leads_to_the_login_page() -> None:
    def calls(*statuses: int) -> list[tuple[int, str]]:
        session = Session()
        for status in statuses:
            led = {"location": "/login"} if status == 302 else {"json": ROWS}
            session.add("POST", "/graph", body='{"a": 1}', sends="application/json", status=status, **led)  # type: ignore[arg-type]
        return found(session)

    assert calls(200, 302, 200) == [(1, "redirect to login")]
    assert calls(302, 200, 200) == [], "nobody was logged in yet"


def test_a_document_whose_root_is_an_error() -> None:
    answers = [("<error><message>no</message></error>", [(0, "error payload")]), ("<orders><error/></orders>", [])]
    for text, expected in answers:
        session = Session().add("GET", "/a", html=f'<?xml version="1.0"?>{text}')
        answer = session.entries[0]
        session.entries[0] = replace(answer, response=replace(answer.response, media_type="application/xml"))
        assert found(session) == expected
