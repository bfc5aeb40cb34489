"""CSS selectors in the dialect of JSoup, the library of JMeter's CSS Selector Extractor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loadwright.backends.jmeter.errors import refusal
from loadwright.compiler.plan.inserted import CSS_ATTRIBUTE, frame
from loadwright.compiler.plan.model import CssSource
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Template, fixed, map_text

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


@dataclass(frozen=True)
class Mark:
    """An attribute that elements get which have another one so related to a value."""

    name: str
    attribute: str
    relation: str
    value: Template


def marked_selector(source: CssSource) -> tuple[CssSource, list[Mark]]:
    """The source with marks in place of the conditions that hold values, and what the marks stand for."""
    framed = frame(source.selector)
    marks: list[Mark] = []

    def mark(found: re.Match[str]) -> str:
        text = found["double"] if found["double"] is not None else found["single"]
        if not framed.holds(text):
            return found[0]
        name, relation = f"loadwright-{len(marks) + 1}", found["relation"] + found["flag"].lower().replace("s", "")
        marks.append(Mark(name, found["name"].lower(), relation, map_text(framed.template(text), _unescaped)))
        return f"[{name}]"

    if not framed.values:
        return source, []
    return source.model_copy(update={"selector": CSS_ATTRIBUTE.sub(mark, framed.text)}), marks


def _unescaped(text: str) -> str:
    return re.sub(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", lambda m: chr(int(m[1], 16)) if m[1] else m[2], text, flags=re.DOTALL)


def jsoup_selector(source: CssSource, origin: Origin | None) -> str:
    """The selector for JSoup, narrowed to elements that have the attribute, for JMeter takes empty text for an absent one.

    Raises LoadwrightError for a pseudo-class that JSoup does not have.
    """
    selector = _ATTRIBUTE.sub(_attribute, fixed(source.selector)).replace(":where(", ":is(")
    for pseudo in _PSEUDO.findall(_ATTRIBUTE.sub("", fixed(source.selector)).replace(":where(", ":is(")):
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
