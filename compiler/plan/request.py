"""Requests and streams: what a user sends, and how it waits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.body import Body, FormField
from loadwright.compiler.plan.declarations import Variable
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.response import Capture, Expectation
from loadwright.compiler.plan.template import Template


class Header(Placed):
    """A request header."""

    name: str
    value: Template


class Cookie(Placed):
    """A cookie that is put into the user's jar, for the request's host and path `/`, before the request is sent."""

    name: str
    value: Template


class BasicAuth(Placed):
    """HTTP Basic authentication (RFC 7617), sent with the request unasked; UTF-8."""

    kind: Literal["basic"] = "basic"
    username: Template
    password: Template


class BearerAuth(Placed):
    """A bearer token (RFC 6750)."""

    kind: Literal["bearer"] = "bearer"
    token: Template


class DigestAuth(Placed):
    """HTTP Digest authentication (RFC 7616, MD5 or SHA-256, qop `auth`): the 401 and the answer to it are one request."""

    kind: Literal["digest"] = "digest"
    username: Template
    password: Template


Auth = Annotated[BasicAuth | BearerAuth | DigestAuth, Field(discriminator="kind")]


class Retry(Placed):
    """The request is sent again when the answer has one of these statuses, or when there is none and `network` is set.

    A response that is retried is not judged: it counts as a request that passed. The last one is judged as ever.
    """

    times: int = Field(ge=1)
    """At most this many further attempts."""
    statuses: tuple[int, ...] = ()
    network: bool = False
    wait: int = 0
    """Milliseconds before the first further attempt."""
    backoff: Decimal = Decimal(1)
    """What each wait is multiplied with for the next one."""


class Request(Placed):
    """One HTTP request, what to take from its response, and what must hold.

    Order after the response: expectations as written (the defaults' last), then captures. The first that fails fails
    the request, and a failed request ends the iteration.
    """

    kind: Literal["request"] = "request"
    name: str
    """Unique meaning within a step; what reports call it. Holds no value."""
    tags: tuple[str, ...] = ()
    method: str
    target: str | None = None
    """The target the URL is relative to; None when `url` is absolute."""
    url: Template
    """Path and query as they stand on the wire (already percent-encoded), or an absolute URL."""
    query: tuple[FormField, ...] = ()
    """Added to the URL, form-encoded."""
    headers: tuple[Header, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    auth: Auth | None = None
    body: Body | None = None
    redirects: Literal["none", "follow"] | None = None
    """None: the default's, which is `none`."""
    timeout: int | None = None
    """Milliseconds for the whole exchange; None: the default's."""
    retry: Retry | None = None
    expectations: tuple[Expectation, ...] = ()
    captures: tuple[Capture, ...] = ()


class Parallel(Placed):
    """Requests sent at the same time, as a browser loads a page's resources; all end before what follows."""

    kind: Literal["parallel"] = "parallel"
    requests: tuple[Request, ...] = Field(min_length=1)


class Think(Placed):
    """A pause of the user, uniform between two durations."""

    kind: Literal["think"] = "think"
    minimum: int
    """Milliseconds."""
    maximum: int
    """Milliseconds."""


class Send(Placed):
    """A text message sent on a WebSocket."""

    kind: Literal["send"] = "send"
    text: Template


class Receive(Placed):
    """Wait for a message (a WebSocket's text, or the data of a server-sent event), look at it, and take values from it.

    Messages that do not contain `containing` are passed over. Sources and expectations look at the message as at a body.
    """

    kind: Literal["receive"] = "receive"
    name: str
    """What reports call it."""
    containing: Template | None = None
    within: int = 30_000
    """Milliseconds; when no message comes in time, it fails."""
    expectations: tuple[Expectation, ...] = ()
    captures: tuple[Capture, ...] = ()


class Stream(Placed):
    """A WebSocket (RFC 6455) or a stream of server-sent events (WHATWG HTML, 9.2), open for the actions inside, then closed.

    Opening it is a request called `name`; each receive is a request of its own, called by its name.
    """

    kind: Literal["stream"] = "stream"
    protocol: Literal["websocket", "events"]
    name: str
    target: str | None = None
    url: Template
    """As a request's; `http` and `https` stand for `ws` and `wss`."""
    headers: tuple[Header, ...] = ()
    timeout: int | None = None
    actions: tuple[Annotated[Send | Receive | Think | Variable, Field(discriminator="kind")], ...] = ()
