"""What an import expects of responses: it passes on the recording, and fails on a response that only looks right."""

from __future__ import annotations

import pytest
from recordings import Session, imported, sent

from loadwright.compiler.plan.model import (
    JsonExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.template import template


def test_a_page_is_known_by_its_status_type_and_title() -> None:
    result = imported(Session().add("GET", "/", html="<title>Corner shop</title><h1>Hello</h1>"))
    assert sent(result, 0).expectations == (
        StatusExpectation(statuses=(200,)),
        TypeExpectation(media_type="text/html"),
        TextExpectation(relation="contains", value=template("Corner shop")),
    )


@pytest.mark.parametrize("title", ["Order 1003", "Hello q8Zr4kLw9sXvB2aT", "Hi"])
def test_a_title_that_holds_a_value_is_no_marker(title: str) -> None:
    result = imported(Session().add("GET", "/", html=f"<title>{title}</title>"))
    assert [e.kind for e in sent(result, 0).expectations] == ["status", "type"]


def test_what_the_user_typed_is_no_marker() -> None:
    session = Session().add("GET", "/", html="<form><input name=user></form>")
    result = imported(session.add("POST", "/", body="user=alice", html="<h1>Hello alice</h1><h2>Your orders</h2>"))
    assert TextExpectation(relation="contains", value=template("Your orders")) in sent(result, 1).expectations


def test_a_marker_must_stand_in_the_second_recording_too() -> None:
    first = Session("a-1.har").add("GET", "/", html="<title>Good morning</title><h1>Shop</h1>")
    second = Session("a-2.har").add("GET", "/", html="<title>Good evening</title><h1>Shop</h1>")
    result = imported(first, second)
    assert TextExpectation(relation="contains", value=template("Shop")) in sent(result, 0).expectations


def test_a_json_answer_is_known_by_a_member() -> None:
    result = imported(Session().add("GET", "/api", json='{"next":null,"items":[1]}'))
    assert JsonExpectation(path="$.items") in sent(result, 0).expectations


def test_a_page_that_breaks_a_soft_failure_rule_by_nature_says_so() -> None:
    result = imported(Session().add("GET", "/login", html='<title>Sign in</title><input type="password" name=p>'))
    assert SoftFailureExpectation(ignored=("login form",)) in sent(result, 0).expectations
    assert result.plan.defaults.expectations == (SoftFailureExpectation(),)


def test_what_was_not_modified_may_come_in_full() -> None:
    result = imported(Session().add("GET", "/", status=304, html=""))
    assert sent(result, 0).expectations[0] == StatusExpectation(statuses=(200, 304))


def test_a_redirect_is_known_by_its_status_alone() -> None:
    result = imported(Session().add("POST", "/save", body="a=b", status=302, location="/list", html="<h1>Found</h1>"))
    assert sent(result, 0).expectations == (StatusExpectation(statuses=(302,)),)
