"""The failures that an import finds in recordings."""

from __future__ import annotations

from recordings import Session

from loadwright.compiler.agents.expect.soft_failures import RecordedFailure, recorded_failures

HOME = "<html><title>Corner shop</title><a href=/logout>Log out</a></html>"


def failures(session: Session, *others: Session) -> list[RecordedFailure]:
    return recorded_failures(session.name, session.entries, [other.entries for other in others])


def found(session: Session, *others: Session) -> list[tuple[int, str]]:
    return [(f.entry, f.rule) for f in failures(session, *others)]
