"""Goals, and the exit code by them."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import math
import operator
import re
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gevent
from locust.env import Environment
from locust.runners import WorkerRunner

from loadwright.backends.locust.runtime.clock import CLOCK
from loadwright.backends.locust.runtime.reports import FLOW_FAILURES, SAMPLES
from loadwright.backends.locust.runtime.settings import logger


def check_run(environment: Environment) -> None:
    """Set the exit code where Locust's own does not do: 3 when no request was made."""
    if isinstance(environment.runner, WorkerRunner):
        return
    if all(method == "STEP" for _, method in environment.stats.entries):
        logger.error("no request was made")
        environment.process_exit_code = 3
    elif FLOW_FAILURES:
        environment.process_exit_code = 1


@dataclass(frozen=True)
class Sample:
    """A request, a step, an iteration, or an arrival that was dropped."""

    kind: str
    name: str
    step: str
    journey: str
    started: float  # seconds since the load began
    elapsed: float  # milliseconds; below zero where there was no answer
    reason: str  # the kind of failure; empty for none


@dataclass
class Measured:
    """What was measured of some samples."""

    count: int = 0
    failures: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    times: array[float] = field(default_factory=lambda: array("d"))
    seconds: float = 0.0

    def add(self, sample: Sample) -> None:
        """Count a sample."""
        self.count += 1
        if sample.reason:
            self.failures += 1
            self.reasons[sample.reason] += 1
        if sample.elapsed >= 0:
            self.times.append(sample.elapsed)

    def take_in(self, other: Measured) -> None:
        """Count what another process measured."""
        self.count += other.count
        self.failures += other.failures
        self.reasons.update(other.reasons)
        self.times.extend(other.times)


Metric = Callable[[Measured], float]


def percentile(percent: float) -> Metric:
    """The nearest-rank percentile in milliseconds."""

    def metric(measured: Measured) -> float:
        times = sorted(measured.times)
        rank = math.ceil(percent / 100 * len(times) - 1e-9)
        return times[min(max(rank, 1), len(times)) - 1] if times else math.nan

    return metric


def mean(measured: Measured) -> float:
    """The mean in milliseconds."""
    times = measured.times
    return math.fsum(times) / len(times) if times else math.nan


def minimum(measured: Measured) -> float:
    """The shortest time in milliseconds."""
    return min(measured.times, default=math.nan)


def maximum(measured: Measured) -> float:
    """The longest time in milliseconds."""
    return max(measured.times, default=math.nan)


def failed(measured: Measured) -> float:
    """How many failed."""
    return measured.failures if measured.count else math.nan


def failed_share(measured: Measured) -> float:
    """The share that failed."""
    return measured.failures / measured.count if measured.count else math.nan


def failed_for(reason: str) -> Metric:
    """How many failed for one kind of reason."""
    return lambda measured: measured.reasons[reason] if measured.count else math.nan


def share_failed_for(reason: str) -> Metric:
    """The share that failed for one kind of reason."""
    return lambda m: m.reasons[reason] / m.count if m.count else math.nan


def how_many(measured: Measured) -> float:
    """How many there were."""
    return measured.count


def per_second(measured: Measured) -> float:
    """How many there were in a second."""
    known = measured.count and measured.seconds
    return measured.count / measured.seconds if known else math.nan


RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(eq=False)
class Goal:
    """What a run must reach."""

    text: str
    metric: Metric
    relation: str
    limit: float
    kind: str = "request"
    of: Callable[[Sample], bool] = lambda _: True
    during: dict[str, tuple[float, float]] | None = None  # seconds, by journey
    abort_after: float = math.inf  # seconds before a missed goal ends the run
    measured: Measured = field(default_factory=Measured)

    def take(self, sample: Sample) -> None:
        """Count a sample, if the goal speaks of it."""
        if sample.kind == self.kind and self.of(sample) and self.in_time(sample):
            self.measured.add(sample)

    def in_time(self, sample: Sample) -> bool:
        """Whether a sample started in the phase that the goal speaks of."""
        if self.during is None:
            return True
        first, last = self.during.get(sample.journey, (0.0, 0.0))
        return first <= sample.started < last

    def value(self, seconds: float) -> float:
        """What was measured so far, after so many seconds; NaN for nothing."""
        if self.during is not None:
            seconds = max(last - first for first, last in self.during.values())
        self.measured.seconds = seconds
        return round(self.metric(self.measured), 6)

    def is_met(self, seconds: float) -> bool:
        """Whether the goal is reached; it is not when nothing was measured."""
        return RELATIONS[self.relation](self.value(seconds), self.limit)


class Judge:
    """Listens to a run, and decides its exit code.

    3: no request was made; 1: a goal is missed, or, if no goal says how many may, a
    request or an iteration failed; else 0.
    """

    def __init__(self, environment: Environment, goals: Sequence[Goal]) -> None:
        self.environment = environment
        self.goals = [*goals]
        self.all_goals = [Goal("requests", how_many, ">", 0), *goals]
        self.flow_failures = 0
        self.first, self.last = math.inf, 0.0  # seconds since the load began
        self.missed: set[str] = set()  # goals that ended the run
        SAMPLES.add_listener(self.take)
        environment.events.request.add_listener(self.take_request)
        environment.events.report_to_master.add_listener(self.report)
        environment.events.worker_report.add_listener(self.take_report)
        environment.events.quitting.add_listener(self.decide)
        if any(goal.abort_after < math.inf for goal in goals):
            gevent.spawn(self.keep_watching)

    def take_request(
        self, request_type: str, response: Any = None, **told: Any
    ) -> None:
        """Take note of a request or step."""
        is_step = request_type == "STEP"
        answered = is_step or getattr(response, "status_code", 0) > 0
        self.take("step" if is_step else "request", answered=answered, **told)

    def take(
        self,
        kind: str,
        name: str,
        start_time: float,
        response_time: float,
        exception: BaseException | None,
        context: dict[str, str],
        answered: bool = True,
        **_: Any,
    ) -> None:
        """Take note of anything that is reported."""
        started = CLOCK.of(start_time)
        self.first = min(self.first, started)
        self.last = max(self.last, started + response_time / 1000)
        reason = re.match("[a-z ]+(?=:)", str(exception)) if exception else None
        sample = Sample(
            kind,
            name,
            context["step"],
            context["journey"],
            started,
            response_time if answered else -1.0,
            (reason[0] if reason else "script") if exception else "",
        )
        self.flow_failures += kind == "flow"
        for goal in self.all_goals:
            goal.take(sample)

    def report(self, data: dict[str, Any], **_: Any) -> None:
        """Tell the master what this process measured since it last did."""
        measured = [goal.measured for goal in self.all_goals]
        data["measured"] = [
            (m.count, m.failures, dict(m.reasons), list(m.times)) for m in measured
        ]
        data["flow"] = self.flow_failures, self.first, self.last
        self.flow_failures = 0
        for goal in self.all_goals:
            goal.measured = Measured()

    def take_report(self, data: dict[str, Any], **_: Any) -> None:
        """Take note of what another process measured."""
        for goal, told in zip(self.all_goals, data.get("measured", ()), strict=False):
            count, failures, reasons, times = told
            other = Measured(count, failures, Counter(reasons), array("d", times))
            goal.measured.take_in(other)
        flow, first, last = data.get("flow", (0, math.inf, 0.0))
        self.flow_failures += flow
        self.first, self.last = min(self.first, first), max(self.last, last)

    def keep_watching(self) -> None:
        """End the run when a goal is missed that must not be."""
        while not self.missed:
            gevent.sleep(1)
            self.missed = {goal.text for goal in self.goals if self.ends_run(goal)}
        runner = self.environment.runner
        if runner and not isinstance(runner, WorkerRunner):
            logger.error("the run is ended by its goal %s", min(self.missed))
            runner.quit()

    def ends_run(self, goal: Goal) -> bool:
        """Whether a goal is missed now and ends the run."""
        seconds = self.last - self.first
        if seconds < goal.abort_after or math.isnan(goal.value(seconds)):
            return False
        return not goal.is_met(seconds)

    def decide(self, environment: Environment, **_: Any) -> None:
        """Set the exit code."""
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            return
        requests, seconds = self.all_goals[0].measured, self.last - self.first
        if not requests.count:
            logger.error("no request was made")
            environment.process_exit_code = 3
            return
        missed = self.missed | {g.text for g in self.goals if not g.is_met(seconds)}
        for text in sorted(missed):
            logger.error("goal missed: %s", text)
        allowed = any(is_about_failures(goal) for goal in self.goals)
        bad = not allowed and (requests.failures or self.flow_failures)
        errors = runner and runner.exceptions
        environment.process_exit_code = 1 if missed or bad or errors else 0


def is_about_failures(goal: Goal) -> bool:
    """Whether a goal says how many of all requests may fail."""
    return goal.text.startswith("failures ") and " of " not in goal.text
