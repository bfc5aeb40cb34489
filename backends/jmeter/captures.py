"""Captures as JMeter's extractors, each guarded so that a miss fails the request with its own message."""

from __future__ import annotations

import re
from typing import assert_never

from loadwright.backends.jmeter.assertions import EQUALS, NOT, response_assertion
from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.css import jsoup_selector
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import Renderer, is_native, jsr223
from loadwright.backends.jmeter.extractors import BODY, HEADERS, boundary_extractor, css_extractor, regex_extractor
from loadwright.backends.jmeter.groovy import expression, get, literal, script
from loadwright.backends.jmeter.json_reader import find_json
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.patterns import extraction_group, header_pattern, is_extractable, java_pattern, oro_pattern
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
)
from loadwright.compiler.plan.template import Call, Template

_SINGLE = {"location", "content-type", "content-disposition", "content-location", "etag", "last-modified", "refresh", "retry-after"}
"""Headers that a response has once at most."""


class Extraction:
    """The elements that make one capture."""

    def __init__(self, capture: Capture, names: Names) -> None:
        self._capture = capture
        self._names = names
        self._variable = names.value(capture.name)
        self._missing = f"{self._variable}_NOT_FOUND"
        self._title = f"{capture.name} = {describe_source(capture.source)}"
        self._comment = origin_comment(capture.origin)

    def extractors(self) -> tuple[Element, ...]:
        """What reads the value, and puts the default in place of a missing one."""
        capture, number = self._capture, self._capture.occurrence
        match source := capture.source:
            case JsonSource(path=path):
                return self._groovy([f"def found = {find_json('prev', path)}.findAll {{ it != null }}"])
            case RedirectSource():
                return self._groovy(_REDIRECT)
            case HeaderSource(name=name, pattern=str() as pattern):
                return self._header(name, pattern)
            case RegexSource(pattern=pattern) if not is_extractable(pattern):
                return self._groovy(_search(pattern, ["prev.responseDataAsString"]))
            case CssSource(attribute=None):
                return self._groovy(_text_search(jsoup_selector(source, capture.origin)))
            case CssSource(attribute=attribute):
                selector = jsoup_selector(source, capture.origin)
                found = css_extractor(self._title, self._variable, selector, attribute or "", number, self._default())
            case RegexSource(pattern=pattern):
                found = regex_extractor(self._title, self._variable, BODY, oro_pattern(pattern), number, self._default())
            case BoundarySource(left=left, right=right):
                found = boundary_extractor(self._title, self._variable, left, right, number, self._default())
            case HeaderSource(name=name):
                found = regex_extractor(self._title, self._variable, HEADERS, header_pattern(name), number, self._default())
            case CookieSource(name=name):
                found = regex_extractor(self._title, self._variable, HEADERS, _cookie_pattern(name), number, self._default())
            case _:
                assert_never(source)
        return (found.commented(self._comment), *self._late_default())

    def guard(self) -> tuple[Element, ...]:
        """The assertion that fails the request when the value is missing; none when there is a default."""
        if self._capture.default is not None:
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

    def _header(self, name: str, pattern: str) -> tuple[Element, ...]:
        """A pattern on a header's value: two extractors, the second on what the first found, or Groovy for many values."""
        if name.lower() not in _SINGLE or not is_extractable(pattern):
            values = f"(prev.responseHeaders =~ {literal(header_pattern(name))}).collect {{ it[1] }}"
            return self._groovy(_search(pattern, [values], spread=True))
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
        number, default = self._capture.occurrence, self._capture.default
        otherwise = literal(self._missing) if default is None else expression(simplify(default), self._names)
        variable = literal(self._variable)
        taken = f"if (found.size() >= {number}) vars.put({variable}, found[{number - 1}])"
        code = script([f"vars.put({variable}, {otherwise})", *lines, taken])
        return (jsr223("PostProcessor", self._title, code, comment=self._comment),)


def _cookie_pattern(name: str) -> str:
    return header_pattern("Set-Cookie", ignore_case=False, value=re.escape(name) + "=([^;\\n]*?)[ \\t]*(?:;.*)?")


def _search(pattern: str, texts: list[str], spread: bool = False) -> list[str]:
    """Lines that find a Java pattern in texts (Groovy expressions; one that is a list is spread)."""
    source = texts[0] if spread else f"[{', '.join(texts)}]"
    return [
        "def found = []",
        f"def pattern = ~{literal(java_pattern(pattern))}",
        f"{source}.each {{ text ->",
        "    def matcher = pattern.matcher(text)",
        f"    while (matcher.find()) found << (matcher.group({extraction_group(pattern)}) ?: '')",
        "}",
    ]


def _text_search(selector: str) -> list[str]:
    return [
        "// The text as it stands, white space folded; JMeter's extractor would put spaces between blocks and for line breaks.",
        f"def found = org.jsoup.Jsoup.parse(prev.responseDataAsString).select({literal(selector)}).collect {{ element ->",
        "    def text = new StringBuilder()",
        "    element.traverse { node, depth ->",
        "        if (node instanceof org.jsoup.nodes.TextNode) text << node.wholeText",
        "        if (node instanceof org.jsoup.nodes.DataNode) text << node.wholeData",
        "    }",
        "    text.toString().replaceAll('(?U)\\\\s+', ' ').trim()",
        "}",
    ]


_REDIRECT = [
    "// The Location header made absolute (RFC 3986); java.net.URL would take a lone query for a new last segment.",
    f"def found = (prev.responseHeaders =~ {literal(header_pattern('Location'))}).collect {{ match ->",
    "    def base = prev.URL.toString().replaceFirst('#.*', '')",
    "    if (match[1] ==~ '[A-Za-z][A-Za-z0-9+.-]*:.*') return match[1]",
    "    match[1].startsWith('?') ? base.replaceFirst('[?].*', '') + match[1] : new URL(prev.URL, match[1]).toString()",
    "}",
]


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
