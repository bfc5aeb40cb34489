"""Links of a page that has several of a kind: which of them a short number is taken from."""

from __future__ import annotations

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
