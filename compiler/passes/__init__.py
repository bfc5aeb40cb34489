"""The checks of a Plan, in the order in which they run: one function each, from a context to what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from loadwright.compiler.diagnostics import Diagnostic, in_order
from loadwright.compiler.passes import functions, journeys, loads, names, requests, responses
from loadwright.compiler.passes.context import Context

Pass = Callable[[Context], Iterator[Diagnostic]]

PASSES: tuple[Pass, ...] = (
    names.check_declarations,
    names.check_uses,
    functions.check_calls,
    requests.check_targets,
    requests.check_urls,
    requests.check_headers,
    requests.check_bodies,
    responses.check_sources,
    responses.check_expectations,
    responses.check_unused,
    journeys.check_journeys,
    journeys.check_secrets,
    loads.check_loads,
    loads.check_goals,
)
"""Every check; each is independent of the others."""


def check(context: Context) -> list[Diagnostic]:
    """Everything that the passes find, in the order of the text."""
    return in_order(chain.from_iterable(check(context) for check in PASSES))
