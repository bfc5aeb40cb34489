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


@dataclass(frozen=True, slots=True)
class Secret(Statement):
    """`secret NAME from env "…"`."""

    name: Text
    env: Text


@dataclass(frozen=True, slots=True)
class DataSource(Statement):
    """`data NAME from csv "…" { … }`."""

    name: Text
    path: Text
    options: tuple[DataOption, ...]


@dataclass(frozen=True, slots=True)
class DataOption(Statement):
    """`order …` or `on end …`."""

    option: Literal["order", "on_end"]
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
class Journey(Statement):
    """`journey NAME "…" { … }`."""

    name: Text
    title: Text | None
    nodes: tuple[Step | Think | Variable, ...]


@dataclass(frozen=True, slots=True)
class Step(Statement):
    """`step "…" { … }`."""

    name: Text
    actions: tuple[Request | Parallel | Think | Variable, ...]


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


# --- what a request holds


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


Body = FormBody | JsonBody | TextBody | FileBody | MultipartBody


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
class Capture(Statement):
    """`capture NAME = … nth 2 default …`."""

    name: Text
    source: JsonSource | CssSource | RegexSource | BoundarySource | HeaderSource | CookieSource | RedirectSource
    occurrence: Count | None
    default: Expression | None


# --- expectations


@dataclass(frozen=True, slots=True)
class StatusExpectation(Statement):
    """`expect status 200 or 302`."""

    statuses: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class TypeExpectation(Statement):
    """`expect type "…"`."""

    media_type: Text


@dataclass(frozen=True, slots=True)
class TextExpectation(Statement):
    """`expect body …` or `expect header "…" …`; the value of `matches` is a String of fixed text."""

    header: Text | None
    relation: str
    value: Expression | None
    negated: bool


@dataclass(frozen=True, slots=True)
class JsonExpectation(Statement):
    """`expect json "…" …`."""

    path: Text
    equals: Expression | None
    negated: bool


@dataclass(frozen=True, slots=True)
class TimeExpectation(Statement):
    """`expect time < 800ms`."""

    less_than: Duration


@dataclass(frozen=True, slots=True)
class SoftFailureExpectation(Statement):
    """`expect no soft failure except login form`."""

    ignored: tuple[Text, ...] = ()


Expectation = StatusExpectation | TypeExpectation | TextExpectation | JsonExpectation | TimeExpectation | SoftFailureExpectation
RequestItem = Query | Header | Body | Redirects | Timeout | Expectation | Capture


# --- load and goals


@dataclass(frozen=True, slots=True)
class ClosedModel(Node):
    """`5 users for 10m, 20 iterations, ramp 1m`."""

    users: Count
    iterations: Count | None
    duration: Duration | None
    ramp: Duration | None


@dataclass(frozen=True, slots=True)
class OpenModel(Node):
    """`20/s for 15m, ramp 3m, at most 500 in flight`."""

    rate: Quantity
    duration: Duration
    ramp: Duration | None
    max_in_flight: Count | None


@dataclass(frozen=True, slots=True)
class Workload(Statement):
    """`JOURNEY: …`."""

    journey: Text
    model: ClosedModel | OpenModel


@dataclass(frozen=True, slots=True)
class Load(Statement):
    """`load NAME { … }`."""

    name: Text
    workloads: tuple[Workload, ...]


@dataclass(frozen=True, slots=True)
class Goal(Statement):
    """`p95 of "…" < 800ms`; `value` as the Plan has it."""

    metric: str
    percentile: Decimal | None
    of: Text | None
    relation: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Goals(Statement):
    """`goals { … }`."""

    goals: tuple[Goal, ...]


Declaration = Title | Target | Secret | DataSource | Variable | Defaults | Journey | Load | Goals


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
