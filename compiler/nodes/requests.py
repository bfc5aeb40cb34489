"""Requests and streams, and what they send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loadwright.compiler.nodes.bodies import Body, FormField
from loadwright.compiler.nodes.node import Count, Duration, Expression, Quantity, Statement, String, Text
from loadwright.compiler.nodes.responses import Capture, Expectation

if TYPE_CHECKING:
    from loadwright.compiler.nodes.flow import Think, Variable


@dataclass(frozen=True, slots=True)
class Tags(Statement):
    """`tags "…", "…"`."""

    tags: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Request(Statement):
    """`METHOD target "…" as "…" { … }`."""

    method: Text
    target: Text | None
    url: String
    name: Text | None
    items: tuple[RequestItem, ...]


@dataclass(frozen=True, slots=True)
class Stream(Statement):
    """`websocket target "…" as "…" { … }`, or `events …`."""

    protocol: Literal["websocket", "events"]
    target: Text | None
    url: String
    name: Text | None
    items: tuple[Header | Timeout | Send | Receive | Think | Variable, ...]


@dataclass(frozen=True, slots=True)
class Send(Statement):
    """`send …`."""

    text: Expression


@dataclass(frozen=True, slots=True)
class Receive(Statement):
    """`receive "…" { … }`."""

    name: Text | None
    items: tuple[Containing | Within | Expectation | Capture, ...]


@dataclass(frozen=True, slots=True)
class Containing(Statement):
    """`containing …` in a receive."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Within(Statement):
    """`within 5s` in a receive."""

    limit: Duration


@dataclass(frozen=True, slots=True)
class Cookie(Statement):
    """`cookie "…" = …`."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class Auth(Statement):
    """`auth basic(…, …)`, `auth digest(…, …)` or `auth bearer(…)`."""

    scheme: Literal["basic", "digest", "bearer"]
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Retry(Statement):
    """`retry 3 on 502 or network, wait 500ms, backoff 2`."""

    times: Count
    statuses: tuple[Count, ...]
    network: bool
    wait: Duration | None
    backoff: Quantity | None


@dataclass(frozen=True, slots=True)
class Header(Statement):
    """`header "…" = …`."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class Query(Statement):
    """`query { … }`."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Redirects(Statement):
    """`redirects none` or `redirects follow`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Timeout(Statement):
    """`timeout 30s`."""

    limit: Duration


RequestItem = Query | Header | Cookie | Auth | Retry | Tags | Body | Redirects | Timeout | Expectation | Capture
