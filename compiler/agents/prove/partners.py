"""Prove on another recording, whose entries are paired with the requests already: as two recordings side by side show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.prove.proof import Proof, Prover
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.model import Journey, Plan, Request
from loadwright.compiler.recording.model import Entry, Recording

_NEARBY = 60
"""Entries by which a call may come earlier or later in another session."""


def prove_partnered(
    plan: Plan,
    recording: Recording,
    kept: Sequence[int],
    others: Sequence[Recording],
    journey: Journey,
    partners: Sequence[int | None],
    may_be_missing: Sequence[bool],
) -> Proof:
    """Hold a journey against another recording; `partners` are the indexes of its entries, None for what it lacks.

    A request that it lacks is told, and takes no other's entry. So is one that `may_be_missing`, if it went to another address
    there. Of calls that are alike, each is held against what it equals.
    """
    return _Partnered(plan, recording, kept, others, journey, partners, may_be_missing).run()


class _Partnered(Prover):
    def __init__(
        self,
        plan: Plan,
        recording: Recording,
        kept: Sequence[int],
        others: Sequence[Recording],
        journey: Journey,
        partners: Sequence[int | None],
        may_be_missing: Sequence[bool],
    ) -> None:
        self._exchanges = list(exchanges(journey))
        self._unneeded = {id(request) for request, may in zip(self._exchanges, may_be_missing, strict=True) if may}
        super().__init__(plan, recording, kept, others)
        of_all = zip(self._exchanges, partners, strict=True)
        self._own = {id(request): self.places[index] for request, index in of_all if index is not None}
        self._owners = {place: owner for owner, place in self._own.items()}
        self._taken: set[int] = set()

    def _journey(self) -> list[Request]:
        return self._exchanges

    def _own_place(self, request: Request) -> int:
        return self._own.get(id(request), -1)

    def _pairs(self) -> Iterator[tuple[Request, Entry]]:
        position = 0
        for request in self.journey:
            self.proof.requests += 1
            own = self._own_place(request)
            position = own if own >= 0 else position
            found = self._found(request, own, position)
            if found is None:
                why = "only in one recording: no entry of this one is this request"
                hint = "record the journey again with the same steps, if it belongs to it"
                self._finding("P1", request.name, why, hint, request.origin)
                self.proof.captures += len(request.captures)
                self.lost.update(c.name for c in request.captures)
                continue
            self._taken.add(found)
            yield request, self.entries[found]

    def _found(self, request: Request, own: int, position: int) -> int | None:
        """Its own place, or one nearby that it equals where its own differs: its owner gets the other one then."""
        if own >= 0 and self._equals(request, own):
            return own
        nearby = range(max(0, position - _NEARBY), min(len(self.entries), position + _NEARBY))
        free = (n for n in nearby if n != own and n not in self._taken and (own >= 0 or n not in self._owners))
        equal = next((n for n in free if self._equals(request, n)), None)
        if equal is None:
            elsewhere = own < 0 or (id(request) in self._unneeded and not self._could_be(request, self.entries[own]))
            return None if elsewhere else own
        self._owners.pop(own, None)
        if (owner := self._owners.pop(equal, None)) is not None:
            self._own[owner], self._owners[own] = own, owner
        return equal

    def _equals(self, request: Request, place: int) -> bool:
        """Whether an entry is just this request, with an answer that has what it captures."""
        entry = self.entries[place]
        if not self._could_be(request, entry) or self._differences(request, entry):
            return False
        response = Response(entry.request.url, entry.response.headers, entry.response.text or "")
        return all(extract_with(capture, response, self.values) is not None for capture in request.captures)
