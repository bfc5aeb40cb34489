"""Two recordings by one browser that kept its session: a token that both have is no constant."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.decide.one_session import begins_anew, shared_session
from loadwright.compiler.plan.model import FormBody

TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
SESSION, OTHER = "kq7Zp2Xw9Lm4Tn8Vr3Bd", "Hc5Yj1Qf6Gs0Ke2Ua7Wx"


def adding(title: str, cookie: str, name: str = "sid", brought: bool = True) -> Session:
    """A form with a token, sent by a browser that had the cookie, or was given it by the first answer."""
    page = f"<form method=post action=/add><input type=hidden name=csrf value={TOKEN}><input name=title></form>"
    held = {"Cookie": f"{name}={cookie}"}
    given = None if brought else {"Set-Cookie": f"{name}={cookie}; Path=/"}
    session = Session().add("GET", "/", html=page, sent=held if brought else None, received=given)
    return session.add("POST", "/add", body=f"csrf={TOKEN}&title={title}", html="<h1>Added</h1>", sent=held)


@pytest.mark.parametrize("began", [True, False])
def test_a_token_of_a_session_that_went_on_is_extracted(began: bool) -> None:
    result = imported(adding("Tea", SESSION, brought=began), adding("Coffee", SESSION))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value.literal is None
    assert proved(result)


def test_a_token_that_two_sessions_share_stays_a_constant() -> None:
    result = imported(adding("Tea", SESSION), adding("Coffee", OTHER))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value.literal == TOKEN


@pytest.mark.parametrize(
    ("first", "second", "cookie"),
    [
        (adding("Tea", SESSION), adding("Coffee", SESSION), "sid"),
        (adding("Tea", SESSION), adding("Coffee", OTHER), ""),
        (adding("Tea", SESSION, brought=False), adding("Coffee", SESSION, brought=False), ""),
        (adding("Tea", SESSION, "_ga"), adding("Coffee", SESSION, "_ga"), ""),
        (adding("Tea", "en", "language"), adding("Coffee", "en", "language"), ""),
    ],
)
def test_a_random_cookie_that_one_began_with_tells_it(first: Session, second: Session, cookie: str) -> None:
    assert shared_session(first.entries, second.entries) == cookie


@pytest.mark.parametrize(
    ("given", "path", "accept", "cookie"),
    [
        (f"sid={OTHER}; Path=/", "/notes", "text/html,*/*", "sid"),
        (f"sid={OTHER}; Path=/", "/notes", "*/*", ""),  # a script may ask without cookies
        (f"other={OTHER}; Path=/", "/notes", "text/html", ""),
        ("sid=; Path=/; Max-Age=0", "/notes", "text/html", ""),
        ("sid=en; Path=/", "/notes", "text/html", ""),
    ],
)
def test_a_page_asked_for_without_the_cookie_of_before_is_of_another_session(
    given: str, path: str, accept: str, cookie: str
) -> None:
    session = adding("Tea", SESSION, brought=False)
    session.add("GET", path, html="<h1>Notes</h1>", sent={"Accept": accept}, received={"Set-Cookie": given})
    told = begins_anew(session.entries)
    assert (told[1] if told else "") == cookie


def test_a_session_that_was_ended_or_may_have_run_out_begins_anew_by_right() -> None:
    for ended in ("sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", f"sid={SESSION}; Path=/; Max-Age=5"):
        session = adding("Tea", SESSION, brought=False).add("GET", "/out", html="<h1>Bye</h1>", received={"Set-Cookie": ended})
        session.add(
            "GET", "/", html="<h1>Hello</h1>", sent={"Accept": "text/html"}, received={"Set-Cookie": f"sid={OTHER}; Path=/"}
        )
        assert begins_anew(session.entries) is None


def test_a_cookie_that_was_only_sent_empty_is_not_forgotten() -> None:
    session = Session().add("GET", "/", html="<h1>Hello</h1>", sent={"Accept": "text/html", "Cookie": "sid="})
    session.add("GET", "/", html="<h1>Hello</h1>", sent={"Accept": "text/html"}, received={"Set-Cookie": f"sid={OTHER}; Path=/"})
    assert begins_anew(session.entries) is None
