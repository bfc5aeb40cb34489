"""Text as Python source: the only way from a plan's text into a locustfile."""

from __future__ import annotations


def literal(text: str) -> str:
    """A string literal of the text, in double quotes where that needs no escape."""
    written = repr(text)
    if written[0] == "'" and '"' not in text:
        return f'"{written[1:-1]}"'
    return written


def raw_literal(text: str) -> str:
    """A literal of a regular expression: raw where that says the same."""
    plain = literal(text)
    if "\\" not in text or not text.isprintable() or text.endswith("\\"):
        return plain
    for quote in "\"'":
        if quote not in text:
            return f"r{quote}{text}{quote}"
    return plain


def text_inside(text: str, quote: str) -> str:
    """Text as it stands between such quotes in an f-string."""
    return "".join(_escaped(character, quote) for character in text)


def _escaped(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    if character in "{}":
        return character * 2
    return character if character.isprintable() else repr(character)[1:-1]


def comment(text: str) -> str:
    """Text as it can stand in a comment: on one line, nothing invisible."""
    visible = (c if c.isprintable() else repr(c)[1:-1] for c in text)
    return "".join(visible).rstrip()
