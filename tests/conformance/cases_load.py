"""Cases about load: when users start and iterations arrive, how many, and when a run ends. Each takes two or three seconds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from conformance.case import Case, Failed, Wire, column, fn, generator, let, marks, ref, request, step, t
from conformance.server import Reply

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    DataSource,
    Goal,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    RatePhase,
    Share,
    Think,
    UserPhase,
)
from loadwright.compiler.plan.profile import arrivals


def _loaded(name: str, model: LoadModel, count: int, delay: float = 0, **more: Any) -> Case:
    """A case of one request in each iteration, and so many iterations."""
    return Case(
        name,
        [request("GET /hit", name="hit")],
        marks("/hit") * count,
        {"GET /hit": [Reply(delay=delay)]},
        model=model,
        runs=more.pop("runs", count),
        rounds=count,
        batch=more.pop("batch", "timed"),
        **more,
    )


def _open(name: str, model: OpenModel | OpenPhases, **more: Any) -> Case:
    """An open model: arrivals at the moments of the reference; `spread` where one at the edge of a ramp may fall out."""
    moments = [moment / 1000 for moment in arrivals(model)]
    return _loaded(name, model, len(moments), moments=moments, **more)


def _users(*phases: tuple[int, int | None, bool], pacing: int = 500) -> ClosedPhases:
    names = "abcdef"
    found = (UserPhase(name=names[i], duration=d, users=n, jump=jump) for i, (d, n, jump) in enumerate(phases))
    return ClosedPhases(phases=tuple(found), pacing=pacing)


def _rates(*phases: tuple[int, str | None, bool], max_in_flight: int = 100) -> OpenPhases:
    names = "abcdef"
    found = (
        RatePhase(name=names[i], duration=d, rate=None if r is None else Decimal(r), jump=jump)
        for i, (d, r, jump) in enumerate(phases)
    )
    return OpenPhases(phases=tuple(found), max_in_flight=max_in_flight)


_CLOSED = [
    _loaded("closed_ramp", ClosedModel(users=4, iterations=1, ramp=4000), 4, moments=[0, 1, 2, 3], slack=0.7),
    _loaded("closed_duration", ClosedModel(users=2, duration=3000), 12, delay=0.5, spread=2),
    _loaded(
        "closed_duration_and_iterations", ClosedModel(users=1, duration=1500, iterations=3), 3, delay=0.2, moments=[0, 0.2, 0.4]
    ),
    _loaded("closed_short", ClosedModel(users=1, duration=500, iterations=9), 3, delay=0.2, moments=[0, 0.2, 0.4]),
    _loaded("pacing", ClosedModel(users=1, iterations=3, pacing=500), 3, moments=[0, 0.5, 1.0]),
    _loaded("pacing_overrun", ClosedModel(users=1, iterations=3, pacing=200), 3, delay=0.4, moments=[0, 0.4, 0.8]),
    _loaded("closed_phases", _users((1000, 1, True), (1000, 3, True), (1000, 1, True)), 10, windows=[2, 6, 2], spread=2),
    _loaded("closed_phases_ramp", _users((2000, 4, False), (1000, None, False)), 18, windows=[3, 7, 8], spread=2),
    Case(
        "closed_phases_setup",
        [request("GET /work", name="work")],
        marks("/in/1", "/in/2", "/out/1", "/out/2", "/work", "/work"),
        model=_users((1000, 1, True), (1500, 2, True), pacing=20_000),
        setup=[step("closed_phases_setup", "in", request(("GET", t("/in/", fn("user"))), name="in"))],
        teardown=[step("closed_phases_setup", "out", request(("GET", t("/out/", fn("user"))), name="out"))],
        unordered=True,
        runs=6,
        rounds=2,
        batch="timed",
    ),
]

_CLOSED.append(
    Case(
        "closed_phases_return",
        [request(("GET", t("/page/", fn("user"), "/", fn("iteration"), "/", fn("counter", "pr_n"))), name="work")],
        marks(*("/in", "/page/1/1/1", "/out") * 2),
        model=_users((1500, 1, True), (1000, 0, True), (1500, 1, True), pacing=20_000),
        setup=[step("closed_phases_return", "in", request("GET /in", name="in"))],
        teardown=[step("closed_phases_return", "out", request("GET /out", name="out"))],
        runs=6,
        rounds=2,
        batch="timed",
    )
)

_OPEN = [
    Case(
        "open_rows",
        [request(("GET", t("/row/", column("or_own", "id"), "/", column("or_each", "id"), "/", fn("iteration"))), name="row")],
        marks(*(f"/row/{number}/1/1" for number in range(1, 7))),
        model=OpenModel(rate=Decimal(5), duration=1100),
        data=[
            DataSource(name="or_own", path="or.csv", columns=("id",), rows="unique per user"),
            DataSource(name="or_each", path="or.csv", columns=("id",), rows="per user"),
        ],
        files={"or.csv": b"id\n1\n2\n3\n4\n5\n6\n"},
        unordered=True,
        runs=6,
        rounds=6,
        batch="timed",
    ),
    _open("open", OpenModel(rate=Decimal(5), duration=2100)),
    _open("open_fraction", OpenModel(rate=Decimal("2.5"), duration=2200)),
    _open("open_ramp", OpenModel(rate=Decimal(10), duration=2050, ramp=1000), spread=1),
    _open("open_slow_answers", OpenModel(rate=Decimal(5), duration=1700), delay=1),
    _open("open_phases", _rates((1000, "5", True), (1000, "15", True), (1100, "5", True)), spread=1),
    _open("open_phases_ramp", _rates((1500, "10", False), (500, None, False), (1000, "0", False)), spread=1),
    _loaded("open_dropped", OpenModel(rate=Decimal(10), duration=1050, max_in_flight=2), 2, delay=1.5, dropped=9),
    Case(
        "open_setup",
        [request("GET /work", name="work")],
        [wire for wire in (Wire("GET", "/in"), *(Wire("GET", p, {"Cookie": "a=b"}) for p in ("/work", "/out"))) for _ in range(6)],
        {"GET /in": [Reply(headers=(("Set-Cookie", "a=b; Path=/"),))]},
        model=OpenModel(rate=Decimal(5), duration=1100),
        setup=[step("open_setup", "in", request("GET /in", name="in"))],
        teardown=[step("open_setup", "out", request("GET /out", name="out"))],
        unordered=True,
        runs=18,
        rounds=6,
        batch="timed",
    ),
]


def _mixed(name: str, model: LoadModel, shares: Sequence[tuple[str, str, int]], **more: Any) -> Case:
    """Journeys of one request each, called by their share's name; how often each must run."""
    journeys = {f"{name}_{part}": [step(name, part, request(f"GET /{part}", name=part))] for part, _, _ in shares[1:]}
    names = [name, *journeys]
    total = sum(count for _, _, count in shares)
    return Case(
        name,
        [request(f"GET /{shares[0][0]}", name=shares[0][0])],
        [wire for part, _, count in shares for wire in marks(f"/{part}") * count],
        others=journeys,
        workloads=[
            Mix(model=model, shares=tuple(Share(journey=n, percent=Decimal(s[1])) for n, s in zip(names, shares, strict=True)))
        ],
        unordered=True,
        runs=total,
        rounds=total,
        batch="timed",
        **more,
    )


_MIXES = [
    _mixed("mix", ClosedModel(users=10, iterations=2), [("a", "67", 14), ("b", "23", 4), ("c", "10", 2)]),
    _mixed("mix_open", OpenModel(rate=Decimal(10), duration=2080), [("a", "60", 13), ("b", "40", 9)]),
]

_GRACE = [
    _loaded(
        "graceful_stop",
        ClosedModel(users=1, duration=800),
        1,
        delay=6,
        graceful_stop=400,
        batch="grace",
        loose=True,
        lasts=(0, 4.5),
    ),
    _loaded("graceful_end", ClosedModel(users=1, duration=500), 1, delay=1.2, graceful_stop=5000, batch="graceful"),
]


def _goal(metric: str, relation: str, value: str, **more: Any) -> Goal:
    return Goal.model_validate({"metric": metric, "relation": relation, "value": value, **more})


def _reached() -> list[Wire]:
    """The order of draws: the row, then the variables of the Plan."""
    wires = []
    for iteration in range(4):
        random = generator("goals_reached", 0, iteration)
        row, first, second = "abc"[random.integer(0, 2)], random.integer(1, 100_000), random.integer(1, 100_000)
        wires += marks(f"/{row}-{first}/{iteration + 1}-{second}/{row}")
    return wires


_GOALS = [
    Case(
        "goals_reached",
        [request(("GET", t("/", ref("gr_first"), "/", ref("gr_second"), "/", column("gr_rows", "id"))), name="hit")],
        _reached(),
        {f"GET {_reached()[0].target}": [Reply(500)]},
        variables=[
            let("gr_first", column("gr_rows", "id"), "-", fn("random", "1", "100000")),
            let("gr_second", fn("counter", "gr_n"), "-", fn("random", "1", "100000")),
        ],
        data=[DataSource(name="gr_rows", path="gr.csv", columns=("id",), order="random")],
        files={"gr.csv": b"id\na\nb\nc\n"},
        iterations=4,
        failures=[Failed("hit", "status: expected 200 to 399, got 500")],
        goals=[
            _goal("percentile", "<", "5000", percentile="95"),
            _goal("failures", "<=", "0.25"),
            _goal("max", "<", "5000", subject="name", of="goals_reached: hit"),
            _goal("requests", ">=", "4"),
            _goal("iterations", "=", "4"),
        ],
        verdict="passed",
        alone=True,
    ),
    Case(
        "goals_missed",
        [request("GET /hit", name="hit")],
        marks("/hit") * 2,
        {"GET /hit": [Reply(delay=0.3)]},
        iterations=2,
        goals=[_goal("percentile", "<", "200", percentile="50")],
        verdict="failed",
        alone=True,
    ),
    Case(
        "goal_abort",
        [Think(minimum=100, maximum=100), request("GET /hit", name="hit")],
        marks("/hit") * 60,
        {"GET /hit": [Reply(500)]},
        model=ClosedModel(users=2, duration=30_000),
        goals=[_goal("failures", "<", "0.1", abort=True, abort_after=1000)],
        verdict="failed",
        lasts=(0.5, 15),
        spread=10_000,
        loose=True,
        alone=True,
    ),
]

CASES = [*_CLOSED, *_OPEN, *_MIXES, *_GRACE, *_GOALS]
