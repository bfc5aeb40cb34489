"""Ids by which elements are called (`id="comment-48213"`, `class="row post-48213"`), and rows beside random words."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import FormBody, RegexSource

ROWS = (("Tea pot", "48213"), ("Rice bowl", "77126"), ("Salt dish", "31907"))
BY_CLASS = '<li class="row js-item-{id} even"><span>{title}</span><button onclick="pick(this, \'{key}\')">Open</button></li>'
BY_ID = '<li id="post_{id}"><b>{title}</b></li>'


def marking(row: str, number: str = "77126") -> Session:
    rows = "".join(
        row.format(id=number if title == "Rice bowl" else own, title=title, key=key)
        for (title, own), key in zip(ROWS, ("tjDpAJWG", "wqXkZrPv", "bnGtHsLd"), strict=True)
    )
    return Session().add("GET", "/list", html=f"<title>Rows</title><ul>{rows}</ul>").add("POST", "/mark", body=f"parent={number}")


@pytest.mark.parametrize("others", [(), ("66218",)])
@pytest.mark.parametrize("row", [BY_CLASS, BY_ID])
def test_the_number_that_an_element_is_called_by_is_the_id_of_its_row(row: str, others: tuple[str, ...]) -> None:
    result = imported(*(marking(row, number) for number in ("77126", *others)))
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert "Rice bowl" in capture.source.pattern
    assert not any(word in capture.source.pattern for word in ("tjDpAJWG", "wqXkZrPv"))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value.literal is None
    assert proved(result)


def test_that_of_the_only_such_element_is_taken_by_its_place() -> None:
    session = Session().add("GET", "/open", html='<div id="comment-31907" class="depth-1"><p>hi</p></div>')
    result = imported(session.add("POST", "/mark", body="parent=31907"))
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert 'id="comment-' in capture.source.pattern
    assert proved(result)


def test_a_number_without_a_word_before_it_says_nothing() -> None:
    session = Session().add("GET", "/open", html='<div data-x="31907"><p>hi 31907 there</p></div>')
    body = sent(imported(session.add("POST", "/mark", body="amount=31907")), 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value.literal == "31907"
