"""The same as the page in a few lines, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.import_report.view import LEVELS, VERDICTS, numbers
from loadwright.compiler.plan.model import SoftFailureExpectation
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.traverse import requests

_NAMED = 5


def summary_lines(sources: Sequence[Source], imported: Imported, warnings: Sequence[Diagnostic]) -> list[tuple[str, bool]]:
    """At most eight lines, each with whether it wants attention: journey, decisions, what is open, proof, failures, oddities."""
    counts = Counter(d.verdict for d in imported.decisions)
    lines = [(_journey(sources), False)]
    lines.append(("Decisions: " + (", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v]) or "none needed"), False))
    for verdict in ("unresolved", "extract", "generate"):
        named = [d.variable or d.value for d in imported.decisions if d.verdict == verdict]
        if named:
            lines.append((f"{verdict.capitalize()}: {_few(named)}", verdict == "unresolved"))
    lines += [(text, failed) for text, failed in _proof(imported)]
    if soft := list(_soft_failures(imported)):
        lines.append((f"Soft failures in the recording: {_few(soft)}", False))
    if warnings:
        odd = Counter(d.message for d in warnings)
        lines.append((f"Oddities of the recording: {_few([f'{m} ({n} times)' if n > 1 else m for m, n in odd.items()], 2)}", False))
    return lines


def _journey(sources: Sequence[Source]) -> str:
    steps = sum(len(s.outline) for s in sources)
    kept, total = sum(len(s.selection.kept) for s in sources), sum(len(s.recording.entries) for s in sources)
    reasons = Counter(drop.reason for s in sources for drop in s.selection.dropped)
    left = [f"{count} {reason}" for reason, count in reasons.most_common()]
    return f"Journey: {steps} steps, {kept} of {total} entries kept" + (f"; left out: {_few(left, 2)}" if left else "")


def _proof(imported: Imported) -> Iterator[tuple[str, bool]]:
    if not imported.proofs:
        return
    failed = [f"{level} on {name}" for name, proof in imported.proofs for level in LEVELS if not proof.held(level)]
    if failed:
        yield f"Proof FAILED: {_few(failed)}", True
    else:
        yield f"Proof: {', '.join(LEVELS)} held ({'; '.join(numbers(imported.proofs[0][1]))})", False


def _soft_failures(imported: Imported) -> Iterator[str]:
    """Entries whose recorded answer looks like a failure; the requests made of them do not mind that."""
    for journey in imported.plan.journeys:
        for request in requests(journey):
            rules = [r for e in request.expectations if isinstance(e, SoftFailureExpectation) for r in e.ignored]
            if rules and isinstance(request.origin, RecordingOrigin):
                yield f"entry {request.origin.entry} ({', '.join(rules)})"


def _few(names: Sequence[str], most: int = _NAMED) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
