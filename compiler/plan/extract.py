"""The reference meaning of captures: what a source yields from a response."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol, assert_never
from urllib.parse import urljoin

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from loadwright.compiler.plan.inserted import fill
from loadwright.compiler.plan.jsonpath import find, find_texts, json_text, load_json
from loadwright.compiler.plan.model import (
    BodySource,
    BoundarySource,
    Capture,
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
from loadwright.compiler.plan.render import UnknownValueError, evaluate
from loadwright.compiler.plan.template import Template, fixed


class Generator(Protocol):
    """Draws random numbers; see `random.py`."""

    def integer(self, first: int, last: int) -> int:
        """A whole number from the first to the last, both included."""


class Response(Struct, frozen=True):
    """What a capture reads: the body as text, the headers in order, the absolute URL of the request, and the status."""

    url: str
    headers: tuple[tuple[str, str], ...]
    text: str
    status: int = 200


def extract(
    capture: Capture, response: Response, generator: Generator | None = None, text: Callable[[Template], str] | None = None
) -> str | None:
    """The value that a capture takes from a response, without its default; None when there is no such match.

    A `random` capture draws from the generator; without one it takes the first match. `text` gives the values that the
    capture's source holds. Raises ValueError for a source that holds values when there is no `text`.
    """
    source = fill(capture.source, text) if text else capture.source
    found = list(matches(source, response))
    if capture.select == "count":
        return str(len(found))
    if capture.select == "all":
        return json_array(found) if found else None
    if capture.select == "nth":
        return found[capture.occurrence - 1] if capture.occurrence <= len(found) else None
    if not found:
        return None
    if capture.select == "last":
        return found[-1]
    return found[generator.integer(0, len(found) - 1)] if generator else found[0]


def extract_with(capture: Capture, response: Response, values: Mapping[str, str]) -> str | None:
    """The same, with the values of names that the source may hold; None also where one of them is not known."""
    try:
        return extract(capture, response, text=lambda held: evaluate(held, values))
    except UnknownValueError:
        return None


def json_array(values: Iterable[str]) -> str:
    """Texts as a list of the language: a compact JSON array of strings."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def matches(source: CaptureSource, response: Response) -> Iterator[str]:
    """Every value that a source yields, in document order; the values in it have been put in (`inserted.fill`)."""
    match source:
        case JsonSource(path=path):
            yield from _json(fixed(path), response.text)
        case CssSource():
            yield from css_values(page_tree(response.text), source)
        case RegexSource(pattern=pattern):
            yield from (_first_group(m) for m in re.finditer(fixed(pattern), response.text, re.ASCII))
        case BoundarySource(left=left, right=right):
            pattern = re.escape(fixed(left)) + "(.*?)" + re.escape(fixed(right))
            yield from (m[1] for m in re.finditer(pattern, response.text, re.DOTALL))
        case HeaderSource(name=name, pattern=pattern):
            yield from _header(response, name, None if pattern is None else fixed(pattern))
        case CookieSource(name=name):
            prefix = f"{name}="
            cookies = (v.partition(";")[0].strip() for k, v in response.headers if k.lower() == "set-cookie")
            yield from (cookie[len(prefix) :] for cookie in cookies if cookie.startswith(prefix))
        case RedirectSource():
            yield from (urljoin(response.url, value) for value in _header(response, "Location", None))
        case XPathSource(path=path):
            yield from _xpath(fixed(path), response.text)
        case BodySource():
            yield response.text
        case UrlSource():
            yield response.url
        case StatusSource():
            yield str(response.status)
        case _:
            assert_never(source)


@lru_cache(maxsize=1)
def page_tree(text: str) -> LexborHTMLParser:
    """A page as a tree, which nobody may change; the last one is kept, as most questions about a page follow each other."""
    return LexborHTMLParser(text)


def _json(path: str, text: str) -> Iterator[str]:
    if (texts := find_texts(text, path)) is not None:
        yield from texts
        return
    try:
        value = json_document(text)
    except ValueError:
        return
    yield from (json_text(item) for item in find(value, path) if item is not None)


@lru_cache(maxsize=1)
def json_document(text: str) -> object:
    """A JSON document, kept as a page is. Raises ValueError for what is none."""
    return load_json(text)


def _xpath(path: str, text: str) -> Iterator[str]:
    from lxml import etree  # few captures need it, every start would pay for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        found = etree.fromstring(text.encode(), parser).xpath(path)
    except (etree.XMLSyntaxError, etree.XPathError):
        return
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, etree._Element):
            yield str(item.xpath("string()"))
        elif isinstance(item, bool):
            yield "true" if item else "false"
        elif isinstance(item, float):
            yield f"{item:g}" if item != int(item) else str(int(item))
        else:
            yield str(item)


def css_values(document: LexborHTMLParser, source: CssSource) -> Iterator[str]:
    """The values of a CSS source in a parsed document; an invalid selector yields none."""
    try:
        nodes = document.css(fixed(source.selector))
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
                yield from (_first_group(m) for m in re.finditer(pattern, value, re.ASCII))


def _first_group(match: re.Match[str]) -> str:
    return (match[1] or "") if match.re.groups else match[0]
