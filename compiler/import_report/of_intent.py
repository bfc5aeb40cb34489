"""An intent as what an import would have made: its captures, variables and secrets as decisions, for the same page.

Nothing is decided again: a decision says what stands in the intent, where the recording has its value, and where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loadwright.compiler.agents.decisions import Decision, Verdict
from loadwright.compiler.agents.expect.soft_failures import RecordedFailure, recorded_failures
from loadwright.compiler.agents.importing import Imported, Source, mark_proofs
from loadwright.compiler.agents.observe.sites import observe_request
from loadwright.compiler.agents.prove.proof import Proof
from loadwright.compiler.agents.values import mask
from loadwright.compiler.plan.describe import describe_selection, describe_source
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.model import Capture, Plan, Request
from loadwright.compiler.plan.node import DecisionOrigin, Placed, SourceOrigin
from loadwright.compiler.plan.template import Reference, Template, walk
from loadwright.compiler.plan.traverse import request_templates
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import described, entry_of


@dataclass(frozen=True, slots=True)
class Paired:
    """A request of the intent with the recorded exchange that it stands for."""

    recording: str
    request: Request
    entry: Entry


@dataclass(frozen=True, slots=True)
class OfIntent:
    """What the page shows of an intent: as of an import, and its requests by recording and entry."""

    imported: Imported
    placed: tuple[tuple[str, int, Request], ...]


def of_intent(
    plan: Plan,
    pairs: Sequence[Paired],
    groups: dict[str, tuple[str, ...]],
    sources: Sequence[Source],
    proofs: Sequence[tuple[str, Proof]],
) -> OfIntent:
    """An intent held against recordings; `groups` has for each recording that stands for a journey all that are of it."""
    return _Reading(plan, pairs, proofs).run(groups, sources, proofs)


class _Reading:
    def __init__(self, plan: Plan, pairs: Sequence[Paired], proofs: Sequence[tuple[str, Proof]]) -> None:
        self.plan, self.pairs = plan, pairs
        self.values = {recording: proof.values for recording, proof in proofs}
        self.decisions: list[Decision] = []

    def run(self, groups: dict[str, tuple[str, ...]], sources: Sequence[Source], proofs: Sequence[tuple[str, Proof]]) -> OfIntent:
        placed = tuple(
            (one.recording, entry_of(one.entry.index), one.request.model_copy(update={"captures": tuple(self._captures(one))}))
            for one in self.pairs
        )
        self._given()
        mark_proofs(self.plan, self.decisions, proofs)
        failures = [failure for name, members in groups.items() for failure in _failures(name, members, sources)]
        imported = Imported(self.plan, self.decisions, list(proofs), groups=groups, failures=failures)
        return OfIntent(imported, placed)

    def _captures(self, one: Paired) -> Iterable[Capture]:
        """The captures of a request, each with a decision made of it."""
        for capture in one.request.captures:
            response = one.entry.response
            read = Response(one.entry.request.url, response.headers, response.text or "", response.status)
            value = extract_with(capture, read, self.values.get(one.recording, {}))
            decision = self._decision("extract", capture.name, mask(value) if value else "‹nothing›", capture)
            decision.source = f"{described(one.entry)}: {describe_source(capture.source)}{describe_selection(capture)}"
            decision.uses = list(self._uses(capture.name, value or ""))
            yield capture.model_copy(update={"origin": DecisionOrigin(decision=decision.id)})

    def _given(self) -> None:
        """Variables and secrets of the intent."""
        for variable in self.plan.variables:
            verdict: Verdict = "parameterise" if variable.value.literal is not None else "generate"
            literal = variable.value.literal
            decision = self._decision(verdict, variable.name, mask(literal) if literal else "‹made in the run›", variable)
            decision.uses = list(self._uses(variable.name, literal or ""))
        for secret in self.plan.secrets:
            decision = self._decision("secret", secret.name, "‹secret›", secret)
            decision.evidence.append(f"read from the environment variable {secret.env}")
            decision.uses = list(self._uses(secret.name, ""))

    def _decision(self, verdict: Verdict, name: str, value: str, node: Placed) -> Decision:
        origin = node.origin
        decision = Decision(id=f"d{len(self.decisions) + 1}", verdict=verdict, value=value, variable=name)
        if isinstance(origin, SourceOrigin):
            decision.evidence.append(f"line {origin.span.line} of the intent")
        self.decisions.append(decision)
        return decision

    def _uses(self, name: str, value: str) -> Iterable[str]:
        """Where requests refer to a name, in the recording's words where the value is found there."""
        for one in self.pairs:
            if all(name not in _names(flat) for flat, _ in request_templates(one.request)):
                continue
            label = described(one.entry)
            sites = [s for s in observe_request(one.entry) if value and value in s.value]
            yield from (f"{label}: {site.location} {site.name or site.key}" for site in sites[:1])
            if not sites:
                yield label


def _names(flat: Template) -> set[str]:
    return {part.name for part in walk(flat) if isinstance(part, Reference)}


def _failures(name: str, members: Sequence[str], sources: Sequence[Source]) -> Iterable[RecordedFailure]:
    by_name = {source.recording.name: source for source in sources}
    others = [by_name[member].answered for member in members if member != name and member in by_name]
    return recorded_failures(name, by_name[name].answered, others) if name in by_name else ()
