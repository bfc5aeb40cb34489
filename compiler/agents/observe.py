"""Observe: a recording in, facts out."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.agents.facts import Facts
from loadwright.compiler.agents.responses import form_inputs, observe_response
from loadwright.compiler.agents.sites import observe_request
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.redirects import redirect_sources


def observe(entries: Iterable[Entry]) -> Facts:
    """The facts of the entries that take part, which are in the order in which they started."""
    facts = Facts()
    ordered = list(entries)
    for entry in sorted(ordered, key=lambda e: (e.ended, e.index)):
        for occurrence in observe_response(entry):
            facts.occurrences.setdefault(occurrence.value, []).append(occurrence)
        facts.inputs.extend(form_inputs(entry))
    for entry in ordered:
        facts.sites[entry.index] = list(observe_request(entry))
        _cookies(facts, entry)
    facts.redirected_by = redirect_sources(ordered)
    return facts


def _cookies(facts: Facts, entry: Entry) -> None:
    for pair in (header(entry.request.headers, "cookie") or "").split(";"):
        name = pair.partition("=")[0].strip()
        if name:
            facts.cookies_sent.setdefault(name, entry.index)
    for key, value in entry.response.headers:
        if key.lower() == "set-cookie":
            facts.cookies_set.setdefault(value.partition("=")[0].strip(), entry.index)
