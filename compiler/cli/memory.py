"""How a long command uses memory."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
"""The option of glibc's `mallopt` (malloc.h)."""
_LARGE = 1024 * 1024


def spare_memory() -> None:
    """Give the memory of large blocks back as soon as they are free.

    glibc keeps what pages took that were parsed and forgotten, up to a fifth of an import's peak; it gives large blocks back
    at once where the limit of what is large does not grow. Other C libraries do so by themselves.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
