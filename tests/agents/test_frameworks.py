"""How frameworks and protocols hand values around: each way is taken for what it is, and proved."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import TextBody
from loadwright.compiler.plan.template import Call, Reference, template, walk
from loadwright.compiler.plan.traverse import request_templates

JSON = "application/json"
TOKEN = "Zk3vQ9xT7bLm2RwYc8Hd"


def test_the_random_part_before_a_value_is_no_name_that_it_is_cut_out_behind() -> None:
    session = Session().add("GET", "/key", json=json.dumps({"pub": f"yRGJGajGeSFx.{TOKEN}"}))
    result = imported(session.add("POST", "/use", body=json.dumps({"sig": TOKEN}), sends=JSON, json="{}"))
    calls = [part for flat, _ in request_templates(sent(result, 1)) for part in walk(flat) if isinstance(part, Call)]
    assert [(call.function, call.arguments[1].literal) for call in calls] == [("after", ".")]
    assert proved(result)


def test_a_body_with_a_url_in_it_is_no_token() -> None:
    call = "7|0|6|http://shop.test/app/|D2FB5D7E3A1C44F0|com.example.Service|{}|alice|1|2|3|4|1|5|6|"
    session = Session().add("POST", "/rpc", body=call.format("login"), sends="text/x-gwt-rpc", json=f'//OK["{TOKEN}"]')
    result = imported(session.add("POST", "/rpc", body=call.format(TOKEN), sends="text/x-gwt-rpc", json="//OK[]"))
    body = sent(result, 1).body
    assert isinstance(body, TextBody)
    assert [part for part in walk(body.value) if isinstance(part, Reference)] == [Reference(name="ok")]
    assert result.plan.secrets == ()
    assert proved(result)


def test_authorization_that_an_answer_spells_is_taken_whole() -> None:
    bearer = f"Bearer {TOKEN}.{TOKEN[::-1]}"
    session = Session().add("POST", "/login", body="user=a", json="{}", received={"Authorization": bearer})
    result = imported(session.add("GET", "/orders", json="{}", sent={"Authorization": bearer}))
    assert [(h.name, h.value) for h in sent(result, 1).headers] == [("Authorization", template(Reference(name="authorization")))]
    assert proved(result)


def test_a_digest_with_a_date_behind_it_is_one_value() -> None:
    digest = "0x" + "9C3A51F07E2B48D6" * 8 + ",20 Jan 2026 06:11:21 -0000"
    session = Session().add("POST", "/contextinfo", body="a=1", json=json.dumps({"d": {"FormDigestValue": digest}}))
    result = imported(session.add("POST", "/items", body="a=2", json="{}", sent={"X-RequestDigest": digest}))
    assert sent(result, 0).captures[0].source.kind == "json"
    assert "Jan" not in str(sent(result, 1).headers)
    assert proved(result)


def test_a_session_in_brackets_in_a_path_is_taken_from_the_redirect() -> None:
    path = f"/(S({TOKEN.lower()}))/start.aspx"
    session = Session().add("GET", "/start.aspx", status=302, location=path).add("GET", path, html="<p>Start")
    result = imported(session.add("POST", path, body="q=notes", html="<p>Done"))
    assert sent(result, 0).captures[0].source.kind in ("header", "redirect")
    assert TOKEN.lower() not in f"{sent(result, 1).url} {sent(result, 2).url}"
    assert proved(result)


def test_a_client_id_that_a_handshake_gave_is_the_sessions() -> None:
    session = Session().add("POST", "/cometd", body='[{"id":"1"}]', sends=JSON, json=json.dumps([{"clientId": TOKEN}]))
    result = imported(session.add("POST", "/cometd", body=json.dumps([{"id": "2", "clientId": TOKEN}]), sends=JSON, json="[]"))
    assert [capture.name for capture in sent(result, 0).captures] == ["client_id"]
    assert proved(result)


def test_a_client_id_that_was_only_asked_for_is_the_applications() -> None:
    session = Session().add("GET", "/config.json", json=json.dumps({"clientId": TOKEN}))
    result = imported(session.add("GET", f"/authorize?clientId={TOKEN}", html="<p>Sign in"))
    assert sent(result, 0).captures == ()
    assert sent(result, 1).url.literal


def test_an_id_that_a_header_tells_a_script_is_taken_from_it() -> None:
    event = json.dumps({"saved": {"contactId": 48213, "level": "info"}})
    session = Session().add("POST", "/contacts", body="name=Ada", html="<p>Saved", received={"HX-Trigger": event})
    result = imported(session.add("GET", "/badge?contact=48213", html="<b>1</b>"))
    assert sent(result, 0).captures[0].source.kind == "header"
    assert "48213" not in str(sent(result, 1).url)
    assert proved(result)


@pytest.mark.parametrize(("typed", "path"), [("Comment", "comments"), ("Batch", "batches"), ("Reply", "replies")])
def test_the_number_in_an_id_that_says_its_type_is_taken_from_it(typed: str, path: str) -> None:
    identity = base64.b64encode(f"{typed}:48213".encode()).decode()
    answer = json.dumps({"data": {"addComment": {"comment": {"id": identity}}}})
    result = imported(Session().add("POST", "/graphql", body="{}", sends=JSON, json=answer).add("GET", f"/{path}/48213", json="{}"))
    assert [capture.source.kind for capture in sent(result, 0).captures] == ["json"]
    assert "48213" not in str(sent(result, 1).url)
    assert proved(result)


def test_a_piece_of_what_a_redirect_gave_was_not_sent_first_by_the_client() -> None:
    page = "<input type=hidden name=p_instance value=29416027560973><input type=hidden name=p_flow value=100>"
    session = (
        Session()
        .add("GET", "/", status=302, location="/f?p=100:1:29416027560973:::::")
        .add("GET", "/f?p=100:1:29416027560973:::::", html=page)
    )
    result = imported(session.add("POST", "/accept", body="p_instance=29416027560973", html="<p>Done"))
    assert result.plan.secrets == ()
    assert "29416027560973" not in f"{sent(result, 1).url} {sent(result, 2).body}"
    assert proved(result)


def test_a_row_named_after_a_taken_id_is_named_after_it_again() -> None:
    rows = "".join(f'<tr id="row-{n}"><td>{t}</td><td><a href="/contact/{n}/edit">Edit</a></td></tr>' for t, n in ROWS)
    session = Session().add("GET", "/contacts", html=f"<table>{rows}</table>")
    result = imported(session.add("GET", "/contact/48213/edit", html="<p>Edit", sent={"HX-Target": "row-48213"}))
    (capture,) = sent(result, 0).captures
    assert sent(result, 1).headers[0].value == template("row-", Reference(name=capture.name))
    assert proved(result)


ROWS = [("Ada", "48210"), ("Bob", "48213"), ("Cleo", "48299")]


def test_a_number_in_brackets_behind_its_collection_is_the_id() -> None:
    session = Session().add(
        "POST", "/api/lists/items", body="{}", sends=JSON, json=json.dumps({"d": {"Id": 3482, "Title": "Note"}})
    )
    result = imported(session.add("POST", "/api/lists/items(3482)", body="{}", sends=JSON, json="{}"))
    (capture,) = sent(result, 0).captures
    assert sent(result, 1).url == template("/api/lists/items(", Reference(name=capture.name), ")")
    assert proved(result)


def test_a_row_is_known_by_a_name_that_stands_deep_inside_of_it() -> None:
    records = [{"record": {"id": f"0015g00000{n}AbQ", "fields": {"Name": {"value": t, "displayValue": None}}}} for t, n in ROWS]
    session = Session().add("GET", "/records", json=json.dumps({"records": records}))
    result = imported(session.add("GET", "/records/0015g0000048213AbQ", json="{}"))
    assert str(sent(result, 0).captures[0].source).count("Bob") == 1
    assert proved(result)


@pytest.mark.parametrize("code", ["WDJB-MJHT", "PMDS-QMAM"])
def test_a_code_in_groups_of_letters_is_taken_where_both_ends_call_it_the_same(code: str) -> None:
    session = Session().add("POST", "/device", body="a=1", json=json.dumps({"user_code": code, "interval": 5}))
    result = imported(session.add("POST", "/verify", body=f"user_code={code}", html="<p>Done"))
    assert [capture.name for capture in sent(result, 0).captures] == ["user_code"]
    assert proved(result)


def saved(answer: object, change: object) -> Session:
    session = Session().add("GET", "/doc", json=json.dumps(answer))
    return session.add("PUT", "/doc", body=json.dumps(change), sends=JSON, json="{}")


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        ({"id": "f3a9c17be2", "version": 17}, {"id": "f3a9c17be2", "version": 17, "name": "Rug"}),
        ({"data": {"id": "48213", "meta": {"lock": 3}}}, {"data": {"id": "48213", "meta": {"lock": 3}}}),
        ({"data": {"cart": {"id": "Q2FydDo3", "version": 4}}}, {"variables": {"cartId": "Q2FydDo3", "version": 4}}),
        ({"id": "f3a9c17be2", "rev": 170}, {"document": "f3a9c17be2", "rev": 170}),
    ],
)
def test_the_state_of_what_is_changed_is_taken_with_its_id(answer: object, change: object) -> None:
    result = imported(saved(answer, change))
    assert len(sent(result, 0).captures) == 2
    assert proved(result)


@pytest.mark.parametrize(
    ("answer", "change", "why"),
    [
        ({"id": "f3a9c17be2", "version": 17}, {"id": "a7c04411b9", "version": 17}, "the version of another thing"),
        ({"id": "f3a9c17be2", "api": [{"version": 3}]}, {"id": "f3a9c17be2", "version": 3}, "a version of one of several"),
        ({"version": 3, "doc": {"id": "f3a9c17be2"}}, {"id": "f3a9c17be2", "version": 3}, "the version of the interface"),
        ({"id": "f3a9c17be2", "version": 17}, {"id": "f3a9c17be2", "version": 18}, "a version that the client counted"),
        ({"id": "f3a9c17be2", "version": 1}, {"variables": {"id": "f3a9c17be2"}, "query": {"version": 1}}, "of a stored query"),
    ],
)
def test_a_number_that_is_no_state_of_the_thing_stays(answer: object, change: object, why: str) -> None:
    result = imported(saved(answer, change))
    assert not any(name in ("version", "lock") for _, name in verdicts(result)), why


def test_the_state_in_a_hidden_field_is_taken_from_it() -> None:
    fields = '<input type=hidden name="post[lock_version]" value="3"><input name="post[title]">'
    page = f'<form action="/posts/7" method=post>{fields}</form>'
    session = Session().add("GET", "/posts/7/edit", html=page)
    result = imported(session.add("POST", "/posts/7", body="post%5Block_version%5D=3&post%5Btitle%5D=Rug", html="<p>Saved"))
    assert [capture.name for capture in sent(result, 0).captures] == ["lock_version"]
    assert proved(result)


def test_an_option_is_known_by_the_words_before_its_price() -> None:
    options = "".join(f'<option value="{n}">{t} - {price}.00</option>' for (t, n), price in zip(ROWS, (10, 20, 30), strict=True))
    session = Session().add("GET", "/rug", html=f"<select name=id>{options}</select>")
    result = imported(session.add("POST", "/cart", body="id=48213", html="<p>Added"))
    assert "Bob" in str(sent(result, 0).captures[0].source)
    assert proved(result)


def test_a_longer_number_in_the_document_of_a_cookie_is_taken_by_its_name() -> None:
    cookie = f"prefs={quote(json.dumps({'theme': 'dark', 'cart': 48213}), safe='')}; Path=/"
    session = Session().add("GET", "/", html="<p>Shop", received={"Set-Cookie": cookie})
    result = imported(session.add("POST", "/api/items", body=json.dumps({"cart": 48213}), sends=JSON, json="{}"))
    assert [capture.source.kind for capture in sent(result, 0).captures] == ["cookie"]
    assert proved(result)


def test_an_item_that_was_in_another_group_in_the_second_recording_is_found_in_any() -> None:
    def session(name: str, groups: dict[str, list[tuple[str, int]]], chosen: int) -> Session:
        board = [{"group": g, "cards": [{"title": t, "uid": n} for t, n in cards]} for g, cards in groups.items()]
        return Session(name).add("GET", "/board", json=json.dumps(board)).add("GET", f"/cards/{chosen}", json="{}")

    first = session("a.har", {"Todo": [("Tea", 31), ("Rug", 65)], "Done": [("Lamp", 22)]}, 65)
    second = session("b.har", {"Todo": [("Lamp", 47)], "Done": [("Rug", 80), ("Tea", 16)]}, 80)
    result = imported(first, second)
    assert str(sent(result, 0).captures[0].source).count("$..") == 1
    assert proved(result)


BATCH = "--batch_1\r\nContent-Type: application/http\r\n\r\n{}\r\n--batch_1--\r\n"


def test_an_entity_tag_in_a_batch_is_one_value() -> None:
    tag = "W/\"datetimeoffset'2026-01-20T06%3A11%3A21.1234567Z'\""
    other = {"__metadata": {"etag": tag.replace("06", "17")}, "OrderNo": "0047382777", "Text": "Vase"}
    results = [other, {"__metadata": {"etag": tag}, "OrderNo": "0047382910", "Text": "Wool rug"}]
    orders = json.dumps({"d": {"results": results}})
    session = Session().add(
        "POST",
        "/$batch",
        body=BATCH.format("GET Orders HTTP/1.1"),
        sends="multipart/mixed;boundary=batch_1",
        html=f"--x\r\n\r\n{orders}\r\n--x--",
    )
    session.entries[0] = replace(session.entries[0], response=replace(session.entries[0].response, media_type="multipart/mixed"))
    change = f"MERGE Orders('0047382910') HTTP/1.1\r\nIf-Match: {tag}\r\n\r\n{{}}"
    result = imported(session.add("POST", "/$batch", body=BATCH.format(change), sends="multipart/mixed;boundary=batch_1", html="x"))
    body = str(sent(result, 1).body)
    assert "0047382910" not in body
    assert "2026" not in body
    assert len(sent(result, 0).captures) == 2
    assert proved(result)


def test_keys_of_rows_behind_a_guard_are_known_by_their_texts() -> None:
    def session(name: str, rows: list[tuple[int, str]], chosen: int) -> Session:
        listed = [{"k": str(n), "d": {"0": t}} for n, t in rows]
        session = Session(name).add("POST", "/sync", body="{}", sends=JSON, json=f"for(;;);[{json.dumps({'rpc': listed})}]")
        return session.add("POST", "/sync", body=json.dumps({"rpc": ["select", [str(chosen)]]}), sends=JSON, json="for(;;);[{}]")

    result = imported(session("a.har", [(423, "Vase"), (88, "Rug")], 423), session("b.har", [(7012, "Rug"), (915, "Vase")], 915))
    assert "Vase" in str(sent(result, 0).captures[0].source)
    assert proved(result)


@pytest.mark.parametrize(
    ("rows", "bought", "taken"),
    [
        ([23, 24], 23, True),
        ([23, 24], 24, False),  # nothing says that 23 is an id
        ([23, 23], 23, False),  # two rows have it
    ],
)
def test_a_short_number_in_a_path_is_the_id_that_a_later_change_sends(rows: list[int], bought: int, taken: bool) -> None:
    listed = json.dumps({"rows": [{"id": rows[0], "title": "Rug"}, {"id": rows[1], "title": "Lamp"}]})
    session = Session().add("GET", "/list", json=listed).add("GET", "/item/23", html="<p>Rug")
    result = imported(session.add("POST", "/buy", body=json.dumps({"id": bought, "qty": 5}), sends=JSON, json="{}"))
    assert (sent(result, 1).url.literal is None) is taken
    assert proved(result)


def test_an_option_is_known_by_its_words_even_if_it_is_the_one_that_stands_there_already() -> None:
    options = "".join(f'<option value="{n}">{t} - 10.00</option>' for t, n in ROWS)
    session = Session().add("GET", "/rug", html=f"<select name=id>{options}</select>")
    result = imported(session.add("POST", "/cart", body="id=48210", html="<p>Added"))
    assert "Ada" in str(sent(result, 0).captures[0].source)
    assert proved(result)


def test_nothing_is_cut_out_behind_the_end_of_a_number() -> None:
    text = json.dumps({"note": f"order 48218: key {TOKEN}; order 48213: key {TOKEN[::-1]}"})
    result = imported(Session().add("GET", "/note", json=text).add("POST", "/use", body=f"k={TOKEN[::-1]}", html="<p>Used"))
    assert not any('"3: key' in str(header) or "3: key" in str(field) for header, field in [("", sent(result, 1).body)])


@pytest.mark.parametrize(("number", "is_told"), [("48213", True), ("50000", False), ("4821", False)])
def test_a_longer_number_that_an_answer_gave_under_another_name_is_told(number: str, is_told: bool) -> None:
    session = Session().add("GET", "/list", html=f"<div data-row='{number}'>Rug</div><div data-row='48299'>Lamp</div>")
    result = imported(session.add("POST", "/list", body=f"form%3Asel={number}", html="<p>Saved"))
    assert [one.where for one in result.left] == ["entry 1 POST /list: form form:sel"] * is_told


def test_a_token_in_the_url_of_an_answer_may_be_encoded_the_next_time() -> None:
    token = "X8l1XXDL7WgDcke2jeYq"
    session = Session().add("GET", "/a", json=json.dumps({"next": f"/step?item=7&tok={token}&lang=en"}))
    result = imported(session.add("POST", "/b", body=json.dumps({"tok": token}), sends=JSON, json="{}"))
    calls = [part for flat, _ in request_templates(sent(result, 1)) for part in walk(flat) if isinstance(part, Call)]
    assert "urldecode" in [call.function for call in calls]
    assert proved(result)


def test_a_session_in_a_path_may_be_spoken_in_part() -> None:
    session = "sid~au15uhmwmd35gqenuibopdys"
    made = Session().add("GET", "/reports/start", status=302, location=f"/reports/{session}/start")
    made.add("GET", f"/reports/{session}/start", html="<p>Start</p>").add(
        "POST", f"/reports/{session}/find", body="q=a", html="<p>Found"
    )
    result = imported(made)
    assert all("au15uh" not in str(sent(result, position).url) for position in (1, 2))
    assert proved(result)
