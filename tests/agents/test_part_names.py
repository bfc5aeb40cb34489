"""Numbers and tokens in the names of fields and parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import FormBody, MultipartBody, ValuePart
from loadwright.compiler.plan.template import Reference, Text, template
from loadwright.compiler.recording.model import Upload

NAME = "4f0c2a9be1d84f7aa0c6e5b2d3f19c77"


def _sent(session: Session, path: str, **fields: str) -> Session:
    session.add("POST", path, body="x", sends="multipart/form-data; boundary=b")
    entry = session.entries[-1]
    parts = tuple(Upload(name, value.encode(), None, "") for name, value in fields.items())
    session.entries[-1] = replace(entry, request=replace(entry.request, body=None, parts=parts, media_type="multipart/form-data"))
    return session


def _made(ticket: str) -> Session:
    return Session().add("POST", "/tickets", body="subject=Pump+leaks", json=f'{{"ticket": {{"id": {ticket}}}}}')


@pytest.mark.parametrize("name", ["{}-RefersTo", "Ticket-{}-Owner", "item[{}][qty]", "a.{}.b"])
def test_a_number_in_the_name_of_a_part_is_the_id_that_the_request_says_elsewhere(name: str) -> None:
    result = imported(_sent(_made("48213"), "/tickets/48213", **{name.format("48213"): "", "ChangeField": "1"}))
    assert proved(result)
    found = sent(result, 1).body
    assert isinstance(found, MultipartBody)
    before, after = name.split("{}")
    expected = template(before, Reference(name="ticket_id"), after)
    assert [part.name for part in found.parts] == [expected, template("ChangeField")]


@pytest.mark.parametrize("name", ["item[{}][qty]", "item%5B{}%5D%5Bqty%5D", "qty_{}"])
def test_so_is_one_in_the_name_of_a_field(name: str) -> None:
    session = _made("317").add("POST", "/tickets/317", body=f"{name.format('317')}=2&page_10=1&row%5B20%5D=x")
    result = imported(session)
    assert proved(result)
    found = sent(result, 1).body
    assert isinstance(found, FormBody)
    assert Reference(name="ticket_id") in found.fields[0].name.parts
    assert all(isinstance(part, Text) for field in found.fields[1:] for part in field.name.parts)


def test_a_number_in_a_name_that_is_no_id_stays() -> None:
    session = _made("317").add("POST", "/tickets", body="row%5B317%5D=x")
    found = sent(imported(session), 1).body
    assert isinstance(found, FormBody)
    assert found.fields[0].name == template("row[317]")


def test_a_token_that_is_the_name_of_a_part_is_taken_from_the_page() -> None:
    session = Session().add("GET", "/upload", html=f'<form><input type=hidden name="{NAME}" value="1"></form>')
    result = imported(_sent(session, "/upload", **{NAME: "1", "note": "Fine"}))
    assert proved(result)
    found = sent(result, 1).body
    assert isinstance(found, MultipartBody)
    first, second = found.parts
    assert isinstance(first, ValuePart)
    assert first.name.literal is None
    assert second.name == template("note")


def test_the_name_of_a_part_that_two_sessions_have_otherwise_is_taken_from_the_page() -> None:
    def session(name: str) -> Session:
        page = f"<form><input type=text name=note><input type=hidden name={name} value=x></form>"
        return _sent(Session().add("GET", "/notes", html=page), "/notes", note="Fine", **{name: "x"})

    result = imported(session("2-RefersTo"), session("3-RefersTo"))
    found = sent(result, 1).body
    assert isinstance(found, MultipartBody)
    assert found.parts[0].name == template("note")
    assert found.parts[1].name.literal is None


def test_a_token_that_another_part_sends_is_taken_in_a_name_too() -> None:
    prefix = "uyMmcXuJdvAAb6HTtxqYVUXd"
    fields = f'<input type=hidden name="{prefix}-step" value=a><input type=hidden name=prefix value={prefix}>'
    page = Session().add("GET", "/add", html=f"<title>Add</title><form>{fields}</form>")
    result = imported(_sent(page, "/add", **{f"{prefix}-step": "a", "prefix": prefix}))
    (capture,) = sent(result, 0).captures
    body = sent(result, 1).body
    assert isinstance(body, MultipartBody)
    assert body.parts[0].name == template(Reference(name=capture.name), "-step")
    assert proved(result)


def _shop(number: int, word: str, kind: str = "number", wanted: str = "1") -> Session:
    """Something is made to be sold, and put into the basket of the shop by a field that is called by its number."""
    rows = "".join(
        f'<article><h4>{title}</h4><input type="{kind}" min="0"\n   name="item_{place}"></article>'
        for place, title in ((number, f"Quay pass {word}"), (number + 1, "Boat pass"))
    )
    session = Session(f"{word}.har").add("GET", "/items/new", html='<form><input name="title"></form>')
    session.add("POST", "/items", body=f"title=Quay+pass+{word}", status=302, location="/shop")
    session.add("GET", "/shop", html=f"<title>Shop</title><form>{rows}</form>")
    return _sent(session, "/basket", **{f"item_{number}": wanted, f"item_{number + 1}": ""})


@pytest.mark.parametrize("wanted", ["1", "3"])
def test_the_number_by_which_an_amount_is_called_is_taken_by_the_users_own_row(wanted: str) -> None:
    result = imported(_shop(13, "f05fa879", wanted=wanted))
    body = sent(result, 3).body
    assert isinstance(body, MultipartBody)
    (capture,) = sent(result, 2).captures
    assert body.parts[0].name == template("item_", Reference(name=capture.name))
    assert body.parts[1].name == template("item_14")
    assert proved(result)


def test_from_two_recordings_each_such_number_is_taken() -> None:
    result = imported(_shop(13, "f05fa879"), _shop(27, "91cd07ba"))
    body = sent(result, 3).body
    assert isinstance(body, MultipartBody)
    assert all(part.name.literal is None for part in body.parts)
    assert proved(result)


def test_a_number_by_which_a_text_is_called_stays_from_one_recording() -> None:
    result = imported(_shop(13, "f05fa879", kind="text"))
    body = sent(result, 3).body
    assert isinstance(body, MultipartBody)
    assert [part.name for part in body.parts] == [template("item_13"), template("item_14")]
