"""Runs cases on a real runtime against the recording server, many at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from conformance.case import SEED, Case
from conformance.plans import plan_of, secret_variable
from conformance.server import Received, Server

from loadwright.backends.registry import backend
from loadwright.compiler.cli.compile import build
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.plan.model import Defaults
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.store import SAMPLES_NAME
from loadwright.compiler.results.summary import Summary

_LIMIT_SECONDS = 180


@dataclass
class Outcome:
    """What one case did on one runtime."""

    received: list[Received] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    urls: tuple[str, ...] = ()
    """The server's base URLs."""
    summary: Summary | None = None
    refused: tuple[Diagnostic, ...] = ()
    """Why the backend did not take the case."""

    def of(self, kind: str) -> list[Sample]:
        """The samples of a kind, in the order in which they started."""
        return sorted((sample for sample in self.samples if sample.kind == kind), key=lambda sample: sample.started)

    @property
    def requests(self) -> list[Sample]:
        """In the order in which they were reported."""
        return [sample for sample in self.samples if sample.kind == "request"]

    @property
    def steps(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "step"]


def run_cases(cases: Sequence[Case], runtime: str, server: Server, folder: Path) -> dict[str, Outcome]:
    """Run all cases on a runtime, those that can share a run together."""
    outcomes = {case.name: Outcome(urls=server.urls) for case in cases}
    accepted = []
    for case in cases:
        outcomes[case.name].refused = _refusal(case, runtime, server, folder)
        if not outcomes[case.name].refused:
            accepted.append(case)
    for index, batch in enumerate(batches(accepted)):
        _run_batch(batch, runtime, server, folder / f"batch{index}", outcomes)
    return outcomes


def batches(cases: Iterable[Case]) -> list[list[Case]]:
    """Groups of cases that share a run: of one batch, or of one set of defaults; a case may be a group of its own."""
    groups: dict[object, list[Case]] = {}
    for case in cases:
        batch = case.batch if case.defaults == Defaults() else ""
        groups.setdefault(case.name if case.alone else (batch, case.defaults, case.graceful_stop), []).append(case)
    return list(groups.values())


def _write_files(cases: Iterable[Case], server: Server, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        certificates = server.certificates.client_files if any(target.certificate for target in case.targets) else {}
        for path, data in {**case.files, **certificates}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    return folder


def _refusal(case: Case, runtime: str, server: Server, folder: Path) -> tuple[Diagnostic, ...]:
    try:
        source = _write_files([case], server, folder / "alone")
        build(plan_of([case], server.urls), [backend(runtime).name], None, source)
    except LoadwrightError as error:
        return tuple(errors(error.diagnostics))
    return ()


def _run_batch(cases: Sequence[Case], runtime: str, server: Server, folder: Path, outcomes: dict[str, Outcome]) -> None:
    server.script = {case.name: case.replies for case in cases}
    server.take()
    settings = {secret_variable(name): value for case in cases for name, value in case.secrets.items()}
    targets = [f"server={server.urls[0]}", f"second={server.urls[1]}/two_targets/prefix"]
    options = RunOptions(targets=targets, limit=_LIMIT_SECONDS)
    source = _write_files(cases, server, folder / "source")
    authority = str(server.certificates.write_authority(folder))
    settings |= {name: value.replace("{authority}", authority) for case in cases for name, value in case.env.items()}
    with patch.dict(os.environ, {**settings, "LOADWRIGHT_SEED": SEED}):
        summary = execute(plan_of(cases, server.urls), source, runtime, folder / "results", options)
    for received in server.take():
        if received.case in outcomes:
            outcomes[received.case].received.append(received)
    for case in cases:
        outcomes[case.name].summary = summary
    for sample in _samples(folder / "results"):
        if (name := case_of(sample, cases)) in outcomes:
            outcomes[name].samples.append(sample)


def case_of(sample: Sample, cases: Sequence[Case]) -> str:
    """The case that a sample belongs to."""
    if sample.kind == "request":
        return sample.name.partition(":")[0]
    if sample.kind == "step":
        return sample.name.split(" ")[1]
    if sample.kind == "flow":
        return sample.journey or next((case.name for case in cases if sample.name in case.flows), "")
    return next((case.name for case in cases if sample.name in case.journeys), sample.name)


def _samples(results: Path) -> list[Sample]:
    lines = (results / SAMPLES_NAME).read_text(encoding="utf-8").splitlines()
    return [Sample.model_validate_json(line) for line in lines]
