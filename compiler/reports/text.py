"""Diagnostics for people: text with the line of source and an underline."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.source import Span

_WIDEST = 120
"""Characters of a line that are shown; longer ones are cut around the place."""

_BEFORE = 40
"""Characters that are shown before the place in a line that is cut."""


def as_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The diagnostics for people, in their order; `sources` holds the texts by the path that spans call them."""
    lines = {path: text.split("\n") for path, text in sources.items()}
    return "\n".join(_one(diagnostic, lines) for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic, lines: Mapping[str, Sequence[str]]) -> str:
    written = [f"{diagnostic.severity.value}[{diagnostic.code}]: {_clean(diagnostic.message)}"]
    hint = f"hint: {_clean(diagnostic.hint)}" if diagnostic.hint else ""
    span = diagnostic.span
    source = lines.get(span.path, ()) if span else ()
    if span and span.line <= len(source):
        margin = " " * len(str(span.line))
        shown, underline = _marked(source[span.line - 1].rstrip("\r"), span)
        written += [f"{margin}--> {_clean(diagnostic.where)}", f"{margin} |", f"{span.line} | {shown}", f"{margin} | {underline}"]
        written += [f"{margin} = {hint}"] if hint else []
    else:
        written += [f" --> {_clean(diagnostic.where)}"] if diagnostic.where else []
        written += [f"  = {hint}"] if hint else []
    return "\n".join(written) + "\n"


def _marked(line: str, span: Span) -> tuple[str, str]:
    """The line, cut where it is long, and the underline of the span's part on it."""
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(end, start + 1)
    cut = max(0, start - _BEFORE) if len(line) > _WIDEST else 0
    text = line[cut : cut + _WIDEST]
    head = "…" if cut else ""
    tail = "…" if cut + _WIDEST < len(line) else ""
    before, marked = head + text[: start - cut], text[start - cut : end - cut]
    return _clean(head + text + tail), " " * _columns(before) + "^" * max(1, _columns(marked))


def _columns(text: str) -> int:
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if character == "\t" or unicodedata.combining(character):
        return 1 if character == "\t" else 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _clean(text: str) -> str:
    """The text without what a terminal would obey: a tab as one space, other controls and directions as a sign."""
    return "".join(" " if c == "\t" else "\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") else c for c in text)
