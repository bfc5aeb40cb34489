# Shop checkout: a load test for Locust, compiled by Loadwright.
#
# Run it:  locust -f locustfile.py --headless
# It needs Python >= 3.11, locust >= 2.47 and selectolax.
#
# Environment variables:
#   SHOP_PASSWORD (required): the secret `password`
#   LOADWRIGHT_TARGET_SHOP: a URL in place of https://shop.example.com
#   LOADWRIGHT_USERS: in place of what the load says
#   LOADWRIGHT_ITERATIONS: in place of what the load says
#   LOADWRIGHT_DURATION (seconds): in place of what the load says
#   LOADWRIGHT_THINK (a factor on pauses): in place of what the load says
#   LOADWRIGHT_INSECURE=1: accept any TLS certificate

from __future__ import annotations

import csv
import itertools
import json
import logging
import math
import os
import random
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import brotli
import gevent
from gevent.event import Event
from locust import FastHttpUser, LoadTestShape, events, task
from locust.contrib.fasthttp import (
    FastResponse,
    LocustUserAgent,
    ResponseContextManager,
)
from locust.env import Environment
from locust.exception import CatchResponseError, StopUser
from locust.runners import MasterRunner, WorkerRunner
from locust.stats import RequestStats, StatsEntry
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

# --- settings -------------------------------------------------------------------------

HERE = Path(__file__).resolve().parent
MISSING_SECRETS: list[str] = []
logger = logging.getLogger(__name__)


def target(name: str, url: str) -> str:
    """The URL of a server; the environment variable LOADWRIGHT_TARGET_<name> wins."""
    return (os.environ.get(f"LOADWRIGHT_TARGET_{name}") or url).rstrip("/")


def secret(variable: str) -> str:
    """A value that only the environment knows; see `require_secrets`."""
    value = os.environ.get(variable, "")
    if not value:
        MISSING_SECRETS.append(variable)
    return value


@events.init.add_listener
def require_secrets(environment: Environment, **_: Any) -> None:
    """End with exit code 2, before any request, when a secret is missing."""
    if MISSING_SECRETS and not isinstance(environment.runner, MasterRunner):
        variables = ", ".join(MISSING_SECRETS)
        logger.error("a secret is missing: set the environment variable %s", variables)
        sys.exit(2)


def unless(name: str, iterations: int) -> float:
    """A number of iterations; without end when LOADWRIGHT_<name> is set."""
    return math.inf if os.environ.get(f"LOADWRIGHT_{name}") else iterations


def setting(name: str, planned: float) -> float:
    """A number of the load; the environment variable LOADWRIGHT_<name> wins."""
    return float(os.environ.get(f"LOADWRIGHT_{name}") or planned)


def read_file(path: str) -> bytes:
    """The bytes of a file beside this one."""
    return (HERE / path).read_bytes()


class Rows:
    """The rows of a CSV file, shared by all users of this process."""

    def __init__(self, path: str, *, shuffle: bool = False, recycle: bool = True):
        with open(HERE / path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, restval=""))
        self._rows = self._sequence(rows, shuffle, recycle)

    @staticmethod
    def _sequence(
        rows: list[dict[str, str]], shuffle: bool, recycle: bool
    ) -> Iterator[dict[str, str]]:
        while rows:
            if shuffle:
                random.shuffle(rows)
            yield from rows
            if not recycle:
                return

    def next(self) -> dict[str, str]:
        """The next row; without one, the user stops."""
        row = next(self._rows, None)
        if row is None:
            raise StopUser
        return row


SHOP = target("SHOP", "https://shop.example.com")
PASSWORD = secret("SHOP_PASSWORD")
USERS = Rows("users.csv", shuffle=True)
PHOTO_PNG = read_file("photo.png")
DEFAULT_HEADERS = {"Accept-Language": "en-GB"}


# --- journeys -------------------------------------------------------------------------


# Journey "checkout": A returning customer buys one item (shop.intent:20)
def checkout(user: JourneyUser) -> None:
    users = USERS.next()
    visit = new_uuid()

    # shop.intent:21
    with user.step("Open the shop"):
        # shop.intent:22
        with user.request("GET", f"{SHOP}/", name="GET /") as response:
            response.expect_status(200)
            response.expect_text("contains", "Welcome")
            response.expect_no_soft_failure()
            csrf = response.find_css("csrf", "input[name=csrfmiddlewaretoken]", "value")

        def get_static_app_css() -> None:
            with user.request(
                "GET", f"{SHOP}/static/app.css", name="GET /static/app.css"
            ) as response:
                response.expect_status()
                response.expect_no_soft_failure()

        item_id: str

        def get_items() -> None:
            nonlocal item_id
            with user.request("GET", f"{SHOP}/items", name="GET /items") as response:
                response.expect_status()
                response.expect_no_soft_failure()
                item_id = response.find_json("itemId", "$.items[*].id", occurrence=2)

        # shop.intent:30
        user.parallel(get_static_app_css, get_items)

    user.think(2, 5)

    # shop.intent:40
    with user.step("Log in"):
        # shop.intent:41
        with user.request(
            "POST",
            f"{SHOP}/login",
            name="POST /login",
            headers={
                "Referer": f"{SHOP}/login",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=form(
                ("username", users["name"]),
                ("password", PASSWORD),
                ("csrfmiddlewaretoken", csrf),
            ),
        ) as response:
            response.expect_status(302)
            response.expect_no_soft_failure()
            next_ = response.find_header("next", "Location", "next=([^&]+)")
        with user.request(
            "GET",
            f"{SHOP}{url_decode(next_)}",
            name="GET {next}",
            timeout=0.8,
            max_redirects=30,
        ) as response:
            response.expect_status()
            response.expect_no_soft_failure()

    # shop.intent:60
    with user.step("Pay"):
        ref = f"ref-{visit}"
        with user.request(
            "POST",
            f"{SHOP}/api/orders?q={form_encode(item_id)}",
            name="POST /api/orders",
            headers={"Content-Type": "application/json"},
            body=to_json({"item": item_id, "quantity": 1, "ref": ref}),
        ) as response:
            response.expect_status()
            response.expect_json("$.status", "accepted")
            response.expect_time(800)
            response.expect_no_soft_failure()
            order = response.find_json("order", "$.order.id")
        with user.request(
            "POST",
            f"{SHOP}/upload",
            name="POST /upload",
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
            body=multipart(
                text_part("order", order),
                file_part("photo", "photo.png", "image/png", PHOTO_PNG),
            ),
        ) as response:
            response.expect_status()
            response.expect_no_soft_failure()

    # shop.intent:80
    with (
        user.step("Log out"),
        # shop.intent:81
        user.request("POST", f"{SHOP}/logout", name="POST /logout") as response,
    ):
        response.expect_status(302)
        response.expect_no_soft_failure()


# --- network --------------------------------------------------------------------------

Headers = dict[str, str | list[str]]


class Failure(CatchResponseError):
    """Why a request failed, as `kind: detail`; it ends the iteration."""


def failure_of(error: Exception) -> Failure:
    """The failure that an exception in the script itself is reported as."""
    if isinstance(error, Failure):
        return error
    return Failure(f"script: {type(error).__name__}")


def network_failure(error: BaseException) -> Failure:
    """Why there is no complete answer; without the URL, which may hold a secret."""
    error = getattr(error, "original", None) or error  # RetriesExceeded hides the cause
    if isinstance(error, (gevent.Timeout, TimeoutError)):
        return Failure("network: timeout")
    detail = getattr(error, "strerror", None) or getattr(error, "text", None)
    return Failure(f"network: {detail or error or type(error).__name__}")


def request_target(url: str) -> str:
    """Path and query as they stand; what may not stand there is percent-encoded."""
    sent = url.partition("#")[0].partition("://")[2]
    path, mark, query = sent.partition("?")
    path = "".join(path.partition("/")[1:])
    path = re.sub(NOT_IN_PATH, percent_encoded, path) or "/"
    return path + mark + re.sub("[^!-~]", percent_encoded, query)


NOT_IN_PATH = r"%(?![0-9A-Fa-f]{2})|[^-0-9A-Za-z_.~!$&'()*+,;=:@\[\]%/]"


def percent_encoded(found: re.Match[str]) -> str:
    """A match, percent-encoded as UTF-8."""
    return quote(found[0], safe="")


class VerbatimAgent(LocustUserAgent):
    """Sends a request once and as it is written, and takes any status for an answer.

    Locust's own agent re-quotes the URL, and geventhttpclient repeats GET, PUT and
    DELETE when the connection drops.
    """

    valid_response_codes = frozenset(range(100, 1000))

    def _urlopen(self, request: Any) -> FastResponse:
        url = request.url_split
        client = self.clientpool.get_client(url)
        client._connection_pool.size = -1  # no attempts beyond the first
        path = request_target(request.url)
        if path.startswith("//"):  # only accepted in absolute form
            path = f"{url.scheme}://{url.host}:{url.port}{path}"
        answer = client.request(
            request.method, path, body=request.payload, headers=request.headers
        )
        return self.response_type(answer, request=request)


def wire_headers(headers: Headers) -> Headers:
    """Headers such that the UTF-8 bytes of their values are sent."""
    return {name: wire_value(value) for name, value in headers.items()}


def wire_value(value: str | list[str]) -> str | list[str]:
    """A value whose UTF-8 bytes are sent; a list makes a line of each item."""
    if isinstance(value, list):
        return [line.encode().decode("latin-1") for line in value]
    return value.encode().decode("latin-1")


# --- extraction -----------------------------------------------------------------------

DEEPEST = 200


def parse_json(text: str) -> Any:
    """JSON with its numbers as they are written; nothing that nests too deeply."""
    hooks = {"parse_int": Digits, "parse_float": Digits, "parse_constant": no_number}
    try:
        value = json.loads(text, **hooks)
    except RecursionError:
        raise ValueError("too deep") from None
    level = [value] if text.count("[") + text.count("{") > DEEPEST else []
    for _ in range(DEEPEST):
        level = [child for node in level for child in json_items(node)]
    if any(isinstance(node, list | dict) for node in level):
        raise ValueError("too deep")
    return value


def no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


class Digits(str):
    """A JSON number as it is written."""


Step = Callable[[Any, Any], Iterable[Any]]


class JsonPath(str):
    """A JSONPath that is more than names, indexes and wildcards, with its segments."""

    steps: tuple[Step, ...] = ()


PATH_SEGMENT = re.compile(
    r"""\s*(?:\.(?P<name>[^.[\s]+) | \[\s*(?:(?P<index>-?\d+) | (?P<star>\*)
      | (?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*\])""",
    re.VERBOSE,
)


def find_json(text: str, path: str) -> list[Any]:
    """All values at a JSONPath, in document order."""
    try:
        document = parse_json(text)
    except ValueError:
        return []
    if isinstance(path, JsonPath):
        return json_nodes(document, path.steps, document)
    steps = map(simple_step, PATH_SEGMENT.finditer(path))
    return json_nodes(document, steps, document)


def json_nodes(start: Any, steps: Iterable[Step], document: Any) -> list[Any]:
    """The values at the end of a path that starts at a value."""
    found = [start]
    for step in steps:
        found = [child for value in found for child in step(value, document)]
    return found


def simple_step(segment: re.Match[str]) -> Step:
    if segment["star"] or segment["name"] == "*":
        return each
    if segment["index"]:
        return item(int(segment["index"]))
    return member(segment["name"] or unquoted(segment["quoted"]))


def unquoted(text: str) -> str:
    """A name of a JSONPath without its quotes and escapes."""
    text = re.sub(r"""\\.|\"""", requoted, text[1:-1])
    return str(json.loads(f'"{text}"'))


def requoted(found: re.Match[str]) -> str:
    return {"\\'": "'", '"': '\\"'}.get(found[0], found[0])


def json_items(value: Any) -> Iterable[Any]:
    """The items of an array, the member values of an object."""
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()


def each(value: Any, document: Any) -> Iterable[Any]:
    return json_items(value)


def member(name: str) -> Step:
    def step(value: Any, document: Any) -> Iterable[Any]:
        return [value[name]] if isinstance(value, dict) and name in value else []

    return step


def item(index: int) -> Step:
    def step(value: Any, document: Any) -> Iterable[Any]:
        size = len(value) if isinstance(value, list) else 0
        return [value[index]] if -size <= index < size else []

    return step


def json_text(value: Any) -> str:
    """A JSON value as text: a string bare, anything else as it would be written."""
    return str(value) if isinstance(value, str) else written_json(value)


def written_json(value: Any) -> str:
    """A JSON value as compact JSON, numbers digit for digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        members = [f"{to_json(k)}:{written_json(v)}" for k, v in value.items()]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join([written_json(v) for v in value]) + "]"
    return to_json(value)


def css_values(text: str, selector: str, attribute: str | None) -> Iterator[str]:
    """The attribute, or the folded text, of every element that a selector matches."""
    try:
        nodes = LexborHTMLParser(text).css(selector)
    except SelectolaxError:
        return
    for node in nodes:
        if attribute is None:
            yield " ".join(node.text(deep=True).split())
        elif attribute in node.attributes:
            yield node.attributes[attribute] or ""


def groups(pattern: str, text: str) -> Iterator[str]:
    """The first group of every match, or the whole match of a pattern without one."""
    for found in re.finditer(pattern, text):
        yield (found[1] or "") if found.re.groups else found[0]


def pick(
    values: Iterable[str], occurrence: int, default: str | None, missed: str
) -> str:
    """One of the values, counted from 1, or else the default."""
    value = next(itertools.islice(values, occurrence - 1, None), default)
    if value is None:
        raise Failure(f"extraction: {missed}")
    return value


# --- answers --------------------------------------------------------------------------


class Response:
    """An answer, with what the plan expects of it and takes from it."""

    def __init__(self, answer: ResponseContextManager):
        if error := answer.request_meta["exception"]:
            raise network_failure(error)
        self.url = answer.url or ""
        self.status = answer.status_code
        self.headers = answer.headers
        self.content: bytes = answer.content
        self.elapsed: float = answer.request_meta["response_time"]

    @cached_property
    def text(self) -> str:
        """The body, decoded by the charset that it names, or else as UTF-8."""
        content_type = self.header("Content-Type") or ""
        charset = re.search(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)", content_type)
        try:
            return self.content.decode(charset[1] if charset else "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def header_values(self, name: str) -> list[str]:
        """The values of a header, one for each line."""
        lines = self.headers.getlist(name) if self.headers else []
        return [line.encode("latin-1").decode("utf-8", "replace") for line in lines]

    def header(self, name: str) -> str | None:
        """A header, several lines joined; None when it is missing."""
        lines = self.header_values(name)
        return ", ".join(lines) if lines else None

    def media_type(self) -> str:
        """The media type in lower case, without parameters."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def expect_status(self, *statuses: int) -> None:
        """Expect one of these statuses; without any, 200 to 399."""
        if self.status in (statuses or range(200, 400)):
            return
        expected = " or ".join(map(str, statuses)) or "200 to 399"
        raise Failure(f"status: expected {expected}, got {self.status}")

    def expect_time(self, limit: int) -> None:
        """Expect an answer in less than so many milliseconds."""
        if self.elapsed >= limit:
            took = round(self.elapsed)
            raise Failure(f"time: expected less than {limit} ms, took {took} ms")

    def expect_text(
        self,
        relation: str,
        value: str,
        *,
        header: str | None = None,
        negated: bool = False,
        hidden: bool = False,
    ) -> None:
        """Expect that the body or a header contains, equals or matches a value."""
        text = self.text if header is None else self.header(header)
        if text is None:
            holds = False
        elif relation == "matches":
            holds = re.search(value, text) is not None
        else:
            holds = value in text if relation == "contains" else value == text
        if holds is negated:
            verbs = (relation, f"does not {relation.removesuffix('s')}")
            verb = {"matches": ("matches", "does not match")}.get(relation, verbs)
            place = "body" if header is None else f"header {header}"
            shown = "…" if hidden else value
            raise Failure(f'text: {place} {verb[not negated]} "{shown}"')

    def expect_json(
        self,
        path: str,
        equals: str | None = None,
        *,
        negated: bool = False,
        hidden: bool = False,
    ) -> None:
        """Expect that the first value at a JSONPath exists, or equals a text."""
        found = find_json(self.text, path)
        if equals is None:
            if bool(found) is negated:
                raise Failure(f"json: {path} {'found' if negated else 'not found'}")
        elif (bool(found) and json_text(found[0]) == equals) is negated:
            verb = "is" if negated else "is not"
            raise Failure(f'json: {path} {verb} "{"…" if hidden else equals}"')

    def expect_no_soft_failure(self, *ignored: str) -> None:
        """Expect that the answer is no error in disguise; some rules can be ignored."""
        if not 200 <= self.status < 300:
            return
        media_type = self.media_type()
        is_html = media_type == "text/html"
        is_json = media_type == "application/json" or media_type.endswith("+json")
        if is_json and "json member" not in ignored:
            check_json_members(self.text)
        rules = (
            ("error title", ERROR_TITLE, is_html),
            ("login form", LOGIN_FORM, is_html),
            ("exception text", EXCEPTION, is_json or media_type.startswith("text/")),
        )
        for rule, pattern, applies in rules:
            if applies and rule not in ignored and re.search(pattern, self.text):
                raise Failure(f"soft failure: {rule}")

    def find_json(
        self, name: str, path: str, occurrence: int = 1, default: str | None = None
    ) -> str:
        """Take the value at a JSONPath; null counts as missing."""
        found = find_json(self.text, path)
        values = (json_text(value) for value in found if value is not None)
        return pick(values, occurrence, default, f"{name} not found (json {path})")

    def find_css(
        self,
        name: str,
        selector: str,
        attribute: str | None = None,
        occurrence: int = 1,
        default: str | None = None,
    ) -> str:
        """Take the attribute, or the text, of an element."""
        values = css_values(self.text, selector, attribute)
        source = f"css {selector}" + (f" @{attribute}" if attribute else "")
        return pick(values, occurrence, default, f"{name} not found ({source})")

    def find_header(
        self,
        name: str,
        header: str,
        pattern: str | None = None,
        occurrence: int = 1,
        default: str | None = None,
    ) -> str:
        """Take a header, or the first group of a match in it."""
        values: Iterable[str] = self.header_values(header)
        source = f"header {header}"
        if pattern is not None:
            values = (found for line in values for found in groups(pattern, line))
            source += f" matching /{pattern}/"
        return pick(values, occurrence, default, f"{name} not found ({source})")


ERROR_TITLE = (
    r"<title>[^<]{0,80}(?:[Ee]rror|[Ee]xception|[Ff]orbidden|[Nn]ot [Ff]ound"
    r"|[Uu]navailable|[Dd]enied)[^<]{0,80}</title>"
)
LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
EXCEPTION = (
    r"Traceback \(most recent call last\)|Exception in thread|Fatal error: Uncaught"
    r"|Unhandled exception|ORA-[0-9]{5}:|You have an error in your SQL syntax"
)


def check_json_members(text: str) -> None:
    """Fail for a JSON object that speaks of an error."""
    with suppress(ValueError):
        value = json.loads(text)
        if isinstance(value, dict):
            for member in ("errors", "error"):
                if value.get(member) not in (None, False, "", [], {}):
                    raise Failure(f"soft failure: json member `{member}`")
            for member in ("success", "ok"):
                if value.get(member) is False:
                    raise Failure(f"soft failure: json member `{member}`")
            if value.get("status") in ("error", "fail"):
                raise Failure("soft failure: json member `status`")


# --- clock ----------------------------------------------------------------------------


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


# --- users ----------------------------------------------------------------------------


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
        self.iteration_count = 0
        self.step_name = ""
        self.busy = 0.0  # milliseconds spent in requests

    def context(self) -> dict[str, str]:
        """What listeners of the request event are told about a request."""
        return {"step": self.step_name}

    def on_start(self) -> None:
        """Wait for this user's turn in the ramp."""
        number = next(self.numbers) % self.fixed_count
        CLOCK.sleep_until(number * self.ramp / self.fixed_count)

    def on_stop(self) -> None:
        """Close this user's connections."""
        self.client.client.clientpool.close()

    @task
    def iteration(self) -> None:
        """Make one iteration, unless this user is done."""
        if self.iteration_count >= self.iterations or CLOCK.now() >= self.duration:
            raise StopUser
        self.iteration_count += 1
        self.iterate()

    def iterate(self) -> None:
        """Make one iteration."""
        self.client.cookiejar.clear()
        with suppress(Failure):  # it has been reported with its request
            self.journey()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Report the requests of the block as one transaction; pauses do not count."""
        started, busy = time.time(), self.busy
        self.step_name = name
        try:
            yield
        except Exception as error:
            self.report("STEP", name, started, self.busy - busy, failure_of(error))
            raise
        finally:
            self.step_name = ""
        self.report("STEP", name, started, self.busy - busy)

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
            self.report(method, name, started, elapsed, failure)
            raise failure from None
        self.busy += answer.request_meta["response_time"]
        if answer.request_meta["exception"]:
            self.client.client.clientpool.close()  # no connection is known to be good
        with answer:
            try:
                yield Response(answer)
            except Exception as error:
                answer.failure(failure_of(error))
                raise
            answer.success()

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
        gevent.sleep(random.uniform(shortest, longest) * setting("THINK", 1))


def attempt(request: Callable[[], None]) -> Failure | None:
    """The failure that a request ends with, if any."""
    try:
        request()
    except Failure as failure:
        return failure
    return None


# --- goals ----------------------------------------------------------------------------


def statistics(
    stats: RequestStats, name: str | None = None, *, step: bool = False
) -> StatsEntry:
    """What was measured of all requests, of those of one name, or of a step."""
    total = StatsEntry(stats, name or "all requests", "")
    for (entry_name, method), entry in stats.entries.items():
        if (method == "STEP") is step and name in (None, entry_name):
            total.extend(entry)
    return total


def percentile(entry: StatsEntry, share: float) -> float:
    """A percentile in milliseconds."""
    if not entry.num_requests:
        return math.nan
    return entry.get_response_time_percentile(share)


def failure_share(entry: StatsEntry) -> float:
    """The share of requests that failed."""
    return entry.fail_ratio if entry.num_requests else math.nan


def failure_count(
    stats: RequestStats, kind: str, name: str | None = None, *, step: bool = False
) -> int:
    """How many requests failed for one kind of reason."""
    reason = re.compile(rf"(Failure\(['\"])?{kind}:")
    return sum(
        error.occurrences
        for error in stats.errors.values()
        if (error.method == "STEP") is step
        and name in (None, error.name)
        and reason.match(str(error.error))
    )


def judge(environment: Environment, goals: dict[str, bool] | None = None) -> None:
    """Set the exit code: 3 when nothing ran; by goals 0, or 1 when one is missed."""
    if isinstance(environment.runner, WorkerRunner):
        return
    if not statistics(environment.stats).num_requests:
        logger.error("no request was made")
        environment.process_exit_code = 3
    elif goals is not None:
        for goal in (goal for goal, met in goals.items() if not met):
            logger.error("goal missed: %s", goal)
        errors = environment.runner and environment.runner.exceptions
        environment.process_exit_code = 0 if all(goals.values()) and not errors else 1


# --- values ---------------------------------------------------------------------------


def to_json(value: Any) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def form(*fields: tuple[str, str]) -> str:
    """Fields as `application/x-www-form-urlencoded` text."""
    return "&".join(f"{form_encode(k)}={form_encode(v)}" for k, v in fields)


BOUNDARY = uuid.uuid4().hex


def multipart(*parts: bytes) -> bytes:
    """Parts as a `multipart/form-data` body."""
    start = f"--{BOUNDARY}\r\n".encode()
    return b"".join(start + part for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def text_part(name: str, value: str) -> bytes:
    """A multipart part that holds text."""
    head = f'Content-Disposition: form-data; name="{part_name(name)}"'
    return f"{head}\r\n\r\n{value}\r\n".encode()


def file_part(name: str, filename: str, media_type: str, data: bytes) -> bytes:
    """A multipart part that holds a file."""
    names = f'name="{part_name(name)}"; filename="{part_name(filename)}"'
    head = f"Content-Disposition: form-data; {names}\r\nContent-Type: {media_type}"
    return f"{head}\r\n\r\n".encode() + data + b"\r\n"


def part_name(text: str) -> str:
    """A name in a multipart header, escaped as browsers do."""
    return re.sub(r"\r\n|\r|\n", "%0D%0A", text).replace('"', "%22")


def url_decode(text: str) -> str:
    """Decode percent-encoding."""
    return unquote(text)


def form_encode(text: str) -> str:
    """Encode as a form field is, a space as `+`."""
    return quote(text, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def new_uuid() -> str:
    """A random UUID, version 4."""
    return str(uuid.uuid4())


# --- load -----------------------------------------------------------------------------

# Load smoke


class Checkout(JourneyUser):
    host = SHOP
    default_headers = DEFAULT_HEADERS
    timeout = 30
    journey = checkout
    fixed_count = int(setting("USERS", 5))
    iterations = setting("ITERATIONS", unless("DURATION", 4))
    duration = setting("DURATION", math.inf)
    ramp = 2


@events.quitting.add_listener
def check_goals(environment: Environment, **_: Any) -> None:
    """Decide the exit code."""
    stats = environment.stats
    everything = statistics(stats)
    log_in = statistics(stats, "Log in", step=True)
    judge(
        environment,
        {
            "p95 < 800ms": percentile(everything, 0.95) < 800,
            'p99 of "Log in" < 1500ms': percentile(log_in, 0.99) < 1500,
            "failures < 1%": failure_share(everything) < 0.01,
            "soft failures = 0": failure_count(stats, "soft failure") == 0,
        },
    )
