"""The reference meaning of load: lines, presence of users, moments of arrivals, and the split of a mix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    RatePhase,
    Share,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.profile import (
    Piece,
    apportion,
    arrivals,
    highest,
    is_open,
    length,
    level_at,
    pieces,
    presence,
    workloads,
)


def _users(*phases: tuple[int, int | None, bool]) -> ClosedPhases:
    return ClosedPhases(phases=tuple(UserPhase(name=f"p{i}", duration=d, users=n, jump=j) for i, (d, n, j) in enumerate(phases)))


def _rates(*phases: tuple[int, str | None, bool]) -> OpenPhases:
    found = (
        RatePhase(name=f"p{i}", duration=d, rate=None if r is None else Decimal(r), jump=j) for i, (d, r, j) in enumerate(phases)
    )
    return OpenPhases(phases=tuple(found))


def _line(model: LoadModel) -> list[tuple[int, int, float, float]]:
    return [(piece.start, piece.end, float(piece.first), float(piece.last)) for piece in pieces(model)]


SPIKE = _users((2000, 4, False), (1000, None, False), (500, 10, True), (2000, 2, False))


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (ClosedModel(users=4, duration=6000), [(0, 6000, 4, 4)]),
        (ClosedModel(users=4, duration=6000, ramp=2000), [(0, 2000, 0, 4), (2000, 6000, 4, 4)]),
        (ClosedModel(users=4, duration=2000, ramp=2000), [(0, 2000, 0, 4)]),
        (ClosedModel(users=4, iterations=3), [(0, 0, 4, 4)]),
        (ClosedModel(users=4, iterations=3, ramp=2000), [(0, 2000, 0, 4)]),
        (ClosedModel(users=4, duration=500, ramp=2000), [(0, 500, 0, 1)]),
        (OpenModel(rate=Decimal(8), duration=6000, ramp=3000), [(0, 3000, 0, 8), (3000, 6000, 8, 8)]),
        (OpenModel(rate=Decimal(8), duration=1500, ramp=3000), [(0, 1500, 0, 4)]),
        (SPIKE, [(0, 2000, 0, 4), (2000, 3000, 4, 4), (3000, 3500, 10, 10), (3500, 5500, 10, 2)]),
        (_rates((1000, "2.5", False), (1000, "0", True)), [(0, 1000, 0, 2.5), (1000, 2000, 0, 0)]),
    ],
)
def test_the_line_of_a_model(model: LoadModel, line: list[tuple[int, int, float, float]]) -> None:
    assert _line(model) == line


def test_pieces_carry_the_names_of_their_phases() -> None:
    assert [piece.phase for piece in pieces(SPIKE)] == ["p0", "p1", "p2", "p3"]


@pytest.mark.parametrize(
    ("model", "user", "spans"),
    [
        (ClosedModel(users=4, duration=6000, ramp=2000), 0, [(0, 6000)]),
        (ClosedModel(users=4, duration=6000, ramp=2000), 3, [(1500, 6000)]),
        (ClosedModel(users=4, duration=6000, ramp=2000), 4, []),
        (ClosedModel(users=4, iterations=1), 3, [(0, math.inf)]),
        (ClosedModel(users=4, iterations=1, ramp=2000), 2, [(1000, math.inf)]),
        (ClosedModel(users=4, duration=500, ramp=2000), 0, [(0, 500)]),
        (ClosedModel(users=4, duration=500, ramp=2000), 1, []),
        (SPIKE, 0, [(0, 5500)]),
        (SPIKE, 1, [(500, 5500)]),
        (SPIKE, 2, [(1000, 5500)]),  # it goes when the line comes down to 2, which is at the very end
        (SPIKE, 4, [(3000, 5000)]),
        (SPIKE, 9, [(3000, 3750)]),
        (_users((1000, 2, True), (1000, 1, True), (1000, 2, True)), 1, [(0, 1000), (2000, 3000)]),
        (_users((1000, 3, True), (1000, 1, False), (1000, 3, False)), 1, [(0, 3000)]),  # the line only touches 1
        (_users((1000, 3, True), (1000, 1, False), (1000, 3, False)), 2, [(0, 1500), (2500, 3000)]),
        (_users((1000, 0, True), (1000, 1, True)), 0, [(1000, 2000)]),
    ],
)
def test_a_user_is_there_while_the_line_is_above_its_number(model: LoadModel, user: int, spans: list[tuple[float, float]]) -> None:
    assert list(presence(model, user)) == spans


@pytest.mark.parametrize(
    ("model", "moments"),
    [
        (OpenModel(rate=Decimal(2), duration=2000), [0, 500, 1000, 1500]),
        (OpenModel(rate=Decimal("0.4"), duration=5001), [0, 2500, 5000]),
        (OpenModel(rate=Decimal(2), duration=4000, ramp=2000), [0, 1000 * math.sqrt(2), 2000, 2500, 3000, 3500]),
        (OpenModel(rate=Decimal(8), duration=1000, ramp=4000), [0]),
        (_rates((1000, "2", True), (1000, "4", True)), [0, 500, 1000, 1250, 1500, 1750]),
        (_rates((1000, "0", True), (1000, "2", True)), [1000, 1500]),
        (_rates((1500, "1", True), (1500, "2", True)), [0, 1000, 1750, 2250, 2750]),
        (_rates((1000, "2", False), (1000, "0", False)), [0, 1000]),
    ],
)
def test_an_iteration_arrives_when_the_area_has_grown_by_one(model: LoadModel, moments: list[float]) -> None:
    assert list(arrivals(model)) == pytest.approx(moments)


def test_arrivals_of_a_line_that_hardly_falls_are_even() -> None:
    nearly = _rates((1000, "1000", True), (1000, "999.999999999999", False))
    assert list(arrivals(nearly)) == pytest.approx([float(moment) for moment in range(2000)], abs=1e-6)


@pytest.mark.parametrize(
    ("model", "open_", "milliseconds", "top"),
    [
        (ClosedModel(users=4, iterations=1), False, None, 4),
        (ClosedModel(users=4, duration=6000, ramp=2000), False, 6000, 4),
        (OpenModel(rate=Decimal("2.5"), duration=2000), True, 2000, Decimal("2.5")),
        (SPIKE, False, 5500, 10),
        (_rates((1000, "2", False), (1000, None, False)), True, 2000, 2),
    ],
)
def test_kind_length_and_height(model: LoadModel, open_: bool, milliseconds: int | None, top: Decimal) -> None:
    assert (is_open(model), length(model), highest(model)) == (open_, milliseconds, top)


@pytest.mark.parametrize(("moment", "level"), [(0, 0), (1000, 2), (2999, 4), (3000, 10), (4500, 6), (5500, 0)])
def test_the_level_at_a_moment(moment: int, level: float) -> None:
    assert level_at(SPIKE, moment) == level


def test_users_without_a_duration_stay() -> None:
    assert level_at(ClosedModel(users=4, iterations=1, ramp=2000), 10**9) == 4


@pytest.mark.parametrize(
    ("total", "percents", "parts"),
    [
        (10, ["70", "25", "5"], [7, 3, 0]),  # 2.5 and 0.5: the earlier share wins the tie
        (7, ["70", "25", "5"], [5, 2, 0]),
        (3, ["33.4", "33.3", "33.3"], [1, 1, 1]),
        (1, ["50", "50"], [1, 0]),
        (0, ["60", "40"], [0, 0]),
        (100, ["33.3", "33.3", "33.4"], [33, 33, 34]),
    ],
)
def test_users_are_split_by_largest_remainder(total: int, percents: list[str], parts: list[int]) -> None:
    assert apportion(total, [Decimal(percent) for percent in percents]) == parts


def _mix(model: LoadModel, **shares: str) -> tuple[Workload, ...]:
    found = tuple(Share(journey=name, percent=Decimal(percent)) for name, percent in shares.items())
    return workloads(Load(name="", workloads=(Mix(model=model, shares=found),)))


def test_a_mix_of_users_is_split_in_each_phase() -> None:
    first, second = _mix(_users((1000, 10, False), (1000, None, False), (1000, 3, True)), a="70", b="30")
    assert [_line(first.model), _line(second.model)] == [
        [(0, 1000, 0, 7), (1000, 2000, 7, 7), (2000, 3000, 2, 2)],
        [(0, 1000, 0, 3), (1000, 2000, 3, 3), (2000, 3000, 1, 1)],
    ]


def test_a_mix_of_rates_is_split_in_proportion_with_its_bound() -> None:
    first, second = (w.model for w in _mix(OpenModel(rate=Decimal(10), duration=1000, max_in_flight=5), a="70", b="30"))
    assert isinstance(first, OpenModel)
    assert isinstance(second, OpenModel)
    assert [(m.rate, m.max_in_flight) for m in (first, second)] == [(Decimal(7), 4), (Decimal(3), 1)]


@pytest.mark.parametrize(
    "model", [ClosedModel(users=1, duration=1000), _users((1000, 1, True), (500, 0, True)), _rates((1000, "1", True))]
)
def test_a_share_without_any_load_is_no_workload(model: LoadModel) -> None:
    assert [workload.journey for workload in _mix(model, a="100", b="0")] == ["a"]


_level = st.integers(0, 40) | st.none()
_phases = st.lists(st.tuples(st.integers(1, 5000), _level, st.booleans()), min_size=1, max_size=6)
_closed = st.builds(lambda phases: _users(*phases), _phases) | st.builds(
    ClosedModel, users=st.integers(1, 40), duration=st.integers(1, 5000), ramp=st.integers(0, 6000)
)
_rate = st.decimals(min_value=0, max_value=50, places=3).map(str) | st.none()
_open = st.builds(
    lambda phases: _rates(*phases), st.lists(st.tuples(st.integers(1, 5000), _rate, st.booleans()), min_size=1, max_size=6)
) | st.builds(
    OpenModel,
    rate=st.decimals(min_value=Decimal("0.1"), max_value=50, places=1),
    duration=st.integers(1, 5000),
    ramp=st.integers(0, 6000),
)


@given(_closed, st.floats(0, 32_000), st.integers(0, 41))
def test_presence_is_where_the_level_is_above_the_number(model: LoadModel, moment: float, user: int) -> None:
    level = level_at(model, moment)
    if abs(level - user) > 1e-6:  # at the very moment of crossing either is fine
        assert any(start <= moment < end for start, end in presence(model, user)) == (level > user)


@given(_closed, st.integers(0, 41))
def test_spans_are_apart_in_order_and_inside_the_load(model: LoadModel, user: int) -> None:
    edges = [edge for span in presence(model, user) for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= (length(model) or 0) for edge in edges)
    assert all(start < end for start, end in presence(model, user))


@given(_closed)
def test_the_higher_number_is_there_only_while_the_lower_is(model: LoadModel) -> None:
    for user in range(1, math.ceil(highest(model))):
        for start, end in presence(model, user):
            assert any(first <= start and end <= last for first, last in presence(model, user - 1))
    assert presence(model, math.ceil(highest(model))) == ()


def _area(model: LoadModel, until: float = math.inf) -> float:
    """The area under the line up to a moment, by trapezoids."""
    return math.fsum(_part(piece, until) for piece in pieces(model))


def _part(piece: Piece, until: float) -> float:
    width = min(max(until - piece.start, 0), piece.end - piece.start)
    rise = float(piece.last - piece.first) * width / (piece.end - piece.start)
    return (2 * float(piece.first) + rise) / 2 * width / 1000


@given(_open)
def test_arrivals_are_where_the_area_says_and_as_many(model: LoadModel) -> None:
    found = list(arrivals(model))
    assert found == sorted(found)
    assert all(0 <= moment <= (length(model) or 0) for moment in found)
    assert [_area(model, moment) for moment in found] == pytest.approx(range(len(found)), abs=1e-4)
    assert len(found) == pytest.approx(_area(model), abs=1.0001)


_shares = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


def _percents(weights: Sequence[int]) -> list[Decimal]:
    """Percentages of at most one place that add up to exactly 100."""
    whole = apportion(1000, [Decimal(weight) * 100 / sum(weights) for weight in weights])
    return [Decimal(part) / 10 for part in whole]


@given(_shares, st.integers(0, 500))
def test_parts_add_up_and_are_within_one_of_their_share(weights: list[int], total: int) -> None:
    percents = _percents(weights)
    parts = apportion(total, percents)
    assert sum(percents) == 100
    assert sum(parts) == total
    assert all(abs(part - total * percent / 100) < 1 for part, percent in zip(parts, percents, strict=True))


@given(_open, _shares)
def test_the_rates_of_a_mix_add_up_at_every_moment(model: LoadModel, weights: list[int]) -> None:
    shares = {f"j{i}": str(percent) for i, percent in enumerate(_percents(weights))}
    parts = [workload.model for workload in _mix(model, **shares)]
    for piece in pieces(model):
        middle = (piece.start + piece.end) / 2
        assert sum(level_at(part, middle) for part in parts) == pytest.approx(level_at(model, middle))
