"""Two things with one short number: each is told by where its own change led, and by the page that sends its form."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import CssSource, HeaderSource, Request
from loadwright.compiler.plan.template import Reference, walk
from loadwright.compiler.plan.traverse import request_templates


def form(version: int) -> str:
    return f"<h1>Entry</h1><form method=post><input type=hidden name=version value={version}><input name=title></form>"


def register(session: Session, name: str, number: int, title: str) -> None:
    page = f"/{name}/edit"
    session.add("GET", page, html=form(0))
    told = {"Referer": f"http://shop.test{page}"}
    session.add("POST", page, body=f"version=0&title={title}", sent=told, status=303, location=f"{page}?id={number}")
    session.add("GET", f"{page}?id={number}", html=form(1))
    told = {"Referer": f"http://shop.test{page}?id={number}"}
    session.add(
        "POST", f"{page}?id={number}", body=f"version=1&title={title}s", sent=told, status=303, location=f"{page}?id={number}"
    )
    session.add("GET", f"{page}?id={number}", html=form(2))


def visit(numbers: tuple[int, int], title: str) -> Session:
    session = Session()
    register(session, "berths", numbers[0], title)
    register(session, "stores", numbers[1], title)
    return session.add("GET", f"/berths/edit?id={numbers[0]}", html=form(2))


def names(request: Request) -> set[str]:
    """The variables that a request takes."""
    return {part.name for flat, _ in request_templates(request) for part in walk(flat) if isinstance(part, Reference)}


@pytest.mark.parametrize("second", [None, (11, 11), (12, 15)])
def test_what_a_change_made_is_asked_for_by_the_number_it_led_to(second: tuple[int, int] | None) -> None:
    result = imported(visit((4, 4), "Crane"), *([visit(second, "Gate")] if second else []))
    assert proved(result)
    berth, store = (
        next(c.name for c in sent(result, position).captures if isinstance(c.source, HeaderSource)) for position in (1, 6)
    )
    asked = [berth in names(sent(result, p)) for p in (2, 3, 4, 7, 8, 9, 10)]
    assert asked == [True, True, True, False, False, False, True]
    assert [store in names(sent(result, p)) for p in (2, 3, 4, 7, 8, 9, 10)] == [not one for one in asked]
    again = [c for p in (3, 8) for c in sent(result, p).captures]
    assert not any(isinstance(c.source, HeaderSource) for c in again), "a change that leads back to its thing made none"


def test_a_short_hidden_number_is_that_of_the_page_that_sends_it() -> None:
    result = imported(visit((4, 4), "Crane"))
    for page, change in ((0, 1), (5, 6)):
        fields = [c for c in sent(result, page).captures if isinstance(c.source, CssSource)]
        assert {field.name for field in fields} & names(sent(result, change))
