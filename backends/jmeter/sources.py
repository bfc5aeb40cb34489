"""What a source finds in a response, as lines of Groovy, for what JMeter's own extractors cannot say."""

from __future__ import annotations

import re
from typing import assert_never

from loadwright.backends.jmeter.css import jsoup_selector
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.json_reader import find_json
from loadwright.backends.jmeter.patterns import extraction_group, header_pattern, java_pattern
from loadwright.compiler.plan.model import (
    BodySource,
    BoundarySource,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
    StatusSource,
    UrlSource,
    XPathSource,
)
from loadwright.compiler.plan.node import Origin

_BODY = "prev.responseDataAsString"


def find_lines(source: CaptureSource, origin: Origin | None) -> list[str]:
    """Lines that set `found` to the list of all matches as texts, in document order; `prev` is the response."""
    match source:
        case JsonSource(path=path):
            return [f"def found = {find_json('prev', path)}.findAll {{ it != null }}"]
        case CssSource(attribute=str() as attribute):
            selector = literal(jsoup_selector(source, origin))
            return [f"def found = org.jsoup.Jsoup.parse({_BODY}).select({selector}).collect {{ it.attr({literal(attribute)}) }}"]
        case CssSource():
            return _elements(jsoup_selector(source, origin))
        case RegexSource(pattern=pattern):
            return _search(pattern, f"[{_BODY}]")
        case BoundarySource(left=left, right=right):
            return [
                f"def (left, right) = [{literal(left)}, {literal(right)}].collect {{ java.util.regex.Pattern.quote(it) }}",
                f"def found = ({_BODY} =~ '(?s)' + left + '(.*?)' + right).collect {{ it[1] }}",
            ]
        case HeaderSource(name=name, pattern=str() as pattern):
            return _search(pattern, _lines_of_header(header_pattern(name)))
        case HeaderSource(name=name):
            return [f"def found = {_lines_of_header(header_pattern(name))}"]
        case CookieSource(name=name):
            return [f"def found = {_lines_of_header(cookie_pattern(name))}"]
        case RedirectSource():
            return _REDIRECT
        case XPathSource(path=path):
            return [f"def found = xpathValues({_BODY}, {literal(path)})"]
        case BodySource():
            return [f"def found = [{_BODY}]"]
        case UrlSource():
            return ["def found = [prev.URL.toString()]"]
        case StatusSource():
            return ["def found = [prev.responseCode]"]
        case _:
            assert_never(source)


def cookie_pattern(name: str) -> str:
    """A pattern for a cookie that a response sets; its first group is the value."""
    return header_pattern("Set-Cookie", ignore_case=False, value=re.escape(name) + "=([^;\\n]*?)[ \\t]*(?:;.*)?")


def _lines_of_header(pattern: str) -> str:
    return f"(prev.responseHeaders =~ {literal(pattern)}).collect {{ it[1] }}"


def _search(pattern: str, texts: str) -> list[str]:
    """Lines that find a Java pattern in texts, a Groovy expression of a list."""
    return [
        "def found = []",
        f"def pattern = ~{literal(java_pattern(pattern))}",
        f"{texts}.each {{ text ->",
        "    def matcher = pattern.matcher(text)",
        f"    while (matcher.find()) found << (matcher.group({extraction_group(pattern)}) ?: '')",
        "}",
    ]


def _elements(selector: str) -> list[str]:
    return [
        "// The text as it stands, white space folded; JMeter's extractor would put spaces between blocks and for line breaks.",
        f"def found = org.jsoup.Jsoup.parse({_BODY}).select({literal(selector)}).collect {{ element ->",
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
