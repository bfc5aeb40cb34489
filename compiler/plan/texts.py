"""Functions on texts. Positions and lengths count Unicode code points."""

from __future__ import annotations

from loadwright.compiler.plan.arguments import whole

WHITE_SPACE = " \t\n\v\f\r"
_FAR = 10**15 - 1


def length(text: str) -> str:
    """How many code points the text has."""
    return str(len(text))


def substring(text: str, start: str, size: str | None = None) -> str:
    """The code points from a position, counted from 0: so many, or all that follow."""
    first = whole("substring", "from", start, 0, _FAR)
    if size is None:
        return text[first:]
    return text[first : first + whole("substring", "length", size, 0, _FAR)]


def replace(text: str, old: str, new: str) -> str:
    """The text with every occurrence of a text replaced by another; an empty one occurs nowhere."""
    return text.replace(old, new) if old else text


def trim(text: str) -> str:
    """The text without ASCII white space at its ends."""
    return text.strip(WHITE_SPACE)


def before(text: str, separator: str) -> str:
    """What stands before the first occurrence of a separator; all of the text when there is none."""
    return text[: text.find(separator)] if separator in text else text


def after(text: str, separator: str) -> str:
    """What stands after the first occurrence of a separator; nothing when there is none."""
    return text[text.find(separator) + len(separator) :] if separator in text else ""


def pad(text: str, size: str, fill: str) -> str:
    """The text with a filling, repeated and cut as needed, on its left, so that it has at least so many code points."""
    missing = whole("pad", "length", size, 0, 10_000) - len(text)
    return (fill * missing)[:missing] + text if missing > 0 else text
