"""What a user types may be a word that stands on every page."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, call, template, walk

PAGE = (
    '<html><body class="admin"><p>Ask an admin if you forgot your password</p><form method="post">'
    '<input type="text" name="username">'
    '<input type="password" name="{field}"></form></body></html>'
)


def test_a_password_that_is_a_word_of_the_page_is_a_secret_all_the_same() -> None:
    for field in ("password", "txt3"):
        session = Session().add("GET", "/login", html=PAGE.format(field=field))
        result = imported(session.add("POST", "/login", body=f"username=admin&{field}=password"))
        assert [v for v, _ in verdicts(result)] == ["parameterise", "secret"]
        assert [s.env for s in result.plan.secrets] == [f"LOADWRIGHT_SECRET_{'PASSWORD' if field == 'password' else 'TXT_3'}"]
        body = sent(result, 1).body
        assert isinstance(body, FormBody)
        assert body.fields[1].value == template(Reference(name=result.plan.secrets[0].name))


def test_a_password_that_the_page_shows_is_a_secret_all_the_same() -> None:
    shown = PAGE.replace("<form", '<p>Demonstration: <b class="hint">Demo12</b></p><form').format(field="password")
    result = imported(Session().add("GET", "/login", html=shown).add("POST", "/login", body="username=admin&password=Demo12"))
    assert [v for v, _ in verdicts(result)] == ["parameterise", "secret"]
    assert "Demo12" not in result.plan.model_dump_json()


def test_what_the_user_typed_is_encoded_in_a_url_though_the_recorded_text_needs_no_encoding() -> None:
    result = imported(Session().add("GET", "/search?q=Apples&page=1", html="<h1>Found</h1>"))
    assert sent(result, 0).url == template("/search?q=", call("urlencode", Reference(name="q")), "&page=1")
    assert proved(result)


def test_a_user_name_with_a_number_is_typed_though_it_looks_like_a_token() -> None:
    session = Session().add("GET", "/join", html=PAGE.format(field="password"))
    session.add("POST", "/join", body="username=loadtest4711&password=x9Kq-pass", status=302, location="/u/loadtest4711")
    result = imported(session.add("GET", "/u/loadtest4711", html="<h1>loadtest4711</h1>"))
    assert verdicts(result) == [("parameterise", "username"), ("secret", "password")]
    assert [v.value for v in result.plan.variables] == [template("loadtest4711")]
    assert Reference(name="username") in set(walk(sent(result, 2).url))


def test_a_user_name_that_nobody_would_choose_is_asked_for() -> None:
    session = Session().add("GET", "/", html="<title>App</title>")
    session.add("POST", "/api", body='{"account":"acct1GkQz8Zr4kLw"}', sends="application/json", json='{"ok":true}')
    assert [v for v, _ in verdicts(imported(session))] == ["unresolved"]


def test_a_long_number_in_an_input_is_typed_though_no_one_meets_it_by_chance() -> None:
    page = '<form method="post"><input name="telephone" value="{0}"><p>{1}</p></form>'
    session = Session().add("GET", "/new", html=page.format("", ""))
    session.add("POST", "/new", body="telephone=123", html=page.format("123", "ten digits, please"))
    result = imported(session.add("POST", "/new", body="telephone=5551234567", html="<h1>Saved</h1>"))
    assert verdicts(result) == [("parameterise", "telephone"), ("parameterise", "telephone_2")]
    assert proved(result)


@pytest.mark.parametrize(
    ("typed", "verdict"), [("SN-77120", "parameterise"), ("AB 1204-7", "parameterise"), ("x7Qm2-9tZ4k", "unresolved")]
)
def test_what_is_marked_in_capitals_and_a_number_was_typed_into_an_input_for_text(typed: str, verdict: str) -> None:
    session = Session().add(
        "GET", "/pumps/add", html='<form method="post"><input name="serial" type="text"><input name="note"></form>'
    )
    session.add("POST", "/pumps/add", body=f"serial={typed}&note=Oiled", status=302, location="/pumps")
    result = imported(session)
    assert [one for one, name in verdicts(result) if name == "serial"] == [verdict]
