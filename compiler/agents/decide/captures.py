"""Captures: what was taken from which answer, as what, and the decisions that say so."""

from __future__ import annotations

from collections.abc import Container

from msgspec.structs import replace

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.naming import capture_names
from loadwright.compiler.agents.decide.numbers.anywhere import in_any_group
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID, describe, evidence, rejection
from loadwright.compiler.agents.decide.withheld import Withheld
from loadwright.compiler.agents.decisions import Decision, Rejected
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.values import is_exact_moment, is_token, may_hold_other_characters
from loadwright.compiler.plan.model import Capture, CaptureSource
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Part, Reference, call

_LOST = 8
"""Candidates that lost, of which a decision tells."""


class Captures:
    """The occurrences that are captured so far, each with what stands for it."""

    def __init__(self, ledger: Ledger, history: History, facts: Facts, second: Second, withheld: Withheld) -> None:
        self.ledger, self.history, self.facts, self.second, self.withheld = ledger, history, facts, second, withheld
        self.made: dict[Occurrence, tuple[Part, Decision]] = {}
        self.of_value: dict[str, list[Occurrence]] = {}
        """The captured occurrences of each value."""
        self.own: set[Occurrence] = set()
        """What was taken from a row of the user's own: it tells the rows of other lists."""

    def again(self, site: Site, occurrence: Occurrence) -> Part | None:
        """What stands for an occurrence that is captured already; the site is one more use of it."""
        if occurrence not in self.made:
            return None
        part, decision = self.made[occurrence]
        decision.uses.append(self.ledger.where(site))
        return part

    def taken(self, site: Site, number: str) -> list[Occurrence]:
        """Where a longer number was taken from already."""
        taken = self.of_value.get(number, ()) if len(number) >= LONG_ID else ()
        return [o for o in taken if self.history.in_time(o, site)]

    def take(
        self, site: Site, value: str, best: Occurrence, candidates: Container[Occurrence], own: CaptureSource | None = None
    ) -> Part:
        """The part for a new capture; `own` is its source by the user's own row."""
        decision = self._recorded(site, value, best, candidates)
        taken = self._in_any_group(site, value, best) if own is None else replace(best, source=own, ordinal=1)
        decision.source = f"{self.ledger.label(best.entry)}: {describe(taken)}"
        if own is not None:
            decision.evidence.append("its row is known by what the test made before")
            self.own.add(best)
        part = self._captured(taken, decision)
        self.made[best] = (part, decision)
        self.of_value.setdefault(best.value, []).append(best)
        if is_token(value):
            self.ledger.bound[value] = self.made[best]
        return part

    def _in_any_group(self, site: Site, value: str, best: Occurrence) -> Occurrence:
        wider = in_any_group(best, self.history.answer(best.entry)) if best.kind == "json" else None
        return wider if wider and self.second.confirms(site, value, wider) is not False else best

    def _recorded(self, site: Site, value: str, best: Occurrence, candidates: Container[Occurrence]) -> Decision:
        ledger = self.ledger
        decision = ledger.record("extract", value, ledger.name(*capture_names(site, best)), site)
        decision.evidence += evidence(is_token(value) or is_exact_moment(value), self.history.changed(site))
        others = [o for o in self.facts.occurrences.get(value, ()) if o is not best]
        decision.rejected += [
            Rejected(
                candidate=f"{ledger.label(o.entry)}: {self.withheld.shown(o)}",
                reason=self._reason(site, value, o, best, o in candidates),
            )
            for o in others[:_LOST]
        ]
        return decision

    def _captured(self, best: Occurrence, decision: Decision) -> Part:
        """The part that the capture gives, decoded as far as needed."""
        name = decision.variable
        capture = Capture(name=name, source=best.source, occurrence=best.ordinal, origin=DecisionOrigin(decision=decision.id))
        self.ledger.result.captures.setdefault(best.entry, []).append(capture)
        part: Part = Reference(name=name)
        for function, *arguments in best.chain:
            part = call(function, part, *arguments)
        if best.raw and best.chain in ((("urldecode",),), (("formdecode",),)):
            self.ledger.raw[part] = best.raw
        if (best.chain or best.kind not in ("link", "redirect part")) and may_hold_other_characters(best.value):
            self.ledger.fragile.add(part)
        return part

    def _reason(self, site: Site, value: str, lost: Occurrence, best: Occurrence, agreed: bool) -> str:
        if agreed and self.second.confirms(site, value, lost) is False:
            return "gives something else in the second recording"
        return rejection(lost, best, agreed)
