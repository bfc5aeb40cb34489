"""The Plan's models: targets, values, journeys, requests, expectations, load and goals.

Durations are whole milliseconds. Values are texts: what a response gave, as it gave it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import Template

PLAN_VERSION = 1


# --- values -----------------------------------------------------------------------------------------------------------


class Target(Placed):
    """A server under test; `LOADWRIGHT_TARGET_<NAME>` (upper case) overrides `url` at run time."""

    name: str
    url: str
    """Scheme, host and optional port and path prefix, without a trailing slash."""


class Secret(Placed):
    """A value read from the environment when the test starts; it never stands in an artefact, a log or a report."""

    name: str
    env: str
    """The environment variable that holds it; a run without it is refused."""


class Variable(Placed):
    """A name and its value: at the top of the Plan evaluated at the start of every iteration, in a journey when reached."""

    kind: Literal["let"] = "let"
    name: str
    value: Template


class DataSource(Placed):
    """Rows of a CSV file (UTF-8, header line); every iteration of any user takes the next row."""

    name: str
    path: str
    """Relative to the intent file, inside its folder."""
    columns: tuple[str, ...]
    order: Literal["sequential", "random"] = "sequential"
    on_end: Literal["recycle", "stop"] = "recycle"
    """What happens when the rows are used up: start again, or stop the user."""


# --- bodies -----------------------------------------------------------------------------------------------------------


class FormField(Placed):
    """One field of a form or query; name and value are decoded text, sent form-encoded (`formencode`)."""

    name: Template
    value: Template


class FormBody(Placed):
    """An `application/x-www-form-urlencoded` body; order and repeated names are kept."""

    kind: Literal["form"] = "form"
    fields: tuple[FormField, ...]


class JsonText(Placed):
    """A JSON string."""

    kind: Literal["string"] = "string"
    value: Template


class JsonNumber(Placed):
    """A JSON number, kept digit for digit; a reference puts the referenced text in unquoted."""

    kind: Literal["number"] = "number"
    value: Template


class JsonConstant(Placed):
    """`true`, `false` or `null`."""

    kind: Literal["constant"] = "constant"
    value: Literal["true", "false", "null"]


class JsonArray(Placed):
    """A JSON array."""

    kind: Literal["array"] = "array"
    items: tuple[JsonValue, ...] = ()


class JsonMember(Placed):
    """A member of a JSON object."""

    name: str
    value: JsonValue


class JsonObject(Placed):
    """A JSON object; order is kept."""

    kind: Literal["object"] = "object"
    members: tuple[JsonMember, ...] = ()


JsonValue = Annotated[JsonText | JsonNumber | JsonConstant | JsonArray | JsonObject, Field(discriminator="kind")]


class JsonBody(Placed):
    """An `application/json` body, sent compact as `JSON.stringify` writes it."""

    kind: Literal["json"] = "json"
    value: JsonValue


class TextBody(Placed):
    """A body of literal text, sent as UTF-8."""

    kind: Literal["text"] = "text"
    value: Template
    media_type: str = "text/plain"


class FileBody(Placed):
    """The bytes of a file, sent as they are."""

    kind: Literal["file"] = "file"
    path: str
    """Relative to the intent file, inside its folder."""
    media_type: str = "application/octet-stream"


class ValuePart(Placed):
    """A multipart part that holds text."""

    kind: Literal["value"] = "value"
    name: str
    value: Template


class FilePart(Placed):
    """A multipart part that holds a file."""

    kind: Literal["file"] = "file"
    name: str
    path: str
    """Relative to the intent file, inside its folder."""
    filename: str
    media_type: str = "application/octet-stream"


class MultipartBody(Placed):
    """A `multipart/form-data` body; order and repeated names are kept, the boundary is the runtime's."""

    kind: Literal["multipart"] = "multipart"
    parts: tuple[Annotated[ValuePart | FilePart, Field(discriminator="kind")], ...]


Body = Annotated[FormBody | JsonBody | TextBody | FileBody | MultipartBody, Field(discriminator="kind")]


# --- reading a response -----------------------------------------------------------------------------------------------


class JsonSource(Placed):
    """A JSONPath on the body (subset: `$`, `.name`, `['name']`, `[n]`, `[*]`, `[?(@.name=='text')]`)."""

    kind: Literal["json"] = "json"
    path: str


class CssSource(Placed):
    """A CSS selector on the HTML body; the attribute's value, or the text (white space folded and trimmed)."""

    kind: Literal["css"] = "css"
    selector: str
    attribute: str | None = None


class RegexSource(Placed):
    """A regular expression on the body as text; the value is its first group, or the whole match without one."""

    kind: Literal["regex"] = "regex"
    pattern: str


class BoundarySource(Placed):
    """The shortest text between two boundaries in the body."""

    kind: Literal["boundary"] = "boundary"
    left: str
    right: str


class HeaderSource(Placed):
    """A response header; with a pattern, its first group."""

    kind: Literal["header"] = "header"
    name: str
    pattern: str | None = None


class CookieSource(Placed):
    """A cookie that this response sets."""

    kind: Literal["cookie"] = "cookie"
    name: str


class RedirectSource(Placed):
    """The `Location` header made absolute against the request's URL (RFC 3986 section 5)."""

    kind: Literal["redirect"] = "redirect"


CaptureSource = Annotated[
    JsonSource | CssSource | RegexSource | BoundarySource | HeaderSource | CookieSource | RedirectSource,
    Field(discriminator="kind"),
]


class Capture(Placed):
    """A value taken from a response; a miss without a default fails the request and ends the iteration."""

    name: str
    source: CaptureSource
    occurrence: int = Field(default=1, ge=1)
    """Which match to take, counted from 1 in document order."""
    default: Template | None = None


# --- expectations -----------------------------------------------------------------------------------------------------


class StatusExpectation(Placed):
    """The status code is one of these."""

    kind: Literal["status"] = "status"
    statuses: tuple[int, ...] = Field(min_length=1)


class TypeExpectation(Placed):
    """The media type of the response (without parameters, case-insensitive) is this."""

    kind: Literal["type"] = "type"
    media_type: str


class TextExpectation(Placed):
    """The body as text, or a header, holds, equals or matches a value.

    A `value` of `matches` is literal: a regular expression.
    """

    kind: Literal["text"] = "text"
    header: str | None = None
    """The header to look at; None for the body."""
    relation: Literal["contains", "equals", "matches", "exists"]
    value: Template | None = None
    negated: bool = False


class JsonExpectation(Placed):
    """The first value at a JSONPath exists, or equals a text (numbers and constants compare by how they are written)."""

    kind: Literal["json"] = "json"
    path: str
    equals: Template | None = None
    negated: bool = False


class TimeExpectation(Placed):
    """The request takes less than this."""

    kind: Literal["time"] = "time"
    less_than: int
    """Milliseconds."""


class SoftFailureExpectation(Placed):
    """The response is no error in disguise; the rules are those of `soft_failure.py`.

    Written `expect no soft failure`, or `expect no soft failure except login form, error title`.
    """

    kind: Literal["soft_failure"] = "soft_failure"
    ignored: tuple[Literal["json member", "error title", "login form", "exception text"], ...] = ()
    """Rules that do not apply here: the login page has a login form."""


Expectation = Annotated[
    StatusExpectation | TypeExpectation | TextExpectation | JsonExpectation | TimeExpectation | SoftFailureExpectation,
    Field(discriminator="kind"),
]


# --- journeys ---------------------------------------------------------------------------------------------------------


class Header(Placed):
    """A request header."""

    name: str
    value: Template


class Request(Placed):
    """One HTTP request, what to take from its response, and what must hold.

    Order after the response: expectations as written (the defaults' last), then captures. The first that fails fails
    the request, and a failed request ends the iteration.
    """

    kind: Literal["request"] = "request"
    name: str
    """Unique meaning within a step; what reports call it. Holds no value."""
    method: str
    target: str | None = None
    """The target the URL is relative to; None when `url` is absolute."""
    url: Template
    """Path and query as they stand on the wire (already percent-encoded), or an absolute URL."""
    query: tuple[FormField, ...] = ()
    """Added to the URL, form-encoded."""
    headers: tuple[Header, ...] = ()
    body: Body | None = None
    redirects: Literal["none", "follow"] | None = None
    """None: the default's, which is `none`."""
    timeout: int | None = None
    """Milliseconds for the whole exchange; None: the default's."""
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


Action = Annotated[Request | Parallel | Think | Variable, Field(discriminator="kind")]


class Step(Placed):
    """What the user does as one action; reported as a transaction, pauses not counted."""

    kind: Literal["step"] = "step"
    name: str
    """Unique within the Plan."""
    actions: tuple[Action, ...] = ()


class Journey(Placed):
    """What one virtual user does in one iteration. Cookies live for the iteration."""

    name: str
    title: str = ""
    nodes: tuple[Annotated[Step | Think | Variable, Field(discriminator="kind")], ...]


# --- load and goals ---------------------------------------------------------------------------------------------------


class ClosedModel(Placed):
    """A number of users, each starting its next iteration when the last one ends; by iterations per user, or for a time."""

    kind: Literal["closed"] = "closed"
    users: int = Field(ge=1)
    iterations: int | None = Field(default=None, ge=1)
    """Per user."""
    duration: int | None = Field(default=None, ge=1)
    """Milliseconds from the start, the ramp included; users in an iteration may end it."""
    ramp: int = Field(default=0, ge=0)
    """Milliseconds over which the users start, evenly."""


class OpenModel(Placed):
    """Iterations that start at a rate, whether or not earlier ones have ended."""

    kind: Literal["open"] = "open"
    rate: Decimal
    """Iterations per second."""
    duration: int = Field(ge=1)
    """Milliseconds, the ramp included."""
    ramp: int = Field(default=0, ge=0)
    """Milliseconds over which the rate rises from zero."""
    max_in_flight: int = Field(default=1000, ge=1)
    """Arrivals beyond this many running iterations are dropped and counted."""


class Workload(Placed):
    """A journey and how it is loaded."""

    journey: str
    model: Annotated[ClosedModel | OpenModel, Field(discriminator="kind")]


class Load(Placed):
    """A named load; the first one is the default."""

    name: str
    workloads: tuple[Workload, ...] = Field(min_length=1)


class Goal(Placed):
    """What a run must reach to pass.

    `percentile`, `mean` and `max` are milliseconds; `failures` is a share (0.01 for 1 %) of requests; `soft_failures` and
    `extraction_misses` are counts; `throughput` is requests per second.
    """

    metric: Literal["percentile", "mean", "max", "failures", "soft_failures", "extraction_misses", "throughput"]
    percentile: Decimal | None = None
    of: str | None = None
    """The step or request it speaks of; None for all requests."""
    relation: Literal["<", "<=", "=", ">=", ">"]
    value: Decimal


class Defaults(Placed):
    """What every request has unless it says otherwise."""

    headers: tuple[Header, ...] = ()
    timeout: int | None = None
    """Milliseconds."""
    redirects: Literal["none", "follow"] | None = None
    expectations: tuple[Expectation, ...] = ()


class Plan(Placed):
    """A load test."""

    version: Literal[1] = 1
    name: str
    targets: tuple[Target, ...] = ()
    secrets: tuple[Secret, ...] = ()
    data: tuple[DataSource, ...] = ()
    variables: tuple[Variable, ...] = ()
    defaults: Defaults = Defaults()
    journeys: tuple[Journey, ...] = ()
    loads: tuple[Load, ...] = ()
    goals: tuple[Goal, ...] = ()


JsonArray.model_rebuild()
JsonMember.model_rebuild()
JsonObject.model_rebuild()
