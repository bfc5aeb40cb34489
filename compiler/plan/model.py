"""The Plan: targets, values, journeys, and what `body`, `response`, `condition` and `load` hold.

Durations are whole milliseconds. Values are texts: what a response gave, as it gave it. A list is a text too: a compact JSON
array.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.body import (
    Body,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    GraphqlBody,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.load import (
    ClosedModel,
    ClosedPhases,
    Goal,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    RatePhase,
    Share,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.response import (
    BodySource,
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    Expectation,
    HeaderSource,
    JsonExpectation,
    JsonSource,
    RedirectSource,
    RegexSource,
    SchemaExpectation,
    SizeExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    StatusRange,
    StatusSource,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
    UrlSource,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.template import Template

__all__ = [
    "PLAN_VERSION",
    "Action",
    "Auth",
    "BasicAuth",
    "BearerAuth",
    "Body",
    "BodySource",
    "BoundarySource",
    "Branch",
    "Capture",
    "CaptureSource",
    "Choose",
    "ClosedModel",
    "ClosedPhases",
    "Comparison",
    "Condition",
    "Cookie",
    "CookieSource",
    "CssSource",
    "DataSource",
    "Defaults",
    "DigestAuth",
    "Every",
    "Expectation",
    "Fail",
    "FileBody",
    "FilePart",
    "ForEach",
    "FormBody",
    "FormField",
    "Fragment",
    "Goal",
    "GraphqlBody",
    "Header",
    "HeaderSource",
    "If",
    "Import",
    "Journey",
    "JsonArray",
    "JsonBody",
    "JsonConstant",
    "JsonExpectation",
    "JsonMember",
    "JsonNumber",
    "JsonObject",
    "JsonSource",
    "JsonText",
    "JsonValue",
    "Load",
    "LoadModel",
    "Mix",
    "MultipartBody",
    "Negation",
    "Node",
    "OpenModel",
    "OpenPhases",
    "Option",
    "Parallel",
    "Plan",
    "RatePhase",
    "Receive",
    "RedirectSource",
    "RegexSource",
    "Repeat",
    "Request",
    "Retry",
    "SchemaExpectation",
    "Secret",
    "Send",
    "Share",
    "Shuffle",
    "SizeExpectation",
    "SoftFailureExpectation",
    "Some",
    "StatusExpectation",
    "StatusRange",
    "StatusSource",
    "Step",
    "Stop",
    "Stream",
    "Target",
    "TextBody",
    "TextExpectation",
    "Think",
    "TimeExpectation",
    "TypeExpectation",
    "Until",
    "UrlSource",
    "Use",
    "UserPhase",
    "ValueExpectation",
    "ValuePart",
    "Variable",
    "While",
    "Workload",
    "XPathSource",
]

PLAN_VERSION = 2


# --- values -----------------------------------------------------------------------------------------------------------


class Import(Placed):
    """Another intent file whose targets, secrets, data, variables, fragments and journeys are taken in."""

    path: str
    """Relative to the intent file, inside its folder."""


class Target(Placed):
    """A server under test; `LOADWRIGHT_TARGET_<NAME>` (upper case) overrides `url` at run time."""

    name: str
    url: str
    """Scheme, host and optional port and path prefix, without a trailing slash."""
    verify: bool = True
    """Whether the server's certificate is verified."""
    certificate: str | None = None
    """A client certificate (PEM), relative to the intent file, inside its folder."""
    key: str | None = None
    """The certificate's private key (PEM), a file beside it."""
    proxy: str | None = None
    """The URL of an HTTP proxy."""


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
    """Rows of a CSV file (UTF-8, header line) or of a JSON file (an array of objects; values as captures give them).

    An iteration that uses a column takes its row when it starts. `per run`: the next row, whoever takes it; `per user`: each
    user goes through all rows on its own; `unique per user`: each user has a row for itself, in all its iterations.
    """

    name: str
    path: str
    """Relative to the intent file, inside its folder."""
    format: Literal["csv", "json"] = "csv"
    columns: tuple[str, ...]
    order: Literal["sequential", "random", "shuffled"] = "sequential"
    """`random` draws any row each time; `shuffled` goes through a permutation made at the start."""
    rows: Literal["per run", "per user", "unique per user"] = "per run"
    on_end: Literal["recycle", "stop"] = "recycle"
    """What happens when the rows are used up: start again, or stop the user."""


# --- journeys ---------------------------------------------------------------------------------------------------------


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


# --- flow -------------------------------------------------------------------------------------------------------------


class Branch(Placed):
    """What is done when a condition holds."""

    condition: Condition
    nodes: tuple[Node, ...] = ()


class If(Placed):
    """The first branch whose condition holds is taken, else `otherwise`."""

    kind: Literal["if"] = "if"
    branches: tuple[Branch, ...] = Field(min_length=1)
    otherwise: tuple[Node, ...] | None = None


class Repeat(Placed):
    """The nodes are done a number of times; `times` that is no whole number above zero is none."""

    kind: Literal["repeat"] = "repeat"
    times: Template
    index: str | None = None
    """A name that holds the number of the pass, from 1."""
    nodes: tuple[Node, ...] = ()


class While(Placed):
    """While the condition holds the nodes are done, at most so often; the bound ends the loop without a failure."""

    kind: Literal["while"] = "while"
    condition: Condition
    at_most: int = Field(ge=1)
    every: int = 0
    """Milliseconds of pause between two passes."""
    nodes: tuple[Node, ...] = ()


class Until(Placed):
    """The nodes are done, and again until the condition holds after a pass.

    When it does not hold after `at_most` passes the iteration fails: `flow: not so after 10 passes: state = "paid"`.
    """

    kind: Literal["until"] = "until"
    condition: Condition
    at_most: int = Field(ge=1)
    every: int = 0
    """Milliseconds of pause between two passes."""
    nodes: tuple[Node, ...] = ()


class ForEach(Placed):
    """The nodes are done for each item of a list; a text that is no JSON array is a list of itself, an empty text of nothing."""

    kind: Literal["for each"] = "for each"
    name: str
    """Holds the item: a string as it is, any other value as compact JSON."""
    values: Template
    at_most: int | None = Field(default=None, ge=1)
    nodes: tuple[Node, ...] = ()


class Option(Placed):
    """What is done with a probability, in percent."""

    percent: Decimal
    nodes: tuple[Node, ...] = ()


class Choose(Placed):
    """One of the options by chance; what the percentages leave of 100 is the chance that nothing is done."""

    kind: Literal["choose"] = "choose"
    options: tuple[Option, ...] = Field(min_length=1)


class Shuffle(Placed):
    """Each of the nodes once, in random order."""

    kind: Literal["shuffle"] = "shuffle"
    nodes: tuple[Node, ...] = ()


class Use(Placed):
    """A fragment's nodes, with its parameters as variables; backends get a Plan in which `expand` has put them in place."""

    kind: Literal["use"] = "use"
    fragment: str
    arguments: tuple[Template, ...] = ()


class Stop(Placed):
    """Ends the iteration, or the user after its teardown; no failure."""

    kind: Literal["stop"] = "stop"
    what: Literal["iteration", "user"]


class Fail(Placed):
    """Fails the iteration with a message, reported as `flow: MESSAGE`."""

    kind: Literal["fail"] = "fail"
    message: str


class Step(Placed):
    """What the user does as one action; reported as a transaction, pauses not counted. Steps do not nest."""

    kind: Literal["step"] = "step"
    name: str
    """Unique within the Plan, but for a fragment's that is used several times."""
    tags: tuple[str, ...] = ()
    actions: tuple[Node, ...] = ()


Node = Annotated[
    Step
    | Request
    | Parallel
    | Stream
    | Think
    | Variable
    | If
    | Repeat
    | While
    | Until
    | ForEach
    | Choose
    | Shuffle
    | Use
    | Stop
    | Fail,
    Field(discriminator="kind"),
]
"""What a journey, a step or a block of flow holds; requests and streams stand inside a step, steps outside of one."""

Action = Node


class Fragment(Placed):
    """Nodes with a name and parameters, used in journeys by `Use`."""

    name: str
    parameters: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()


class Journey(Placed):
    """What one virtual user does in one iteration.

    `setup` is done once by each user before its first iteration, `teardown` once after its last; a setup that fails ends the
    user. What they set stays set. In an open model every arrival is a user of its own.
    """

    name: str
    title: str = ""
    tags: tuple[str, ...] = ()
    cookies: Literal["clear", "keep"] | None = None
    """Whether the jar is emptied before each iteration; None: `keep` with a setup, else `clear`."""
    setup: tuple[Node, ...] = ()
    nodes: tuple[Node, ...]
    teardown: tuple[Node, ...] = ()

    @property
    def keeps_cookies(self) -> bool:
        """Whether the jar lives as long as the user."""
        return bool(self.setup) if self.cookies is None else self.cookies == "keep"


# --- the whole --------------------------------------------------------------------------------------------------------


class Defaults(Placed):
    """What every request has unless it says otherwise."""

    headers: tuple[Header, ...] = ()
    auth: Auth | None = None
    timeout: int | None = None
    """Milliseconds."""
    redirects: Literal["none", "follow"] | None = None
    retry: Retry | None = None
    expectations: tuple[Expectation, ...] = ()


class Plan(Placed):
    """A load test."""

    version: Literal[2] = 2
    name: str
    imports: tuple[Import, ...] = ()
    targets: tuple[Target, ...] = ()
    secrets: tuple[Secret, ...] = ()
    data: tuple[DataSource, ...] = ()
    variables: tuple[Variable, ...] = ()
    defaults: Defaults = Defaults()
    fragments: tuple[Fragment, ...] = ()
    journeys: tuple[Journey, ...] = ()
    loads: tuple[Load, ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def is_library(self) -> bool:
        """Whether it only declares what others import: it has no title and runs nothing."""
        return not (self.name or self.journeys or self.loads or self.goals) and self.defaults == Defaults()


for _model in (Branch, If, Repeat, While, Until, ForEach, Option, Choose, Shuffle, Step, Fragment, Journey, Plan):
    _model.model_rebuild()
