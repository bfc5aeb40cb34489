"""Users who make one iteration after the other."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NoReturn

import gevent
from locust import task
from locust.env import Environment
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING

from loadwright.backends.locust.runtime.chance import SEED, RandomNumbers
from loadwright.backends.locust.runtime.client import RequestingUser
from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.load_line import Line
from loadwright.backends.locust.runtime.network import Failure, failure_of
from loadwright.backends.locust.runtime.reports import (
    EndIteration,
    EndUser,
    Interrupted,
    OutOfRows,
)
from loadwright.backends.locust.runtime.settings import setting
from loadwright.backends.locust.runtime.workers import SHARD, place


class JourneyUser(RequestingUser):
    """Makes one iteration of a journey after the other.

    A failed request is reported with its reason and ends the iteration.
    """

    abstract = True
    line: Line  # how many users there are, and when
    iterations = math.inf  # of each user
    pacing = 0.0  # seconds from the start of an iteration to that of the next
    grace = 30.0  # seconds that iterations have to end when their time is up
    keeps_cookies = False  # whether the jar outlives the iteration
    journey: Callable[[], None]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.fixed_count = len(SHARD.own(math.ceil(cls.line.highest)))

    def __init__(self, environment: Environment):
        super().__init__(environment)
        self.number = 0  # of this user in its workload
        self.begin()

    def begin(self) -> None:
        """Be a new user, who knows of nothing."""
        self.client.cookiejar.clear()
        self.turn = 0  # the number of the iteration
        self.part = ""  # what is done apart from iterations
        self.step_name = ""
        self.busy = 0.0  # milliseconds spent in requests
        self.kept = SimpleNamespace()  # what the parts of the journey share
        self.counters: Counter[str] = Counter()
        self.row_numbers: Counter[str] = Counter()
        self.random_numbers: Any = None
        self.out_of_rows = False

    def set_up(self) -> None:
        """What is done before the first iteration."""

    def tear_down(self) -> None:
        """What is done after the last iteration."""

    @task
    def live(self) -> None:
        """Be there when the load asks for this user, each time as a new one."""
        self.number, _ = place(self)
        for start, end in self.line.presence(self.number):
            CLOCK.sleep_until(start)
            self.live_until(end)
        raise StopUser

    def live_until(self, end: float) -> None:
        """Set up, make iterations while there is time, tear down."""
        self.begin()
        left = self.line.length + self.grace - CLOCK.now()
        with (
            suppress(Interrupted),
            gevent.Timeout(None if math.isinf(left) else max(left, 0), Interrupted()),
        ):
            try:
                if not self.perform("setup", self.set_up):
                    return
                self.iterate_until(end)
            except OutOfRows:
                self.out_of_rows = True
                if not self.busy:
                    return  # there is nothing to tear down
            except EndUser:
                pass
            with suppress(EndUser):
                self.perform("teardown", self.tear_down)

    def iterate_until(self, end: float) -> None:
        """Make iterations while there is time."""
        while self.turn < self.iterations and CLOCK.now() < end:
            started = CLOCK.now()
            self.iterate()
            self.turn += 1
            if self._state == LOCUST_STATE_STOPPING:
                raise StopUser
            if self.pacing:
                CLOCK.sleep_until(min(started + self.pacing, end))

    def iterate(self) -> None:
        """Make one iteration, and report it."""
        if not self.keeps_cookies:
            self.client.cookiejar.clear()
        started, clock = time.time(), time.perf_counter()

        def report(failure: Failure | None = None) -> None:
            elapsed = (time.perf_counter() - clock) * 1000
            self.tell("iteration", self.journey_name, started, elapsed, failure)

        try:
            self.perform("", self.journey)
        except OutOfRows:
            raise
        except EndUser:
            report()
            raise
        except Failure as failure:
            report(failure)
        else:
            report()

    def perform(self, name: str, part: Callable[[], None]) -> bool:
        """Do a part of the journey; of one that is no iteration, whether it passed."""
        self.part = name
        self.random_numbers = None
        started = time.time()
        try:
            part()
        except EndIteration:
            return True
        except EndUser:
            raise
        except Exception as error:
            failure = failure_of(error)
            self.report_once(self.journey_name, started, failure)
            if not name:
                raise failure from error
            return False
        return True

    @property
    def random(self) -> RandomNumbers:
        """The random numbers of this iteration."""
        if self.random_numbers is None:
            turn = self.part or self.turn
            key = f"{SEED}:{self.journey_name}:{self.number}:{turn}"
            self.random_numbers = RandomNumbers(key)
        numbers: RandomNumbers = self.random_numbers
        return numbers

    def own_number(self) -> str:
        """The number of this user, from 1."""
        return str(self.number + 1)

    def iteration_number(self) -> str:
        """The number of this iteration, from 1."""
        return str(self.turn + 1)

    def count_up(self, name: str) -> str:
        """The next number of a counter of this user."""
        self.counters[name] += 1
        return str(self.counters[name])

    def think(self, shortest: float, longest: float) -> None:
        """Pause for a random time between two numbers of seconds.

        LOADWRIGHT_THINK is a factor on all pauses.
        """
        pause = shortest
        if longest > shortest:
            pause += self.random.unit() * (longest - shortest)
        gevent.sleep(pause * setting("THINK", 1))

    def choose(self, *shares: float) -> int | None:
        """The number of one of several ways by chance, given their cumulated shares."""
        unit = self.random.unit()
        return next((n for n, share in enumerate(shares) if unit < share), None)

    def fail(self, message: str) -> NoReturn:
        """End the iteration with a failure."""
        failure = Failure(f"flow: {message}")
        self.report_once(message, time.time(), failure)
        raise failure
