"""JMeter's extractors. Names and patterns are literal text, defaults property text; the number counts matches from 1."""

from __future__ import annotations

from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.patterns import extraction_group
from loadwright.backends.jmeter.xml import Element, boolean, string

BODY, HEADERS = "false", "true"
"""What a Regular Expression Extractor looks at: values of `RegexExtractor.useHeaders`."""


def css_extractor(name: str, variable: str, selector: str, attribute: str, number: int, default: str) -> Element:
    """A CSS Selector Extractor; without an attribute it takes the text."""
    properties = (
        string("HtmlExtractor.refname", variable),
        string("HtmlExtractor.expr", property_text(selector)),
        string("HtmlExtractor.attribute", property_text(attribute)),
        string("HtmlExtractor.default", default),
        boolean("HtmlExtractor.default_empty_value", not default),
        string("HtmlExtractor.match_number", str(number)),
        string("HtmlExtractor.extractor_impl", "JSOUP"),
    )
    return Element("HtmlExtractor", "HtmlExtractorGui", property_text(name), properties)


def boundary_extractor(name: str, variable: str, left: str, right: str, number: int, default: str) -> Element:
    """A Boundary Extractor on the body."""
    properties = (
        string("BoundaryExtractor.useHeaders", "false"),
        string("BoundaryExtractor.refname", variable),
        string("BoundaryExtractor.lboundary", property_text(left)),
        string("BoundaryExtractor.rboundary", property_text(right)),
        string("BoundaryExtractor.default", default),
        boolean("BoundaryExtractor.default_empty_value", not default),
        string("BoundaryExtractor.match_number", str(number)),
    )
    return Element("BoundaryExtractor", "BoundaryExtractorGui", property_text(name), properties)


def regex_extractor(name: str, variable: str, field: str, pattern: str, number: int, default: str, *, scope: str = "") -> Element:
    """A Regular Expression Extractor for the first group, or the whole match; with `scope` on a variable."""
    properties = (
        string("RegexExtractor.useHeaders", field),
        string("RegexExtractor.refname", variable),
        string("RegexExtractor.regex", property_text(pattern)),
        string("RegexExtractor.template", f"${extraction_group(pattern)}$"),
        string("RegexExtractor.default", default),
        boolean("RegexExtractor.default_empty_value", not default),
        string("RegexExtractor.match_number", str(number)),
        *((string("Sample.scope", "variable"), string("Scope.variable", scope)) if scope else ()),
    )
    return Element("RegexExtractor", "RegexExtractorGui", property_text(name), properties)
