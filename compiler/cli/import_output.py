"""What an import says of itself: recorded failures as findings, and everything as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from msgspec import to_builtins

from loadwright.compiler.agents.decide.confidence import LEVELS, level
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.expect.soft_failures import RecordedFailure
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.agents.left import Left
from loadwright.compiler.agents.prove.proof import Proof
from loadwright.compiler.cli.import_proof import Higher
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.recording.sockets import entry_label

_SHOWN = 10


def failure_findings(failures: Sequence[RecordedFailure]) -> list[Diagnostic]:
    """The first failures that the recordings show, as warnings."""
    found = [_finding(failure) for failure in failures[:_SHOWN]]
    if rest := len(failures) - _SHOWN:
        text = f"{rest} more failures in the recordings" if rest > 0 else ""
        hint = "the report has all of them: `--report review.html`"
        found += [Diagnostic("recorded-failure", text, hint, severity=Severity.WARNING)] if text else []
    return found


def left_findings(left: Sequence[Left]) -> list[Diagnostic]:
    """What stays as it was recorded though something stands for it, as warnings."""
    hint = "write this request by hand with the variable in it, or leave it if any value will do"
    return [
        Diagnostic(
            "value-left",
            f"`{one.where}`: {one.what}, since {one.why}",
            hint,
            place=f"{one.recording} {entry_label(one.entry)}",
            severity=Severity.WARNING,
        )
        for one in left
    ]


def _finding(failure: RecordedFailure) -> Diagnostic:
    follows = f"; {failure.cascade}" if failure.cascade else ""
    message = f"`{failure.request}`: {failure.rule} in the recording: {failure.seen}{follows}"
    place = f"{failure.recording} entry {failure.entry}"
    return Diagnostic("recorded-failure", message, f"{failure.why}; {failure.advice}", place=place, severity=Severity.WARNING)


def decisions_document(imported: Imported, higher: Higher) -> str:
    """What `--decisions` writes: each decision, each proof, each failure in the recordings."""
    document = {
        "decisions": to_builtins(imported.decisions),
        "failures": _failures(imported.failures),
        "proofs": [_proof(name, proof) for name, proof in imported.proofs],
        "levels": _levels(higher),
    }
    return _json(document, indent=1)


def import_document(
    sources: Sequence[Source],
    imported: Imported,
    higher: Higher,
    warnings: Sequence[Diagnostic],
    found: Sequence[Diagnostic],
    written: Sequence[Path],
    advice: Sequence[str] = (),
) -> str:
    """What `--format json` prints: all that the terminal says, and each decision."""
    decisions = imported.decisions
    document = {
        "written": [str(path) for path in written],
        "recordings": [_recording(source) for source in sources],
        "counts": dict(Counter(d.verdict for d in decisions)),
        "confidence": confidence_counts(decisions),
        "unresolved": [d.variable or d.value for d in decisions if d.verdict == "unresolved"],
        "superfluous": [d.variable for d in decisions if d.superfluous],
        "failures": _failures(imported.failures),
        "levels": [*_low_levels(imported), *_levels(higher)],
        "findings": [_diagnostic(d) for d in found],
        "warnings": [_diagnostic(d) for d in warnings],
        "secrets": [s.env for s in imported.plan.secrets],
        "decisions": to_builtins(decisions),
    }
    if advice:
        document["advice"] = [line.strip() for line in advice]
    return _json(document, indent=2)


def confidence_counts(decisions: Sequence[Decision]) -> dict[str, int]:
    """How many decisions there are of each level of confidence."""
    counts = Counter(level(d.confidence) for d in decisions if d.confidence is not None)
    return {word: counts[word] for word in LEVELS if counts[word]}


def _recording(source: Source) -> dict[str, object]:
    selection = source.selection
    return {
        "name": source.recording.name,
        "entries": len(source.recording.entries),
        "kept": len(selection.kept),
        "steps": len(source.outline),
        "left_out": [{"entry": drop.entry, "reason": drop.reason} for drop in selection.dropped],
    }


def _failures(failures: Sequence[RecordedFailure]) -> list[dict[str, object]]:
    return [
        {
            "recording": f.recording,
            "entry": f.entry,
            "request": f.request,
            "rule": f.rule,
            "seen": f.seen,
            "why": f.why,
            "advice": f.advice,
            "follows": f.follows,
        }
        for f in failures
    ]


def _low_levels(imported: Imported) -> list[dict[str, object]]:
    return [
        {"level": name, "subject": recording, "held": proof.held(name), "detail": ""}
        for recording, proof in imported.proofs
        for name in ("P0", "P1", "P2")
    ]


def _levels(higher: Higher) -> list[dict[str, object]]:
    return [{"level": o.level, "subject": o.subject, "held": o.held, "detail": o.detail} for o in higher.outcomes]


def _diagnostic(one: Diagnostic) -> dict[str, object]:
    return {"code": one.code, "severity": str(one.severity), "place": one.where, "message": one.message, "hint": one.hint}


def _proof(name: str, proof: Proof) -> dict[str, object]:
    document = asdict(proof)
    document.pop("values", None)  # recorded values, which are kept in memory alone
    for finding in document["findings"]:
        finding.pop("origin")
    return {"recording": name, **document}


def _json(document: object, indent: int) -> str:
    return json.dumps(document, ensure_ascii=False, indent=indent) + "\n"
