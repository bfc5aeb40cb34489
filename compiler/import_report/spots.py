"""Where in a recorded text an extractor finds its value: the very characters, not the first that look the same."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.plan.model import Capture, CssSource, JsonSource, RegexSource

Spot = tuple[int, int]
_LAST_NAME = re.compile(r"(?:\.([A-Za-z_]\w*)|\['([^'\\]+)'\])$")


def exact_spot(capture: Capture, text: str, value: str) -> Spot | None:
    """The characters of a text that a capture takes, where its source tells; None where it does not."""
    match capture.source:
        case CssSource(selector=str() as selector, attribute=str() as attribute):
            return _of_attribute(text, selector, attribute, capture.occurrence, value)
        case JsonSource(path=str() as path):
            return _of_member(text, path, value)
        case RegexSource(pattern=str() as pattern):
            return _of_pattern(text, pattern, capture.occurrence)
        case _:
            return None


def _of_pattern(text: str, pattern: str, occurrence: int) -> Spot | None:
    found = list(re.finditer(pattern, text, re.ASCII))[:occurrence]
    return found[-1].span(1 if found[-1].re.groups else 0) if len(found) == occurrence else None


def _of_member(text: str, path: str, value: str) -> Spot | None:
    """After the last name of the path; where several members have it with this value, any of them shows the form."""
    name = _LAST_NAME.search(path)
    if name is None:
        return None
    match = re.search(rf'"{re.escape(name[1] or name[2])}"\s*:\s*"?({re.escape(value)})(?![\w])', text)
    return match.span(1) if match else None


def _of_attribute(text: str, selector: str, attribute: str, occurrence: int, value: str) -> Spot | None:
    """The element's own attribute: of all attributes of this name and value, the one with its number in the page."""
    if not re.fullmatch(r"[A-Za-z_][\w-]*", attribute):
        return None
    document = LexborHTMLParser(text)
    found = [node for node in document.css(selector) if node.attributes.get(attribute) is not None][:occurrence]
    if len(found) < occurrence:
        return None
    alike = [n.mem_id for n in document.css(f"[{attribute}]") if n.attributes.get(attribute) == value]
    written = "|".join(re.escape(form) for form in dict.fromkeys((value, html.escape(value))))
    pattern = rf"(?<![\w-]){re.escape(attribute)}\s*=\s*(?:\"({written})\"|'({written})'|({written})(?=[\s>/]))"
    places = [m.span(m.lastindex or 0) for m in re.finditer(pattern, text, re.IGNORECASE)]
    if found[-1].mem_id not in alike or len(places) != len(alike):
        return None
    return places[alike.index(found[-1].mem_id)]
