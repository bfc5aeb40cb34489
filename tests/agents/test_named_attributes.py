"""Short numbers in attributes that are called after a thing, and the day that a page offers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from recordings import START, Session, imported, proved, sent

from loadwright.compiler.plan.model import CssSource, FormBody
from loadwright.compiler.plan.template import Reference, template

TODAY = datetime.fromtimestamp(START / 1000, UTC).date().isoformat()


def visit(number: int, attribute: str = "data-visit") -> Session:
    session = Session().add("GET", "/owners", html=f'<ul><li>Owner</li></ul><button {attribute}="{number}">Mark paid</button>')
    return session.add("PUT", f"/api/visits/{number}/paid", body='{"paid":true}', sends="application/json", json="{}")


@pytest.mark.parametrize("others", [(), (8,)])
def test_an_attribute_called_after_the_thing_has_its_id(others: tuple[int, ...]) -> None:
    result = imported(visit(4), *map(visit, others))
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, CssSource)
    assert sent(result, 1).url == template("/api/visits/", Reference(name=capture.name), "/paid")
    assert proved(result)


def test_an_attribute_called_otherwise_says_nothing() -> None:
    assert sent(imported(visit(4, "data-count")), 1).url == template("/api/visits/4/paid")


@pytest.mark.parametrize(("day", "taken"), [(TODAY, True), ("2021-04-03", False)])
def test_the_day_that_a_page_offers_is_another_one_tomorrow(day: str, taken: bool) -> None:
    def booking(word: str) -> Session:
        page = f'<form method="post"><input type="date" name="date" value="{day}"><input name="what"></form>'
        return Session().add("GET", "/new", html=page).add("POST", "/new", body=f"date={day}&what={word}", html="<h1>Booked</h1>")

    body = sent(imported(booking("shot"), booking("paw")), 1).body
    assert isinstance(body, FormBody)
    assert (body.fields[0].value != template(day)) is taken
