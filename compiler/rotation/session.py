"""What one client of the rotating server was given, and has sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from loadwright.compiler.rotation.made import fresh
from loadwright.compiler.rotation.pieces import anchor

_RUN = re.compile("[A-Za-z0-9]+")
_TELLING = 6
"""Characters of a word that stands in no name by chance."""


class GivenCookie(NamedTuple):
    """A value of a cookie, and the run of requests side by side in which it was given."""

    text: str
    run: int


@dataclass(slots=True)
class Session:
    """A client's values: recorded text to the text that stands for it now."""

    number: int
    current: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, list[GivenCookie]] = field(default_factory=dict)
    """All values given for each cookie, in order."""
    runs: Mapping[int, int] = field(default_factory=dict)
    """Entry: the run of requests side by side that it is of."""
    served: set[int] = field(default_factory=set)
    position: int = -1
    """The last entry that was served."""
    challenge: str | None = None
    """Of PKCE, as this client sent it."""

    def now(self, recorded: str) -> str:
        """The value that stands for a recorded one; the recorded one where there is none yet."""
        return self.current.get(recorded, recorded)

    def is_past(self, entry: int) -> bool:
        """Whether an entry is of a run of requests before the last one served; within a run any may come first."""
        if entry in self.runs and self.position in self.runs:
            return self.runs[entry] < self.runs[self.position]
        return entry <= self.position

    def may_hold(self, cookie: str, text: str, entry: int) -> bool:
        """Whether a jar can hold a value of a cookie for the request of an entry.

        Of answers that come side by side any can be the last, and a request beside them can have been sent before any of them.
        """
        given = self.cookies.get(cookie, [])
        at = next((n for n in reversed(range(len(given))) if given[n].text == text), None)
        return at is not None and all(later.run in (given[at].run, self.runs.get(entry)) for later in given[at + 1 :])


@dataclass(frozen=True, slots=True)
class Issue:
    """A value that was given out."""

    session: int
    recorded: str
    text: str


class Ledger:
    """Everything that was given out to all sessions, so that a value can be told from where it comes back."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.sessions: list[Session] = []
        self._issues: dict[str, Issue] = {}
        self._counts: dict[tuple[int, str], int] = {}
        self._made: dict[str, tuple[str, str]] = {}
        """The longest run of what a client made up: that, and what the recorded one had made up."""

    def open(self) -> Session:
        """A new session."""
        self.sessions.append(Session(len(self.sessions) + 1))
        return self.sessions[-1]

    def issue(self, session: Session, recorded: str, like: str | None = None) -> str:
        """A fresh value for a recorded one, never given out before; what it replaces is stale from now on.

        It is made `like` another text where the recorded one holds values that are others by now (a JWT's claims).
        """
        key = (session.number, recorded)
        while True:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            text = fresh(like or recorded, Random(f"{self.seed}/{session.number}/{count}/{recorded}"))
            if anchor(text) not in self._issues:
                break
        session.current[recorded] = text
        self._issues[anchor(text)] = Issue(session.number, recorded, text)
        return text

    def as_recorded(self, name: str) -> str:
        """A name of a field or cookie with the recorded values in place of what was given out, or made up: `qty[48213]`."""
        runs = _RUN.findall(name)
        for issue in [self._issues[run] for run in runs if run in self._issues]:
            name = name.replace(issue.text, issue.recorded)
        for text, recorded in [self._made[run] for run in runs if run in self._made]:
            name = name.replace(text, recorded)
        return name

    def learn(self, session: Session, recorded: str, text: str) -> None:
        """Keep what a client made, so that answers give it back, and names that hold it are known."""
        session.current[recorded] = text
        if len(anchor(text)) >= _TELLING and text != recorded:
            self._made[anchor(text)] = (text, recorded)

    def issued(self, run: str) -> Issue | None:
        """What was given out with this longest run of letters and digits."""
        return self._issues.get(run)
