"""The Plan's models of reading a response: sources, captures, expectations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import ExtractorText, OptionalExtractorText, Template


class JsonSource(Placed):
    """A JSONPath on the body; the subset is that of `jsonpath.py`."""

    kind: Literal["json"] = "json"
    path: ExtractorText


class CssSource(Placed):
    """A CSS selector on the HTML body; the attribute's value, or the text (white space folded and trimmed)."""

    kind: Literal["css"] = "css"
    selector: ExtractorText
    attribute: str | None = None


class RegexSource(Placed):
    """A regular expression on the body as text; the value is its first group, or the whole match without one."""

    kind: Literal["regex"] = "regex"
    pattern: ExtractorText


class BoundarySource(Placed):
    """The shortest text between two boundaries in the body."""

    kind: Literal["boundary"] = "boundary"
    left: ExtractorText
    right: ExtractorText


class HeaderSource(Placed):
    """A response header; with a pattern, its first group."""

    kind: Literal["header"] = "header"
    name: str
    pattern: OptionalExtractorText = None


class CookieSource(Placed):
    """A cookie that this response sets."""

    kind: Literal["cookie"] = "cookie"
    name: str


class RedirectSource(Placed):
    """The `Location` header made absolute against the request's URL (RFC 3986 section 5)."""

    kind: Literal["redirect"] = "redirect"


class XPathSource(Placed):
    """An XPath 1.0 expression on the XML body; of an element the text (string value), of an attribute its value."""

    kind: Literal["xpath"] = "xpath"
    path: ExtractorText


class BodySource(Placed):
    """The whole body as text."""

    kind: Literal["body"] = "body"


class UrlSource(Placed):
    """The absolute URL of the response, after the redirects that were followed."""

    kind: Literal["url"] = "url"


class StatusSource(Placed):
    """The status code."""

    kind: Literal["status"] = "status"


_Source = (
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
)
CaptureSource = Annotated[_Source | StatusSource, Field(discriminator="kind")]
ExpectedSource = Annotated[_Source, Field(discriminator="kind")]
"""What a value is expected of; the status has an expectation of its own."""


class Capture(Placed):
    """A value taken from a response; a miss without a default fails the request and ends the iteration.

    `all` gives a list: the matches as a compact JSON array of strings. `count` gives their number and is never a miss.
    """

    name: str
    source: CaptureSource
    select: Literal["nth", "last", "random", "all", "count"] = "nth"
    occurrence: int = Field(default=1, ge=1)
    """With `nth`: which match to take, counted from 1 in document order."""
    recorded: int | None = Field(default=None, ge=1)
    """With `nth`: how many matches the recordings had. Another number of them at a run is told, and fails nothing."""
    default: Template | None = None


class StatusRange(Placed):
    """Statuses from the first to the last, both included."""

    first: int
    last: int


class StatusExpectation(Placed):
    """The status code is one of these, or none of them when negated."""

    kind: Literal["status"] = "status"
    statuses: tuple[int | StatusRange, ...] = Field(min_length=1)
    negated: bool = False


class TypeExpectation(Placed):
    """The media type of the response (without parameters, case-insensitive) is this."""

    kind: Literal["type"] = "type"
    media_type: str
    negated: bool = False


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
    soft: bool = False
    """Whether a response that breaks it counts as a soft failure."""


class JsonExpectation(Placed):
    """The first value at a JSONPath exists, or equals a text (numbers and constants compare by how they are written)."""

    kind: Literal["json"] = "json"
    path: ExtractorText
    equals: Template | None = None
    negated: bool = False
    soft: bool = False
    """Whether a response that breaks it counts as a soft failure."""


class ValueExpectation(Placed):
    """What a source finds in the response relates to expected values; the first match counts, or with `count` their number.

    Without a match every relation is false. `=` and `!=`, `one of`, `contains`, `starts with`, `ends with` and `equals`
    compare texts as captures give them; `<`, `<=`, `>`, `>=` and `between` (both ends included) compare decimal numbers, and
    are false when a side is none; `matches` is a regular expression that is found in the text; `is` is the JSON type of the value.
    With `count`, the number of matches is compared as a number. `negated` turns the verdict round.
    """

    kind: Literal["value"] = "value"
    source: ExpectedSource
    count: bool = False
    relation: Literal[
        "=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "ends with", "matches", "one of", "between", "exists", "is"
    ]
    values: tuple[Template, ...] = ()
    """None for `exists`, two for `between`, one or more for `one of`, else one; literal for `matches` and `is`.

    `is` has `string`, `number`, `boolean`, `null`, `array` or `object`.
    """
    negated: bool = False
    soft: bool = False
    """Whether a response that breaks it counts as a soft failure."""


class SizeExpectation(Placed):
    """The body, decompressed, has this many bytes."""

    kind: Literal["size"] = "size"
    relation: Literal["<", "<=", "=", ">=", ">"]
    size: int
    """Bytes."""


class SchemaExpectation(Placed):
    """The body is JSON that a JSON Schema (a stated subset of draft 2020-12, see `json_schema.py`) accepts."""

    kind: Literal["schema"] = "schema"
    path: str
    """The schema's file, relative to the intent file, inside its folder."""


class TimeExpectation(Placed):
    """The request takes less than this."""

    kind: Literal["time"] = "time"
    less_than: int
    """Milliseconds."""


SoftFailureRule = Literal["json member", "error title", "login form", "exception text", "error message"]


class SoftFailureExpectation(Placed):
    """The response is no error in disguise; the rules are those of `soft_failure.py`.

    Written `expect no soft failure`, or `expect no soft failure except login form, error title`.
    """

    kind: Literal["soft_failure"] = "soft_failure"
    ignored: tuple[SoftFailureRule, ...] = ()
    """Rules that do not apply here: the login page has a login form."""


Expectation = Annotated[
    StatusExpectation
    | TypeExpectation
    | TextExpectation
    | JsonExpectation
    | ValueExpectation
    | TimeExpectation
    | SizeExpectation
    | SchemaExpectation
    | SoftFailureExpectation,
    Field(discriminator="kind"),
]
