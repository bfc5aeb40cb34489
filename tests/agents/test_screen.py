"""One pass over a text tells which values may stand in it; what it misses is never found again."""

from __future__ import annotations

import base64
from hashlib import md5, sha256
from urllib.parse import quote

import pytest

from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.screen import DeepScreen, Screen

TOKEN = "kX9fQ2mZ7pLw4TbR"
LATE = 10.0**15


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (TOKEN, f'{{"t": "{TOKEN}"}}'),
        (TOKEN, f"{{\\u0022t\\u0022:\\u0022{TOKEN}\\u0022}}"),
        (TOKEN, f"next=%2Fa%2F{TOKEN}%3Fb"),
        (TOKEN, f"line\\n{TOKEN}\\n"),
        ("ab+/cdef" * 3, "ab%2B%2Fcdef" * 3),
        ("7", '<a href="/notes/7">'),
        ("7", "7"),
        ("v2.14.3", "build v2.14.3, "),
        ("1003", "id=1003&"),
        (TOKEN * 4, f"x {TOKEN * 4} y"),
        ("+-+", "no letters at all"),
    ],
)
def test_a_value_is_seen_however_a_text_escapes_what_is_around_it(value: str, text: str) -> None:
    assert Screen({value: LATE}).present(text, 0.0) == {value}


@pytest.mark.parametrize(
    ("value", "text"), [("1003", "id=21003&"), ("1003", "10031"), ("7", "/notes/70"), ("7", "a7"), (TOKEN, f"z{TOKEN}")]
)
def test_a_part_of_a_word_is_no_value(value: str, text: str) -> None:
    assert Screen({value: LATE}).present(text, 0.0) == set()


def test_what_comes_after_the_last_use_is_not_looked_for() -> None:
    screen = Screen({TOKEN: 100.0, "1003": 300.0})
    assert screen.present(f"{TOKEN} 1003", 200.0) == {"1003"}
    assert screen.present(f"{TOKEN} 1003", 100.0) == {TOKEN, "1003"}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_value_is_seen_in_encodings_wherever_it_begins(before: str) -> None:
    screen = DeepScreen({TOKEN: LATE})
    text = f"{before}{TOKEN}&c"
    once = base64.b64encode(text.encode()).decode()
    for form in (once, once.rstrip("="), text.encode().hex(), text.encode().hex().upper(), text.upper(), quote(once)):
        assert screen.may_hold(f'{{"x": "{form}"}}', 0.0)
    assert screen.may_hold(base64.b64encode(f"{before}{once}".encode()).decode(), 0.0)
    assert not screen.may_hold(base64.b64encode(b"something else, as long as that").decode(), 0.0)


@pytest.mark.parametrize("letter", ["&#107;", "&#x6b;", "&#0107;", "\\u006b", "\\x6B", "%6b"])
def test_an_escaped_letter_makes_a_text_worth_a_look(letter: str) -> None:
    assert DeepScreen({TOKEN: LATE}).may_hold(f"a {letter}X9fQ2mZ7pLw4TbR b", 0.0)


@pytest.mark.parametrize("other", ["it&#39;s", "&#x27;", "\\u00e9", "\\u003c", "%20%2F", "&amp;"])
def test_an_escaped_sign_does_not(other: str) -> None:
    assert not DeepScreen({TOKEN: LATE}).may_hold(f"a {other} b", 0.0)


def test_a_digest_is_known_by_the_value_that_it_is_of() -> None:
    wanted = {md5(TOKEN.encode()).hexdigest(), base64.b64encode(sha256(TOKEN.encode()).digest()).decode()}
    digests = Digests(wanted)
    assert dict(digests.of(TOKEN)).keys() == wanted
    assert digests.stand_behind(f'{{"n": 1, "seed": "{TOKEN}"}}')
    assert digests.stand_behind(f'again "{TOKEN}"')  # a value that was seen before is no less one
    assert not digests.stand_behind('{"seed": "another-value-0815"}')
