"""Lines for people on standard output: with colours and a spinner on a terminal, plain elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from loadwright.compiler.import_report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console


class Terminal:
    """Where a command tells what it does; quiet where its output is for programs."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console = _console() if not quiet and _is_terminal() else None

    def line(self, text: str = "", style: str | None = None) -> None:
        """Print one line as it is, but for characters that a terminal obeys."""
        text = visible(text)
        if self._console:
            self._console.print(text, soft_wrap=True, markup=False, emoji=False, style=style)
        elif not self._quiet:
            print(text)

    def named(self, name: str, text: str) -> None:
        """Print one line that begins with the name of what it is about."""
        if self._console:
            from rich.text import Text

            self._console.print(Text.assemble((visible(name), "bold"), f": {visible(text)}"), soft_wrap=True)
        else:
            self.line(f"{name}: {text}")

    @contextmanager
    def status(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show what is being done; the function that is given changes the text."""
        if self._console:
            with self._console.status(text) as status:
                yield status.update
        else:
            yield lambda text: None


def _is_terminal() -> bool:
    """Whether Rich may see a terminal; importing it costs every start, so it is asked only then."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR")) or os.environ.get("TTY_COMPATIBLE") == "1"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)
