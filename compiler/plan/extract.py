"""The reference meaning of captures: what a source yields from a response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from loadwright.compiler.plan.jsonpath import find, json_text, load_json
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
)


@dataclass(frozen=True, slots=True)
class Response:
    """What a capture reads: the body as text, the headers in order, and the absolute URL of the request."""

    url: str
    headers: tuple[tuple[str, str], ...]
    text: str


def extract(capture: Capture, response: Response) -> str | None:
    """The value that a capture takes from a response, without its default; None when there is no such match."""
    for position, value in enumerate(matches(capture.source, response), 1):
        if position == capture.occurrence:
            return value
    return None


def matches(source: CaptureSource, response: Response) -> Iterator[str]:
    """Every value that a source yields, in document order."""
    match source:
        case JsonSource(path=path):
            yield from _json(path, response.text)
        case CssSource():
            yield from css_values(LexborHTMLParser(response.text), source)
        case RegexSource(pattern=pattern):
            yield from (_first_group(m) for m in re.finditer(pattern, response.text))
        case BoundarySource(left=left, right=right):
            pattern = re.escape(left) + "(.*?)" + re.escape(right)
            yield from (m[1] for m in re.finditer(pattern, response.text, re.DOTALL))
        case HeaderSource(name=name, pattern=pattern):
            yield from _header(response, name, pattern)
        case CookieSource(name=name):
            prefix = f"{name}="
            cookies = (v.partition(";")[0].strip() for k, v in response.headers if k.lower() == "set-cookie")
            yield from (cookie[len(prefix) :] for cookie in cookies if cookie.startswith(prefix))
        case RedirectSource():
            yield from (urljoin(response.url, value) for value in _header(response, "Location", None))
        case _:
            assert_never(source)


def _json(path: str, text: str) -> Iterator[str]:
    try:
        value = load_json(text)
    except ValueError:
        return
    yield from (json_text(item) for item in find(value, path) if item is not None)


def css_values(document: LexborHTMLParser, source: CssSource) -> Iterator[str]:
    """The values of a CSS source in a parsed document; an invalid selector yields none."""
    try:
        nodes = document.css(source.selector)
    except SelectolaxError:
        return
    for node in nodes:
        if source.attribute is None:
            yield " ".join(node.text(deep=True).split())
        elif source.attribute in node.attributes:
            yield node.attributes[source.attribute] or ""


def _header(response: Response, name: str, pattern: str | None) -> Iterator[str]:
    for key, value in response.headers:
        if key.lower() == name.lower():
            if pattern is None:
                yield value
            else:
                yield from (_first_group(m) for m in re.finditer(pattern, value))


def _first_group(match: re.Match[str]) -> str:
    return (match[1] or "") if match.re.groups else match[0]
