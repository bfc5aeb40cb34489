"""The checks of a Plan, in the order in which they run: one function each, from a context to what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, errors, in_order
from loadwright.compiler.passes import (
    conditions,
    files,
    functions,
    goals,
    journeys,
    loads,
    names,
    requests,
    responses,
    rows,
    shadows,
    streams,
    structure,
    targets,
    unused,
)
from loadwright.compiler.passes.context import Context

Pass = Callable[[Context], Iterator[Diagnostic]]

PASSES: tuple[Pass, ...] = (
    names.check_declarations,
    names.check_uses,
    shadows.check_shadowed,
    functions.check_calls,
    structure.check_places,
    structure.check_fragments,
    structure.check_reached,
    targets.check_targets,
    targets.check_data,
    requests.check_urls,
    requests.check_headers,
    requests.check_bodies,
    requests.check_retries,
    files.check_files,
    streams.check_streams,
    responses.check_sources,
    responses.check_expectations,
    responses.check_times,
    conditions.check_conditions,
    conditions.check_expected_values,
    journeys.check_journeys,
    journeys.check_secrets,
    journeys.check_requests_of_a_name,
    loads.check_loads,
    loads.check_stops,
    loads.check_cookies,
    rows.check_rows,
    goals.check_subjects,
    goals.check_limits,
    goals.check_dropped,
    goals.check_timeouts,
    unused.check_values,
    unused.check_declared,
    unused.check_imports,
)
"""Every check; each is independent of the others."""


_AFTER_ERRORS = (Code.UNUSED, Code.UNUSED_CAPTURE, Code.NOTHING_SENT)
"""What may be no more than the consequence of an error: a name that is misspelt where it is used."""


def check(context: Context) -> list[Diagnostic]:
    """Everything that the passes find, in the order of the text; what is unused is told once there is no error."""
    found = in_order(chain.from_iterable(check(context) for check in PASSES))
    return [d for d in found if d.code not in _AFTER_ERRORS] if errors(found) else found
