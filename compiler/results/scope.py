"""Which samples a goal speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.plan.model import ClosedPhases, Goal, Journey, OpenPhases, Plan
from loadwright.compiler.plan.profile import length, workloads
from loadwright.compiler.plan.traverse import step_requests, steps
from loadwright.compiler.results.collect import Collector, Key, Series


class Scope:
    """What names, journeys, tags and phases of a Plan mean for the samples of a run.

    `duration` is how long the load was made to last in place of what it says, in milliseconds: phases are longer or shorter.
    """

    def __init__(self, plan: Plan, load: str | None, duration: float | None = None) -> None:
        self._journeys = {journey.name: journey for journey in plan.journeys}
        chosen = next((item for item in plan.loads if load in (None, item.name)), None)
        self._workloads = workloads(chosen) if chosen else ()
        self._duration = duration

    @property
    def planned(self) -> float | None:
        """How long the load is to last, in milliseconds; None where iterations end it."""
        lengths = [length(workload.model) if self._duration is None else self._duration for workload in self._workloads]
        known = [found for found in lengths if found is not None]
        return max(known) if known and len(known) == len(lengths) else None

    def requests(self, goal: Goal, collected: Collector) -> Series | None:
        """The requests that the goal speaks of; None when there are none of that name."""
        if goal.of is None and goal.phase is None:
            return collected.totals
        found = ((key[0], series) for key, series in collected.requests.items() if self._is_meant(goal, key))
        return self._in_phase(goal, collected, found)

    def steps(self, goal: Goal, collected: Collector) -> Series | None:
        """The step that the goal names; None when it names none."""
        if goal.subject != "name":
            return None
        found = ((journey, series) for (journey, name), series in collected.steps.items() if name == goal.of)
        return self._in_phase(goal, collected, found)

    def iterations(self, goal: Goal, collected: Collector, dropped: bool = False) -> Series:
        """The iterations, or dropped arrivals, of the journeys that the goal speaks of."""
        every = collected.dropped if dropped else collected.iterations
        found = ((name, series) for name, series in every.items() if self._has(goal, name))
        return self._in_phase(goal, collected, found) or Series()

    def seconds(self, goal: Goal, collected: Collector) -> float:
        """How long the run was, or the goal's phase in it."""
        if goal.phase is None:
            return collected.seconds
        spans = [span for journey in self._journeys for span in self._spans(goal.phase, journey)]
        return max((end - begin for begin, end in spans), default=0) / 1000

    def _in_phase(self, goal: Goal, collected: Collector, found: Iterable[tuple[str, Series]]) -> Series | None:
        merged: Series | None = None
        for journey, series in found:
            merged = merged or Series()
            if goal.phase is None:
                merged.take_in(series)
            for begin, end in sorted(set(self._spans(goal.phase, journey))) if goal.phase is not None else ():
                merged.take_in(series.part(collected.first + begin, collected.first + end))
        return merged

    def _spans(self, phase: str, journey: str) -> Iterator[tuple[float, float]]:
        """When the phase is in a journey's load, milliseconds from the start; of any journey where the runtime tells none."""
        for workload in self._workloads:
            if journey in ("", workload.journey) and isinstance(workload.model, ClosedPhases | OpenPhases):
                own = sum(item.duration for item in workload.model.phases)
                scale = 1.0 if self._duration is None else self._duration / own
                start = 0
                for item in workload.model.phases:
                    if item.name == phase:
                        yield start * scale, (start + item.duration) * scale
                    start += item.duration

    def _is_meant(self, goal: Goal, key: Key) -> bool:
        journey, step, name = key
        match goal.subject:
            case "name":
                return goal.of in (step, name)
            case "journey":
                return journey == goal.of or (not journey and self._holds(self._journeys.get(goal.of or ""), step))
            case "tag":
                return any(goal.of in tags for tags in self._tags(key))
            case _:
                return True

    def _has(self, goal: Goal, name: str) -> bool:
        """Whether a journey is what the goal speaks of."""
        if goal.subject == "journey":
            return name == goal.of
        if goal.subject == "tag":
            return name in self._journeys and goal.of in self._journeys[name].tags
        return True

    def _holds(self, journey: Journey | None, step: str) -> bool:
        return journey is not None and any(s.name == step for s in steps(journey))

    def _tags(self, key: Key) -> Iterator[tuple[str, ...]]:
        """The tags of a request, of its step and of its journey."""
        name, step, request = key
        for journey in self._journeys.values():
            if name in ("", journey.name):
                for own in (s for s in steps(journey) if s.name == step):
                    yield journey.tags
                    yield own.tags
                    yield from (r.tags for r in step_requests(own) if r.name == request)
