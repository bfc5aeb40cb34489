"""What is taken from a response, and what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass

from loadwright.compiler.nodes.node import Count, Duration, Expression, Node, Statement, Text


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
