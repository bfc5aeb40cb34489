"""The page to review an import or a proof with, as `--report` writes it."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.agents.prove.proof import Proof
from loadwright.compiler.cli.import_proof import Higher, mark
from loadwright.compiler.cli.prove_levels import Case
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.import_report.of_intent import OfIntent, Paired, of_intent
from loadwright.compiler.import_report.page import render
from loadwright.compiler.import_report.view import view
from loadwright.compiler.plan.model import Plan, Request
from loadwright.compiler.rotation.pairing import paired
from loadwright.compiler.scrubbing.masks import Masker
from loadwright.compiler.scrubbing.sensitive import sensitive


def import_page(
    sources: Sequence[Source],
    imported: Imported,
    warnings: Sequence[Diagnostic],
    higher: Higher,
    placed: Sequence[tuple[str, int, Request]] | None = None,
) -> str:
    """The page on an import."""
    masker = Masker(sensitive(source.recording for source in sources))
    return render(view(imported.plan.name, sources, imported, masker, warnings, higher.outcomes, placed))


def proof_page(
    plan: Plan,
    cases: Sequence[Case],
    sources: Sequence[Source],
    proofs: Sequence[tuple[str, Proof]],
    warnings: Sequence[Diagnostic],
    higher: Higher,
) -> str:
    """The page on a proof: the intent's captures, variables and secrets beside the recordings, with the levels they reached."""
    shown = _read(plan, cases, sources, proofs)
    mark(shown.imported, higher)
    return import_page(sources, shown.imported, warnings, higher, shown.placed)


def _read(plan: Plan, cases: Sequence[Case], sources: Sequence[Source], proofs: Sequence[tuple[str, Proof]]) -> OfIntent:
    pairs = [
        Paired(case.evidence[0].name, request, entry)
        for case in cases
        for request, entry in paired(plan, case.journey, case.evidence[0].entries)
    ]
    groups = {case.evidence[0].name: tuple(one.name for one in case.evidence) for case in cases}
    return of_intent(plan, pairs, groups, sources, proofs)
