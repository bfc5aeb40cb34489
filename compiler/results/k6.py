"""Reads the samples of k6's JSON output.

Format: one JSON object a line, https://grafana.com/docs/k6/latest/results-output/real-time/json/.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

import orjson

from loadwright.compiler.results.model import FailureKind, Sample

_METRICS = (
    "request_duration",
    "request_failures",
    "request_retries",
    "step_duration",
    "journey_duration",
    "flow_failures",
    "dropped_iterations",
)
_PREFIXES = tuple(f'{{"metric":"{name}",'.encode() for name in _METRICS)
_KINDS = frozenset(get_args(FailureKind))


def read(path: Path) -> Iterator[Sample]:
    """The samples of a script that Loadwright wrote, run with `k6 run --out json=PATH script.js`, as the file is read.

    Samples come in the order in which they ended. Raises OSError, and ValueError for a line that is no JSON.
    """
    drops = _Drops()
    with path.open("rb") as lines:
        for line in lines:
            if line.startswith(_PREFIXES):
                yield from _samples(orjson.loads(line), drops)
    yield from drops.rest()


class _Drops:
    """Dropped arrivals. k6 tells of them by scenario alone, and of iterations that a closed load did not make in the same way."""

    def __init__(self) -> None:
        self._journeys: dict[str, str | None] = {}
        """The journey of each scenario that is known; None for a closed load."""
        self._waiting: dict[str, list[int]] = {}
        """The moments of what was dropped in scenarios that are not known yet."""

    def learn(self, tags: dict[str, str]) -> Iterator[Sample]:
        """Take note of the scenario of a sample; what it dropped before is given."""
        scenario = tags.get("scenario", "")
        if scenario not in self._journeys:
            self._journeys[scenario] = tags.get("journey", "") if tags.get("model") == "open" else None
            yield from self._samples(scenario)

    def add(self, data: dict[str, Any]) -> Iterator[Sample]:
        """The dropped arrivals of a point, when its scenario is known."""
        scenario = data["tags"].get("scenario", "")
        if self._journeys.get(scenario, "") is not None:
            self._waiting.setdefault(scenario, []).extend([round(_moment(data))] * int(data["value"]))
        if scenario in self._journeys:
            yield from self._samples(scenario)

    def rest(self) -> Iterator[Sample]:
        """What was dropped in scenarios that made no iteration."""
        for scenario in list(self._waiting):
            yield from self._samples(scenario)

    def _samples(self, scenario: str) -> Iterator[Sample]:
        journey = self._journeys.get(scenario, scenario)
        for moment in self._waiting.pop(scenario, ()):
            if journey is not None:
                yield Sample(kind="dropped", name=journey, started=moment, elapsed=0, journey=journey)


def _samples(point: dict[str, Any], drops: _Drops) -> Iterator[Sample]:
    metric, data = point["metric"], point["data"]
    if metric == "dropped_iterations":
        yield from drops.add(data)
        return
    tags = data["tags"]
    yield from drops.learn(tags)
    if metric == "request_failures" and tags["status"] != "0":
        return  # the duration of an answered request is a point of its own
    yield _sample(metric, data, tags.get("journey", ""))


def _sample(metric: str, data: dict[str, Any], journey: str) -> Sample:
    tags, metadata = data["tags"], data.get("metadata") or {}
    elapsed = data["value"] if metric.endswith("_duration") else float(metadata.get("elapsed", 0))
    message = metadata.get("message", "")
    common: dict[str, Any] = {
        "started": round(_moment(data) - elapsed),
        "elapsed": elapsed,
        "ok": not message,
        "failure": _kind(message) if message else None,
        "message": message,
        "journey": journey,
    }
    match metric:
        case "step_duration":
            return Sample(kind="step", name=tags["step"], **common)
        case "journey_duration":
            return Sample(kind="iteration", name=journey, **common)
        case "flow_failures":
            return Sample(kind="flow", name=tags["name"], step=tags.get("step", ""), **common)
        case _:
            return Sample(kind="request", name=tags["name"], status=int(tags["status"]), step=tags.get("step", ""), **common)


def _moment(data: dict[str, Any]) -> float:
    """Milliseconds since 1970."""
    return datetime.fromisoformat(data["time"]).timestamp() * 1000


def _kind(message: str) -> FailureKind:
    kind = message.partition(":")[0]
    return cast(FailureKind, kind) if kind in _KINDS else "script"
