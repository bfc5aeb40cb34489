"""The versions of the runtimes that this version of Loadwright is tested with, and where they are kept."""

from __future__ import annotations

import os
from pathlib import Path

JMETER_VERSION = "5.6.3"
K6_VERSION = "2.2.0"
NAMES = ("locust", "k6", "jmeter")
"""The runtimes; Locust, the default, is installed with Loadwright."""


def cache_folder() -> Path:
    """`LOADWRIGHT_CACHE`, else `loadwright` in the user's cache folder (XDG Base Directory specification)."""
    if own := os.environ.get("LOADWRIGHT_CACHE"):
        return Path(own).expanduser().absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "loadwright"


def cached_k6() -> Path:
    """Where the pinned k6 is installed to."""
    return cache_folder() / f"k6-{K6_VERSION}" / "k6"


def cached_jmeter() -> Path:
    """The home folder that the pinned JMeter is installed to."""
    return cache_folder() / f"jmeter-{JMETER_VERSION}"
