"""Reading goes on after an error: one cause gives one error, and no text breaks the reader. Needs nothing but Python."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.parser import MOST_ERRORS, parse
from loadwright.compiler.vocabulary import FORMS, ITEMS

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_text("utf-8")
    for folder in (ROOT / "tests" / "cases" / "language", ROOT / "examples")
    for path in sorted(folder.rglob("*.intent"))
]
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SHOP = """intent "Shop"
target shop = "https://shop.example.com"

journey buy {
  step "Open" {
    GET "/" {
      expect status 200
      capture id = json "$.id"
    }
    parallel {
      GET "/a.css"
      GET "/${id}.js" { timeout 3s }
    }
  }
  think 1s to 2s
  step "Pay" {
    POST "/pay" {
      form { id = id; card = "4711" }
    }
    POST "/done" {
      json { id: id, list: [1, 2], deep: { note: "x" } }
    }
  }
}

load peak { buy: 5 users for 1m, ramp 10s }

goals {
  p95 < 1s
  failures < 1%
}
"""


def found_in(text: str) -> tuple[Diagnostic, ...]:
    try:
        parse(text, "any.intent")
    except LoadwrightError as error:
        return error.diagnostics
    return ()


def places(text: str) -> list[tuple[int, int]]:
    return [(d.span.line, d.span.column) for d in found_in(text) if d.span]


def test_the_text_itself_is_right() -> None:
    assert found_in(SHOP) == ()


@pytest.mark.parametrize("place", [m.start() for m in re.finditer(r"[{}]", SHOP) if SHOP[m.start() - 1] != "$"], ids=str)
def test_a_brace_that_is_missing_is_one_error(place: int) -> None:
    assert len(found_in(SHOP[:place] + SHOP[place + 1 :])) <= 1 + (SHOP[place] == "{")


@pytest.mark.parametrize("place", [m.start() for m in re.finditer('"', SHOP)], ids=str)
def test_a_quote_that_is_missing_is_one_error_on_its_line(place: int) -> None:
    found = found_in(SHOP[:place] + SHOP[place + 1 :])
    assert [d.span.line for d in found if d.span] == [SHOP.count("\n", 0, place) + 1]


WORDS = set(re.findall(r"\b(?:[a-z]{4,}|GET|POST)\b", re.sub('"[^"]*"', "", SHOP)))
NAMES = {"shop", "card", "list", "deep", "note", "peak"}


@pytest.mark.parametrize("word", sorted(WORDS - NAMES))
def test_a_word_that_is_misspelt_is_one_error_at_it(word: str) -> None:
    place = re.search(rf"\b{word}\b(?![^\n\"]*\"[^\n\"]*$)", SHOP, re.MULTILINE) or re.search(rf"\b{word}\b", SHOP)
    assert place
    wrong = word.lower() if word.isupper() else word[:-2] + word[-1] + word[-2] + "x"
    text = SHOP[: place.start()] + wrong + SHOP[place.end() :]
    line = SHOP.count("\n", 0, place.start()) + 1
    assert [line for line, _ in places(text)] == [line]


def test_errors_in_statements_of_their_own_are_all_told_up_to_a_limit() -> None:
    lines = "\n".join(f'target t{n} "https://example.com"' for n in range(30))
    assert places(f'intent "x"\n{lines}') == [(n + 2, len(f"target t{n} ") + 1) for n in range(MOST_ERRORS)]


def test_numbers_and_escapes_are_told_beside_errors_of_syntax() -> None:
    text = 'intent "\\q"\njourney a { step "\\u{110000}" { GET "/" { timeout 0ms; expct status 200 } } think 0.5ms }\n'
    assert [d.code for d in found_in(text)] == ["bad-escape", "bad-escape", "bad-number", "syntax", "bad-number"]


PIECES = (
    "",
    '"',
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "${",
    "\n",
    ";",
    ",",
    "=",
    ":",
    "7",
    "#",
    "/",
    " ",
    "é",
    "true",
    "step",
    "GET",
    '"""',
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A text of the examples with a few characters or words taken out, put in or replaced."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[end:]
    return text


@QUICK
@given(text=damaged())
def test_a_damaged_text_gives_errors_in_order_each_with_a_place_in_it(text: str) -> None:
    started = time.process_time()
    found = found_in(text)
    assert time.process_time() - started < 5, "about 50 ms; more is a search without a bound"
    assert found_in(text) == found
    assert len(found) <= MOST_ERRORS
    lines = text.removeprefix("\ufeff").split("\n")
    spans = [diagnostic.span for diagnostic in found]
    assert all(spans)
    for span in spans:
        assert span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert span.end_column <= len(lines[span.end_line - 1]) + 2
        assert (span.line, span.column) < (span.end_line, span.end_column)
    assert [(s.line, s.column) for s in spans if s] == sorted((s.line, s.column) for s in spans if s)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("piece", ['"${', "{", "}", "json [", "[", "GET ", "journey a {", '"\n', "\\", "1 ", ";", "a = ", "/"])
def test_much_of_one_thing_ends_soon(piece: str) -> None:
    started = time.process_time()
    for start in ("", "journey a { ", 'journey a { step "b" { POST "/" { json '):
        assert found_in(start + piece * 3000)
    assert time.process_time() - started < 20


@pytest.mark.parametrize("form", [*FORMS.values(), *(item for items in ITEMS.values() for item in items.split("` or `"))])
def test_the_forms_that_hints_show_are_right_somewhere(form: str) -> None:
    around = ("{}", "journey a {{ {} }}", 'journey a {{ step "b" {{ {} }} }}', 'journey a {{ step "b" {{ POST "/" {{ {} }} }} }}')
    blocks = [f'POST "/" {{{{ {block} {{{{ {{}} }}}} }}}}' for block in ("form", "query", "multipart")]
    inside = [f'journey a {{{{ step "b" {{{{ {block} }}}} }}}}' for block in blocks]
    assert any(found_in(text.format(form)) == () for text in (*around, *inside, "load a {{ {} }}", "goals {{ {} }}"))
