"""Iterations that start at a rate."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import itertools
import math
import time

from gevent.pool import Pool
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.settings import logger
from loadwright.backends.locust.runtime.users import JourneyUser
from loadwright.backends.locust.runtime.workers import place


class Arrivals(User):
    """Starts iterations of a journey at a rate, whether or not others have ended.

    Each arrival is a user of its own.
    """

    abstract = True
    fixed_count = 1
    visitor: type[JourneyUser]
    max_in_flight = 1000

    def __init__(self, environment: Environment):
        super().__init__(environment)
        self.idle: list[JourneyUser] = []
        self.dropped = 0
        self.data_left = True

    @task
    def dispatch(self) -> None:
        """Start all iterations, and wait for the last ones to end."""
        index, count = place(self)
        bound = len(range(index, self.max_in_flight, count))  # shared too
        pool = Pool(max(bound, 1))
        try:
            moments = enumerate(self.visitor.line.moments())
            for number, moment in itertools.islice(moments, index, None, count):
                CLOCK.sleep_until(moment)
                if not self.data_left:
                    break
                self.arrive(pool, number)
            pool.join()
        finally:
            pool.kill()
            for visitor in self.idle:
                visitor.on_stop()
            if self.dropped:
                logger.warning(
                    "%s: %d arrivals dropped, since %d iterations were in flight",
                    self.visitor.__name__,
                    self.dropped,
                    pool.size,
                )
        raise StopUser

    def arrive(self, pool: Pool, number: int) -> None:
        """Let a new user come, unless there are too many."""
        visitor = self.idle.pop() if self.idle else self.visitor(self.environment)
        if pool.full():
            self.dropped += 1
            visitor.tell("dropped", visitor.journey_name, time.time())
            self.idle.append(visitor)
        else:
            pool.spawn(self.visit, visitor, number)

    def visit(self, visitor: JourneyUser, number: int) -> None:
        """Make one iteration, with a session that no other iteration uses."""
        visitor.number = number
        visitor.live_until(math.inf)
        self.data_left = self.data_left and not visitor.out_of_rows
        self.idle.append(visitor)
