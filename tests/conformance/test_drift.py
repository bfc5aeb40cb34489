"""A capture by number that finds more or fewer matches than were recorded takes its match, fails nothing, and is told.

Needs the three runtimes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.case import between, css, header_of, ref, regex, request, t
from conformance.server import Reply, Server

from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.plan.model import Capture, CaptureSource, ClosedModel, Journey, Load, Plan, Step, Target, Workload
from loadwright.compiler.runtimes.pins import NAMES

PAGE = Reply(
    200,
    (("Content-Type", "text/html"), ("X-Mode", "m1, m2, m3")),
    b"<ul><li id=a>(1)</li><li id=b>(2)</li><li id=c>(3)</li></ul>",
)
CAPTURED: tuple[tuple[str, CaptureSource, int, int, str], ...] = (
    ("more", css("li", "id"), 2, 2, "b"),
    ("fewer", regex(r"\((\d)\)"), 3, 5, "3"),
    ("first", between("id=", ">"), 1, 4, "a"),
    ("same", header_of("X-Mode", r"m(\d)"), 2, 3, "2"),
)
"""Name, source, which match, how many were recorded, what is taken; each has three matches."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.mark.parametrize("runtime", NAMES)
def test_another_number_of_matches_than_recorded_is_told_once(
    server: Server, tmp_path: Path, runtime: str, capsys: pytest.CaptureFixture[str]
) -> None:
    captures = {
        name: Capture(name=name, source=source, occurrence=nth, recorded=recorded) for name, source, nth, recorded, _ in CAPTURED
    }
    page = request("GET /look/list", capture=captures)
    shown = request(("GET", t("/look/shown/", *(part for name in captures for part in (ref(name), "/")))), name="shown")
    plan = Plan(
        name="Drift",
        targets=(Target(name="server", url="http://127.0.0.1:9"),),
        journeys=(Journey(name="look", nodes=(Step(name="Look", actions=(page, shown)),)),),
        loads=(Load(name="main", workloads=(Workload(journey="look", model=ClosedModel(users=2, iterations=2)),)),),
    )
    server.script = {"look": {"GET /list": [PAGE]}}

    summary = execute(plan, tmp_path, runtime, tmp_path / "results", RunOptions(targets=[f"server={server.urls[0]}"], limit=60))

    assert summary.verdict == "passed"
    taken = "/".join(value for *_, value in CAPTURED)
    assert [r.target for r in server.take() if r.target.startswith("/look/shown")] == [f"/look/shown/{taken}/"] * 4
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning[drift]")]
    assert sorted(told) == [
        "warning[drift]: fewer is match 3 of 5 recorded, 3 found",
        "warning[drift]: first is match 1 of 4 recorded, 3 found",
        "warning[drift]: more is match 2 of 2 recorded, 3 found",
    ]
