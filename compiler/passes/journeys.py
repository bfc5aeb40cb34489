"""Journeys send something, pauses are ranges, and secrets stay out of URLs."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.passes.context import Context, finding
from loadwright.compiler.plan.model import Think, Variable
from loadwright.compiler.plan.template import Reference, Template, walk
from loadwright.compiler.plan.traverse import plan_nodes, requests


def check_journeys(context: Context) -> Iterator[Diagnostic]:
    """A journey without a request is a warning; `think 5s to 2s` is an error."""
    for journey in context.plan.journeys:
        if next(requests(journey), None) is None:
            message, hint = f"journey `{journey.name}` sends no request", "add a step with a request, or delete the journey"
            yield finding(Code.NOTHING_SENT, message, hint, context.at(journey, journey.origin), Severity.WARNING)
    for item in plan_nodes(context.plan):
        if isinstance(item, Think) and item.minimum > item.maximum:
            yield finding(Code.BAD_RANGE, "the pause runs backwards", "the shorter time comes first", item.origin)


def check_secrets(context: Context) -> Iterator[Diagnostic]:
    """`GET "/?key=${api_key}"` with a secret `api_key` is a warning, also by way of a `let`."""
    shown = {secret.name for secret in context.plan.secrets}
    for variable in _variables(context):
        if _mentions(variable.value, shown):
            shown.add(variable.name)
    for request in context.requests():
        values = (request.url, *(value for field in request.query for value in (field.name, field.value)))
        if any(_mentions(value, shown) for value in values):
            message, hint = "a secret is part of the URL, which servers and proxies log", "send it in a header or in the body"
            yield finding(Code.SECRET_SHOWN, message, hint, context.at(request.url, request.origin), Severity.WARNING)


def _variables(context: Context) -> Iterator[Variable]:
    yield from context.plan.variables
    yield from (node for node in plan_nodes(context.plan) if isinstance(node, Variable))


def _mentions(value: Template, names: set[str]) -> bool:
    return any(isinstance(part, Reference) and part.name in names for part in walk(value))
