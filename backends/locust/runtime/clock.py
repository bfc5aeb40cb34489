"""When the load begins and ends."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import os
import time
from typing import Any

import gevent
from gevent.event import Event
from locust import LoadTestShape, events
from locust.runners import MasterRunner


class Clock:
    """Seconds since the load began, which is when all users have been spawned."""

    def __init__(self) -> None:
        self.started = Event()
        self.zero = 0.0
        self.date = 0.0  # of the beginning, seconds since 1970

    def start(self) -> None:
        """Let the load begin."""
        self.zero = time.monotonic()
        self.date = time.time()
        self.started.set()

    def now(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self.zero

    def of(self, date: float) -> float:
        """Seconds from the beginning of the load to a date, in seconds since 1970."""
        return date - self.date

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

    When each of them is there, what it does, and how long it has to end that, is kept
    by the users themselves. It begins when all workers have told the master of their
    users: Locust waits a second for that, and users unknown by then would look like
    ones who have ended.
    """

    def __init__(self) -> None:
        super().__init__()
        wait = "LOCUST_WAIT_FOR_WORKERS_REPORT_AFTER_RAMP_UP"
        os.environ.setdefault(wait, "30")

    def tick(self) -> tuple[int, float] | None:
        """All users until the end of the run, then None."""
        assert self.runner
        if CLOCK.started.is_set() and not self.runner.user_count:
            return None
        if isinstance(self.runner, MasterRunner) and not CLOCK.started.is_set():
            for user in self.runner.user_classes:
                if hasattr(user, "visitor"):  # arrivals are shared by all workers
                    user.fixed_count = max(self.runner.worker_count, 1)
        count = sum(user.fixed_count for user in self.runner.user_classes)
        return count, max(1, min(count, 100))
