"""A page that leads to a view of itself, or is shown as it is."""

from __future__ import annotations

from recordings import Session, imported, sent

from loadwright.compiler.plan.model import StatusExpectation

LISTS = "<title>Lists</title><p>All lists of the harbour</p>"


def statuses(session: Session, number: int) -> tuple[int, ...]:
    first = sent(imported(session), number).expectations[0]
    assert isinstance(first, StatusExpectation)
    return tuple(one for one in first.statuses if isinstance(one, int))


def led(to: str) -> Session:
    return Session().add("GET", "/lists/", status=302, location=to).add("GET", to, html=LISTS)


def test_a_page_that_led_to_a_view_of_itself_may_be_shown_when_it_was_later() -> None:
    assert statuses(led("/lists/?all").add("GET", "/lists/", html=LISTS), 0) == (302, 200)


def test_a_page_that_was_shown_before_alone_or_after_the_session_must_lead_on() -> None:
    before = Session().add("GET", "/lists/", html=LISTS).add("GET", "/lists/", status=302, location="/lists/?all")
    assert statuses(before.add("GET", "/lists/?all", html=LISTS), 1) == (302,)
    left = led("/lists/?all").add("POST", "/logout", body="next=1", status=302, location="/lists/")
    assert statuses(left.add("GET", "/lists/", html=LISTS), 0) == (302,)


def test_a_page_that_leads_elsewhere_must_lead_there() -> None:
    assert statuses(led("/login").add("GET", "/lists/", html=LISTS), 0) == (302,)
