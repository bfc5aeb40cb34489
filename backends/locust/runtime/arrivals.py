"""Iterations that start at a rate."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from gevent.pool import Pool
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.settings import logger
from loadwright.backends.locust.runtime.users import JourneyUser


class Arrivals(User):
    """Starts iterations of a journey at a rate, whether or not others have ended."""

    abstract = True
    fixed_count = 1
    visitor: type[JourneyUser]
    rate: float  # iterations per second
    duration: float  # seconds
    ramp = 0.0  # seconds in which the rate rises from zero
    max_in_flight = 1000

    def __init__(self, environment: Environment):
        super().__init__(environment)
        self.idle: list[JourneyUser] = []
        self.data_left = True

    @task
    def dispatch(self) -> None:
        """Start all iterations, and wait for the last ones to end."""
        pool = Pool(self.max_in_flight)
        dropped = 0
        try:
            for number, moment in enumerate(self.moments()):
                CLOCK.sleep_until(moment)
                if not self.data_left:
                    break
                if pool.full():
                    dropped += 1
                else:
                    pool.spawn(self.visit, number)
            pool.join()
        finally:
            pool.kill()
            for visitor in self.idle:
                visitor.on_stop()
            if dropped:
                logger.warning(
                    "%s: %d arrivals dropped, since %d iterations were in flight",
                    self.visitor.__name__,
                    dropped,
                    self.max_in_flight,
                )
        raise StopUser

    def moments(self) -> Iterator[float]:
        """When the iterations start."""
        in_ramp = self.rate * self.ramp / 2
        for number in itertools.count():
            if number < in_ramp:
                moment = math.sqrt(2 * number * self.ramp / self.rate)
            else:
                moment = number / self.rate + self.ramp / 2
            if moment >= self.duration:
                return
            yield moment

    def visit(self, number: int) -> None:
        """Make one iteration, with a session that no other iteration uses."""
        visitor = self.idle.pop() if self.idle else self.visitor(self.environment)
        visitor.number = number
        visitor.counters.clear()
        try:
            visitor.iterate()
        except StopUser:
            self.data_left = False
        except Exception as error:
            self.environment.events.user_error.fire(
                user_instance=visitor, exception=error, tb=error.__traceback__
            )
            logger.exception("error in the journey of %s", self.visitor.__name__)
        self.idle.append(visitor)
