"""The names of runtimes on a command line."""

from __future__ import annotations

from loadwright.compiler.cli.load import problem
from loadwright.compiler.runtimes.pins import NAMES


def runtime_names(text: str) -> tuple[str, ...]:
    """The runtimes of a list with commas; raises LoadwrightError for a name that is none, or for an empty list."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in NAMES]
    if unknown or not names:
        raise problem("bad-option", f"`{', '.join(unknown) or text}` is no runtime", f"there are: {', '.join(NAMES)}")
    return names
