"""Cases about what users share, and by what they are told apart: rows of data and numbers, when users come late or leave early."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from conformance.case import Case, Value, column, fn, generator, marks, note, request, step, t
from conformance.flow import STOP_USER, compared, if_
from conformance.server import Reply

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    DataSource,
    OpenModel,
    Request,
    UserPhase,
    Workload,
)


def _seen(*parts: Value, name: str = "seen") -> Request:
    return request(("GET", t("/", *parts)), name=name)


def _source(name: str, **more: str) -> DataSource:
    return DataSource.model_validate({"name": name, "path": f"{name}.csv", "columns": ("id",), **more})


def _file(name: str, rows: int) -> dict[str, bytes]:
    return {f"{name}.csv": b"id\n" + b"".join(b"%d\n" % row for row in range(1, rows + 1))}


def _rows(*numbers: int) -> list[Any]:
    return marks(*(f"/row/{number}" for number in numbers))


def _phases(*phases: tuple[int, int]) -> ClosedPhases:
    """Milliseconds and users; each user has the time for one iteration in a phase."""
    found = (UserPhase(name="abcdef"[i], duration=d, users=users, jump=True) for i, (d, users) in enumerate(phases))
    return ClosedPhases(phases=tuple(found), pacing=20_000)


def _drawn(case: str, *users: int) -> list[str]:
    return [f"/{user + 1}/{generator(case, user).integer(1, 100_000)}" for user in users]


_SECOND_STOPS = if_(compared(fn("user"), "=", "2"), STOP_USER)

_NUMBERS = [
    Case(
        "numbers_in_a_ramp",
        [_seen(fn("user"), "/", fn("random", "1", "100000"))],
        marks(*_drawn("numbers_in_a_ramp", 0, 1, 2)),
        model=ClosedModel(users=3, duration=2400, ramp=1200, pacing=20_000),
        runs=3,
        rounds=3,
        moments=[0, 0.4, 0.8],
        batch="timed",
    ),
    Case(
        "numbers_in_phases",
        [_seen(fn("user"), "/", fn("random", "1", "100000"))],
        marks(*_drawn("numbers_in_phases", 0, 0, 1, 0, 1, 2)),
        model=_phases((700, 1), (400, 0), (700, 2), (400, 0), (800, 3)),
        unordered=True,
        runs=6,
        rounds=6,
        batch="timed",
    ),
]

_EARLY = [
    Case(
        "rows_left_by_a_stopped_user",
        [_seen("row/", column("ls_rows", "id")), _SECOND_STOPS],
        _rows(1, 2, 3, 4, 5, 6),
        model=ClosedModel(users=2, duration=3000, pacing=150),
        data=[_source("ls_rows", on_end="stop")],
        files=_file("ls_rows", 6),
        unordered=True,
        runs=6,
        rounds=6,
        batch="timed",
    ),
    Case(
        "rows_left_in_a_ramp",
        [_seen("row/", column("lr_rows", "id")), _SECOND_STOPS],
        _rows(*range(1, 11)),
        model=ClosedModel(users=3, duration=3000, ramp=1200, pacing=260),
        data=[_source("lr_rows", on_end="stop")],
        files=_file("lr_rows", 10),
        runs=10,
        rounds=10,
        batch="timed",
    ),
    Case(
        "rows_left_by_iterations",
        [_seen("row/", column("li_rows", "id")), _SECOND_STOPS],
        _rows(1, 2, 3, 4),
        {"GET /row/1": [Reply(delay=0.8)]},
        model=ClosedModel(users=2, iterations=3),
        data=[_source("li_rows")],
        files=_file("li_rows", 9),
        unordered=True,
        runs=4,
        rounds=4,
        about=Feature.DATA_EARLY_END,
        differs={"k6": note(Feature.DATA_EARLY_END, "k6")},
    ),
    Case(
        "rows_of_late_users",
        [_seen("row/", column("lu_rows", "id"))],
        _rows(1, 2, 3, 4),
        model=ClosedModel(users=2, iterations=2, ramp=2000, pacing=400),
        data=[_source("lu_rows")],
        files=_file("lu_rows", 9),
        runs=4,
        rounds=4,
        batch="timed",
        about=Feature.DATA_LATE_USERS,
        differs={"k6": note(Feature.DATA_LATE_USERS, "k6")},
    ),
]


def _in(case: str, data: str) -> list[Any]:
    return [step(case, "in", _seen("in/", column(data, "id"), name="in"))]


_SETUP = [
    Case(
        "rows_in_setup",
        [_seen("row/", column("rs_rows", "id"))],
        marks("/in/1", "/row/2", "/row/3"),
        iterations=2,
        setup=_in("rows_in_setup", "rs_rows"),
        data=[_source("rs_rows")],
        files=_file("rs_rows", 9),
        runs=3,
    ),
    Case(
        "rows_in_setup_of_users_who_return",
        [_seen("row/", column("ru_rows", "id"))],
        marks("/in/1", "/row/2", "/out", "/in/3", "/row/4", "/out"),
        model=_phases((700, 1), (400, 0), (700, 1)),
        setup=_in("rows_in_setup_of_users_who_return", "ru_rows"),
        teardown=[step("rows_in_setup_of_users_who_return", "out", _seen("out"))],
        data=[_source("ru_rows")],
        files=_file("ru_rows", 9),
        runs=6,
        rounds=2,
        batch="timed",
    ),
    Case(
        "rows_in_setup_of_arrivals",
        [_seen("row/", column("ra_rows", "id"))],
        marks("/in/1", "/row/2", "/in/3", "/row/4", "/in/5", "/row/6"),
        model=OpenModel(rate=Decimal(2), duration=1400),
        setup=_in("rows_in_setup_of_arrivals", "ra_rows"),
        data=[_source("ra_rows")],
        files=_file("ra_rows", 9),
        runs=6,
        rounds=3,
        batch="timed",
    ),
]


def _together(name: str, source: DataSource, rows: int, models: Sequence[Any], expected: Sequence[int], **more: Any) -> Case:
    """Two journeys that take rows of the same source."""
    other = f"{name}_other"
    row = _seen("row/", column(source.name, "id"))
    return Case(
        name,
        [row],
        _rows(*expected),
        others={other: [step(name, "other", row)]},
        workloads=[Workload(journey=journey, model=model) for journey, model in zip((name, other), models, strict=True)],
        data=[source],
        files=_file(source.name, rows),
        unordered=True,
        runs=len(expected),
        rounds=len(expected),
        **more,
    )


_TOGETHER = [
    _together(
        "rows_of_two_journeys",
        _source("tj_rows"),
        9,
        [ClosedModel(users=1, iterations=1), ClosedModel(users=1, iterations=4)],
        [1, 2, 3, 4, 5],
        about=Feature.DATA_SHARED,
        differs={"k6": note(Feature.DATA_SHARED, "k6")},
    ),
    _together(
        "own_rows_of_two_journeys",
        _source("oj_rows", rows="unique per user"),
        5,
        [ClosedModel(users=2, iterations=2), ClosedModel(users=3, iterations=1)],
        [1, 1, 2, 2, 3, 4, 5],
    ),
    _together(
        "own_rows_of_arrivals",
        _source("oa_rows", rows="unique per user"),
        9,
        [OpenModel(rate=Decimal(2), duration=1400), ClosedModel(users=2, iterations=1)],
        [1, 3, 5, 2, 4],
        batch="timed",
    ),
]

_BOUNDS = [
    Case(
        "graceful_stop_of_a_teardown",
        [_seen("hit")],
        marks("/hit", "/out"),
        {"GET /hit": [Reply(delay=0.6)], "GET /out": [Reply(delay=3)]},
        model=ClosedModel(users=1, duration=500),
        teardown=[step("graceful_stop_of_a_teardown", "out", _seen("out", name="out"), _seen("never"))],
        graceful_stop=400,
        batch="grace",
        loose=True,
        lasts=(0, 4.5),
    ),
]

CASES = [*_NUMBERS, *_EARLY, *_SETUP, *_TOGETHER, *_BOUNDS]
