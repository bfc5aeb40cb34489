"""Goals that end a run while it goes on."""

from __future__ import annotations

import threading
import time

from loadwright.compiler.plan.model import Plan
from loadwright.compiler.results.collect import Collector
from loadwright.compiler.results.goals import judge
from loadwright.compiler.results.scope import Scope
from loadwright.compiler.results.summary import GoalResult

_EVERY_SECONDS = 1.0


class AbortGuard:
    """Looks once a second whether a goal that ends the run is missed; `lock` is held by whoever adds samples."""

    def __init__(self, plan: Plan, collected: Collector, scope: Scope) -> None:
        self.lock = threading.Lock()
        self.missed: list[GoalResult] = []
        self._goals = [goal for goal in plan.goals if goal.abort]
        self._collected, self._scope = collected, scope
        self._looked = 0.0

    def is_missed(self) -> bool:
        """Whether the run is to end: a goal was measured and missed, after the time that it gives."""
        now = time.monotonic()
        if not self._goals or now - self._looked < _EVERY_SECONDS:
            return False
        self._looked = now
        self.missed = self._missed()
        return bool(self.missed)

    def look_back(self, lasted: float) -> None:
        """After the end: a runtime that watches goals itself may have been the one that ended a run of `lasted` milliseconds."""
        if not self.missed and lasted < (self._scope.planned or 0):
            self.missed = self._missed()

    def _missed(self) -> list[GoalResult]:
        with self.lock:
            passed = self._collected.last - self._collected.first
            results = [judge(g, self._collected, self._scope) for g in self._goals if passed >= g.abort_after]
        return [result for result in results if not result.passed and result.measured is not None]
