"""The same as the page in a few lines, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.decide.confidence import LEVELS as CONFIDENCE
from loadwright.compiler.agents.decide.confidence import level as confidence_level
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.expect.soft_failures import RecordedFailure
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.diagnostics import Diagnostic, counted
from loadwright.compiler.import_report.proved import LEVELS, VERDICTS, Reached, numbers

_NAMED = 5
_FAILURES_NAMED = 3


def summary_lines(
    sources: Sequence[Source],
    imported: Imported,
    warnings: Sequence[Diagnostic],
    higher: Sequence[Reached] = (),
    asked: bool = False,
) -> list[tuple[str, bool]]:
    """At most eight lines, each with whether it wants attention: journey, decisions, what is open, failures, proof, oddities.

    `asked` says whether the user asked for the levels above P2; one that was tried without being asked for alarms nobody.
    """
    counts = Counter(d.verdict for d in imported.decisions)
    lines = [(_journey(sources, imported), False)]
    verdicts = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v]) or "none needed"
    lines.append((f"Decisions: {verdicts}{_confidence(imported.decisions)}", False))
    for verdict in ("unresolved", "extract", "generate"):
        named = _called([d for d in imported.decisions if d.verdict == verdict])
        if verdict == "extract" and imported.failures:
            lines.append((_failures(imported.failures), True))
        if named:
            lines.append((f"{verdict.capitalize()}: {_few(named)}", verdict == "unresolved"))
    lines += [(text, failed) for text, failed in _proof(sources, imported, higher, asked)]
    if warnings:
        odd = Counter(d.message for d in warnings)
        lines.append((f"Oddities of the recording: {_few([f'{m} ({n} times)' if n > 1 else m for m, n in odd.items()], 2)}", False))
    return lines


def _called(decisions: Sequence[Decision]) -> list[str]:
    """The names of decisions and cookies, and of what has no name the reasons, with how often each."""
    cookie = "‹cookie "
    reasons = Counter(
        d.value.strip("‹›") if d.value.startswith(cookie) else d.evidence[0] if d.evidence else d.value
        for d in decisions
        if not d.variable
    )
    return [*(d.variable for d in decisions if d.variable), *(f"{why} ({n} times)" if n > 1 else why for why, n in reasons.items())]


def _journey(sources: Sequence[Source], imported: Imported) -> str:
    sources = [s for s in sources if s.recording.name in imported.groups]  # one of each journey's recordings
    steps = sum(len(s.outline) for s in sources)
    kept, total = sum(len(s.selection.kept) for s in sources), sum(len(s.recording.entries) for s in sources)
    reasons = Counter(drop.reason for s in sources for drop in s.selection.dropped)
    left = [f"{count} {reason}" for reason, count in reasons.most_common()]
    journeys = "Journey" if len(sources) == 1 else f"{len(sources)} journeys"
    return f"{journeys}: {counted(steps, 'step')}, {kept} of {total} entries kept" + (
        f"; left out: {_few(left, 2)}" if left else ""
    )


def _confidence(decisions: Sequence[Decision]) -> str:
    counts = Counter(confidence_level(d.confidence) for d in decisions if d.confidence is not None)
    said = ", ".join(f"{counts[word]} {word}" for word in CONFIDENCE if counts[word])
    return f"; confidence: {said}" if said else ""


def _failures(failures: Sequence[RecordedFailure]) -> str:
    several = len({f.recording for f in failures}) > 1
    said = [
        f"{f'{f.recording} ' if several else ''}entry {f.entry} {f.request}: {f.rule}{f' ({f.cascade})' if f.cascade else ''}"
        for f in failures
    ]
    return f"Failures in the recording: {_few(said, _FAILURES_NAMED)}"


def _proof(sources: Sequence[Source], imported: Imported, higher: Sequence[Reached], asked: bool) -> Iterator[tuple[str, bool]]:
    if not imported.proofs:
        return
    failed = [f"{level} on {name}" for name, proof in imported.proofs for level in LEVELS if not proof.held(level)]
    broken = [f"{one.level} of {one.subject} ({one.detail})" for one in higher if one.held is False]
    failed += broken if asked else []
    if failed:
        yield f"Proof FAILED: {_few(failed)}", True
        return
    if not any(entry.response.status for source in sources for entry in source.entries):
        equal = numbers([proof for _, proof in imported.proofs])[1]
        yield f"Proof: none, since no answer is known; {equal}", False
        return
    beyond = dict.fromkeys(one.level for one in higher if one.held)
    details = [*numbers([proof for _, proof in imported.proofs]), *(one.detail for one in higher if one.level.startswith("P4"))]
    rest = f"; not held: {_few(broken)}" if broken else ""
    rest += "".join(f"; {one.level} not tried: {one.detail}" for one in higher[:1] if one.held is None)
    yield f"Proof: {', '.join((*LEVELS, *beyond))} held ({'; '.join(details)}){rest}", False


def _few(names: Sequence[str], most: int = _NAMED) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
