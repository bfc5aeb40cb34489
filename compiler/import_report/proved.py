"""What the page and the terminal say of proofs: the levels, and what was proved in numbers."""

from __future__ import annotations

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


def numbers(proof: Proof) -> tuple[str, str, str]:
    """What was proved at each level, in numbers."""
    return (
        f"{proof.captures_held} of {proof.captures} captures give a value",
        f"{proof.requests_equal} of {proof.requests} requests equal the recording",
        f"{proof.literals} texts searched for recorded values",
    )
