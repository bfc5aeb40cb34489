"""Every pattern of examples/patterns runs on the three real runtimes against its server, and does its work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.results.summary import Summary
from loadwright.compiler.runtimes.pins import NAMES

FOLDER = Path(__file__).parents[2] / "examples" / "patterns"
PATTERNS = sorted(path.stem for path in FOLDER.glob("*.intent") if path.stem != "common")

ITERATIONS = {
    "csrf_form": {"visit": 2},
    "graphql": {"browse": 1},
    "login_once": {"work": 6},
    "oauth_pkce": {"sign_in": 4},
    "peak_mix": {"browse": 16, "write": 4},
    "polling": {"work": 1},
    "rest_crud": {"crud": 2},
    "shared_list": {"tidy": 12},
    "spa_api": {"visit": 6},
    "spike_soak": None,
    "unique_data": {"register": 12},
    "upload": {"upload": 1},
}
"""How often each journey is done in the load `smoke`; None: as often as it can."""


@pytest.fixture
def server() -> Iterator[str]:
    """A fresh server, its address; it has forgotten what another run did."""
    command = [sys.executable, str(FOLDER / "server.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip().rpartition(" ")[2]
        finally:
            process.terminate()


@pytest.mark.parametrize("runtime", NAMES)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_does_its_work(pattern: str, runtime: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_PASSWORD", "open-sesame")
    plan = load_plan(FOLDER / f"{pattern}.intent")
    targets = [f"{target.name}={server}{target.url.removeprefix('http://127.0.0.1:8766')}" for target in plan.targets]
    summary = execute(plan, FOLDER, runtime, tmp_path, RunOptions(load="smoke", targets=targets, limit=60))
    assert summary.verdict == "passed", _told(summary)
    assert {journey.failures for journey in summary.journeys} == {0}, _told(summary)
    wanted = ITERATIONS[pattern]
    if wanted is not None:
        assert {journey.name: journey.count for journey in summary.journeys} == wanted


def _told(summary: Summary) -> str:
    return "\n".join((*summary.reasons, *(f"{g.step} / {g.request}: {g.message}" for g in summary.failures)))
