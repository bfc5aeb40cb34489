"""Cookies that scripts set, which no response does: the test puts them into the jar where the browser had them."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import Cookie
from loadwright.compiler.plan.template import Reference, call, template

TOKEN = "q8Zr4kLw9sXvB2hN7tYc"
PAGE = "<title>Shop</title><script src=app.js></script>"


def carrying(**cookies: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def test_a_token_that_a_script_keeps_in_a_cookie_is_taken_from_its_answer() -> None:
    session = Session().add("GET", "/", html=PAGE)
    session.add("POST", "/api/login", body='{"user":"ada"}', sends="application/json", json=f'{{"jwt":"{TOKEN}"}}')
    session.add("GET", "/api/cart", sent=carrying(session=TOKEN), json="[]")
    session.add("GET", "/api/orders", sent=carrying(session=TOKEN), json="[]")
    result = imported(session)
    assert ("extract", "jwt") in verdicts(result)
    assert sent(result, 2).cookies == (Cookie(name="session", value=template(Reference(name="jwt"))),)
    assert sent(result, 3).cookies == ()  # the jar has it
    assert TOKEN not in result.plan.model_dump_json()
    assert proved(result)


def test_a_cookie_that_a_script_sets_to_a_word_is_sent_from_there_on_and_again_where_it_changes() -> None:
    session = Session().add("GET", "/", html=PAGE)
    for theme in ("dark", "dark", "light"):
        session.add("GET", f"/page-{theme}", sent=carrying(theme=theme), html=PAGE)
    result = imported(session)
    assert [[(c.name, c.value.literal) for c in sent(result, n).cookies] for n in range(4)] == [
        [],
        [("theme", "dark")],
        [],
        [("theme", "light")],
    ]
    assert verdicts(result) == [("constant", "")]
    assert proved(result)


def test_settings_that_a_script_keeps_in_a_cookie_are_no_token() -> None:
    settings = "%7B%22version%22%3A%22haddock04%22%2C%22PrevQuery%22%3A%22%22%2C%22autosuggest%22%3Atrue%7D"
    session = Session().add("GET", "/", html=PAGE).add("GET", "/page", sent=carrying(prefs=settings), html=PAGE)
    result = imported(session)
    assert [(c.name, c.value.literal) for c in sent(result, 1).cookies] == [("prefs", settings)]
    assert verdicts(result) == [("constant", "")]
    assert proved(result)


def test_a_token_among_settings_is_unresolved() -> None:
    session = Session().add("GET", "/", html=PAGE)
    session.add("GET", "/page", sent=carrying(prefs=f"%7B%22session%22%3A%22{TOKEN}%22%7D"), html=PAGE)
    result = imported(session)
    assert [verdict for verdict, _ in verdicts(result)] == ["unresolved"]
    assert TOKEN not in result.plan.model_dump_json()


def test_requests_at_the_same_time_all_have_it() -> None:
    session = Session().add("GET", "/", html=PAGE)
    session.add("GET", "/a", sent=carrying(seen="yes")).add("GET", "/b", sent=carrying(seen="yes"), overlapping=True)
    result = imported(session)
    assert [len(sent(result, n).cookies) for n in range(3)] == [0, 1, 1]


@pytest.mark.parametrize("value", [TOKEN, 'a"b'])
def test_what_cannot_be_told_or_sent_is_unresolved_and_not_in_the_test(value: str) -> None:
    session = Session().add("GET", "/", html=PAGE).add("GET", "/a", sent=carrying(mark=value))
    result = imported(session)
    assert verdicts(result) == [("unresolved", "")]
    assert not any(sent(result, n).cookies for n in range(2))
    assert value not in result.plan.model_dump_json()


def test_what_the_browser_had_before_or_a_response_sets_is_not_put_into_the_jar() -> None:
    session = Session().add("GET", "/", sent=carrying(old="yes"), received={"Set-Cookie": "lang=en; Path=/"}, html=PAGE)
    session.add("GET", "/a", sent=carrying(old="yes", lang="en"))
    result = imported(session)
    assert [d.verdict for d in result.decisions if d.verdict != "environment"] == ["unresolved", "cookie jar"]
    assert not any(sent(result, n).cookies for n in range(2))


def test_a_value_that_a_script_sends_twice_is_made_anew() -> None:
    session = Session().add("GET", "/", html=PAGE)
    session.add("POST", "/api/cart", sent={**carrying(csrf=TOKEN), "X-Csrf": TOKEN}, body="item=3", json='{"ok":true}')
    result = imported(session)
    (request,) = (r for r in (sent(result, 1),))
    (cookie,) = request.cookies
    (header,) = (h for h in request.headers if h.name == "X-Csrf")
    assert cookie.value == header.value
    (made,) = result.plan.variables
    assert made.value == template(call("random_string", "20"))
    assert TOKEN not in result.plan.model_dump_json()
    assert proved(result)


def test_what_stands_before_it_and_says_of_which_kind_it_is_stays() -> None:
    session = Session().add("GET", "/", html=PAGE)
    body = f'{{"type":"ready","token":"t.{TOKEN}"}}'
    session.add("POST", "/api/ready", sent=carrying(token=f"t.{TOKEN}"), body=body, sends="application/json", json='{"ok":true}')
    result = imported(session)
    (made,) = result.plan.variables
    assert made.value == template("t.", call("random_string", "20"))
    assert TOKEN not in result.plan.model_dump_json()
    assert proved(result)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("AMP_c97dd2acbf", "ignore"),
        ("AMP_MKTG_c97dd2acbf", "ignore"),
        ("amp_c97dd2", "ignore"),
        ("ph_phc_k3J_posthog", "ignore"),
        ("_dd_s", "ignore"),
        ("_sp_id.1fff", "ignore"),
        ("AMPLIFIER_c97dd2acbf", "unresolved"),
        ("amp_settings", "unresolved"),
        ("ph_7", "unresolved"),
        ("hsession", "unresolved"),
    ],
)
def test_no_cookie_of_a_script_that_counts_visits_is_asked_for(name: str, verdict: str) -> None:
    result = imported(Session().add("GET", "/", html=PAGE).add("GET", "/list", json="[]", sent={"Cookie": f"{name}={TOKEN}"}))
    assert verdicts(result) == [(verdict, "")]
