"""What a proof found wrong, as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.compiler.agents.prove.proof import Finding, Proof
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.plan.node import SourceOrigin
from loadwright.compiler.recording.sockets import entry_label

_SEVERAL, _MOST = 4, 0.75
"""Requests of an intent of which so great a share is never missing in a recording of its own."""


def findings(proofs: Sequence[tuple[str, Proof]]) -> list[Diagnostic]:
    """What proof found wrong, as diagnostics."""
    return [diagnostic(name, finding) for name, proof in proofs for finding in proof.findings]


def another_journey(name: str, proof: Proof) -> Diagnostic | None:
    """That a recording lacks most requests of an intent, which is told once: it is rather one of another journey."""
    missing = sum(finding.level == "P1" and finding.entry is None for finding in proof.findings)
    if proof.requests < _SEVERAL or missing < _MOST * proof.requests:
        return None
    message = f"`{name}` holds {proof.requests - missing} of the {proof.requests} requests of this intent: it is of another journey"
    return Diagnostic("wrong-recording", message, "name the recording that the intent was made from", place=name)


def diagnostic(recording: str, finding: Finding) -> Diagnostic:
    """One finding, at its place in the intent or in the recording."""
    span = finding.origin.span if isinstance(finding.origin, SourceOrigin) else None
    entry = f" {entry_label(finding.entry)}" if finding.entry is not None else ""
    return Diagnostic(
        code=f"proof-{finding.level.lower()}",
        message=f"`{finding.subject}`: {finding.message}" + (f" ({recording}{entry})" if span else ""),
        hint=finding.hint,
        span=span,
        place="" if span else f"{recording}{entry}",
    )
