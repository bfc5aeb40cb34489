"""Exact decimal arithmetic on texts such as `-12.50`: up to 500 digits on either side of the point, no exponent."""

from __future__ import annotations

import re

from loadwright.compiler.plan.arguments import ArgumentError, whole

_NUMBER = re.compile(r"(-?)([0-9]{1,500})(?:\.([0-9]{1,500}))?")

Scaled = tuple[int, int]
"""A number as units and the power of ten that they are divided by."""


def read(function: str, text: str, parameter: str = "number") -> Scaled:
    """The number that a text is. Raises ArgumentError."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ArgumentError(function, f"bad {parameter}")
    fraction = match[3] or ""
    return int(match[1] + match[2] + fraction), len(fraction)


def written(units: int, scale: int) -> str:
    """A number in plain notation without needless zeros; zero has no sign."""
    digits = str(abs(units)).rjust(scale + 1, "0")
    point = len(digits) - scale
    fraction = digits[point:].rstrip("0")
    return ("-" if units < 0 else "") + digits[:point] + ("." + fraction if fraction else "")


def add(number: str, other: str) -> str:
    """The sum."""
    a, b, scale = _aligned("add", number, other)
    return written(a + b, scale)


def subtract(number: str, other: str) -> str:
    """The difference."""
    a, b, scale = _aligned("subtract", number, other)
    return written(a - b, scale)


def multiply(number: str, other: str) -> str:
    """The product."""
    (a, a_scale), (b, b_scale) = read("multiply", number), read("multiply", other, "other")
    return written(a * b, a_scale + b_scale)


def divide(number: str, other: str, digits: str = "0") -> str:
    """The quotient to so many digits after the point, half away from zero. Raises ArgumentError for a division by zero."""
    a, b, _ = _aligned("divide", number, other)
    places = whole("divide", "digits", digits, 0, 100)
    if not b:
        raise ArgumentError("divide", "division by zero")
    return written(_rounded(a * 10**places, b), places)


def modulo(number: str, other: str) -> str:
    """The remainder of whole numbers, with the sign of the first. Raises ArgumentError for a division by zero."""
    (a, a_scale), (b, b_scale) = read("modulo", number), read("modulo", other, "other")
    if a_scale or b_scale:
        raise ArgumentError("modulo", "bad number" if a_scale else "bad other")
    if not b:
        raise ArgumentError("modulo", "division by zero")
    rest = abs(a) % abs(b)
    return str(-rest if a < 0 else rest)


def round_to(number: str, digits: str = "0") -> str:
    """The number to so many digits after the point, half away from zero."""
    units, scale = read("round", number)
    places = whole("round", "digits", digits, 0, 100)
    return written(_rounded(units * 10**places, 10**scale), places)


def smaller(number: str, other: str) -> str:
    """The smaller number."""
    a, b, scale = _aligned("min", number, other)
    return written(min(a, b), scale)


def larger(number: str, other: str) -> str:
    """The larger number."""
    a, b, scale = _aligned("max", number, other)
    return written(max(a, b), scale)


def absolute(number: str) -> str:
    """The number without its sign."""
    units, scale = read("abs", number)
    return written(abs(units), scale)


def _aligned(function: str, number: str, other: str) -> tuple[int, int, int]:
    """Both numbers' units at the same scale, and the scale."""
    (a, a_scale), (b, b_scale) = read(function, number), read(function, other, "other")
    scale = max(a_scale, b_scale)
    return a * 10 ** (scale - a_scale), b * 10 ** (scale - b_scale), scale


def _rounded(dividend: int, divisor: int) -> int:
    whole_part, rest = divmod(abs(dividend), abs(divisor))
    magnitude = whole_part + (2 * rest >= abs(divisor))
    return -magnitude if (dividend < 0) != (divisor < 0) else magnitude
