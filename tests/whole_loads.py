"""Hypothesis strategies for loads of any model, and for goals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st
from strategies import titles

from loadwright.compiler.plan.model import (
    ClosedModel,
    ClosedPhases,
    Goal,
    Load,
    Mix,
    OpenModel,
    OpenPhases,
    Plan,
    RatePhase,
    Share,
    UserPhase,
    Workload,
)

_durations = st.one_of(st.sampled_from((1, 500, 1000, 1500, 60_000)), st.integers(1, 10**6))


def loads(names: Sequence[str], journeys: Sequence[str]) -> st.SearchStrategy[tuple[Load, ...]]:
    """Loads of any model."""
    items = st.lists(
        st.one_of(
            st.builds(Workload, journey=st.sampled_from(journeys), model=_models()),
            _models().map(lambda model: Mix(model=model, shares=_shares(journeys))),
        ),
        min_size=1,
        max_size=2,
    )
    graceful = st.one_of(st.just(30_000), st.integers(0, 10**6))
    return st.tuples(*(st.builds(Load, name=st.just(n), workloads=items.map(tuple), graceful_stop=graceful) for n in names))


def _shares(journeys: Sequence[str]) -> tuple[Share, ...]:
    if len(journeys) == 1:
        return (Share(journey=journeys[0], percent=Decimal(100)),)
    percents = [Decimal("12.5")] * (len(journeys) - 1)
    return tuple(Share(journey=j, percent=p) for j, p in zip(journeys, [*percents, 100 - sum(percents)], strict=True))


def _models() -> st.SearchStrategy[object]:
    rates = st.sampled_from((Decimal("0.5"), Decimal(20), Decimal(20) / 60, Decimal(7) / 3600))
    pacing = st.none() | _durations
    user_phase = st.builds(
        UserPhase, name=titles, duration=_durations, users=st.none() | st.integers(0, 90), jump=st.just(False)
    ).flatmap(lambda phase: st.booleans().map(lambda jump: phase.model_copy(update={"jump": jump and phase.users is not None})))
    rate_phase = st.builds(RatePhase, name=titles, duration=_durations, rate=st.none() | rates)
    first_users = st.builds(UserPhase, name=titles, duration=_durations, users=st.integers(1, 90), jump=st.booleans())
    first_rate = st.builds(RatePhase, name=titles, duration=_durations, rate=rates, jump=st.booleans())
    return st.one_of(
        st.builds(ClosedModel, users=st.integers(1, 500), iterations=st.integers(1, 9), pacing=pacing),
        st.builds(ClosedModel, users=st.integers(1, 500), duration=_durations, pacing=pacing),
        st.builds(OpenModel, rate=rates, duration=_durations, max_in_flight=st.integers(1, 2000)),
        st.builds(ClosedPhases, phases=_started(first_users, user_phase), pacing=pacing),
        st.builds(OpenPhases, phases=_started(first_rate, rate_phase), max_in_flight=st.integers(1, 2000)),
    )


def _started(first: st.SearchStrategy[object], more: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.tuples(first, st.lists(more, max_size=2)).map(lambda found: (found[0], *found[1]))


def goals(plan: Plan, names: Sequence[str], tags: Sequence[str]) -> st.SearchStrategy[Goal]:
    """Goals of any metric about anything that the Plan has, which can be met and missed."""
    models = [item.model for load in plan.loads for item in load.workloads]
    phases = [p.name for model in models if isinstance(model, ClosedPhases | OpenPhases) for p in model.phases]
    subjects: list[tuple[str | None, str | None]] = [(None, None), *(("journey", journey.name) for journey in plan.journeys)]
    places = st.sampled_from((None, *phases))
    narrow = [*subjects, *(("name", name) for name in names), *(("tag", tag) for tag in tags)]
    times = st.decimals(1, 10**6, places=1).map(lambda value: Decimal(str(value)))
    abort = st.sampled_from((None, 0, 30_000))

    def made(metric: str, value: Decimal, subject: tuple[str | None, str | None], phase: str | None, end: int | None) -> Goal:
        percentile = Decimal("99.9") if metric == "percentile" else None
        return Goal(
            metric=metric,
            percentile=percentile,
            subject=subject[0],
            of=subject[1],
            phase=phase,
            relation="<",
            value=value,
            abort=end is not None,
            abort_after=end or 0,
        )

    def of(
        metrics: tuple[str, ...], value: st.SearchStrategy[Decimal], about: Sequence[tuple[str | None, str | None]]
    ) -> st.SearchStrategy[Goal]:
        return st.builds(made, st.sampled_from(metrics), value, st.sampled_from(about), places, abort)

    shares = st.sampled_from((Decimal("0.01"), Decimal("0.005"), Decimal(1)))
    counts = st.integers(1, 999).map(Decimal)
    return st.one_of(
        of(("percentile", "mean", "min", "max"), times, narrow),
        of(("failures", "soft_failure_rate"), shares, narrow),
        of(("failed_requests", "soft_failures", "extraction_misses", "requests"), counts, narrow),
        of(("iterations", "dropped_arrivals"), counts, subjects),
        of(("throughput",), st.sampled_from((Decimal(5), Decimal("0.5"))), narrow),
    )
