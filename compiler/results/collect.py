"""Collects samples into metrics as they come; memory is eight bytes per sample and the names."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field

from loadwright.compiler.results.model import FailureKind, Sample
from loadwright.compiler.results.summary import FailureGroup, Metrics, Named, Times

_MESSAGE_LIMIT = 500


def percentile(ordered: array[float], percent: float) -> float:
    """The nearest-rank percentile (0 < percent <= 100) of ordered, non-empty values."""
    rank = math.ceil(percent / 100 * len(ordered) - 1e-9)
    return ordered[min(max(rank, 1), len(ordered)) - 1]


@dataclass
class Series:
    """The samples of one request, one step, or all of them."""

    count: int = 0
    failures: int = 0
    kinds: Counter[FailureKind] = field(default_factory=Counter)
    elapsed: array[float] = field(default_factory=lambda: array("d"))

    def add(self, sample: Sample) -> None:
        """Count a sample; its time counts when it was answered, or is a step's."""
        self.count += 1
        if not sample.ok:
            self.failures += 1
            self.kinds[sample.failure or "script"] += 1
        if sample.status or sample.kind == "step":
            self.elapsed.append(sample.elapsed)

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
        self.requests: dict[tuple[str, str], Series] = {}
        """By step and name."""
        self.steps: dict[str, Series] = {}
        self.first: float = math.inf
        """Start of the first sample, milliseconds since 1970."""
        self.last: float = -math.inf
        """End of the last sample, milliseconds since 1970."""
        self._failures: dict[tuple[str, str, FailureKind], tuple[int, str]] = {}

    def add(self, sample: Sample) -> None:
        """Take one sample in."""
        self.first = min(self.first, sample.started)
        self.last = max(self.last, sample.started + sample.elapsed)
        if sample.kind == "step":
            self.steps.setdefault(sample.name, Series()).add(sample)
            return
        self.totals.add(sample)
        self.requests.setdefault((sample.step, sample.name), Series()).add(sample)
        if not sample.ok:
            key = (sample.step, sample.name, sample.failure or "script")
            count, message = self._failures.get(key, (0, sample.message[:_MESSAGE_LIMIT]))
            self._failures[key] = (count + 1, message)

    @property
    def seconds(self) -> float:
        """From the start of the first sample to the end of the last; 0 without any."""
        return max(self.last - self.first, 0) / 1000 if self.last > -math.inf else 0

    def request_metrics(self) -> tuple[Named, ...]:
        """Per request, in the order of first appearance."""
        return tuple(_named(series, self.seconds, name, step) for (step, name), series in self.requests.items())

    def step_metrics(self) -> tuple[Named, ...]:
        """Per step, in the order of first appearance."""
        return tuple(_named(series, self.seconds, name) for name, series in self.steps.items())

    def failure_groups(self) -> tuple[FailureGroup, ...]:
        """Failures by step, request and kind; most frequent first."""
        groups = [
            FailureGroup(step=step, request=name, kind=kind, count=count, message=message)
            for (step, name, kind), (count, message) in self._failures.items()
        ]
        return tuple(sorted(groups, key=lambda g: -g.count))


def _named(series: Series, seconds: float, name: str, step: str = "") -> Named:
    return Named(name=name, step=step, **series.metrics(seconds).model_dump())
