"""What the page and the terminal say of proofs: the levels, and what was proved in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, get_args

from loadwright.compiler.agents.decisions import Verdict
from loadwright.compiler.agents.prove.proof import Level, Proof
from loadwright.compiler.diagnostics import Diagnostic

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LEVELS: tuple[Level, ...] = get_args(Level)


class Reached(Protocol):
    """What a level above P2 says of a journey."""

    level: str
    subject: str
    held: bool | None
    """None when it could not be tried."""
    detail: str
    findings: list[Diagnostic]


def numbers(proofs: Sequence[Proof]) -> tuple[str, str, str]:
    """What was proved at each level, in numbers, of all journeys together."""
    return (
        f"{sum(p.captures_held for p in proofs)} of {sum(p.captures for p in proofs)} captures give a value",
        f"{sum(p.requests_equal for p in proofs)} of {sum(p.requests for p in proofs)} requests equal the recording",
        f"{sum(p.literals for p in proofs)} texts searched for recorded values",
    )
