"""Short numbers that a form sends as the page gave them: inline forms, ticked rows."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.names import is_count_name
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import template

INLINE = "<form id=edit><input type=hidden name=book-TOTAL value=6><input type=hidden name=book-0-author value={n}></form>"
ROWS = "<form id=list><input type=checkbox name=chosen value={n}><input type=hidden name=index value=0></form>"


def editing(author: int, total: int = 2) -> Session:
    """An author is made, edited with an inline form that holds its number, and deleted by a ticked row of a list."""
    session = Session().add("GET", "/author/add/", html="<form><input name=label></form>")
    session.add("POST", "/author/add/", body="label=Ida", status=302, location=f"/author/{author}/change/")
    session.add("GET", f"/author/{author}/change/", html=INLINE.format(n=author))
    session.add("POST", f"/author/{author}/change/", body=f"book-TOTAL={total}&book-0-author={author}", html="<h1>Saved</h1>")
    session.add("GET", "/author/", html=ROWS.format(n=author))
    return session.add("POST", "/author/", body=f"chosen={author}&index=0&level={author}", html="<h1>Deleted</h1>")


def kept(session: Session, position: int) -> set[str]:
    """The fields that are sent as recorded."""
    result = imported(session)
    assert proved(result)
    body = sent(result, position).body
    assert isinstance(body, FormBody)
    return {field.name.literal or "" for field in body.fields if field.value.literal is not None}


def test_a_number_that_was_made_comes_from_the_field_that_sends_it() -> None:
    assert kept(editing(7), 3) == {"book-TOTAL"}
    # no page offered a field called `level`: its 7 is another one
    assert kept(editing(7), 5) == {"index", "level"}


def test_a_count_of_the_same_value_is_taken_from_its_own_field() -> None:
    """The sixth author, and six forms: each comes from where it stands."""
    result = imported(editing(6, total=6))
    body = sent(result, 3).body
    assert isinstance(body, FormBody)
    total, author = (field.value for field in body.fields)
    assert total != author
    assert proved(result)


@pytest.mark.parametrize("name", ["MAX_FILE_SIZE", "form-MAX_NUM_FORMS", "maxItems", "min", "page"])
def test_a_limit_is_no_session_value(name: str) -> None:
    assert is_count_name(name)


@pytest.mark.parametrize("name", ["minute", "maximilian", "admin", "order_id"])
def test_other_names_set_no_limit(name: str) -> None:
    assert not is_count_name(name)


def test_nothing_has_the_id_0() -> None:
    fields = "<input type=hidden name=version value=0><input type=hidden name=scroll value=0><input name=text>"
    form = f'<form method="post">{fields}</form>'
    session = Session().add("GET", "/wiki/Start?action=edit", html=form)
    session.add("POST", "/wiki/Start", body="version=0&scroll=0&text=Open", html="<h1>Saved</h1>")
    body = sent(imported(session), 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].value == template("0")


@pytest.mark.parametrize(
    ("number", "name", "is_taken"), [("869", "folder", True), ("900", "folder", False), ("869", "page", False)]
)
def test_a_number_of_three_digits_in_a_hidden_field_is_sent_as_it_was_given(number: str, name: str, is_taken: bool) -> None:
    page = f'<form method="post" action="/up"><input type="hidden" name="{name}" value="{number}"><input name="title"></form>'
    session = Session().add("GET", "/", html=page).add("POST", "/up", body=f"{name}={number}&title=Tea+rooms", html="<p>Saved")
    result = imported(session)
    assert len(sent(result, 0).captures) == is_taken
    assert proved(result)


def test_a_choice_of_three_digits_is_taken_by_its_words() -> None:
    options = "".join(
        f'<option value="{number}">{town}</option>' for number, town in ((481, "Home"), (294, "Office"), (733, "Depot"))
    )
    session = Session().add("GET", "/", html=f'<form method="post"><select name="address">{options}</select></form>')
    result = imported(session.add("POST", "/", body="address=294", html="<p>Saved"))
    (capture,) = sent(result, 0).captures
    assert "Office" in str(capture.source)
    assert proved(result)


OPTIONS = '<option value=\'\'>-</option><option value="3">Member one</option><option value="{n}">{said}</option>'
BOX = '<label><input type="checkbox" name="{field}" value="{n}" id="b-{n}"> {said}</label>'


def choosing(said: str, field: str = "payer", size: str = "7") -> Session:
    """A member is made, and chosen as the payer of a bill, for which it pays too; the page has `size` rows."""
    form = f'<select name="payer">{OPTIONS.format(n=7, said=said)}</select>{BOX.format(field="paid_for", n=7, said=said)}'
    session = Session().add("GET", "/", html="<form><input name=label></form>")
    session.add("POST", "/members", body="label=Ida+f05fa879", status=302, location="/add")
    session.add("GET", "/add", html=f"<form>{form}<select name=size><option>5</option><option>7</option></select></form>")
    return session.add("POST", "/bills", body=f"{field}=7&paid_for=7&size={size}", html="<h1>Saved</h1>")


def test_a_choice_that_the_user_made_is_found_by_its_text() -> None:
    """One digit may be anything, but the option that says what was typed before is of what was made."""
    assert kept(choosing("Ida f05fa879"), 3) == {"size"}
    assert kept(choosing(" Ida   f05fa879"), 3) == {"size"}


def test_the_users_own_choice_is_found_by_the_word_that_was_made_up_alone() -> None:
    """Another user types other words before it."""
    captures = [describe_source(capture.source) for capture in sent(imported(choosing("Ida f05fa879")), 2).captures]
    assert len(captures) == 2
    assert all("${unique}" in told and "Ida" not in told for told in captures)


@pytest.mark.parametrize("session", [choosing("Ida Holm"), choosing("Ida 91cd07ba"), choosing("Ida f05fa879 (away)")])
def test_a_choice_that_says_something_else_stays(session: Session) -> None:
    assert kept(session, 3) == {"payer", "paid_for", "size"}


@pytest.mark.parametrize("twin", ['<input type="hidden" name="line[_destroy]" value="0">', ""])
def test_a_box_that_says_yes_is_no_number_of_another_field(twin: str) -> None:
    box = f'<p><label>Title</label></p>{twin}<input type="checkbox" value="1" name="line[_destroy]"> remove'
    form = f'<form action="/orders/1" method=post><input type="hidden" value="1" name="lock_version"> Title {box}</form>'
    session = Session().add("POST", "/orders", body="title=Pump", status=302, location="/orders/1/edit")
    session.add("GET", "/orders/1/edit", html=f"<form action=/out method=post></form>{form}")
    session.add("POST", "/orders/1", body="lock_version=1&line%5B_destroy%5D=0&line%5B_destroy%5D=1", html="<h1>Kept</h1>")
    result = imported(session)
    assert proved(result)
    body = sent(result, 2).body
    assert isinstance(body, FormBody)
    assert not twin or [field.value.literal for field in body.fields[1:]] == ["0", "1"]
    assert not twin or not result.left
    sources = [describe_source(capture.source) for capture in sent(result, 1).captures]
    assert not [source for source in sources if "lock_version" in source and body.fields[0].value == body.fields[-1].value]
