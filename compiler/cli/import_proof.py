"""What an import proves beyond the recording it was made from: P3 with a second recording, P4 where it is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.cli.outputs import Output, write
from loadwright.compiler.diagnostics import Diagnostic, errors
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.runtimes.pins import NAMES

if TYPE_CHECKING:
    from loadwright.compiler.cli.prove_levels import Case, Outcome

LEVELS = ("P2", "P3", "P4")
"""The levels that an import can be asked for; it always proves up to P2."""
MANY = 5000
"""Requests above which P3 is not tried unless it is asked for: it takes about half as long as the import itself."""


class Higher(Struct):
    """The outcomes of the levels above P2."""

    asked: str = "P2"
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def findings(self) -> list[Diagnostic]:
        """What did not hold, and captures that are superfluous."""
        return [f for outcome in self.outcomes for f in outcome.findings]

    @property
    def wanted(self) -> list[Diagnostic]:
        """The findings of the levels that were asked for."""
        asked = (o for o in self.outcomes if LEVELS.index(o.level.partition(" ")[0]) <= LEVELS.index(self.asked))
        return [f for outcome in asked for f in outcome.findings]

    @property
    def failed(self) -> bool:
        """Whether a level that was asked for did not hold."""
        return bool(errors(self.wanted))


def prove_higher(sources: Sequence[Source], imported: Imported, asked: str, runtimes: Sequence[str]) -> Higher:
    """P3 where there are two recordings of a journey, P4 where it is asked for; writes the levels on the decisions."""
    found = Higher(asked)
    if asked == "P2" and all(len(names) < 2 for names in imported.groups.values()):
        return found
    # only who proves further waits for what it takes
    from loadwright.compiler.cli.prove_levels import negative, other_recording, rotating

    cases = _cases(sources, imported)
    low = bool(imported.proofs) and all(not proof.findings for _, proof in imported.proofs)
    several = [case for case in cases if len(case.evidence) > 1]
    few = sum(len(case.evidence[0].kept) for case in several) <= MANY
    if low and (few or asked != "P2"):
        found.outcomes += [other_recording(imported.plan, case) for case in (several if asked == "P2" else cases)]
    if asked == "P4" and low and not found.failed:
        chosen = [runtime for runtime in NAMES if runtime in runtimes]
        with tempfile.TemporaryDirectory(prefix="loadwright-") as name:
            sent = Path(name)  # what the test sends; the import's own files are written when all is done
            write((Output(PurePosixPath(path), data) for path, data in imported.files.items()), sent)
            found.outcomes += [rotating(imported.plan, case, sent, chosen) for case in cases]
            if not found.failed:
                found.outcomes += [negative(imported.plan, case, sent, chosen) for case in cases]
    mark(imported, found)
    return found


def _cases(sources: Sequence[Source], imported: Imported) -> list[Case]:
    """The journeys with their recordings, the one that each was made from first."""
    from loadwright.compiler.cli.prove_levels import Case, Evidence

    by_name = {source.recording.name: source for source in sources}
    cases = []
    for journey in imported.plan.journeys:
        origins = (r.origin.recording for r in exchanges(journey) if isinstance(r.origin, RecordingOrigin))
        names = imported.groups.get(next(origins, ""), ())
        evidence = tuple(Evidence(n, by_name[n].recording, by_name[n].selection.kept) for n in names if n in by_name)
        if evidence:
            cases.append(Case(journey, evidence))
    return cases


def mark(imported: Imported, higher: Higher) -> None:
    """Write on each decision the highest level that holds for its journey, each level only upon the one below."""
    held = {(o.level, o.subject) for o in higher.outcomes if o.held}
    removals = _removals(higher.outcomes)
    journeys = {
        capture.name: journey.name
        for journey in imported.plan.journeys
        for request in exchanges(journey)
        for capture in request.captures
    }
    for decision in imported.decisions:
        journey = journeys.get(decision.variable)
        if journey is None or decision.proof != "P2":
            continue
        _raise(decision, journey, held)
        decision.removal = removals.get(decision.variable, "")
        decision.superfluous = decision.removal == "passed"


def _raise(decision: Decision, journey: str, held: set[tuple[str, str]]) -> None:
    if ("P3", journey) in held:
        decision.proof = "P3"
    if ("P4", journey) in held:
        decision.proof = "P4"
    if ("P5", journey) in held:
        decision.proof = "P5"


def _removals(outcomes: Sequence[Outcome]) -> dict[str, Literal["", "failed", "passed", "not judged"]]:
    """What became of the run without each capture."""
    found: dict[str, Literal["", "failed", "passed", "not judged"]] = {}
    for outcome in outcomes:
        found.update(dict.fromkeys(outcome.needed, "failed"))
        found.update(dict.fromkeys(outcome.superfluous, "passed"))
        found.update(dict.fromkeys(outcome.unjudged, "not judged"))
    return found
