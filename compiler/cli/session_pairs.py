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


def session_pairs(plan: Plan, journey: Journey, ours: Sequence[Entry], theirs: Sequence[Entry]) -> list[Pair]:
    """Each request of a journey with its entries in two recordings: what only one of them has takes no other's partner."""
    first, second = Session(plan, ours), Session(plan, theirs)
    requests = list(exchanges(journey))
    places = in_order(first, requests)
    partners = aligned(first.entries, second.entries)
    theirs_at = {entry.index: place for place, entry in enumerate(second.entries)}
    pairs = []
    for number, request in enumerate(requests):
        own = first.entries[places[number]] if number in places else None
        place = theirs_at.get(partners.get(own.index, -1)) if own else None
        if own and may_be_missing(request, own) and place not in second.fitting(request):
            place = None  # it asked for something else
        pairs.append(Pair(request, own, second.entries[place] if place is not None else None))
    return pairs


def may_be_missing(request: Request, entry: Entry) -> bool:
    """Whether another session may do without a request: what its browser had already, and what a script only read."""
    return is_static(entry) or (is_call(entry) and only_reads(entry) and not request.captures)
