"""The helpers of the Locust runtime against the reference meaning of functions, captures and soft failures."""

from __future__ import annotations

import itertools
import json
import re
import time
from decimal import Decimal
from typing import Any

import pytest
import strategies
from function_table import TABLE
from hypothesis import given
from hypothesis import strategies as st
from locust_support import Ask, quick

from loadwright.backends.locust.expressions import Expressions
from loadwright.compiler.plan import moments
from loadwright.compiler.plan.condition import compare
from loadwright.compiler.plan.digests import ALGORITHMS
from loadwright.compiler.plan.functions import FUNCTIONS, ArgumentError
from loadwright.compiler.plan.model import (
    ClosedPhases,
    OpenModel,
    OpenPhases,
    RatePhase,
    UserPhase,
)
from loadwright.compiler.plan.profile import arrivals, pieces, presence
from loadwright.compiler.plan.random import Generator
from loadwright.compiler.plan.template import call, template

ENCODED = st.one_of(
    strategies.hostile_text(),
    st.text("%+&;=#<>0123456789abcdefABCDEF-_ \u00e9\U0001f600", max_size=30),
    st.from_regex(r"[A-Za-z0-9+/_-]{0,20}={0,3}", fullmatch=True),
)


def outcome(ask: Ask, name: str, *arguments: str) -> dict[str, Any]:
    """What the runtime's function for a function of the language gives, or how it fails."""
    if name in ALGORITHMS:
        return ask("digest_text", name, *arguments)
    written = Expressions({}, {}).text(template(call(name, *("x" for _ in arguments))))
    if written.startswith("str."):
        return {"value": getattr(arguments[0], name)()}
    return ask(written.partition("(")[0], *arguments)


def reference(name: str, *arguments: str) -> dict[str, Any]:
    """What the reference says of it."""
    evaluate = FUNCTIONS[name].evaluate
    assert evaluate
    try:
        return {"value": evaluate(*arguments)}
    except ArgumentError as error:
        return {"failure": f"script: {error}"}


_OF_ONE_TEXT = [name for name, f in FUNCTIONS.items() if f.pure and len(f.parameters) - f.optional == 1 and not f.numbers]
_NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: f"{number:f}"),
    st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", fullmatch=True),
    st.text("-+.0123456789e ", max_size=6),
)
_WHOLE = st.one_of(st.integers(-3, 12).map(str), st.sampled_from(("999999999999999", "1000000000000000", "1.0", "", "x")))
_LISTS = st.one_of(
    strategies.hostile_text(),
    st.lists(st.one_of(strategies.hostile_text(), st.none(), st.booleans(), st.integers(), st.lists(st.text()))).map(json.dumps),
)


@pytest.mark.parametrize("name", _OF_ONE_TEXT)
def test_a_function_means_what_the_plan_says(ask: Ask, name: str) -> None:
    @quick
    @given(ENCODED)
    def agrees(text: str) -> None:
        assert outcome(ask, name, text) == reference(name, text)

    agrees()


@pytest.mark.parametrize("name", TABLE)
def test_a_function_gives_what_the_table_says(ask: Ask, name: str) -> None:
    for arguments, expected in TABLE[name]:
        assert outcome(ask, name, *arguments) == {"value": expected}, arguments


@quick
@given(a=_NUMBERS, b=_NUMBERS, digits=_WHOLE)
def test_arithmetic_is_that_of_the_plan(ask: Ask, a: str, b: str, digits: str) -> None:
    for name in ("add", "subtract", "multiply", "divide", "modulo", "min", "max"):
        assert outcome(ask, name, a, b) == reference(name, a, b), name
    assert outcome(ask, "divide", a, b, digits) == reference("divide", a, b, digits)
    assert outcome(ask, "round", a, digits) == reference("round", a, digits)
    assert outcome(ask, "abs", a) == reference("abs", a)


@quick
@given(text=strategies.hostile_text(), other=strategies.hostile_text(), third=strategies.hostile_text(), a=_WHOLE, b=_WHOLE)
def test_texts_are_taken_apart_as_the_plan_says(ask: Ask, text: str, other: str, third: str, a: str, b: str) -> None:
    whole = text + other + text
    for name in ("before", "after", "split"):
        assert outcome(ask, name, whole, other) == reference(name, whole, other), name
    assert outcome(ask, "replace", whole, other, third) == reference("replace", whole, other, third)
    assert outcome(ask, "substring", whole, a, b) == reference("substring", whole, a, b)
    assert outcome(ask, "pad", text, a, other) == reference("pad", text, a, other)
    assert outcome(ask, "hmac", text, other) == reference("hmac", text, other)


@quick
@given(text=_LISTS, separator=strategies.hostile_text(), number=_WHOLE)
def test_lists_are_those_of_the_plan(ask: Ask, text: str, separator: str, number: str) -> None:
    assert outcome(ask, "join", text, separator) == reference("join", text, separator)
    assert outcome(ask, "item", text, number) == reference("item", text, number)
    assert outcome(ask, "count", text) == reference("count", text)


@quick
@given(key=strategies.hostile_text(), low=_WHOLE, high=_WHOLE, text=_LISTS)
def test_drawn_values_are_those_of_the_plan(ask: Ask, key: str, low: str, high: str, text: str) -> None:
    drawn: list[tuple[str, str, tuple[str, ...]]] = [
        *(("uuid", "new_uuid", ()), ("random", "whole", (low, high)), ("random_string", "letters", (high,))),
        *(("random_choice", "one_of", (low, high, text)), ("random_item", "item_of", (text,))),
        ("pkce_verifier", "pkce_verifier", ()),
    ]
    for name, method, arguments in drawn:
        draw = FUNCTIONS[name].draw
        assert draw
        try:
            expected = {"value": draw(Generator(key), *arguments)}
        except ArgumentError as error:
            expected = {"failure": f"script: {error}"}
        assert ask(method, *arguments, random=key) == expected, name
    assert ask("shuffled", list(text), random=key) == {"value": Generator(key).shuffled(text)}
    assert ask("unit", random=key) == {"value": Generator(key).unit()}


def test_functions_of_the_moment_have_their_form(ask: Ask) -> None:
    assert re.fullmatch(r"1[0-9]{12}", ask("now_ms")["value"])
    assert re.fullmatch(r"1[0-9]{9}", ask("now_s")["value"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", ask("now_iso")["value"])
    day = 86_400_000
    before = time.time_ns() // 1_000_000
    moved = int(ask("time_text", "ms", 36_525 * day)["value"]) - 36_525 * day
    assert before - 1 <= moved <= time.time_ns() // 1_000_000
    assert ask("time_text", "s", 5 * day)["value"][:7] == str((before + 5 * day) // 1000)[:7]
    for form in ("YYYY-MM-DD", "(DD.MM.YYYY) hh '"):
        written = ask("time_text", form, -day)["value"]
        assert written in {moments.stamp(now - day, form) for now in (before, time.time_ns() // 1_000_000)}


_SIDES = st.one_of(
    st.sampled_from(("", "a", "ab", "10", "9", "-3", "1.50", "1.5", " 1", "1e3", "\u0663")), strategies.hostile_text()
)


@quick
@given(
    left=_SIDES, right=_SIDES, relation=st.sampled_from(("=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "ends with"))
)
def test_texts_compare_as_the_reference_says(ask: Ask, left: str, right: str, relation: str) -> None:
    assert ask("compare", left, relation, right) == {"value": compare(left, relation, right)}


_LEVELS = st.one_of(st.integers(0, 6), st.none())
_PHASES = st.lists(st.tuples(st.integers(1, 20), _LEVELS, st.booleans()), min_size=1, max_size=5)


def _close(found: float | None, expected: float) -> bool:
    return found is not None and abs(found * 1000 - expected) < 1e-3


@quick
@given(_PHASES)
def test_users_are_there_and_arrivals_happen_when_the_reference_says(ask: Ask, drawn: list[tuple[int, int | None, bool]]) -> None:
    numbered = list(enumerate(drawn))
    closed = ClosedPhases(phases=tuple(UserPhase(name=f"p{n}", duration=d * 1000, users=u, jump=j) for n, (d, u, j) in numbered))
    opened = OpenPhases(
        phases=tuple(
            RatePhase(name=f"p{n}", duration=d * 1000, rate=None if u is None else Decimal(u), jump=j) for n, (d, u, j) in numbered
        )
    )
    phases = [(p.phase, (p.end - p.start) / 1000, float(p.first), float(p.last)) for p in pieces(closed)]
    line = ask("phased", "USERS", *phases, users=6)["value"]
    assert _close(line["length"], sum(duration for duration, _, _ in drawn) * 1000)
    for user in range(6):
        expected = presence(closed, user)
        assert len(line["presence"][user]) == len(expected)
        for found, span in zip(line["presence"][user], expected, strict=True):
            assert all(map(_close, found, span))
    moments = list(itertools.islice(arrivals(opened), 200))
    assert len(line["moments"]) == len(moments)
    assert all(map(_close, line["moments"], moments))


@pytest.mark.parametrize(("level", "duration", "ramp"), [(5, 10, 0), (5, 10, 4), (3, 10, 10), (0.5, 60, 7)])
def test_a_steady_line_is_that_of_the_reference(ask: Ask, level: float, duration: int, ramp: int) -> None:
    model = OpenModel(rate=Decimal(str(level)), duration=duration * 1000, ramp=ramp * 1000)
    line = ask("steady", level, duration, ramp, users=5)["value"]
    moments = list(arrivals(model))
    assert len(line["moments"]) == len(moments)
    assert all(map(_close, line["moments"], moments))
