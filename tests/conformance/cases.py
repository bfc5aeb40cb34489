"""All conformance cases by name."""

from __future__ import annotations

from dataclasses import replace

from conformance import (
    cases_auth,
    cases_captures,
    cases_checks,
    cases_data,
    cases_failures,
    cases_faults,
    cases_flow,
    cases_functions,
    cases_inserted,
    cases_load,
    cases_loops,
    cases_programs,
    cases_protocol,
    cases_relations,
    cases_requests,
    cases_responses,
    cases_schemas,
    cases_selections,
    cases_sharing,
    cases_streams,
    cases_tls,
    cases_users,
    cases_values,
)

_GROUPS = {
    "sending": (cases_requests, cases_values, cases_functions, cases_responses),
    "reading": (cases_captures, cases_inserted, cases_failures),
    "flow": (cases_flow, cases_loops, cases_programs, cases_users, cases_data),
    "protocol": (cases_protocol, cases_auth, cases_streams, cases_tls, cases_faults),
    "checks": (cases_checks, cases_relations, cases_schemas, cases_selections),
    "load": (cases_load, cases_sharing),
}
"""A run for each, so that a broken script of one subject leaves the others alone."""

MODULES = tuple(module for modules in _GROUPS.values() for module in modules)
"""By subject."""
CASES = [
    replace(case, batch=f"{group} {case.batch}".rstrip())
    for group, modules in _GROUPS.items()
    for module in modules
    for case in module.CASES
]
BY_NAME = {case.name: case for case in CASES}
assert len(BY_NAME) == len(CASES), sorted({case.name for case in CASES if BY_NAME[case.name] is not case})
