"""`loadwright fmt`."""

from __future__ import annotations

import sys
from pathlib import Path

from loadwright.compiler.cli.guard import FINDINGS, FINE
from loadwright.compiler.format import format_intent
from loadwright.compiler.intent import read_text


def fmt(path: Path, check: bool = False) -> int:
    """Bring an intent file into its one layout; with `check` only tell whether it is (1 when not).

    `-` reads the text from standard input and prints it in its layout. Raises LoadwrightError when it cannot be read as an intent.
    """
    if str(path) == "-":
        return _through(check)
    text = read_text(path)
    formatted = format_intent(text, str(path))
    if formatted == text:
        return FINE
    if check:
        print(f"{path}: not in its one layout")
        return FINDINGS
    path.write_text(formatted, "utf-8", newline="\n")
    return FINE


def _through(check: bool) -> int:
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    formatted = format_intent(text, "<stdin>")
    if not check:
        sys.stdout.write(formatted)
    elif formatted != text:
        print("<stdin>: not in its one layout")
        return FINDINGS
    return FINE
