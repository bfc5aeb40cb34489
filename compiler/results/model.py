"""What a run measured, the same for every runtime."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

FailureKind = Literal[
    "network", "status", "type", "text", "json", "value", "time", "size", "schema", "soft failure", "extraction", "flow", "script"
]
"""The word before the colon of a failure message, the same on every runtime."""


class Sample(BaseModel):
    """One request, step or iteration as it ran; times in milliseconds.

    An `iteration` is called by its journey, and so is an arrival that was `dropped`. A `flow` is a failure that belongs to no
    request: `fail`, or an `until` that was never met.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["request", "step", "iteration", "dropped", "flow"]
    name: str
    started: int
    """Since 1970."""
    elapsed: float
    status: int = 0
    """0 when there was no answer, and for steps."""
    ok: bool = True
    failure: FailureKind | None = None
    message: str = ""
    """`kind: detail`, for instance `extraction: csrf not found (css input[name=csrf] @value)`."""
    step: str = ""
    """The step of a request, where the runtime tells."""
    journey: str = ""
    """The journey of a request or step, where the runtime tells."""
