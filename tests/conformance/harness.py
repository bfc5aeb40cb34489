"""Runs cases on a real runtime against the recording server, many at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from conformance.case import Case, secret, t
from conformance.server import Received, Server

from loadwright.backends.registry import backend
from loadwright.compiler.cli.compile import build
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.model import (
    ClosedModel,
    Defaults,
    Journey,
    Load,
    Parallel,
    Plan,
    Request,
    Step,
    Target,
    Think,
    Variable,
    Workload,
)
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.store import SAMPLES_NAME
from loadwright.compiler.results.summary import Summary

_LIMIT_SECONDS = 90


@dataclass
class Outcome:
    """What one case did on one runtime."""

    received: list[Received] = field(default_factory=list)
    requests: list[Sample] = field(default_factory=list)
    steps: list[Sample] = field(default_factory=list)
    urls: tuple[str, ...] = ()
    """The server's two base URLs."""
    summary: Summary | None = None
    refused: str = ""
    """Why the backend did not take the case."""


def run_cases(cases: Sequence[Case], runtime: str, server: Server, folder: Path) -> dict[str, Outcome]:
    """Run all cases on a runtime, those that can share a run together."""
    outcomes = {case.name: Outcome(urls=server.urls) for case in cases}
    accepted = []
    for case in cases:
        outcomes[case.name].refused = _refusal(case, runtime, folder)
        if not outcomes[case.name].refused:
            accepted.append(case)
    for index, batch in enumerate(batches(accepted)):
        _run_batch(batch, runtime, server, folder / f"batch{index}", outcomes)
    return outcomes


def batches(cases: Iterable[Case]) -> list[list[Case]]:
    """Groups of cases with equal defaults; a case that must be alone is a group of its own."""
    shared: dict[Defaults, list[Case]] = {}
    alone: list[list[Case]] = []
    for case in cases:
        if case.alone:
            alone.append([case])
        else:
            shared.setdefault(case.defaults, []).append(case)
    return [*shared.values(), *alone]


def plan_of(cases: Sequence[Case]) -> Plan:
    """One Plan with a journey for each case, each run by one user."""
    return Plan(
        name="Conformance",
        targets=(Target(name="server", url="http://127.0.0.1:9"), Target(name="second", url="http://127.0.0.1:9/unset")),
        secrets=tuple(secret(name, _variable(name)) for case in cases for name in case.secrets),
        data=tuple(source for case in cases for source in case.data),
        variables=tuple(variable for case in cases for variable in case.variables),
        defaults=cases[0].defaults,
        journeys=tuple(_journey(case) for case in cases),
        loads=(
            Load(
                name="once",
                workloads=tuple(Workload(journey=c.name, model=ClosedModel(users=1, iterations=c.iterations)) for c in cases),
            ),
        ),
    )


def _variable(secret_name: str) -> str:
    return f"CONFORMANCE_{secret_name.upper()}"


def _journey(case: Case) -> Journey:
    nodes = (Step(name=case.step, actions=tuple(case.actions)), *case.then)
    return Journey(name=case.name, nodes=tuple(_placed_step(case, n) if isinstance(n, Step) else n for n in nodes))


def _placed_step(case: Case, step: Step) -> Step:
    actions: list[Request | Parallel | Think | Variable] = []
    for action in step.actions:
        if isinstance(action, Request):
            actions.append(_placed(case, action))
        elif isinstance(action, Parallel):
            actions.append(action.model_copy(update={"requests": tuple(_placed(case, r) for r in action.requests)}))
        else:
            actions.append(action)
    return step.model_copy(update={"actions": tuple(actions)})


def _placed(case: Case, request: Request) -> Request:
    url = t(f"/{case.name}", request.url) if request.target == "server" else request.url
    return request.model_copy(update={"name": case.request_name(request.name), "url": url})


def _write_files(cases: Iterable[Case], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        for path, data in case.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    return folder


def _refusal(case: Case, runtime: str, folder: Path) -> str:
    try:
        build(plan_of([case]), [backend(runtime).name], None, _write_files([case], folder / "alone"))
    except LoadwrightError as error:
        return str(error)
    return ""


def _run_batch(cases: Sequence[Case], runtime: str, server: Server, folder: Path, outcomes: dict[str, Outcome]) -> None:
    server.script = {case.name: case.replies for case in cases}
    server.take()
    secrets = {_variable(name): value for case in cases for name, value in case.secrets.items()}
    targets = [f"server={server.urls[0]}", f"second={server.urls[1]}/two_targets/prefix"]
    options = RunOptions(targets=targets, limit=_LIMIT_SECONDS)
    source = _write_files(cases, folder / "source")
    with patch.dict(os.environ, secrets):
        summary = execute(plan_of(cases), source, runtime, folder / "results", options)
    for received in server.take():
        if received.case in outcomes:
            outcomes[received.case].received.append(received)
    for case in cases:
        outcomes[case.name].summary = summary
    for sample in _samples(folder / "results"):
        name = sample.name.split(" ")[1] if sample.kind == "step" else sample.name.partition(":")[0]
        if name in outcomes:
            (outcomes[name].steps if sample.kind == "step" else outcomes[name].requests).append(sample)


def _samples(results: Path) -> list[Sample]:
    lines = (results / SAMPLES_NAME).read_text(encoding="utf-8").splitlines()
    return [Sample.model_validate_json(line) for line in lines]
