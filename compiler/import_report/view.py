"""What the page on an import shows, as plain data: everything of the recording masked and made visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

from loadwright.compiler.agents.decisions import Decision, Verdict
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.agents.prove import Level, Proof
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.import_report.places import Places, Quote
from loadwright.compiler.import_report.visible import visible
from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.scrubbing.masks import Masker

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_USES_SHOWN = 12
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision."""

    id: str
    verdict: str
    title: str
    value: str
    source: str
    proof: str
    evidence: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    more_uses: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request of the journey."""

    entry: int
    method: str
    url: str
    status: int
    media_type: str
    decisions: tuple[tuple[str, str, str], ...]
    """Id, `takes` or `uses`, and name of each decision that touches it."""
    soft_failure: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: groups of requests; a group of more than one was loaded in parallel."""

    name: str
    think: str
    groups: tuple[tuple[RequestView, ...], ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordingView:
    """One recording: what was kept of it, and what was proved on it."""

    name: str
    creator: str
    steps: tuple[StepView, ...]
    kept: int
    total: int
    hosts: tuple[tuple[str, int, int, str], ...]
    left_out: tuple[tuple[str, tuple[str, ...]], ...]
    """Reason, and the entries left out for it."""


@dataclass(slots=True)
class View:
    """All that the page shows."""

    title: str
    recordings: tuple[RecordingView, ...]
    decisions: tuple[DecisionView, ...]
    counts: dict[str, int]
    proofs: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Recording, level, `held` or `failed`, and in numbers."""
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    """Level, subject and message of what proof found wrong."""
    soft_failures: list[tuple[int, str, str]] = field(default_factory=list)
    """Entry, request and rule."""
    warnings: list[tuple[str, str, str]] = field(default_factory=list)
    """Place, message and hint of what was odd about the recordings."""


def view(title: str, sources: Sequence[Source], imported: Imported, masker: Masker, warnings: Sequence[Diagnostic]) -> View:
    """What there is to show of an import; unresolved decisions come first."""
    shown = _Shown(sources, imported, masker)
    result = View(title, tuple(shown.recording(s) for s in sources), shown.decisions(), shown.counts())
    for name, proof in imported.proofs:
        for level, text in zip(LEVELS, numbers(proof), strict=True):
            result.proofs.append((visible(name), level, "held" if proof.held(level) else "failed", text))
        result.findings += [(f.level, shown.text(f.subject), shown.text(f.message)) for f in proof.findings]
    result.soft_failures = shown.soft
    result.warnings = [(visible(d.where), shown.text(d.message), shown.text(d.hint)) for d in warnings]
    return result


def numbers(proof: Proof) -> tuple[str, str, str]:
    """What was proved at each level, in numbers."""
    return (
        f"{proof.captures_held} of {proof.captures} captures give a value",
        f"{proof.requests_equal} of {proof.requests} requests equal the recording",
        f"{proof.literals} texts searched for recorded values",
    )


class _Shown:
    def __init__(self, sources: Sequence[Source], imported: Imported, masker: Masker) -> None:
        self.imported, self.masker = imported, masker
        self.soft: list[tuple[int, str, str]] = []
        self.requests: dict[tuple[str, int], Request] = {
            (r.origin.recording, r.origin.entry): r
            for journey in imported.plan.journeys
            for r in requests(journey)
            if isinstance(r.origin, RecordingOrigin)
        }
        self.places = Places([s.recording for s in sources], self.requests, masker)
        self.touching: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
        for decision in imported.decisions:
            for text, word in ((decision.source, "takes"), *((use, "uses") for use in decision.uses)):
                entry = self.places.entry_of(text, decision)
                link = (decision.id, word, self.text(decision.variable or decision.value))
                if entry is not None and link not in self.touching.setdefault(entry, []):
                    self.touching[entry].append(link)

    def text(self, text: str) -> str:
        return visible(self.masker.plain(text))

    def counts(self) -> dict[str, int]:
        counts = Counter(d.verdict for d in self.imported.decisions)
        return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}

    def decisions(self) -> tuple[DecisionView, ...]:
        ordered = sorted(self.imported.decisions, key=lambda d: VERDICTS.index(d.verdict))
        return tuple(self._decision(d) for d in ordered)

    def _decision(self, decision: Decision) -> DecisionView:
        quotes = [self.places.source(decision), *(self.places.use(use, decision) for use in decision.uses[:_USES_SHOWN])]
        return DecisionView(
            id=decision.id,
            verdict=decision.verdict,
            title=self.text(decision.variable or decision.value),
            value=self.text(decision.value),
            source=self.text(decision.source),
            proof=decision.proof,
            evidence=tuple(self.text(e) for e in decision.evidence),
            rejected=tuple((self.text(r.candidate), self.text(r.reason)) for r in decision.rejected),
            quotes=tuple(q for q in quotes if q is not None),
            more_uses=max(0, len(decision.uses) - _USES_SHOWN),
        )

    def recording(self, source: Source) -> RecordingView:
        recording = source.recording
        entries = {e.index: e for e in recording.entries}
        reasons: dict[str, list[str]] = {}
        for drop in source.selection.dropped:
            dropped = entries[drop.entry]
            label = f"entry {drop.entry} {dropped.request.method} {self.url(dropped.request.url)}"
            reasons.setdefault(visible(drop.reason), []).append(label)
        steps = tuple(
            StepView(
                self.text(step.name),
                f"{step.think_before / 1000:g} s" if step.think_before else "",
                tuple(tuple(self._request(recording.name, entries[i]) for i in group) for group in step.groups),
                tuple(self.text(h) for h in step.hints),
            )
            for step in source.outline
        )
        hosts = tuple((visible(h.host), h.kept, h.entries, visible(h.reason)) for h in source.selection.hosts)
        ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
        return RecordingView(
            visible(recording.name),
            visible(recording.creator),
            steps,
            len(source.selection.kept),
            len(recording.entries),
            hosts,
            tuple((reason, tuple(labels)) for reason, labels in ordered),
        )

    def url(self, url: str) -> str:
        shown = self.text(url)
        return shown if len(shown) <= 300 else f"{shown[:300]}…"

    def _request(self, recording: str, entry: Entry) -> RequestView:
        response = entry.response
        content_type = header(response.headers, "content-type") or response.media_type
        rule = soft_failure(response.status, content_type, response.text or "") or ""
        url = self.url(entry.request.url)
        if rule:
            self.soft.append((entry.index, f"{entry.request.method} {url}", self.text(rule)))
        return RequestView(
            entry.index,
            visible(entry.request.method),
            url,
            response.status,
            visible(response.media_type),
            tuple(self.touching.get((recording, entry.index), ())),
            self.text(rule),
        )
