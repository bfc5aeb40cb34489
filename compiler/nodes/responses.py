"""What is taken from a response, and what is expected of it."""

from __future__ import annotations

from loadwright.compiler.nodes.node import Count, Duration, Expression, Node, Statement, String, Text


class JsonSource(Node, frozen=True):
    """`json "…"`."""

    path: Text | String


class CssSource(Node, frozen=True):
    """`css "…" @attribute`."""

    selector: Text | String
    attribute: Text | None


class RegexSource(Node, frozen=True):
    """`regex /…/`."""

    pattern: Text | String


class BoundarySource(Node, frozen=True):
    """`between "…" and "…"`."""

    left: Text | String
    right: Text | String


class HeaderSource(Node, frozen=True):
    """`header "…" matching /…/`."""

    name: Text
    pattern: Text | String | None


class CookieSource(Node, frozen=True):
    """`cookie "…"`."""

    name: Text


class RedirectSource(Node, frozen=True):
    """`redirect`."""


class XPathSource(Node, frozen=True):
    """`xpath "…"`."""

    path: Text | String


class BodySource(Node, frozen=True):
    """`body`."""


class UrlSource(Node, frozen=True):
    """`url`."""


class StatusSource(Node, frozen=True):
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


class Capture(Statement, frozen=True):
    """`capture NAME = … nth 2 of 5 default …`; `select` None is the first."""

    name: Text
    source: Source
    select: str | None
    occurrence: Count | None
    recorded: Count | None
    default: Expression | None


class StatusRange(Node, frozen=True):
    """`200 to 299`."""

    first: Count
    last: Count


class StatusExpectation(Statement, frozen=True):
    """`expect status 200 to 299 or 302`."""

    statuses: tuple[Count | StatusRange, ...]
    negated: bool


class TypeExpectation(Statement, frozen=True):
    """`expect type "…"`."""

    media_type: Text
    negated: bool


class TextExpectation(Statement, frozen=True):
    """`expect body …` or `expect header "…" …`; the value of `matches` is a String of fixed text."""

    header: Text | None
    relation: str
    value: Expression | None
    negated: bool
    soft: bool


class JsonExpectation(Statement, frozen=True):
    """`expect json "…" exists` or `= …`."""

    path: Text | String
    equals: Expression | None
    negated: bool
    soft: bool


class ValueExpectation(Statement, frozen=True):
    """`expect css "…" count >= 3` and all other relations; the values of `matches` and `is` are Strings of fixed text."""

    source: Source
    count: bool
    relation: str
    values: tuple[Expression, ...]
    negated: bool
    soft: bool


class SizeExpectation(Statement, frozen=True):
    """`expect size < 2MB`."""

    relation: str
    size: Count


class SchemaExpectation(Statement, frozen=True):
    """`expect schema "…"`."""

    path: Text


class TimeExpectation(Statement, frozen=True):
    """`expect time < 800ms`."""

    less_than: Duration


class SoftFailureExpectation(Statement, frozen=True):
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
