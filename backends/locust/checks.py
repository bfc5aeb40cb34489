"""What is expected of answers and messages, and what is taken from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import Doc, Group, call
from loadwright.backends.locust.literals import literal, raw_literal
from loadwright.backends.locust.paths import json_path
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.describe import describe_source, describe_text, value_failure
from loadwright.compiler.plan.inserted import Frame, frame, pattern_frame, xpath_frame
from loadwright.compiler.plan.jsonpath import JsonPathError
from loadwright.compiler.plan.model import (
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
    Plan,
    Receive,
    RedirectSource,
    RegexSource,
    Request,
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
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.render import effective_expectations
from loadwright.compiler.plan.secrecy import holds
from loadwright.compiler.plan.template import ExtractorText, Template, template
from loadwright.compiler.plan.traverse import source_templates


@dataclass(frozen=True)
class Checks:
    """Writes what is looked at in the answers of one journey."""

    plan: Plan
    expressions: Expressions
    schemas: Mapping[str, str]
    """The constant that holds each JSON Schema, by the path of its file."""
    read: Collection[str]
    """The names whose values are read somewhere in the journey."""
    hidden: Collection[str]
    """The names whose values a message must not show."""

    def statements(self, node: Request | Receive) -> Iterator[tuple[Doc, str]]:
        """The statements on an answer or message, each with what stands before it."""
        expectations = effective_expectations(self.plan, node)
        if isinstance(node, Request) and not any(isinstance(e, StatusExpectation) for e in expectations):
            yield call("response.expect_status"), ""
        for expectation in expectations:
            yield self._expectation(expectation), ""
        for capture in node.captures:
            name = self.expressions.names[capture.name]
            yield self._capture(capture), f"{name} = " if capture.name in self.read else ""

    def _expectation(self, expectation: Expectation) -> Doc:
        match expectation:
            case StatusExpectation(statuses=statuses):
                return call("response.expect_status", *map(_status, statuses), *_flags(expectation))
            case TypeExpectation(media_type=media_type):
                return call("response.expect_type", literal(media_type), *_flags(expectation))
            case TimeExpectation(less_than=limit):
                return call("response.expect_time", str(limit))
            case SizeExpectation(relation=relation, size=size):
                return call("response.expect_size", literal(relation), str(size))
            case SchemaExpectation(path=path):
                return call("response.expect_schema", self.schemas[path])
            case SoftFailureExpectation(ignored=ignored):
                return call("response.expect_no_soft_failure", *map(literal, ignored))
            case JsonExpectation():
                return self._json_expectation(expectation)
            case TextExpectation():
                return self._text_expectation(expectation)
            case ValueExpectation():
                return self._value_expectation(expectation)
            case _:
                assert_never(expectation)

    def _json_expectation(self, expectation: JsonExpectation) -> Doc:
        arguments: list[Doc] = [self._path(expectation.path, expectation)]
        if expectation.equals is not None:
            arguments.append(self.expressions.text(expectation.equals))
            arguments += ["hidden=True"] if self._is_hidden(expectation.equals) else []
        return call("response.expect_json", *arguments, *_flags(expectation))

    def _text_expectation(self, expectation: TextExpectation) -> Doc:
        header = None if expectation.header is None else literal(expectation.header)
        if expectation.relation == "exists":
            if header is None:
                return call("response.expect_body", *_flags(expectation))
            return call("response.expect_header", header, *_flags(expectation))
        value = expectation.value or Template()
        arguments = [literal(expectation.relation), self._text(value, expectation.relation)]
        arguments += [f"header={header}"] if header else []
        arguments += _flags(expectation)
        arguments += ["hidden=True"] if self._is_hidden(value) else []
        return call("response.expect_text", *arguments)

    def _value_expectation(self, expectation: ValueExpectation) -> Doc:
        options = [f"otherwise={literal(value_failure(expectation, self.hidden))}"]
        options += ["negated=True"] if expectation.negated else []
        if expectation.relation == "is" and isinstance(expectation.source, JsonSource):
            path = self._path(expectation.source.path, expectation)
            return call("response.expect_json_type", path, literal(expectation.values[0].literal or ""), *options)
        function = "expect_count" if expectation.count else "expect_value"
        values = (self._text(value, expectation.relation) for value in expectation.values)
        return call(
            f"response.{function}", self._source(expectation.source, expectation), literal(expectation.relation), *values, *options
        )

    def _text(self, value: Template, relation: str) -> str:
        if relation == "matches" and value.literal is not None:
            return raw_literal(value.literal)
        return self.expressions.text(value)

    def _is_hidden(self, value: Template) -> bool:
        return holds(value, self.hidden)

    def _capture(self, capture: Capture) -> Doc:
        place = self._source(capture.source, capture)
        if capture.select == "count":
            return call("response.number_of", place)
        function = "find" if capture.select == "nth" else f"find_{capture.select}"
        options = [f"nth={capture.occurrence}"] if capture.select == "nth" and capture.occurrence != 1 else []
        options += [f"recorded={capture.recorded}"] if capture.recorded is not None else []
        options += [f"default={self.expressions.text(capture.default)}"] if capture.default is not None else []
        return call(f"response.{function}", literal(capture.name), place, *options)

    def _source(self, of: CaptureSource, node: Placed) -> Group:
        """The place in an answer that a capture or expectation looks at; one that holds values reads as it is written."""
        place = self._place(of, node)
        if isinstance(of, JsonSource) or not any(source_templates(of)):
            return place
        return call("Described", literal(describe_source(of)), place)

    def _place(self, of: CaptureSource, node: Placed) -> Group:
        match of:
            case JsonSource(path=path):
                return call("Json", self._path(path, node))
            case CssSource(selector=selector, attribute=attribute):
                return call(
                    "Css", self._filled(frame(selector), "css_text"), *([literal(attribute)] if attribute is not None else [])
                )
            case XPathSource(path=path):
                return call("XPath", self._filled(xpath_frame(path), "xpath_text"))
            case RegexSource(pattern=pattern):
                return call("Regex", self._pattern(pattern))
            case BoundarySource(left=left, right=right):
                return call("Between", *(self.expressions.text(template(text)) for text in (left, right)))
            case HeaderSource(name=name, pattern=pattern):
                return call("Header", literal(name), *([] if pattern is None else [self._pattern(pattern)]))
            case CookieSource(name=name):
                return call("SetCookie", literal(name))
            case RedirectSource():
                return call("Redirect")
            case BodySource():
                return call("Body")
            case UrlSource():
                return call("Url")
            case StatusSource():
                return call("Status")
            case _:
                assert_never(of)

    def _pattern(self, pattern: ExtractorText) -> str:
        return raw_literal(pattern) if isinstance(pattern, str) else self._filled(pattern_frame(pattern), "re.escape")

    def _filled(self, framed: Frame, escape: str) -> str:
        return self.expressions.joined(framed.parts(framed.text), escape)

    def _path(self, path: ExtractorText, node: Placed) -> Doc:
        """The expression for a JSONPath; raises LoadwrightError for one outside the subset."""
        try:
            return json_path(path, self.expressions)
        except JsonPathError as error:
            span = node.origin.span if node.origin and node.origin.kind == "source" else None
            raise LoadwrightError(Diagnostic("json-path", f"`{describe_text(path)}`: {error}", span=span)) from None


def _status(status: int | StatusRange) -> str:
    return str(status) if isinstance(status, int) else f"range({status.first}, {status.last + 1})"


def _flags(expectation: Expectation) -> list[str]:
    """The marks of an expectation that say how it is meant."""
    return [f"{flag}=True" for flag in ("negated", "soft") if getattr(expectation, flag, False)]
