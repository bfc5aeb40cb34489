"""What is sent can be sent: URLs, headers, cookies, JSON numbers, GraphQL, and what is done when it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.targets import unsendable
from loadwright.compiler.plan.model import (
    Auth,
    GraphqlBody,
    Header,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonValue,
    Request,
    Retry,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Text

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ENCODED_AS_IS = "!#$%&'()*+,/:;=?@[]~\"<>\\^`{|}"
"""What a URL may hold unencoded beside letters and digits, in practice (RFC 3986, and what browsers send as it is)."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def check_urls(context: Context) -> Iterator[Diagnostic]:
    """`GET "cart"` is neither a path nor absolute; `GET "/a b"` is not encoded."""
    for sender in context.senders():
        place = context.at(sender.url, sender.origin)
        schemes = "https?" if isinstance(sender, Request) or sender.protocol == "events" else "(?:https?|wss?)"
        first = sender.url.parts[0] if sender.url.parts else Text(value="")
        is_absolute = isinstance(first, Text) and re.match(rf"{schemes}://[^/?#]", first.value, re.IGNORECASE)
        if sender.target is None and isinstance(first, Text) and not is_absolute and not first.value.startswith("/"):
            hint = "start with `/` for a path of the target, or with `http://` or `https://`"
            yield finding(Code.BAD_URL, "the URL is neither a path nor absolute", hint, place)
        for part in sender.url.parts:
            bad = unsendable(part.value) if isinstance(part, Text) else None
            if bad:
                message = f"the URL holds `{_visible(bad)}`, which cannot be sent as it is"
                hint = f"percent-encode it: `{quote(bad, safe=_ENCODED_AS_IS)}`"
                yield finding(Code.BAD_URL, message, hint, place)
                break


def _visible(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):X}}}"


def check_headers(context: Context) -> Iterator[Diagnostic]:
    """`header "My Header" = …` is no header name; a value with a line end would be two headers."""
    defaults = context.plan.defaults
    yield from _headers(defaults.headers, defaults.auth, defaults.origin)
    for sender in context.senders():
        yield from _headers(sender.headers, getattr(sender, "auth", None), sender.origin)
        for cookie in getattr(sender, "cookies", ()):
            place = cookie.origin or sender.origin
            literal = "".join(part.value for part in cookie.value.parts if isinstance(part, Text))
            if not _TOKEN.fullmatch(cookie.name):
                yield finding(Code.BAD_HEADER, f"`{cookie.name}` is no cookie name", "letters, digits and `-` (RFC 6265)", place)
            if re.search(r'[^!-~]|[",;\\]', literal):
                message = "the cookie's value holds a character that cookies cannot hold"
                yield finding(Code.BAD_HEADER, message, 'encode it: `"…" | urlencode`', place)


def _headers(headers: Sequence[Header], auth: Auth | None, origin: Origin | None) -> Iterator[Diagnostic]:
    for header in headers:
        place = header.origin or origin
        if not _TOKEN.fullmatch(header.name):
            yield finding(Code.BAD_HEADER, f"`{header.name}` is no header name", "letters, digits and `-` (RFC 9110)", place)
        if any(isinstance(part, Text) and re.search(r"[\x00-\x08\x0a-\x1f\x7f]", part.value) for part in header.value.parts):
            yield finding(Code.BAD_HEADER, "the header's value holds a control character", "take it out", place)
        if auth is not None and header.name.lower() == "authorization":
            message, hint = "the authorization is given twice", "keep the header or `auth`"
            yield finding(Code.DUPLICATE, message, hint, place)


def check_bodies(context: Context) -> Iterator[Diagnostic]:
    """`json { n: number("abc") }` is no number, and `operation "Me"` is an operation of the query."""
    for request in context.requests():
        match request.body:
            case JsonBody(value=value):
                yield from _check_numbers(value, request)
            case GraphqlBody(variables=variables):
                if variables is not None:
                    yield from _check_numbers(variables, request)
                yield from _graphql(request.body, request.body.origin or request.origin)


def _check_numbers(value: JsonValue, request: Request) -> Iterator[Diagnostic]:
    if isinstance(value, JsonNumber):
        literal = value.value.literal
        if literal is not None and not _JSON_NUMBER.fullmatch(literal):
            hint = "write the number itself, or a value that is one: `number(x)`"
            yield finding(Code.BAD_JSON, "`number(…)` holds no JSON number", hint, value.origin or request.origin)
    elif isinstance(value, JsonArray):
        for item in value.items:
            yield from _check_numbers(item, request)
    elif isinstance(value, JsonObject):
        for member in value.members:
            yield from _check_numbers(member.value, request)


_GRAPHQL_TEXT = re.compile(r'"""(?:\\"""|(?!""").)*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*', re.DOTALL)
_GRAPHQL_TOKEN = re.compile(r"[{}()\[\]]|[A-Za-z_][A-Za-z0-9_]*")


def _graphql(body: GraphqlBody, place: Origin | None) -> Iterator[Diagnostic]:
    operations, is_closed = _operations(body.query)
    if not is_closed:
        yield finding(Code.BAD_GRAPHQL, "the brackets of the query do not match", "each `{` needs its `}`", place)
    elif not operations:
        yield finding(Code.BAD_GRAPHQL, "the query holds no operation", "write `query Name { … }` or `{ … }`", place)
    elif body.operation is not None and body.operation not in operations:
        known = ", ".join(f"`{name}`" for name in operations if name)
        hint = f"known: {known}" if known else "name it in the query: `query Name { … }`"
        yield finding(Code.BAD_GRAPHQL, f"the query has no operation `{body.operation}`", hint, place)
    elif body.operation is None and len(operations) > 1:
        message = "the query has several operations, and none is chosen"
        yield finding(Code.BAD_GRAPHQL, message, f'say which: `operation "{next(filter(None, operations), "")}"`', place)


def _operations(query: str) -> tuple[list[str], bool]:
    """The names of a document's operations (empty for one without), and whether its brackets match."""
    found: list[str] = []
    open_: list[str] = []
    definition, pairs = [""], {"}": "{", ")": "(", "]": "["}
    for token in _GRAPHQL_TOKEN.findall(_GRAPHQL_TEXT.sub(" ", query)):
        if token in pairs:
            if not open_ or open_.pop() != pairs[token]:
                return found, False
            if not open_ and token == "}":
                definition = [""]
        elif token in "{([":
            if token == "{" and not open_ and definition[0] in ("", "query", "mutation", "subscription"):
                found.append(definition[1] if len(definition) > 1 else "")
            open_.append(token)
        elif not open_:
            definition = [token] if definition == [""] else [*definition, token]
    return found, not open_


def check_retries(context: Context) -> Iterator[Diagnostic]:
    """`retry 3 on 5000` waits for no status, and `backoff 2` without a `wait` multiplies nothing."""
    retries = [(context.plan.defaults.retry, context.plan.defaults.origin)]
    retries += [(request.retry, request.origin) for request in context.requests()]
    for retry, origin in retries:
        if retry is not None:
            yield from _retry(retry, retry.origin or origin)


def _retry(retry: Retry, place: Origin | None) -> Iterator[Diagnostic]:
    if not retry.statuses and not retry.network:
        yield warning(Code.IDLE, "the retry has no cause, so it never happens", "say when: `retry 3 on 503 or network`", place)
    for status in retry.statuses:
        if not 100 <= status <= 599:
            yield finding(Code.BAD_STATUS, f"`{status}` is no HTTP status", "statuses go from 100 to 599", place)
    if not retry.wait and retry.backoff != 1:
        yield warning(Code.IDLE, "`backoff` multiplies the wait, and there is none", "add `wait 500ms`", place)
