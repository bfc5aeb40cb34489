"""A user's requests, and what is told of them."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import Cookie
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import brotli
import gevent
from locust import FastHttpUser
from locust.contrib.fasthttp import FastHttpSession, ResponseContextManager
from locust.env import Environment
from websocket import WebSocketBadStatusException

from loadwright.backends.locust.runtime.answers import Response
from loadwright.backends.locust.runtime.network import (
    BrowserCookies,
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
)
from loadwright.backends.locust.runtime.settings import Connection
from loadwright.backends.locust.runtime.streams import (
    STREAM_ERRORS,
    EventStream,
    WebSocket,
    new_websocket,
)

KEEP_ALIVE = {"Connection": "keep-alive"}  # else some servers close


class RequestingUser(FastHttpUser):
    """Sends requests as they are written, and reports each with its reason to fail."""

    abstract = True
    timeout = 60.0  # seconds for a request and its answer
    network_timeout = connection_timeout = 86_400.0  # so that only `timeout` counts
    max_redirects = 20  # where they are followed
    journey_name = ""
    step_name = ""
    busy = 0.0  # milliseconds spent in requests

    def __init__(self, environment: Environment):
        super().__init__(environment)
        self.sessions: dict[Connection, FastHttpSession] = {}
        self.client.cookiejar.set_policy(BrowserCookies())
        self.client = self.session(Connection())

    def session(self, connection: Connection) -> FastHttpSession:
        """The client for a kind of connection; all have the same cookies."""
        if connection not in self.sessions:
            event = self.environment.events.request
            session = FastHttpSession(self.host, event, user=self)
            session.cookiejar = self.client.cookiejar
            session.client = VerbatimAgent(
                cookiejar=session.cookiejar,
                headers=KEEP_ALIVE | wire_headers(self.default_headers or {}),
                max_redirects=self.max_redirects,
                max_retries=0,
                network_timeout=self.network_timeout,
                connection_timeout=self.connection_timeout,
                concurrency=self.concurrency,
                **connection.options(),
            )
            self.sessions[connection] = session
        return self.sessions[connection]

    def context(self) -> dict[str, str]:
        """What listeners of the request event are told about a request."""
        return {"step": self.step_name, "journey": self.journey_name}

    def on_stop(self) -> None:
        """Close this user's connections."""
        for session in self.sessions.values():
            session.client.close()

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


def attempt(request: Callable[[], None]) -> Failure | None:
    """The failure that a request ends with, if any."""
    try:
        request()
    except Failure as failure:
        return failure
    return None


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
