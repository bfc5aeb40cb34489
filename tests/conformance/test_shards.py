"""A load that is divided among processes which run side by side is the load that was written: on JMeter, Locust and k6.

Two processes make a run together, each its part. What a server received from both must be what it would have received from
one: each row of shared data once, each user with its own number, random values and rows, each arrival once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from conformance.case import SEED, column, fn, request, step, t
from conformance.server import Server
from locust_processes import processes

from loadwright.backends.registry import backend
from loadwright.compiler.plan.model import (
    ClosedModel,
    DataSource,
    Journey,
    Load,
    LoadModel,
    Node,
    OpenModel,
    Plan,
    Target,
    Workload,
)
from loadwright.compiler.plan.random import Generator, iteration_key
from loadwright.compiler.plan.template import Template
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.store import SAMPLES_NAME
from loadwright.compiler.runtimes.locate import quiet_environment
from loadwright.compiler.runtimes.pins import NAMES

_MODELS: dict[str, LoadModel] = {
    "each": ClosedModel(users=4, iterations=5),
    "last": ClosedModel(users=4, iterations=9),
    "own": ClosedModel(users=5, iterations=2),
    "mine": ClosedModel(users=3, iterations=2),
    "setup": ClosedModel(users=4, iterations=2),
    "late": ClosedModel(users=4, duration=8000, ramp=1200, pacing=20_000),
    "arrive": OpenModel(rate=Decimal(8), duration=1500),
}
_ROWS = {
    "each": (20, {}),
    "last": (9, {"on_end": "stop"}),
    "own": (5, {"rows": "unique per user"}),
    "mine": (2, {"rows": "per user"}),
    "setup": (12, {}),
    "late": (4, {"order": "shuffled", "format": "json"}),
    "arrive": (12, {"rows": "unique per user"}),
}
"""How many rows each journey has, and how it takes them."""


def _source(name: str) -> DataSource:
    options = _ROWS[name][1]
    path = f"{name}.{options.get('format', 'csv')}"
    return DataSource.model_validate({"name": f"{name}_rows", "path": path, "columns": ("id",), **options})


def _write_rows(folder: Path, source: DataSource, count: int) -> None:
    ids = [str(number) for number in range(1, count + 1)]
    text = json.dumps([{"id": i} for i in ids]) if source.format == "json" else "\n".join(["id", *ids, ""])
    (folder / source.path).write_text(text, encoding="utf-8")


def _journey(name: str) -> Journey:
    said = t(f"/shards/{name}/", fn("user"), "/", column(f"{name}_rows", "id"), "/", fn("random", "1", "100000"))
    return Journey(name=name, nodes=_work(name, "work", said), setup=_work(name, "in", said) if name == "setup" else ())


def _work(journey: str, name: str, url: Template) -> tuple[Node, ...]:
    return (step(journey, name, request(("GET", url), name=f"{journey} {name}")),)


def _plan() -> Plan:
    return Plan(
        name="Shards",
        targets=(Target(name="server", url="http://127.0.0.1:9"),),
        data=tuple(map(_source, _MODELS)),
        journeys=tuple(map(_journey, _MODELS)),
        loads=(Load(name="all", workloads=tuple(Workload(journey=name, model=model) for name, model in _MODELS.items())),),
    )


def _drawn(name: str, user: int, turn: int | str) -> str:
    return str(Generator(iteration_key(SEED, name, user, turn)).integer(1, 100_000))


def _turns(name: str) -> Iterator[tuple[int, int]]:
    """The users and iterations of a journey; of `last` it depends on time who makes how many."""
    users, iterations = {"each": (4, 5), "own": (5, 2), "mine": (3, 2), "setup": (4, 2), "late": (4, 1), "arrive": (12, 1)}[name]
    for user in range(users):
        yield from ((user, turn) for turn in range(iterations))


def _draws(name: str) -> Counter[tuple[str, str]]:
    """Users and the random numbers of their iterations, and of their setup if there is one."""
    setups = [(str(user + 1), _drawn(name, user, "setup")) for user in range(4)] if name == "setup" else []
    return Counter([*setups, *((str(user + 1), _drawn(name, user, turn)) for user, turn in _turns(name))])


def _rows_of_users(name: str) -> Counter[tuple[str, ...]]:
    """Users and their rows, where it is said which user has which."""
    return Counter(
        (str(user + 1), str((turn if name == "mine" else user) + 1), _drawn(name, user, turn)) for user, turn in _turns(name)
    )


class Parts:
    """What processes made together."""

    def __init__(self, targets: Sequence[str], samples: Sequence[Sequence[Sample]]) -> None:
        self.samples = samples
        self._found: dict[str, list[tuple[str, ...]]] = {}
        for target in targets:
            _, _, journey, *values = target.split("/")
            self._found.setdefault(journey, []).append(tuple(values))

    def of(self, journey: str) -> list[tuple[str, ...]]:
        """User, row and random number of each request of a journey."""
        return self._found.get(journey, [])

    def rows(self, journey: str) -> Counter[str]:
        return Counter(row for _, row, _ in self.of(journey))

    def draws(self, journey: str) -> Counter[tuple[str, str]]:
        """User and random number of each request."""
        return Counter((user, drawn) for user, _, drawn in self.of(journey))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    (folder / "shards.plan.json").write_text(_plan().model_dump_json(exclude_none=True), encoding="utf-8")
    for name, (count, _) in _ROWS.items():
        _write_rows(folder, _source(name), count)
    return folder


def _together(commands: Sequence[Sequence[str]], folder: Path, **environment: str) -> None:
    """Start processes side by side, and wait for all of them."""
    env = {**os.environ, **quiet_environment(), "LOADWRIGHT_SEED": SEED, **environment}
    started = [
        subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for command in commands
    ]
    for process in started:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output


def _samples(folder: Path) -> list[Sample]:
    return [Sample.model_validate_json(line) for line in (folder / SAMPLES_NAME).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=NAMES)
def parts(request: pytest.FixtureRequest, written: Path, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """A run by two processes that know each its part."""
    folders = [tmp_path_factory.mktemp("part") for _ in range(2)]
    with Server() as server:
        common = (sys.executable, "-m", "loadwright.compiler.cli.main", "run", "shards.plan.json", "--on", request.param)
        target = f"server={server.urls[0]}"
        _together(
            [
                [*common, "--target", target, "--shard", f"{part}/2", "--results", str(folder)]
                for part, folder in enumerate(folders, 1)
            ],
            written,
        )
        return Parts([received.target for received in server.take()], [_samples(folder) for folder in folders])


@pytest.fixture(scope="module")
def workers(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """A run by Locust's own workers and their master."""
    folder = tmp_path_factory.mktemp("workers")
    (folder / "locustfile.py").write_text(backend("locust").emit(_plan())[0].text, encoding="utf-8")
    for name, (count, _) in _ROWS.items():
        _write_rows(folder, _source(name), count)
    with Server() as server:
        command = (sys.executable, "-m", "locust", "-f", "locustfile.py", "--headless", "--only-summary", *processes(2))
        _together([command], folder, LOADWRIGHT_TARGET_SERVER=server.urls[0])
        return Parts([received.target for received in server.take()], [])


def _check(found: Parts) -> None:
    for name in ("own", "mine", "arrive"):
        assert Counter(found.of(name)) == _rows_of_users(name), name
    for name in ("each", "setup", "late", "last"):
        assert found.rows(name) == Counter(str(number) for number in range(1, _ROWS[name][0] + 1)), name
    for name in ("each", "setup", "late"):
        assert found.draws(name) == _draws(name), name


def test_parts_that_run_side_by_side_make_the_whole_load_together(parts: Parts) -> None:
    _check(parts)


def test_each_part_makes_its_share(parts: Parts) -> None:
    made = [Counter(sample.journey for sample in samples if sample.kind == "request") for samples in parts.samples]
    assert sum(made, Counter()) == {name: len(parts.of(name)) for name in _MODELS}
    assert made[0]["arrive"] == made[1]["arrive"] == 6
    assert made[0]["each"] == made[1]["each"] == 10
    assert {count["own"] for count in made} == {4, 6}


@pytest.mark.timed  # Locust gives a worker up that says nothing for three seconds
def test_workers_of_locust_make_the_whole_load_together(workers: Parts) -> None:
    _check(workers)
