"""The load that an intent asks for is the load that comes: users and arrivals over time on JMeter, Locust and k6.

All models run at once, in one run of some seconds on each runtime, against a server that takes a while to answer. A run that the
machine disturbed is made again, up to three times; each model counts as it was measured best. docs/load.md has the plots.
"""

from __future__ import annotations

import pytest
from conformance.load_measure import Measured, Run, all_measured, expected, expected_drops, run
from conformance.load_models import GRACE, PROFILES, Profile, ends, starts

from loadwright.compiler.plan.profile import is_open
from loadwright.compiler.runtimes.pins import NAMES

_NEAR = 0.05
"""How far a measured curve may be from the reference: the area between them over the area of the reference."""
_ATTEMPTS = 3

Best = dict[str, dict[str, Measured]]

each_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


@pytest.fixture(scope="module", params=NAMES)
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Runs of all profiles on a runtime, until one of them, or all together, show each profile within bounds."""
    found: list[Run] = []
    while len(found) < _ATTEMPTS and (not found or any(_is_off(name, parts) for name, parts in _best(found).items())):
        found.append(run(request.param, tmp_path_factory.mktemp(request.param)))
    return found


@pytest.fixture(scope="module")
def best(runs: list[Run]) -> Best:
    """Each profile as it was measured best."""
    return _best(runs)


def _best(runs: list[Run]) -> Best:
    tried = [all_measured(found) for found in runs]
    return {p.name: min((each[p.name] for each in tried), key=lambda parts: _distance(p, parts)) for p in PROFILES}


def _distance(profile: Profile, parts: dict[str, Measured]) -> tuple[int, float]:
    """How far a profile was off: in whole iterations, where they can be told, and in area."""
    missing = sum(abs(expected(profile, name) - part.started) for name, part in parts.items() if _is_counted(profile))
    return missing, max(part.deviation for part in parts.values())


def _is_off(name: str, parts: dict[str, Measured]) -> bool:
    missing, far = _distance(next(p for p in PROFILES if p.name == name), parts)
    return missing > 0 or far > _NEAR


def _is_counted(profile: Profile) -> bool:
    """Whether the model says exactly how many iterations start; where users only come and go, that is a matter of answer times."""
    return profile.counts_arrivals or getattr(profile.model, "iterations", None) is not None or profile.takes > GRACE


@each_profile
def test_users_and_arrivals_over_time_are_those_of_the_reference(best: Best, profile: Profile) -> None:
    far = {name: (part.deviation, part.offset) for name, part in best[profile.name].items() if part.deviation > _NEAR}
    assert not far


@each_profile
def test_as_many_iterations_start_as_the_model_says(best: Best, profile: Profile) -> None:
    leeway = 0 if _is_counted(profile) else _NEAR
    for name, part in best[profile.name].items():
        assert part.started == pytest.approx(expected(profile, name), rel=leeway, abs=0)


@each_profile
def test_arrivals_beyond_the_bound_are_dropped_and_no_others(best: Best, profile: Profile) -> None:
    for name, part in best[profile.name].items():
        assert part.dropped == expected_drops(profile, name)


@each_profile
def test_what_ends_in_time_is_reported_as_an_iteration_and_what_is_interrupted_is_not(runs: list[Run], profile: Profile) -> None:
    for name, model in profile.parts.items():
        for found in runs:
            answered = [visit for visit in found.visits if visit.name == name and visit.answered]
            assert len(found.of(name, "iteration")) == len(found.of(name, "request")) == len(answered)
            if is_open(model):
                in_time = sum(start + profile.takes < ends(model) + GRACE for start in starts(model, profile.takes))
                assert abs(len(answered) - in_time) <= 1


def test_users_have_a_second_to_end_their_iterations_and_are_then_interrupted(runs: list[Run]) -> None:
    for found in runs:
        visits = {name: [v for v in found.visits if v.name == name] for name in ("graceful_end", "graceful_stop")}
        assert [v.answered for v in visits["graceful_end"]] == [True] * 6
        lasted = [v.end - min(v.start for v in visits["graceful_stop"]) for v in visits["graceful_stop"] if not v.answered]
        assert lasted == pytest.approx([4.0] * 3, abs=0.5)


def test_the_run_passes_and_nothing_is_reported_as_failed(runs: list[Run]) -> None:
    for found in runs:
        assert [sample for sample in found.samples if not sample.ok] == []
        assert found.summary.verdict == "passed"
