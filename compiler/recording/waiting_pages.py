"""Pages that wait for news in a stream of events, and then ask for themselves again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from loadwright.compiler.recording.kinds import is_document, is_stream
from loadwright.compiler.recording.model import Entry

_SECOND = 1000
_PATIENCE = 60
"""Seconds that a server is given at least: what took it a few in the recording takes longer under load."""
_SLOWER = 3
"""How much longer than recorded it may take."""


class Wait(Struct, frozen=True):
    """A request is sent again as long as its answer has this status."""

    status: int
    times: int
    wait: int = _SECOND
    """Milliseconds between two attempts."""


def waits(entries: Sequence[Entry], kept: Sequence[int]) -> dict[int, Wait]:
    """What a page asked for again once its stream had told it to, by entry; the stream itself is not in the test.

    The same page was asked for twice in a row, with a stream between and no change of the client's, and was answered with another
    status: what changed it was the server's own doing, which the stream told. A test without the stream can but ask until it is so.
    """
    found: dict[int, Wait] = {}
    staying = frozenset(kept)
    page: Entry | None = None
    listening = False
    for entry in entries:
        if is_stream(entry) and entry.index not in staying:
            listening = True
        elif entry.request.method not in ("GET", "HEAD", "OPTIONS"):
            listening, page = False, None
        elif is_document(entry):
            if page and listening and _is_answered_otherwise(page, entry):
                seconds = int((entry.started - page.ended) / _SECOND)
                found[entry.index] = Wait(page.response.status, max(_PATIENCE, _SLOWER * seconds))
            page, listening = entry, False
    return found


def _is_answered_otherwise(first: Entry, again: Entry) -> bool:
    return first.request.url == again.request.url and 0 < first.response.status < 300 <= again.response.status < 400
