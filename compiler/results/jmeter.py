"""Reads JMeter's results (JTL as CSV with a header line) into samples, line by line.

Format: the manual's "CSV log format"; `timeStamp` is the start in milliseconds since 1970, `elapsed` milliseconds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

from loadwright.compiler.results.model import FailureKind, Sample

Row = Mapping[str, str]

_TRANSACTION = "Number of samples in transaction : "
_NO_ANSWER = "Non HTTP response code: "
_NO_ANSWER_DETAIL = "Non HTTP response message: "
_ITERATION, _DROPPED = "iteration: ", "dropped: "
"""How the labels of iterations and of arrivals that were dropped begin."""
_INTERRUPTED = " interrupted"
"""How the plan ends the names of threads that it interrupts at the end of the load: what they report then is left out."""
_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)


def read(path: Path) -> Iterator[Sample]:
    """The samples of a JTL file, which may still be written to; requests come when their step has ended.

    A step's row follows those of its requests in the same thread. Requests of a step that the end of the test cut off come
    last, with the step that their name was seen in.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        yield from samples(csv.DictReader(lines))


def samples(rows: Iterable[Row]) -> Iterator[Sample]:
    """Rows as samples: each step's requests, named by it, and then the step; at last the iteration.

    What the end of the load interrupts is left out: the last request of a thread, its step and its iteration.
    """
    waiting: dict[str, list[Row]] = {}
    steps: dict[str, set[str]] = {}
    for row in rows:
        if row["threadName"].endswith(_INTERRUPTED):
            continue
        if row["responseCode"] == "dropped":
            yield _dropped(row)
        elif not row["responseMessage"].startswith(_TRANSACTION):
            waiting.setdefault(row["threadName"], []).append(row)
        elif row["label"] == _ITERATION + _journey(row):
            for own in waiting.pop(row["threadName"], []):
                yield _request(own, "")
            yield _transaction("iteration", _journey(row), row)
        else:
            for own in _without_hops(waiting.pop(row["threadName"], [])):
                steps.setdefault(own["label"], set()).add(row["label"])
                yield _request(own, row["label"])
            yield _transaction("step", row["label"], row)
    for rest in waiting.values():
        for own in _without_hops(rest):
            seen = steps.get(own["label"], set())
            yield _request(own, next(iter(seen)) if len(seen) == 1 else "")


def _without_hops(rows: list[Row]) -> list[Row]:
    """The rows without those of followed redirects, which JMeter adds as `NAME-0`, `NAME-1`… beside `NAME`."""
    labels = {row["label"] for row in rows}
    hop = re.compile(r"(.*)-\d+", re.DOTALL)
    return [row for row in rows if not ((found := hop.fullmatch(row["label"])) and found[1] in labels)]


def _journey(row: Row) -> str:
    """The journey of a row: the thread group's name, which begins that of the thread (`checkout 1-7`)."""
    found = re.fullmatch(r"(.*) \d+-\d+", row["threadName"], re.DOTALL)
    return found[1] if found else ""


def _dropped(row: Row) -> Sample:
    """An arrival that was dropped: at the end of its sample, which has been waiting for it."""
    moment = int(row["timeStamp"]) + int(row["elapsed"])
    name = row["label"].removeprefix(_DROPPED)
    return Sample(kind="dropped", name=name, started=moment, elapsed=0, journey=name)


def _transaction(kind: Literal["step", "iteration"], name: str, row: Row) -> Sample:
    started, elapsed, ok = int(row["timeStamp"]), int(row["elapsed"]), row["success"] == "true"
    return Sample(kind=kind, name=name, started=started, elapsed=elapsed, ok=ok, journey=_journey(row))


def _request(row: Row, step: str) -> Sample:
    ok = row["success"] == "true"
    kind, message = (None, "") if ok else _failure(row)
    return Sample(
        kind="flow" if row["responseCode"] == "flow" else "request",
        name=row["label"],
        started=int(row["timeStamp"]),
        elapsed=int(row["elapsed"]),
        status=int(row["responseCode"]) if row["responseCode"].isdecimal() else 0,
        ok=ok,
        failure=kind,
        message=message,
        step=step,
        journey=_journey(row),
    )


def _failure(row: Row) -> tuple[FailureKind, str]:
    code, said = row["responseCode"], row["failureMessage"]
    if code == "flow":
        return "flow", row["responseMessage"]
    if code.startswith(_NO_ANSWER):
        reason = row["responseMessage"].removeprefix(_NO_ANSWER_DETAIL)
        name = code.removeprefix(_NO_ANSWER).rpartition(".")[2]
        return "network", f"network: {name}" + (f": {reason}" if reason else "")
    kind = next((kind for kind in _KINDS if said.startswith(f"{kind}: ")), None)
    if kind:
        return kind, said
    return "script", f"script: {said or row['responseMessage'] or code}"
