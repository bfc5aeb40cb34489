"""Requests as the objects that the script's `send` and `parallel` take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from loadwright.backends.k6.bodies import body_node, content_type
from loadwright.backends.k6.captures import capture
from loadwright.backends.k6.checks import expectation, statuses
from loadwright.backends.k6.layout import Block, Group, Node, array, mapping
from loadwright.backends.k6.literals import seconds, string
from loadwright.backends.k6.names import Names
from loadwright.compiler.plan.model import (
    Expectation,
    Header,
    Plan,
    Receive,
    Request,
    Retry,
    SizeExpectation,
    StatusExpectation,
    TimeExpectation,
)
from loadwright.compiler.plan.render import (
    digest_auth,
    effective_expectations,
    effective_headers,
    effective_retry,
    effective_timeout,
    follows_redirects,
    url_template,
)
from loadwright.compiler.plan.template import Template, Text, template

_TIMEOUT = 60_000
_MOST_REDIRECTS = 20
_SET_BY_K6 = ("content-length", "transfer-encoding")
SHARED_HEADERS = "headers"
"""The script's constant for the default headers."""


def request_node(plan: Plan, request: Request, names: Names, tags: Mapping[str, str]) -> Group:
    """A request as an object; its captures are brought into scope. `tags` are the extra ones that thresholds need."""
    members: list[tuple[str, Node]] = [
        ("name", string(request.name)),
        *([("tags", mapping((key, string(value)) for key, value in tags.items()))] if tags else []),
        ("method", string(request.method)),
        ("url", names.url(request.target, url_template(request))),
        *_sent(plan, request, names),
    ]
    if follows_redirects(plan, request):
        members.append(("redirects", str(_MOST_REDIRECTS)))
    timeout = effective_timeout(plan, request)
    if timeout != default_timeout(plan):
        members.append(("timeout", str(timeout)))
    retry = effective_retry(plan, request)
    if retry is not None:
        members.append(("retry", _retry(retry)))
    expectations = effective_expectations(plan, request)
    if any(isinstance(e, SizeExpectation) for e in expectations):
        members.append(("isBinary", "true"))
    expected, checked = _statuses(expectations)
    members += expected
    return Group("{", (*mapping(members).items, *verify(request, checked, names)), "}", is_broken=True)


def _sent(plan: Plan, request: Request, names: Names) -> Iterator[tuple[str, Node]]:
    """What is sent beside the URL."""
    headers = _headers(plan, request, names)
    if headers is not None:
        yield "headers", headers
    if request.cookies:
        yield "cookies", mapping((cookie.name, names.text(cookie.value)) for cookie in request.cookies)
    digest = digest_auth(plan, request)
    if digest is not None:
        yield "digest", mapping((("username", names.text(digest.username)), ("password", names.text(digest.password))))
    if request.body is not None:
        yield "body", body_node(request.body, names)


def _retry(retry: Retry) -> Node:
    members: list[tuple[str, Node]] = [("times", str(retry.times))]
    members += [("statuses", array(str(status) for status in retry.statuses))] if retry.statuses else []
    members += [("network", "true")] if retry.network else []
    members += [("wait", seconds(retry.wait))] if retry.wait else []
    members += [("backoff", format(retry.backoff.normalize(), "f"))] if retry.backoff != 1 else []
    return mapping(members)


def _statuses(expectations: tuple[Expectation, ...]) -> tuple[list[tuple[str, Node]], list[Expectation]]:
    """The member that tells k6 which statuses are right, and the expectations that are still to be checked."""
    first = next((e for e in expectations if isinstance(e, StatusExpectation)), None)
    if first is None:
        return [], list(expectations)
    if expectations[0] is first:
        return [("unwanted" if first.negated else "statuses", statuses(first))], list(expectations[1:])
    anything = array(("{ min: 100, max: 999 }",))
    return [("expected", anything if first.negated else statuses(first))], list(expectations)


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
    """The headers object: the shared ones, the request's, and the Content-Type of its body."""
    shared = shared_headers(plan)
    more = [h for h in effective_headers(plan, request) if h not in shared and h.name.lower() not in _SET_BY_K6]
    members: list[tuple[str, Node]] = [(name, names.text(value)) for name, value in joined(more)]
    sent = {header.name.lower() for header in (*more, *shared)}
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


def verify(request: Request | Receive, expectations: Iterable[Expectation], names: Names) -> Iterator[tuple[str, Node]]:
    """The function that checks the response and takes values from it; none when there is nothing to do."""
    wanted = list(expectations)
    statements = [expectation(e, names) for e in wanted]
    statements += [capture(c, names) for c in request.captures]
    parameters = "(r, ms)" if any(isinstance(e, TimeExpectation) for e in wanted) else "(r)"
    if len(statements) == 1 and not request.captures:
        yield f"verify: {parameters} => ", statements[0]
    elif statements:
        yield "", Block(f"verify{parameters} {{", tuple(statements))
