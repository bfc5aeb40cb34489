"""Where values are taken from in an answer, and how they compare."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from lxml import etree

from loadwright.backends.locust.runtime.extraction import (
    css_values,
    find_json,
    groups,
    json_text,
)

if TYPE_CHECKING:
    from loadwright.backends.locust.runtime.answers import Response


class Source(ABC):
    """A place in an answer; as text it reads as in failures."""

    @abstractmethod
    def values(self, response: Response) -> Iterable[str]:
        """What stands there, in the order of the answer."""


@dataclass(frozen=True)
class Described(Source):
    """A place that holds values; as text it reads as the test has it."""

    text: str
    place: Source

    def __str__(self) -> str:
        return self.text

    def values(self, response: Response) -> Iterable[str]:
        """What stands there."""
        return self.place.values(response)


@dataclass(frozen=True)
class Json(Source):
    """A JSONPath; null is nothing."""

    path: str

    def __str__(self) -> str:
        return f"json {self.path}"

    def values(self, response: Response) -> Iterator[str]:
        """Strings as they are, other values as JSON."""
        found = find_json(response.text, self.path)
        return (json_text(value) for value in found if value is not None)


@dataclass(frozen=True)
class Css(Source):
    """The attribute, or the text, of the elements that a selector matches."""

    selector: str
    attribute: str | None = None

    def __str__(self) -> str:
        attribute = f" @{self.attribute}" if self.attribute else ""
        return f"css {self.selector}{attribute}"

    def values(self, response: Response) -> Iterator[str]:
        """White space in texts is folded."""
        return css_values(response.text, self.selector, self.attribute)


@dataclass(frozen=True)
class XPath(Source):
    """An XPath on the body as XML."""

    path: str

    def __str__(self) -> str:
        return f"xpath {self.path}"

    def values(self, response: Response) -> Iterator[str]:
        """Of an element the text, of an attribute its value."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            found: Any = etree.fromstring(response.text.encode(), parser)
            found = found.xpath(self.path)
        except (etree.XMLSyntaxError, etree.XPathError, ValueError):
            return
        for item in found if isinstance(found, list) else [found]:
            yield xml_text(item)


def xml_text(item: Any) -> str:
    """A result of XPath as text."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, float):
        return str(int(item)) if item.is_integer() else f"{item:g}"
    return str(item.xpath("string()") if hasattr(item, "xpath") else item)


@dataclass(frozen=True)
class Regex(Source):
    """The first group of the matches of a pattern in the body."""

    pattern: str

    def __str__(self) -> str:
        return f"regex /{self.pattern}/"

    def values(self, response: Response) -> Iterator[str]:
        """Whole matches, where the pattern has no group."""
        return groups(self.pattern, response.text)


@dataclass(frozen=True)
class Between(Source):
    """The texts between two boundaries."""

    left: str
    right: str

    def __str__(self) -> str:
        return f"between {self.left} and {self.right}"

    def values(self, response: Response) -> Iterator[str]:
        """The shortest ones."""
        pattern = f"(?s){re.escape(self.left)}(.*?){re.escape(self.right)}"
        return groups(pattern, response.text)


@dataclass(frozen=True)
class Header(Source):
    """A header, or the first group of a pattern in it."""

    name: str
    pattern: str | None = None

    def __str__(self) -> str:
        pattern = f" matching /{self.pattern}/" if self.pattern is not None else ""
        return f"header {self.name}{pattern}"

    def values(self, response: Response) -> Iterator[str]:
        """One for each line of the header."""
        for line in response.header_values(self.name):
            if self.pattern is None:
                yield line
            else:
                yield from groups(self.pattern, line)


@dataclass(frozen=True)
class SetCookie(Source):
    """A cookie that the answer sets."""

    name: str

    def __str__(self) -> str:
        return f"cookie {self.name}"

    def values(self, response: Response) -> Iterator[str]:
        """Without the cookie's attributes."""
        start = f"{self.name}="
        for line in response.header_values("Set-Cookie"):
            cookie = line.partition(";")[0].strip()
            if cookie.startswith(start):
                yield cookie.removeprefix(start)


@dataclass(frozen=True)
class Redirect(Source):
    """Where the answer redirects to."""

    def __str__(self) -> str:
        return "redirect"

    def values(self, response: Response) -> Iterator[str]:
        """The absolute URL."""
        return (
            urljoin(response.url, line) for line in response.header_values("Location")
        )


@dataclass(frozen=True)
class Body(Source):
    """The whole body."""

    def __str__(self) -> str:
        return "body"

    def values(self, response: Response) -> Iterator[str]:
        """One text."""
        yield response.text


@dataclass(frozen=True)
class Url(Source):
    """The URL of the answer, after redirects."""

    def __str__(self) -> str:
        return "url"

    def values(self, response: Response) -> Iterator[str]:
        """One URL."""
        yield response.url


@dataclass(frozen=True)
class Status(Source):
    """The status code."""

    def __str__(self) -> str:
        return "status"

    def values(self, response: Response) -> Iterator[str]:
        """One number."""
        yield str(response.status)


def compare(left: str, relation: str, right: str) -> bool:
    """Whether two texts are so related; the order of texts is that of numbers."""
    match relation:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "contains":
            return right in left
        case "starts with":
            return left.startswith(right)
        case "ends with":
            return left.endswith(right)
        case "matches":
            return re.search(right, left, re.ASCII) is not None
    if not (is_number(left) and is_number(right)):
        return False
    first, second = Decimal(left), Decimal(right)
    orders = {"<": first < second, "<=": first <= second, ">": first > second}
    return orders.get(relation, first >= second)


def is_number(text: str) -> bool:
    """Whether a text is a decimal number."""
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def relates(text: str, relation: str, *values: str) -> bool:
    """Whether a text is so related to one of some values, or lies between two."""
    if relation == "one of":
        return text in values
    if relation == "between":
        return compare(text, ">=", values[0]) and compare(text, "<=", values[1])
    return compare(text, relation, values[0])
