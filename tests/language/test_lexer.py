"""Words are looked up: every text, right or wrong, is cut as Lark's own contextual lexer cuts it. Needs nothing but Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from loadwright import grammar
from loadwright.compiler.lexer import Lexer

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_text("utf-8")
    for folder in (ROOT / "tests" / "cases" / "language", ROOT / "examples")
    for path in sorted(folder.rglob("*.intent"))
]
WORDS = [
    *("stop", "user", "users", "iteration", "iterations", "null", "string", "starts", "contains", "starts with", "per", "per run"),
    *("mix", "mix:", "one of", "graceful", "type", "on", "as", "as soft", "first", "é"),
]


@cache
def _readers() -> tuple[Lark, Lark]:
    def made(**options: Any) -> Lark:
        return Lark(grammar.text(), parser="lalr", lexer="contextual", **options)

    return made(_plugins={"ContextualLexer": Lexer}), made()


def _cut(reader: Lark, text: str) -> list[object]:
    """The tokens of a text, up to where the grammar does not go on, and what is said there."""
    parser = reader.parse_interactive(text)
    found: list[object] = []
    try:
        for token in parser.lexer_thread.lex(parser.parser_state):  # type: ignore[no-untyped-call]
            found.append(_told(token))
            parser.parser_state.feed_token(token)
    except UnexpectedToken as error:
        found.append((_told(error.token), sorted(error.accepts or error.expected)))
    except UnexpectedCharacters as error:
        found.append((error.pos_in_stream, sorted(error.allowed)))
    return found


def _told(token: Token) -> tuple[object, ...]:
    return token.type, str(token), token.start_pos, token.line, token.column, token.end_line, token.end_column, token.end_pos


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(TEXTS.index(text)))
def test_the_same_tokens(text: str) -> None:
    ours, larks = _readers()
    assert _cut(ours, text) == _cut(larks, text)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_tokens_of_what_was_changed(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    at = data.draw(st.integers(0, len(text)))
    words = st.sampled_from(WORDS) | st.text(max_size=4)
    changed = f"{text[:at]}{data.draw(words)} {data.draw(words)}{text[data.draw(st.integers(at, min(len(text), at + 12))) :]}"
    ours, larks = _readers()
    assert _cut(ours, changed) == _cut(larks, changed)
