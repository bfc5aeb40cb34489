"""Where a journey begins, keys that are names or are joined with words, and what a page's own address says."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.keys import is_drawn_word

JSON = "application/json"
GUID, OTHER = "562949953277631", "844424930202114"


@pytest.mark.parametrize(
    ("path", "stays"), [("/client/T02ABCD9X", True), ("/invitations/T02ABCD9X", False), ("/c?sig=T02ABCD9X", False)]
)
def test_the_address_that_a_journey_begins_with_is_where_the_user_starts(path: str, stays: bool) -> None:
    session = Session().add("GET", path, html="<p>chat").add("POST", "/api/rate?of=T02ABCD9X", body="n=1", json="{}")
    result = imported(session)
    assert ("unresolved" not in [verdict for verdict, _ in verdicts(result)]) is stays
    assert ("T02ABCD9X" in str(sent(result, 1).url)) is stays
    assert len(result.left) == stays
    assert proved(result)


def test_a_second_recording_that_begins_elsewhere_shows_that_it_moves() -> None:
    sessions = [Session().add("GET", f"/client/{team}", html="<p>chat") for team in ("T02ABCD9X", "T9KQ71ZPWM")]
    assert "unresolved" in [verdict for verdict, _ in verdicts(imported(*sessions))]


def test_a_page_in_the_middle_of_a_journey_is_nowhere_that_it_begins() -> None:
    session = Session().add("GET", "/", html="<p>home").add("GET", "/client/T02ABCD9X", html="<p>chat")
    assert "unresolved" in [verdict for verdict, _ in verdicts(imported(session))]


def changed(guid: str, title: str) -> Session:
    session = Session().add("POST", "/xas/", body='{"action":"new"}', sends=JSON, json=json.dumps({"objects": [{"guid": guid}]}))
    body = {"changes": {guid: {"Title": {"value": title}}}, "objects": [{"guid": guid}]}
    return session.add("POST", "/xas/", body=json.dumps(body), sends=JSON, json="{}")


def test_a_key_that_is_the_name_of_a_member_and_a_value_is_taken_in_both_places() -> None:
    for sessions in ((changed(GUID, "a"),), (changed(GUID, "a"), changed(OTHER, "a"))):
        result = imported(*sessions)
        assert len(sent(result, 0).captures) == 1
        assert GUID not in str(sent(result, 1).body)
        assert proved(result)


def test_what_was_encoded_in_a_text_is_encoded_anew() -> None:
    key = "v9JiNrlQ7Nw271lMOAbavxQVwCVx9PVoyeWpfv7Q0aM="
    session = Session().add("GET", "/home", html=f'<script>var secKey="{key}";</script>')
    body = f"callCount=1\npage=/goals&_s.key={key.replace('=', '%3D')}\nbatchId=0\n"
    result = imported(session.add("POST", "/call.dwr", body=body, sends="text/plain", script="ok"))
    written = str(sent(result, 1).body)
    assert "urlencode" in written
    assert "%3D" not in written
    assert proved(result)


@pytest.mark.parametrize(
    ("word", "drawn"), [("ygCIiXOL", True), ("getOrder", False), ("McDonalds", False), ("RELEASES", False), ("ygCIi", False)]
)
def test_letters_of_both_cases_in_no_words_order_are_drawn(word: str, drawn: bool) -> None:
    assert is_drawn_word(word) is drawn


def test_a_short_code_of_letters_is_the_same_wherever_it_stands() -> None:
    session = Session().add("GET", "/boards", html='<a href="/b/ygCIiXOL/site">Site</a><a href="/b/getOrder/x">x</a>')
    session.add("GET", "/1/Boards/ygCIiXOL", json="{}").add("GET", "/1/Lists/getOrder", json="{}")
    result = imported(session)
    assert "ygCIiXOL" not in str(sent(result, 1).url)
    assert "getOrder" in str(sent(result, 2).url)
    assert proved(result)


def test_a_token_that_a_script_put_into_a_search_is_not_typed() -> None:
    session = Session().add("POST", "/reports", body="{}", sends=JSON, json='{"ReportNumber":"EXP6671339061"}')
    result = imported(session.add("GET", "/reports?q=ReportNumber=EXP6671339061", json='{"items":[]}'))
    assert "EXP6671339061" not in str(sent(result, 1).url)
    assert proved(result)


@pytest.mark.parametrize(
    ("page", "name", "taken"), [("/notes/1144", "pk", True), ("/notes/17", "pk", False), ("/notes/1144", "size", False)]
)
def test_the_bare_id_that_a_page_sends_is_of_its_own_address(page: str, name: str, taken: bool) -> None:
    session = Session().add("POST", "/notes", body="text=a", status=302, location="/notes/1144")
    session.add("GET", "/notes/1144", html="<p>note")
    told = {"Referer": f"http://shop.test{page}"}
    result = imported(session.add("POST", "/ajax/update", body=f"{name}=1144", sent=told, json="{}"))
    assert ("1144" not in str(sent(result, 2).body)) is taken


def test_a_key_with_the_kind_of_a_document_behind_it_is_the_key() -> None:
    session = Session().add("POST", "/flow", body="a=b", json='{"process":{"instanceId":"2998$7496"}}')
    session.add("GET", "/inst/2998$7496.htmld", json="{}")
    result = imported(session.add("POST", "/seen", body='{"instanceId":"2998$7496"}', sends=JSON, json="{}"))
    assert "7496" not in str(sent(result, 1).url)
    assert proved(result)


@pytest.mark.parametrize(("message", "taken"), [("Reader 48501 was added", True), ("Shelf 48501 is full", False)])
def test_a_message_says_by_a_word_what_was_made(message: str, taken: bool) -> None:
    session = Session().add("POST", "/form", body="name=Ida", html=f"<div><p>{message}</p></div>")
    result = imported(session.add("GET", "/readers/48501/card", json="{}"))
    assert bool(sent(result, 0).captures) is taken
    assert proved(result)


def test_a_table_in_a_field_has_the_ids_that_are_sent_beside_it() -> None:
    session = Session().add("POST", "/find", body="q=nord", json='{"entityId":"48213","size":5}')
    body = "entityId=48213&itemdata=1%01PUMP%0148213%015%02"
    result = imported(session.add("POST", "/save", body=body, json="{}"))
    assert "48213" not in str(sent(result, 1).body)
    assert "PUMP" in str(sent(result, 1).body)
    assert proved(result)
