"""Models of load, each a journey of one request to a server that takes a while; what the reference says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, inf

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Journey,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    Plan,
    RatePhase,
    Request,
    Share,
    Step,
    Target,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.profile import arrivals, highest, is_open, length, presence, workloads
from loadwright.compiler.plan.template import template

GRACE = 1.0
"""Seconds that iterations have after the end of their load."""

Span = tuple[float, float]
"""Seconds from the start of the load."""


@dataclass(frozen=True)
class Profile:
    """A model of load, and how long the server takes to answer."""

    name: str
    title: str
    model: LoadModel
    takes: float
    """Seconds."""
    shares: tuple[int, ...] = ()
    """Percentages of a mix; its journeys are `NAME_1`, `NAME_2`…"""

    @property
    def counts_arrivals(self) -> bool:
        """Whether the model says when iterations start; else it says how many users are there."""
        return is_open(self.model) or getattr(self.model, "pacing", None) is not None

    @property
    def item(self) -> Workload | Mix:
        """The model as a load has it."""
        if not self.shares:
            return Workload(journey=self.name, model=self.model)
        shares = (Share(journey=f"{self.name}_{n}", percent=Decimal(percent)) for n, percent in enumerate(self.shares, 1))
        return Mix(model=self.model, shares=tuple(shares))

    @property
    def parts(self) -> dict[str, LoadModel]:
        """Each journey's own model."""
        return {workload.journey: workload.model for workload in workloads(Load(name="", workloads=(self.item,)))}


def _users(*phases: tuple[str, int, int | None, bool]) -> ClosedPhases:
    return ClosedPhases(phases=tuple(UserPhase(name=name, duration=d, users=n, jump=jump) for name, d, n, jump in phases))


def _rates(*phases: tuple[str, int, str | None, bool], most: int = 1000) -> OpenPhases:
    found = (RatePhase(name=name, duration=d, rate=None if n is None else Decimal(n), jump=jump) for name, d, n, jump in phases)
    return OpenPhases(phases=tuple(found), max_in_flight=most)


def _open(rate: int, duration: int, ramp: int = 0) -> OpenModel:
    return OpenModel(rate=Decimal(rate), duration=duration, ramp=ramp)


PROFILES = (
    Profile("closed_ramp", "8 users for 6s, ramp 3s", ClosedModel(users=8, duration=6000, ramp=3000), 0.15),
    Profile("closed_iterations", "6 users, 8 iterations of 400ms, ramp 1500ms", ClosedModel(users=6, iterations=8, ramp=1500), 0.4),
    Profile(
        "closed_pacing", "4 users for 6s, ramp 2s, pacing 400ms", ClosedModel(users=4, duration=6000, ramp=2000, pacing=400), 0.1
    ),
    Profile(
        "closed_phases",
        "to 6 users, hold, at 12 users, to 2 users",
        _users(("up", 2000, 6, False), ("hold", 1000, None, False), ("spike", 1000, 12, True), ("down", 2000, 2, False)),
        0.15,
    ),
    Profile("open_constant", "12/s for 6s", _open(12, 6000), 0.1),
    Profile("open_ramp", "20/s for 6s, ramp 3s", _open(20, 6000, ramp=3000), 0.1),
    Profile(
        "open_phases",
        "to 10/s, hold, at 25/s, to 5/s",
        _rates(("up", 2000, "10", False), ("hold", 1000, None, False), ("spike", 1000, "25", True), ("down", 2000, "5", False)),
        0.1,
    ),
    Profile("open_slow", "8/s for 5s, answers after 2440ms", _open(8, 5000), 2.44),
    Profile(
        "open_bounded",
        "at 0.5/s, at 10/s, at most 4 in flight, answers after 950ms",
        _rates(("calm", 2000, "0.5", True), ("rush", 3000, "10", True), most=4),
        0.95,
    ),
    Profile(
        "mix_closed",
        "mix to 10 users, hold: 70 % and 30 %",
        _users(("up", 3000, 10, False), ("hold", 3000, None, False)),
        0.1,
        (70, 30),
    ),
    Profile("mix_open", "mix of 20/s for 6s, ramp 2s: 60 % and 40 %", _open(20, 6000, ramp=2000), 0.1, (60, 40)),
    Profile("graceful_end", "3 users for 3s, the last iteration ends 200ms later", ClosedModel(users=3, duration=3000), 1.6),
    Profile("graceful_stop", "3 users for 3s, interrupted 1s later", ClosedModel(users=3, duration=3000), 2.5),
)


def plan(url: str) -> Plan:
    """One Plan with a journey for each part of each profile, all under one load."""
    names = [name for profile in PROFILES for name in profile.parts]
    return Plan(
        name="Load",
        targets=(Target(name="server", url=url),),
        journeys=tuple(_journey(name) for name in names),
        loads=(Load(name="all", workloads=tuple(p.item for p in PROFILES), graceful_stop=round(GRACE * 1000)),),
    )


def _journey(name: str) -> Journey:
    request = Request(name=name, method="GET", target="server", url=template(f"/{name}"))
    return Journey(name=name, nodes=(Step(name=f"Step {name}", actions=(request,)),))


TAKES = {name: profile.takes for profile in PROFILES for name in profile.parts}
"""Seconds that the server takes, by journey."""


def users(model: LoadModel, takes: float) -> Iterator[Span]:
    """When users are there: as presence says, and to the end of what they have begun, as far as the graceful stop lets them."""
    for number in range(ceil(highest(model))):
        for start, end in presence(model, number):
            yield start / 1000, min(_leaves(model, start / 1000, end / 1000, takes), end / 1000 + GRACE)


def _leaves(model: LoadModel, start: float, end: float, takes: float) -> float:
    if isinstance(model, ClosedModel) and model.iterations is not None:
        return start + model.iterations * takes
    return start + ceil((end - start) / takes) * takes if takes > GRACE else end


def starts(model: LoadModel, takes: float) -> list[float]:
    """When iterations start, of a model that says so; arrivals that are dropped are left out."""
    if is_open(model):
        return list(_accepted(model, takes))
    assert isinstance(model, ClosedModel)
    assert model.pacing
    spans = (span for number in range(model.users) for span in presence(model, number))
    return sorted(
        (start + turn * model.pacing) / 1000 for start, end in spans for turn in range(ceil((end - start) / model.pacing))
    )


def _accepted(model: LoadModel, takes: float) -> Iterator[float]:
    """Arrivals that find a place among the iterations that may run."""
    running: list[float] = []
    most = getattr(model, "max_in_flight", 0)
    for moment in (arrival / 1000 for arrival in arrivals(model)):
        running = [end for end in running if end > moment]
        if len(running) < most:
            running.append(moment + takes)
            yield moment


def dropped(model: LoadModel, takes: float) -> int:
    """How many arrivals are dropped."""
    return sum(1 for _ in arrivals(model)) - len(starts(model, takes)) if is_open(model) else 0


def seconds(profile: Profile) -> float:
    """How long a plot of the profile is."""
    return (length(profile.model) or 5000) / 1000 + GRACE


def ends(model: LoadModel) -> float:
    """When the last iteration may start; infinity without a duration."""
    found = length(model)
    return inf if found is None else found / 1000
