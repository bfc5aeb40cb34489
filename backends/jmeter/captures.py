"""Captures as JMeter's extractors, each guarded so that a miss fails the request with its own message."""

from __future__ import annotations

from loadwright.backends.jmeter.assertions import EQUALS, NOT, response_assertion
from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.css import jsoup_selector
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import Renderer, is_native, jsr223
from loadwright.backends.jmeter.extractors import BODY, HEADERS, boundary_extractor, css_extractor, regex_extractor
from loadwright.backends.jmeter.groovy import expression, get, literal, script
from loadwright.backends.jmeter.names import GENERATOR, Names
from loadwright.backends.jmeter.patterns import header_pattern, is_extractable, oro_pattern
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.sources import cookie_pattern, find_lines
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CookieSource,
    CssSource,
    HeaderSource,
    RegexSource,
)
from loadwright.compiler.plan.template import Call, Template
from loadwright.compiler.plan.traverse import source_templates

_SINGLE = {"location", "content-type", "content-disposition", "content-location", "etag", "last-modified", "refresh", "retry-after"}
"""Headers that a response has once at most."""


class Extraction:
    """The elements that make one capture."""

    def __init__(self, capture: Capture, names: Names, is_final: str = "") -> None:
        """`is_final` is a Groovy expression for whether the response is the last one, where a request may be sent again."""
        self._capture = capture
        self._is_final = is_final
        self._names = names
        self._variable = names.value(capture.name)
        self._missing = f"{self._variable}_NOT_FOUND"
        self._title = f"{capture.name} = {describe_source(capture.source)}"
        self._comment = origin_comment(capture.origin)

    def extractors(self) -> tuple[Element, ...]:
        """What reads the value, and puts the default in place of a missing one."""
        capture = self._capture
        is_fixed = capture.select == "nth" and not any(source_templates(capture.source))
        native = self._native() if is_fixed and capture.recorded is None else None
        if native is not None:
            return native
        return self._groovy([*find_lines(capture.source, capture.origin, self._names), *self._drift()])

    def _drift(self) -> list[str]:
        """Lines that tell, once in a run, that `found` are more or fewer than were recorded."""
        capture = self._capture
        if capture.recorded is None:
            return []
        told = literal(f"loadwright.drift.{self._variable}")
        words = literal(f"drift: {capture.name} is match {capture.occurrence} of {capture.recorded} recorded, ")
        return [
            f"if (found && found.size() != {capture.recorded} && !props.putIfAbsent({told}, 'told')) {{",
            f"    log.warn({words} + found.size() + ' found')",
            "}",
        ]

    def _native(self) -> tuple[Element, ...] | None:
        """JMeter's own extractor, where it finds what is meant."""
        capture, number = self._capture, self._capture.occurrence
        match source := capture.source:
            case HeaderSource(name=name, pattern=str() as pattern):
                return self._header(name, pattern)
            case CssSource(attribute=str() as attribute):
                selector = jsoup_selector(source, capture.origin)
                found = css_extractor(self._title, self._variable, selector, attribute, number, self._default())
            case RegexSource(pattern=str() as pattern) if is_extractable(pattern):
                found = regex_extractor(self._title, self._variable, BODY, oro_pattern(pattern), number, self._default())
            case BoundarySource(left=str() as left, right=str() as right):
                found = boundary_extractor(self._title, self._variable, left, right, number, self._default())
            case HeaderSource(name=name):
                found = regex_extractor(self._title, self._variable, HEADERS, header_pattern(name), number, self._default())
            case CookieSource(name=name):
                found = regex_extractor(self._title, self._variable, HEADERS, cookie_pattern(name), number, self._default())
            case _:
                return None
        return (found.commented(self._comment), *self._late_default())

    def guard(self) -> tuple[Element, ...]:
        """The assertion that fails the request when the value is missing; none when there is a default."""
        if self._capture.default is not None or self._capture.select == "count":
            return ()
        message = f"extraction: {self._capture.name} not found ({describe_source(self._capture.source)})"
        return (
            response_assertion(
                f"{self._capture.name} is found",
                "response_data",
                NOT | EQUALS,
                [self._missing],
                property_text(message),
                variable=self._variable,
            ),
        )

    def _default(self) -> str:
        """The extractor's own default, as property text: the capture's where that needs no Groovy, else a marker."""
        default = self._capture.default
        if default is None or not is_native(default, self._names):
            return self._missing
        return Renderer(self._names).text(default)

    def _late_default(self) -> tuple[Element, ...]:
        """The default that the extractor itself cannot hold."""
        default = self._capture.default
        if default is None or is_native(default, self._names):
            return ()
        lines = [
            f"if ({get(self._variable)} == {literal(self._missing)}) {{",
            *(f"    {line}" for line in _put(self._variable, default, self._names)),
            "}",
        ]
        return (jsr223("PostProcessor", f"Default of {self._capture.name}", script(lines)),)

    def _header(self, name: str, pattern: str) -> tuple[Element, ...] | None:
        """A pattern on a header's value: two extractors, the second on what the first found; none where it has many values."""
        if name.lower() not in _SINGLE or not is_extractable(pattern):
            return None
        whole = self._names.free(f"{self._variable}.header")
        number = self._capture.occurrence
        return (
            regex_extractor(f"{whole} = header {name}", whole, HEADERS, header_pattern(name), 1, ""),
            regex_extractor(
                self._title, self._variable, BODY, oro_pattern(pattern), number, self._default(), scope=whole
            ).commented(self._comment),
            *self._late_default(),
        )

    def _groovy(self, lines: list[str]) -> tuple[Element, ...]:
        """A script whose `lines` set `found` to the list of all matches; should they fail, the value is missing."""
        if self._capture.select == "count":
            code = script([*lines, f"vars.put({literal(self._variable)}, found.size().toString())"])
            return (jsr223("PostProcessor", self._title, code, comment=self._comment),)
        default = self._capture.default
        variable = literal(self._variable)
        several, value = self._selected()
        take = f"if ({several}) vars.put({variable}, {value})"
        if default is None:
            code = script([f"vars.put({variable}, {literal(self._missing)})", *lines, take])
        else:
            fallback = [f"    {line}" for line in _put(self._variable, default, self._names)]
            code = script([*lines, take, "else {", *fallback, "}"])
        return (jsr223("PostProcessor", self._title, code, comment=self._comment),)

    def _selected(self) -> tuple[str, str]:
        """When there is a value among `found`, and which, as Groovy expressions."""
        match self._capture.select:
            case "last":
                return "found", "found.last()"
            case "random":
                several = f"{self._is_final} && found" if self._is_final else "found"
                return several, f"found[vars.getObject('{GENERATOR}').integer(0, found.size() - 1) as int]"
            case "all":
                return "found", "compactJson(found)"
        number = self._capture.occurrence
        return f"found.size() >= {number}", f"found[{number - 1}]"


def _put(variable: str, default: Template, names: Names) -> list[str]:
    """Sets a variable; a function that fails makes the sample fail."""
    put = f"vars.put({literal(variable)}, {expression(simplify(default), names)})"
    if not any(isinstance(part, Call) and may_fail(part) for part in default.parts):
        return [put]
    return [
        "try {",
        f"    {put}",
        "} catch (IllegalArgumentException refused) {",
        "    def result = new org.apache.jmeter.assertions.AssertionResult('Default')",
        "    result.setResultForFailure('script: ' + refused.message)",
        "    prev.addAssertionResult(result)",
        "    prev.successful = false",
        "}",
    ]
