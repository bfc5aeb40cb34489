"""Loads and goals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loadwright.compiler.nodes.node import Count, Duration, Node, Quantity, Statement, Text


@dataclass(frozen=True, slots=True)
class ClosedModel(Node):
    """`5 users for 10m, 20 iterations, ramp 1m, pacing 10s`."""

    users: Count
    iterations: Count | None
    duration: Duration | None
    ramp: Duration | None
    pacing: Duration | None


@dataclass(frozen=True, slots=True)
class OpenModel(Node):
    """`20/s for 15m, ramp 3m, at most 500 in flight`."""

    rate: Quantity
    duration: Duration
    ramp: Duration | None
    max_in_flight: Count | None


@dataclass(frozen=True, slots=True)
class UserPhase(Statement):
    """`"…" 2m to 50 users`."""

    name: Text
    duration: Duration
    users: Count | None
    jump: bool


@dataclass(frozen=True, slots=True)
class RatePhase(Statement):
    """`"…" 2m at 50/s`."""

    name: Text
    duration: Duration
    rate: Quantity | None
    jump: bool


@dataclass(frozen=True, slots=True)
class ClosedPhases(Node):
    """`phases { … }` of users, `pacing 10s` after it."""

    phases: tuple[UserPhase, ...]
    pacing: Duration | None


@dataclass(frozen=True, slots=True)
class OpenPhases(Node):
    """`phases { … }` of rates, `at most 500 in flight` after it."""

    phases: tuple[RatePhase, ...]
    max_in_flight: Count | None


LoadModel = ClosedModel | OpenModel | ClosedPhases | OpenPhases


@dataclass(frozen=True, slots=True)
class Workload(Statement):
    """`JOURNEY: …`."""

    journey: Text
    model: LoadModel


@dataclass(frozen=True, slots=True)
class Share(Statement):
    """`JOURNEY: 80%` in a mix."""

    journey: Text
    percent: Quantity


@dataclass(frozen=True, slots=True)
class Mix(Statement):
    """`mix 100 users for 10m { … }`."""

    model: LoadModel
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class GracefulStop(Statement):
    """`graceful stop 30s`."""

    limit: Duration


@dataclass(frozen=True, slots=True)
class Load(Statement):
    """`load NAME { … }`."""

    name: Text
    items: tuple[Workload | Mix | GracefulStop, ...]


@dataclass(frozen=True, slots=True)
class Goal(Statement):
    """`p95 of "…" in phase "…" < 800ms, abort after 30s`; `value` as the Plan has it."""

    metric: str
    percentile: Decimal | None
    subject: str | None
    of: Text | None
    phase: Text | None
    relation: str
    value: Decimal
    abort: bool
    abort_after: Duration | None


@dataclass(frozen=True, slots=True)
class Goals(Statement):
    """`goals { … }`."""

    goals: tuple[Goal, ...]
