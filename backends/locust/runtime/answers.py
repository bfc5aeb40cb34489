"""Answers: what is expected of them and taken from them."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import itertools
import logging
import re
from decimal import Decimal
from functools import cached_property
from typing import Any

from locust.contrib.fasthttp import ResponseContextManager

from loadwright.backends.locust.runtime.extraction import (
    Digits,
    find_json,
    json_text,
)
from loadwright.backends.locust.runtime.network import Failure, network_failure
from loadwright.backends.locust.runtime.schema import schema_failure
from loadwright.backends.locust.runtime.soft_failures import (
    ERROR_TITLE,
    LOGIN_FORM,
    check_json_members,
    holds_exception,
    says_error,
)
from loadwright.backends.locust.runtime.sources import (
    Source,
    compare,
    is_number,
    relates,
)
from loadwright.backends.locust.runtime.values import to_json

DRIFTED: set[str] = set()
logger = logging.getLogger(__name__)


class Response:
    """An answer, with what the plan expects of it and takes from it."""

    def __init__(self, answer: ResponseContextManager, user: Any):
        if error := answer.request_meta["exception"]:
            raise network_failure(error)
        self.user = user
        self.url = answer.url or ""
        self.status = answer.status_code
        self.headers = answer.headers
        self.content: bytes = answer.content
        self.elapsed: float = answer.request_meta["response_time"]

    @cached_property
    def text(self) -> str:
        """The body, decoded by the charset that it names, or else as UTF-8."""
        content_type = self.header("Content-Type") or ""
        charset = re.search(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)", content_type)
        try:
            return self.content.decode(charset[1] if charset else "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def header_values(self, name: str) -> list[str]:
        """The values of a header, one for each line."""
        lines = self.headers.getlist(name) if self.headers else []
        return [line.encode("latin-1").decode("utf-8", "replace") for line in lines]

    def header(self, name: str) -> str | None:
        """A header, several lines joined; None when it is missing."""
        lines = self.header_values(name)
        return ", ".join(lines) if lines else None

    def media_type(self) -> str:
        """The media type in lower case, without parameters."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def expect_status(self, *statuses: int | range, negated: bool = False) -> None:
        """Expect one of these statuses, or none of them; without any, 200 to 399."""
        known = statuses or (range(200, 400),)
        if any(self.status in as_range(status) for status in known) is not negated:
            return
        expected = " or ".join(map(range_text, map(as_range, known)))
        expected = f"not {expected}" if negated else expected
        raise Failure(f"status: expected {expected}, got {self.status}")

    def expect_type(self, media_type: str, *, negated: bool = False) -> None:
        """Expect a media type, or another one."""
        if (self.media_type() == media_type.lower()) is negated:
            expected = f"not {media_type}" if negated else media_type
            got = self.media_type() or "none"
            raise Failure(f"type: expected {expected}, got {got}")

    def expect_size(self, relation: str, size: int) -> None:
        """Expect a number of bytes, of the body as it was before compression."""
        got = len(self.content)
        if not (
            got == size if relation == "=" else compare(str(got), relation, str(size))
        ):
            raise Failure(f"size: expected {relation} {size} bytes, got {got}")

    def expect_value(
        self,
        source: Source,
        relation: str,
        *values: str,
        otherwise: str,
        negated: bool = False,
    ) -> None:
        """Expect that the first match of a source is so related to values."""
        text = next(iter(source.values(self)), None)
        holds = text is not None and (
            relation == "exists" or relates(text, relation, *values)
        )
        if holds is negated:
            raise Failure(otherwise)

    def expect_count(
        self,
        source: Source,
        relation: str,
        *values: str,
        otherwise: str,
        negated: bool = False,
    ) -> None:
        """Expect that the number of matches of a source is so related to values."""
        number = self.number_of(source)
        # Numbers are equal however they are written.
        equal = [is_number(v) and Decimal(v) == int(number) for v in values]
        same = [number if e else v for e, v in zip(equal, values, strict=True)]
        holds = relation == "exists" or relates(number, relation, *same)
        if holds is negated:
            raise Failure(otherwise)

    def expect_json_type(
        self, path: str, json_type: str, *, otherwise: str, negated: bool = False
    ) -> None:
        """Expect that the first value at a JSONPath is of a type of JSON."""
        found = find_json(self.text, path)
        holds = bool(found) and json_type_of(found[0]) == json_type
        if holds is negated:
            raise Failure(otherwise)

    def expect_time(self, limit: int) -> None:
        """Expect an answer in less than so many milliseconds."""
        if self.elapsed >= limit:
            took = round(self.elapsed)
            raise Failure(f"time: expected less than {limit} ms, took {took} ms")

    def expect_text(
        self,
        relation: str,
        value: str,
        *,
        header: str | None = None,
        negated: bool = False,
        hidden: bool = False,
        soft: bool = False,
    ) -> None:
        """Expect that the body or a header contains, equals or matches a value."""
        text = self.text if header is None else self.header(header)
        if text is None:
            holds = False
        elif relation == "matches":
            holds = re.search(value, text, re.ASCII) is not None
        else:
            holds = value in text if relation == "contains" else value == text
        if holds is negated:
            verbs = (relation, f"does not {relation.removesuffix('s')}")
            verb = {"matches": ("matches", "does not match")}.get(relation, verbs)
            place = "body" if header is None else f"header {header}"
            shown = "…" if hidden else value
            kind = "soft failure" if soft else "text"
            raise Failure(f'{kind}: {place} {verb[not negated]} "{shown}"')

    def expect_header(
        self, name: str, *, negated: bool = False, soft: bool = False
    ) -> None:
        """Expect that a header is there, or that it is not."""
        if bool(self.header_values(name)) is negated:
            kind = "soft failure" if soft else "text"
            state = "present" if negated else "missing"
            raise Failure(f"{kind}: header {name} is {state}")

    def expect_body(self, *, negated: bool = False, soft: bool = False) -> None:
        """Expect that there is a body, or that there is none."""
        if bool(self.content) is negated:
            kind = "soft failure" if soft else "text"
            raise Failure(f"{kind}: body is {'present' if negated else 'missing'}")

    def expect_json(
        self,
        path: str,
        equals: str | None = None,
        *,
        negated: bool = False,
        hidden: bool = False,
        soft: bool = False,
    ) -> None:
        """Expect that the first value at a JSONPath exists, or equals a text."""
        found = find_json(self.text, path)
        kind = "soft failure" if soft else "json"
        if equals is None:
            if any(value is not None for value in found) is negated:
                state = "found" if negated else "not found"
                raise Failure(f"{kind}: {path} {state}")
        elif (bool(found) and json_text(found[0]) == equals) is negated:
            verb = "is" if negated else "is not"
            raise Failure(f'{kind}: {path} {verb} "{"…" if hidden else equals}"')

    def expect_schema(self, schema: Any) -> None:
        """Expect that the body is JSON that fits a JSON Schema."""
        if failure := schema_failure(schema, self.text):
            raise Failure(failure)

    def expect_no_soft_failure(self, *ignored: str) -> None:
        """Expect that the answer is no error in disguise; some rules can be ignored."""
        if not 200 <= self.status < 300:
            return
        media_type = self.media_type()
        is_html = media_type == "text/html"
        is_json = media_type == "application/json" or media_type.endswith("+json")
        if is_json and "json member" not in ignored:
            check_json_members(self.text)
        rules = (
            ("error title", ERROR_TITLE, is_html),
            ("login form", LOGIN_FORM, is_html),
        )
        for rule, pattern, applies in rules:
            if applies and rule not in ignored and re.search(pattern, self.text):
                raise Failure(f"soft failure: {rule}")
        is_text = is_json or media_type.startswith("text/")
        if is_text and "exception text" not in ignored and holds_exception(self.text):
            raise Failure("soft failure: exception text")
        if is_html and "error message" not in ignored and says_error(self.text):
            raise Failure("soft failure: error message")

    def find(
        self,
        name: str,
        source: Source,
        nth: int = 1,
        recorded: int | None = None,
        default: str | None = None,
    ) -> str:
        """Take the first match of a source, or another one, counted from 1.

        Another number of matches than `recorded` is told, once in the run.
        """
        if recorded is None:
            found = itertools.islice(source.values(self), nth - 1, None)
            return self.found(name, source, next(found, default))
        values = [*source.values(self)]
        if values and len(values) != recorded and name not in DRIFTED:
            DRIFTED.add(name)
            words = "drift: %s is match %d of %d recorded, %d found"
            logger.warning(words, name, nth, recorded, len(values))
        return self.found(name, source, next(iter(values[nth - 1 :]), default))

    def find_last(self, name: str, source: Source, default: str | None = None) -> str:
        """Take the last match of a source."""
        values = [*source.values(self)]
        return self.found(name, source, values[-1] if values else default)

    def find_random(self, name: str, source: Source, default: str | None = None) -> str:
        """Take one match of a source by chance."""
        values = [*source.values(self)]
        if not values:
            return self.found(name, source, default)
        chosen: int = self.user.random.integer(0, len(values) - 1)
        return values[chosen]

    def find_all(self, name: str, source: Source, default: str | None = None) -> str:
        """Take all matches of a source, as a JSON array of texts."""
        values = [*source.values(self)]
        return self.found(name, source, to_json(values) if values else default)

    def number_of(self, source: Source) -> str:
        """The number of matches of a source."""
        return str(len([*source.values(self)]))

    def found(self, name: str, source: Source, value: str | None) -> str:
        """A value that was found, or else a failure."""
        if value is None:
            raise Failure(f"extraction: {name} not found ({source})")
        return value


class Message(Response):
    """A message of a stream, looked at as an answer is."""

    def __init__(self, text: str, url: str, status: int, elapsed: float, user: Any):
        self.text = text
        self.content = text.encode()
        self.headers = None
        self.url = url
        self.status = status
        self.elapsed = elapsed
        self.user = user


def as_range(status: int | range) -> range:
    """A status as a range of one."""
    return range(status, status + 1) if isinstance(status, int) else status


def range_text(statuses: range) -> str:
    """A range of statuses, or a single one, in words."""
    first, last = statuses[0], statuses[-1]
    return str(first) if first == last else f"{first} to {last}"


def json_type_of(value: Any) -> str:
    """The name that JSON has for the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, Digits):
        return "number"
    names = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return names[type(value)]
