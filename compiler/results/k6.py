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

_PREFIXES = tuple(f'{{"metric":"{name}",'.encode() for name in ("request_duration", "request_failures", "step_duration"))
_KINDS = frozenset(get_args(FailureKind))


def read(path: Path) -> Iterator[Sample]:
    """The samples of a script that Loadwright wrote, run with `k6 run --out json=PATH script.js`, as the file is read.

    Requests and steps come in the order in which they ended. Raises OSError, and ValueError for a line that is no JSON.
    """
    with path.open("rb") as lines:
        for line in lines:
            if line.startswith(_PREFIXES):
                sample = _sample(orjson.loads(line))
                if sample:
                    yield sample


def _sample(point: dict[str, Any]) -> Sample | None:
    """The sample of a point; None for the failure of an answered request, whose duration is a point of its own."""
    metric, data = point["metric"], point["data"]
    tags, metadata = data["tags"], data.get("metadata") or {}
    is_step = metric == "step_duration"
    if metric == "request_failures":
        if tags["status"] != "0":
            return None
        elapsed = float(metadata["elapsed"])
    else:
        elapsed = data["value"]
    message = metadata.get("message", "")
    ended = datetime.fromisoformat(data["time"]).timestamp() * 1000
    return Sample(
        kind="step" if is_step else "request",
        name=tags["step"] if is_step else tags["name"],
        started=round(ended - elapsed),
        elapsed=elapsed,
        status=0 if is_step else int(tags["status"]),
        ok=not message,
        failure=_kind(message) if message else None,
        message=message,
        step="" if is_step else tags.get("step", ""),
    )


def _kind(message: str) -> FailureKind:
    kind = message.partition(":")[0]
    return cast(FailureKind, kind) if kind in _KINDS else "script"
