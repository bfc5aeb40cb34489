"""When the load begins and ends."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import time
from typing import Any

import gevent
from gevent.event import Event
from locust import LoadTestShape, events


class Clock:
    """Seconds since the load began, which is when all users have been spawned."""

    def __init__(self) -> None:
        self.started = Event()
        self.zero = 0.0

    def start(self) -> None:
        """Let the load begin."""
        self.zero = time.monotonic()
        self.started.set()

    def now(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self.zero

    def sleep_until(self, moment: float) -> None:
        """Wait for a moment of the load."""
        self.started.wait()
        gevent.sleep(max(0.0, moment - self.now()))


CLOCK = Clock()


@events.test_start.add_listener
def hold_users(**_: Any) -> None:
    """Let the users wait until all of them are there."""
    CLOCK.started.clear()


@events.spawning_complete.add_listener
def start_load(**_: Any) -> None:
    """Let the users go."""
    CLOCK.start()


class PlannedLoad(LoadTestShape):
    """Spawns every user of the plan, and ends the run when the last one is done.

    Ramps, rates, iterations and durations are kept by the users themselves. A user who
    is in an iteration when the time is up has 30 seconds to end it.
    """

    grace = 30.0

    def tick(self) -> tuple[int, float] | None:
        """All users until the end of the run, then None."""
        assert self.runner
        users = self.runner.user_classes
        end = max(getattr(user, "duration", 0.0) for user in users) + self.grace
        if CLOCK.started.is_set() and (not self.runner.user_count or CLOCK.now() > end):
            return None
        count = sum(user.fixed_count for user in users)
        return count, min(count, 100)
