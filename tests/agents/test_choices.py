"""Choices of forms: what a browser sends when the user leaves them, and what the user chose by its label."""

from __future__ import annotations

import pytest
from recordings import BASE, Session, imported, proved, sent

from loadwright.compiler.plan.model import CaptureSource, CssSource, RegexSource

TRACKER = (
    '<select name="issue[tracker_id]"><option value="31">Bug</option><option value="32">Feature</option>'
    '<option selected value="33">Support</option></select>'
)
PRIORITY = (
    '<select name="issue[priority_id]"><option value="31">Low</option><option value="32">Normal</option>'
    '<option value="33">High</option></select>'
)
KIND = (
    '<input type="radio" name="kind_id" value="81"> Book <input type="radio" name="kind_id" value="82" checked> Journal '
    '<input type="radio" name="kind_id" value="83"> Map'
)


def sources(*sent_values: str, page: str = TRACKER + PRIORITY + KIND) -> list[CaptureSource]:
    """How the values are taken that are sent after a page with the form."""
    session = Session().add("GET", "/issues/new", html=f'<form action="/search"></form><form id="issue">{page}</form>')
    session.add("POST", "/issues", body="&".join(sent_values), sends="application/x-www-form-urlencoded", html="<h1>Made</h1>")
    result = imported(session)
    assert proved(result)
    return [capture.source for capture in sent(result, 0).captures]


def test_what_is_selected_is_taken_as_such() -> None:
    assert sources("issue[tracker_id]=33") == [
        CssSource(selector='form#issue select[name="issue[tracker_id]"] option[selected]', attribute="value")
    ]


def test_without_a_selected_option_the_first_is_known_by_its_label_too() -> None:
    (source,) = sources("issue[priority_id]=31")
    assert isinstance(source, RegexSource)
    assert "Low" in source.pattern


def test_without_a_selected_option_and_without_words_the_first_is_sent() -> None:
    page = '<select name="year_id"><option value="31">2026</option><option value="32">2027</option></select>'
    assert sources("year_id=31", page=page) == [CssSource(selector="form#issue select[name=year_id] option", attribute="value")]


def test_another_choice_is_known_by_its_own_label() -> None:
    (source,) = sources("issue[priority_id]=32")
    assert isinstance(source, RegexSource)
    assert "Normal" in source.pattern
    assert "Feature" not in source.pattern


def test_what_is_checked_is_taken_as_such() -> None:
    assert sources("kind_id=82") == [CssSource(selector="form#issue input[name=kind_id][checked]", attribute="value")]


def test_an_option_that_is_selected_and_listed_twice_is_the_selected_one() -> None:
    page = '<select name="user_id"><option value="71">me</option><option selected value="71">Ann Smith</option></select>'
    assert sources("user_id=71", page=page) == [
        CssSource(selector="form#issue select[name=user_id] option[selected]", attribute="value")
    ]


def test_the_value_of_a_button_was_not_typed() -> None:
    form = '<input name="username"><input type="password" name="password"><button name="login" value="Login">Go</button>'
    session = Session().add("GET", "/login", html=f"<form>{form}</form>")
    session.add("POST", "/login", body="username=ann.smith&password=Tea4Two!&login=Login", status=302, location="/")
    result = imported(session)
    assert proved(result)
    assert [variable.name for variable in result.plan.variables] == ["username"]


def test_an_option_is_looked_for_behind_the_name_of_its_own_select() -> None:
    page = "<a href='/list?page=2'>All Queries</a><select id='query_id' name='query_id'><option value='1'>Disks</option>"
    (source,) = sources("query_id=2", page=f"{page}<option value='2'>Loads</option></select>")
    assert isinstance(source, RegexSource)
    assert "Loads" in source.pattern


@pytest.mark.parametrize(
    ("choices", "number", "is_taken"),
    [
        ('<option value="">None</option><option value="7" selected>Tickets</option>', 7, True),
        ('<option value="7" selected>Tickets</option>', 7, True),
        ('<option value="7" selected>Tickets</option><option value="8">Posters</option>', 7, False),
        ('<option value="1" selected>Tickets</option>', 1, False),
    ],
)
def test_the_only_choice_that_a_page_offers_is_taken_however_short(choices: str, number: int, is_taken: bool) -> None:
    session = Session().add("GET", "/items/new", html='<form><input name="title"></form>')
    session.add("POST", "/items", body="title=Quay+pass", status=302, location="/items/edit")
    session.add("GET", "/items/edit", html=f'<form><select class="wide" name="category">{choices}</select></form>')
    body, page = f"category={number}&title=Boat+pass", {"Referer": f"{BASE}/items/edit"}
    result = imported(session.add("POST", "/items/edit", body=body, sent=page, html="<h1>Saved</h1>"))
    expected = [CssSource(selector="select[name=category] option[selected]", attribute="value")] if is_taken else []
    assert [capture.source for capture in sent(result, 2).captures] == expected
    assert proved(result)
