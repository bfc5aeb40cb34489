"""The summary of a run: one schema for every runtime, written as `summary.json`."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from loadwright.compiler.results.model import FailureKind

SUMMARY_VERSION = 2

Verdict = Literal["passed", "failed", "invalid", "interrupted"]
"""`invalid`: the run says nothing about the system under test; `interrupted`: the user stopped it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Times(_Record):
    """The distribution of response times in milliseconds; percentiles are nearest-rank over all samples, not estimated."""

    minimum: float
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    maximum: float


class Metrics(_Record):
    """What a set of samples measured."""

    count: int = 0
    failures: int = 0
    kinds: dict[FailureKind, int] = Field(default_factory=dict)
    """Failures by kind."""
    throughput: float = 0
    """Samples per second, from the start of the run's first sample to the end of its last."""
    times: Times | None = None
    """Of answered requests (a status came back), failed ones included; None without any."""


class Named(Metrics):
    """The metrics of one request or step."""

    name: str
    step: str = ""
    """The step of a request, where the runtime tells."""


class JourneyMetrics(Metrics):
    """The metrics of a journey's iterations."""

    name: str
    dropped: int = 0
    """Arrivals that did not become iterations, since too many were running."""


class FailureGroup(_Record):
    """Failures of one request in one step for one kind of reason."""

    step: str
    request: str
    kind: FailureKind
    count: int
    message: str
    """Of the first of them."""


class GoalResult(_Record):
    """A goal and what was measured for it."""

    goal: str
    """As the language writes it."""
    measured: Decimal | None
    """In the goal's unit; None when there was nothing to measure."""
    passed: bool
    text: str
    """What was measured, for reading."""


class RuntimeUsed(_Record):
    """Which runtime ran the test."""

    name: str
    version: str
    exit_code: int | None = None
    """Of its process; None when it had to be ended."""


class Summary(_Record):
    """A run and its verdict."""

    version: Literal[2] = 2
    intent: str
    """The Plan's name."""
    load: str
    """The name of the load, or `default` for one user and one iteration of every journey."""
    runtime: RuntimeUsed
    started: int
    """Milliseconds since 1970, of the first sample; of the start of the runtime without one."""
    duration: float
    """Seconds from the start of the first sample to the end of the last."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """Why the run failed or was not valid."""
    totals: Metrics = Metrics()
    """Of all requests; steps are not counted here."""
    requests: tuple[Named, ...] = ()
    steps: tuple[Named, ...] = ()
    journeys: tuple[JourneyMetrics, ...] = ()
    failures: tuple[FailureGroup, ...] = ()
    """Most frequent first."""
    goals: tuple[GoalResult, ...] = ()
