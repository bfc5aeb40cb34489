"""What the layout of a text tells without reading it: blocks, lines, indentation. Used where a text is outside the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_PIECE = re.compile(r"#[^\n]*|(?<=\s)/(?:\\[^\r\n]|[^/\\\r\n])+/|\n|[^\S\n]+|\w+|.", re.DOTALL)


_DEEPEST = 20
"""Texts in values in texts; deeper is no text that somebody wrote."""


class Mark(Struct, frozen=True):
    """A place where a statement may start or a block may end."""

    position: int
    depth: int
    """Blocks that are open there, counted from where the search started."""
    closes: bool
    """It is the `}` that ends the block around the search's start."""
    first: bool
    """It is the first on its line."""


def marks(text: str, start: int) -> Iterator[Mark]:
    """The marks from a place outside quotes on; braces in quotes, patterns and comments do not count."""
    depth, first, follows, position = 0, not text[line_start(text, start) : start].strip(), False, start
    while position < len(text):
        match = _PIECE.match(text, position)
        piece = match[0] if match else text[position]
        if piece == "\n":
            first = True
        elif not piece.isspace() and piece[0] != "#":
            if piece == "}" and depth == 0:
                yield Mark(position, 0, True, first)
            elif (first or follows) and piece not in ("}", ";"):
                yield Mark(position, depth, False, first)
            depth = max(0, depth + (piece == "{") - (piece == "}"))
            first, follows = False, piece in ("}", ";")
        position = after_text(text, position) if piece == '"' else position + len(piece)


def after_text(text: str, quote: int) -> int:
    """The place after the quoted text that starts at `quote`; right after the quote when nothing closes it on its line."""
    end = text.find("\n", quote)
    line = text[quote : len(text) if end < 0 else end]
    closed = _nested_end(line)
    if closed is None:
        match = re.match(r'"(?:\\.|[^"\\])*"', line)
        closed = match.end() if match else 1
    return quote + closed


def _nested_end(line: str) -> int | None:
    """The end of the text at the start of a line, with texts inside its values, or None when they do not come out even."""
    inside, position = ['"'], 1
    while position < len(line) and len(inside) < _DEEPEST:
        character = line[position]
        if inside[-1] == '"' and character == "\\":
            position += 1
        elif inside[-1] == '"' and line.startswith("${", position):
            inside.append("{")
            position += 1
        elif character == inside[-1].replace("{", "}"):
            inside.pop()
            if not inside:
                return position + 1
        elif character == '"':
            inside.append('"')
        position += 1
    return None


def line_start(text: str, position: int) -> int:
    """Where the line of a place starts."""
    return text.rfind("\n", 0, position) + 1


def indentation(text: str, position: int) -> int:
    """How far the line of a place is indented, in characters."""
    start = line_start(text, position)
    match = re.compile(r"[ \t]*").match(text, start)
    return match.end() - start if match else 0


def is_first(text: str, position: int) -> bool:
    """Whether nothing but white space stands before a place on its line."""
    return not text[line_start(text, position) : position].strip()


def badly_closed(text: str, start: int, end: int) -> int | None:
    """The `{` between two places whose `}` stands further left than its line starts: most likely it lacks its own."""
    opened: list[int] = []
    position = start
    while position < end:
        match = _PIECE.match(text, position)
        piece = match[0] if match else text[position]
        if piece == "{":
            opened.append(position)
        elif piece == "}" and opened:
            brace = opened.pop()
            if is_first(text, position) and indentation(text, position) < indentation(text, brace):
                return brace
        position = after_text(text, position) if piece == '"' else position + len(piece)
    return None
