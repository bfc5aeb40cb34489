"""JSON with the place of everything (RFC 8259)."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.documents.tree import DEEPEST, Entry, Mapping, Scalar, Sequence
from loadwright.compiler.source import Span

_STRINGS = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


def read_json(text: str, path: str) -> Entry:
    """The tree of a JSON document; `path` is what spans call it. Raises LoadwrightError for what is no JSON."""
    reader = _Reader(text.removeprefix("\ufeff"), path)
    entry, end = reader.value(reader.skip(0), 0)
    if reader.skip(end) < len(reader.text):
        raise reader.error("there is more than one value", "delete the rest", reader.skip(end))
    return entry


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text, self._path = text, path
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def skip(self, position: int) -> int:
        """Where white space ends."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def _place(self, position: int) -> tuple[int, int]:
        line = bisect_right(self._lines, position)
        return line, position - self._lines[line - 1] + 1

    def _span(self, start: int, end: int) -> Span:
        (line, column), (end_line, end_column) = self._place(start), self._place(end)
        return Span(path=self._path, line=line, column=column, end_line=end_line, end_column=end_column)

    def error(self, message: str, hint: str, position: int) -> LoadwrightError:
        """The error at a place."""
        return LoadwrightError(
            Diagnostic(Code.SYNTAX, f"the document is no JSON: {message}", hint, self._span(position, position + 1))
        )

    def value(self, start: int, depth: int) -> tuple[Entry, int]:
        """The value that starts there, and where it ends."""
        if depth > DEEPEST:
            raise self.error("it is nested too deeply here", "write it out flat", start)
        match self.text[start : start + 1]:
            case "{":
                return self._mapping(start, depth)
            case "[":
                return self._sequence(start, depth)
            case '"':
                return self._string(start)
        word = _WORD.match(self.text, start)
        if not word:
            raise self.error("a value is missing", "texts stand in double quotes; the last item has no comma after it", start)
        return Scalar(self._span(start, word.end()), word[0], quoted=False), word.end()

    def _string(self, start: int) -> tuple[Scalar, int]:
        try:
            text, end = _STRINGS.raw_decode(self.text, start)
        except JSONDecodeError as error:
            raise self.error(error.msg.lower(), "check quotes and backslashes", error.pos) from None
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.error("half a surrogate pair is no character", "take it out", start)
        return Scalar(self._span(start, end), text, quoted=True), end

    def _sequence(self, start: int, depth: int) -> tuple[Entry, int]:
        items: list[Entry] = []
        position = self.skip(start + 1)
        while self.text[position : position + 1] != "]":
            item, position = self.value(position, depth + 1)
            items.append(item)
            position = self._next(position, "]")
        return Sequence(self._span(start, position + 1), tuple(items)), position + 1

    def _mapping(self, start: int, depth: int) -> tuple[Entry, int]:
        items: list[tuple[Scalar, Entry]] = []
        position = self.skip(start + 1)
        while self.text[position : position + 1] != "}":
            if self.text[position : position + 1] != '"':
                raise self.error("a key is missing", "keys stand in double quotes; the last member has no comma after it", position)
            key, position = self._string(position)
            if any(key.text == known.text for known, _ in items):
                raise LoadwrightError(Diagnostic(Code.DUPLICATE, f"`{key.text}` is given twice", "keep one", key.span))
            position = self.skip(position)
            if self.text[position : position + 1] != ":":
                raise self.error("a `:` is missing", "write it after the key", position)
            value, position = self.value(self.skip(position + 1), depth + 1)
            items.append((key, value))
            position = self._next(position, "}")
        return Mapping(self._span(start, position + 1), tuple(items)), position + 1

    def _next(self, position: int, closing: str) -> int:
        """Where the next item starts, or the closing sign stands."""
        position = self.skip(position)
        if self.text[position : position + 1] == ",":
            after = self.skip(position + 1)
            if self.text[after : after + 1] == closing:
                raise self.error("there is a comma after the last item", "delete it", position)
            return after
        if self.text[position : position + 1] != closing:
            raise self.error(f"a `,` or `{closing}` is missing", "add it", position)
        return position
