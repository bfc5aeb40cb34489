"""Requests as they go over the wire, and why they can fail."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import re
import traceback
from http.cookiejar import Cookie, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import gevent
from locust.contrib.fasthttp import (
    ErrorResponse,
    FastResponse,
    LocustUserAgent,
    ResponseContextManager,
)
from locust.exception import CatchResponseError

from loadwright.backends.locust.runtime.settings import logger

if TYPE_CHECKING:
    from loadwright.backends.locust.runtime.client import RequestingUser

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


def own_cookie(name: str, value: str) -> Cookie:
    """A cookie that no answer has set; for the whole of a host, which is to be set."""
    return Cookie(
        version=0,
        name=name,
        value=value.encode().decode("latin-1"),
        port=None,
        port_specified=False,
        domain="",
        domain_specified=False,
        domain_initial_dot=False,
        path="/",
        path_specified=True,
        secure=False,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )


def wire_headers(headers: Headers) -> Headers:
    """Headers such that the UTF-8 bytes of their values are sent."""
    return {name: wire_value(value) for name, value in headers.items()}


def wire_value(value: str | list[str]) -> str | list[str]:
    """A value whose UTF-8 bytes are sent; a list makes a line of each item."""
    if isinstance(value, list):
        return [line.encode().decode("latin-1") for line in value]
    return value.encode().decode("latin-1")
