"""The functions of the language on texts, lists and numbers."""

from __future__ import annotations

import re
from typing import Any

from loadwright.backends.locust.runtime.extraction import json_text, parse_json
from loadwright.backends.locust.runtime.network import Failure
from loadwright.backends.locust.runtime.values import base64_decode, to_json


def whole_number(
    function: str, parameter: str, value: str | int, lowest: int, highest: int
) -> int:
    """A whole number between two bounds; a failure does not show what was given."""
    if not re.fullmatch("-?[0-9]{1,15}", str(value)) or not (
        lowest <= int(value) <= highest
    ):
        raise Failure(f"script: {function}: bad {parameter}")
    return int(value)


def text_length(text: str) -> str:
    """How many characters a text has."""
    return str(len(text))


def text_slice(text: str, start: str | int, length: str | int | None = None) -> str:
    """The characters of a text from a position, counted from 0."""
    first = whole_number("substring", "from", start, 0, 10**15 - 1)
    if length is None:
        return text[first:]
    size = whole_number("substring", "length", length, 0, 10**15 - 1)
    return text[first : first + size]


def replace_text(text: str, old: str, new: str) -> str:
    """A text with every occurrence of another replaced; an empty one occurs nowhere."""
    return text.replace(old, new) if old else text


def trimmed(text: str) -> str:
    """A text without ASCII white space at its ends."""
    return text.strip(" \t\n\v\f\r")


def text_before(text: str, separator: str) -> str:
    """What stands before the first separator; without one, all of the text."""
    return text[: text.find(separator)] if separator in text else text


def text_after(text: str, separator: str) -> str:
    """What stands after the first separator; without one, nothing."""
    if separator not in text:
        return ""
    return text[text.find(separator) + len(separator) :]


def padded(text: str, length: str | int, fill: str) -> str:
    """A text filled up on its left."""
    missing = whole_number("pad", "length", length, 0, 10_000) - len(text)
    return (fill * missing)[:missing] + text if missing > 0 else text


def split_text(text: str, separator: str) -> str:
    """The list of what stands between separators; an empty one occurs nowhere."""
    return to_json(text.split(separator) if separator else [text])


def list_items(text: str) -> list[str]:
    """The items of a list (a JSON array); another text is a list of itself."""
    value = json_value(text)
    if isinstance(value, list):
        return [json_text(part) for part in value]
    return [text] if text else []


def json_value(text: str) -> Any:
    """The value of a JSON text; None for what is none."""
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        return None


def join_items(text: str, separator: str) -> str:
    """The items of a list with a separator between them."""
    return separator.join(list_items(text))


def item_at(text: str, number: str | int) -> str:
    """An item of a list, counted from 1; empty text when there is none."""
    position = whole_number("item", "n", number, 1 - 10**15, 10**15 - 1)
    items = list_items(text)
    return items[position - 1] if 1 <= position <= len(items) else ""


def count_items(text: str) -> str:
    """How many items a list has."""
    return str(len(list_items(text)))


def jwt_claim(token: str, name: str) -> str:
    """A claim of a JSON Web Token, unverified; empty text when there is none."""
    parts = token.split(".")
    claims = json_value(base64_decode(parts[1])) if len(parts) > 1 else None
    return (
        json_text(claims[name]) if isinstance(claims, dict) and name in claims else ""
    )


def decimal(function: str, text: str, parameter: str = "number") -> tuple[int, int]:
    """A decimal number as units, and the power of ten that they are divided by."""
    found = re.fullmatch(r"(-?)([0-9]{1,500})(?:\.([0-9]{1,500}))?", text)
    if not found:
        raise Failure(f"script: {function}: bad {parameter}")
    fraction = found[3] or ""
    return int(found[1] + found[2] + fraction), len(fraction)


def plain_number(units: int, scale: int) -> str:
    """Units of a power of ten in plain notation, without needless zeros."""
    digits = str(abs(units)).rjust(scale + 1, "0")
    point = len(digits) - scale
    fraction = digits[point:].rstrip("0")
    sign = "-" if units < 0 else ""
    return sign + digits[:point] + ("." + fraction if fraction else "")


def aligned(function: str, number: str, other: str) -> tuple[int, int, int]:
    """Two numbers in units of the same power of ten, and that."""
    a, a_scale = decimal(function, number)
    b, b_scale = decimal(function, other, "other")
    scale = max(a_scale, b_scale)
    return a * 10 ** (scale - a_scale), b * 10 ** (scale - b_scale), scale


def rounded_quotient(dividend: int, divisor: int) -> int:
    """A quotient, rounded half away from zero."""
    over, under = abs(dividend), abs(divisor)
    size = (2 * over + under) // (2 * under)
    return -size if (dividend < 0) != (divisor < 0) else size


def add_numbers(number: str, other: str) -> str:
    """The sum."""
    a, b, scale = aligned("add", number, other)
    return plain_number(a + b, scale)


def subtract_numbers(number: str, other: str) -> str:
    """The difference."""
    a, b, scale = aligned("subtract", number, other)
    return plain_number(a - b, scale)


def multiply_numbers(number: str, other: str) -> str:
    """The product."""
    a, a_scale = decimal("multiply", number)
    b, b_scale = decimal("multiply", other, "other")
    return plain_number(a * b, a_scale + b_scale)


def divide_numbers(number: str, other: str, digits: str | int = 0) -> str:
    """The quotient to so many digits after the point, half away from zero."""
    a, b, _ = aligned("divide", number, other)
    places = whole_number("divide", "digits", digits, 0, 100)
    if not b:
        raise Failure("script: divide: division by zero")
    return plain_number(rounded_quotient(a * 10**places, b), places)


def remainder(number: str, other: str) -> str:
    """The remainder of whole numbers, with the sign of the first."""
    a, a_scale = decimal("modulo", number)
    b, b_scale = decimal("modulo", other, "other")
    if a_scale or b_scale:
        raise Failure(f"script: modulo: bad {'number' if a_scale else 'other'}")
    if not b:
        raise Failure("script: modulo: division by zero")
    rest = abs(a) % abs(b)
    return str(-rest if a < 0 else rest)


def round_number(number: str, digits: str | int = 0) -> str:
    """A number to so many digits after the point, half away from zero."""
    units, scale = decimal("round", number)
    places = whole_number("round", "digits", digits, 0, 100)
    return plain_number(rounded_quotient(units * 10**places, 10**scale), places)


def smaller_number(number: str, other: str) -> str:
    """The smaller number."""
    a, b, scale = aligned("min", number, other)
    return plain_number(min(a, b), scale)


def larger_number(number: str, other: str) -> str:
    """The larger number."""
    a, b, scale = aligned("max", number, other)
    return plain_number(max(a, b), scale)


def absolute_number(number: str) -> str:
    """The number without its sign."""
    units, scale = decimal("abs", number)
    return plain_number(abs(units), scale)
