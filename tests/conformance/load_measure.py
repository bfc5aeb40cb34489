"""Measures on a real runtime how many users were there, and how many iterations arrived, over time; and how far that is from the
reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path

from conformance.load_models import PROFILES, Profile, Span, dropped, plan, seconds, starts, users
from conformance.load_server import SlowServer, Visit

from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.cli.settings import Overrides
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.store import SAMPLES_NAME
from loadwright.compiler.results.summary import Summary

STEP = 0.05
"""Seconds between two points of a curve."""
_WINDOW = 1.0
"""Seconds over which arrivals are counted as a rate."""
_OFFSETS = [hundredths / 100 for hundredths in range(-40, 42, 2)]
"""A runtime takes a moment to begin, and no one outside can tell when it did: the load may have begun so many seconds before the
first iteration of the run, or after it."""
_LIMIT_SECONDS = 90
_AS_WRITTEN = Overrides()


@dataclass(frozen=True)
class Measured:
    """What one journey did, and what it should have done."""

    curve: tuple[float, ...]
    """Users who were there, or iterations a second that started, every `STEP` from the start of the run."""
    reference: tuple[float, ...]
    started: int
    """Requests that came in: one for each iteration."""
    answered: int
    """Requests whose client had the answer."""
    reported: frozenset[int]
    """How many iterations, and how many requests, the runtime reports: one number where they are the same."""
    interrupted: tuple[float, ...]
    """Seconds from the first request to the end of each whose client left without an answer."""
    dropped: int
    lasted: float
    """Seconds that an iteration took, as the runtime reports them; not less than the server takes."""
    offset: float
    """Seconds from the first iteration of the run to the start of this journey's load, as the curves fit best."""

    @property
    def deviation(self) -> float:
        """How far the curve is from the reference."""
        return deviation(self.curve, self.reference)


@dataclass(frozen=True)
class Run:
    """A run of all profiles on one runtime."""

    summary: Summary
    samples: tuple[Sample, ...]
    visits: tuple[Visit, ...]

    def of(self, name: str, kind: str) -> list[Sample]:
        """The samples of a journey."""
        return [sample for sample in self.samples if sample.kind == kind and sample.journey == name]

    def iterations(self, name: str) -> list[Span]:
        """A journey's iterations, in seconds from the first one of the run; those that were interrupted as the server saw them."""
        ended = [(s.started / 1000, (s.started + s.elapsed) / 1000) for s in self.of(name, "iteration") if s.ok]
        cut = [(visit.start, visit.end) for visit in self.visits if visit.name == name and not visit.answered]
        return [(start - self._zero, end - self._zero) for start, end in ended + cut]

    @cached_property
    def _zero(self) -> float:
        return min(sample.started for sample in self.samples if sample.kind == "iteration") / 1000


def run(runtime: str, folder: Path, profiles: Sequence[Profile] = PROFILES, overrides: Overrides = _AS_WRITTEN) -> Run:
    """Run all profiles at once on a runtime."""
    options = RunOptions(limit=_LIMIT_SECONDS, overrides=overrides)
    with SlowServer({name: profile.takes for profile in profiles for name in profile.parts}) as server:
        summary = execute(plan(profiles, server.url), folder, runtime, folder / "results", options)
        visits = server.take()
    lines = (folder / "results" / SAMPLES_NAME).read_text(encoding="utf-8").splitlines()
    return Run(summary, tuple(Sample.model_validate_json(line) for line in lines), tuple(visits))


def measure(profile: Profile, found: Run) -> dict[str, Measured]:
    """What each journey of a profile did."""
    return {name: _measure(profile, name, found) for name in profile.parts}


def _measure(profile: Profile, name: str, found: Run) -> Measured:
    model, length, done = profile.parts[name], seconds(profile), found.iterations(name)
    if profile.counts_arrivals:
        wanted, done = windows(starts(profile, model)), windows(start for start, _ in done)
    else:
        wanted, done = list(users(profile, model)), bridged(done)
    reference = levels(wanted, length)
    curves = {offset: levels([(start - offset, end - offset) for start, end in done], length) for offset in _OFFSETS}
    offset = min(_OFFSETS, key=lambda offset: (deviation(curves[offset], reference), abs(offset)))
    visits, iterations = [visit for visit in found.visits if visit.name == name], found.of(name, "iteration")
    return Measured(
        curve=curves[offset],
        reference=reference,
        started=len(visits),
        answered=sum(visit.answered for visit in visits),
        reported=frozenset((len(iterations), len(found.of(name, "request")))),
        interrupted=tuple(visit.end - min(v.start for v in visits) for visit in visits if not visit.answered),
        dropped=len(found.of(name, "dropped")),
        lasted=max(sum(sample.elapsed for sample in iterations) / 1000 / max(len(iterations), 1), profile.takes),
        offset=offset,
    )


def deviation(curve: Sequence[float], reference: Sequence[float]) -> float:
    """The area between two curves over the area of the second."""
    return sum(abs(found - wanted) for found, wanted in zip(curve, reference, strict=True)) / sum(reference)


def expected(profile: Profile, name: str, lasts: float | None = None) -> int:
    """How many iterations start, each of which lasts so many seconds, or as long as the server takes."""
    model, lasts = profile.parts[name], lasts or profile.takes
    if profile.counts_arrivals:
        return len(starts(profile, model))
    return sum(ceil((end - start) / lasts - 0.5 - 1e-6) or 1 for start, end in users(profile, model))


def expected_drops(profile: Profile, name: str) -> int:
    """How many arrivals are dropped."""
    return dropped(profile, profile.parts[name])


def windows(moments: Iterable[float]) -> list[Span]:
    """Each moment as a span of the rate's window: so many overlap as iterations start in a window around the moment."""
    return [(moment - _WINDOW / 2, moment + _WINDOW / 2) for moment in moments]


def bridged(spans: Iterable[Span], gap: float = STEP) -> list[Span]:
    """Spans of users: where one ends and another begins shortly after, a user was between two iterations.

    Of several that have just ended, it is the last one that goes on: who leaves is not taken for another who stays. Times are
    rounded to milliseconds, so an end that seems to be a little later than the beginning is not.
    """
    ordered = sorted((start, max(end - 0.002, start)) for start, end in spans)
    found, ended = list(ordered), list[float]()
    for moment, begins in sorted([(start, True) for start, _ in ordered] + [(end, False) for _, end in ordered]):
        if not begins:
            ended.append(moment)
        elif ended and ended[-1] >= moment - gap:
            found.append((ended.pop(), moment))
    return found


def levels(spans: Sequence[Span], length: float) -> tuple[float, ...]:
    """How many spans cover each step of time, counted with the part of the step that they cover."""
    found = [0.0] * round(length / STEP)
    for start, end in spans:
        for index in range(max(int(start / STEP), 0), min(int(end / STEP) + 1, len(found))):
            found[index] += max(min(end, (index + 1) * STEP) - max(start, index * STEP), 0) / STEP
    return tuple(round(level, 3) for level in found)


def all_measured(found: Run, profiles: Sequence[Profile] = PROFILES) -> dict[str, dict[str, Measured]]:
    """By profile and journey."""
    return {profile.name: measure(profile, found) for profile in profiles}
