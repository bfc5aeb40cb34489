"""Requests as the objects that the script's `send` and `parallel` take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.backends.k6.bodies import body_node, content_type
from loadwright.backends.k6.captures import capture
from loadwright.backends.k6.checks import expectation
from loadwright.backends.k6.layout import Block, Group, Node, array, mapping
from loadwright.backends.k6.literals import string
from loadwright.backends.k6.names import Names
from loadwright.compiler.plan.model import Expectation, Header, Plan, Request, StatusExpectation, TimeExpectation
from loadwright.compiler.plan.render import (
    effective_expectations,
    effective_headers,
    effective_timeout,
    expected_statuses,
    follows_redirects,
    url_template,
)
from loadwright.compiler.plan.template import Template, Text, template

_TIMEOUT = 60_000
_MOST_REDIRECTS = 20
_SET_BY_K6 = ("content-length", "transfer-encoding")
SHARED_HEADERS = "headers"
"""The script's constant for the default headers."""


def request_node(plan: Plan, request: Request, names: Names, goal: str | None = None) -> Group:
    """A request as an object; its captures are brought into scope. `goal` is the extra tag that a threshold needs."""
    members: list[tuple[str, Node]] = [
        ("name", string(request.name)),
        *([("goal", string(goal))] if goal else []),
        ("method", string(request.method)),
        ("url", names.url(request.target, url_template(request))),
    ]
    headers = _headers(plan, request, names)
    if headers is not None:
        members.append(("headers", headers))
    if request.body is not None:
        members.append(("body", body_node(request.body, names)))
    if follows_redirects(plan, request):
        members.append(("redirects", str(_MOST_REDIRECTS)))
    timeout = effective_timeout(plan, request)
    if timeout != default_timeout(plan):
        members.append(("timeout", str(timeout)))
    expectations = list(effective_expectations(plan, request))
    statuses = expected_statuses(plan, request)
    if statuses is not None:
        comes_first = isinstance(expectations[0], StatusExpectation)
        members.append(("statuses" if comes_first else "expected", array(str(s) for s in statuses)))
        expectations = expectations[comes_first:]
    return Group("{", (*mapping(members).items, *_verify(request, expectations, names)), "}", is_broken=True)


def default_timeout(plan: Plan) -> int:
    """Milliseconds that a request without its own timeout may take."""
    return plan.defaults.timeout or _TIMEOUT


def shows_secret(request: Request, names: Names) -> bool:
    """Whether the URL holds a secret; k6 logs the URLs of requests of a batch that fail."""
    return names.is_private(url_template(request))


def shared_headers(plan: Plan) -> tuple[Header, ...]:
    """The default headers that are the same text in every request."""
    return tuple(h for h in plan.defaults.headers if h.value.literal is not None and h.name.lower() not in _SET_BY_K6)


def _headers(plan: Plan, request: Request, names: Names) -> Node | None:
    shared = shared_headers(plan)
    """The headers object: the shared ones, the request's, and the Content-Type of its body."""
    own = [h for h in effective_headers(plan, request) if h not in shared and h.name.lower() not in _SET_BY_K6]
    members: list[tuple[str, Node]] = [(name, names.text(value)) for name, value in joined(own)]
    sent = {header.name.lower() for header in (*own, *shared)}
    if request.body is not None and "content-type" not in sent:
        members.append(("Content-Type", content_type(request.body, names)))
    if not shared:
        return mapping(members) if members else None
    if not members:
        return SHARED_HEADERS
    group = mapping(members)
    return Group("{", (("", f"...{SHARED_HEADERS}"), *group.items), "}")


def joined(headers: Iterable[Header]) -> list[tuple[str, Template]]:
    """Headers by name, repeated ones joined (RFC 9110, section 5.3), for k6 takes an object."""
    merged: dict[str, tuple[str, Template]] = {}
    for header in headers:
        key = header.name.lower()
        if key in merged:
            separator = "; " if key == "cookie" else ", "
            merged[key] = (merged[key][0], template(merged[key][1], Text(value=separator), header.value))
        else:
            merged[key] = (header.name, header.value)
    return list(merged.values())


def _verify(request: Request, expectations: list[Expectation], names: Names) -> Iterator[tuple[str, Node]]:
    """The function that checks the response and takes values from it; none when there is nothing to do."""
    statements = [expectation(e, names) for e in expectations]
    statements += [capture(c, names) for c in request.captures]
    parameters = "(r, ms)" if any(isinstance(e, TimeExpectation) for e in expectations) else "(r)"
    if len(statements) == 1 and not request.captures:
        yield f"verify: {parameters} => ", statements[0]
    elif statements:
        yield "", Block(f"verify{parameters} {{", tuple(statements))
