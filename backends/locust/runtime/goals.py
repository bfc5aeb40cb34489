"""Goals, and the exit code by them."""

from __future__ import annotations

import math
import re

from locust.env import Environment
from locust.runners import WorkerRunner
from locust.stats import RequestStats, StatsEntry

from loadwright.backends.locust.runtime.settings import logger


def statistics(
    stats: RequestStats, name: str | None = None, *, step: bool = False
) -> StatsEntry:
    """What was measured of all requests, of those of one name, or of a step."""
    total = StatsEntry(stats, name or "all requests", "")
    for (entry_name, method), entry in stats.entries.items():
        if (method == "STEP") is step and name in (None, entry_name):
            total.extend(entry)
    return total


def percentile(entry: StatsEntry, share: float) -> float:
    """A percentile in milliseconds."""
    if not entry.num_requests:
        return math.nan
    return entry.get_response_time_percentile(share)


def mean(entry: StatsEntry) -> float:
    """The mean in milliseconds."""
    return entry.avg_response_time if entry.num_requests else math.nan


def maximum(entry: StatsEntry) -> float:
    """The longest time in milliseconds."""
    return entry.max_response_time if entry.num_requests else math.nan


def failure_share(entry: StatsEntry) -> float:
    """The share of requests that failed."""
    return entry.fail_ratio if entry.num_requests else math.nan


def failure_count(
    stats: RequestStats, kind: str, name: str | None = None, *, step: bool = False
) -> int:
    """How many requests failed for one kind of reason."""
    reason = re.compile(rf"(Failure\(['\"])?{kind}:")
    return sum(
        error.occurrences
        for error in stats.errors.values()
        if (error.method == "STEP") is step
        and name in (None, error.name)
        and reason.match(str(error.error))
    )


def judge(environment: Environment, goals: dict[str, bool] | None = None) -> None:
    """Set the exit code: 3 when nothing ran; by goals 0, or 1 when one is missed."""
    if isinstance(environment.runner, WorkerRunner):
        return
    if not statistics(environment.stats).num_requests:
        logger.error("no request was made")
        environment.process_exit_code = 3
    elif goals is not None:
        for goal in (goal for goal, met in goals.items() if not met):
            logger.error("goal missed: %s", goal)
        errors = environment.runner and environment.runner.exceptions
        environment.process_exit_code = 0 if all(goals.values()) and not errors else 1
