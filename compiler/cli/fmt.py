"""`loadwright fmt`."""

from __future__ import annotations

from pathlib import Path

from loadwright.compiler.cli.guard import FINDINGS, FINE
from loadwright.compiler.format import format_intent
from loadwright.compiler.intent import read_text


def fmt(path: Path, check: bool = False) -> int:
    """Bring an intent file into its one layout; with `check` only tell whether it is (1 when not).

    Raises LoadwrightError when the file cannot be read as an intent.
    """
    text = read_text(path)
    formatted = format_intent(text, str(path))
    if formatted == text:
        return FINE
    if check:
        print(f"{path}: not in its one layout")
        return FINDINGS
    path.write_text(formatted, "utf-8", newline="\n")
    return FINE
