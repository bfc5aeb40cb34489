"""Requests as calls of a user."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from loadwright.backends.locust.checks import Checks
from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import Doc, Group, PythonWriter, call, labelled
from loadwright.backends.locust.literals import literal
from loadwright.compiler.plan.model import (
    FileBody,
    FilePart,
    FormBody,
    GraphqlBody,
    Header,
    JsonBody,
    MultipartBody,
    Plan,
    Request,
    Retry,
    Stream,
    TextBody,
)
from loadwright.compiler.plan.render import (
    digest_auth,
    effective_expectations,
    effective_headers,
    follows_redirects,
    graphql_json,
    url_template,
)
from loadwright.compiler.plan.template import Reference, Template, template

_MOST_REDIRECTS = 20
DEFAULT_RETRY = "DEFAULT_RETRY"
"""The constant for the retry of the defaults."""


@dataclass(frozen=True)
class Requests:
    """Writes the requests of one journey."""

    plan: Plan
    expressions: Expressions
    files: Mapping[str, str]
    """The constant that holds each file."""
    connections: Mapping[str, str]
    """The constant that says how a target is connected to, where it is not as usual."""
    shared: Collection[str]
    """The headers, in lower case, that every user sends by default."""
    checks: Checks

    def write(self, writer: PythonWriter, request: Request) -> None:
        """Write a request with its checks and captures."""
        if self.is_plain(request):
            writer.expression(self.fetch(request))
            return
        writer.expression(self.opening(request), "with ", " as response:")
        with writer.block():
            self.write_checks(writer, request)

    def opening(self, request: Request) -> Group:
        """The call whose block looks at the answer."""
        return call("user.request", *self.arguments(request))

    def write_checks(self, writer: PythonWriter, request: Request) -> None:
        """Write what is expected of the answer and taken from it."""
        for statement, before in self.checks.statements(request):
            writer.expression(statement, before)

    def is_plain(self, request: Request) -> bool:
        """Whether only a status from 200 to 399 is expected, and nothing taken."""
        return not request.captures and not effective_expectations(self.plan, request)

    def fetch(self, request: Request) -> Group:
        """A plain request as one call."""
        return call("user.fetch", *self.arguments(request))

    def later(self, request: Request) -> Group:
        """A plain request that is yet to be sent."""
        return call("partial", "user.fetch", *self.arguments(request))

    def arguments(self, request: Request) -> tuple[Doc, ...]:
        """The arguments of a request."""
        return (
            literal(request.method),
            self.url(request, url_template(request)),
            f"name={literal(request.name)}",
            *self.headers(effective_headers(self.plan, request), self._media_type(request)),
            *self._body(request),
            *self._options(request),
        )

    def url(self, node: Request | Stream, url: Template) -> str:
        """The absolute URL of a request or stream."""
        return self.expressions.text(template(Reference(name=node.target), url) if node.target else url)

    def headers(self, headers: Sequence[Header], media_type: str | None = None) -> Iterator[Doc]:
        """The headers that are not sent by default, as an argument."""
        defaults = self.plan.defaults.headers if self.shared else ()
        values: dict[str, tuple[str, list[str]]] = {}
        for header in headers:
            if not any(header is default for default in defaults):
                # Locust looks for this one by its exact name before it sets its own.
                name = "Accept-Encoding" if header.name.lower() == "accept-encoding" else header.name
                values.setdefault(name.lower(), (name, []))[1].append(self.expressions.text(header.value))
        if media_type and "content-type" not in self.shared:
            values.setdefault("content-type", ("Content-Type", [media_type]))
        items = (labelled(f"{literal(name)}: ", _one_or_list(texts)) for name, texts in values.values())
        if values:
            yield Group("headers={", tuple(items), "}")

    def connection(self, node: Request | Stream) -> Iterator[Doc]:
        """How the target is connected to, as an argument."""
        if node.target is not None and node.target in self.connections:
            yield f"connection={self.connections[node.target]}"

    def _options(self, request: Request) -> Iterator[Doc]:
        yield from self.connection(request)
        if request.cookies:
            items = (call("own_cookie", literal(c.name), self.expressions.text(c.value)) for c in request.cookies)
            yield Group("cookies=[", tuple(items), "]")
        if digest := digest_auth(self.plan, request):
            texts = map(self.expressions.text, (digest.username, digest.password))
            yield labelled("digest=", call("Digest", *texts))
        if request.timeout:
            yield f"timeout={seconds(request.timeout)}"
        if follows_redirects(self.plan, request):
            yield f"max_redirects={_MOST_REDIRECTS}"
        if request.retry:
            yield labelled("retry=", retry(request.retry))
        elif self.plan.defaults.retry:
            yield f"retry={DEFAULT_RETRY}"

    def _media_type(self, request: Request) -> str | None:
        match request.body:
            case None:
                return None
            case FormBody():
                return '"application/x-www-form-urlencoded"'
            case JsonBody() | GraphqlBody():
                return '"application/json"'
            case TextBody(media_type=media_type) | FileBody(media_type=media_type):
                return literal(media_type)
            case MultipartBody():
                return 'f"multipart/form-data; boundary={BOUNDARY}"'
            case _:
                assert_never(request.body)

    def _body(self, request: Request) -> Iterator[Doc]:
        match request.body:
            case None:
                return
            case FormBody() as body:
                yield labelled("body=", self.expressions.form(body))
            case JsonBody(value=value):
                yield labelled("body=", self.expressions.json(value))
            case GraphqlBody() as body:
                yield labelled("body=", self.expressions.json(graphql_json(body).value))
            case TextBody(value=value):
                yield f"body={self.expressions.text(value)}"
            case FileBody(path=path):
                yield f"body={self.files[path]}"
            case MultipartBody() as body:
                yield labelled("body=", self._multipart(body))
            case _:
                assert_never(request.body)

    def _multipart(self, body: MultipartBody) -> Doc:
        parts: list[Doc] = []
        for part in body.parts:
            if isinstance(part, FilePart):
                texts = (self.expressions.text(part.name), self.expressions.text(part.filename), literal(part.media_type))
                parts.append(call("file_part", *texts, self.files[part.path]))
            else:
                parts.append(call("text_part", self.expressions.text(part.name), self.expressions.text(part.value)))
        return call("multipart", *parts)


def retry(wanted: Retry) -> Group:
    """A retry as a value."""
    options = [f"statuses=({', '.join(map(str, wanted.statuses))},)"] if wanted.statuses else []
    options = [f"statuses=({', '.join(map(str, wanted.statuses))})"] if len(wanted.statuses) > 1 else options
    options += ["network=True"] if wanted.network else []
    options += [f"wait={seconds(wanted.wait)}"] if wanted.wait else []
    options += [f"backoff={wanted.backoff.normalize():f}"] if wanted.backoff != 1 else []
    return call("Retry", str(wanted.times), *options)


def _one_or_list(texts: list[str]) -> Doc:
    return texts[0] if len(texts) == 1 else Group("[", tuple(texts), "]")


def seconds(milliseconds: int) -> str:
    """Milliseconds as a number of seconds."""
    return f"{Decimal(milliseconds) / 1000:f}"
