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
#   LOADWRIGHT_SEED: what random values depend on
#   LOADWRIGHT_SHARD=2/3: be the second of three processes that share the load
#   LOADWRIGHT_INSECURE=1: accept any TLS certificate

from __future__ import annotations

import csv
import functools
import itertools
import json
import logging
import math
import operator
import os
import re
import secrets
import ssl
import sys
import time
import traceback
import uuid
from abc import ABC, abstractmethod
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from http.cookiejar import Cookie, DefaultCookiePolicy
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import brotli
import gevent
from gevent.event import AsyncResult, Event
from locust import FastHttpUser, LoadTestShape, User, events, task
from locust.contrib.fasthttp import (
    ErrorResponse,
    FastHttpSession,
    FastResponse,
    LocustUserAgent,
    ResponseContextManager,
)
from locust.env import Environment
from locust.event import EventHook
from locust.exception import CatchResponseError, StopUser
from locust.runners import MasterRunner, WorkerRunner
from locust.user.task import LOCUST_STATE_STOPPING
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


@dataclass(frozen=True)
class Connection:
    """How a server is connected to; files lie beside this one."""

    verify: bool = True  # whether its certificate is verified
    certificate: str | None = None  # the client's (PEM)
    key: str | None = None
    proxy: str | None = None  # the URL of an HTTP proxy

    def options(self) -> dict[str, Any]:
        """The same for the HTTP client."""
        context = tls_context(self)
        options = {
            "insecure": not context.check_hostname,
            "ssl_context_factory": lambda **_: context,
        }
        if self.proxy:
            parts = urlsplit(self.proxy)
            default = 443 if parts.scheme == "https" else 80
            options["proxy_host"] = parts.hostname
            options["proxy_port"] = parts.port or default
            if parts.username:
                options["proxy_user"] = unquote(parts.username)
                options["proxy_password"] = unquote(parts.password or "")
        return options


@functools.cache
def tls_context(connection: Connection) -> ssl.SSLContext:
    """How certificates are verified, and which one is shown.

    LOADWRIGHT_INSECURE=1 accepts any.
    """
    context = ssl.create_default_context()
    if not connection.verify or os.environ.get("LOADWRIGHT_INSECURE") == "1":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if connection.certificate:
        key = HERE / connection.key if connection.key else None
        context.load_cert_chain(HERE / connection.certificate, key)
    return context


def unless(name: str, iterations: int) -> float:
    """A number of iterations; without end when LOADWRIGHT_<name> is set."""
    return math.inf if os.environ.get(f"LOADWRIGHT_{name}") else iterations


def setting(name: str, planned: float, of: float | None = None) -> float:
    """A number of the load; the environment variable LOADWRIGHT_<name> wins.

    That is for the whole of a mix of journeys, of which one is a part.
    """
    given = os.environ.get(f"LOADWRIGHT_{name}")
    if not given:
        return planned
    return float(given) * planned / of if of else float(given)


def read_file(path: str) -> bytes:
    """The bytes of a file beside this one."""
    return (HERE / path).read_bytes()


SHOP = target("SHOP", "https://shop.example.com")
PASSWORD = secret("SHOP_PASSWORD")
PHOTO_PNG = read_file("photo.png")
DEFAULT_HEADERS = {"Accept-Language": "en-GB"}


# --- journeys -------------------------------------------------------------------------


# Journey "checkout": A returning customer buys one item (shop.intent:20)
def checkout(user: JourneyUser) -> None:
    users = USERS.next(user)
    visit = user.random.new_uuid()

    # shop.intent:21
    with user.step("Open the shop"):
        # shop.intent:22
        with user.request("GET", f"{SHOP}/", name="GET /") as response:
            response.expect_status(200)
            response.expect_text("contains", "Welcome")
            response.expect_no_soft_failure()
            csrf = response.find(
                "csrf", Css("input[name=csrfmiddlewaretoken]", "value")
            )

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
                item_id = response.find("itemId", Json("$.items[*].id"), nth=2)

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
            next_ = response.find("next", Header("Location", "next=([^&]+)"))
        with user.request(
            "GET",
            f"{SHOP}{url_decode(next_)}",
            name="GET {next}",
            timeout=0.8,
            max_redirects=20,
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
            order = response.find("order", Json("$.order.id"))
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

    reported = False


def failure_of(error: Exception) -> Failure:
    """The failure that an exception in the script itself is reported as."""
    if isinstance(error, Failure):
        return error
    # What it says may hold a secret; where it happened does not.
    place = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("%s in line %d", type(error).__name__, place.lineno)
    return Failure(f"script: {type(error).__name__}")


def network_failure(error: BaseException) -> Failure:
    """Why there is no complete answer; without the URL, which may hold a secret."""
    if isinstance(error, Failure):
        return error
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


def no_answer(
    user: RequestingUser, method: str, name: str, error: Exception
) -> ResponseContextManager:
    """In place of an answer, when one could not be had or not be read."""
    failure = Failure(f"network: bad request or answer ({type(error).__name__})")
    nothing: Any = None
    response = ErrorResponse(nothing, failure)
    meta = {
        "request_type": method,
        "name": name,
        "context": user.context(),
        "response": response,
        "response_length": 0,
        "exception": failure,
        "url": None,
    }
    event = user.environment.events.request
    return ResponseContextManager(response, event, meta, catch_response=True)


class BrowserCookies(DefaultCookiePolicy):
    """Secure cookies go to this machine without TLS too, as browsers send them."""

    def return_ok_secure(self, cookie: Cookie, request: Any) -> bool:
        """Whether a cookie may be sent over the connection of a request."""
        host = urlsplit(f"//{request.host}").hostname or ""
        local = (
            host.startswith("127.")
            or host in ("localhost", "::1")
            or host.endswith(".localhost")
        )
        return not cookie.secure or request.type == "https" or local


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
    """JSON, a byte order mark before it or not, its numbers as they are written."""
    hooks: Any = {
        "parse_int": Digits,
        "parse_float": Digits,
        "parse_constant": no_number,
    }
    try:
        value = json.loads(text.removeprefix("\ufeff"), **hooks)
    except RecursionError:
        raise ValueError("too deep") from None
    level = [value] if text.count("[") + text.count("{") > DEEPEST else []
    for _ in range(DEEPEST):
        level = [child for node in level for child in json_items(node)]
    if any(isinstance(node, list | dict) for node in level):
        raise ValueError("too deep")
    return value


def no_number(text: str) -> Any:
    """Refuse what Python takes for a number and JSON does not."""
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
    """What a name, an index or a wildcard selects."""
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
    """A quote as it stands between double quotes."""
    return {"\\'": "'", '"': '\\"'}.get(found[0], found[0])


def json_items(value: Any) -> Iterable[Any]:
    """The items of an array, the member values of an object."""
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()


def each(value: Any, document: Any) -> Iterable[Any]:
    """The step of a wildcard."""
    return json_items(value)


def member(name: str) -> Step:
    """The step to a member of an object."""

    def step(value: Any, document: Any) -> Iterable[Any]:
        return [value[name]] if isinstance(value, dict) and name in value else []

    return step


def item(index: int) -> Step:
    """The step to an item of an array."""

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
    for found in re.finditer(pattern, text, re.ASCII):
        yield (found[1] or "") if found.re.groups else found[0]


# --- sources --------------------------------------------------------------------------


class Source(ABC):
    """A place in an answer; as text it reads as in failures."""

    @abstractmethod
    def values(self, response: Response) -> Iterable[str]:
        """What stands there, in the order of the answer."""


@dataclass(frozen=True)
class Json(Source):
    """A JSONPath; null is nothing."""

    path: str

    def __str__(self) -> str:
        return f"json {self.path}"

    def values(self, response: Response) -> Iterator[str]:
        """Strings as they are, other values as JSON."""
        found = find_json(response.text, self.path)
        return (json_text(value) for value in found if value is not None)


@dataclass(frozen=True)
class Css(Source):
    """The attribute, or the text, of the elements that a selector matches."""

    selector: str
    attribute: str | None = None

    def __str__(self) -> str:
        attribute = f" @{self.attribute}" if self.attribute else ""
        return f"css {self.selector}{attribute}"

    def values(self, response: Response) -> Iterator[str]:
        """White space in texts is folded."""
        return css_values(response.text, self.selector, self.attribute)


@dataclass(frozen=True)
class Header(Source):
    """A header, or the first group of a pattern in it."""

    name: str
    pattern: str | None = None

    def __str__(self) -> str:
        pattern = f" matching /{self.pattern}/" if self.pattern is not None else ""
        return f"header {self.name}{pattern}"

    def values(self, response: Response) -> Iterator[str]:
        """One for each line of the header."""
        for line in response.header_values(self.name):
            if self.pattern is None:
                yield line
            else:
                yield from groups(self.pattern, line)


# --- soft_failures --------------------------------------------------------------------

SAID_ABROAD = (
    r"[Ss]eite nicht gefunden|[Zz]ugriff verweigert|[Ss]itzung (?:ist )?abgelaufen"
    r"|[Ee]in (?:unerwarteter )?Fehler ist aufgetreten"
    r"|[Pp]age (?:introuvable|non trouvée)|[Aa]ccès (?:refusé|interdit)"
    r"|[Ss]ession expirée|[Uu]ne erreur (?:est survenue|s.est produite)"
    r"|[Pp]ágina no encontrada|[Aa]cceso denegado|[Ss]esión (?:caducada|expirada)"
    r"|(?:[Ss]e ha producido|[Hh]a ocurrido) un error"
    r"|[Pp]ágina não encontrada|[Aa]cesso negado|[Ss]essão expirada|[Oo]correu um erro"
    r"|[Pp]agina non trovata|[Aa]ccesso negato|[Ss]essione scaduta"
    r"|[Ss]i è verificato un errore"
    r"|[Pp]agina niet gevonden|[Tt]oegang geweigerd|[Ss]essie verlopen"
    r"|[Ee]r is een fout opgetreden"
    r"|ページが見つかりません|アクセスが拒否されました"
    r"|セッションの有効期限が切れました|エラーが発生しました"
    r"|页面(?:未找到|不存在)|访问被拒绝|拒绝访问|会话已过期|系统错误"
)
ERROR_TITLE = (
    r"""<title>(?:[^<"'][^<]{0,79})?(?:[Ee]rror|[Ee]xception|[Ff]orbidden"""
    rf"|[Nn]ot [Ff]ound|[Uu]navailable|[Dd]enied|{SAID_ABROAD})[^<]{{0,80}}</title>"
)
LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
EXCEPTIONS = (
    ("Traceback (most", r"Traceback \(most recent call last\)"),
    ("Exception in thread", r"Exception in thread"),
    (".java:", r"\.java:[0-9]{1,6}\)"),
    ("Unhandled exception", r"Unhandled exception"),
    ("Server Error in '", r"Server Error in '[^']{0,80}' Application"),
    (".cs:line ", r"\.cs:line [0-9]"),
    ("Fatal error: ", r"Fatal error: {1,2}Uncaught"),
    ("Fatal error</b>:", r"Fatal error</b>:"),
    (".rb:", r"\.rb:[0-9]{1,6}:in "),
    ("ORA-", r"ORA-[0-9]{5}:"),
    ("You have an error in your SQL", r"You have an error in your SQL syntax"),
    ("SQLSTATE[", r"SQLSTATE\["),
    ("goroutine ", r"goroutine [0-9]{1,9} \[running\]"),
    (".js:", r"\.js:[0-9]{1,6}:[0-9]{1,6}\)"),
    (".ts:", r"\.ts:[0-9]{1,6}:[0-9]{1,6}\)"),
    (".rs:", r"\.rs:[0-9]{1,6}:[0-9]{1,6}"),
    (".pm line ", r"\.pm line [0-9]{1,6}[.,]"),
    (".pl line ", r"\.pl line [0-9]{1,6}[.,]"),
    (".ex:", r"\.ex:[0-9]{1,6}: [A-Z]"),
)
ERROR_MARKS = (
    "alert-danger|alert-error|errorlist|errornote|errorbox|error-box|error-summary"
    "|summary-errors|error-message|error_message|errorMessage|error-explanation"
    "|error_explanation|errorExplanation|notice-error|message-error|messages-error"
    "|messages--error|message-box-error|flash-error|flash_error|flash error"
    "|message error|messages error|error message|negative message|is-danger"
    "|feedbackPanelERROR"
)
ERROR_MESSAGE = (
    r"""<(?:div|p|ul|ol|li|section|span|strong)[ \t\r\n]"""
    r"""[^<>]{0,200}?(?:class|id)=["']"""
    rf"""(?:errors?|(?:[^"'<>]{{0,100}}[ _-])?(?:{ERROR_MARKS})"""
    r"""s?(?: [^"'<>]{0,100})?)["'][^<>]{0,200}>"""
    r"""(?:[ \t\r\n]{0,50}(?:<[A-Za-z][^<>]{0,150}>|</(?:i|svg|path|use)>)){0,6}"""
    r"""[ \t\r\n]{0,50}(?:[^<&* \t\r\n]|&[^n])"""
)
ERROR_HEADING = (
    r"<h[12](?: [^<>]{0,200})?>[ \t\r\n]{0,50}"
    r"(?:[Ee]rror:? )?(?:(?:40[0-9]|50[0-9])(?: ?[-:] ?| ))?"
    r"(?:(?:[Pp]age |[Rr]ecord |[Ff]ile |[Oo]bject )?[Nn]ot [Ff]ound"
    r"|(?:[Aa]ccess |[Pp]ermission )(?:is )?[Dd]enied|[Ff]orbidden|[Uu]nauthori[sz]ed"
    r"|(?:[Aa]n? )?(?:[Uu]nexpected |[Ii]nternal |[Aa]pplication |[Ss]erver |[Ff]atal )"
    r"{0,2}[Ee]rror(?: (?:has )?occurr?ed)?|[Ss]omething went wrong"
    rf"|[Ss]ession (?:has )?expired|{SAID_ABROAD})"
    r"[.!。]?[ \t\r\n]{0,50}</h[12]>"
)


def holds_exception(text: str) -> bool:
    """Whether a text holds the trace of an exception."""
    return any(
        always in text and re.search(trace, text) for always, trace in EXCEPTIONS
    )


def says_error(page: str) -> bool:
    """Whether a page tells of an error, in a heading or in a text that is marked so."""
    if re.search(ERROR_HEADING, page):
        return True
    marked = any(
        mark in page for mark in (*ERROR_MARKS.split("|"), '="error', "='error")
    )
    return marked and re.search(ERROR_MESSAGE, page) is not None


def check_json_members(text: str) -> None:
    """Fail for a JSON object that speaks of an error."""
    with suppress(ValueError):
        value = json.loads(text.removeprefix("\ufeff"))
        if isinstance(value, dict):
            for member in ("errors", "error"):
                if value.get(member) not in (None, False, "", [], {}):
                    raise Failure(f"soft failure: json member `{member}`")
            for member in ("success", "ok"):
                if value.get(member) is False:
                    raise Failure(f"soft failure: json member `{member}`")
            if value.get("status") in ("error", "fail"):
                raise Failure("soft failure: json member `status`")


# --- answers --------------------------------------------------------------------------

DRIFTED: set[str] = set()
logger = logging.getLogger(__name__)


class Response:
    """An answer, with what the plan expects of it and takes from it."""

    def __init__(self, answer: ResponseContextManager, user: Any):
        if error := answer.request_meta["exception"]:
            raise network_failure(error)
        self.user = user
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

    def expect_status(self, *statuses: int | range, negated: bool = False) -> None:
        """Expect one of these statuses, or none of them; without any, 200 to 399."""
        known = statuses or (range(200, 400),)
        if any(self.status in as_range(status) for status in known) is not negated:
            return
        expected = " or ".join(map(range_text, map(as_range, known)))
        expected = f"not {expected}" if negated else expected
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
        soft: bool = False,
    ) -> None:
        """Expect that the body or a header contains, equals or matches a value."""
        text = self.text if header is None else self.header(header)
        if text is None:
            holds = False
        elif relation == "matches":
            holds = re.search(value, text, re.ASCII) is not None
        else:
            holds = value in text if relation == "contains" else value == text
        if holds is negated:
            verbs = (relation, f"does not {relation.removesuffix('s')}")
            verb = {"matches": ("matches", "does not match")}.get(relation, verbs)
            place = "body" if header is None else f"header {header}"
            shown = "…" if hidden else value
            kind = "soft failure" if soft else "text"
            raise Failure(f'{kind}: {place} {verb[not negated]} "{shown}"')

    def expect_json(
        self,
        path: str,
        equals: str | None = None,
        *,
        negated: bool = False,
        hidden: bool = False,
        soft: bool = False,
    ) -> None:
        """Expect that the first value at a JSONPath exists, or equals a text."""
        found = find_json(self.text, path)
        kind = "soft failure" if soft else "json"
        if equals is None:
            if any(value is not None for value in found) is negated:
                state = "found" if negated else "not found"
                raise Failure(f"{kind}: {path} {state}")
        elif (bool(found) and json_text(found[0]) == equals) is negated:
            verb = "is" if negated else "is not"
            raise Failure(f'{kind}: {path} {verb} "{"…" if hidden else equals}"')

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
        )
        for rule, pattern, applies in rules:
            if applies and rule not in ignored and re.search(pattern, self.text):
                raise Failure(f"soft failure: {rule}")
        is_text = is_json or media_type.startswith("text/")
        if is_text and "exception text" not in ignored and holds_exception(self.text):
            raise Failure("soft failure: exception text")
        if is_html and "error message" not in ignored and says_error(self.text):
            raise Failure("soft failure: error message")

    def find(
        self,
        name: str,
        source: Source,
        nth: int = 1,
        recorded: int | None = None,
        default: str | None = None,
    ) -> str:
        """Take the first match of a source, or another one, counted from 1.

        Another number of matches than `recorded` is told, once in the run.
        """
        if recorded is None:
            found = itertools.islice(source.values(self), nth - 1, None)
            return self.found(name, source, next(found, default))
        values = [*source.values(self)]
        if values and len(values) != recorded and name not in DRIFTED:
            DRIFTED.add(name)
            words = "drift: %s is match %d of %d recorded, %d found"
            logger.warning(words, name, nth, recorded, len(values))
        return self.found(name, source, next(iter(values[nth - 1 :]), default))

    def found(self, name: str, source: Source, value: str | None) -> str:
        """A value that was found, or else a failure."""
        if value is None:
            raise Failure(f"extraction: {name} not found ({source})")
        return value


def as_range(status: int | range) -> range:
    """A status as a range of one."""
    return range(status, status + 1) if isinstance(status, int) else status


def range_text(statuses: range) -> str:
    """A range of statuses, or a single one, in words."""
    first, last = statuses[0], statuses[-1]
    return str(first) if first == last else f"{first} to {last}"


# --- reports --------------------------------------------------------------------------

SAMPLES = EventHook()


FLOW_FAILURES: list[str] = []


@events.init.add_listener
def offer_samples(environment: Environment, **_: Any) -> None:
    """Let other files listen: `environment.events.journey_sample`."""
    environment.events.journey_sample = SAMPLES


class EndIteration(Exception):
    """Ends an iteration, which counts as passed."""


class EndUser(Exception):
    """Ends a user after this iteration, which counts as passed."""


class OutOfRows(EndUser):
    """Ends a user for whom there is no row of data."""


class Interrupted(BaseException):
    """Ends an iteration that did not end in time; it is not reported."""


# --- clock ----------------------------------------------------------------------------


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


# --- load_line ------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A part of a line in which its level changes evenly; in seconds."""

    start: Fraction
    end: Fraction
    first: Fraction
    last: Fraction
    phase: str = ""

    def above(self, user: int) -> tuple[float, float] | None:
        """When the level is above the number of a user."""
        first, last = self.first - user, self.last - user
        if first <= 0 and last <= 0:
            return None
        if (first > 0 and last >= 0) or first == last:
            return float(self.start), float(self.end)
        share = first / (first - last)
        crossing = float(self.start + (self.end - self.start) * share)
        if first > 0:
            return float(self.start), crossing
        return crossing, float(self.end)

    def moment(self, area: Fraction) -> float:
        """When so many iterations have started in this piece."""
        seconds = self.end - self.start
        first, slope = float(self.first), float((self.last - self.first) / seconds)
        if not slope:
            return float(self.start) + float(area) / first
        root = math.sqrt(max(first * first + 2 * slope * float(area), 0.0))
        return float(self.start) + (root - first) / slope


class Line:
    """A number of users, or of iterations per second, over time."""

    def __init__(self, *pieces: Piece, length: float):
        self.pieces = pieces
        self.length = length  # seconds until nothing starts any more
        self.highest = max(max(piece.first, piece.last) for piece in pieces)

    def presence(self, user: int) -> list[tuple[float, float]]:
        """When a user, counted from 0, is there: while the line is above the number."""
        spans: list[tuple[float, float]] = []
        for found in (piece.above(user) for piece in self.pieces):
            if found and spans and spans[-1][1] >= found[0]:
                spans[-1] = spans[-1][0], found[1]
            elif found:
                spans.append(found)
        if spans and not any(piece.phase for piece in self.pieces):
            spans[-1] = spans[-1][0], self.length
        return [(start, end) for start, end in spans if start < self.length]


def steady(level: float, duration: float, ramp: float = 0.0) -> Line:
    """A level that is reached evenly within the ramp, and then held."""
    top, rise = Fraction(str(level)), Fraction(str(ramp))
    end = rise if math.isinf(duration) else max(Fraction(str(duration)), rise)
    pieces = [Piece(Fraction(0), rise, Fraction(0), top)] if rise else []
    if end > rise or not rise:
        pieces.append(Piece(rise, end, top, top))
    return Line(*pieces, length=duration)


# --- workers --------------------------------------------------------------------------


class Shard:
    """This process's part: the users, arrivals and rows whose number, divided by how
    many processes there are, leaves its index.

    LOADWRIGHT_SHARD=2/3 is the second of three; Locust's workers have theirs by nature.
    """

    def __init__(self, text: str):
        number, _, count = text.partition("/")
        self.index, self.count = int(number) - 1, int(count)

    def own(self, total: int) -> range:
        """The numbers of this process among so many."""
        return range(self.index, total, self.count)


SHARD = Shard(os.environ.get("LOADWRIGHT_SHARD") or "1/1")
GIVEN: Counter[str] = Counter()
WANTED: dict[int, Any] = {}


def place(user: User) -> tuple[int, int]:
    """The number of a user among those of its class, and how many processes there are.

    A worker asks the master, which is the one who knows all users.
    """
    runner, name = user.environment.runner, type(user).__name__
    if not isinstance(runner, WorkerRunner):
        own = SHARD.own(SHARD.index + user.fixed_count * SHARD.count)
        GIVEN[name] += 1
        return own[(GIVEN[name] - 1) % len(own)], SHARD.count
    answer = WANTED[id(user)] = AsyncResult()
    runner.send_message("place?", {"name": name, "user": id(user)})
    number, SHARD.count = answer.get()
    SHARD.index = runner.worker_index
    return number % max(user.fixed_count, SHARD.count), SHARD.count


@events.init.add_listener
def share_places(environment: Environment, **_: Any) -> None:
    """Let the master answer its workers."""
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        runner.register_message("place?", give_place)
    elif isinstance(runner, WorkerRunner):
        runner.register_message("place", take_place)


def give_place(environment: Environment, msg: Any, **_: Any) -> None:
    """Answer a worker that asks for the place of a user."""
    runner: Any = environment.runner
    name = msg.data["name"]
    answer = [GIVEN[name], runner.worker_count]
    GIVEN[name] += 1
    told = {"user": msg.data["user"], "place": answer}
    runner.send_message("place", told, msg.node_id)


def take_place(environment: Environment, msg: Any, **_: Any) -> None:
    """Take the answer of the master."""
    WANTED.pop(msg.data["user"]).set(msg.data["place"])


# --- client ---------------------------------------------------------------------------

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


# --- users ----------------------------------------------------------------------------


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

    def think(self, shortest: float, longest: float) -> None:
        """Pause for a random time between two numbers of seconds.

        LOADWRIGHT_THINK is a factor on all pauses.
        """
        pause = shortest
        if longest > shortest:
            pause += self.random.unit() * (longest - shortest)
        gevent.sleep(pause * setting("THINK", 1))


# --- goals ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """A request, a step, an iteration, or an arrival that was dropped."""

    kind: str
    name: str
    step: str
    journey: str
    started: float  # seconds since the load began
    elapsed: float  # milliseconds; below zero where there was no answer
    reason: str  # the kind of failure; empty for none


@dataclass
class Measured:
    """What was measured of some samples."""

    count: int = 0
    failures: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    times: array[float] = field(default_factory=lambda: array("d"))
    seconds: float = 0.0

    def add(self, sample: Sample) -> None:
        """Count a sample."""
        self.count += 1
        if sample.reason:
            self.failures += 1
            self.reasons[sample.reason] += 1
        if sample.elapsed >= 0:
            self.times.append(sample.elapsed)

    def take_in(self, other: Measured) -> None:
        """Count what another process measured."""
        self.count += other.count
        self.failures += other.failures
        self.reasons.update(other.reasons)
        self.times.extend(other.times)


Metric = Callable[[Measured], float]


def percentile(percent: float) -> Metric:
    """The nearest-rank percentile in milliseconds."""

    def metric(measured: Measured) -> float:
        times = sorted(measured.times)
        rank = math.ceil(percent / 100 * len(times) - 1e-9)
        return times[min(max(rank, 1), len(times)) - 1] if times else math.nan

    return metric


def failed_share(measured: Measured) -> float:
    """The share that failed."""
    return measured.failures / measured.count if measured.count else math.nan


def failed_for(reason: str) -> Metric:
    """How many failed for one kind of reason."""
    return lambda measured: measured.reasons[reason] if measured.count else math.nan


def how_many(measured: Measured) -> float:
    """How many there were."""
    return measured.count


RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(eq=False)
class Goal:
    """What a run must reach."""

    text: str
    metric: Metric
    relation: str
    limit: float
    kind: str = "request"
    of: Callable[[Sample], bool] = lambda _: True
    during: dict[str, tuple[float, float]] | None = None  # seconds, by journey
    abort_after: float = math.inf  # seconds before a missed goal ends the run
    measured: Measured = field(default_factory=Measured)

    def take(self, sample: Sample) -> None:
        """Count a sample, if the goal speaks of it."""
        if sample.kind == self.kind and self.of(sample) and self.in_time(sample):
            self.measured.add(sample)

    def in_time(self, sample: Sample) -> bool:
        """Whether a sample started in the phase that the goal speaks of."""
        if self.during is None:
            return True
        first, last = self.during.get(sample.journey, (0.0, 0.0))
        return first <= sample.started < last

    def value(self, seconds: float) -> float:
        """What was measured so far, after so many seconds; NaN for nothing."""
        if self.during is not None:
            seconds = max(last - first for first, last in self.during.values())
        self.measured.seconds = seconds
        return round(self.metric(self.measured), 6)

    def is_met(self, seconds: float) -> bool:
        """Whether the goal is reached; it is not when nothing was measured."""
        return RELATIONS[self.relation](self.value(seconds), self.limit)


class Judge:
    """Listens to a run, and decides its exit code.

    3: no request was made; 1: a goal is missed, or, if no goal says how many may, a
    request or an iteration failed; else 0.
    """

    def __init__(self, environment: Environment, goals: Sequence[Goal]) -> None:
        self.environment = environment
        self.goals = [*goals]
        self.all_goals = [Goal("requests", how_many, ">", 0), *goals]
        self.flow_failures = 0
        self.first, self.last = math.inf, 0.0  # seconds since the load began
        self.missed: set[str] = set()  # goals that ended the run
        SAMPLES.add_listener(self.take)
        environment.events.request.add_listener(self.take_request)
        environment.events.report_to_master.add_listener(self.report)
        environment.events.worker_report.add_listener(self.take_report)
        environment.events.quitting.add_listener(self.decide)
        if any(goal.abort_after < math.inf for goal in goals):
            gevent.spawn(self.keep_watching)

    def take_request(
        self, request_type: str, response: Any = None, **told: Any
    ) -> None:
        """Take note of a request or step."""
        is_step = request_type == "STEP"
        answered = is_step or getattr(response, "status_code", 0) > 0
        self.take("step" if is_step else "request", answered=answered, **told)

    def take(
        self,
        kind: str,
        name: str,
        start_time: float,
        response_time: float,
        exception: BaseException | None,
        context: dict[str, str],
        answered: bool = True,
        **_: Any,
    ) -> None:
        """Take note of anything that is reported."""
        started = CLOCK.of(start_time)
        self.first = min(self.first, started)
        self.last = max(self.last, started + response_time / 1000)
        reason = re.match("[a-z ]+(?=:)", str(exception)) if exception else None
        sample = Sample(
            kind,
            name,
            context["step"],
            context["journey"],
            started,
            response_time if answered else -1.0,
            (reason[0] if reason else "script") if exception else "",
        )
        self.flow_failures += kind == "flow"
        for goal in self.all_goals:
            goal.take(sample)

    def report(self, data: dict[str, Any], **_: Any) -> None:
        """Tell the master what this process measured since it last did."""
        measured = [goal.measured for goal in self.all_goals]
        data["measured"] = [
            (m.count, m.failures, dict(m.reasons), list(m.times)) for m in measured
        ]
        data["flow"] = self.flow_failures, self.first, self.last
        self.flow_failures = 0
        for goal in self.all_goals:
            goal.measured = Measured()

    def take_report(self, data: dict[str, Any], **_: Any) -> None:
        """Take note of what another process measured."""
        for goal, told in zip(self.all_goals, data.get("measured", ()), strict=False):
            count, failures, reasons, times = told
            other = Measured(count, failures, Counter(reasons), array("d", times))
            goal.measured.take_in(other)
        flow, first, last = data.get("flow", (0, math.inf, 0.0))
        self.flow_failures += flow
        self.first, self.last = min(self.first, first), max(self.last, last)

    def keep_watching(self) -> None:
        """End the run when a goal is missed that must not be."""
        while not self.missed:
            gevent.sleep(1)
            self.missed = {goal.text for goal in self.goals if self.ends_run(goal)}
        runner = self.environment.runner
        if runner and not isinstance(runner, WorkerRunner):
            logger.error("the run is ended by its goal %s", min(self.missed))
            runner.quit()

    def ends_run(self, goal: Goal) -> bool:
        """Whether a goal is missed now and ends the run."""
        seconds = self.last - self.first
        if seconds < goal.abort_after or math.isnan(goal.value(seconds)):
            return False
        return not goal.is_met(seconds)

    def decide(self, environment: Environment, **_: Any) -> None:
        """Set the exit code."""
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            return
        requests, seconds = self.all_goals[0].measured, self.last - self.first
        if not requests.count:
            logger.error("no request was made")
            environment.process_exit_code = 3
            return
        missed = self.missed | {g.text for g in self.goals if not g.is_met(seconds)}
        for text in sorted(missed):
            logger.error("goal missed: %s", text)
        allowed = any(is_about_failures(goal) for goal in self.goals)
        bad = not allowed and (requests.failures or self.flow_failures)
        errors = runner and runner.exceptions
        environment.process_exit_code = 1 if missed or bad or errors else 0


def is_about_failures(goal: Goal) -> bool:
    """Whether a goal says how many of all requests may fail."""
    return goal.text.startswith("failures ") and " of " not in goal.text


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


# --- chance ---------------------------------------------------------------------------

SEED = os.environ.get("LOADWRIGHT_SEED") or secrets.token_hex(8)


class RandomNumbers:
    """Random numbers (mulberry32) that start from a text (FNV-1a)."""

    def __init__(self, key: str):
        self.key = key
        self.state = 0x811C9DC5
        for byte in key.encode():
            self.state = (self.state ^ byte) * 0x01000193 & 0xFFFFFFFF

    def draw(self) -> int:
        """The next 32 bits."""
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (self.state ^ self.state >> 15) * (self.state | 1) & 0xFFFFFFFF
        t ^= (t + (t ^ t >> 7) * (t | 61)) & 0xFFFFFFFF
        return t ^ t >> 14

    def unit(self) -> float:
        """A number from 0 up to, but not, 1."""
        high, low = self.draw() >> 5, self.draw() >> 6
        return (high * 67108864 + low) / 9007199254740992

    def integer(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self.unit() * (highest - lowest + 1))

    def shuffled(self, values: Sequence[Any]) -> list[Any]:
        """The values in another order."""
        order = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.integer(0, last)
            order[last], order[other] = order[other], order[last]
        return order

    def new_uuid(self) -> str:
        """A UUID, version 4."""
        hexa = "".join(f"{self.draw():08x}" for _ in range(4))
        variant = "89ab"[int(hexa[16], 16) & 3]
        start = f"{hexa[:8]}-{hexa[8:12]}-4{hexa[13:16]}"
        return f"{start}-{variant}{hexa[17:20]}-{hexa[20:]}"


# --- data -----------------------------------------------------------------------------

Row = dict[str, str]


def csv_rows(path: str) -> list[Row]:
    """The rows of a CSV file beside this one."""
    with open(HERE / path, encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file, restval="")]


def shuffled_rows(name: str, rows: list[Row]) -> list[Row]:
    """The rows in an order that is the same for the same seed."""
    return RandomNumbers(f"{SEED}:data:{name}").shuffled(rows)


class Rows:
    """Rows that all users of this process take one after the other."""

    def __init__(self, name: str, rows: list[Row], *, recycle: bool = True):
        self.name = name
        self.rows = rows
        self.recycle = recycle
        self.taken = 0

    def next(self, user: JourneyUser) -> Row:
        """The row of an iteration that starts."""
        number, self.taken = self.taken, self.taken + 1
        own = SHARD.own(len(self.rows))
        if own and self.recycle:
            number %= len(own)
        return self.row(own[number] if number < len(own) else -1)

    def row(self, number: int) -> Row:
        """A row by its number; where there is none, the user ends."""
        if self.rows and self.recycle:
            number %= len(self.rows)
        if not 0 <= number < len(self.rows):
            raise OutOfRows
        return self.rows[number]


# --- files ----------------------------------------------------------------------------

USERS = Rows("users", shuffled_rows("users", csv_rows("users.csv")))


# --- load -----------------------------------------------------------------------------

# Load smoke


class Checkout(JourneyUser):
    host = SHOP
    default_headers = DEFAULT_HEADERS
    timeout = 30
    journey = checkout
    journey_name = "checkout"
    iterations = setting("ITERATIONS", unless("DURATION", 4))
    line = steady(setting("USERS", 5), setting("DURATION", math.inf), ramp=2)


GOALS: list[Goal] = [
    Goal("p95 < 800ms", percentile(95), "<", 800),
    Goal(
        'p99 of "Log in" < 1500ms',
        percentile(99),
        "<",
        1500,
        kind="step",
        of=lambda s: s.name == "Log in",
    ),
    Goal("failures < 1%", failed_share, "<", 0.01),
    Goal("soft failures = 0", failed_for("soft failure"), "=", 0),
]


@events.init.add_listener
def judge_run(environment: Environment, **_: Any) -> None:
    """Let a judge decide the exit code."""
    Judge(environment, GOALS)
