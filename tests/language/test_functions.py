"""The reference meaning of the function library. Needs nothing but Python."""

from __future__ import annotations

import uuid as standard_uuid
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from function_table import FAILING, FAILING_DRAWS, TABLE
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile_text

from loadwright.compiler.calling import usage
from loadwright.compiler.plan import decimals, moments, random
from loadwright.compiler.plan.functions import FUNCTIONS, ArgumentError
from loadwright.compiler.plan.lists import items, written

ROWS = [(name, arguments, expected) for name, rows in TABLE.items() for arguments, expected in rows]
_DECIMALS = st.decimals(-(10**30), 10**30, places=None, allow_nan=False, allow_infinity=False).map(lambda d: f"{d:f}")


def evaluate(name: str, *arguments: str) -> str:
    reference = FUNCTIONS[name].evaluate
    assert reference
    return reference(*arguments)


@pytest.mark.parametrize(("name", "arguments", "expected"), ROWS)
def test_a_function_gives_what_the_table_says(name: str, arguments: tuple[str, ...], expected: str) -> None:
    assert evaluate(name, *arguments) == expected


def test_the_table_has_every_pure_function_with_every_number_of_arguments() -> None:
    assert set(TABLE) == {name for name, function in FUNCTIONS.items() if function.pure}
    for name, rows in TABLE.items():
        function = FUNCTIONS[name]
        most = len(function.parameters)
        given_counts = {len(arguments) for arguments, _ in rows}
        assert {most - function.optional, most} <= given_counts, name


@pytest.mark.parametrize(("name", "arguments", "message"), FAILING)
def test_a_function_refuses_what_it_cannot_work_with(name: str, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        evaluate(name, *arguments)
    assert str(raised.value) == message


@pytest.mark.parametrize(("name", "arguments", "message"), FAILING_DRAWS)
def test_a_drawing_function_refuses_what_it_cannot_work_with(name: str, arguments: tuple[str, ...], message: str) -> None:
    draw = FUNCTIONS[name].draw
    assert draw
    with pytest.raises(ArgumentError) as raised:
        draw(random.Generator(""), *arguments)
    assert str(raised.value) == message


@given(hostile_text())
def test_a_decoder_undoes_its_encoder(text: str) -> None:
    pairs = (
        *(("urlencode", "urldecode"), ("formencode", "formdecode"), ("htmlencode", "htmldecode")),
        *(("jsonescape", "jsonunescape"), ("base64", "base64decode"), ("base64url", "base64decode"), ("hex", "hexdecode")),
    )
    for encode, decode in pairs:
        # HTML forbids some control characters, and reads their references as others; plain, they stay as they are
        assert evaluate(decode, evaluate(encode, text)) == text, encode


@given(_DECIMALS, _DECIMALS, st.integers(0, 40))
def test_arithmetic_is_that_of_fractions(a: str, b: str, places: int) -> None:
    x, y = Fraction(a), Fraction(b)
    assert Fraction(evaluate("add", a, b)) == x + y
    assert Fraction(evaluate("subtract", a, b)) == x - y
    assert Fraction(evaluate("multiply", a, b)) == x * y
    assert Fraction(evaluate("min", a, b)) == min(x, y)
    assert Fraction(evaluate("max", a, b)) == max(x, y)
    assert Fraction(evaluate("abs", a)) == abs(x)
    with localcontext() as context:
        context.prec = 500
        unit = Decimal(1).scaleb(-places)
        assert Decimal(evaluate("round", a, str(places))) == Decimal(a).quantize(unit, ROUND_HALF_UP)
    if y:
        quotient = Fraction(evaluate("divide", a, b, str(places)))
        error = abs(quotient - x / y) * 10**places
        assert error <= Fraction(1, 2)
        assert error < Fraction(1, 2) or abs(quotient) > abs(x / y)


@given(st.integers(-(10**40), 10**40), st.integers(-(10**20), 10**20).filter(bool))
def test_modulo_has_the_sign_of_the_first_number(a: int, b: int) -> None:
    rest = int(evaluate("modulo", str(a), str(b)))
    assert abs(rest) < abs(b)
    assert rest * a >= 0
    assert (a - rest) % b == 0


@given(_DECIMALS)
def test_a_result_is_a_number_again_and_has_no_needless_zeros(a: str) -> None:
    result = evaluate("add", a, "0")
    units, scale = decimals.read("add", result)
    assert decimals.written(units, scale) == result
    assert not (scale and units % 10 == 0)


@given(st.lists(hostile_text(), min_size=1), st.sampled_from((",", "::", "\u2028")))
def test_a_list_holds_its_texts(texts: list[str], separator: str) -> None:
    assert items(written(texts)) == texts
    assert evaluate("count", written(texts)) == str(len(texts))
    assert [evaluate("item", written(texts), str(n)) for n in range(1, len(texts) + 1)] == texts
    joined = separator.join(texts)
    assert evaluate("join", evaluate("split", joined, separator), separator) == joined


def test_before_and_after_take_a_text_apart() -> None:
    assert evaluate("before", "a=b=c", "=") + "=" + evaluate("after", "a=b=c", "=") == "a=b=c"


@pytest.mark.parametrize(
    ("form", "offset", "expected"),
    [
        ("ms", None, "1709210096789"),
        ("s", "+1d2h", "1709303696"),
        ("s", "-1d2h", "1709116496"),
        ("iso", "500ms", "2024-02-29T12:34:57.289Z"),
        ("YYYYMMDD", "+1d", "20240301"),
        ("DD.MM.YYYY hh:mm:ss,SSS", "-90s", "29.02.2024 12:33:26,789"),
        ("(mm)漢$'", "30m", "(04)漢$'"),
        ("YYYY", "-36525d", "1924"),
    ],
)
def test_a_moment_is_written_as_the_format_says(form: str, offset: str | None, expected: str) -> None:
    assert moments.stamp(1_709_210_096_789, form, offset) == expected


@pytest.mark.parametrize(
    ("form", "offset"),
    [
        ("YYYY-MM-DDThh", None),
        ("minutes", None),
        ("", None),
        ("-", None),
        ("Y", None),
        ("s", "1"),
        ("s", ""),
        ("s", "+1d 2h"),
        ("s", "9w"),
    ],
)
def test_a_wrong_format_or_offset_is_refused(form: str, offset: str | None) -> None:
    with pytest.raises(ArgumentError):
        moments.stamp(0, form, offset)


def test_the_generator_is_fnv_and_mulberry() -> None:
    generator = random.Generator("seed:journey:0:0")
    assert [generator.draw() for _ in range(3)] == [2675361107, 703040671, 3719701578]
    assert random.Generator("")._state == 0x811C9DC5
    assert random.Generator("a")._state == 0xE40C292C
    assert random.Generator("é😀")._state == 0x39D63CC


@given(st.text(max_size=20), st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 10**6))
def test_drawn_values_are_of_their_form(key: str, low: int, span: int) -> None:
    generator = random.Generator(key)
    assert 0 <= generator.unit() < 1
    high = min(low + span, 10**15 - 1)
    assert low <= int(random.number(generator, str(low), str(high))) <= high
    assert set(random.string(generator, "40")) <= set(random.ALPHABET)
    assert standard_uuid.UUID(random.uuid(generator)).version == 4
    assert standard_uuid.UUID(random.uuid(generator)).variant == standard_uuid.RFC_4122
    assert len(random.pkce_verifier(generator)) == 43
    assert random.choice(generator, "a", "b") in ("a", "b")
    assert random.item(generator, '["a",2]') in ("a", "2")
    assert random.item(generator, "[]") == ""
    assert sorted(generator.shuffled("hello")) == sorted("hello")


def test_numbers_are_spread_evenly() -> None:
    generator = random.Generator("spread")
    counts = [0] * 10
    for _ in range(10_000):
        counts[generator.integer(0, 9)] += 1
    assert all(900 < count < 1100 for count in counts)
    orders = {"".join(generator.shuffled("abc")) for _ in range(200)}
    assert len(orders) == 6


def test_usage_shows_what_may_be_left_out() -> None:
    shown = {name: usage(FUNCTIONS[name]) for name in ("hmac", "now", "random_choice", "random_item", "urlencode")}
    assert shown == {
        "hmac": "`text | hmac(key, algorithm?, format?)`",
        "now": "`now(format?, offset?)`",
        "random_choice": "`random_choice(choice, …)`",
        "random_item": "`list | random_item`",
        "urlencode": "`text | urlencode`",
    }
