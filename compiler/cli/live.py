"""Shows a run while it goes on: requests, rate, failures, p95."""

from __future__ import annotations

import time
from array import array
from collections import deque
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from loadwright.compiler.results.collect import Collector, percentile

_WINDOW_SECONDS = 5.0
_RECENT = 2000
_PLAIN_EVERY_SECONDS = 10.0
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class RunView:
    """One line on standard error: redrawn in place on a terminal, else a new one every ten seconds; a context manager."""

    def __init__(self, title: str, collected: Collector, console: Console | None = None) -> None:
        self._title, self._collected = title, collected
        self._console = console or Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True) if self._console.is_terminal else None
        self._begun = self._shown = time.monotonic()
        self._counts: deque[tuple[float, int]] = deque()
        self._frame = 0

    def update(self) -> None:
        """Show the present state; cheap enough to be called ten times a second."""
        now = time.monotonic()
        self._counts.append((now, self._collected.totals.count))
        while now - self._counts[0][0] > _WINDOW_SECONDS:
            self._counts.popleft()
        if self._live:
            self._frame += 1
            self._live.update(Text(f"{_FRAMES[self._frame % len(_FRAMES)]} {self.line(now)}"), refresh=True)
        elif now - self._shown >= _PLAIN_EVERY_SECONDS:
            self._shown = now
            self._console.print(self.line(now), markup=False)

    def line(self, now: float) -> str:
        """The state as one line; rate and p95 are those of the last seconds and requests."""
        totals = self._collected.totals
        recent = array("d", sorted(totals.elapsed[-_RECENT:]))
        p95 = f"{percentile(recent, 95):.0f} ms" if recent else "–"
        minutes, seconds = divmod(int(now - self._begun), 60)
        parts = (
            f"{self._title}  {minutes}:{seconds:02}",
            f"{totals.count} requests",
            f"{self._rate(now, totals.count):.1f}/s",
            f"{totals.failures} failed",
            f"p95 {p95}",
        )
        return "  ".join(parts)

    def _rate(self, now: float, count: int) -> float:
        then, before = self._counts[0] if self._counts else (now, count)
        return (count - before) / (now - then) if now > then else 0

    def __enter__(self) -> RunView:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()
