"""The reference meaning of load: how many users, how many arrivals, and when.

A model is a line made of straight pieces: users or arrivals per second over time. User `k` (from 0) is there while the line
is above `k`; arrival `k` happens when the area under the line reaches `k`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    RatePhase,
    UserPhase,
    Workload,
)


class Piece(Struct, frozen=True):
    """A straight piece of the line: milliseconds from the start, and the level (users, or arrivals per second) at both ends."""

    start: int
    end: int
    first: Decimal
    last: Decimal
    phase: str = ""


def is_open(model: LoadModel) -> bool:
    """Whether iterations arrive at a rate."""
    return isinstance(model, OpenModel | OpenPhases)


def length(model: LoadModel) -> int | None:
    """Milliseconds until no iteration starts any more; None for a closed model bound by iterations alone."""
    if isinstance(model, ClosedPhases | OpenPhases):
        return sum(phase.duration for phase in model.phases)
    return model.duration


def pieces(model: LoadModel) -> tuple[Piece, ...]:
    """The line of a model; without a duration it ends with the ramp (or has no length), and stays at its users from there.

    A ramp that is longer than the duration is cut off by it: its end is never reached.
    """
    if isinstance(model, ClosedPhases | OpenPhases):
        return tuple(_phased(model.phases))
    level = Decimal(model.users) if isinstance(model, ClosedModel) else model.rate
    end = model.ramp if model.duration is None else model.duration
    if model.ramp > end:
        return (Piece(0, end, Decimal(0), level * end / model.ramp),)
    ramp = (Piece(0, model.ramp, Decimal(0), level),) if model.ramp else ()
    return (*ramp, Piece(model.ramp, end, level, level)) if end > model.ramp or not ramp else ramp


def _phased(phases: Sequence[UserPhase | RatePhase]) -> Iterator[Piece]:
    start, level = 0, Decimal(0)
    for phase in phases:
        wanted = phase.users if isinstance(phase, UserPhase) else phase.rate
        target = level if wanted is None else Decimal(wanted)
        yield Piece(start, start + phase.duration, target if phase.jump else level, target, phase.name)
        start, level = start + phase.duration, target


def highest(model: LoadModel) -> Decimal:
    """The highest level of the line."""
    return max(level for piece in pieces(model) for level in (piece.first, piece.last))


def level_at(model: LoadModel, moment: float) -> float:
    """Users, or arrivals per second, at a moment in milliseconds; 0 after the end of a model with a duration."""
    line = pieces(model)
    for piece in line:
        if piece.start <= moment < piece.end:
            share = (moment - piece.start) / (piece.end - piece.start)
            return float(piece.first) + share * float(piece.last - piece.first)
    return float(line[-1].last) if length(model) is None else 0.0


def presence(model: LoadModel, user: int) -> tuple[tuple[float, float], ...]:
    """When a user of a closed model is there: spans of milliseconds, the last one to infinity without a duration."""
    spans: list[list[float]] = []
    for piece in pieces(model):
        found = _above(piece, user)
        if found and spans and spans[-1][1] >= found[0]:
            spans[-1][1] = found[1]
        elif found:
            spans.append(list(found))
    if length(model) is None and spans:
        spans[-1][1] = math.inf
    return tuple((start, end) for start, end in spans)


def _above(piece: Piece, user: int) -> tuple[float, float] | None:
    """The part of a piece where its level is above `user`."""
    first, last, span = piece.first - user, piece.last - user, piece.end - piece.start
    if first <= 0 and last <= 0:
        return None
    if (first > 0 and last >= 0) or piece.first == piece.last:
        return float(piece.start), float(piece.end)
    crossing = piece.start + float(span * first / (first - last))
    return (float(piece.start), crossing) if first > 0 else (crossing, float(piece.end))


def arrivals(model: LoadModel) -> Iterator[float]:
    """The moments, in milliseconds, at which iterations of an open model start."""
    before, number = Fraction(0), 0
    for piece in pieces(model):
        span = Fraction(piece.end - piece.start, 1000)
        area = Fraction(piece.first + piece.last) * span / 2
        while number < before + area:
            yield piece.start + 1000 * _moment(piece, float(span), float(number - before))
            number += 1
        before += area


def _moment(piece: Piece, span: float, area: float) -> float:
    """Seconds into a piece at which the area under it is `area`."""
    if not area:
        return 0.0
    first, slope = float(piece.first), float(piece.last - piece.first) / span
    # of the two forms of the root the one that stays exact when the slope is next to nothing
    return 2 * area / (first + math.sqrt(max(first * first + 2 * slope * area, 0.0)))


def workloads(load: Load) -> tuple[Workload, ...]:
    """The workloads of a load, mixes split: users and running iterations by largest remainder, rates in proportion.

    A share for which no user and no rate is left is no workload.
    """
    return tuple(found for item in load.workloads for found in (_split(item) if isinstance(item, Mix) else (item,)))


def _split(mix: Mix) -> Iterator[Workload]:
    percents = [share.percent for share in mix.shares]
    for number, share in enumerate(mix.shares):
        model = _part(mix.model, percents, number)
        if model is not None and highest(model) > 0:
            yield Workload(journey=share.journey, model=model, origin=share.origin or mix.origin)


def _part(model: LoadModel, percents: Sequence[Decimal], number: int) -> LoadModel | None:
    """A share's part of a model; None when no user is left for it."""
    match model:
        case ClosedModel():
            users = apportion(model.users, percents)[number]
            return model.model_copy(update={"users": users}) if users else None
        case ClosedPhases():
            phases = (
                p if p.users is None else p.model_copy(update={"users": apportion(p.users, percents)[number]}) for p in model.phases
            )
            return model.model_copy(update={"phases": tuple(phases)})
    in_flight = max(apportion(model.max_in_flight, percents)[number], 1)
    share = percents[number] / 100
    if isinstance(model, OpenModel):
        return model.model_copy(update={"rate": model.rate * share, "max_in_flight": in_flight})
    rates = (p if p.rate is None else p.model_copy(update={"rate": p.rate * share}) for p in model.phases)
    return model.model_copy(update={"phases": tuple(rates), "max_in_flight": in_flight})


def apportion(total: int, percents: Sequence[Decimal]) -> list[int]:
    """A whole number split by percentages, by largest remainder; the earlier share wins a tie."""
    exact = [total * percent / 100 for percent in percents]
    parts = [int(value) for value in exact]
    rest = min(total, round(sum(exact))) - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[:rest]:
        parts[index] += 1
    return parts
