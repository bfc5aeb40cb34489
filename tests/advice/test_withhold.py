"""What is told to an adviser is free of recorded values, wherever a text has taken one up."""

from __future__ import annotations

import pytest
from recordings import Session, imported

from loadwright.compiler.advice.withhold import Withheld, recorded_values, value_class


def withheld() -> Withheld:
    session = Session().add("GET", "/login", html='<input type="hidden" name="tk" value="u9Xk2LmQ77aBz81Q"><input name="user">')
    session.add("POST", "/in", body="tk=u9Xk2LmQ77aBz81Q&user=ann&password=hunter&mail=ann%40shop.test", html="<h1>Hello</h1>")
    session.add("GET", "/me", sent={"Cookie": "sid=wq92LmZoXYq7LmB3", "X-Api-Key": "kestrel"}, html="<h1>Me</h1>")
    sources = [session.source()]
    return Withheld(sources, recorded_values(sources, imported(session)).values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello ann", "Hello {value}"),
        ("Open the annual report", "Open the annual report"),
        ("GET /users/ANN/notes", "GET /users/{value}/notes"),
        ("css [data-t=x-u9Xk2LmQ77aBz81Q-y]", "css [data-t=x-{value}-y]"),
        ("a hunter, hunters", "a {value}, {value}s"),
        ("key kestrel", "key {value}"),
        ("two\nlines\x1b[2J\u202e", "two lines [2J"),
    ],
)
def test_values_are_hidden_in_any_text(text: str, told: str) -> None:
    assert withheld()(text) == told


def test_what_a_report_masks_is_hidden_too() -> None:
    told = withheld()("sid wq92LmZoXYq7LmB3, mail ann@shop.test, dTlYazJMbVE3N2FCejgxUQ==")
    assert not [value for value in ("wq92LmZoXYq7LmB3", "ann@", "dTlYazJMbVE3N2FCejgxUQ") if value in told]


def test_a_text_is_bounded() -> None:
    assert len(withheld()("word " * 1_000)) == 120


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("12345", ("number", 5, "digits")),
        ("deadbeef00", ("hexadecimal", 10, "hexadecimal digits")),
        ("u9Xk2LmQ77aBz81Q", ("token", 16, "letters and digits")),
        ("amber", ("text", 5, "letters")),
        ("a b", ("text", 3, "any characters")),
    ],
)
def test_a_value_is_told_by_its_kind_length_and_alphabet(value: str, told: tuple[str, int, str]) -> None:
    made = value_class(value)
    assert (made.kind, made.length, made.alphabet) == told
