"""Requests, what is expected of their answers, and what is taken from these."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import Doc, Group, PythonWriter, call, labelled
from loadwright.backends.locust.literals import literal, raw_literal
from loadwright.backends.locust.paths import json_path
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.jsonpath import JsonPathError
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CookieSource,
    CssSource,
    Expectation,
    FileBody,
    FilePart,
    FormBody,
    HeaderSource,
    JsonBody,
    JsonExpectation,
    JsonSource,
    MultipartBody,
    Plan,
    RedirectSource,
    RegexSource,
    Request,
    SoftFailureExpectation,
    StatusExpectation,
    TextBody,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.render import (
    effective_expectations,
    effective_headers,
    expected_statuses,
    follows_redirects,
    url_template,
)
from loadwright.compiler.plan.secrecy import holds
from loadwright.compiler.plan.template import Reference, Template, template

_MOST_REDIRECTS = 30


@dataclass(frozen=True)
class Requests:
    """Writes the requests of one journey."""

    plan: Plan
    expressions: Expressions
    files: Mapping[str, str]
    """The constant that holds each file."""
    read: Collection[str]
    """The names whose values are read somewhere in the journey."""
    hidden: Collection[str]
    """The names whose values a message must not show."""
    shared: Collection[str]
    """The headers, in lower case, that every user sends by default."""

    def write(self, writer: PythonWriter, request: Request) -> None:
        """Write a request with its checks and captures."""
        if self.is_plain(request):
            writer.expression(self.fetch(request))
            return
        writer.expression(self.opening(request), "with ", " as response:")
        with writer.block():
            self.write_checks(writer, request)

    def opening(self, request: Request) -> Group:
        """The call whose block looks at the answer."""
        return call("user.request", *self.arguments(request))

    def write_checks(self, writer: PythonWriter, request: Request) -> None:
        """Write what is expected of the answer and taken from it."""
        for statement, before in self._checks(request):
            writer.expression(statement, before)

    def is_plain(self, request: Request) -> bool:
        """Whether only a status from 200 to 399 is expected, and nothing taken."""
        return not request.captures and not effective_expectations(self.plan, request)

    def fetch(self, request: Request) -> Group:
        """A plain request as one call."""
        return call("user.fetch", *self.arguments(request))

    def arguments(self, request: Request) -> tuple[Doc, ...]:
        """The arguments of a request."""
        url = url_template(request)
        if request.target:
            url = template(Reference(name=request.target), url)
        return (
            literal(request.method),
            self.expressions.text(url),
            f"name={literal(request.name)}",
            *self._headers(request),
            *self._body(request),
            *self._options(request),
        )

    def _options(self, request: Request) -> Iterator[Doc]:
        if request.timeout:
            yield f"timeout={seconds(request.timeout)}"
        if follows_redirects(self.plan, request):
            yield f"max_redirects={_MOST_REDIRECTS}"

    def _headers(self, request: Request) -> Iterator[Doc]:
        values: dict[str, tuple[str, list[str]]] = {}
        headers = effective_headers(self.plan, request)
        for header in request.headers if self.shared else headers:
            # Locust looks for this one by its exact name before it sets its own.
            name = "Accept-Encoding" if header.name.lower() == "accept-encoding" else header.name
            values.setdefault(name.lower(), (name, []))[1].append(self.expressions.text(header.value))
        media_type = self._media_type(request)
        if media_type and "content-type" not in self.shared:
            values.setdefault("content-type", ("Content-Type", [media_type]))
        items = (labelled(f"{literal(name)}: ", _one_or_list(texts)) for name, texts in values.values())
        if values:
            yield Group("headers={", tuple(items), "}")

    def _media_type(self, request: Request) -> str | None:
        match request.body:
            case None:
                return None
            case FormBody():
                return '"application/x-www-form-urlencoded"'
            case JsonBody():
                return '"application/json"'
            case TextBody(media_type=media_type) | FileBody(media_type=media_type):
                return literal(media_type)
            case MultipartBody():
                return 'f"multipart/form-data; boundary={BOUNDARY}"'
            case _:
                assert_never(request.body)

    def _body(self, request: Request) -> Iterator[Doc]:
        match request.body:
            case None:
                return
            case FormBody() as body:
                yield labelled("body=", self.expressions.form(body))
            case JsonBody(value=value):
                yield labelled("body=", self.expressions.json(value))
            case TextBody(value=value):
                yield f"body={self.expressions.text(value)}"
            case FileBody(path=path):
                yield f"body={self.files[path]}"
            case MultipartBody() as body:
                yield labelled("body=", self._multipart(body))
            case _:
                assert_never(request.body)

    def _multipart(self, body: MultipartBody) -> Doc:
        parts: list[Doc] = []
        for part in body.parts:
            if isinstance(part, FilePart):
                texts = (
                    literal(part.name),
                    literal(part.filename),
                    literal(part.media_type),
                )
                parts.append(call("file_part", *texts, self.files[part.path]))
            else:
                parts.append(
                    call(
                        "text_part",
                        literal(part.name),
                        self.expressions.text(part.value),
                    )
                )
        return call("multipart", *parts)

    def _checks(self, request: Request) -> Iterator[tuple[Doc, str]]:
        """The statements on the answer, each with what stands before it."""
        if expected_statuses(self.plan, request) is None:
            yield call("response.expect_status"), ""
        for expectation in effective_expectations(self.plan, request):
            yield self._expectation(expectation), ""
        for capture in request.captures:
            name = self.expressions.names[capture.name]
            yield (
                self._capture(capture),
                f"{name} = " if capture.name in self.read else "",
            )

    def _expectation(self, expectation: Expectation) -> Doc:
        match expectation:
            case StatusExpectation(statuses=statuses):
                return call("response.expect_status", *map(str, statuses))
            case TypeExpectation(media_type=media_type):
                return call("response.expect_type", literal(media_type))
            case TimeExpectation(less_than=limit):
                return call("response.expect_time", str(limit))
            case SoftFailureExpectation(ignored=ignored):
                return call("response.expect_no_soft_failure", *map(literal, ignored))
            case JsonExpectation():
                return self._json_expectation(expectation)
            case TextExpectation():
                return self._text_expectation(expectation)
            case _:
                assert_never(expectation)

    def _json_expectation(self, expectation: JsonExpectation) -> Doc:
        arguments: list[Doc] = [_path_literal(expectation.path, expectation)]
        if expectation.equals is not None:
            arguments.append(self.expressions.text(expectation.equals))
            arguments += ["hidden=True"] if self._is_hidden(expectation.equals) else []
        arguments += ["negated=True"] if expectation.negated else []
        return call("response.expect_json", *arguments)

    def _text_expectation(self, expectation: TextExpectation) -> Doc:
        negated = ["negated=True"] if expectation.negated else []
        header = None if expectation.header is None else literal(expectation.header)
        if expectation.relation == "exists":
            if header is None:
                return call("response.expect_body", *negated)
            return call("response.expect_header", header, *negated)
        value = expectation.value or Template()
        text = self.expressions.text(value)
        if expectation.relation == "matches" and value.literal is not None:
            text = raw_literal(value.literal)
        arguments = [literal(expectation.relation), text]
        arguments += [f"header={header}"] if header else []
        arguments += negated
        arguments += ["hidden=True"] if self._is_hidden(value) else []
        return call("response.expect_text", *arguments)

    def _is_hidden(self, value: Template) -> bool:
        return holds(value, self.hidden)

    def _capture(self, capture: Capture) -> Doc:
        function, arguments = _source(capture)
        if capture.occurrence != 1:
            arguments.append(f"occurrence={capture.occurrence}")
        if capture.default is not None:
            arguments.append(f"default={self.expressions.text(capture.default)}")
        return call(f"response.{function}", literal(capture.name), *arguments)


def _source(capture: Capture) -> tuple[str, list[Doc]]:
    match capture.source:
        case JsonSource(path=path):
            return "find_json", [_path_literal(path, capture)]
        case CssSource(selector=selector, attribute=attribute):
            return "find_css", [literal(text) for text in (selector, attribute) if text is not None]
        case RegexSource(pattern=pattern):
            return "find_regex", [raw_literal(pattern)]
        case BoundarySource(left=left, right=right):
            return "find_between", [literal(left), literal(right)]
        case HeaderSource(name=name, pattern=pattern):
            return "find_header", [
                literal(name),
                *([] if pattern is None else [raw_literal(pattern)]),
            ]
        case CookieSource(name=name):
            return "find_cookie", [literal(name)]
        case RedirectSource():
            return "find_redirect", []
        case _:
            assert_never(capture.source)


def _path_literal(path: str, node: Capture | JsonExpectation) -> Doc:
    """The expression for a JSONPath; raises LoadwrightError for one outside the subset."""
    try:
        return json_path(path)
    except JsonPathError as error:
        span = node.origin.span if node.origin and node.origin.kind == "source" else None
        raise LoadwrightError(Diagnostic("json-path", f"`{path}`: {error}", span=span)) from None


def _one_or_list(texts: list[str]) -> Doc:
    return texts[0] if len(texts) == 1 else Group("[", tuple(texts), "]")


def seconds(milliseconds: int) -> str:
    """Milliseconds as a number of seconds."""
    return f"{Decimal(milliseconds) / 1000:f}"
