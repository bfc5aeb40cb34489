"""What is sent can be sent: targets, URLs, headers, JSON numbers and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, find_file, path_problem
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding
from loadwright.compiler.plan.model import (
    FileBody,
    FilePart,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonValue,
    MultipartBody,
    Request,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Text
from loadwright.compiler.suggest import suggestion

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ENCODED_AS_IS = "!#$%&'()*+,/:;=?@[]~\"<>\\^`{|}"
"""What a URL may hold unencoded beside letters and digits, in practice (RFC 3986, and what browsers send as it is)."""


def check_targets(context: Context) -> Iterator[Diagnostic]:
    """`target shop = "shop.example.com"` has no scheme; `GET api "/"` needs a target `api`; secrets come from real names."""
    for target in context.plan.targets:
        problem = _base_problem(target.url)
        if problem:
            yield finding(Code.BAD_URL, problem, 'write it as in `target shop = "https://shop.example.com"`', target.origin)
    for secret in context.plan.secrets:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", secret.env):
            hint = "letters, digits and `_`, not starting with a digit"
            yield finding(Code.BAD_ENV, f"`{secret.env}` is no name of an environment variable", hint, secret.origin)
    names = {target.name for target in context.plan.targets}
    for request in context.requests():
        if request.target is not None and request.target not in names:
            message, hint = f"there is no target `{request.target}`", suggestion(request.target, names)
            yield finding(Code.UNKNOWN_TARGET, message, hint, context.at(request, request.origin))


def _base_problem(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"`{url}` is no URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return f"`{url}` is no `http://` or `https://` URL"
    if "?" in url or "#" in url or _unsendable(url):
        return f"`{url}` has more than scheme, host, port and path"
    return None


def _unsendable(text: str) -> str | None:
    found = re.search(r"[^!-~]", text)
    return found[0] if found else None


def check_urls(context: Context) -> Iterator[Diagnostic]:
    """`GET "cart"` is neither a path nor absolute; `GET "/a b"` is not encoded."""
    for request in context.requests():
        first = request.url.parts[0] if request.url.parts else Text(value="")
        if request.target is None and isinstance(first, Text) and not re.match(r"https?://[^/?#]", first.value, re.IGNORECASE):
            hint = "start with `/` for a path of the target, or with `http://` or `https://`"
            yield finding(Code.BAD_URL, "the URL is neither a path nor absolute", hint, context.at(request.url, request.origin))
        for part in request.url.parts:
            bad = _unsendable(part.value) if isinstance(part, Text) else None
            if bad:
                message = f"the URL holds `{_visible(bad)}`, which cannot be sent as it is"
                hint = f"percent-encode it: `{quote(bad, safe=_ENCODED_AS_IS)}`"
                yield finding(Code.BAD_URL, message, hint, context.at(request.url, request.origin))
                break


def _visible(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):X}}}"


def check_headers(context: Context) -> Iterator[Diagnostic]:
    """`header "My Header" = …` is no header name; a value with a line end would be two headers."""
    groups = [(context.plan.defaults.headers, context.plan.defaults.origin)]
    groups += [(request.headers, request.origin) for request in context.requests()]
    for headers, origin in groups:
        for header in headers:
            place = header.origin or origin
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", header.name):
                yield finding(Code.BAD_HEADER, f"`{header.name}` is no header name", "letters, digits and `-` (RFC 9110)", place)
            if any(isinstance(part, Text) and re.search(r"[\x00-\x08\x0a-\x1f\x7f]", part.value) for part in header.value.parts):
                yield finding(Code.BAD_HEADER, "the header's value holds a control character", "take it out", place)


def check_bodies(context: Context) -> Iterator[Diagnostic]:
    """`json { n: number("abc") }` is no number; files lie inside the intent's folder and exist."""
    for request in context.requests():
        match request.body:
            case JsonBody(value=value):
                yield from _check_numbers(value, request)
            case FileBody(path=path):
                yield from _check_file(context, path, request.body.origin or request.origin)
            case MultipartBody(parts=parts):
                for part in parts:
                    if isinstance(part, FilePart):
                        yield from _check_file(context, part.path, part.origin or request.origin)
    for source in context.plan.data:
        problem = path_problem(source.path) if context.folder is None else None
        if problem:
            yield finding(Code.BAD_FILE, problem, "name the file by its relative path, with `/`", source.origin)


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


def _check_file(context: Context, path: str, origin: Origin | None) -> Iterator[Diagnostic]:
    try:
        if context.folder is not None:
            find_file(context.folder, path)
        elif problem := path_problem(path):
            raise BadDataError(Code.BAD_FILE, problem, "name the file by its relative path, with `/`")
    except BadDataError as error:
        yield finding(error.code, str(error), error.hint, origin)
