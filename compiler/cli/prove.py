"""`loadwright prove`: an intent held against a recording."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from loadwright.compiler.agents.prove import Finding, Level, Proof
from loadwright.compiler.agents.prove import prove as prove_plan
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.plan.node import SourceOrigin
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.select import select


def prove(intent: Path, recordings: list[Path]) -> int:
    """Print what was proved of an intent on each recording: 0 when everything held, 1 when not."""
    console = Console(highlight=False)
    plan = load_plan(intent)
    proofs: list[tuple[str, Proof]] = []
    for path in recordings:
        recording, _ = read_har(path)
        hosts = [target.url.partition("://")[2] for target in plan.targets]
        selection = select(recording, hosts)
        proof = prove_plan(plan, recording, selection.kept)
        proofs.append((path.name, proof))
        console.print(f"[bold]{path.name}[/]: {proof_line(proof)}", soft_wrap=True)
    found = findings(proofs)
    show(found)
    return 1 if found else 0


def proof_line(proof: Proof) -> str:
    """One line on what was proved."""
    details: dict[Level, str] = {
        "P0": f"{proof.captures_held} of {proof.captures} captures give a value",
        "P1": f"{proof.requests_equal} of {proof.requests} requests equal the recording",
        "P2": f"{proof.literals} texts searched for recorded values",
    }
    levels = ", ".join(f"{level} {'held' if proof.held(level) else 'FAILED'} ({text})" for level, text in details.items())
    extra = f"; {len(proof.unmatched_entries)} recorded requests are not in the intent" if proof.unmatched_entries else ""
    return levels + extra


def findings(proofs: Sequence[tuple[str, Proof]]) -> list[Diagnostic]:
    """What proof found wrong, as diagnostics."""
    return [_diagnostic(name, finding) for name, proof in proofs for finding in proof.findings]


def _diagnostic(recording: str, finding: Finding) -> Diagnostic:
    span = finding.origin.span if isinstance(finding.origin, SourceOrigin) else None
    entry = f" entry {finding.entry}" if finding.entry is not None else ""
    return Diagnostic(
        code=f"proof-{finding.level.lower()}",
        message=f"`{finding.subject}`: {finding.message}" + (f" ({recording}{entry})" if span else ""),
        hint=finding.hint,
        span=span,
        place="" if span else f"{recording}{entry}",
    )
