"""Diagnostics as annotations of GitHub Actions: workflow commands in the log that the web page shows beside the lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loadwright.compiler.diagnostics import Diagnostic, Severity

MOST_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows of one step; it drops the rest without a word."""


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics as workflow commands in their order; of each level the tenth says how many more there are."""
    found = tuple(diagnostics)
    lines: dict[Severity, list[str]] = {severity: [] for severity in Severity}
    for severity, written in lines.items():
        of_level = [diagnostic for diagnostic in found if diagnostic.severity is severity]
        shown = of_level if len(of_level) <= MOST_OF_A_LEVEL else of_level[: MOST_OF_A_LEVEL - 1]
        written += [_command(diagnostic) for diagnostic in shown]
        written += [_rest(severity, of_level[len(shown) :])] if len(shown) < len(of_level) else []
    return "".join(f"{line}\n" for written in lines.values() for line in written)


def _command(diagnostic: Diagnostic) -> str:
    hint = f"\n{diagnostic.hint}" if diagnostic.hint else ""
    place = "" if diagnostic.span or not diagnostic.place else f"{diagnostic.place}: "
    properties = {"title": str(diagnostic.code)}
    span = diagnostic.span
    if span:
        columns = {"col": str(span.column), "endColumn": str(span.end_column)} if span.end_line == span.line else {}
        lines = {"file": span.path, "line": str(span.line), "endLine": str(span.end_line)}
        properties = {**lines, **columns, **properties}  # columns only have a meaning on one line
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{diagnostic.severity.value} {written}::{_data(place + diagnostic.message + hint)}"


def _rest(severity: Severity, rest: Sequence[Diagnostic]) -> str:
    places = [diagnostic.where for diagnostic in rest if diagnostic.where]
    more = f"{len(rest)} more {severity.value}s; run `loadwright check` to see all"
    return f"::{severity.value} title=more findings::{_data(f'{more}; the next is at {places[0]}' if places else more)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
