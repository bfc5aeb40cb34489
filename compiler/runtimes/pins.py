"""The versions of the runtimes that this version of Loadwright is tested with, and where they are kept."""

from __future__ import annotations

from pathlib import Path

from loadwright.compiler.cache import cache_folder as cache_folder

JMETER_VERSION = "5.6.3"
K6_VERSION = "2.2.0"
NAMES = ("locust", "k6", "jmeter")
"""The runtimes; Locust, the default, is installed with Loadwright."""


def cached_k6() -> Path:
    """Where the pinned k6 is installed to."""
    return cache_folder() / f"k6-{K6_VERSION}" / "k6"


def cached_jmeter() -> Path:
    """The home folder that the pinned JMeter is installed to."""
    return cache_folder() / f"jmeter-{JMETER_VERSION}"
