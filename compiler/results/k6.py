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
    journeys: dict[str, str] = {}
    with path.open("rb") as lines:
        for line in lines:
            if line.startswith(_PREFIXES):
                yield from _samples(orjson.loads(line), journeys)


def _samples(point: dict[str, Any], journeys: dict[str, str]) -> Iterator[Sample]:
    """The samples of a point; `journeys` learns which journey a scenario runs, for k6 tells of drops by scenario alone."""
    metric, data = point["metric"], point["data"]
    tags = data["tags"]
    scenario, journey = tags.get("scenario", ""), tags.get("journey", "")
    if metric == "dropped_iterations":
        # of users that run out of time k6 says in one point how many iterations they did not make; arrivals drop one by one
        name = journeys.get(scenario, scenario)
        yield from [Sample(kind="dropped", name=name, started=round(_moment(data)), elapsed=0, journey=name)] * int(data["value"])
        return
    journeys[scenario] = journey
    if metric == "request_failures" and tags["status"] != "0":
        return  # the duration of an answered request is a point of its own
    yield _sample(metric, data, journey)


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
