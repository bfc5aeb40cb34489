"""Loads and goals."""

from __future__ import annotations

from decimal import Decimal

from loadwright.compiler.nodes.node import Count, Duration, Node, Quantity, Statement, Text


class ClosedModel(Node, frozen=True):
    """`5 users for 10m, 20 iterations, ramp 1m, pacing 10s`."""

    users: Count
    iterations: Count | None
    duration: Duration | None
    ramp: Duration | None
    pacing: Duration | None


class OpenModel(Node, frozen=True):
    """`20/s for 15m, ramp 3m, at most 500 in flight`."""

    rate: Quantity
    duration: Duration
    ramp: Duration | None
    max_in_flight: Count | None


class UserPhase(Statement, frozen=True):
    """`"…" 2m to 50 users`."""

    name: Text
    duration: Duration
    users: Count | None
    jump: bool


class RatePhase(Statement, frozen=True):
    """`"…" 2m at 50/s`."""

    name: Text
    duration: Duration
    rate: Quantity | None
    jump: bool


class ClosedPhases(Node, frozen=True):
    """`phases { … }` of users, `pacing 10s` after it."""

    phases: tuple[UserPhase, ...]
    pacing: Duration | None


class OpenPhases(Node, frozen=True):
    """`phases { … }` of rates, `at most 500 in flight` after it."""

    phases: tuple[RatePhase, ...]
    max_in_flight: Count | None


LoadModel = ClosedModel | OpenModel | ClosedPhases | OpenPhases


class Workload(Statement, frozen=True):
    """`JOURNEY: …`."""

    journey: Text
    model: LoadModel


class Share(Statement, frozen=True):
    """`JOURNEY: 80%` in a mix."""

    journey: Text
    percent: Quantity


class Mix(Statement, frozen=True):
    """`mix 100 users for 10m { … }`."""

    model: LoadModel
    shares: tuple[Share, ...]


class GracefulStop(Statement, frozen=True):
    """`graceful stop 30s`."""

    limit: Duration


class Load(Statement, frozen=True):
    """`load NAME { … }`."""

    name: Text
    items: tuple[Workload | Mix | GracefulStop, ...]


class Goal(Statement, frozen=True):
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


class Goals(Statement, frozen=True):
    """`goals { … }`."""

    goals: tuple[Goal, ...]
