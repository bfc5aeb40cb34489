"""The load that an intent asks for is the load that comes: users and arrivals over time on JMeter, Locust and k6.

All models run at once, in one run of some seconds on each runtime, against a server that takes a while to answer; then others
with settings that change them, on JMeter and Locust as one of two processes. Models that the machine disturbed are run again, up
to five times; each counts as it was measured best. docs/load.md has the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import pytest
from conformance.load_measure import Measured, Run, expected, expected_drops, measure, run
from conformance.load_models import GRACE, OVERRIDDEN, PROFILES, SETTINGS, SURPRISING, Profile, ends, starts

from loadwright.compiler.plan.profile import is_open
from loadwright.compiler.runtimes.pins import NAMES

pytestmark = pytest.mark.alone

_NEAR = 0.05
"""How far a measured curve may be from the reference: the area between them over the area of the reference."""
_ATTEMPTS = 5


@dataclass
class Trials:
    """Runs on a runtime, the first with all profiles, each further one with those that were not yet within bounds."""

    profiles: Sequence[Profile]
    runs: list[Run] = field(default_factory=list)
    best: dict[str, dict[str, Measured]] = field(default_factory=dict)
    """Each profile as it was measured best, by name and journey."""

    def attempt(self, profiles: Sequence[Profile], found: Run) -> None:
        """Count a run of some of the profiles."""
        self.runs.append(found)
        for profile in profiles:
            measured = [measure(profile, found), *filter(None, [self.best.get(profile.name)])]
            self.best[profile.name] = min(measured, key=lambda parts: _distance(profile, parts))

    def faults(self, profile: Profile) -> list[str]:
        """What is not as the reference says."""
        return [f"{name}: {fault}" for name, part in self.best[profile.name].items() for fault in _faults_of(profile, name, part)]


def _distance(profile: Profile, parts: Mapping[str, Measured]) -> tuple[int, float]:
    """How much of a profile is not as it should be, and how far its worst curve is off."""
    faults = sum(1 for name, part in parts.items() for _ in _faults_of(profile, name, part))
    return faults, max(part.deviation for part in parts.values())


def _faults_of(profile: Profile, name: str, part: Measured) -> Iterator[str]:
    """What is not as the reference says."""
    model = profile.parts[name]
    if part.deviation > _NEAR:
        yield f"the curve is {part.deviation:.3f} away from the reference, from {part.offset} s on"
    wanted = expected(profile, name, None if _is_counted(profile) else part.lasted)
    if abs(part.started - wanted) > (0 if _is_counted(profile) else 2 * _NEAR * wanted):
        yield f"{part.started} iterations started, not {wanted}"
    if part.dropped != expected_drops(profile, name):
        yield f"{part.dropped} arrivals were dropped, not {expected_drops(profile, name)}"
    if part.reported != {part.answered}:
        yield f"{part.answered} iterations ended in time, and {sorted(part.reported)} requests and iterations are reported"
    if is_open(model):
        in_time = sum(start + profile.takes < ends(model) + GRACE for start in starts(profile, model))
        if abs(part.answered - in_time) > 1:
            yield f"{part.answered} iterations ended in time, not {in_time}"
    if profile.name.startswith("graceful"):
        interrupted = [4.0] * 3 if profile.name == "graceful_stop" else []
        if part.interrupted != pytest.approx(interrupted, abs=0.5):
            yield f"interrupted after {part.interrupted} s, not {interrupted}"


def _is_counted(profile: Profile) -> bool:
    """Whether the model says exactly how many iterations start; where users only come and go, that is a matter of answer times."""
    models = profile.parts.values()
    by_iterations = any(getattr(model, "iterations", None) is not None for model in models)
    return profile.counts_arrivals or by_iterations or profile.takes > GRACE


def _tried(
    folders: pytest.TempPathFactory, profiles: Sequence[Profile], attempt: Callable[[Path, Sequence[Profile]], Run]
) -> Trials:
    trials, left = Trials(profiles), profiles
    while left and len(trials.runs) < _ATTEMPTS:
        trials.attempt(left, attempt(folders.mktemp("load"), left))
        left = [profile for profile in left if trials.faults(profile)]
    return trials


@pytest.fixture(scope="module", params=NAMES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Every model, as it is written."""
    return _tried(tmp_path_factory, PROFILES, lambda folder, left: run(request.param, folder, left))


@pytest.fixture(scope="module", params=NAMES)
def overridden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Models with the numbers of the settings in place of their own, where a setting says so in the second of two processes."""
    shard = (1, 1) if request.param == "k6" else (2, 2)
    profiles = [replace(profile, shard=shard) for profile in OVERRIDDEN]
    with patch.dict("os.environ", LOADWRIGHT_SHARD="{}/{}".format(*shard)):
        return _tried(tmp_path_factory, profiles, lambda folder, left: run(request.param, folder, left, SETTINGS))


def _named(profiles: Sequence[Profile]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("profile", profiles, ids=lambda profile: profile.name)


@_named(PROFILES)
def test_users_and_arrivals_over_time_are_those_of_the_reference(written: Trials, profile: Profile) -> None:
    assert written.faults(profile) == []


@_named(OVERRIDDEN)
def test_settings_of_the_run_change_the_line_and_processes_share_it(overridden: Trials, profile: Profile) -> None:
    shared = next(shared for shared in overridden.profiles if shared.name == profile.name)
    assert overridden.faults(shared) == []


def test_the_run_passes_and_nothing_is_reported_as_failed(written: Trials) -> None:
    for found in written.runs:
        assert [sample for sample in found.samples if not sample.ok] == []
        assert found.summary.verdict == "passed"


@pytest.mark.parametrize("runtime", NAMES)
def test_no_arrival_is_dropped_because_more_users_are_needed_than_anyone_would_guess(tmp_path: Path, runtime: str) -> None:
    found = run(runtime, tmp_path, [SURPRISING])
    assert (len(found.visits), len(found.of(SURPRISING.name, "dropped"))) == (180, 0)
