"""Rows and fields in markup that answers of JSON and XML bring, and keys as such packages write them."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

TITLES = ["Brass lamp", "Oak table", "Wool rug", "Glass vase"]
NUMBERS = [4821377, 5187741, 6012298, 7192534]
UUIDS = [f"{n:08x}-52a4-4f0e-9d3b-6c1f2e7a8d9{n % 10}" for n in (0x9B1C7F21, 0xB83D11E2, 0xC0FFEE13, 0xDEADBE24)]


def answered(session: Session, media_type: str) -> Session:
    """The last answer under another type."""
    response = session.entries[-1].response
    object.__setattr__(response, "media_type", media_type)
    object.__setattr__(response, "headers", (("Content-Type", media_type),))
    return session


def test_rows_of_a_table_in_json_are_known_by_their_title() -> None:
    rows = "".join(
        f'<tr><td id="g#{n},1" data="{{key:\'{number}\'}}"><i>{number}</i></td><td id="g#{n},2"><i>{title}</i></td></tr>'
        for n, (number, title) in enumerate(zip(NUMBERS, TITLES, strict=True))
    )
    made = Session().add("GET", "/grid", json=json.dumps([{"content": f"<table>{rows}</table>"}]))
    result = imported(made.add("POST", "/do", body=f"document={NUMBERS[1]}", html="<p>Done"))
    (capture,) = sent(result, 0).captures
    assert "Oak table" in str(capture.source)
    assert proved(result)


def test_elements_of_xml_are_known_by_a_text_over_other_texts() -> None:
    rows = "".join(
        f"<d:response><d:etag>&quot;{number:x}ab1&quot;</d:etag><o:fileid>{number}</o:fileid><o:can>RGW</o:can>"
        f"<d:displayname>{title}.txt</d:displayname></d:response>"
        for number, title in zip(NUMBERS, TITLES, strict=True)
    )
    made = answered(Session().add("GET", "/files", html=f"<d:multistatus>{rows}</d:multistatus>"), "application/xml")
    made.add("GET", f"/preview?fileId={NUMBERS[1]}", html="<p>File")
    result = imported(made.add("PUT", "/file", body="x", sent={"If-Match": f'"{NUMBERS[1]:x}ab1"'}, html="<p>Saved"))
    assert all("Oak table" in str(capture.source) for capture in sent(result, 0).captures)
    assert len(sent(result, 0).captures) == 2
    assert proved(result)


def test_attributes_of_xml_are_known_by_the_text_of_their_element() -> None:
    rows = "".join(
        f'<entry position="{n}" unid="{number:x}C0FFEE0123{number}" note="{number % 9973:04X}"><text>{title}</text></entry>'
        for n, (number, title) in enumerate(zip(NUMBERS, TITLES, strict=True))
    )
    made = answered(Session().add("GET", "/view", html=f"<entries>{rows}</entries>"), "text/xml")
    result = imported(made.add("GET", f"/doc/{NUMBERS[1]:x}C0FFEE0123{NUMBERS[1]}", html="<p>Document"))
    (capture,) = sent(result, 0).captures
    assert "Oak table" in str(capture.source)
    assert proved(result)


def test_fields_of_xml_that_is_no_page_are_taken_whole() -> None:
    token = "/O8urdCLCoqQlIKcEJpEYjARAQr01lb6Q3hhAX51DZ+gx5Ox,H6zmOH-C-wJ85Q3PWUseEev7iTiCLv8K,ab6a84"
    field = f'<html><span id="state"><input type="hidden"  id="s" name="ViewStateCSRF" value="{token}" /></span></html>'
    made = answered(Session().add("POST", "/ajax", body="a=1", html=field), "text/xml")
    result = imported(
        made.add("POST", "/save", body="ViewStateCSRF=" + token.replace("/", "%2F").replace("+", "%2B"), html="<p>Saved")
    )
    (capture,) = sent(result, 0).captures
    assert capture.name == "view_state_csrf"
    assert "ab6a84" not in str(sent(result, 1).body)
    assert proved(result)


@pytest.mark.parametrize("place", [0, 1])
def test_a_uuid_in_capitals_and_braces_is_the_same(place: int) -> None:
    rows = "".join(f'<tr oid="{{{uuid.upper()}}}"><td>{title}</td></tr>' for uuid, title in zip(UUIDS, TITLES, strict=True))
    made = Session().add("GET", "/grid", html=f"<table>{rows}</table>")
    made.add("GET", f"/edit?id=%7B{UUIDS[place].upper()}%7D", html="<p>Edit")
    result = imported(made.add("GET", f"/api/accounts({UUIDS[place]})", html="<p>Account"))
    assert all(TITLES[place] in str(capture.source) for capture in sent(result, 0).captures)
    assert UUIDS[place] not in str(sent(result, 2).url)
    assert UUIDS[place].upper() not in str(sent(result, 1).url)
    assert proved(result)


def test_a_key_with_a_long_number_is_met_by_no_chance() -> None:
    for key in ("ORG-WORK C-82087", "_313480_1"):
        made = Session().add("GET", "/start", html=f'<script>var c = {{"open":["{key}","x"]}};</script>')
        result = imported(made.add("GET", "/open?handle=" + key.replace(" ", "%20"), html="<p>Work"))
        assert len(sent(result, 0).captures) == 1
        assert proved(result)


def test_documents_behind_their_lengths_are_read_as_scripts_are() -> None:
    rows = json.dumps({"marks": [{"tupleId": n % 9999, "caption": t} for n, t in zip(NUMBERS, TITLES, strict=True)]})
    head = json.dumps({"newSessionId": "8F2C77B1A09D4E5CB3D6E1F204857A6B-1:1"})
    made = Session().add("POST", "/boot", body="a=1", json=f"{len(head)};{head}{len(rows)};{rows}")
    result = imported(made.add("GET", "/sessions/8F2C77B1A09D4E5CB3D6E1F204857A6B-1:1", html="<p>Session"))
    (capture,) = sent(result, 0).captures
    assert "newSessionId" in str(capture.source)
    assert proved(result)


def test_a_page_with_an_ending_of_its_own_is_no_token() -> None:
    result = imported(Session().add("GET", "/jde/E1Menu.maf", html="<p>Menu"))
    assert sent(result, 0).url.literal == "http://shop.test/jde/E1Menu.maf" or "E1Menu.maf" in str(sent(result, 0).url)


def test_a_longer_name_that_ends_in_a_scripts_is_the_same() -> None:
    made = Session().add("GET", "/ui", html='<script>var SESSIONID = "70588";</script>')
    result = imported(made.add("POST", "/do", body="uisessionid=70588&x=1", html="<p>Done"))
    (capture,) = sent(result, 0).captures
    assert "SESSIONID" in str(capture.source)
    assert proved(result)


def test_fields_of_markup_in_json_are_taken_by_their_names() -> None:
    markup = '<input type="text" name="DV-79940-Name" value="Oak table"><input type="hidden" name="DV-beanVersion" value="88">'
    made = Session().add("POST", "/open", body="a=1", json=json.dumps([{"html": markup}]))
    result = imported(made.add("POST", "/save", body="DV-79940-Name=Oak+table+two&DV-beanVersion=88", html="<p>Saved"))
    body = str(sent(result, 1).body)
    assert "79940" not in body
    assert "'88'" not in body
    assert proved(result)


def test_a_key_in_brackets_of_a_url_in_a_document_is_taken() -> None:
    made = Session().add("POST", "/tasks", body="{}", sends="application/json", json=json.dumps({"taskid": UUIDS[0]}))
    sends = json.dumps({"@odata.id": f"http://shop.test/api/tasks({UUIDS[0]})"})
    result = imported(made.add("POST", "/links", body=sends, sends="application/json", html="<p>Linked"))
    assert UUIDS[0] not in str(sent(result, 1).body)
    assert proved(result)


def test_a_log_is_read_on_from_where_its_last_answer_ended() -> None:
    made = Session().add("GET", "/job", html="<p>Job")
    for start, size in (("0", "3500"), ("3500", "10808"), ("10808", "12001")):
        made.add("POST", "/job/log", body=f"start={start}", html="<p>line", received={"X-Text-Size": size})
    result = imported(made)
    assert [str(sent(result, n).body).count("Reference") for n in (1, 2, 3)] == [0, 1, 1]
    assert proved(result)
