"""Candidates for values without a source: places of earlier responses that held the value, which the rules did not believe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadwright.compiler.agents.decide.stability import rank
from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.agents.observe.recording import observe

MOST = 6
"""Candidates of one value."""


@dataclass(frozen=True)
class Candidate:
    """A place that yields the value, and the requests after it, which could use it from there."""

    secret: str
    recording: str
    occurrence: Occurrence
    later: tuple[int, ...]
    """Entries that send the value and started when the response had ended."""


def candidates(source: Source, imported: Imported) -> dict[str, list[Candidate]]:
    """By the name of an unresolved secret: its candidates, the most stable first."""
    open_names = {d.variable for d in imported.decisions if d.verdict == "unresolved" and d.variable}
    values = {name: value for name, value in imported.secret_values.items() if name in open_names}
    if not values:
        return {}
    facts = observe(source.entries)
    found: dict[str, list[Candidate]] = {}
    for name, value in values.items():
        uses = {site.entry: site.started for sites in facts.sites.values() for site in sites if value in site.value}
        places = {(o.entry, o.source, o.ordinal, o.chain): o for o in facts.occurrences.get(value, ())}
        offered = [
            Candidate(name, source.recording.name, occurrence, later)
            for occurrence in sorted(places.values(), key=lambda o: (rank(o), o.entry, o.ordinal))
            if (
                later := tuple(
                    entry for entry, started in uses.items() if started >= occurrence.ended and entry != occurrence.entry
                )
            )
        ]
        if offered:
            found[name] = offered[:MOST]
    return found


def all_candidates(sources: Sequence[Source], imported: Imported) -> dict[str, list[Candidate]]:
    """The candidates in the first recording of each journey that has any."""
    found: dict[str, list[Candidate]] = {}
    for source in sources:
        if source.recording.name in imported.groups:
            for name, offered in candidates(source, imported).items():
                found.setdefault(name, offered)
    return found
