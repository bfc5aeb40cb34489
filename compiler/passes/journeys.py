"""Journeys send something, pauses are ranges, choices are shares, and secrets stay out of URLs."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.structure import holds_requests
from loadwright.compiler.plan.model import Choose, Request, Step, Think
from loadwright.compiler.plan.secrecy import holds, spread
from loadwright.compiler.plan.traverse import step_requests


def check_journeys(context: Context) -> Iterator[Diagnostic]:
    """A journey without a request is a warning; `think 5s to 2s` and `choose { 70% { … } 60% { … } }` are errors."""
    for journey in context.plan.journeys:
        nodes = (*journey.setup, *journey.nodes, *journey.teardown)
        if not holds_requests(context, nodes):
            message, hint = f"journey `{journey.name}` sends no request", "add a step with a request, or delete the journey"
            yield warning(Code.NOTHING_SENT, message, hint, context.at(journey, journey.origin))
    for node in context.nodes():
        if isinstance(node, Think) and node.minimum > node.maximum:
            yield finding(Code.BAD_RANGE, "the pause runs backwards", "the shorter time comes first", node.origin)
        elif isinstance(node, Choose) and (total := sum(option.percent for option in node.options)) > 100:
            message, hint = f"the options add up to {total:f} %", "together they are 100 % at most; the rest is nothing"
            yield finding(Code.BAD_SHARES, message, hint, node.options[-1].origin or node.origin)


def check_secrets(context: Context) -> Iterator[Diagnostic]:
    """`GET "/?key=${api_key}"` with a secret `api_key` is a warning, also by way of a `let`, a loop or a parameter."""
    shown = spread(context.plan, [secret.name for secret in context.plan.secrets])
    for sender in context.senders():
        query = sender.query if isinstance(sender, Request) else ()
        values = (sender.url, *(value for field in query for value in (field.name, field.value)))
        if any(holds(value, shown) for value in values):
            message, hint = "a secret is part of the URL, which servers and proxies log", "send it in a header or in the body"
            yield warning(Code.SECRET_SHOWN, message, hint, context.at(sender.url, sender.origin))


def check_requests_of_a_name(context: Context) -> Iterator[Diagnostic]:
    """Two different requests of one step with the same name are one line in the report: a warning."""
    for step in (node for node in context.nodes() if isinstance(node, Step)):
        first: dict[str, Request] = {}
        for request in step_requests(step):
            other = first.setdefault(request.name, request)
            if (other.method, other.url, other.target) != (request.method, request.url, request.target):
                message = f"two different requests of the step are called `{request.name}`"
                hint = 'reports add them up: name one of them with `as "…"`'
                yield warning(Code.AMBIGUOUS, message, hint, context.at(request.url, request.origin))
