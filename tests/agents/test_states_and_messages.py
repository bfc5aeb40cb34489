"""States that a change is made on, ids that are a whole answer, known ids in texts, and messages with marks at their ends."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import FormBody, JsonBody

JSON = "application/json"


def updated(term: int, name: str = "if_primary_term", given: str = "_primary_term") -> Session:
    """A document is read from a list, and changed on the state that it was read in."""
    rows = [{"_id": "k4mQx7Zr2pLw", "title": "Tea", given: term}, {"_id": "p9vNc3Td8sKe", "title": "Rum", given: 41}]
    session = Session().add("GET", "/docs", json=json.dumps({"hits": rows}))
    return session.add("PUT", f"/docs/k4mQx7Zr2pLw?{name}={term}", sends=JSON, body='{"m":"z"}', json='{"done":true}')


@pytest.mark.parametrize(("name", "given"), [("if_primary_term", "_primary_term"), ("ifGenerationMatch", "generation")])
def test_a_condition_is_the_state_that_was_given_with_the_id(name: str, given: str) -> None:
    for sessions in ((updated(15, name, given),), (updated(15, name, given), updated(27, name, given))):
        result = imported(*sessions)
        assert f"{name}=15" not in str(sent(result, 1).url)
        assert "15" not in str(sent(result, 1).url)
        assert proved(result)


def test_a_number_that_is_no_condition_stays() -> None:
    assert "15" in str(sent(imported(updated(15, "wait_primary_term")), 1).url)


def test_a_change_that_is_answered_with_a_number_alone_made_what_is_called_so() -> None:
    session = Session().add("POST", "/carts/pay", body="how=cheque", json='"73016"')
    result = imported(session.add("GET", "/orders/73016", json='{"status":"pending"}'))
    assert [describe_source(capture.source) for capture in sent(result, 0).captures] == ["json $"]
    assert proved(result)


def test_a_number_that_was_there_is_not_what_a_change_made() -> None:
    session = Session().add("GET", "/orders/73016", json="{}").add("POST", "/carts/pay", body="how=cheque", json='"73016"')
    result = imported(session.add("GET", "/orders/73016", json='{"status":"pending"}'))
    assert not sent(result, 1).captures


def test_an_id_that_was_taken_is_the_same_inside_of_a_text() -> None:
    text = '<!-- image {"id":91704} --><img class="wp-image-91704"> 1.91704 and 91704.5, x91704'
    session = Session().add("POST", "/media", body="name=lamp", json='{"id":91704}')
    session.add("POST", "/posts", sends=JSON, body=json.dumps({"media_id": 91704, "content": text}), json="{}")
    result = imported(session)
    body = sent(result, 1).body
    assert isinstance(body, JsonBody)
    written = str(body.value)
    assert written.count("91704") == 3  # which are other numbers
    assert proved(result)


def test_messages_that_end_in_a_mark_are_documents() -> None:
    """SignalR over long polling: several documents in one answer, one in a request."""

    def called(row: int) -> Session:
        told = f'{{"type":3,"result":"x"}}\x1e{{"type":1,"target":"Attach","arguments":[0,{row}]}}\x1e'
        session = Session().add("GET", "/hub?_=1", html="").add("GET", "/hub", json=told)
        sent_back = f'{{"type":1,"target":"Dispatch","arguments":["1",null,{row},"[]"]}}\x1e'
        return session.add("POST", "/hub", sends="text/plain", body=sent_back, json="")

    for sessions in ((called(853515),), (called(853515), called(193338))):
        result = imported(*sessions)
        assert "853515" not in str(sent(result, 2).body)
        assert proved(result)


def test_a_field_of_a_form_is_looked_through_for_known_ids_too() -> None:
    session = Session().add("POST", "/media", body="name=lamp", json='{"id":91704}').add("GET", "/media/91704", json="{}")
    result = imported(session.add("POST", "/posts", body="text=see+image+91704+here", html="<p>Saved"))
    body = sent(result, 2).body
    assert isinstance(body, FormBody)
    assert "91704" not in str(body)
    assert proved(result)
