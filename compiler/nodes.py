"""The syntax tree: what a text says, node by node, each with its place.

Nodes whose meaning is one node of the Plan carry the name and the field names of that node; lowering copies them. Two
trees are equal when they say the same, wherever it stands. `Text` is fixed text; an `Expression` has a value at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Literal

from loadwright.compiler.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the text."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """A piece that stands for itself, and that a comment can speak of."""


# --- words, texts and values


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A name, a quoted text without values, or a pattern; `value` has the escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Count(Node):
    """A whole number that counts something."""

    value: int


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """A length of time; `value` in milliseconds, perhaps not whole."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with a unit that is no duration: a share, or a rate per second."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """A name that stands for its value."""

    name: str


@dataclass(frozen=True, slots=True)
class DataField(Node):
    """A column of a data source."""

    data: Text
    column: Text


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied to its arguments; `piped` when the first was written before `|`."""

    function: Text
    arguments: tuple[Expression, ...]
    piped: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class String(Node):
    """A quoted text with values in it."""

    parts: tuple[Text | Expression, ...]


Expression = String | Reference | DataField | Call


# --- declarations


@dataclass(frozen=True, slots=True)
class Title(Statement):
    """`intent "…"`."""

    title: Text


@dataclass(frozen=True, slots=True)
class Target(Statement):
    """`target NAME = "…"`."""

    name: Text
    url: Text
    options: tuple[TargetOption, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetOption(Statement):
    """`verify off`, `proxy "…"` or `certificate "…" key "…"`; `value` is the first thing after the word."""

    option: Literal["verify", "proxy", "certificate"]
    value: Text
    key: Text | None = None


@dataclass(frozen=True, slots=True)
class Import(Statement):
    """`import "…"`."""

    path: Text


@dataclass(frozen=True, slots=True)
class Secret(Statement):
    """`secret NAME from env "…"`."""

    name: Text
    env: Text


@dataclass(frozen=True, slots=True)
class DataSource(Statement):
    """`data NAME from csv "…" { … }`."""

    name: Text
    format: str
    path: Text
    options: tuple[DataOption, ...]


@dataclass(frozen=True, slots=True)
class DataOption(Statement):
    """`order …`, `rows …` or `on end …`."""

    option: Literal["order", "rows", "on_end"]
    value: str


@dataclass(frozen=True, slots=True)
class Variable(Statement):
    """`let NAME = …`."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class Defaults(Statement):
    """`defaults { … }`."""

    items: tuple[RequestItem, ...]


@dataclass(frozen=True, slots=True)
class Fragment(Statement):
    """`fragment NAME(a, b) { … }`."""

    name: Text
    parameters: tuple[Text, ...]
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Journey(Statement):
    """`journey NAME "…" { … }`."""

    name: Text
    title: Text | None
    nodes: tuple[Flow | Tags | Cookies | Setup | Teardown, ...]


@dataclass(frozen=True, slots=True)
class Tags(Statement):
    """`tags "…", "…"`."""

    tags: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Cookies(Statement):
    """`cookies keep` or `cookies clear`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Setup(Statement):
    """`setup { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Teardown(Statement):
    """`teardown { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Step(Statement):
    """`step "…" { … }`."""

    name: Text
    actions: tuple[Flow | Tags, ...]


@dataclass(frozen=True, slots=True)
class Parallel(Statement):
    """`parallel { … }`."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Think(Statement):
    """`think 2s to 5s`; without `to` both ends are the same."""

    minimum: Duration
    maximum: Duration


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


# --- flow


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a = b`, `a < 3`, `a contains "x"`, `a matches /x/`."""

    left: Expression
    relation: str
    right: Expression


@dataclass(frozen=True, slots=True)
class Every(Node):
    """`a and b`."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    """`a or b`."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`not a`."""

    condition: Condition


Condition = Comparison | Every | Some | Negation


@dataclass(frozen=True, slots=True)
class Branch(Statement):
    """`if … { … }` and each `else if … { … }`."""

    condition: Condition
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Otherwise(Statement):
    """`else { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class If(Statement):
    """`if … { … } else if … { … } else { … }`."""

    branches: tuple[Branch, ...]
    otherwise: Otherwise | None


@dataclass(frozen=True, slots=True)
class Repeat(Statement):
    """`repeat 3 as i { … }`."""

    times: Expression
    index: Text | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class While(Statement):
    """`while …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Until(Statement):
    """`until …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class ForEach(Statement):
    """`for each NAME in …, at most 5 { … }`."""

    name: Text
    values: Expression
    at_most: Count | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Option(Statement):
    """`70% { … }`."""

    percent: Quantity
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Choose(Statement):
    """`choose { 70% { … }; 30% { … } }`."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Shuffle(Statement):
    """`shuffle { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Use(Statement):
    """`use NAME(…)`."""

    fragment: Text
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Stop(Statement):
    """`stop iteration` or `stop user`."""

    what: str


@dataclass(frozen=True, slots=True)
class Fail(Statement):
    """`fail "…"`."""

    message: Text


Flow = (
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
    | Fail
)


# --- what a request holds


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
class FormField(Statement):
    """`name = …` in a form or query."""

    name: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Query(Statement):
    """`query { … }`."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class FormBody(Statement):
    """`form { … }`."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class TextBody(Statement):
    """`text "…" type "…"`."""

    value: Expression
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class FileBody(Statement):
    """`file "…" type "…"`."""

    path: Text
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class ValuePart(Statement):
    """`name = …` in a multipart body."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class FilePart(Statement):
    """`name = file "…" name "…" type "…"` in a multipart body."""

    name: Text
    path: Text
    filename: Text | None
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class MultipartBody(Statement):
    """`multipart { … }`."""

    parts: tuple[ValuePart | FilePart, ...]


@dataclass(frozen=True, slots=True)
class JsonText(Node):
    """A JSON string."""

    value: Expression


@dataclass(frozen=True, slots=True)
class JsonNumber(Node):
    """A JSON number, or `number(…)`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class JsonConstant(Node):
    """`true`, `false` or `null`."""

    value: str


@dataclass(frozen=True, slots=True)
class JsonArray(Node):
    """`[…]`."""

    items: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True)
class JsonMember(Statement):
    """`name: …`."""

    name: Text
    value: JsonValue


@dataclass(frozen=True, slots=True)
class JsonObject(Node):
    """`{…}`."""

    members: tuple[JsonMember, ...]


JsonValue = JsonText | JsonNumber | JsonConstant | JsonArray | JsonObject


@dataclass(frozen=True, slots=True)
class JsonBody(Statement):
    """`json …`."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class GraphqlBody(Statement):
    """`graphql "…" operation "…" variables { … }`."""

    query: Text
    operation: Text | None
    variables: JsonObject | None


Body = FormBody | JsonBody | TextBody | FileBody | MultipartBody | GraphqlBody


@dataclass(frozen=True, slots=True)
class Redirects(Statement):
    """`redirects none` or `redirects follow`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Timeout(Statement):
    """`timeout 30s`."""

    limit: Duration


# --- captures


@dataclass(frozen=True, slots=True)
class JsonSource(Node):
    """`json "…"`."""

    path: Text


@dataclass(frozen=True, slots=True)
class CssSource(Node):
    """`css "…" @attribute`."""

    selector: Text
    attribute: Text | None


@dataclass(frozen=True, slots=True)
class RegexSource(Node):
    """`regex /…/`."""

    pattern: Text


@dataclass(frozen=True, slots=True)
class BoundarySource(Node):
    """`between "…" and "…"`."""

    left: Text
    right: Text


@dataclass(frozen=True, slots=True)
class HeaderSource(Node):
    """`header "…" matching /…/`."""

    name: Text
    pattern: Text | None


@dataclass(frozen=True, slots=True)
class CookieSource(Node):
    """`cookie "…"`."""

    name: Text


@dataclass(frozen=True, slots=True)
class RedirectSource(Node):
    """`redirect`."""


@dataclass(frozen=True, slots=True)
class XPathSource(Node):
    """`xpath "…"`."""

    path: Text


@dataclass(frozen=True, slots=True)
class BodySource(Node):
    """`body`."""


@dataclass(frozen=True, slots=True)
class UrlSource(Node):
    """`url`."""


@dataclass(frozen=True, slots=True)
class StatusSource(Node):
    """`status`."""


Source = (
    JsonSource
    | CssSource
    | RegexSource
    | BoundarySource
    | HeaderSource
    | CookieSource
    | RedirectSource
    | XPathSource
    | BodySource
    | UrlSource
    | StatusSource
)


@dataclass(frozen=True, slots=True)
class Capture(Statement):
    """`capture NAME = … nth 2 default …`; `select` None is the first."""

    name: Text
    source: Source
    select: str | None
    occurrence: Count | None
    default: Expression | None


# --- expectations


@dataclass(frozen=True, slots=True)
class StatusRange(Node):
    """`200 to 299`."""

    first: Count
    last: Count


@dataclass(frozen=True, slots=True)
class StatusExpectation(Statement):
    """`expect status 200 to 299 or 302`."""

    statuses: tuple[Count | StatusRange, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class TypeExpectation(Statement):
    """`expect type "…"`."""

    media_type: Text
    negated: bool


@dataclass(frozen=True, slots=True)
class TextExpectation(Statement):
    """`expect body …` or `expect header "…" …`; the value of `matches` is a String of fixed text."""

    header: Text | None
    relation: str
    value: Expression | None
    negated: bool
    soft: bool


@dataclass(frozen=True, slots=True)
class JsonExpectation(Statement):
    """`expect json "…" exists` or `= …`."""

    path: Text
    equals: Expression | None
    negated: bool
    soft: bool


@dataclass(frozen=True, slots=True)
class ValueExpectation(Statement):
    """`expect css "…" count >= 3` and all other relations; the values of `matches` and `is` are Strings of fixed text."""

    source: Source
    count: bool
    relation: str
    values: tuple[Expression, ...]
    negated: bool
    soft: bool


@dataclass(frozen=True, slots=True)
class SizeExpectation(Statement):
    """`expect size < 2MB`."""

    relation: str
    size: Count


@dataclass(frozen=True, slots=True)
class SchemaExpectation(Statement):
    """`expect schema "…"`."""

    path: Text


@dataclass(frozen=True, slots=True)
class TimeExpectation(Statement):
    """`expect time < 800ms`."""

    less_than: Duration


@dataclass(frozen=True, slots=True)
class SoftFailureExpectation(Statement):
    """`expect no soft failure except login form`."""

    ignored: tuple[Text, ...] = ()


Expectation = (
    StatusExpectation
    | TypeExpectation
    | TextExpectation
    | JsonExpectation
    | ValueExpectation
    | TimeExpectation
    | SizeExpectation
    | SchemaExpectation
    | SoftFailureExpectation
)
RequestItem = Query | Header | Cookie | Auth | Retry | Tags | Body | Redirects | Timeout | Expectation | Capture


# --- load and goals


@dataclass(frozen=True, slots=True)
class ClosedModel(Node):
    """`5 users for 10m, 20 iterations, ramp 1m, pacing 10s`."""

    users: Count
    iterations: Count | None
    duration: Duration | None
    ramp: Duration | None
    pacing: Duration | None


@dataclass(frozen=True, slots=True)
class OpenModel(Node):
    """`20/s for 15m, ramp 3m, at most 500 in flight`."""

    rate: Quantity
    duration: Duration
    ramp: Duration | None
    max_in_flight: Count | None


@dataclass(frozen=True, slots=True)
class UserPhase(Statement):
    """`"…" 2m to 50 users`."""

    name: Text
    duration: Duration
    users: Count | None
    jump: bool


@dataclass(frozen=True, slots=True)
class RatePhase(Statement):
    """`"…" 2m at 50/s`."""

    name: Text
    duration: Duration
    rate: Quantity | None
    jump: bool


@dataclass(frozen=True, slots=True)
class ClosedPhases(Node):
    """`phases { … }` of users, `pacing 10s` after it."""

    phases: tuple[UserPhase, ...]
    pacing: Duration | None


@dataclass(frozen=True, slots=True)
class OpenPhases(Node):
    """`phases { … }` of rates, `at most 500 in flight` after it."""

    phases: tuple[RatePhase, ...]
    max_in_flight: Count | None


LoadModel = ClosedModel | OpenModel | ClosedPhases | OpenPhases


@dataclass(frozen=True, slots=True)
class Workload(Statement):
    """`JOURNEY: …`."""

    journey: Text
    model: LoadModel


@dataclass(frozen=True, slots=True)
class Share(Statement):
    """`JOURNEY: 80%` in a mix."""

    journey: Text
    percent: Quantity


@dataclass(frozen=True, slots=True)
class Mix(Statement):
    """`mix 100 users for 10m { … }`."""

    model: LoadModel
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class GracefulStop(Statement):
    """`graceful stop 30s`."""

    limit: Duration


@dataclass(frozen=True, slots=True)
class Load(Statement):
    """`load NAME { … }`."""

    name: Text
    items: tuple[Workload | Mix | GracefulStop, ...]


@dataclass(frozen=True, slots=True)
class Goal(Statement):
    """`p95 of "…" in phase "…" < 800ms, abort after 30s`; `value` as the Plan has it."""

    metric: str
    percentile: Decimal | None
    subject: str | None
    of: Text | None
    phase: Text | None
    relation: str
    value: Decimal
    abort: bool
    abort_after: Duration | None


@dataclass(frozen=True, slots=True)
class Goals(Statement):
    """`goals { … }`."""

    goals: tuple[Goal, ...]


Declaration = Title | Import | Target | Secret | DataSource | Variable | Defaults | Fragment | Journey | Load | Goals


# --- the whole text


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """A comment without its `#`, and the statement that it speaks of (None: the whole text).

    It stands before the statement, after it on its last line, or at the end inside its braces.
    """

    text: str
    place: Literal["before", "after", "inside"]
    statement: Statement | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Intent(Node):
    """A whole text."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = ()


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node) and item.name != "statement":
            yield value
        elif isinstance(value, tuple):
            yield from (inner for inner in value if isinstance(inner, Node))


def statements(node: Node) -> Iterator[Statement]:
    """Every statement inside a node, outer before inner, in the order of the text."""
    for inner in children(node):
        if isinstance(inner, Statement):
            yield inner
        yield from statements(inner)
