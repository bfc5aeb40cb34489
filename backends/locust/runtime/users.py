"""Users who make one iteration after the other."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import itertools
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import brotli
import gevent
from locust import FastHttpUser, task
from locust.env import Environment
from locust.exception import StopUser

from loadwright.backends.locust.runtime.answers import Response
from loadwright.backends.locust.runtime.chance import SEED, RandomNumbers
from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.network import (
    Failure,
    Headers,
    VerbatimAgent,
    failure_of,
    wire_headers,
)
from loadwright.backends.locust.runtime.settings import setting


class JourneyUser(FastHttpUser):
    """Makes one iteration of a journey after the other, each with an empty cookie jar.

    A failed request is reported with its reason and ends the iteration.
    """

    abstract = True
    iterations = math.inf
    duration = math.inf  # seconds
    ramp = 0.0  # seconds
    timeout = 60.0  # seconds for a request and its answer
    network_timeout = connection_timeout = 86_400.0  # so that only `timeout` counts
    # Certificates are verified unless LOADWRIGHT_INSECURE=1.
    insecure = os.environ.get("LOADWRIGHT_INSECURE") == "1"
    journey: Callable[[], None]
    journey_name = ""
    numbers: Iterator[int]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.numbers = itertools.count()

    def __init__(self, environment: Environment):
        super().__init__(environment)
        agent = self.client.client
        self.client.client = VerbatimAgent(
            client_pool=agent.clientpool,
            cookiejar=agent.cookiejar,
            headers=wire_headers(self.default_headers or {}),
            max_redirects=agent.max_redirects,
            max_retries=0,
        )
        self.number = 0  # of this user in its workload
        self.turn: int | str = 0  # the number of the iteration
        self.counters: Counter[str] = Counter()
        self.random_numbers: Any = None
        self.iteration_count = 0
        self.step_name = ""
        self.busy = 0.0  # milliseconds spent in requests

    def context(self) -> dict[str, str]:
        """What listeners of the request event are told about a request."""
        return {"step": self.step_name}

    def on_start(self) -> None:
        """Wait for this user's turn in the ramp."""
        self.number = next(self.numbers) % self.fixed_count
        CLOCK.sleep_until(self.number * self.ramp / self.fixed_count)

    def on_stop(self) -> None:
        """Close this user's connections."""
        self.client.client.clientpool.close()

    @task
    def iteration(self) -> None:
        """Make one iteration, unless this user is done."""
        if self.iteration_count >= self.iterations or CLOCK.now() >= self.duration:
            raise StopUser
        self.turn = self.iteration_count
        self.iteration_count += 1
        self.iterate()

    def iterate(self) -> None:
        """Make one iteration."""
        self.client.cookiejar.clear()
        started = time.time()
        try:
            self.journey()
        except Failure as failure:
            self.report_once(self.journey_name, started, failure)

    @property
    def random(self) -> RandomNumbers:
        """The random numbers of this iteration."""
        key = f"{SEED}:{self.journey_name}:{self.number}:{self.turn}"
        if self.random_numbers is None or self.random_numbers.key != key:
            self.random_numbers = RandomNumbers(key)
        numbers: RandomNumbers = self.random_numbers
        return numbers

    def count_up(self, name: str) -> str:
        """The next number of a counter of this user."""
        self.counters[name] += 1
        return str(self.counters[name])

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Report the requests of the block as one transaction; pauses do not count."""
        started, busy = time.time(), self.busy
        self.step_name = name
        try:
            yield
        except Exception as error:
            failure = failure_of(error)
            if failure is error:
                self.report_once(name, started, failure)
            self.report("STEP", name, started, self.busy - busy, failure)
            raise
        finally:
            self.step_name = ""
        self.report("STEP", name, started, self.busy - busy)

    def report_once(self, name: str, started: float, failure: Failure) -> None:
        """Tell of a failure of the script itself, which belongs to no request."""
        if not failure.reported:
            self.report("SCRIPT", name, started, 0.0, failure)
        failure.reported = True

    def report(
        self,
        request_type: str,
        name: str,
        started: float,
        elapsed: float,
        failure: Failure | None = None,
    ) -> None:
        """Tell Locust of something that is not an answer."""
        self.environment.events.request.fire(
            request_type=request_type,
            name=name,
            start_time=started,
            response_time=elapsed,
            response_length=0,
            response=None,
            exception=failure,
            context=self.context(),
            url=None,
        )

    @contextmanager
    def request(
        self,
        method: str,
        url: str,
        *,
        name: str,
        headers: Headers | None = None,
        body: Any = None,
        timeout: float | None = None,
        max_redirects: int = 0,
    ) -> Iterator[Response]:
        """Send a request; what fails in the block is reported as its failure."""
        started, clock = time.time(), time.perf_counter()
        try:
            if not url.lower().startswith(("http://", "https://")):
                raise ValueError("no absolute URL")
            # When the time is up, the client makes this an answer with an exception.
            with gevent.Timeout(timeout or self.timeout):
                answer = self.client.request(
                    method,
                    url,
                    name=name,
                    headers=wire_headers(headers or {}),
                    data=body,
                    max_redirects=max_redirects,
                    catch_response=True,
                )
        except (ValueError, RuntimeError, brotli.error) as error:
            # It could not be sent, or not be decoded: Locust has reported nothing yet.
            reason = f"bad request or answer ({type(error).__name__})"
            failure = Failure(f"network: {reason}")
            elapsed = (time.perf_counter() - clock) * 1000
            self.busy += elapsed
            failure.reported = True
            self.report(method, name, started, elapsed, failure)
            raise failure from None
        self.busy += answer.request_meta["response_time"]
        if answer.request_meta["exception"]:
            self.client.client.clientpool.close()  # no connection is known to be good
        with answer:
            try:
                yield Response(answer)
            except Exception as error:
                failure = failure_of(error)
                failure.reported = True
                answer.failure(failure)
                raise
            answer.success()

    def fetch(self, method: str, url: str, **options: Any) -> None:
        """Send a request of which nothing but a good status is expected."""
        with self.request(method, url, **options) as response:
            response.expect_status()

    def parallel(self, *requests: Callable[[], None]) -> None:
        """Send requests at the same time; go on when all have ended."""
        busy, started = self.busy, time.perf_counter()
        greenlets = [gevent.spawn(attempt, request) for request in requests]
        try:
            gevent.joinall(greenlets)
        finally:
            gevent.killall(greenlets)
        self.busy = busy + (time.perf_counter() - started) * 1000
        for greenlet in greenlets:
            if failure := greenlet.get():
                raise failure

    def think(self, shortest: float, longest: float) -> None:
        """Pause for a random time between two numbers of seconds.

        LOADWRIGHT_THINK is a factor on all pauses.
        """
        pause = shortest
        if longest > shortest:
            pause += self.random.unit() * (longest - shortest)
        gevent.sleep(pause * setting("THINK", 1))


def attempt(request: Callable[[], None]) -> Failure | None:
    """The failure that a request ends with, if any."""
    try:
        request()
    except Failure as failure:
        return failure
    return None
