"""Requests and streams, and what they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loadwright.compiler.nodes.bodies import Body, FormField
from loadwright.compiler.nodes.node import Count, Duration, Expression, Quantity, Statement, String, Text
from loadwright.compiler.nodes.responses import Capture, Expectation

if TYPE_CHECKING:
    from loadwright.compiler.nodes.flow import Think, Variable


class Tags(Statement, frozen=True):
    """`tags "…", "…"`."""

    tags: tuple[Text, ...]


class Request(Statement, frozen=True):
    """`METHOD target "…" as "…" { … }`."""

    method: Text
    target: Text | None
    url: String
    name: Text | None
    items: tuple[RequestItem, ...]


class Stream(Statement, frozen=True):
    """`websocket target "…" as "…" { … }`, or `events …`."""

    protocol: Literal["websocket", "events"]
    target: Text | None
    url: String
    name: Text | None
    items: tuple[Header | Timeout | Send | Receive | Think | Variable, ...]


class Send(Statement, frozen=True):
    """`send …`."""

    text: Expression


class Receive(Statement, frozen=True):
    """`receive "…" { … }`."""

    name: Text | None
    items: tuple[Containing | Within | Expectation | Capture, ...]


class Containing(Statement, frozen=True):
    """`containing …` in a receive."""

    value: Expression


class Within(Statement, frozen=True):
    """`within 5s` in a receive."""

    limit: Duration


class Cookie(Statement, frozen=True):
    """`cookie "…" = …`."""

    name: Text
    value: Expression


class Auth(Statement, frozen=True):
    """`auth basic(…, …)`, `auth digest(…, …)` or `auth bearer(…)`."""

    scheme: Literal["basic", "digest", "bearer"]
    arguments: tuple[Expression, ...]


class Retry(Statement, frozen=True):
    """`retry 3 on 502 or network, wait 500ms, backoff 2`."""

    times: Count
    statuses: tuple[Count, ...]
    network: bool
    wait: Duration | None
    backoff: Quantity | None


class Header(Statement, frozen=True):
    """`header "…" = …`."""

    name: Text
    value: Expression


class Query(Statement, frozen=True):
    """`query { … }`."""

    fields: tuple[FormField, ...]


class Redirects(Statement, frozen=True):
    """`redirects none` or `redirects follow`."""

    mode: str


class Timeout(Statement, frozen=True):
    """`timeout 30s`."""

    limit: Duration


RequestItem = Query | Header | Cookie | Auth | Retry | Tags | Body | Redirects | Timeout | Expectation | Capture
