"""Values in the forms that a plain reading of formats and protocols gives, each from one recording."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import md5, sha1, sha256
from html import escape
from json import dumps
from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

JSON = "application/json"
TOKEN = "Qm7xT2vK9pLw4RzN"
DIGEST = md5(TOKEN.encode()).hexdigest()
MOMENT = "2026-11-27T02:58:41.975Z"
MARKED = "oA2xdtdBu&lZcaymo=RZeo6J<Erca"
HTML_OF = '<main><form action="/save" method="post">%s</form></main>'


def after(answer: dict[str, str], name: str, value: str) -> Session:
    session = Session().add("GET", "/start", **answer)  # type: ignore[arg-type]
    return session.add("POST", "/save", body=dumps({"mode": "x", name: value}), sends=JSON, json='{"ok": true}')


def taken(session: Session) -> str:
    """What the last request sends, where it was captured and nothing was asked for."""
    result = imported(session)
    assert not result.plan.secrets, verdicts(result)
    assert proved(result)
    assert sent(result, 0).captures, verdicts(result)
    return str(sent(result, len(session.entries) - 1))


@pytest.mark.parametrize(
    "answer",
    [
        {"json": dumps({"payload": dumps({"v": 2, "grant": MARKED})})},
        {"html": HTML_OF % f'<textarea name="grant">{escape(MARKED)}</textarea>'},
    ],
)
def test_a_token_with_marks_of_markup_is_taken_whole(answer: dict[str, str]) -> None:
    assert "Erca" not in taken(after(answer, "grant", MARKED))


@pytest.mark.parametrize(
    ("given", "value", "function"),
    [
        (TOKEN, TOKEN.encode().hex().upper(), "hex"),
        (TOKEN, DIGEST.upper(), "md5"),
        (f"{DIGEST}.0", DIGEST.upper(), "upper"),
        (b64encode(TOKEN.encode()).decode(), sha256(TOKEN.encode()).hexdigest(), "sha256"),
        ("7593e38930", sha1(b"7593e38930").hexdigest(), "sha1"),
    ],
)
def test_a_value_that_a_script_encoded_or_hashed_is_made_of_what_was_given(given: str, value: str, function: str) -> None:
    assert function in taken(after({"json": dumps({"handle": given})}, "handle", value))


@pytest.mark.parametrize(
    "answer",
    [
        {"html": HTML_OF % f'<textarea name="since">{MOMENT}</textarea>'},
        {"html": HTML_OF % f'<div data-page="{escape(dumps({"since": MOMENT}))}"></div>'},
        {"html": f'<table><tr><th>Since</th><td id="since">{MOMENT}</td></tr></table>'},
    ],
)
def test_a_time_to_the_millisecond_is_taken_from_any_answer(answer: dict[str, str]) -> None:
    assert MOMENT not in taken(after(answer, "since", MOMENT))


def test_a_time_that_no_answer_gave_is_the_clients() -> None:
    session = after({"json": '{"since": "2026-11-27T02:58:41.975Z"}'}, "since", "2026-11-27T03:10:12.348Z")
    assert not sent(imported(session), 0).captures


def test_a_short_member_of_a_document_in_an_attribute_is_taken_by_its_name() -> None:
    page = {"html": f'<div id="app" data-props="{escape(dumps({"lang": "en", "p_auth": "sGBXzQWL"}))}"></div>'}
    assert "sGBXzQWL" not in taken(after(page, "p_auth", "sGBXzQWL"))


def test_the_number_of_a_header_is_taken_from_such_a_document() -> None:
    page = f'<div id="app" data-props="{escape(dumps({"lang": "en", "ticketId": "909"}))}"></div>'
    session = Session().add("GET", "/start", html=page).add("GET", "/api/list", sent={"X-Ticket-Id": "909"}, json='{"ok": true}')
    assert "909" not in taken(session)


def test_a_field_of_a_filter_has_what_was_given_under_its_name() -> None:
    path = "/api/list?filter=" + quote("owner:me|parcel_id:6915|open")
    session = Session().add("POST", "/api/parcels", body="{}", sends=JSON, json='{"parcel_id": 6915}')
    assert "6915" not in taken(session.add("GET", path, json='{"ok": true}'))


def test_another_field_of_a_filter_has_it_not() -> None:
    path = "/api/list?filter=" + quote("owner:me|limit:6915|open")
    session = Session().add("POST", "/api/parcels", body="{}", sends=JSON, json='{"parcel_id": 6915}')
    assert not sent(imported(session.add("GET", path, json='{"ok": true}')), 0).captures


def nested(deep: int) -> str:
    address = f"/deep/view?ticket={quote('EROOYiU2vARFfxIygO+pNyaWT5Lf/iI4u==', safe='')}"
    for _ in range(deep):
        address = f"/go?next={quote(address, safe='')}"
    return address


@pytest.mark.parametrize("deep", [0, 1, 2])
def test_an_address_in_addresses_is_followed_and_its_token_taken(deep: int) -> None:
    target = f"/login?continue={quote(nested(deep), safe='')}"
    session = Session().add("GET", "/start", status=302, location=target).add("GET", target, html="<p>Go on</p>")
    assert "EROO" not in taken(session.add("GET", nested(0), html="<p>Here</p>"))


def test_a_code_that_a_sentence_tells_is_taken_by_the_word_before_it() -> None:
    mail = {"json": dumps({"subject": "Log in", "body": "Your verification code is 269296. It is valid for 10 minutes."})}
    assert "269296" not in taken(after(mail, "code", "269296"))


def test_a_control_of_web_forms_is_the_applications() -> None:
    body = "__EVENTTARGET=ctl00%24main%24btn&__EVENTARGUMENT="
    session = Session().add("GET", "/order.aspx", html=HTML_OF % '<input name="q">')
    assert not imported(session.add("POST", "/order.aspx", body=body, html="<p>Saved</p>")).plan.secrets


def test_a_word_and_its_version_in_a_path_stay() -> None:
    field = '<input type="hidden" name="RelayState" value="m1kb5fxpI03GEoV">'
    page = f'<form method="post" action="/Shibboleth.sso/SAML2/POST">{field}</form>'
    session = Session().add("POST", "/sso/login", body="user=ann&password=Winter-4711", html=page)
    result = imported(session.add("POST", "/Shibboleth.sso/SAML2/POST", body="RelayState=m1kb5fxpI03GEoV", html="<p>In</p>"))
    assert [capture.name for capture in sent(result, 0).captures] == ["relay_state"]


@pytest.mark.parametrize("theirs", ["e4s", "e3s"])
def test_the_execution_of_a_flow_is_taken_even_where_both_recordings_have_the_same(theirs: str) -> None:
    result = imported(flow("e3s", "a.har"), flow(theirs, "b.har"))
    assert "e3s1" not in str(sent(result, 1))
    assert "e3s1" not in str(sent(result, 2))


def flow(execution: str, name: str) -> Session:
    first, second = (f"/claim/flow?execution={execution}{step}" for step in (1, 2))
    session = Session(name).add("GET", "/claim/flow", status=302, location=first)
    session.add("GET", first, html=f'<form method="post" action="{first}"><input name="amount"></form>')
    session.add("POST", first, body="amount=12&_eventId=next", status=302, location=second)
    return session.add("GET", second, html="<p>Thank you</p>")


@pytest.mark.parametrize("function", [md5, sha256])
def test_a_token_that_ends_in_a_backslash_may_have_a_digest(function: Callable[[bytes], object]) -> None:
    token = "Xxgc7mypOOxSZsHBp0zbUZUYsmuZ+\\"
    digest = function(token.encode()).hexdigest()  # type: ignore[attr-defined]
    assert digest not in taken(after({"json": dumps({"ticket": token})}, "ticket", digest))


def test_a_session_that_a_script_encoded_is_made_of_the_one_that_was_given() -> None:
    given = "d74702ef14cb73a59bd3f443d0c24b0b"
    encoded = b64encode(given.encode()).decode()
    assert "base64" in taken(after({"json": dumps({"session_id": given})}, "session_id", encoded))


def test_a_session_that_nothing_gave_is_asked_for() -> None:
    encoded = b64encode(b"d74702ef14cb73a59bd3f443d0c24b0b").decode()
    assert [s.name for s in imported(after({"json": '{"ok": true}'}, "session_id", encoded)).plan.secrets] == ["session_id"]


@pytest.mark.parametrize(
    "form", [lambda token: f"owner:me|grant:{token}|open", lambda token: b64encode(f"token:{token}".encode()).decode()]
)
def test_a_token_with_marks_of_markup_is_taken_whole_out_of_more(form: Callable[[str], str]) -> None:
    assert "Erca" not in taken(after({"json": dumps({"grant": MARKED})}, "filter", form(MARKED)))


def test_a_one_time_code_may_be_called_otherwise_where_it_is_typed() -> None:
    mail = {"json": dumps({"subject": "Log in", "otp": "269296"})}
    assert "269296" not in taken(after(mail, "code", "269296"))


def test_a_code_of_something_else_is_none() -> None:
    assert not sent(imported(after({"json": '{"amount": "2692", "otp": "8814"}'}, "code", "2692")), 0).captures


def test_an_upload_in_parts_makes_what_its_path_calls_by_a_uuid() -> None:
    key = "/photos/78bacb88-0561-4572-ad84-c8bb01383d3f/a.jpg"
    session = Session().add("POST", f"{key}?uploads", body="", json='{"UploadId": "Qm7xT2vK9pLw4RzN"}')
    result = imported(session.add("PUT", f"{key}?partNumber=1&uploadId=Qm7xT2vK9pLw4RzN", body="part", sends="image/jpeg"))
    assert not result.plan.secrets
    assert ("generate", "photo_id") in verdicts(result)


def test_a_field_of_a_filter_may_be_called_with_a_hyphen() -> None:
    path = "/api/list?filter=" + quote("owner:me|parcel-id:6915|open")
    session = Session().add("POST", "/api/parcels", body="{}", sends=JSON, json='{"parcel-id": 6915}')
    assert "6915" not in taken(session.add("GET", path, json='{"ok": true}'))


def test_base64_in_a_link_may_be_encoded_the_next_time() -> None:
    token = "eyJyYW5nZSI6IjFhZDlhNyIsInJpZCI6"
    page = {"html": f'<a href="/list/open?mode=1&amp;next={token}">Next</a>'}
    assert "urldecode" in taken(after(page, "next", token))
