"""The load that an intent asks for is the load that comes: users and arrivals over time on JMeter, Locust and k6.

All models run at once, in one run of some seconds on each runtime, against a server that takes a while to answer; then others
with settings that change them, on JMeter and Locust as one of two processes. A run that the machine disturbed is made again, up
to five times; each model counts as it was measured best. docs/load.md has the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
_ATTEMPTS = 5


@dataclass
class Trials:
    """Runs of profiles on a runtime, until one of them, or all together, showed each profile within bounds."""

    profiles: Sequence[Profile]
    runs: list[Run]

    @cached_property
    def measured(self) -> list[dict[str, dict[str, Measured]]]:
        """What each run showed, by profile and journey."""
        return [all_measured(found, self.profiles) for found in self.runs]

    def best(self, profile: Profile) -> dict[str, Measured]:
        """The profile as it was measured best, by journey."""
        return min((found[profile.name] for found in self.measured), key=lambda parts: _distance(profile, parts))


def _distance(profile: Profile, parts: Mapping[str, Measured]) -> tuple[int, float]:
    """How much of a profile is not as it should be, and how far its worst curve is off."""
    return len(_faults(profile, parts)), max(part.deviation for part in parts.values())


def _faults(profile: Profile, parts: Mapping[str, Measured]) -> list[str]:
    return [f"{name}: {fault}" for name, part in parts.items() for fault in _faults_of(profile, name, part)]


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


def _tried(folders: pytest.TempPathFactory, profiles: Sequence[Profile], attempt: Callable[[Path], Run]) -> Trials:
    runs: list[Run] = []
    while len(runs) < _ATTEMPTS:
        runs.append(attempt(folders.mktemp("load")))
        trials = Trials(profiles, runs)
        if not any(_faults(profile, trials.best(profile)) for profile in profiles):
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


@_named(PROFILES)
def test_users_and_arrivals_over_time_are_those_of_the_reference(written: Trials, profile: Profile) -> None:
    assert _faults(profile, written.best(profile)) == []


@_named(OVERRIDDEN)
def test_settings_of_the_run_change_the_line_and_processes_share_it(overridden: Trials, profile: Profile) -> None:
    shared = next(shared for shared in overridden.profiles if shared.name == profile.name)
    assert _faults(shared, overridden.best(shared)) == []


def test_the_run_passes_and_nothing_is_reported_as_failed(written: Trials) -> None:
    for found in written.runs:
        assert [sample for sample in found.samples if not sample.ok] == []
        assert found.summary.verdict == "passed"


@pytest.mark.parametrize("runtime", NAMES)
def test_no_arrival_is_dropped_because_more_users_are_needed_than_anyone_would_guess(tmp_path: Path, runtime: str) -> None:
    found = run(runtime, tmp_path, [SURPRISING])
    assert (len(found.visits), len(found.of(SURPRISING.name, "dropped"))) == (180, 0)
