"""Headers that name an element of the page after the thing that it shows."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.render import effective_headers
from loadwright.compiler.plan.template import Reference, Text


def framed(result: Request, name: str) -> tuple[object, ...]:
    return next(one.value.parts for one in result.headers if one.name == name)


@pytest.mark.parametrize("name", ["Turbo-Frame", "HX-Target"])
def test_the_number_of_a_frame_is_that_of_the_thing_in_the_path(name: str) -> None:
    session = Session().add("POST", "/orders", body="title=Pump", status=302, location="/orders/4")
    session.add("GET", "/orders/4", html='<turbo-frame id="notes_of_order_4" src="/orders/4/notes"></turbo-frame>')
    session.add("GET", "/orders/4/notes", html='<a href="/orders/4/notes/4/edit">Edit</a>', sent={name: "notes_of_order_4"})
    session.add("GET", "/orders/4/notes/4/edit", html="<p>Note</p>", sent={name: "frame_note_4"})
    session.add("GET", "/orders/4/notes", html="<p>Notes</p>", sent={name: "frame_note_4"})
    result = imported(session)
    assert proved(result)
    assert framed(sent(result, 2), name) == (Text(value="notes_of_order_"), Reference(name="order_id"))
    note = framed(sent(result, 3), name)
    assert note[0] == Text(value="frame_note_")
    assert note[1] in sent(result, 3).url.parts
    assert note[1] != Reference(name="order_id")
    assert framed(sent(result, 4), name) == note


def test_the_number_of_a_frame_is_not_that_of_another_thing() -> None:
    session = Session().add("POST", "/orders", body="title=Pump", status=302, location="/orders/4")
    result = imported(session.add("GET", "/orders/4", html="<p>Order</p>", sent={"Turbo-Frame": "step_4", "X-Note": "order_4"}))
    found = {one.name: one.value.literal for one in effective_headers(result.plan, sent(result, 1))}
    assert (found["Turbo-Frame"], found["X-Note"]) == ("step_4", "order_4")
