"""Shows diagnostics with the lines they speak of."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error, each with its line of source where that can be read."""
    found = tuple(diagnostics)
    if not found:
        return
    from loadwright.compiler.reports.text import as_text

    print(as_text(found, sources(found)).rstrip("\n"), file=sys.stderr)


def sources(diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    """The texts that diagnostics speak of, by the path that their spans have; without those that cannot be read."""
    texts: dict[str, str] = {}
    for path in {d.span.path for d in diagnostics if d.span}:
        try:
            texts[path] = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # the message and the place stand without the line
    return texts
