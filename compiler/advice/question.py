"""What an adviser is asked about an import: facts without values, bounded in number and length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadwright.compiler.advice.candidates import Candidate, all_candidates
from loadwright.compiler.advice.model import CandidateFact, Question, StepFact, UnresolvedFact, VariableFact
from loadwright.compiler.advice.withhold import Withheld, recorded_values, value_class
from loadwright.compiler.agents.decide.sources import describe
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.plan.model import Parallel, Request, Step
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.traverse import steps
from loadwright.compiler.recording.urls import path_template

MOST_STEPS, MOST_REQUESTS, MOST_VARIABLES, MOST_UNRESOLVED, MOST_USES = 60, 6, 60, 20, 3


@dataclass(frozen=True)
class Asked:
    """A question, and what its ids stand for."""

    question: Question
    steps: Mapping[str, str]
    """Id: the step's present name."""
    variables: Mapping[str, str]
    """Id: the present name."""
    candidates: Mapping[str, Mapping[str, Candidate]]
    """Id of an unresolved value: its candidates by their ids, in our own order."""


def ask(sources: Sequence[Source], imported: Imported) -> Asked:
    """The question about an import."""
    return _Asker(sources, imported).run()


class _Asker:
    def __init__(self, sources: Sequence[Source], imported: Imported) -> None:
        self.sources, self.imported = sources, imported
        self.values = recorded_values(sources, imported)
        self.plain = Withheld(sources, self.values.values())
        self.urls = {(s.recording.name, e.index): e.request.url for s in reversed(sources) for e in s.recording.entries}
        self.by_variable = {d.variable: d for d in imported.decisions if d.variable}

    def run(self) -> Asked:
        every = [step for journey in self.imported.plan.journeys for step in steps(journey)][:MOST_STEPS]
        named = [d for d in self.by_variable.values() if d.verdict in ("extract", "parameterise", "generate") and self._has(d)]
        named = named[:MOST_VARIABLES]
        offered = sorted(all_candidates(self.sources, self.imported).items())[:MOST_UNRESOLVED]
        found = {f"u{n}": {f"u{n}c{i}": c for i, c in enumerate(cs, 1)} for n, (_, cs) in enumerate(offered, 1)}
        question = Question(
            steps=tuple(self._step(f"s{n}", step) for n, step in enumerate(every, 1)),
            variables=tuple(self._variable(f"v{n}", d) for n, d in enumerate(named, 1)),
            unresolved=tuple(self._unresolved(key, name, found[key]) for key, (name, _) in zip(found, offered, strict=True)),
        )
        names = {f"s{n}": step.name for n, step in enumerate(every, 1)}
        return Asked(question, names, {f"v{n}": d.variable for n, d in enumerate(named, 1)}, found)

    def _has(self, decision: Decision) -> bool:
        """Whether the name is one that the Plan gives to a value: a decision may speak of one that needs none."""
        plan = self.imported.plan
        return decision.variable in self.values or any(v.name == decision.variable for v in plan.variables)

    def _step(self, key: str, step: Step) -> StepFact:
        sent: list[Request] = []
        for action in step.actions:
            sent += [action] if isinstance(action, Request) else action.requests if isinstance(action, Parallel) else ()
        return StepFact(id=key, name=self.plain(step.name), requests=tuple(self._request(r) for r in sent[:MOST_REQUESTS]))

    def _request(self, request: Request) -> str:
        origin = request.origin
        url = self.urls.get((origin.recording, origin.entry), "") if isinstance(origin, RecordingOrigin) else ""
        return self.plain(f"{request.method} {path_template(urlsplit(url).path or '/')}")

    def _variable(self, key: str, decision: Decision) -> VariableFact:
        source = decision.source or {"parameterise": "typed by the user", "generate": "made by the client"}.get(
            decision.verdict, ""
        )
        value = self.values.get(decision.variable)
        return VariableFact(
            id=key,
            name=self.plain(decision.variable),
            comes_from=self.plain(source),
            sent_in=self._uses(decision),
            value=value_class(value) if value else None,
        )

    def _unresolved(self, key: str, name: str, offered: Mapping[str, Candidate]) -> UnresolvedFact:
        return UnresolvedFact(
            id=key,
            name=self.plain(name),
            sent_in=self._uses(self.by_variable[name]),
            value=value_class(self.values[name]),
            candidates=tuple(CandidateFact(id=i, place=self._place(c)) for i, c in offered.items()),
        )

    def _place(self, candidate: Candidate) -> str:
        url = self.urls[candidate.recording, candidate.occurrence.entry]
        path = path_template(urlsplit(url).path or "/")
        return self.plain(
            f"response {candidate.occurrence.entry} of {path}: {candidate.occurrence.kind}: {describe(candidate.occurrence)}"
        )

    def _uses(self, decision: Decision) -> tuple[str, ...]:
        return tuple(self.plain(use) for use in decision.uses[:MOST_USES])
