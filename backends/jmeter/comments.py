"""Where an element of the plan came from, as its comment."""

from __future__ import annotations

from typing import assert_never

from loadwright.compiler.plan.node import DecisionOrigin, Origin, RecordingOrigin, SourceOrigin


def origin_comment(origin: Origin | None) -> str:
    """The place in one line; empty when the node does not know."""
    match origin:
        case None:
            return ""
        case SourceOrigin(span=span):
            return str(span)
        case RecordingOrigin(recording=recording, entry=entry):
            return f"{recording} entry {entry}"
        case DecisionOrigin(decision=decision):
            return f"decision {decision}"
        case _:
            assert_never(origin)
