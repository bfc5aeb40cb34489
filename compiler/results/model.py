"""What a run measured, the same for every runtime."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

FailureKind = Literal["network", "status", "type", "text", "json", "time", "soft failure", "extraction", "script"]
"""The word before the colon of a failure message, the same on every runtime."""


class Sample(BaseModel):
    """One request or step as it ran; times in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["request", "step"]
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
