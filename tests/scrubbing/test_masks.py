"""Excerpts of recorded texts: wherever one is cut, it shows no piece of a secret."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import Session

from loadwright.compiler.scrubbing.masks import Masker
from loadwright.compiler.scrubbing.sensitive import sensitive

PASSWORD = "".join(f"{number:03}kLqZ" for number in range(100))
TEXT = f"user=ann&note=plain words here&password={PASSWORD}&after=other words there"
START = TEXT.index(PASSWORD)


@pytest.fixture(scope="module")
def masker() -> Masker:
    session = Session().add("POST", "/login", body=TEXT, html="<h1>In</h1>")
    return Masker(sensitive([session.source().recording]))


@given(data=st.data())
def test_an_excerpt_that_is_cut_within_a_secret_shows_none_of_it(masker: Masker, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    shown = "".join(piece.text for piece in masker.excerpt(TEXT, start, end, data.draw(st.integers(0, 200))))
    assert not any(PASSWORD[at : at + 6] in shown for at in range(len(PASSWORD) - 5))


def test_a_long_secret_of_which_the_beginning_is_shown_is_one_mask(masker: Masker) -> None:
    pieces = masker.excerpt(TEXT, START, START + 400, 8)
    assert [piece.masked for piece in pieces] == [False, False, True, False]
    assert (pieces[1].text, pieces[-1].text) == ("assword=", "…")


def test_what_stands_beside_a_secret_is_shown(masker: Masker) -> None:
    shown = "".join(piece.text for piece in masker.excerpt(TEXT, START, START + 400, 200))
    assert "plain words here" in shown
    whole = "".join(piece.text for piece in masker.excerpt(TEXT, START, len(TEXT), 200))
    assert "other words there" in whole


@pytest.mark.parametrize("password", ["meadow", "482913"])
def test_a_password_in_json_in_a_form_is_masked_though_it_is_a_word(password: str) -> None:
    form = urlencode({"payload": json.dumps({"auth": {"pwd": password}})})
    session = Session().add("POST", "/login", body=form, html="<h1>In</h1>")
    masked = Masker(sensitive([session.source().recording]))
    assert password not in masked.plain(form)
    assert "payload=%7B%22auth%22" in masked.plain(form)


def test_a_password_behind_its_option_is_masked() -> None:
    command = "mysql -uroot -pmeadow shop"
    session = Session().add("POST", "/run", body=json.dumps({"cmd": command}), sends="application/json", html="<h1>In</h1>")
    assert "meadow" not in Masker(sensitive([session.source().recording])).plain(command)
