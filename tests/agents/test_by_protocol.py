"""What a protocol names is the session's, whatever it looks like; ids in the forms that libraries give them."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.values import is_token

TOKEN = "071ab805-2e86-4f28-a54e-60cd0c63a8f0"


@pytest.mark.parametrize("state", ["!ptyzsocawh", "https://shop.test/start?t=e5c8db97", "stateless"])
def test_the_state_of_a_page_is_taken_by_its_name(state: str) -> None:
    for name, is_taken in (("javax.faces.ViewState", True), ("RelayState", True), ("mode", False)):
        page = f'<form method="post" action="/next"><input type="hidden" name="{name}" value="{state}"></form>'
        result = imported(Session().add("GET", "/", html=page).add("POST", "/next", body=f"{name}={state}", html="<p>x"))
        assert proved(result)
        assert (state not in str(sent(result, 1).body)) is is_taken or (state.startswith("http") and not is_taken)


def test_a_row_of_a_table_is_selected_by_its_key() -> None:
    rows = "".join(
        f'<tr data-ri="{n}" data-rk="{key}"><td>{name}</td></tr>'
        for n, (key, name) in enumerate((("318", "Oak bench"), ("276", "Paper fan"), ("731", "Rug")))
    )
    for name, is_taken in (("f:tbl_selection", True), ("f:tbl_instantSelectedRowKey", True), ("f:count", False)):
        session = Session().add("GET", "/", html=f"<table>{rows}</table>")
        result = imported(session.add("POST", "/", body=f"{name}=276", html="<p>x"))
        assert proved(result)
        assert ("276" not in str(sent(result, 1).body)) is is_taken
        assert not is_taken or "Paper fan" in str(sent(result, 0).captures[0].source)


def test_ids_in_the_forms_of_libraries_and_packages_are_drawn() -> None:
    assert is_token("clm20jo4ywe9mmhmjyvzgpksx")
    assert is_token("1-QGFZ45")
    assert is_token("1-FRNGKX")
    assert not is_token("3-PHASES")
    assert not is_token("1-800555")
    assert not is_token("configurationparameters22")
    assert not is_token("capture2screenshotofwindow")


def test_base64_in_xml_is_no_path() -> None:
    token = "KGH6GwGhmoTnL5Ryw4tq/u9D3tfgWCFmi1weLUVP"
    answer = f"<r><login><sessionId>{token}</sessionId></login></r>"
    session = Session().add("POST", "/ws", body="<login/>", sends="text/xml", html=answer)
    object.__setattr__(session.entries[-1].response, "media_type", "text/xml")
    asked = f"<list><sessionId>{token}</sessionId><at>collections/posts/41187</at></list>"
    result = imported(session.add("POST", "/ws", body=asked, sends="text/xml", html="<r/>"))
    assert proved(result)
    assert "u9D3tfgW" not in str(sent(result, 1).body)
    assert len(sent(result, 0).captures) == 1


@pytest.mark.parametrize("name", ["Tea 250 g", "Müller", "Oak bench"])
def test_an_item_in_a_string_of_a_script_is_known_by_its_name(name: str) -> None:
    items = [{"id": "614fd1f5be1ee4238cc841ba", "name": "Rug"}, {"id": "697c2cc518384dd64374eb7e", "name": name}]
    page = f"<script>window.__STATE__ = JSON.parse({json.dumps(json.dumps({'items': items}))});</script>"
    session = Session().add("GET", "/things", html=page)
    result = imported(session.add("GET", "/api/things/697c2cc518384dd64374eb7e", json="{}"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert name.partition("ü")[0] in str(capture.source)


@pytest.mark.parametrize("key", ["1c47854d-26fa-4d68-af86-51e8abd566fe", "SO-570938", "GWs_Uf2j78s8W43dKKzNN"])
def test_a_form_of_each_row_is_known_by_the_text_of_the_row(key: str) -> None:
    form = '<form action="/add" method="post"><input type="hidden" name="product" value="{}"></form>'
    others = (("<b>Rug</b>", key[::-1]), ("<b>Acme Ltd.</b>", key), ("<b>Oak bench</b>", key[3:] + key[:3]))
    cells = "".join(f"<li>{label}{form.format(value)}</li>" for label, value in others)
    session = Session().add("GET", "/", html=f"<ul>{cells}</ul>").add("POST", "/add", body=f"product={key}", html="<p>x")
    (capture,) = sent(imported(session), 0).captures
    assert "Acme Ltd" in str(capture.source)


def test_nothing_that_was_made_up_stands_in_a_boundary_not_even_half_of_it() -> None:
    made = '{{"data": {{"tenant": "acme", "title": "Crane {}", "_id": "{}"}}}}'
    session = Session().add("POST", "/api/rpt", body='{"title": "Crane f797f8a7"}', sends="application/json")
    object.__setattr__(session.entries[-1].response, "text", ")]}',\n" + made.format("f797f8a7", TOKEN))
    object.__setattr__(session.entries[-1].response, "media_type", "application/json")
    result = imported(session.add("GET", f"/api/rpt/{TOKEN}", json="{}"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert "f8a7" not in str(capture.source)


def test_mixed_letters_of_a_link_are_taken_where_two_recordings_have_others() -> None:
    def session(tab: str) -> Session:
        page = f'<form action="/auth?client=web&amp;tab_id={tab}" method="post"><input name="u"></form>'
        return Session().add("GET", "/", html=page).add("POST", f"/auth?client=web&tab_id={tab}", body="u=ann", html="<p>x")

    drawn = imported(session("syAlc-PUAGU"), session("XJsLgsygUSA"))
    assert sent(drawn, 0).captures
    chosen = imported(session("hello-world"), session("other-things"))
    assert not sent(chosen, 0).captures
