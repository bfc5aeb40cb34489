"""Text as Python source: the only way from a plan's text into a locustfile."""

from __future__ import annotations


def literal(text: str) -> str:
    """A string literal of the text, in double quotes unless single ones need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(character, quote) for character in text) + quote


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
    return "".join(character * 2 if character in "{}" else _escaped(character, quote) for character in text)


def _escaped(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    return character if character.isprintable() else repr(character)[1:-1]


def comment(text: str) -> str:
    """Text as it can stand in a comment: on one line, nothing invisible."""
    visible = (c if c.isprintable() else repr(c)[1:-1] for c in text)
    return "".join(visible).rstrip()
