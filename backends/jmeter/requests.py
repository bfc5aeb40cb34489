"""A request as an HTTP sampler with everything that belongs to it under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from loadwright.backends.jmeter.access import digest, proxy
from loadwright.backends.jmeter.bodies import BodyProperties, body_properties, sets_type
from loadwright.backends.jmeter.captures import Extraction
from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.errors import refusal
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expectations import assertions
from loadwright.backends.jmeter.expressions import Renderer, is_native
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.retry import Attempts
from loadwright.backends.jmeter.setters import cookie_setters
from loadwright.backends.jmeter.urls import needs_java_client, sampler_url
from loadwright.backends.jmeter.xml import Element, Property, boolean, collection, element_property, string
from loadwright.compiler.plan.model import Header, MultipartBody, Plan, Request
from loadwright.compiler.plan.render import (
    effective_expectations,
    effective_headers,
    effective_retry,
    effective_timeout,
    follows_redirects,
)
from loadwright.compiler.plan.secrecy import hidden_names

_METHODS = {
    *("GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE", "DELETE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY"),
    *("MOVE", "LOCK", "UNLOCK", "REPORT", "MKCALENDAR", "SEARCH"),
}
_WITHOUT_BODY = {"HEAD", "OPTIONS", "TRACE"}


@dataclass(frozen=True)
class Context:
    """What the requests of a plan share."""

    plan: Plan
    names: Names
    secrets: frozenset[str]
    shared_headers: tuple[Header, ...]
    """Default headers that one Header Manager gives to all requests."""
    numbers: Iterator[int]
    """Numbers of the machinery's variables, from 1."""


def context(plan: Plan) -> Context:
    """The context of a plan."""
    names = Names(plan)
    native = all(is_native(header.value, names) for header in plan.defaults.headers)
    shared = plan.defaults.headers if native else ()
    return Context(plan, names, hidden_names(plan), shared, count(1))


def samplers(request: Request, shared: Context, reported: str) -> tuple[Element, ...]:
    """The HTTP sampler of a request, and before it what computes values where that may fail: a failure is reported as `reported`.

    Raises LoadwrightError for what JMeter cannot send.
    """
    _check_method(request)
    renderer = Renderer(shared.names)
    retry = effective_retry(shared.plan, request)
    attempts = Attempts(retry, next(shared.numbers)) if retry else None
    follows = follows_redirects(shared.plan, request)
    path = renderer.text(sampler_url(request))
    before_body = len(renderer.computed)
    body = body_properties(request, renderer, shared.names, follows=follows)
    properties = (
        string("HTTPSampler.path", path),
        string("HTTPSampler.method", request.method),
        boolean("HTTPSampler.follow_redirects", follows),
        boolean("HTTPSampler.auto_redirects", False),
        boolean("HTTPSampler.use_keepalive", True),
        *body.properties,
        *_timeout(request, shared.plan),
        *_client(request, shared.plan),
        *proxy(request, shared.plan),
    )
    before_headers = len(renderer.computed)
    headers = _headers(request, body, renderer, shared)
    renderer.move_last(before_body, before_headers)  # values are computed in the order of the wire
    login = digest(request, shared.plan, renderer)
    judgement = _judgement(request, shared, renderer, attempts)
    made = renderer.preprocessors()  # what is sent, and what is expected
    children = (
        *headers,
        *login,
        *(() if attempts else made),
        *cookie_setters(request.cookies, shared.names),
        *body.children,
        *judgement,
    )
    comment = property_text(origin_comment(request.origin))
    sampler = Element("HTTPSamplerProxy", "HttpTestSampleGui", property_text(request.name), properties, children, comment)
    before = renderer.samplers(reported)
    return (*before, sampler) if attempts is None else (*before, *attempts.loop(request.name, made, sampler))


def _judgement(request: Request, shared: Context, renderer: Renderer, attempts: Attempts | None) -> tuple[Element, ...]:
    """What is done with the response: values are taken, expectations looked at, and misses told."""
    judged = assertions(effective_expectations(shared.plan, request), renderer, shared.secrets)
    captures = [Extraction(capture, shared.names, attempts.is_final if attempts else "") for capture in request.captures]
    return (
        *(attempts.decide() if attempts else ()),
        *(element for capture in captures for element in capture.extractors()),
        *judged,
        *(element for capture in captures for element in capture.guard()),
        *(attempts.forgive() if attempts else ()),
    )


def _check_method(request: Request) -> None:
    if request.method not in _METHODS:
        hint = "use a standard method in capitals"
        raise refusal("jmeter-method", f"JMeter has no method `{request.method}`", hint, request.origin)
    if request.method in _WITHOUT_BODY and request.body is not None:
        hint = "leave out the body, or compile it to locust or k6"
        raise refusal("jmeter-method", f"JMeter sends no body with {request.method}", hint, request.body.origin or request.origin)


def timeouts(milliseconds: int) -> tuple[Property, Property]:
    """Connect and response timeouts of a sampler or of the defaults."""
    return (
        string("HTTPSampler.connect_timeout", str(milliseconds)),
        string("HTTPSampler.response_timeout", str(milliseconds)),
    )


def header_manager(name: str, headers: tuple[Header, ...], renderer: Renderer) -> tuple[Element, ...]:
    """A Header Manager, if there is any header."""
    if not headers:
        return ()
    entries = [
        element_property(
            property_text(header.name),
            "Header",
            string("Header.name", property_text(header.name)),
            string("Header.value", renderer.text(header.value)),
        )
        for header in headers
    ]
    return (Element("HeaderManager", "HeaderPanel", name, (collection("HeaderManager.headers", entries),)),)


def _client(request: Request, plan: Plan) -> tuple[Property, ...]:
    """The HTTP client, where the default one would change the URL; Java's own drops some headers, and is for plain reading."""
    if not needs_java_client(request):
        return ()
    if request.method not in ("GET", "HEAD") or any(h.name.lower() == "origin" for h in effective_headers(plan, request)):
        raise refusal(
            "jmeter-double-slash",
            "JMeter sends two slashes side by side in a path as one",
            "write one slash, or compile it to locust or k6",
            request.origin,
        )
    return (string("HTTPSampler.implementation", "Java"),)


def _timeout(request: Request, plan: Plan) -> tuple[Property, ...]:
    own = effective_timeout(plan, request)
    return timeouts(own) if own != effective_timeout(plan, Request(name="", method="", url=request.url)) else ()


def _headers(request: Request, body: BodyProperties, renderer: Renderer, shared: Context) -> tuple[Element, ...]:
    own = effective_headers(shared.plan, request)
    if shared.shared_headers:
        own = tuple(header for header in own if header not in shared.shared_headers)
    if isinstance(request.body, MultipartBody) or (request.body is not None and not sets_type(request)):
        own = (*(header for header in own if header.name.lower() != "content-type"), *body.headers)
    return header_manager("Headers", own, renderer)
