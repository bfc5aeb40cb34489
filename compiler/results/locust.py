"""Reads the samples that `locust_listener.py` writes: one JSON object per line.

A line holds `kind`, `name`, `started`, `elapsed`, `status`, `step`, `journey`, `message` and `ok`; `message` is as in
docs/failures.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import orjson

from loadwright.compiler.results.model import FailureKind, Sample

LISTENER = Path(__file__).with_name("locust_listener.py")
"""To be given to Locust beside the locustfile; never imported, since Locust patches the standard library."""

_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)


def read(path: Path) -> Iterator[Sample]:
    """The samples of a file, in the order in which they ended; an unfinished last line is left out."""
    with path.open("rb") as lines:
        yield from samples(lines)


def samples(lines: Iterable[bytes]) -> Iterator[Sample]:
    """The samples of lines; one that does not end in a line feed is left out."""
    return (_sample(orjson.loads(line)) for line in lines if line.endswith(b"\n"))


def _sample(fields: dict[str, Any]) -> Sample:
    kind, separator, _ = fields["message"].partition(":")
    failure = kind if separator and kind in _KINDS else None
    if failure is None and not fields["ok"]:
        fields["message"], failure = f"script: {fields['message']}", "script"
    return Sample(failure=failure, **fields)
