"""The load that an intent asks for is the load that comes: users and arrivals over time on JMeter, Locust and k6.

All models run at once, in one run of some seconds on each runtime, against a server that takes a while to answer; then others
with settings that change them, on JMeter and Locust as one of two processes. A run that the machine disturbed is made again, up
to three times; each model counts as it was measured best. docs/load.md has the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

import pytest
from conformance.load_measure import Measured, Run, all_measured, expected, expected_drops, run
from conformance.load_models import GRACE, OVERRIDDEN, PROFILES, SETTINGS, SURPRISING, Profile, ends, starts

from loadwright.compiler.plan.profile import is_open
from loadwright.compiler.runtimes.pins import NAMES

pytestmark = pytest.mark.alone

_NEAR = 0.05
"""How far a measured curve may be from the reference: the area between them over the area of the reference."""
_ATTEMPTS = 3


@dataclass
class Trials:
    """Runs of profiles on a runtime, until one of them, or all together, showed each profile within bounds."""

    profiles: Sequence[Profile]
    runs: list[Run]

    @cached_property
    def measured(self) -> list[dict[str, dict[str, Measured]]]:
        """What each run showed, by profile and journey."""
        return [all_measured(found, self.profiles) for found in self.runs]

    def chosen(self, profile: Profile) -> int:
        """The run in which the profile was measured best."""
        return min(range(len(self.runs)), key=lambda number: _distance(profile, self.measured[number][profile.name]))

    def best(self, profile: Profile) -> dict[str, Measured]:
        """The profile as it was measured best, by journey."""
        return self.measured[self.chosen(profile)][profile.name]

    def run_of(self, profile: Profile) -> Run:
        """The run in which that was."""
        return self.runs[self.chosen(profile)]


def _distance(profile: Profile, parts: dict[str, Measured]) -> tuple[int, float]:
    """How far a profile was off: in whole iterations, where they can be told, and in area."""
    missing = sum(abs(expected(profile, name) - part.started) for name, part in parts.items() if _is_counted(profile))
    far = max(part.deviation for part in parts.values())
    return missing + (far > _NEAR), far


def _is_counted(profile: Profile) -> bool:
    """Whether the model says exactly how many iterations start; where users only come and go, that is a matter of answer times."""
    models = profile.parts.values()
    by_iterations = any(getattr(model, "iterations", None) is not None for model in models)
    return profile.counts_arrivals or by_iterations or profile.takes > GRACE


def _tried(folders: pytest.TempPathFactory, profiles: Sequence[Profile], attempt: Callable[[Path], Run]) -> Trials:
    runs: list[Run] = []
    while len(runs) < _ATTEMPTS:
        runs.append(attempt(folders.mktemp("load")))
        trials = Trials(profiles, runs)
        if all(_distance(profile, trials.best(profile)) <= (0, _NEAR) for profile in profiles):
            break
    return trials


@pytest.fixture(scope="module", params=NAMES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Every model, as it is written."""
    return _tried(tmp_path_factory, PROFILES, lambda folder: run(request.param, folder))


@pytest.fixture(scope="module", params=NAMES)
def overridden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Models with the numbers of the settings in place of their own, where a setting says so in the second of two processes."""
    shard = (1, 1) if request.param == "k6" else (2, 2)
    profiles = [replace(profile, shard=shard) for profile in OVERRIDDEN]
    with patch.dict("os.environ", LOADWRIGHT_SHARD="{}/{}".format(*shard)):
        return _tried(tmp_path_factory, profiles, lambda folder: run(request.param, folder, profiles, SETTINGS))


def _named(profiles: Sequence[Profile]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("profile", profiles, ids=lambda profile: profile.name)


def _check(trials: Trials, profile: Profile) -> None:
    """Users or arrivals over time, and how many iterations start, are those of the reference."""
    parts = trials.best(profile)
    assert {name: (part.deviation, part.offset) for name, part in parts.items() if part.deviation > _NEAR} == {}
    leeway = 0 if _is_counted(profile) else 2 * _NEAR  # answers take a little longer than the server says
    for name, part in parts.items():
        assert part.started == pytest.approx(expected(profile, name), rel=leeway, abs=0)


@_named(PROFILES)
def test_users_and_arrivals_over_time_are_those_of_the_reference(written: Trials, profile: Profile) -> None:
    _check(written, profile)


@_named(OVERRIDDEN)
def test_settings_of_the_run_change_the_line_and_processes_share_it(overridden: Trials, profile: Profile) -> None:
    _check(overridden, next(shared for shared in overridden.profiles if shared.name == profile.name))


@_named(PROFILES)
def test_arrivals_beyond_the_bound_are_dropped_and_no_others(written: Trials, profile: Profile) -> None:
    for name, part in written.best(profile).items():
        assert part.dropped == expected_drops(profile, name)


@_named(PROFILES)
def test_what_ends_in_time_is_reported_as_an_iteration_and_what_is_interrupted_is_not(written: Trials, profile: Profile) -> None:
    found = written.run_of(profile)
    for name, model in profile.parts.items():
        answered = [visit for visit in found.visits if visit.name == name and visit.answered]
        assert len(found.of(name, "iteration")) == len(found.of(name, "request")) == len(answered)
        if is_open(model):
            in_time = sum(start + profile.takes < ends(model) + GRACE for start in starts(profile, model))
            assert abs(len(answered) - in_time) <= 1


@_named([profile for profile in PROFILES if profile.name.startswith("graceful")])
def test_users_have_a_second_to_end_their_iterations_and_are_then_interrupted(written: Trials, profile: Profile) -> None:
    visits = [visit for visit in written.run_of(profile).visits if visit.name == profile.name]
    lasted = [visit.end - min(v.start for v in visits) for visit in visits if not visit.answered]
    assert lasted == pytest.approx([4.0] * 3 if profile.name == "graceful_stop" else [], abs=0.5)
    assert len(visits) == sum(expected(profile, name) for name in profile.parts)


def test_the_run_passes_and_nothing_is_reported_as_failed(written: Trials) -> None:
    for found in written.runs:
        assert [sample for sample in found.samples if not sample.ok] == []
        assert found.summary.verdict == "passed"


@pytest.mark.parametrize("runtime", NAMES)
def test_no_arrival_is_dropped_because_more_users_are_needed_than_anyone_would_guess(tmp_path: Path, runtime: str) -> None:
    found = run(runtime, tmp_path, [SURPRISING])
    assert (len(found.visits), len(found.of(SURPRISING.name, "dropped"))) == (180, 0)
