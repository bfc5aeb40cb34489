"""Flat forms of a request's parts, and the reference meaning of a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from loadwright.compiler.plan.functions import FUNCTIONS, form_encode, json_escape
from loadwright.compiler.plan.model import (
    BasicAuth,
    BearerAuth,
    DigestAuth,
    Expectation,
    FormField,
    GraphqlBody,
    Header,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    Plan,
    Receive,
    Request,
    Retry,
    SoftFailureExpectation,
    StatusExpectation,
    StatusRange,
)
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, Text, call, map_text, template


class UnknownValueError(LookupError):
    """Raised by `evaluate` for a name without a value, or a function whose value is made at run time."""


def form_template(fields: Sequence[FormField]) -> Template:
    """Fields as one template of form-encoded text (`a=1&b=2`); literal text is encoded already, other parts by `formencode`."""
    parts: list[str | Template] = []
    for field in fields:
        parts += [
            "&" if parts else "",
            map_text(field.name, form_encode, "formencode"),
            "=",
            map_text(field.value, form_encode, "formencode"),
        ]
    return template(*parts)


def json_template(value: JsonValue) -> Template:
    """A JSON value as one template of compact JSON text; literal text is escaped already, other parts by `jsonescape`."""
    match value:
        case JsonText():
            return template('"', map_text(value.value, json_escape, "jsonescape"), '"')
        case JsonNumber():
            return value.value
        case JsonConstant():
            return template(value.value)
        case JsonArray():
            items = [part for item in value.items for part in (",", json_template(item))]
            return template("[", *items[1:], "]")
        case JsonObject():
            members = [
                part for member in value.members for part in (",", f'"{json_escape(member.name)}":', json_template(member.value))
            ]
            return template("{", *members[1:], "}")
        case _:
            assert_never(value)


def url_template(request: Request) -> Template:
    """The request's URL with its query, as it stands on the wire, without the target's base URL."""
    if not request.query:
        return request.url
    has_query = any(isinstance(part, Text) and "?" in part.value for part in request.url.parts)
    return template(request.url, "&" if has_query else "?", form_template(request.query))


def default_name(method: str, url: Template) -> str:
    """What a request is called unless it says: method and path, values shown as `{name}`, no query."""
    text = "".join(part.value if isinstance(part, Text) else "{" + _short_name(part) + "}" for part in url.parts)
    return f"{method} {text.partition('?')[0]}"


def usual_name(request: Request) -> str:
    """What a request is called when nothing else is said: a GraphQL operation's name, else method and path."""
    if isinstance(request.body, GraphqlBody) and request.body.operation is not None:
        return request.body.operation
    return default_name(request.method, request.url)


def receive_name(stream: str, number: int) -> str:
    """What a receive without a name of its own is called; `number` counts the stream's receives from 1."""
    return f"{stream}: receive {number}"


def _short_name(part: Part) -> str:
    match part:
        case Reference():
            return part.name
        case DataField():
            return part.column
        case Call():
            inner = [p for argument in part.arguments for p in argument.parts if not isinstance(p, Text)]
            return _short_name(inner[0]) if inner else part.function
        case Text():
            return part.value
        case _:
            assert_never(part)


def graphql_json(body: GraphqlBody) -> JsonBody:
    """A GraphQL operation as the JSON body that it is on the wire: `operationName` and `variables` only where they are given."""
    members = (
        [JsonMember(name="operationName", value=JsonText(value=template(body.operation)))] if body.operation is not None else []
    )
    members.append(JsonMember(name="query", value=JsonText(value=template(body.query))))
    members += [JsonMember(name="variables", value=body.variables)] if body.variables is not None else []
    return JsonBody(value=JsonObject(members=tuple(members)), origin=body.origin)


def effective_headers(plan: Plan, request: Request) -> tuple[Header, ...]:
    """The default headers that the request does not set itself (names compare case-insensitively), then its own.

    Basic and bearer authorization is a header among them, unless the request sets `Authorization` itself.
    """
    own = {header.name.lower() for header in request.headers}
    auth = auth_header(plan, request)
    shared = (*plan.defaults.headers, *((auth,) if auth else ()))
    return (*(h for h in shared if h.name.lower() not in own), *request.headers)


def auth_header(plan: Plan, request: Request) -> Header | None:
    """The `Authorization` header of basic or bearer authorization, the request's own or the defaults'."""
    match request.auth or plan.defaults.auth:
        case BasicAuth() as auth:
            credentials = call("base64", template(auth.username, ":", auth.password))
            return Header(name="Authorization", value=template("Basic ", credentials), origin=auth.origin)
        case BearerAuth() as auth:
            return Header(name="Authorization", value=template("Bearer ", auth.token), origin=auth.origin)
        case _:
            return None


def digest_auth(plan: Plan, request: Request) -> DigestAuth | None:
    """The digest authorization of a request, its own or the defaults'."""
    auth = request.auth or plan.defaults.auth
    return auth if isinstance(auth, DigestAuth) else None


def effective_retry(plan: Plan, request: Request) -> Retry | None:
    """The request's retry, or the defaults'."""
    return request.retry or plan.defaults.retry


def effective_expectations(plan: Plan, request: Request | Receive) -> tuple[Expectation, ...]:
    """The request's expectations, then the defaults' of kinds it does not have; a stream's message has only its own.

    Without any status expectation, a status from 200 to 399 is expected: see `status_expectation`.
    """
    if isinstance(request, Receive):
        return request.expectations
    own = {expectation.kind for expectation in request.expectations}
    return (*request.expectations, *(e for e in plan.defaults.expectations if e.kind not in own))


def status_expectation(plan: Plan, request: Request) -> StatusExpectation:
    """What is expected of the status: the request's own, the defaults', or 200 to 399."""
    found = (e for e in effective_expectations(plan, request) if isinstance(e, StatusExpectation))
    return next(found, StatusExpectation(statuses=(StatusRange(first=200, last=399),)))


def describe_statuses(expectation: StatusExpectation) -> str:
    """The statuses as messages write them: `200 or 302`, `200 to 399`, `not 500`."""
    parts = (str(s) if isinstance(s, int) else f"{s.first} to {s.last}" for s in expectation.statuses)
    return ("not " if expectation.negated else "") + " or ".join(parts)


def expected_statuses(plan: Plan, request: Request) -> tuple[int | StatusRange, ...] | None:
    """The statuses that pass; None for the default, any from 200 to 399."""
    for expectation in effective_expectations(plan, request):
        if isinstance(expectation, StatusExpectation):
            return expectation.statuses
    return None


def soft_failure_check(plan: Plan, request: Request) -> SoftFailureExpectation | None:
    """The expectation of no soft failure that holds for the request, if any."""
    return next((e for e in effective_expectations(plan, request) if isinstance(e, SoftFailureExpectation)), None)


def follows_redirects(plan: Plan, request: Request) -> bool:
    """Whether redirects are followed; they are not unless the request or the defaults say so."""
    return (request.redirects or plan.defaults.redirects or "none") == "follow"


def effective_timeout(plan: Plan, request: Request) -> int:
    """The request's timeout in milliseconds: its own, the defaults', or 60 seconds."""
    return request.timeout or plan.defaults.timeout or 60_000


def evaluate(value: Template, values: Mapping[str, str], rows: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The text of a template, given the values of names and the current row of each data source.

    Raises UnknownValueError for a name without a value and for functions made at run time.
    """
    return "".join(_evaluate_part(part, values, rows or {}) for part in value.parts)


def _evaluate_part(part: Part, values: Mapping[str, str], rows: Mapping[str, Mapping[str, str]]) -> str:
    match part:
        case Text():
            return part.value
        case Reference():
            if part.name not in values:
                raise UnknownValueError(part.name)
            return values[part.name]
        case DataField():
            try:
                return rows[part.data][part.column]
            except KeyError:
                raise UnknownValueError(f"{part.data}.{part.column}") from None
        case Call():
            function = FUNCTIONS[part.function]
            if function.evaluate is None:
                raise UnknownValueError(f"{part.function}()")
            return function.evaluate(*(evaluate(a, values, rows) for a in part.arguments))
        case _:
            assert_never(part)
