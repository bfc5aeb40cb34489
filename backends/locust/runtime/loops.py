"""Loops."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import re
from collections.abc import Iterator

import gevent


def passes(times: str | int) -> Iterator[str]:
    """The numbers of so many passes, from 1; none for what is no whole number."""
    if re.fullmatch("[0-9]+", str(times)):
        yield from (str(number + 1) for number in range(int(times)))


class Loop:
    """Counts the passes of a loop, and pauses between them."""

    def __init__(self, at_most: int, every: float = 0.0):
        self.left = at_most
        self.pause = 0.0
        self.every = every  # seconds

    def again(self) -> bool:
        """Whether there may be another pass; it may start at once."""
        if not self.left:
            return False
        self.left -= 1
        gevent.sleep(self.pause)
        self.pause = self.every
        return True
