"""Short ways to write cases about expectations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.case import (
    Case,
    Failed,
    fn,
    marks,
    request,
)
from conformance.flow import branches, compared
from conformance.server import Reply

from loadwright.compiler.plan.model import (
    Expectation,
    StatusExpectation,
)

Check = tuple[Expectation, str]
"""An expectation that does not hold, and its message."""


def breaking(name: str, replies: Sequence[Reply], checks: Sequence[Check], **more: Any) -> Case:
    """A case whose iterations each make one request that fails by its check; a single reply is for all of them."""
    chosen = [
        (
            compared(fn("iteration"), "=", str(number)),
            [request(f"GET /{number}", name=f"check {number}", expect=_with_status(expectation))],
        )
        for number, (expectation, _) in enumerate(checks, 1)
    ]
    answers = list(replies) * len(checks) if len(replies) == 1 else list(replies)
    return Case(
        name,
        [branches(*chosen), request("GET /never", name="never")],
        marks(*(f"/{number}" for number in range(1, len(checks) + 1))),
        {f"GET /{number}": [reply] for number, reply in enumerate(answers, 1)},
        iterations=len(checks),
        failures=[Failed(f"check {number}", message) for number, (_, message) in enumerate(checks, 1)],
        **more,
    )


def _with_status(expectation: Expectation) -> list[Expectation]:
    return [expectation] if isinstance(expectation, StatusExpectation) else [StatusExpectation(statuses=(200, 302)), expectation]


def holding(name: str, reply: Reply, expectations: Sequence[Expectation], **more: Any) -> Case:
    """A case whose request holds all of the expectations."""
    return Case(name, [request("GET /all", expect=expectations)], marks("/all"), {"GET /all": [reply]}, **more)
