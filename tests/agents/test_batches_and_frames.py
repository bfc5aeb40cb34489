"""Documents on lines of longer texts (batches, frames), conditions of their requests, moments, and places that XML leads to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.named_files import is_named_file
from loadwright.compiler.agents.observe.notations import all_leaves
from loadwright.compiler.agents.prove.proof import prove
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.names import StepNames

JSON = "application/json"
MIXED = "multipart/mixed;boundary=b1"
DRAFT = "0f1b7c2e-5d1c-4f6e-9a41-77a3d0b6c911"


def answered_as(session: Session, kind: str, text: str) -> Session:
    """The last answer with another text and media type."""
    headers = (("Content-Type", kind),)
    answer = replace(session.entries[-1].response, text=text, raw=b"", media_type=kind, headers=headers)
    session.entries[-1] = replace(session.entries[-1], response=answer)
    return session


def batch(*requests: str) -> str:
    return "".join(f"--b1\r\nContent-Type: application/http\r\n\r\n{one}\r\n" for one in requests) + "--b1--\r\n"


def part(document: object, header: str = "") -> str:
    return f"--r1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n{header}\r\n\r\n{json.dumps(document)}\r\n--r1--\r\n"


def bought(order: tuple[str, str, str], tag: str, keys: tuple[str, str, str]) -> Session:
    """A draft is made in a batch, a supplier is chosen by its name, and both are sent with the state of the draft."""
    session = Session().add("POST", "/s/$batch", body=batch("POST Orders HTTP/1.1\r\n\r\n{}"), sends=MIXED)
    answered_as(session, "multipart/mixed", part({"d": {"DraftUUID": DRAFT}}, f"etag: W/\"'{tag}'\""))
    session.add("POST", "/s/$batch", body=batch("GET Suppliers HTTP/1.1\r\n"), sends=MIXED)
    rows = [{"Supplier": key, "Name": name} for name, key in zip(order, keys, strict=True)]
    answered_as(session, "multipart/mixed", part({"d": {"results": rows}}))
    key = keys[order.index("Pump works")]
    change = f"MERGE Orders(guid'{DRAFT}') HTTP/1.1\r\nIf-Match: W/\"'{tag}'\"\r\n\r\n{json.dumps({'Supplier': key})}"
    return session.add("POST", "/s/$batch", body=batch(change), sends=MIXED, json="{}")


def test_parts_of_a_batch_have_the_state_and_the_row_of_earlier_parts() -> None:
    first = bought(("Alpha pumps", "Pump works", "Pumps and Co"), "664391", ("4821161", "8252261", "5661114"))
    second = bought(("Pump works", "Pumps and Co", "Alpha pumps"), "118203", ("7313309", "2210071", "9004416"))
    for sessions in ((first,), (first, second)):
        result = imported(*sessions)
        body = str(sent(result, 2).body)
        assert "664391" not in body
        assert "8252261" not in body
        assert any("Pump works" in describe_source(capture.source) for capture in sent(result, 1).captures)
        assert proved(result)


def test_what_frames_a_request_in_a_batch_stays() -> None:
    session = Session().add("GET", "/next", json='{"length":48213}')
    inner = "POST Orders HTTP/1.1\r\nContent-Length: 48213\r\n\r\n{}"
    result = imported(session.add("POST", "/s/$batch", body=batch(inner), sends=MIXED, json="{}"))
    assert "48213" in str(sent(result, 1).body)


@pytest.mark.parametrize(
    "text", ['SEND\nto:/app/order\n\n{"quoteId":"Q7"}\0', 'x: 1\r\n\r\n{"quoteId":"Q7"}\r\n', '{"quoteId":"Q7"}\x1e{"a":1}\x1e']
)
def test_a_document_on_a_line_of_its_own_is_told_into_leaves(text: str) -> None:
    leaf = all_leaves(text)[0]
    assert (leaf.name, text[leaf.start : leaf.end]) == ("quoteId", "Q7")


@pytest.mark.parametrize("text", ['see {"a":1} there\n', "if (x) {\n  y\n}\n", "[1](2)\n[3]: http://x\n"])
def test_a_text_with_braces_on_its_lines_has_no_leaves(text: str) -> None:
    assert not all_leaves(text)


def test_a_frame_inside_of_json_has_what_an_earlier_frame_gave() -> None:
    session = Session().add(
        "POST", "/ws/xhr", body="", json=json.dumps(["MESSAGE\n\n" + json.dumps({"quoteId": "Q59925921"}) + "\0"])
    )
    body = json.dumps(["SEND\nto:/app/order\n\n" + json.dumps({"quoteId": "Q59925921", "side": "BUY"}) + "\0"])
    result = imported(session.add("POST", "/ws/xhr_send", body=body, sends=JSON, json="{}"))
    assert "Q59925921" not in str(sent(result, 1).body)
    assert proved(result)


def test_short_members_of_messages_that_end_in_a_mark_are_taken_by_their_names() -> None:
    session = Session().add("GET", "/hub", json="")
    answered_as(session, "text/plain", '{"type":6}\x1e{"type":1,"target":"Joined","arguments":[{"agentId":392,"name":"Ines"}]}\x1e')
    result = imported(session.add("POST", "/rate", body='{"agentId":392,"stars":5}', sends=JSON, json="{}"))
    assert "392" not in str(sent(result, 1).body)
    assert proved(result)


@pytest.mark.parametrize(("name", "value", "taken"), [("@odata.etag", 'W/"4515126"', True), ("title", '"4515"', False)])
def test_if_match_has_the_tag_that_an_answer_gave(name: str, value: str, taken: bool) -> None:
    session = Session().add("GET", "/deals/7", json=json.dumps({name: value, "n": 1}))
    result = imported(session.add("PATCH", "/deals/7", body='{"a":"b"}', sends=JSON, sent={"If-Match": value}, json="{}"))
    assert bool(sent(result, 0).captures) is taken


@pytest.mark.parametrize(
    ("given", "asked", "moment", "taken"),
    [
        ("lastModifiedDate", "ifUnmodifiedSince", "2026-11-26T09:07:53.000Z", True),
        ("modified", "modified", "2026-11-26 09:07:13.353310", True),
        ("lastModifiedDate", "validFrom", "2026-11-26T09:07:53.000Z", False),
        ("lastModifiedDate", "ifUnmodifiedSince", "2026-11-26", False),
    ],
)
def test_when_a_thing_was_changed_is_sent_as_it_was_told(given: str, asked: str, moment: str, taken: bool) -> None:
    session = Session().add("GET", "/cases/x", json=json.dumps({given: moment}))
    told = json.dumps({"doc": {asked: moment, "n": "b"}})
    result = imported(session.add("POST", "/save", body=f"doc={told.replace(' ', '+')}".replace(":", "%3A"), json="{}"))
    assert bool(sent(result, 0).captures) is taken


def test_a_partial_answer_leads_to_a_short_number_as_a_redirect_does() -> None:
    led = (
        '<?xml version="1.0"?><partial-response><redirect url="/claims/edit.xhtml?kind=a&amp;cid=52"></redirect></partial-response>'
    )
    session = answered_as(Session().add("POST", "/claims/list.xhtml", body="new=1", json=""), "text/xml", led)
    result = imported(session.add("GET", "/claims/edit.xhtml?kind=a&cid=52", html="<p>new"))
    assert "52" not in str(sent(result, 1).url)
    assert proved(result)


def test_keys_with_names_are_those_that_an_answer_called_so() -> None:
    session = Session().add("POST", "/Travel", body="{}", sends=JSON, json='{"TravelID":5500,"Fee":5501}')
    session.add("GET", "/TravelReport(TravelID=5500,IsActiveEntity=true)/$value", html="<p>")
    result = imported(session.add("GET", "/Other(Size=5501)/$value", html="<p>"))
    assert "5500" not in str(sent(result, 1).url)
    assert "5501" in str(sent(result, 2).url)
    assert proved(result)


def test_a_short_number_in_a_path_before_a_token_is_no_anchor() -> None:
    session = Session().add("POST", "/ui", body="{}", sends=JSON, json="")
    token = "f5504af9-e276-4bb2-a1dc-e61f68db2731"
    answered_as(session, "application/json", f'for(;;);[{{"value":"/app/resource/2/{token}/card.vcf"}}]')
    result = imported(session.add("GET", f"/app/resource/2/{token}/card.vcf", html="<p>"))
    (capture,) = sent(result, 0).captures
    assert "/2/" not in describe_source(capture.source)
    assert proved(result)


def test_a_number_in_a_document_of_a_header_is_of_what_the_change_made() -> None:
    told = {"HX-Trigger": '{"movementCreated":{"id":53950,"of":"x"}}'}
    session = Session().add("POST", "/stock/edit/", body="n=1", status=204, received=told)
    result = imported(session.add("GET", "/stock/movements/53950/row/", html="<tr>"))
    assert "53950" not in str(sent(result, 1).url)
    assert proved(result)


def test_an_attribute_gives_the_id_that_is_called_after_it() -> None:
    session = Session().add("GET", "/details", html='<button data-booking="7718" data-step="4">Confirm</button>')
    result = imported(session.add("POST", "/confirm", body='{"bookingId":7718,"stepCount":4}', sends=JSON, json="{}"))
    assert "7718" not in str(sent(result, 1).body)
    assert "4" in str(sent(result, 1).body)
    assert proved(result)


def test_a_row_is_known_by_what_a_change_told_that_is_sent_later() -> None:
    first = {"id": "0f1b7c2e-1d1c-4f6e-9a41-77a3d0b6c911", "name": "Check", "processId": "9d40c7aa-77aa-4f6e-9a41-77a3d0b6c912"}
    mine = {"id": "5c81d2f0-2d1c-4f6e-9a41-77a3d0b6c913", "name": "Check", "processId": DRAFT}
    session = Session().add("POST", "/start", body="{}", sends=JSON, json=json.dumps({"id": DRAFT}))
    session.add("GET", "/tasks", json=json.dumps([first, mine]))
    session.add("POST", f"/tasks/{mine['id']}/claim", body="{}", sends=JSON, json="{}")
    result = imported(session.add("GET", f"/processes/{DRAFT}", json="{}"))
    (capture,) = sent(result, 1).captures
    assert "processId" in describe_source(capture.source)
    assert proved(result)


def page(rows: list[tuple[str, str, int]]) -> str:
    cells = "".join(f"<tr><td>{name}</td><td>{n}</td><td><a href='/stock/{key}/edit'>Edit</a></td></tr>" for key, name, n in rows)
    return f"<table>{cells}</table>"


@pytest.mark.parametrize(("title", "told"), [("Brass valve 12mm", True), ("Changed 12 days ago", False)])
def test_a_row_is_known_by_words_with_a_short_number(title: str, told: bool) -> None:
    rows = [("k3f9a1c27b", "Copper pipe", 4), ("p7d2e8b61a", title, 17), ("r5c0b9d42e", "Rubber seal", 9)]
    session = Session().add("GET", "/stock", html=page(rows))
    result = imported(session.add("GET", "/stock/p7d2e8b61a/edit", html="<p>"))
    (capture,) = sent(result, 0).captures
    assert (title in describe_source(capture.source)) is told
    assert proved(result)


def test_a_list_of_media_is_called_by_words() -> None:
    assert is_named_file("master.m3u8")
    assert not is_named_file("k3f9a1c2.m3u8")


def test_what_stands_behind_the_last_row_is_none_of_its_texts() -> None:
    rows = "".join(
        f"<tr><td>{t}</td><td><a href='/edit?claimId={n}'>Edit</a></td></tr>"
        for t, n in (("Rome", 94862), ("Trip 6890b3eb", 73770))
    )
    page = f"<table>{rows}</table></main><footer>(c) 2026 Example Ltd</footer>"
    session = Session().add("GET", "/new", html="<form action=/save method=post><input name=title></form>")
    session.add("POST", "/save", body="title=Trip+6890b3eb", status=302, location="/list").add("GET", "/list", html=page)
    result = imported(session.add("GET", "/edit?claimId=73770", html="<p>edit"))
    (capture,) = sent(result, 2).captures
    assert "Example" not in describe_source(capture.source)
    assert "unique" in describe_source(capture.source)
    assert proved(result)


def test_the_marks_between_parts_are_the_clients_in_each_recording() -> None:
    def session(mark: str, order: str) -> Session:
        made = Session().add("POST", "/svc/Orders", body="{}", sends="application/json", json=f'{{"d": {{"OrderID": "{order}"}}}}')
        kind = f"multipart/mixed;boundary=batch_{mark}"
        asked = f"Content-Type: application/http\r\n\r\nGET Orders('{order}') HTTP/1.1\r\n\r\n\r\n"
        body = f"--batch_{mark}\r\n{asked}--batch_{mark}--\r\n"
        return made.add("POST", "/svc/$batch", body=body, sends=kind, sent={"Content-Type": kind}, html="<p>x")

    other = session("e6c4-7bfb-6998", "9481998301").source()
    plan = imported(session("35d1-2fed-6c52", "9481750412")).plan
    assert not prove(plan, other.recording, other.selection.kept).findings


def answers(*told: str, status: str = "200 OK") -> str:
    parts = "".join(f"--r1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status}\r\n{one}\r\n" for one in told)
    return f"{parts}--r1--\r\n"


def asked(session: Session, request: str, answer: str) -> Session:
    return answered_as(session.add("POST", "/s/$batch", body=batch(request), sends=MIXED), "multipart/mixed", answer)


def ordered(number: int, title: str, picked: str) -> Session:
    """An order is made, what is noted of it is asked for by its number, it is looked for by its title, and a firm by its name."""
    script = "// e.g. HTTP/1.1 for a line that asks\nlet x = 1;"
    session = Session().add("GET", "/lib/talk.js", script=script)
    made, typed = json.dumps({"number": number, "title": title}), json.dumps({"title": title})
    asked(session, f"POST Orders HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{typed}", answers(f"\r\n{made}"))
    asked(session, f"GET Notes?$filter=order_number%20eq%20{number}&$skip=0 HTTP/1.1\r\n", answers('\r\n{"value":[]}'))
    looked = f"GET Orders?$filter=contains(title,'{title.replace(' ', '%20')}') HTTP/1.1\r\n"
    asked(session, looked, answers(f'\r\n{{"value":[{made}]}}'))
    return asked(session, f"GET Firms?$filter=name%20eq%20'{picked}' HTTP/1.1\r\n", answers('\r\n{"value":[]}'))


def test_what_a_request_in_a_batch_asks_by_was_given_or_typed_before() -> None:
    first, second = ordered(4026, "Mend valve 1ee0c2be", "Birch"), ordered(4713, "Grease hoist 7a90d3f1", "Cedar")
    for sessions in ((first,), (first, second)):
        result = imported(*sessions)
        assert "4026" not in str(sent(result, 2).body)
        assert all("1ee0c2be" not in str(sent(result, n).body) for n in (1, 3))
        assert not sent(result, 0).captures
        assert proved(result)
    assert "Birch" not in str(sent(result, 4).body)


def test_the_state_that_a_change_in_a_batch_gave_goes_before_that_of_a_row() -> None:
    tag, key = 'W/"2026-11-27T20:40:27.825Z"', DRAFT
    session = Session()
    asked(session, f"POST Orders({key})/close HTTP/1.1\r\n\r\n{{}}", answers(f"etag: {tag}\r\n\r\n{{}}"))
    other = {"ID": "x", "firm": {"name": "Elm"}, "@odata.etag": 'W/"1"'}
    rows = [{"ID": key, "firm": {"name": "Birch"}, "@odata.etag": tag}, other]
    asked(session, "GET Orders?$skip=0 HTTP/1.1\r\n", answers("\r\n" + json.dumps({"value": rows})))
    result = imported(asked(session, f"DELETE Orders({key}) HTTP/1.1\r\nIf-Match: {tag}\r\n", answers("", status="204 No Content")))
    assert [len(sent(result, n).captures) for n in (0, 1)] == [1, 0]
    assert proved(result)


def expected(status: str, kind: str) -> str:
    answer, body = answers("\r\n{}", status=status), batch("PATCH Orders(4) HTTP/1.1\r\n\r\n{}")
    if kind == JSON:
        answer = json.dumps({"responses": [{"id": "1", "status": int(status[:3])}]})
        body = '{"requests":[{"id":"1","method":"PATCH","url":"/x"}]}'
    session = Session().add("POST", "/s/$batch", body=body, sends=kind)
    return str(sent(imported(answered_as(session, kind.partition(";")[0], answer)), 0).expectations)


@pytest.mark.parametrize("kind", [MIXED, JSON])
def test_an_answer_to_a_batch_says_of_each_part_how_it_went(kind: str) -> None:
    told = r"HTTP/1\\.[01] [45]" if kind == MIXED else "$.responses[?(@.status>=400)]"
    assert told in expected("200 OK", kind)
    refused = expected("412 Precondition Failed", kind)
    assert told not in refused
    assert ("HTTP/1.1 412" in refused) is (kind == MIXED)


@pytest.mark.parametrize(
    ("calls", "parts", "failed"),
    [
        ([{"jsonrpc": "2.0", "id": n, "method": "berth.read"} for n in (1, 2)], [{"result": 4}, {"result": None}], "error"),
        ([{"query": "{ me { id } }"}, {"query": "{ cart { id } }"}], [{"data": {"me": None}}, {"data": {"cart": {}}}], "errors[0]"),
        ({"0": {"json": {}}, "1": {"json": {}}}, [{"result": {"data": 1}}, {"result": {"data": 2}}], "error"),
        ([{"name": "Kelp"}, {"name": "Fern"}], [{"id": 4}, {"id": 5}], ""),
        ([{"query": "{ me { id } }"}, {"query": "{ x }"}], [{"data": {}}, {"data": None, "errors": [{"message": "no"}]}], ""),
        ([{"method": "berth.read"}], [{"result": 1}, {"result": 2}], ""),
    ],
)
def test_no_call_of_several_in_one_request_may_fail(calls: object, parts: list[object], failed: str) -> None:
    session = Session().add("POST", "/calls", body=json.dumps(calls), sends=JSON, json=json.dumps(parts))
    told = str(sent(imported(session), 0).expectations)
    assert (f"$[*].{failed}'" in told and "$[1]" in told) is bool(failed)
    assert failed or "negated=True" not in told


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        (batch("GET Orders HTTP/1.1\r\n", "GET Notes HTTP/1.1\r\n"), True),
        (batch("GET Orders HTTP/1.1\r\n", "POST Notes HTTP/1.1\r\n\r\n{}"), False),
        ('{"requests":[{"id":"1","method":"GET","url":"/Orders"}]}', True),
        ('{"requests":[{"id":"1","method":"get","url":"/a"},{"id":"2","method":"PATCH","url":"/b"}]}', False),
        ('{"requests":[{"id":"1","url":"/a"}]}', False),
        ("--b1\r\nContent-Type: text/plain\r\n\r\nGET /a HTTP/1.1\r\n--b1--\r\n", False),
        ('{"requests":', False),
    ],
)
def test_a_batch_that_only_asks_changes_nothing(body: str, reads: bool) -> None:
    assert only_reads(Session().add("POST", "/s/$batch", body=body, sends=JSON).entries[0]) is reads


@pytest.mark.parametrize(("asks", "by_name"), [("$top=1", False), ("$top=20", True)])
def test_who_asks_for_one_row_takes_whichever_comes(asks: str, by_name: bool) -> None:
    rows = json.dumps({"value": [{"number": 4023, "title": "Check pump"}]})
    session = Session().add("GET", f"/Orders?{asks}", json=rows)
    result = imported(session.add("POST", "/Notes", body='{"number":4023,"text":"looked at"}', sends=JSON, json="{}"))
    (capture,) = sent(result, 0).captures
    assert ("Check pump" in describe_source(capture.source)) is by_name


def test_the_version_of_an_interface_is_no_value() -> None:
    session = Session().add("GET", "/app/manifest.json", json='{"sources":{"uri":"/odata/v4/desk/"}}')
    assert not sent(imported(session.add("GET", "/odata/v4/desk/Orders", json="{}")), 0).captures


@pytest.mark.parametrize(("value", "asked_for"), [("disabled", False), ("k3f9a1c27b5d", True)])
def test_a_header_that_says_that_there_is_no_session_is_no_key(value: str, asked_for: bool) -> None:
    result = imported(Session().add("GET", "/orders", sent={"X-Shop-Session": value}, json="{}"))
    assert bool(verdicts(result)) is asked_for


@pytest.mark.parametrize(("name", "known"), [("asyncXMLMerge.js", True), ("aXKqRTzWq.js", False)])
def test_a_script_is_called_by_words_and_an_abbreviation(name: str, known: bool) -> None:
    assert is_named_file(name) is known


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (batch("GET Orders?$top=1 HTTP/1.1\r\n", f"POST Orders(ID={DRAFT},A=true)/Desk.close HTTP/1.1\r\n\r\n{{}}"), "Send close"),
        (batch(f"GET Orders(ID={DRAFT},A=true)/items?$skip=0 HTTP/1.1\r\n"), "Load items"),
        ('{"requests":[{"id":"1","method":"PATCH","url":"/Notes(4)"}]}', "Update Notes"),
    ],
)
def test_a_step_is_called_after_what_its_batch_is_sent_for(body: str, name: str) -> None:
    session = Session().add("POST", "/s/$batch", body=body, sends=MIXED if body[0] == "-" else JSON, json="{}")
    assert StepNames(Recording("a.har", tuple(session.entries))).name(session.entries) == name
