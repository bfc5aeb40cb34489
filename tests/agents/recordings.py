"""Small recordings, built in memory."""

from __future__ import annotations

from urllib.parse import urljoin

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.print_request import expectation
from loadwright.compiler.recording.model import (
    Entry,
    RecordedRequest,
    RecordedResponse,
    Recording,
    Selection,
    StepOutline,
)

BASE = "http://shop.test"
START = 1_700_000_000_000.0
FORM = "application/x-www-form-urlencoded"


class Session:
    """A recording in the making: one exchange after the other, 100 ms each."""

    def __init__(self, name: str = "session.har") -> None:
        self.name, self.entries, self.clock = name, list[Entry](), START

    def add(
        self,
        method: str,
        path: str,
        *,
        status: int = 200,
        body: str | None = None,
        sends: str = FORM,
        html: str | None = None,
        json: str | None = None,
        script: str | None = None,
        location: str | None = None,
        sent: dict[str, str] | None = None,
        received: dict[str, str] | None = None,
        overlapping: bool = False,
    ) -> Session:
        """An exchange; with `overlapping` it starts before the one before it has ended."""
        url = urljoin(BASE, path)
        text, media_type = next(
            ((t, m) for t, m in ((html, "text/html"), (json, "application/json"), (script, "text/javascript")) if t is not None),
            (None, ""),
        )
        headers = tuple((received or {}).items())
        headers += (("Location", location),) if location else ()
        headers += (("Content-Type", media_type),) if media_type else ()
        started = self.clock - 60 if overlapping else self.clock
        self.entries.append(
            Entry(
                len(self.entries),
                started,
                started + 100,
                RecordedRequest(
                    method, url, tuple((sent or {}).items()), body.encode() if body is not None else None, sends if body else ""
                ),
                RecordedResponse(
                    status, headers, text, (text or "").encode(), media_type, urljoin(url, location) if location else None
                ),
            )
        )
        self.clock = started + 150
        return self

    def source(self) -> Source:
        """The recording with every entry kept, each in a step of its own."""
        kept = tuple(e.index for e in self.entries)
        outline = tuple(StepOutline(f"Step {i + 1}", ((i,),)) for i in kept)
        return Source(Recording(self.name, tuple(self.entries)), Selection(kept), outline)


def imported(*sessions: Session) -> Imported:
    """What importing the sessions gives."""
    return import_recordings([s.source() for s in sessions], "Test", "files")


def sent(result: Imported, position: int) -> Request:
    """The request at a position of the first journey."""
    return list(requests(result.plan.journeys[0]))[position]


def expected(result: Imported, position: int) -> list[str]:
    """What is expected of the answer to a request, as an intent says it."""
    return [expectation(e).removeprefix("expect ") for e in sent(result, position).expectations]


def verdicts(result: Imported) -> list[tuple[str, str]]:
    """Verdict and name of every decision, cookies and addresses left out."""
    return [(d.verdict, d.variable) for d in result.decisions if d.verdict not in ("cookie jar", "environment")]


def proved(result: Imported) -> bool:
    """Whether P0, P1 and P2 held on every recording."""
    return all(not proof.findings for _, proof in result.proofs)
