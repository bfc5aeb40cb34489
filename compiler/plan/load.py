"""The Plan's models of load and goals. Times are whole milliseconds, rates are iterations per second."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.node import Placed


class ClosedModel(Placed):
    """A number of users, each starting its next iteration when the last one ends; by iterations per user, or for a time."""

    kind: Literal["closed"] = "closed"
    users: int = Field(ge=1)
    iterations: int | None = Field(default=None, ge=1)
    """Per user."""
    duration: int | None = Field(default=None, ge=1)
    """Milliseconds from the start, the ramp included; users in an iteration may end it."""
    ramp: int = Field(default=0, ge=0)
    """Milliseconds over which the users start, evenly."""
    pacing: int | None = Field(default=None, ge=1)
    """Milliseconds from the start of an iteration to the earliest start of the user's next one."""


class OpenModel(Placed):
    """Iterations that start at a rate, whether or not earlier ones have ended."""

    kind: Literal["open"] = "open"
    rate: Decimal
    """Iterations per second."""
    duration: int = Field(ge=1)
    """Milliseconds, the ramp included."""
    ramp: int = Field(default=0, ge=0)
    """Milliseconds over which the rate rises from zero."""
    max_in_flight: int = Field(default=1000, ge=1)
    """Arrivals beyond this many running iterations are dropped and counted."""


class UserPhase(Placed):
    """A part of a closed load: the number of users goes to `users` evenly, or with `jump` at once; None: it stays."""

    name: str
    duration: int = Field(ge=1)
    users: int | None = Field(default=None, ge=0)
    jump: bool = False


class RatePhase(Placed):
    """A part of an open load: the rate goes to `rate` evenly, or with `jump` at once; None: it stays."""

    name: str
    duration: int = Field(ge=1)
    rate: Decimal | None = None
    jump: bool = False


class ClosedPhases(Placed):
    """Users whose number follows named phases, starting from none; a user that is too many ends after its iteration."""

    kind: Literal["closed phases"] = "closed phases"
    phases: tuple[UserPhase, ...] = Field(min_length=1)
    pacing: int | None = Field(default=None, ge=1)


class OpenPhases(Placed):
    """Iterations whose rate follows named phases, starting from zero."""

    kind: Literal["open phases"] = "open phases"
    phases: tuple[RatePhase, ...] = Field(min_length=1)
    max_in_flight: int = Field(default=1000, ge=1)


LoadModel = Annotated[ClosedModel | OpenModel | ClosedPhases | OpenPhases, Field(discriminator="kind")]


class Workload(Placed):
    """A journey and how it is loaded."""

    kind: Literal["workload"] = "workload"
    journey: str
    model: LoadModel


class Share(Placed):
    """A journey's share of a mix, in percent."""

    journey: str
    percent: Decimal


class Mix(Placed):
    """Several journeys that share one load by their weights; `profile.workloads` splits it."""

    kind: Literal["mix"] = "mix"
    model: LoadModel
    shares: tuple[Share, ...] = Field(min_length=1)


class Load(Placed):
    """A named load; the first one is the default."""

    name: str
    workloads: tuple[Annotated[Workload | Mix, Field(discriminator="kind")], ...] = Field(min_length=1)
    graceful_stop: int = Field(default=30_000, ge=0)
    """Milliseconds that iterations have to end when their time is up; then they are interrupted."""


class Goal(Placed):
    """What a run must reach to pass; it speaks of the samples that `of` and `phase` choose.

    `percentile`, `mean`, `min` and `max` are milliseconds; `failures` and `soft_failure_rate` are shares (0.01 for 1 %) of
    requests; `throughput` is requests per second; the others are counts.
    """

    metric: Literal[
        "percentile",
        "mean",
        "min",
        "max",
        "failures",
        "failed_requests",
        "soft_failures",
        "soft_failure_rate",
        "extraction_misses",
        "requests",
        "iterations",
        "dropped_arrivals",
        "throughput",
    ]
    percentile: Decimal | None = None
    subject: Literal["name", "journey", "tag"] | None = None
    """What `of` names: a step or request, a journey, or a tag; None for all requests."""
    of: str | None = None
    phase: str | None = None
    """The named phase in which the samples started; None for the whole run."""
    relation: Literal["<", "<=", "=", ">=", ">"]
    value: Decimal
    abort: bool = False
    """Whether the run ends as soon as the goal is missed."""
    abort_after: int = Field(default=0, ge=0)
    """Milliseconds from the start before which it does not end."""
