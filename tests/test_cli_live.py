"""What a run shows while it goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from loadwright.compiler.cli import live
from loadwright.compiler.cli.live import RunView
from loadwright.compiler.results.collect import Collector
from loadwright.compiler.results.model import Sample


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


def add(collected: Collector, count: int, ok: bool = True) -> None:
    for number in range(count):
        failure = None if ok else "status"
        collected.add(Sample(kind="request", name="GET /", started=0, elapsed=number, status=200, ok=ok, failure=failure))


def test_a_run_without_a_terminal_tells_its_state_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, out, collected = Clock(), io.StringIO(), Collector()
    monkeypatch.setattr(live, "time", clock)
    with RunView("Shop on k6", collected, Console(file=out, width=100)) as view:
        for _ in range(210):
            add(collected, 2)
            view.update()
            clock.now += 0.1
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Shop on k6  0:10  ")
    assert "20.0/s" in lines[0]
    assert "0 failed" in lines[0]


def test_the_line_tells_failures_and_p95_of_the_latest_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "time", Clock())
    collected = Collector()
    view = RunView("x", collected, Console(file=io.StringIO()))
    assert "p95 –" in view.line(100)
    add(collected, 100)
    add(collected, 3, ok=False)
    assert view.line(161).startswith("x  1:01  103 requests")
    assert "3 failed  p95 94 ms" in view.line(161)


def test_a_terminal_shows_one_line_that_is_taken_away_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    collected = Collector()
    add(collected, 5)
    with RunView("Shop", collected, Console(file=out, force_terminal=True, width=100)) as view:
        view.update()
        view.update()
    assert "5 requests" in out.getvalue()
    assert out.getvalue().rstrip().endswith(("\x1b[2K", "\x1b[?25h"))
