"""How many users are there, or how many iterations start, and when."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from loadwright.backends.locust.runtime.settings import setting


@dataclass(frozen=True)
class Piece:
    """A part of a line in which its level changes evenly; in seconds."""

    start: Fraction
    end: Fraction
    first: Fraction
    last: Fraction
    phase: str = ""

    def above(self, user: int) -> tuple[float, float] | None:
        """When the level is above the number of a user."""
        first, last = self.first - user, self.last - user
        if first <= 0 and last <= 0:
            return None
        if (first > 0 and last >= 0) or first == last:
            return float(self.start), float(self.end)
        share = first / (first - last)
        crossing = float(self.start + (self.end - self.start) * share)
        if first > 0:
            return float(self.start), crossing
        return crossing, float(self.end)

    def moment(self, area: Fraction) -> float:
        """When so many iterations have started in this piece."""
        seconds = self.end - self.start
        first, slope = float(self.first), float((self.last - self.first) / seconds)
        if not slope:
            return float(self.start) + float(area) / first
        root = math.sqrt(max(first * first + 2 * slope * float(area), 0.0))
        return float(self.start) + (root - first) / slope


class Line:
    """A number of users, or of iterations per second, over time."""

    def __init__(self, *pieces: Piece, length: float):
        self.pieces = pieces
        self.length = length  # seconds until nothing starts any more
        self.highest = max(max(piece.first, piece.last) for piece in pieces)

    def presence(self, user: int) -> list[tuple[float, float]]:
        """When a user, counted from 0, is there: while the line is above the number."""
        spans: list[tuple[float, float]] = []
        for found in (piece.above(user) for piece in self.pieces):
            if found and spans and spans[-1][1] >= found[0]:
                spans[-1] = spans[-1][0], found[1]
            elif found:
                spans.append(found)
        if spans and not any(piece.phase for piece in self.pieces):
            spans[-1] = spans[-1][0], self.length
        return [(start, end) for start, end in spans if start < self.length]

    def moments(self) -> Iterator[float]:
        """When iterations start: each time the area under the line grows by one."""
        before, number = Fraction(0), 0
        for piece in self.pieces:
            area = (piece.first + piece.last) * (piece.end - piece.start) / 2
            while number < before + area:
                moment = piece.moment(number - before)
                if moment >= self.length:
                    return
                yield moment
                number += 1
            before += area

    def window(self, phase: str) -> tuple[float, float]:
        """When a phase begins and ends."""
        for piece in self.pieces:
            if piece.phase == phase:
                return float(piece.start), float(piece.end)
        return 0.0, 0.0


def steady(level: float, duration: float, ramp: float = 0.0) -> Line:
    """A level that is reached evenly within the ramp, and then held."""
    top, rise = Fraction(str(level)), Fraction(str(ramp))
    end = rise if math.isinf(duration) else max(Fraction(str(duration)), rise)
    pieces = [Piece(Fraction(0), rise, Fraction(0), top)] if rise else []
    if end > rise or not rise:
        pieces.append(Piece(rise, end, top, top))
    return Line(*pieces, length=duration)


def phased(
    level: str, *phases: tuple[str, float, float, float], of: float | None = None
) -> Line:
    """Phases: a name, seconds, and the level at the start and at the end.

    LOADWRIGHT_<level> is the highest level, in a mix of journeys that of the whole;
    LOADWRIGHT_DURATION is all seconds.
    """
    planned = sum(Fraction(str(seconds)) for _, seconds, _, _ in phases)
    total = Fraction(str(setting("DURATION", float(planned))))
    highest = Fraction(str(of or max(max(phase[2:]) for phase in phases)))
    given = os.environ.get(f"LOADWRIGHT_{level}")
    scale = Fraction(given) / highest if given and highest else Fraction(1)
    pieces, start = [], Fraction(0)
    for name, seconds, first, last in phases:
        end = start + Fraction(str(seconds)) * total / planned
        levels = (Fraction(str(first)) * scale, Fraction(str(last)) * scale)
        pieces.append(Piece(start, end, *levels, name))
        start = end
    return Line(*pieces, length=float(start))
