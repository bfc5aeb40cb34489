"""Takes from an answer what is valid and proved; the rest is dropped, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Literal

from loadwright.compiler.advice.candidates import Candidate
from loadwright.compiler.advice.edits import is_left, renamed, taken_from
from loadwright.compiler.advice.model import Answer, NameProposal
from loadwright.compiler.advice.names import step_fault, variable_fault
from loadwright.compiler.advice.question import Asked
from loadwright.compiler.agents.decide.confidence import rate
from loadwright.compiler.agents.decide.naming import free_name
from loadwright.compiler.agents.decide.sources import describe
from loadwright.compiler.agents.importing import Imported, Source, by_journey, mark_proofs
from loadwright.compiler.agents.prove.proof import Proof, prove
from loadwright.compiler.diagnostics import LoadwrightError, errors
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.traverse import steps
from loadwright.compiler.printer import print_intent

Kind = Literal["step", "variable", "source"]
Failures = Counter[tuple[int, str, str]]
"""How many findings there are, by journey, recording and level."""


@dataclass(frozen=True)
class Proposal:
    """What became of one proposal; `reason` says why it was dropped."""

    kind: Kind
    subject: str
    proposed: str
    reason: str = ""


@dataclass
class Taken:
    """An import after advice, and what became of each proposal."""

    sources: list[Source]
    imported: Imported
    proposals: list[Proposal] = field(default_factory=list)


def take(sources: Sequence[Source], imported: Imported, asked: Asked, answer: Answer) -> Taken:
    """The import with the proposals that are valid and pass the proof.

    The proof is the one of the import (P0, P1 and P2 on the recording of each journey), and with more than one recording of a
    journey also P3: nothing may fail on any recording that did not fail before.
    """
    return _Taker(sources, imported, asked).run(answer)


class _Taker:
    def __init__(self, sources: Sequence[Source], imported: Imported, asked: Asked) -> None:
        self.sources, self.asked = list(sources), asked
        self.imported = replace(imported, decisions=deepcopy(imported.decisions))
        self.proposals: list[Proposal] = []
        self.failures = self._failures(imported.plan)

    def run(self, answer: Answer) -> Taken:
        self._sources(answer)
        self._names(answer)
        if any(not proposal.reason for proposal in self.proposals):
            self._prove_again()
        return Taken(self.sources, self.imported, self.proposals)

    # --- sources of unresolved values ---------------------------------------------------------------------------------

    def _sources(self, answer: Answer) -> None:
        known = {}
        for proposal in answer.unresolved:
            if proposal.id not in self.asked.candidates or proposal.id in known:
                self._drop("source", proposal.id, "", "names no unresolved value, or one twice")
            else:
                known[proposal.id] = proposal.candidates
        for key, offered in self.asked.candidates.items():
            if ranking := known.get(key):
                self._source(offered, ranking)

    def _source(self, offered: Mapping[str, Candidate], ranking: Sequence[str]) -> None:
        """The first of the ranked candidates that passes the proof."""
        secret = next(iter(offered.values())).secret
        for key in dict.fromkeys(ranking):
            candidate = offered.get(key)
            if candidate is None:
                self._drop("source", secret, key, "is no candidate that was offered")
            elif fault := self._try(candidate):
                self._drop("source", secret, describe(candidate.occurrence), fault)
            else:
                self.proposals.append(Proposal("source", secret, describe(candidate.occurrence)))
                return

    def _try(self, candidate: Candidate) -> str:
        plan = self.imported.plan
        decision = next(d for d in self.imported.decisions if d.variable == candidate.secret and d.verdict == "unresolved")
        left = is_left(plan, candidate)
        name = free_name(_names(plan), candidate.secret) if left else candidate.secret
        changed = taken_from(plan, candidate, name, decision.id)
        if fault := self._fault(changed):
            return fault
        self.imported.plan = changed
        place = f"entry {candidate.occurrence.entry}: {describe(candidate.occurrence)}"
        if left:
            decision.evidence.append(f"uses after {place} take it from there, as `{name}`: chosen by advice, proved")
        else:
            decision.verdict, decision.source = "extract", place
            decision.evidence.append("its source was chosen by advice, and proved")
        return ""

    # --- names --------------------------------------------------------------------------------------------------------

    def _names(self, answer: Answer) -> None:
        plan = self.imported.plan
        variables = self._accepted("variable", answer.variables, self.asked.variables, _names(plan), variable_fault)
        taken = {step.name for journey in plan.journeys for step in steps(journey)}
        named = self._accepted("step", answer.steps, self.asked.steps, taken, step_fault)
        if not variables and not named:
            return
        changed = renamed(plan, variables, named)
        if fault := self._fault(changed):
            self.proposals = [replace(p, reason=p.reason or fault) if p.kind != "source" else p for p in self.proposals]
            return
        self.imported.plan = changed
        for decision in self.imported.decisions:
            if decision.variable in variables:
                decision.variable = variables[decision.variable]
                decision.evidence.append("its name was proposed by advice")
        self.sources = [_with_steps(source, named) for source in self.sources]

    def _accepted(
        self, kind: Kind, proposed: Sequence[NameProposal], known: Mapping[str, str], taken: set[str], fault: Callable[[str], str]
    ) -> dict[str, str]:
        """Present name: new name. In the order of the question, so that of two equal proposals the earlier subject has it."""
        names: dict[str, str] = {}
        for proposal in proposed:
            if proposal.id not in known or proposal.id in names:
                self._drop(kind, proposal.id, proposal.name, "names nothing that was asked about, or the same thing twice")
            else:
                names[proposal.id] = proposal.name
        found: dict[str, str] = {}
        for key, present in known.items():
            name = names.get(key, present)
            if name == present:
                continue
            reason = fault(name) or ("already a name in this intent" if name in taken else "")
            if reason:
                self._drop(kind, present, name, reason)
                continue
            taken.add(name)
            found[present] = name
            self.proposals.append(Proposal(kind, present, name))
        return found

    def _drop(self, kind: Kind, subject: str, proposed: str, reason: str) -> None:
        self.proposals.append(Proposal(kind, subject, proposed, reason))

    # --- the gate -----------------------------------------------------------------------------------------------------

    def _fault(self, plan: Plan) -> str:
        """Why a changed Plan is not taken: its text means something else or is wrong, or a proof fails that held before."""
        try:
            again, found = parse_intent(print_intent(plan), "advice", None)
        except LoadwrightError as error:
            return f"the intent would be wrong ({error.diagnostics[0].code})"
        if errors(found) or again != plan:
            return "the intent would be wrong"
        worse = self._failures(plan) - self.failures
        return f"{min(level for _, _, level in worse)} does not hold" if worse else ""

    def _failures(self, plan: Plan) -> Failures:
        return Counter(
            (number, source.recording.name, finding.level if source is group[0] else "P3")
            for number, group in enumerate(by_journey(self.sources))
            for source in group
            for finding in _proof(plan, source, group).findings
        )

    def _prove_again(self) -> None:
        plan, records = self.imported.plan, self.imported.decisions
        self.imported.proofs = [(group[0].recording.name, _proof(plan, group[0], group)) for group in by_journey(self.sources)]
        mark_proofs(plan, records, self.imported.proofs)
        rate(plan, records)


def _proof(plan: Plan, source: Source, group: Sequence[Source]) -> Proof:
    return prove(plan, source.recording, source.selection.kept, [o.recording for o in group if o is not source])


def _names(plan: Plan) -> set[str]:
    """Every name in a Plan but those of steps and loads."""
    captures = {c.name for journey in plan.journeys for request in exchanges(journey) for c in request.captures}
    declared = ([one.name for one in of] for of in (plan.targets, plan.secrets, plan.variables, plan.data, plan.journeys))
    return captures.union(*declared)


def _with_steps(source: Source, names: Mapping[str, str]) -> Source:
    outline = tuple(replace(step, name=names.get(step.name, step.name)) for step in source.outline)
    return replace(source, outline=outline)
