"""Two sessions of a journey side by side: which entry of another recording each request is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loadwright.compiler.agents.decide.align import aligned
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.model import Journey, Plan, Request
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.kinds import is_call, is_static
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.rotation.pairing import Session, in_order


@dataclass(frozen=True, slots=True)
class Pair:
    """A request, what it was in the recording that the intent is of, and what it is in another one; None where it is not there."""

    request: Request
    ours: Entry | None
    theirs: Entry | None

    @property
    def may_be_missing(self) -> bool:
        """Whether another session may do without it: what its browser had already, and what a script only read."""
        ours = self.ours
        return ours is not None and (is_static(ours) or (is_call(ours) and only_reads(ours) and not self.request.captures))


def session_pairs(plan: Plan, journey: Journey, ours: Sequence[Entry], theirs: Sequence[Entry]) -> list[Pair]:
    """Each request of a journey with its entries in two recordings: what only one of them has takes no other's partner."""
    first = Session(plan, ours)
    requests = list(exchanges(journey))
    places = in_order(first, requests)
    partners = aligned(ours, theirs)
    by_index = {entry.index: entry for entry in theirs}
    pairs = []
    for number, request in enumerate(requests):
        own = first.entries[places[number]] if number in places else None
        pairs.append(Pair(request, own, by_index.get(partners.get(own.index, -1)) if own else None))
    return pairs
