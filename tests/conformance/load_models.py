"""Models of load, each a journey of one request to a server that takes a while; what the reference says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, inf

from loadwright.compiler.cli.settings import Overrides
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
    becomes: tuple[LoadModel, ...] = ()
    """What the settings of the run make of the model, of each journey of a mix."""
    shard: tuple[int, int] = (1, 1)
    """Which part of how many of the load this process is."""

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
        """What each journey has to do."""
        split = workloads(Load(name="", workloads=(self.item,)))
        return dict(zip((w.journey for w in split), self.becomes or [w.model for w in split], strict=True))

    def is_mine(self, number: int) -> bool:
        """Whether the user or the arrival of that number is for this process."""
        return number % self.shard[1] == self.shard[0] - 1


def _users(*phases: tuple[str, int, int | None, bool]) -> ClosedPhases:
    return ClosedPhases(phases=tuple(UserPhase(name=name, duration=d, users=n, jump=jump) for name, d, n, jump in phases))


def _rates(*phases: tuple[str, int, str | None, bool], most: int = 1000) -> OpenPhases:
    found = (RatePhase(name=name, duration=d, rate=None if n is None else Decimal(n), jump=jump) for name, d, n, jump in phases)
    return OpenPhases(phases=tuple(found), max_in_flight=most)


def _open(rate: int, duration: int, ramp: int = 0) -> OpenModel:
    return OpenModel(rate=Decimal(rate), duration=duration, ramp=ramp)


def _closed(users: int, seconds: int, ramp: int = 0) -> ClosedModel:
    return ClosedModel(users=users, duration=seconds * 1000, ramp=ramp * 1000)


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
    Profile(
        "graceful_phases",
        "at 3 users for 1s, at 1 user for 3s, iterations of 2400ms",
        _users(("busy", 1000, 3, True), ("calm", 3000, 1, True)),
        2.4,
    ),
    Profile("graceful_stop", "3 users for 3s, interrupted 1s later", ClosedModel(users=3, duration=3000), 2.5),
)


SURPRISING = Profile("surprising", "60/s for 3s, answers after 4s", _open(60, 3000), 4)
"""Iterations last much longer than anyone who reads the journey would guess."""

SETTINGS = Overrides(users=6, duration=3, rate=12)
OVERRIDDEN = (
    Profile("users", "3 users for 9s, ramp 1s", _closed(3, 9, 1), 0.1, becomes=(_closed(6, 3, 1),)),
    Profile("cut_ramp", "3 users for 9s, ramp 6s", _closed(3, 9, 6), 0.1, becomes=(_closed(6, 3, 6),)),
    Profile("iterations", "3 users, 2 iterations", ClosedModel(users=3, iterations=2), 0.1, becomes=(_closed(6, 3),)),
    Profile(
        "phases",
        "to 3 users, at 1 user",
        _users(("up", 2000, 3, False), ("low", 4000, 1, True)),
        0.1,
        becomes=(_users(("up", 1000, 6, False), ("low", 2000, 2, True)),),
    ),
    Profile("mix", "mix of 3 users for 9s", _closed(3, 9), 0.1, (67, 33), becomes=(_closed(4, 3), _closed(2, 3))),
    Profile("rate", "4/s for 9s, ramp 1s", _open(4, 9000, ramp=1000), 0.1, becomes=(_open(12, 3000, ramp=1000),)),
    Profile(
        "rates",
        "to 4/s, at 2/s",
        _rates(("up", 2000, "4", False), ("low", 4000, "2", True)),
        0.1,
        becomes=(_rates(("up", 1000, "12", False), ("low", 2000, "6", True)),),
    ),
    Profile("mix_of_rates", "mix of 4/s for 9s", _open(4, 9000), 0.1, (75, 25), becomes=(_open(9, 3000), _open(3, 3000))),
)
"""Models, and what they are under these settings."""


def plan(profiles: Sequence[Profile], url: str) -> Plan:
    """One Plan with a journey for each part of each profile, all under one load."""
    names = [name for profile in profiles for name in profile.parts]
    return Plan(
        name="Load",
        targets=(Target(name="server", url=url),),
        journeys=tuple(_journey(name) for name in names),
        loads=(Load(name="all", workloads=tuple(p.item for p in profiles), graceful_stop=round(GRACE * 1000)),),
    )


def _journey(name: str) -> Journey:
    request = Request(name=name, method="GET", target="server", url=template(f"/{name}"))
    return Journey(name=name, nodes=(Step(name=f"Step {name}", actions=(request,)),))


def users(profile: Profile, model: LoadModel) -> Iterator[Span]:
    """When users are there: as presence says, and to the end of what they have begun, as far as the graceful stop lets them.

    Of short iterations no one can tell how far the last one is when its user has to leave: half of it is taken to be left.
    """
    for number in filter(profile.is_mine, range(ceil(highest(model)))):
        for start, end in presence(model, number):
            yield start / 1000, min(_leaves(model, start / 1000, end / 1000, profile.takes), ends(model) + GRACE)


def _leaves(model: LoadModel, start: float, end: float, takes: float) -> float:
    if isinstance(model, ClosedModel) and model.iterations is not None:
        return start + model.iterations * takes
    return start + ceil((end - start) / takes) * takes if takes > GRACE else end + takes / 2


def starts(profile: Profile, model: LoadModel) -> list[float]:
    """When iterations start, of a model that says so; arrivals that are dropped are left out."""
    if is_open(model):
        return list(_accepted(profile, model))
    assert isinstance(model, ClosedModel)
    assert model.pacing
    spans = (span for number in filter(profile.is_mine, range(model.users)) for span in presence(model, number))
    return sorted(
        (start + turn * model.pacing) / 1000 for start, end in spans for turn in range(ceil((end - start) / model.pacing))
    )


def _arriving(profile: Profile, model: LoadModel) -> Iterator[float]:
    return (moment / 1000 for number, moment in enumerate(arrivals(model)) if profile.is_mine(number))


def _accepted(profile: Profile, model: LoadModel) -> Iterator[float]:
    """Arrivals that find a place among the iterations that may run."""
    running: list[float] = []
    most = getattr(model, "max_in_flight", 0)
    for moment in _arriving(profile, model):
        running = [end for end in running if end > moment]
        if len(running) < most:
            running.append(moment + profile.takes)
            yield moment


def dropped(profile: Profile, model: LoadModel) -> int:
    """How many arrivals are dropped."""
    return sum(1 for _ in _arriving(profile, model)) - len(starts(profile, model)) if is_open(model) else 0


def seconds(profile: Profile) -> float:
    """How long a plot of the profile is."""
    return (length(next(iter(profile.parts.values()))) or 5000) / 1000 + GRACE


def ends(model: LoadModel) -> float:
    """When the last iteration may start; infinity without a duration."""
    found = length(model)
    return inf if found is None else found / 1000
