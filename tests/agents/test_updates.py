"""Answers in XML that bring pieces of a page in CDATA sections, as JSF and Wicket send them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.expect.xml_markers import xml_markers
from loadwright.compiler.plan.model import FormBody, RegexSource, TextExpectation
from loadwright.compiler.plan.template import Reference, call, template

PARTIAL = (
    '<?xml version="1.0"?><partial-response id="v"><changes><update id="form"><![CDATA[{}]]></update></changes></partial-response>'
)


def xml(session: Session, path: str, body: str | None, markup: str, sent: dict[str, str] | None = None) -> Session:
    """An exchange that is answered with a piece of a page."""
    session.add("POST", path, body=body, html=PARTIAL.format(markup), sent=sent)
    last = session.entries[-1]
    headers = (("Content-Type", "text/xml"),)
    session.entries[-1] = replace(last, response=replace(last.response, media_type="text/xml", headers=headers))
    return session


def test_a_link_in_an_update_gives_the_number_of_what_was_made() -> None:
    session = xml(Session(), "/assets", "form=1&add=1", '<a href="/detail?id=35&amp;w=x">Lathe</a> <a href="/other?id=3">Drill</a>')
    session.add("GET", "/detail?id=35&w=x", html="<title>Detail</title>")
    result = imported(session)
    assert verdicts(result) == [("extract", "id")]
    capture = sent(result, 0).captures[0]
    assert isinstance(capture.source, RegexSource)
    assert proved(result)


def test_fields_of_an_update_are_sent_back_and_count_as_typed_where_they_were_changed() -> None:
    fields = (
        '<input id="d:token" type="hidden" name="d:token" value="h3Kq9&amp;ZpX71">'
        '<input name="d:name" type="text" value="Drill no 1">'
        '<textarea id="n" name="d:notes">\nas good as new</textarea><input type="text" value="" name="d:place">'
    )
    session = xml(Session(), "/edit", "form=1", fields)
    saved = "d:token=h3Kq9%26ZpX71&d:name=Drill+no+1&d:notes=as+good+as+new&d:place=Yard"
    session.add("POST", "/save", body=saved, html="<p>Saved")
    result = imported(session)
    assert sorted(verdicts(result)) == [("extract", "name"), ("extract", "token"), ("parameterise", "place")]
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    token, name, place = (Reference(name=name) for name in ("token", "name", "place"))
    texts = [template(call("htmldecode", token)), template(name), template("as good as new"), template(place)]
    assert [f.value for f in body.fields] == texts
    assert proved(result)


def test_what_an_update_offered_is_taken_from_it_where_another_recording_has_other_texts() -> None:
    def session(name: str, notes: str) -> Session:
        markup = f'<input value="{name}" name="d:name" type="text"><textarea name="d:notes">\n{notes}</textarea>'
        made = xml(Session(), "/edit", "form=1", markup)
        return made.add("POST", "/save", body=f"d:name={name}&d:notes={notes}", html="<p>Saved")

    result = imported(session("Drill-AA", "oiled"), session("Saw-ZZ", "rusty"))
    assert sorted(verdicts(result)) == [("extract", "name"), ("extract", "notes")]
    assert proved(result)


@pytest.mark.parametrize(
    ("answers", "marker"),
    [
        (("<changes><update id='x'><![CDATA[<b>Hi</b>]]></update></changes>",), "<changes"),
        (('<redirect url="/home"></redirect>',), "<redirect"),
        (("<changes/>", "<changes><eval>f()</eval></changes>"), "<changes"),
        (("<changes/>", "<error/>"), ""),
        (("text",), ""),
    ],
)
def test_an_answer_in_xml_is_known_by_the_first_element_in_its_root(answers: tuple[str, ...], marker: str) -> None:
    texts = [f'<?xml version="1.0"?>\n<!-- made -->\n<partial-response id="a1">{answer}</partial-response>' for answer in answers]
    assert xml_markers(texts[0], texts[1:]) == ([TextExpectation(relation="contains", value=template(marker))] if marker else [])


@pytest.mark.parametrize(
    ("answers", "markers"),
    [
        (("<AddResponse><id>4</id></AddResponse>",), ["<AddResponse"]),
        (("<ns2:AddResponse xmlns:ns2='urn:a'/>", "<ns3:AddResponse xmlns:ns3='urn:a'/>"), [":AddResponse"]),
        (("<a:AddResponse><result>OK</result></a:AddResponse>",), ["<a:AddResponse", "<result>OK</result>"]),
        (("<Rows><result>OK</result><result>OK</result></Rows>",), ["<Rows"]),
        (("<Add><status>SUCCESS</status></Add>", "<Add><status>ERROR</status></Add>"), ["<Add"]),
        (("<s:Fault><faultcode/></s:Fault>", "<AddResponse/>"), []),
        (("",), []),
    ],
)
def test_an_answer_of_soap_is_known_by_what_is_in_its_body(answers: tuple[str, ...], markers: list[str]) -> None:
    before = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><t:Id>4</t:Id></s:Header>'
    )
    texts = [f"{before}<s:Body>{answer}</s:Body></s:Envelope>" for answer in answers]
    assert xml_markers(texts[0], texts[1:]) == [TextExpectation(relation="contains", value=template(one)) for one in markers]


def test_a_call_that_is_answered_in_xml_expects_its_marker() -> None:
    result = imported(xml(Session(), "/save", "form=1", "<p>Saved"))
    assert TextExpectation(relation="contains", value=template("<changes")) in sent(result, 0).expectations


def test_random_letters_alone_are_taken_from_the_page_that_has_them_under_the_same_name() -> None:
    fields = '<input type=hidden name=window value="-pdtbkoqac"><input name=kind type=hidden value=invoices>'
    page = f'<form action="/go?win=-pdtbkoqac">{fields}</form>'
    session = Session().add("GET", "/start", html=page)
    session.add("POST", "/go?win=-pdtbkoqac", body="window=-pdtbkoqac&kind=invoices", html="<p>Done")
    result = imported(session)
    assert [v for v, _ in verdicts(result)] in (["extract"], ["extract", "extract"])
    assert "pdtbkoqac" not in str(sent(result, 1))
    assert "invoices" in str(sent(result, 1))
    assert proved(result)


def test_a_query_without_names_is_taken_from_the_page_that_spells_it() -> None:
    session = Session().add("GET", "/book", status=302, location="/book?7").add("GET", "/book?7", html=(
        '<title>Guests</title><a href="./book?7-1.-nav-2">next</a><form method=post action="./book?7-1.-form"></form>'
    ))  # fmt: skip
    result = imported(session.add("POST", "/book?7-1.-form", body="text=", html="<p>Thanks"))
    assert [verdict for verdict, _ in verdicts(result)] == ["extract", "extract"]
    assert "?7" not in str(sent(result, 2).url)
    assert proved(result)
    assert [name for _, name in verdicts(result)] == ["location", "form"]


def test_a_word_that_was_typed_twice_in_a_row_is_told_from_the_word_in_another_recording() -> None:
    def session(word: str, *before: str) -> Session:
        made = Session()
        for path in before:
            made.add("GET", path, html="<p>Welcome")
        made.add("GET", "/list", html='<form action="/list" method=post><input name=filter><input name=name></form>')
        made.add("POST", "/list", body=f"name=Pump+leaks+{word}&filter=", html="<p>Saved")
        for typed in (word, word, word * 2, word):
            made.add("POST", "/list", body=f"name=&filter={typed}", html="<p>One")
        return made

    result = imported(session("8f5ae0bc"), session("47f53423", "/news"))
    assert [variable.name for variable in result.plan.variables] == ["unique", "name", "filter"]
    assert proved(result)


def test_a_stream_of_templates_gives_the_number_and_the_token_of_a_form_in_it() -> None:
    token = "h3Kq9ZpX71vRt0LmWc82Yd"
    field = f'<input type="hidden" name="authenticity_token" value="{token}">'
    form = f'<form action="/messages/4821" method="post">{field}<input name="body" value=""></form>'
    stream = f'<turbo-stream action="append" target="list"><template>{form}</template></turbo-stream>'
    session = Session().add("POST", "/rooms/general/messages", body="body=hi", html=stream)
    answer = replace(session.entries[0].response, media_type="text/vnd.turbo-stream.html")
    session.entries[0] = replace(session.entries[0], response=answer)
    result = imported(session.add("POST", "/messages/4821", body=f"authenticity_token={token}&body=hello", html="<p>Saved"))
    assert [name for verdict, name in verdicts(result) if verdict == "extract"] == ["message_id", "authenticity_token"]
    assert [name for verdict, name in verdicts(result) if verdict == "parameterise"] == ["body"]
    assert proved(result)
