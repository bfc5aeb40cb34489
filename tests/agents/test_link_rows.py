"""Links of a page that has several of a kind: which of them a short number is taken from."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import fixed

NAVIGATION = "<li><a href='/catalogue/kitchen_{n}/'>Kitchen</a></li><li><a href='/catalogue/garden_9/'>Garden</a></li>"
BOOK = "<p>{town}</p><a href='/addresses/{n}/'>Edit</a><a href='/addresses/add/'>New address</a>"


def address(number: int) -> Session:
    """An address is made, listed on a page whose navigation has the same number before it, and opened from there."""
    session = Session().add("POST", "/addresses/add/", body="town=Leith", status=302, location="/addresses/")
    session.add("GET", "/addresses/", html=NAVIGATION.format(n=number) + BOOK.format(n=number, town="Leith"))
    return session.add("GET", f"/addresses/{number}/", html="<h1>Edit address</h1>")


def test_the_row_of_a_link_is_where_that_link_stands() -> None:
    result = imported(address(1))
    assert proved(result)
    assert sent(result, 2).url.literal is None
    source = sent(result, 1).captures[0].source
    assert isinstance(source, RegexSource)
    assert "addresses" in source.pattern
    assert "itchen" not in source.pattern


def test_words_on_the_line_behind_a_tag_say_which_row_it_is() -> None:
    rows = "".join(
        f"<li>\n  <a href='/category/{slug}/'>\n      {name}\n  </a>\n</li>" for slug, name in (("tea_7", "Tea"), ("mug_8", "Mugs"))
    )
    result = imported(Session().add("GET", "/", html=f"<ul>{rows}</ul>").add("GET", "/category/mug_8/", html="<h1>Mugs</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert fixed(capture.source.pattern).endswith(r"/'>\s+Mugs\s+")
    assert capture.occurrence == 1


def test_a_count_before_the_words_of_a_link_says_not_which_row_it_is() -> None:
    summary = "<li><a href='/pages/3/'> 5 Pages <span>created in site 1</span></a></li><li><a href='/pages/8/'>Tea 3</a></li>"
    result = imported(Session().add("GET", "/", html=f"<ul>{summary}</ul>").add("GET", "/pages/3/", html="<h1>Home</h1>"))
    assert not any("created" in str(capture.source) for capture in sent(result, 0).captures)
    result = imported(Session().add("GET", "/", html=f"<ul>{summary}</ul>").add("GET", "/pages/8/", html="<h1>Tea</h1>"))
    assert ["Tea" in str(capture.source) for capture in sent(result, 0).captures] == [True]


CARD = '<div class="card col-md-4"><h3>{1}</h3><p class="mb-3" id="n{2}">{2} left</p><a href="/item/{0}">Details</a></div>'
ROW = '<tr data-id="{0}"><td>{2}</td><td>{1}</td><td>In stock</td><td><button name="del" value="{0}">Delete</button></td></tr>'
BEFORE = '<div><a href="/item/{0}">Details</a> <h3>{1}</h3></div>'
IN_STOCK = [(48213, "Brass lamp", 4), (51877, "Wool rug", 31), (60122, "Glass vase", 12)]


def picked(row: str, rows: list[tuple[int, str, int]]) -> Session:
    """A page of rows, and the one of the rug opened."""
    page = f"<h1>Rows</h1><table>{''.join(row.format(*one) for one in rows)}</table>"
    number = next(number for number, title, _ in rows if title == "Wool rug")
    return Session(f"{number}.har").add("GET", "/list", html=page).add("GET", f"/item/{number}", html="<h1>Wool rug</h1>")


@pytest.mark.parametrize("row", [CARD, ROW, BEFORE])
def test_a_row_is_known_by_its_title_over_texts_that_others_have_otherwise(row: str) -> None:
    first = picked(row, IN_STOCK)
    other = picked(row, [(number + 20011, title, stock + 5) for number, title, stock in reversed(IN_STOCK)])
    for result in (imported(first), imported(first, other)):
        (capture,) = sent(result, 0).captures
        assert "Wool rug" in str(capture.source)
        assert sent(result, 1).url.literal is None
        assert proved(result)


EDIT = '<tr><td>{1}</td><td>{2}</td><td><a href="/item/{0}/edit">Edit</a> <a href="/item/{0}/history">History</a></td></tr>'


def test_a_row_with_several_links_to_its_thing_is_known_by_its_title() -> None:
    def opened(rows: list[tuple[int, str, int]]) -> Session:
        number = next(number for number, title, _ in rows if title == "Wool rug")
        page = f"<h1>Rows</h1><table>{''.join(EDIT.format(*one) for one in rows)}</table>"
        return Session(f"{number}.har").add("GET", "/list", html=page).add("GET", f"/item/{number}/edit", html="<h1>Rug</h1>")

    first = opened(IN_STOCK)
    other = opened([(number + 20011, title, stock + 5) for number, title, stock in reversed(IN_STOCK)])
    for result in (imported(first), imported(first, other)):
        (capture,) = sent(result, 0).captures
        assert "Wool rug" in str(capture.source)
        assert proved(result)


def test_a_title_behind_other_texts_is_of_the_row_beside_where_not_each_value_has_one() -> None:
    row = '<div><a href="/item/{0}">Details</a><p>{2} left</p></div><div><h3>{1}</h3></div>'
    rows = [(number, "", stock) for number, _, stock in IN_STOCK]
    page = row.format(*rows[0]).replace("<div><h3></h3></div>", "<div><h3>Wool rug</h3></div>") + row.format(*rows[1])
    result = imported(Session().add("GET", "/list", html=page).add("GET", "/item/51877", html="<p>Item"))
    assert not any("Wool rug" in str(capture.source) for capture in sent(result, 0).captures)


@pytest.mark.parametrize(("sent_as", "is_taken"), [("id", True), ("chosen", True), ("total", False)])
def test_a_long_number_that_was_taken_from_a_link_is_the_same_id_elsewhere(sent_as: str, is_taken: bool) -> None:
    session = picked(CARD, IN_STOCK).add("POST", "/buy", body=f'{{"{sent_as}": 51877}}', sends="application/json", json="{}")
    result = imported(session)
    assert ("51877" not in str(sent(result, 2).body)) is is_taken
    assert proved(result)


def test_a_link_by_the_bare_id_is_of_the_row_with_the_word_that_the_user_made_up() -> None:
    """The list has one row when it is recorded; other users' are there in a test."""
    page = "<tr><td>ann</td><td><a href='/news/edit?id=6b0963fecd540'>\n Pump leaks f05fa879 </a></td></tr>"
    session = Session().add("GET", "/news/new", html="<form method=post><textarea name=message></textarea></form>")
    session.add("POST", "/news/new", body="message=Pump+leaks+f05fa879", html="<h1>Kept</h1>")
    session.add("GET", "/news", html=f"<table>{page}</table>").add("GET", "/news/edit?id=6b0963fecd540", html="<h1>Edit</h1>")
    result = imported(session)
    assert proved(result)
    (capture,) = sent(result, 2).captures
    assert isinstance(capture.source, RegexSource)
    assert "unique" in str(capture.source)
