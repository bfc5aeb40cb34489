"""What a source finds in a response, as lines of Groovy, for what JMeter's own extractors cannot say."""

from __future__ import annotations

import re
from typing import assert_never

from loadwright.backends.jmeter.css import jsoup_selector, marked_selector
from loadwright.backends.jmeter.groovy import expression, literal
from loadwright.backends.jmeter.json_reader import find_json
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.patterns import extraction_group, header_pattern, java_pattern
from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.plan.inserted import Frame, pattern_frame, xpath_frame
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
from loadwright.compiler.plan.template import ExtractorText, template

_BODY = "prev.responseDataAsString"


def find_lines(source: CaptureSource, origin: Origin | None, names: Names) -> list[str]:
    """Lines that set `found` to the list of all matches as texts, in document order; `prev` is the response."""
    match source:
        case JsonSource(path=path):
            return [f"def found = {find_json('prev', path, names)}.findAll {{ it != null }}"]
        case CssSource():
            return _css(source, origin, names)
        case RegexSource(pattern=pattern):
            return _search(pattern, f"[{_BODY}]", names)
        case BoundarySource(left=left, right=right):
            ends = ", ".join(expression(simplify(template(text)), names) for text in (left, right))
            return [
                f"def (left, right) = [{ends}].collect {{ java.util.regex.Pattern.quote(it) }}",
                f"def found = ({_BODY} =~ '(?s)' + left + '(.*?)' + right).collect {{ it[1] }}",
            ]
        case HeaderSource(name=name, pattern=pattern) if pattern is not None:
            return _search(pattern, _lines_of_header(header_pattern(name)), names)
        case HeaderSource(name=name):
            return [f"def found = {_lines_of_header(header_pattern(name))}"]
        case CookieSource(name=name):
            return [f"def found = {_lines_of_header(cookie_pattern(name))}"]
        case RedirectSource():
            return _REDIRECT
        case XPathSource(path=path):
            framed = xpath_frame(path)
            return [f"def found = xpathValues({_BODY}, {_filled(framed, framed.text, 'xpathText', names)})"]
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


def _filled(framed: Frame, text: str, escape: str, names: Names) -> str:
    """A Groovy expression for a text of a frame, with a function's value of each value in its place."""
    parts = (
        literal(part) if isinstance(part, str) else f"{escape}({expression(simplify(part), names)})" for part in framed.parts(text)
    )
    return " + ".join(parts) or "''"


def _search(pattern: ExtractorText, texts: str, names: Names) -> list[str]:
    """Lines that find a Java pattern in texts, a Groovy expression of a list."""
    framed = pattern_frame(pattern)
    java = _filled(framed, java_pattern(framed.text), "java.util.regex.Pattern.quote", names)
    return [
        "def found = []",
        f"def pattern = ~({java})" if framed.values else f"def pattern = ~{java}",
        f"{texts}.each {{ text ->",
        "    def matcher = pattern.matcher(text)",
        f"    while (matcher.find()) found << (matcher.group({extraction_group(framed.text)}) ?: '')",
        "}",
    ]


def _css(source: CssSource, origin: Origin | None, names: Names) -> list[str]:
    """Lines that find elements; those that a value decides about are marked first, for JSoup's selectors have no escapes."""
    plain, marks = marked_selector(source)
    document = "document" if marks else f"org.jsoup.Jsoup.parse({_BODY})"
    selected = f"{document}.select({literal(jsoup_selector(plain, origin))})"
    marking = [f"def document = org.jsoup.Jsoup.parse({_BODY})"] if marks else []
    for mark in marks:
        value = expression(simplify(mark.value), names)
        arguments = ", ".join(map(literal, (mark.attribute, mark.relation)))
        marking.append(f"markElements(document, {arguments}, {value}, {literal(mark.name)})")
    if source.attribute is not None:
        return [*marking, f"def found = {selected}.collect {{ it.attr({literal(source.attribute)}) }}"]
    return [
        *marking,
        "// The text as it stands, white space folded; JMeter's extractor would put spaces between blocks and for line breaks.",
        f"def found = {selected}.collect {{ element ->",
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
