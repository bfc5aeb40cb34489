"""Users who make one iteration after the other."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import Cookie
from types import SimpleNamespace
from typing import Any, NoReturn
from urllib.parse import urlsplit

import brotli
import gevent
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastHttpSession, ResponseContextManager
from locust.env import Environment
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING
from websocket import WebSocketBadStatusException

from loadwright.backends.locust.runtime.answers import Response
from loadwright.backends.locust.runtime.chance import SEED, RandomNumbers
from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.load_line import Line
from loadwright.backends.locust.runtime.network import (
    Failure,
    Headers,
    VerbatimAgent,
    failure_of,
    network_failure,
    no_answer,
    wire_headers,
)
from loadwright.backends.locust.runtime.reports import (
    FLOW_FAILURES,
    SAMPLES,
    EndIteration,
    EndUser,
    Interrupted,
    OutOfRows,
)
from loadwright.backends.locust.runtime.settings import Connection, setting
from loadwright.backends.locust.runtime.streams import (
    STREAM_ERRORS,
    EventStream,
    WebSocket,
    new_websocket,
)
from loadwright.backends.locust.runtime.workers import SHARD, place


class JourneyUser(FastHttpUser):
    """Makes one iteration of a journey after the other.

    A failed request is reported with its reason and ends the iteration.
    """

    abstract = True
    line: Line  # how many users there are, and when
    iterations = math.inf  # of each user
    pacing = 0.0  # seconds from the start of an iteration to that of the next
    grace = 30.0  # seconds that iterations have to end when their time is up
    keeps_cookies = False  # whether the jar outlives the iteration
    timeout = 60.0  # seconds for a request and its answer
    network_timeout = connection_timeout = 86_400.0  # so that only `timeout` counts
    journey: Callable[[], None]
    journey_name = ""

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.fixed_count = len(SHARD.own(math.ceil(cls.line.highest)))

    def __init__(self, environment: Environment):
        super().__init__(environment)
        self.sessions: dict[Connection, FastHttpSession] = {}
        self.client = self.session(Connection())
        self.number = 0  # of this user in its workload
        self.begin()

    def session(self, connection: Connection) -> FastHttpSession:
        """The client for a kind of connection; all have the same cookies."""
        if connection not in self.sessions:
            event = self.environment.events.request
            session = FastHttpSession(self.host, event, user=self)
            session.cookiejar = self.client.cookiejar
            session.client = VerbatimAgent(
                cookiejar=session.cookiejar,
                headers=wire_headers(self.default_headers or {}),
                max_redirects=self.max_redirects,
                max_retries=0,
                network_timeout=self.network_timeout,
                connection_timeout=self.connection_timeout,
                concurrency=self.concurrency,
                **connection.options(),
            )
            self.sessions[connection] = session
        return self.sessions[connection]

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

    def context(self) -> dict[str, str]:
        """What listeners of the request event are told about a request."""
        return {"step": self.step_name, "journey": self.journey_name}

    def on_stop(self) -> None:
        """Close this user's connections."""
        for session in self.sessions.values():
            session.client.close()

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
            self.random_numbers = None
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

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Report the requests of the block as one transaction; pauses do not count."""
        started, busy = time.time(), self.busy
        self.step_name = name
        try:
            yield
        except (EndIteration, EndUser):
            self.report("STEP", name, started, self.busy - busy)
            raise
        except Exception as error:
            failure = failure_of(error)
            self.report_once(name, started, failure)
            self.report("STEP", name, started, self.busy - busy, failure)
            raise failure from error
        finally:
            self.step_name = ""
        self.report("STEP", name, started, self.busy - busy)

    def report_once(self, name: str, started: float, failure: Failure) -> None:
        """Tell of a failure that belongs to no request."""
        if not failure.reported:
            FLOW_FAILURES.append(name)
            self.tell("flow", name, started, 0.0, failure)
        failure.reported = True

    def tell(
        self,
        kind: str,
        name: str,
        started: float,
        elapsed: float = 0.0,
        failure: Failure | None = None,
    ) -> None:
        """Tell of something that Locust's own statistics do not count."""
        SAMPLES.fire(
            kind=kind,
            name=name,
            start_time=started,
            response_time=elapsed,
            exception=failure,
            context=self.context(),
        )

    def report(
        self,
        request_type: str,
        name: str,
        started: float,
        elapsed: float,
        failure: Failure | None = None,
        response: Any = None,
    ) -> None:
        """Tell Locust of something that is no answer to a request."""
        self.environment.events.request.fire(
            request_type=request_type,
            name=name,
            start_time=started,
            response_time=elapsed,
            response_length=0,
            response=response,
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
        cookies: Iterable[Cookie] = (),
        retry: Any = None,  # a `Retry`
        **options: Any,
    ) -> Iterator[Response]:
        """Send a request; what fails in the block is reported as its failure."""
        for cookie in cookies:
            host = (urlsplit(url).hostname or "").lower()
            cookie.domain = host if "." in host else f"{host}.local"
            self.client.cookiejar.set_cookie(cookie)
        answer = self.send(method, url, name, **options)
        for pause in retry.pauses() if retry else ():
            if not retry.wants(answer):
                break
            with answer:
                answer.success()
            gevent.sleep(pause)
            answer = self.send(method, url, name, **options)
        with answer:
            try:
                yield Response(answer, self)
            except Exception as error:
                failure = failure_of(error)
                failure.reported = True
                answer.failure(failure)
                raise failure from error
            answer.success()

    def send(
        self,
        method: str,
        url: str,
        name: str,
        headers: Headers | None = None,
        body: Any = None,
        timeout: float | None = None,
        max_redirects: int = 0,
        digest: Any = None,  # a `Digest`
        stream: bool = False,
        connection: Connection | None = None,
    ) -> ResponseContextManager:
        """Send a request once; without an answer, it is one that holds the reason."""
        options = {"name": name, "data": body, "max_redirects": max_redirects}
        options |= {"stream": True} if stream else {}
        started, clock = time.time(), time.perf_counter()
        sent = wire_headers(headers or {})
        session = self.session(connection) if connection else self.client
        try:
            if not url.lower().startswith(("http://", "https://")):
                raise ValueError("no absolute URL")
            # When the time is up, the client makes this an answer with an exception.
            with gevent.Timeout(timeout or self.timeout):
                answer = session.request(
                    method, url, headers=sent, catch_response=True, **options
                )
                if digest and (proof := digest.proof(answer, method)):
                    sent["Authorization"] = proof
                    answer = session.request(
                        method, url, headers=sent, catch_response=True, **options
                    )
        except (ValueError, RuntimeError, brotli.error) as error:
            # It could not be sent, or not be decoded.
            answer = no_answer(self, method, name, error)
        answer.request_meta["start_time"] = started
        answer.request_meta["response_time"] = (time.perf_counter() - clock) * 1000
        self.busy += answer.request_meta["response_time"]
        if answer.request_meta["exception"]:
            session.client.close()  # no connection is known to be good
        return answer

    @contextmanager
    def open_websocket(
        self,
        url: str,
        *,
        name: str,
        headers: Headers | None = None,
        timeout: float | None = None,
        connection: Connection | None = None,
    ) -> Iterator[WebSocket]:
        """Open a WebSocket, and close it after the block."""
        started, clock = time.time(), time.perf_counter()
        stream, failure = WebSocket(self, url, 101), None
        try:
            limit = timeout or self.timeout
            with gevent.Timeout(limit, Failure("network: timeout")):
                way = connection or Connection()
                stream.socket = new_websocket(self, url, headers or {}, limit, way)
        except WebSocketBadStatusException as error:
            stream.status = error.status_code
            failure = Failure(f"status: expected 101, got {stream.status}")
        except STREAM_ERRORS as error:
            stream.status = 0
            failure = network_failure(error)
        elapsed = (time.perf_counter() - clock) * 1000
        self.busy += elapsed
        answer = SimpleNamespace(status_code=stream.status)
        self.report("GET", name, started, elapsed, failure, answer)
        if failure:
            failure.reported = True
            raise failure
        try:
            yield stream
        finally:
            stream.socket.close()

    @contextmanager
    def open_events(
        self,
        url: str,
        *,
        name: str,
        headers: Headers | None = None,
        **options: Any,
    ) -> Iterator[EventStream]:
        """Open a stream of server-sent events, and close it after the block."""
        sent = {"Accept": "text/event-stream"} | (headers or {})
        answer = self.send("GET", url, name, sent, stream=True, **options)
        failure = None
        if error := answer.request_meta["exception"]:
            failure = network_failure(error)
        elif answer.status_code != 200:
            failure = Failure(f"status: expected 200, got {answer.status_code}")
        with answer:
            answer.failure(failure) if failure else answer.success()
        if failure:
            failure.reported = True
            raise failure
        try:
            yield EventStream(self, url, 200, answer.stream)
        finally:
            answer.release()

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

    def choose(self, *shares: float) -> int | None:
        """The number of one of several ways by chance, given their cumulated shares."""
        unit = self.random.unit()
        return next((n for n, share in enumerate(shares) if unit < share), None)

    def fail(self, message: str) -> NoReturn:
        """End the iteration with a failure."""
        failure = Failure(f"flow: {message}")
        self.report_once(message, time.time(), failure)
        raise failure


def attempt(request: Callable[[], None]) -> Failure | None:
    """The failure that a request ends with, if any."""
    try:
        request()
    except Failure as failure:
        return failure
    return None


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


@dataclass(frozen=True)
class Retry:
    """How often, and when, a request is sent again."""

    times: int
    statuses: tuple[int, ...] = ()
    network: bool = False  # whether also when there was no answer
    wait: float = 0.0  # seconds before the first further attempt
    backoff: float = 1.0  # what each pause is multiplied with for the next one

    def pauses(self) -> list[float]:
        """The pauses before the further attempts."""
        return [self.wait * self.backoff**number for number in range(self.times)]

    def wants(self, answer: ResponseContextManager) -> bool:
        """Whether a request is to be sent again after an answer."""
        if answer.request_meta["exception"]:
            return self.network
        return answer.status_code in self.statuses
