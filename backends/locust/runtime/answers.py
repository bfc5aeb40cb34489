"""Answers: what is expected of them and taken from them."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from urllib.parse import urljoin

from locust.contrib.fasthttp import ResponseContextManager

from loadwright.backends.locust.runtime.extraction import (
    css_values,
    find_json,
    groups,
    json_text,
    pick,
)
from loadwright.backends.locust.runtime.network import Failure, network_failure


class Response:
    """An answer, with what the plan expects of it and takes from it."""

    def __init__(self, answer: ResponseContextManager):
        if error := answer.request_meta["exception"]:
            raise network_failure(error)
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

    def expect_status(self, *statuses: int) -> None:
        """Expect one of these statuses; without any, 200 to 399."""
        if self.status in (statuses or range(200, 400)):
            return
        expected = " or ".join(map(str, statuses)) or "200 to 399"
        raise Failure(f"status: expected {expected}, got {self.status}")

    def expect_type(self, media_type: str) -> None:
        """Expect a media type."""
        if self.media_type() != media_type.lower():
            got = self.media_type() or "none"
            raise Failure(f"type: expected {media_type}, got {got}")

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
    ) -> None:
        """Expect that the body or a header contains, equals or matches a value."""
        text = self.text if header is None else self.header(header)
        if text is None:
            holds = False
        elif relation == "matches":
            holds = re.search(value, text) is not None
        else:
            holds = value in text if relation == "contains" else value == text
        if holds is negated:
            verbs = (relation, f"does not {relation.removesuffix('s')}")
            verb = {"matches": ("matches", "does not match")}.get(relation, verbs)
            place = "body" if header is None else f"header {header}"
            shown = "…" if hidden else value
            raise Failure(f'text: {place} {verb[not negated]} "{shown}"')

    def expect_header(self, name: str, *, negated: bool = False) -> None:
        """Expect that a header is there, or that it is not."""
        if bool(self.header_values(name)) is negated:
            state = "present" if negated else "missing"
            raise Failure(f"text: header {name} is {state}")

    def expect_body(self, *, negated: bool = False) -> None:
        """Expect that there is a body, or that there is none."""
        if bool(self.content) is negated:
            raise Failure(f"text: body is {'present' if negated else 'missing'}")

    def expect_json(
        self,
        path: str,
        equals: str | None = None,
        *,
        negated: bool = False,
        hidden: bool = False,
    ) -> None:
        """Expect that the first value at a JSONPath exists, or equals a text."""
        found = find_json(self.text, path)
        if equals is None:
            if bool(found) is negated:
                raise Failure(f"json: {path} {'found' if negated else 'not found'}")
        elif (bool(found) and json_text(found[0]) == equals) is negated:
            verb = "is" if negated else "is not"
            raise Failure(f'json: {path} {verb} "{"…" if hidden else equals}"')

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
            ("exception text", EXCEPTION, is_json or media_type.startswith("text/")),
        )
        for rule, pattern, applies in rules:
            if applies and rule not in ignored and re.search(pattern, self.text):
                raise Failure(f"soft failure: {rule}")

    def find_json(
        self, name: str, path: str, occurrence: int = 1, default: str | None = None
    ) -> str:
        """Take the value at a JSONPath; null counts as missing."""
        found = find_json(self.text, path)
        values = (json_text(value) for value in found if value is not None)
        return pick(values, occurrence, default, f"{name} not found (json {path})")

    def find_css(
        self,
        name: str,
        selector: str,
        attribute: str | None = None,
        occurrence: int = 1,
        default: str | None = None,
    ) -> str:
        """Take the attribute, or the text, of an element."""
        values = css_values(self.text, selector, attribute)
        source = f"css {selector}" + (f" @{attribute}" if attribute else "")
        return pick(values, occurrence, default, f"{name} not found ({source})")

    def find_regex(
        self, name: str, pattern: str, occurrence: int = 1, default: str | None = None
    ) -> str:
        """Take the first group of a match in the body."""
        values = groups(pattern, self.text)
        missed = f"{name} not found (regex /{pattern}/)"
        return pick(values, occurrence, default, missed)

    def find_between(
        self,
        name: str,
        left: str,
        right: str,
        occurrence: int = 1,
        default: str | None = None,
    ) -> str:
        """Take the text between two boundaries."""
        pattern = f"(?s){re.escape(left)}(.*?){re.escape(right)}"
        missed = f"{name} not found (between {left} and {right})"
        return pick(groups(pattern, self.text), occurrence, default, missed)

    def find_header(
        self,
        name: str,
        header: str,
        pattern: str | None = None,
        occurrence: int = 1,
        default: str | None = None,
    ) -> str:
        """Take a header, or the first group of a match in it."""
        values: Iterable[str] = self.header_values(header)
        source = f"header {header}"
        if pattern is not None:
            values = (found for line in values for found in groups(pattern, line))
            source += f" matching /{pattern}/"
        return pick(values, occurrence, default, f"{name} not found ({source})")

    def find_cookie(
        self, name: str, cookie: str, occurrence: int = 1, default: str | None = None
    ) -> str:
        """Take a cookie that this answer sets."""
        lines = (v.partition(";")[0].strip() for v in self.header_values("Set-Cookie"))
        start = f"{cookie}="
        values = (line.removeprefix(start) for line in lines if line.startswith(start))
        return pick(values, occurrence, default, f"{name} not found (cookie {cookie})")

    def find_redirect(
        self, name: str, occurrence: int = 1, default: str | None = None
    ) -> str:
        """Take the absolute URL that `Location` points to."""
        values = (urljoin(self.url, line) for line in self.header_values("Location"))
        return pick(values, occurrence, default, f"{name} not found (redirect)")


ERROR_TITLE = (
    r"<title>[^<]{0,80}(?:[Ee]rror|[Ee]xception|[Ff]orbidden|[Nn]ot [Ff]ound"
    r"|[Uu]navailable|[Dd]enied)[^<]{0,80}</title>"
)
LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
EXCEPTION = (
    r"Traceback \(most recent call last\)|Exception in thread|Fatal error: Uncaught"
    r"|Unhandled exception|ORA-[0-9]{5}:|You have an error in your SQL syntax"
)


def check_json_members(text: str) -> None:
    """Fail for a JSON object that speaks of an error."""
    with suppress(ValueError):
        value = json.loads(text)
        if isinstance(value, dict):
            for member in ("errors", "error"):
                if value.get(member) not in (None, False, "", [], {}):
                    raise Failure(f"soft failure: json member `{member}`")
            for member in ("success", "ok"):
                if value.get(member) is False:
                    raise Failure(f"soft failure: json member `{member}`")
            if value.get("status") in ("error", "fail"):
                raise Failure("soft failure: json member `status`")
