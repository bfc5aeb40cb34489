"""Any sentence of the grammar is read, has one layout, and is compiled or refused with a place. Needs nothing but Python."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from language.sentences import sentences
from whole_plans import plainer, whole_plans, write_all_files

from loadwright.backends.check import check as check_capabilities
from loadwright.backends.registry import NAMES, backend
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.format import format_intent
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import print_intent

BOUNDED = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
T = TypeVar("T")
HEAD = 'intent "x"\ntarget shop = "https://shop.example.com"\n'
RULES = {
    "target": "{}",
    "data": "{}",
    "defaults": "{}",
    "fragment": "{}",
    "journey": "{}",
    "load": "{}",
    "goals": "{}",
    "request": 'journey buy {{ step "s" {{ {} }} }}',
    "websocket": 'journey buy {{ step "s" {{ {} }} }}',
    "if_": "journey buy {{ {} }}",
    "capture": 'journey buy {{ step "s" {{ GET "/" {{ {} }} }} }}',
    "expect_value": 'journey buy {{ step "s" {{ GET "/" {{ {} }} }} }}',
}
"""Rules of the grammar, and what makes a whole text of a sentence of them."""
_BEYOND_GRAMMAR = {Code.BAD_NUMBER, Code.BAD_LOAD, Code.DUPLICATE, Code.UNBOUNDED, Code.BAD_ARGUMENT}
"""What reading says about a sentence: a number out of range, or something given twice; never that it is none."""


@pytest.mark.parametrize("rule", RULES)
def test_any_sentence_of_the_grammar_is_read_and_has_one_layout(rule: str) -> None:
    @BOUNDED
    @given(sentence=sentences(rule))
    def check(sentence: str) -> None:
        text = HEAD + RULES[rule].format(sentence)
        layout, found = _found(lambda: format_intent(text, "sentence.intent"))
        assert {diagnostic.code for diagnostic in errors(found)} <= _BEYOND_GRAMMAR
        if layout is not None:
            assert format_intent(layout, "sentence.intent") == layout
            _, found = _found(lambda: parse_intent(text, "sentence.intent"))
            assert all(diagnostic.span is not None for diagnostic in found)

    check()


def _found(work: Callable[[], T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    try:
        return work(), ()
    except LoadwrightError as error:
        return None, error.diagnostics


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp())


@pytest.mark.parametrize("name", NAMES)
@settings(BOUNDED, max_examples=12)
@given(data=st.data())
def test_any_plan_is_compiled_or_refused_with_a_place(name: str, folder: Path, data: st.DataObject) -> None:
    whole = data.draw(whole_plans())
    plan = plainer(whole) if data.draw(st.booleans()) else whole
    write_all_files(plan, folder)
    read, _ = parse_intent(print_intent(plan), "whole.intent", folder)
    to = backend(name)
    refused = errors(check_capabilities(read, to))
    assert all(diagnostic.span is not None and diagnostic.hint for diagnostic in refused)
    if not refused:
        _emitted_twice(expand(read), name)


def _emitted_twice(plan: Plan, name: str) -> None:
    """The same artefacts each time, or a refusal of the backend's own with a place."""
    made, found = _found(lambda: backend(name).emit(plan))
    assert all(diagnostic.where and diagnostic.hint for diagnostic in found)
    if made is not None:
        assert backend(name).emit(plan) == made
