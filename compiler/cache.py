"""Where files are kept that can be made again: runtimes, and the tables of the grammar."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """`LOADWRIGHT_CACHE`, else `loadwright` in the user's cache folder (XDG Base Directory specification)."""
    if own := os.environ.get("LOADWRIGHT_CACHE"):
        return Path(own).expanduser().absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "loadwright"
