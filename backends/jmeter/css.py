"""CSS selectors in the dialect of JSoup, the library of JMeter's CSS Selector Extractor."""

from __future__ import annotations

import re

from loadwright.backends.jmeter.errors import refusal
from loadwright.compiler.plan.model import CssSource
from loadwright.compiler.plan.node import Origin

_ATTRIBUTE = re.compile(
    r"""\[\s*(?P<name>[\w-]+)\s*(?:(?P<relation>[~|^$*]?=)\s*
        (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<plain>[^\]\s]+))\s*[iIsS]?\s*)?\]""",
    re.VERBOSE,
)
_PSEUDO = re.compile(r":([\w-]+)")
_KNOWN = {
    *("first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type", "empty", "root"),
    *("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type", "not", "is", "has"),
}


def jsoup_selector(source: CssSource, origin: Origin | None) -> str:
    """The selector for JSoup, narrowed to elements that have the attribute, for JMeter takes empty text for an absent one.

    Raises LoadwrightError for a pseudo-class that JSoup does not have.
    """
    selector = _ATTRIBUTE.sub(_attribute, source.selector).replace(":where(", ":is(")
    for pseudo in _PSEUDO.findall(_ATTRIBUTE.sub("", source.selector).replace(":where(", ":is(")):
        if pseudo not in _KNOWN:
            hint = "select by attributes or position, or compile it to locust or k6"
            raise refusal("jmeter-selector", f"JMeter's CSS selectors have no `:{pseudo}`", hint, origin)
    if source.attribute is None:
        return selector
    subject = f":is({selector})" if "," in selector else selector
    return f"{subject}[{source.attribute}]"


def _attribute(found: re.Match[str]) -> str:
    """A condition on an attribute; of two relations JSoup has the sign for another meaning, or not at all."""
    values = (found["double"], found["single"], found["plain"])
    value = re.sub(r"\\(.)", r"\1", next((v for v in values if v is not None), ""))
    match found["relation"]:
        case "~=":
            return f"[{found['name']}~=(?:^|\\s){re.escape(value)}(?:\\s|$)]"
        case "|=":
            return f"[{found['name']}~=^{re.escape(value)}(?:-|$)]"
        case _:
            return found[0]
