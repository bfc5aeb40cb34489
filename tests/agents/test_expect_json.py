"""What an import expects of answers in JSON: where most of them stands, and the words and numbers that say how it went."""

from __future__ import annotations

import json

import pytest
from recordings import Session, expected, imported

from loadwright.compiler.agents.importing import Imported


def pair(*answers: str) -> Imported:
    """What importing as many recordings of one call as there are answers gives."""
    sessions = [Session(f"a-{n}.har").add("GET", "/", html="<title>Shop</title>") for n, _ in enumerate(answers)]
    return imported(*(session.add("GET", "/api/cart", json=answer) for session, answer in zip(sessions, answers, strict=True)))


def test_a_json_shape_is_what_all_recordings_have() -> None:
    result = pair('{"first": 1, "cart": {"id": 7}, "items": []}', '{"first": null, "cart": {"id": 9}}', '{"cart": {}}')
    assert expected(result, 1) == ["status 200", 'type "application/json"', 'json "$.cart" is object']


def test_a_member_of_two_types_is_expected_to_be_there() -> None:
    assert expected(pair('{"id": "a"}', '{"id": 7}'), 1)[-1] == 'json "$.id" exists'


def test_a_list_is_expected_to_stay_one() -> None:
    assert expected(pair('[{"id": 7}]'), 1)[-1] == 'json "$" is array'
    assert expected(pair("[1]", "[]"), 1)[-1] == 'json "$" is array'
    assert expected(pair("[1]", '{"a": 1}'), 1) == ["status 200", 'type "application/json"', "size > 0B"]


def test_a_json_answer_is_known_by_where_most_of_it_stands() -> None:
    answer = '{"jsonrpc": "2.0", "id": 4, "result": {"total": 2, "rows": [{"id": 7, "name": "Tea"}, {"id": 8, "name": "Mate"}]}}'
    other = '{"jsonrpc": "2.0", "id": 4, "result": {"total": 1, "rows": [{"id": 9, "name": "Cocoa"}]}}'
    assert expected(pair(answer, other), 1)[-1] == 'json "$.result.rows[0]" is object'
    assert expected(pair(answer), 1)[-1] == 'json "$.result.rows" is array', "nothing tells that there are always rows"
    assert expected(pair(answer, other.replace('{"id": 9, "name": "Cocoa"}', "")), 1)[-1] == 'json "$.result.total" is number'
    assert expected(pair(*['{"error": null, "user": {"id": 7, "name": "Ann"}}'] * 2), 1)[-1] == 'json "$.user.id" is number'


def test_from_one_recording_what_is_less_than_half_of_an_answer_may_be_missing() -> None:
    ticket = '{"id": 7, "title": "Leak", "state": "new", "assignee": {"id": 4, "name": "Ann"}}'
    assert expected(pair(ticket), 1)[-1] == 'json "$.id" exists'
    twice = Session().add("GET", "/api/t", json=ticket).add("GET", "/api/t", json=ticket.replace("Leak", "Pump"))
    assert expected(imported(twice), 1)[-1] == 'json "$.assignee" is object', "all answers of the endpoint have it"
    assert expected(pair('{"data": {"ticket": {"id": 7}}}'), 1)[-1] == 'json "$.data.ticket" is object'


def test_a_list_that_was_empty_at_another_time_may_be() -> None:
    sessions = [Session(f"a-{n}.har") for n in (1, 2)]
    for session in sessions:
        session.add("GET", "/api/rows", json='{"rows": []}').add("GET", "/api/rows", json='{"rows": [{"id": 7}]}')
    assert expected(imported(*sessions), 1)[-1] == 'json "$.rows" is array'


def test_words_in_a_list_of_one_thing_may_be_none_in_another() -> None:
    tags = '{"id": 7, "tags": ["red", "dry"], "owner": {"name": "Ann", "roles": ["staff"]}}'
    assert expected(pair(tags, tags.replace("7", "8")), 1)[-1] == 'json "$.owner.name" is string'
    assert expected(pair(*['{"total": 2, "found": ["Tea", "Mate"]}'] * 2), 1)[-1] == 'json "$.found[0]" is string'


@pytest.mark.parametrize("name", ["notifications", "userErrors", "unread_messages", "flashMessages"])
def test_a_list_of_what_nobody_asked_for_may_be_empty(name: str) -> None:
    assert expected(pair(*[json.dumps({name: [{"id": 7}]})] * 2), 1)[-1].endswith("is array")
    sessions = [Session(f"a-{n}.har").add("GET", f"/api/{name}", json='[{"id": 7}]') for n in (1, 2)]
    assert expected(imported(*sessions), 0)[-1] == 'json "$" is array'


def test_json_is_json_whatever_it_is_sent_as() -> None:
    sessions = [Session(f"a-{n}.har").add("GET", "/rows", html='{"rows": [{"id": 7}]}') for n in (1, 2)]
    assert expected(imported(*sessions), 0) == ["status 200", 'type "text/html"', 'json "$.rows[0]" is object']


def test_an_outcome_that_is_a_word_in_all_recordings_is_expected_to_be_it() -> None:
    assert 'json "$.status" = "accepted"' in expected(pair(*['{"id": 7, "status": "accepted"}'] * 2), 1)
    assert 'json "$.status" = "accepted"' not in expected(pair('{"id": 7, "status": "accepted"}'), 1)
    assert not [e for e in expected(pair('{"id": 7, "status": "accepted"}', '{"id": 7, "status": "refused"}'), 1) if "=" in e]
    assert not [e for e in expected(pair(*['{"id": 7, "status": "pending"}'] * 2), 1) if "=" in e], "it passes by itself"
    assert not [e for e in expected(pair(*['{"id": 7, "status": "x9Kq2Lm8Zt"}'] * 2), 1) if "=" in e]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ('{"code": 0, "msg": "ok", "data": true}', 'json "$.code" = 0'),
        ('{"data": {"rows": [7]}, "errCode": 0}', 'json "$.errCode" = 0'),
        ('{"statusCode": 200, "message": "fine"}', 'json "$.statusCode" = 200'),
        ('{"ret": "0", "data": [7]}', 'json "$.ret" = "0"'),
        ('{"code": 0, "name": "Kelp"}', ""),
        ('{"code": 48213, "data": {"id": 7}}', ""),
        ('{"code": false, "data": {"id": 7}}', ""),
        ('{"id": 7, "data": {"code": 0}}', ""),
    ],
)
def test_a_number_that_says_that_all_went_well_stays(answer: str, code: str) -> None:
    for result in (pair(answer), pair(answer, answer)):
        told = [e for e in expected(result, 1) if "=" in e]
        assert [e.replace('"', "") for e in told] == [code.replace('"', "")][: bool(code)]


def test_a_code_that_differs_within_the_endpoint_is_not_expected() -> None:
    session = Session().add("GET", "/api/job", json='{"code": 0, "data": 1}').add("GET", "/api/job", json='{"code": 17, "data": 1}')
    assert expected(imported(session), 0)[2:] == ['json "$.code" exists']
    assert not [e for e in expected(pair('{"code": 0, "data": 1}', '{"code": 17, "data": 1}'), 1) if "=" in e]


@pytest.mark.parametrize(("before", "expects"), [("queued", False), ("running", False), ("draft", True), ("refused", True)])
def test_the_end_of_work_is_not_expected_where_it_was_seen_under_way(before: str, expects: bool) -> None:
    sessions = [Session(f"a-{n}.har") for n in (1, 2)]
    for session in sessions:
        session.add("POST", "/api/runs", json=f'{{"id": 7, "state": "{before}"}}')
        session.add("PATCH", "/api/notes", json='{"id": 7, "state": "success"}')
    assert ('json "$.state" = "success"' in expected(imported(*sessions), 1)) is expects


def test_an_outcome_that_differs_within_a_recording_is_not_expected() -> None:
    sessions = [Session(f"a-{n}.har") for n in (1, 2)]
    for session in sessions:
        session.add("GET", "/api/order", json='{"id": 7, "status": "placed"}').add(
            "GET", "/api/order", json='{"id": 7, "status": "sent"}'
        )
    assert not [e for e in expected(imported(*sessions), 0) if "=" in e]
