"""What the page on an import shows, as plain data: everything of the recording masked and made visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from loadwright.compiler.agents.decide.confidence import LEVELS as CONFIDENCE
from loadwright.compiler.agents.decide.confidence import calibration
from loadwright.compiler.agents.decide.confidence import level as confidence_level
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.expect.soft_failures import by_entry
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.import_report.failures import FailureView, failure_views
from loadwright.compiler.import_report.places import Places, Quote
from loadwright.compiler.import_report.proved import LEVELS, VERDICTS, Reached, numbers
from loadwright.compiler.import_report.visible import visible
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import OPEN, entry_of, is_socket
from loadwright.compiler.scrubbing.masks import Masker

_USES_SHOWN = 12
_FINDINGS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision."""

    id: str
    verdict: str
    title: str
    value: str
    source: str
    proof: str
    confidence: str
    """`high`, `medium`, `low`, or nothing where there is nothing to be wrong about."""
    sure: str
    """The confidence as a share, and of what kind of evidence."""
    superfluous: bool
    removal: str
    """What the run did without it: `failed`, `passed`, `not judged`, or nothing."""
    evidence: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    unquoted_uses: tuple[str, ...]
    """Where it is needed, of what no text can be shown, such as a cookie."""
    more_uses: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request of the journey."""

    anchor: str
    entry: int
    method: str
    url: str
    status: int
    media_type: str
    decisions: tuple[tuple[str, str, str], ...]
    """Id, `takes` or `uses`, and name of each decision that touches it."""
    failure: str
    """What went wrong here while it was recorded, or what it follows from."""


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
    """Recording or journey, level, `held`, `failed` or `not tried`, and in numbers."""
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    """Level, subject and message of what proof found wrong."""
    failures: tuple[FailureView, ...] = ()
    warnings: list[tuple[str, str, str]] = field(default_factory=list)
    """Place, message and hint of what was odd about the recordings."""
    confidences: dict[str, int] = field(default_factory=dict)
    """How many decisions have which confidence."""
    superfluous: int = 0
    """How many captures a run does not need."""
    kind: Literal["Import", "Proof"] = "Import"
    """What the page is on."""

    @property
    def unresolved(self) -> tuple[DecisionView, ...]:
        """What the import could not explain."""
        return tuple(d for d in self.decisions if d.verdict == "unresolved")

    @property
    def resolved(self) -> tuple[DecisionView, ...]:
        """All other decisions."""
        return tuple(d for d in self.decisions if d.verdict != "unresolved")


def view(
    title: str,
    sources: Sequence[Source],
    imported: Imported,
    masker: Masker,
    warnings: Sequence[Diagnostic],
    higher: Sequence[Reached] = (),
    placed: Sequence[tuple[str, int, Request]] | None = None,
) -> View:
    """What there is to show of an import; unresolved decisions come first.

    `placed` are the requests by recording and entry where the Plan itself was not made from these recordings: a proof is shown.
    """
    shown = _Shown(sources, imported, masker, placed)
    result = View(title, tuple(shown.recording(s) for s in sources), shown.decisions(), shown.counts())
    for name, proof in imported.proofs:
        for level, text in zip(LEVELS, numbers([proof]), strict=True):
            result.proofs.append((visible(name), level, "held" if proof.held(level) else "failed", text))
        result.findings += [(f.level, shown.text(f.subject), shown.text(f.message)) for f in proof.findings]
    for one in higher:
        state = "not tried" if one.held is None else "held" if one.held else "failed"
        result.proofs.append((visible(one.subject), one.level, state, shown.text(one.detail)))
        result.findings += [(one.level, shown.text(f.where), shown.text(f.message)) for f in one.findings[:_FINDINGS_SHOWN]]
    result.kind = "Import" if placed is None else "Proof"
    result.failures = failure_views(imported.failures, shown.entries, shown.anchors, masker)
    counts = Counter(confidence_level(d.confidence) for d in imported.decisions if d.confidence is not None)
    result.confidences = {word: counts[word] for word in CONFIDENCE if counts[word]}
    result.superfluous = sum(d.superfluous for d in imported.decisions)
    result.warnings = [(visible(d.where), shown.text(d.message), shown.text(d.hint)) for d in warnings]
    return result


def _sure(decision: Decision) -> str:
    if decision.confidence is None:
        return ""
    if decision.basis not in calibration():
        return f"{decision.confidence:.3f}, since decisions of this kind were not measured"
    return f"{decision.confidence:.3f}, as measured for “{decision.basis}”"


def _messages(entry: Entry) -> str:
    sent = sum(message.sent for message in entry.messages)
    return f"{sent} messages sent, {len(entry.messages) - sent} received"


class _Shown:
    def __init__(
        self,
        sources: Sequence[Source],
        imported: Imported,
        masker: Masker,
        placed: Sequence[tuple[str, int, Request]] | None,
    ) -> None:
        self.imported, self.masker = imported, masker
        self.failures = by_entry(imported.failures)
        self.entries = {(s.recording.name, e.index): e for s in sources for e in s.recording.entries}
        self.anchors = {
            (source.recording.name, index): f"r{number}-{index}"
            for number, source in enumerate(sources)
            for step in source.outline
            for group in step.groups
            for index in group
        }
        placed = placed or [
            (r.origin.recording, r.origin.entry, r)
            for journey in imported.plan.journeys
            for r in exchanges(journey)
            if isinstance(r.origin, RecordingOrigin)
        ]
        values = {name: proof.values for name, proof in imported.proofs}
        self.places = Places([s.recording for s in sources], placed, masker, values)
        self.touching: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
        for decision in imported.decisions:
            for text, word in ((decision.source, "takes"), *((use, "uses") for use in decision.uses)):
                exchange = self.places.entry_of(text, decision)
                link = (decision.id, word, self.text(decision.variable or decision.value))
                entry = (exchange[0], entry_of(exchange[1])) if exchange else None
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
        uses = [(use, self.places.use(use, decision)) for use in decision.uses[:_USES_SHOWN]]
        quotes = [self.places.source(decision), *(quote for _, quote in uses)]
        return DecisionView(
            id=decision.id,
            verdict=decision.verdict,
            title=self.text(decision.variable or decision.value),
            value=self.text(decision.value),
            source=self.text(decision.source),
            proof=decision.proof,
            confidence=confidence_level(decision.confidence) if decision.confidence is not None else "",
            sure=_sure(decision),
            superfluous=decision.superfluous,
            removal=decision.removal,
            evidence=tuple(self.text(e) for e in decision.evidence),
            rejected=tuple((self.text(r.candidate), self.text(r.reason)) for r in decision.rejected),
            quotes=tuple(q for q in quotes if q is not None),
            unquoted_uses=tuple(self.text(use) for use, quote in uses if quote is None),
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
        failure = self.failures.get((recording, entry.index))
        said = "" if failure is None else failure.rule
        if failure is not None and failure.entry != entry.index:
            said = f"follows from entry {failure.entry}"
        url = self.url(entry.request.url)
        return RequestView(
            self.anchors[recording, entry.index],
            entry.index,
            visible(OPEN if is_socket(entry) else entry.request.method),
            url,
            response.status,
            _messages(entry) if is_socket(entry) else visible(response.media_type),
            tuple(self.touching.get((recording, entry.index), ())),
            said,
        )
