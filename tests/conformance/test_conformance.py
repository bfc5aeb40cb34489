"""One meaning, three runtimes: each case is compiled and run on the real JMeter, Locust and k6.

What the server received must equal what the case says, byte for byte, on each of them; so it is equal between them. So must
be what the run reports: which requests failed and why, how steps and iterations ended. A case that needs a feature that a
backend does not declare must be refused.
Needs the three runtimes (`loadwright doctor --install all`); only the selected cases are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pytest
from _pytest.mark.structures import ParameterSet
from conformance.case import Case, Failed
from conformance.cases import BY_NAME
from conformance.compare import differences
from conformance.harness import Outcome, run_cases
from conformance.matrix import lacking
from conformance.server import Server

from loadwright.backends.base import Support
from loadwright.backends.registry import backend
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.results.model import Sample
from loadwright.compiler.runtimes.pins import NAMES

Outcomes = Mapping[str, Mapping[str, Outcome]]


def each(pairs: Iterable[tuple[str, str]]) -> pytest.MarkDecorator:
    """A test for each pair of a runtime and the name of a case."""
    return pytest.mark.parametrize(("runtime", "name"), [_marked(runtime, name) for runtime, name in pairs])


def _marked(runtime: str, name: str) -> ParameterSet:
    """Where the time matters nothing else runs meanwhile; the rest of a runtime's cases can run beside other tests."""
    return pytest.param(runtime, name, marks=[pytest.mark.alone] if BY_NAME[name].is_timed else [])


_PAIRS = [(runtime, name) for runtime in NAMES for name in BY_NAME]
_RUN = [(runtime, name) for runtime, name in _PAIRS if not lacking(BY_NAME[name], runtime)]
each_run = each(_RUN)
"""Every runtime with every case that it can run."""
_ALIKE = [(runtime, name) for runtime, name in _RUN if runtime not in BY_NAME[name].differs]
each_alike = each(_ALIKE)
"""Every runtime with every case that it must do as the others do."""


_FURTHER_ATTEMPTS = 2
"""How often a case of load that a busy machine disturbed is run again."""


def _is_disturbed(case: Case, outcome: Outcome) -> bool:
    """Whether a case that depends on the clock did not go as it says."""
    is_timed = case.batch == "load timed" and not outcome.refused
    return is_timed and bool(differences(case, outcome.received, outcome.urls) or off_time(case, outcome))


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """The outcomes of all selected cases, by runtime and case; a runtime's cases run when one of them is asked for."""
    wanted: dict[str, dict[str, None]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and "outcomes" in item.fixturenames:
            params = item.callspec.params
            wanted.setdefault(str(params["runtime"]), {})[str(params["name"])] = None
    with Server() as server:
        yield _Outcomes(wanted, server, tmp_path_factory)


class _Outcomes(dict[str, dict[str, Outcome]]):
    """The outcomes by runtime; those that are not there yet are made."""

    def __init__(self, wanted: Mapping[str, Iterable[str]], server: Server, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._wanted, self._server, self._folders = wanted, server, folders

    def __missing__(self, runtime: str) -> dict[str, Outcome]:
        self[runtime] = found = self._run([BY_NAME[name] for name in self._wanted[runtime]], runtime)
        for _ in range(_FURTHER_ATTEMPTS):
            found |= self._run([BY_NAME[name] for name, one in found.items() if _is_disturbed(BY_NAME[name], one)], runtime)
        return found

    def _run(self, cases: Sequence[Case], runtime: str) -> dict[str, Outcome]:
        return run_cases(cases, runtime, self._server, self._folders.mktemp(runtime))


@each(_PAIRS)
def test_the_backend_takes_what_it_declares_and_refuses_the_rest(outcomes: Outcomes, runtime: str, name: str) -> None:
    refused = outcomes[runtime][name].refused
    found = sorted({diagnostic.message.partition(":")[0] for diagnostic in refused})
    assert found == sorted(f"`{runtime}` has no {feature.value}" for feature in lacking(BY_NAME[name], runtime))
    assert all(diagnostic.code == "unsupported-feature" and diagnostic.hint for diagnostic in refused), refused


@each_run
def test_the_server_receives_what_the_case_says(outcomes: Outcomes, runtime: str, name: str) -> None:
    case, outcome = BY_NAME[name], outcomes[runtime][name]
    found = differences(case, outcome.received, outcome.urls)
    known = case.differs.get(runtime)
    assert bool(found) is bool(known), f"no longer so: {known}" if known else _explain(found, outcome)


@each_alike
def test_the_run_reports_what_the_case_says(outcomes: Outcomes, runtime: str, name: str) -> None:
    case, outcome = BY_NAME[name], outcomes[runtime][name]
    found = _miscounted("dropped arrivals", outcome.of("dropped"), case.dropped, case.spread)
    if not case.loose:
        failures = len(case.failures) + len(case.flows)
        expected = len(case.expected) if case.samples is None else case.samples
        runs = case.users * case.iterations if case.runs is None else case.runs
        rounds = case.users * case.iterations if case.rounds is None else case.rounds
        failed_runs = failures if case.failed_runs is None else case.failed_runs
        failed_rounds = failures if case.failed_rounds is None else case.failed_rounds
        found += _unmatched(case, [sample for sample in outcome.requests if not sample.ok])
        found += _miscounted("requests", outcome.requests, expected, _leeway(case))
        found += _miscounted("steps", outcome.steps, runs, _leeway(case), failed_runs)
        found += _miscounted("iterations", outcome.of("iteration"), rounds, case.spread, failed_rounds)
        found += _other_flows(case, outcome)
    lost = [s for s in outcome.samples if s.kind in ("request", "step", "flow") and s.journey not in case.journeys]
    found += [f"{len(lost)} samples without their journey, the first is {s.kind} `{s.name}`: `{s.journey}`" for s in lost[:1]]
    assert not found, _explain(found, outcome)


def _other_flows(case: Case, outcome: Outcome) -> list[str]:
    """The failures of the flow that are not as the case says."""
    found = [(s.name, s.message, s.failure, s.ok) for s in outcome.of("flow")]
    wanted = [(name, f"flow: {name}", "flow", False) for name in case.flows]
    return [] if found == wanted else [f"flow: expected {wanted}, got {found}"]


@each((r, n) for r, n in _ALIKE if BY_NAME[n].gaps)
def test_pauses_last_as_long_as_the_case_says(outcomes: Outcomes, runtime: str, name: str) -> None:
    started = [item.started for item in outcomes[runtime][name].received]
    found = [(gap, started[gap.second] - started[gap.first]) for gap in BY_NAME[name].gaps]
    assert [(gap, took) for gap, took in found if not gap.at_least <= took < gap.below] == []


@each((r, n) for r, n in _ALIKE if BY_NAME[n].moments or BY_NAME[n].windows)
def test_iterations_start_when_the_case_says(outcomes: Outcomes, runtime: str, name: str) -> None:
    assert off_time(BY_NAME[name], outcomes[runtime][name]) == []


def off_time(case: Case, outcome: Outcome) -> list[str]:
    """Iterations that do not start when they should, and seconds in which too many or too few do."""
    iterations = outcome.of("iteration")
    started = [(sample.started - iterations[0].started) / 1000 for sample in iterations]
    pairs = enumerate(zip(case.moments, started, strict=False))
    found = [f"iteration {n} at {is_:.3f} s, not {wanted:.3f} s" for n, (wanted, is_) in pairs if abs(wanted - is_) > case.slack]
    by_second = [_by_second(started, late / 10, len(case.windows)) for late in range(_LATEST + 1)]
    fits = any(all(abs(w - n) <= case.spread for w, n in zip(case.windows, counted, strict=True)) for counted in by_second)
    return found + ([] if fits else [f"{by_second[0]} iterations by second, not {list(case.windows)}"])


_LATEST = 6
"""Tenths of a second that a runtime's first iteration may be late: docs/load.md says which and why."""


def _by_second(started: Sequence[float], late: float, seconds: int) -> list[int]:
    """How many iterations start in each second, when the first is so late."""
    return [sum(int(moment + late) == second for moment in started) for second in range(seconds)]


@each((r, n) for r, n in _ALIKE if BY_NAME[n].verdict or BY_NAME[n].lasts)
def test_the_run_ends_as_the_case_says(outcomes: Outcomes, runtime: str, name: str) -> None:
    case, summary = BY_NAME[name], outcomes[runtime][name].summary
    assert summary is not None
    assert case.verdict in (None, summary.verdict), summary.reasons
    assert case.lasts is None or case.lasts[0] <= summary.duration <= case.lasts[1]


def _leeway(case: Case) -> int:
    """How far the number of all requests may be from what is expected."""
    return case.spread * len({str(wire.target) for wire in case.expected})


def _miscounted(what: str, samples: Sequence[Sample], wanted: int, leeway: int, failed: int | None = None) -> list[str]:
    """How the number of samples, and of those that failed, is not as wanted."""
    found = [] if abs(len(samples) - wanted) <= leeway else [f"{wanted} {what} expected, got {len(samples)}"]
    wrong = sum(not sample.ok for sample in samples)
    return found + ([f"{failed} {what} must fail, {wrong} did"] if failed not in (None, wrong) else [])


def _unmatched(case: Case, failed: list[Sample]) -> list[str]:
    found = [f"unexpected: {s.name}: {s.message}" for s in failed[len(case.failures) :]]
    for wanted, sample in zip(case.failures, failed, strict=False):
        right_place = sample.name == case.request_name(wanted.request) and sample.failure == wanted.kind
        if not right_place or not _says(wanted, sample.message):
            found.append(f"expected {wanted}, got {sample.name} {sample.failure}: {sample.message!r}")
    return found + [f"missing: {wanted}" for wanted in case.failures[len(failed) :]]


def _says(wanted: Failed, message: str) -> bool:
    return message == wanted.message if isinstance(wanted.message, str) else wanted.message.fullmatch(message) is not None


def _explain(found: list[str], outcome: Outcome) -> str:
    failed = [f"sample {s.name}: {s.message}" for s in outcome.samples if not s.ok]
    reasons = [f"run: {reason}" for reason in outcome.summary.reasons] if outcome.summary else []
    return "\n".join(["", *found, *failed[:20], *reasons])


@each((runtime, "parallel") for runtime in NAMES)
def test_parallel_requests_overlap_where_the_backend_declares_it(outcomes: Outcomes, runtime: str, name: str) -> None:
    outcome = outcomes[runtime][name]
    started = sorted(item.started for item in outcome.received if item.target.endswith((".css", ".js", ".png")))
    together = backend(runtime).capabilities[Feature.PARALLEL].support is Support.FULL
    assert (started[-1] - started[0] < 0.4) is together
    after = next(item.started for item in outcome.received if item.target.endswith("/after"))
    assert after - started[-1] >= 0.4


@each((runtime, "think") for runtime in NAMES)
def test_think_time_passes_and_is_not_part_of_the_step(outcomes: Outcomes, runtime: str, name: str) -> None:
    outcome = outcomes[runtime][name]
    one, two = (item.started for item in outcome.received)
    assert 1.49 <= two - one < 5
    assert outcome.steps[0].elapsed < 1400
