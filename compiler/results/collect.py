"""Collects samples into metrics as they come; memory is 25 bytes per sample and the names."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import get_args

from loadwright.compiler.results.model import FailureKind, Sample
from loadwright.compiler.results.summary import FailureGroup, JourneyMetrics, Metrics, Named, Times

_MESSAGE_LIMIT = 500
KINDS: tuple[FailureKind, ...] = get_args(FailureKind)

Key = tuple[str, str, str]
"""Journey, step and name of a request; empty where the runtime does not tell."""


def percentile(ordered: array[float], percent: float) -> float:
    """The nearest-rank percentile (0 < percent <= 100) of ordered, non-empty values."""
    rank = math.ceil(percent / 100 * len(ordered) - 1e-9)
    return ordered[min(max(rank, 1), len(ordered)) - 1]


@dataclass
class Series:
    """The samples of one request, step or journey, or of all requests."""

    count: int = 0
    failures: int = 0
    kinds: Counter[FailureKind] = field(default_factory=Counter)
    elapsed: array[float] = field(default_factory=lambda: array("d"))
    """Of those whose time counts: answered requests, steps and iterations."""
    started: array[float] = field(default_factory=lambda: array("d"))
    """Of every sample, milliseconds since 1970."""
    times: array[float] = field(default_factory=lambda: array("d"))
    """Of every sample; below zero where it does not count."""
    reasons: array[int] = field(default_factory=lambda: array("b"))
    """Of every sample: the place of its failure in `KINDS`, or -1."""

    def add(self, sample: Sample) -> None:
        """Count a sample; its time counts when it was answered, or when it is no request."""
        timed = bool(sample.status) or sample.kind != "request"
        reason = -1 if sample.ok else KINDS.index(sample.failure or "script")
        self._add(sample.started, sample.elapsed if timed else -1, reason)

    def _add(self, started: float, elapsed: float, reason: int) -> None:
        self.count += 1
        if reason >= 0:
            self.failures += 1
            self.kinds[KINDS[reason]] += 1
        if elapsed >= 0:
            self.elapsed.append(elapsed)
        self.started.append(started)
        self.times.append(elapsed)
        self.reasons.append(reason)

    def part(self, begin: float, end: float) -> Series:
        """The samples that started in a span of milliseconds since 1970, its end left out."""
        made = Series()
        for started, elapsed, reason in zip(self.started, self.times, self.reasons, strict=True):
            if begin <= started < end:
                made._add(started, elapsed, reason)
        return made

    def take_in(self, other: Series) -> None:
        """Count the samples of another series too."""
        self.count += other.count
        self.failures += other.failures
        self.kinds.update(other.kinds)
        self.elapsed.extend(other.elapsed)
        self.started.extend(other.started)
        self.times.extend(other.times)
        self.reasons.extend(other.reasons)

    def ordered(self) -> array[float]:
        """The times in ascending order, milliseconds."""
        return array("d", sorted(self.elapsed))

    def metrics(self, seconds: float) -> Metrics:
        """The metrics over a run of that many seconds."""
        return Metrics(
            count=self.count,
            failures=self.failures,
            kinds=dict(sorted(self.kinds.items())),
            throughput=round(self.count / seconds, 3) if seconds else 0,
            times=self._times(),
        )

    def _times(self) -> Times | None:
        values = self.ordered()
        if not values:
            return None
        p50, p90, p95, p99 = (round(percentile(values, p), 3) for p in (50, 90, 95, 99))
        return Times(
            minimum=round(values[0], 3),
            mean=round(math.fsum(values) / len(values), 3),
            p50=p50,
            p90=p90,
            p95=p95,
            p99=p99,
            maximum=round(values[-1], 3),
        )


class Collector:
    """All series of a run."""

    def __init__(self) -> None:
        self.totals = Series()
        self.requests: dict[Key, Series] = {}
        self.steps: dict[tuple[str, str], Series] = {}
        """By journey and name."""
        self.iterations: dict[str, Series] = {}
        """By journey."""
        self.dropped: dict[str, Series] = {}
        """Arrivals that were dropped, by journey."""
        self.flow = 0
        """Failures that belong to no request."""
        self.first: float = math.inf
        """Start of the first sample, milliseconds since 1970."""
        self.last: float = -math.inf
        """End of the last sample, milliseconds since 1970."""
        self._failures: dict[tuple[str, str, FailureKind], tuple[int, str]] = {}

    def add(self, sample: Sample) -> None:
        """Take one sample in."""
        self.first = min(self.first, sample.started)
        self.last = max(self.last, sample.started + sample.elapsed)
        match sample.kind:
            case "step":
                self.steps.setdefault((sample.journey, sample.name), Series()).add(sample)
            case "iteration":
                self.iterations.setdefault(sample.name, Series()).add(sample)
            case "dropped":
                self.dropped.setdefault(sample.name, Series()).add(sample)
            case "flow":
                self.flow += 1
                self._note_failure(sample)
            case "request":
                self.totals.add(sample)
                self.requests.setdefault((sample.journey, sample.step, sample.name), Series()).add(sample)
                self._note_failure(sample)

    def _note_failure(self, sample: Sample) -> None:
        if not sample.ok:
            key = (sample.step, sample.name, sample.failure or "script")
            count, message = self._failures.get(key, (0, sample.message[:_MESSAGE_LIMIT]))
            self._failures[key] = (count + 1, message)

    @property
    def seconds(self) -> float:
        """From the start of the first sample to the end of the last; 0 without any."""
        return max(self.last - self.first, 0) / 1000 if self.last > -math.inf else 0

    def request_metrics(self) -> tuple[Named, ...]:
        """Per step and request, in the order of first appearance."""
        merged: dict[tuple[str, str], Series] = {}
        for (_, step, name), series in self.requests.items():
            merged.setdefault((step, name), Series()).take_in(series)
        return tuple(_named(series, self.seconds, name, step) for (step, name), series in merged.items())

    def step_metrics(self) -> tuple[Named, ...]:
        """Per step, in the order of first appearance."""
        merged: dict[str, Series] = {}
        for (_, name), series in self.steps.items():
            merged.setdefault(name, Series()).take_in(series)
        return tuple(_named(series, self.seconds, name) for name, series in merged.items())

    def journey_metrics(self) -> tuple[JourneyMetrics, ...]:
        """Iterations per journey, in the order of first appearance."""
        names = dict.fromkeys((*self.iterations, *self.dropped))
        return tuple(self._journey(name) for name in names)

    def _journey(self, name: str) -> JourneyMetrics:
        series, dropped = self.iterations.get(name, Series()), self.dropped.get(name, Series())
        return JourneyMetrics(name=name, dropped=dropped.count, **series.metrics(self.seconds).model_dump())

    def failure_groups(self) -> tuple[FailureGroup, ...]:
        """Failures by step, request and kind; most frequent first."""
        groups = [
            FailureGroup(step=step, request=name, kind=kind, count=count, message=message)
            for (step, name, kind), (count, message) in self._failures.items()
        ]
        return tuple(sorted(groups, key=lambda g: -g.count))


def _named(series: Series, seconds: float, name: str, step: str = "") -> Named:
    return Named(name=name, step=step, **series.metrics(seconds).model_dump())
