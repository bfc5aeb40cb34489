"""Service workers: what a page asks through one stands twice in a recording, as the page's request and as the worker's."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace

from loadwright.compiler.recording.model import Entry

WORKER = "worker"
"""As what a reader gives an entry that a service worker sent."""
RELAYED = "relayed"
"""As what it counts where it is a page's request that went through the worker."""
_OWN = "fetch"
_SLACK = 5.0
"""Milliseconds by which the two may begin or end in the other order."""


def through_workers(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, in the order of their start, with what pages asked through a service worker as theirs.

    The page's has the answer, but no bytes that went over the network, as if a cache had answered; the worker's is the other way
    round. What a worker asks by itself, and what it answers by itself, stays as it is.
    """
    if not any(entry.resource == WORKER for entry in entries):
        return list(entries)
    asked: dict[tuple[str, str], deque[Entry]] = defaultdict(deque)
    for entry in entries:
        if entry.resource != WORKER and entry.response.status:
            asked[entry.request.method, entry.request.url].append(entry)
    found = {entry.index: entry for entry in entries}
    for entry in entries:
        if entry.resource != WORKER:
            continue
        pages = asked[entry.request.method, entry.request.url]
        while pages and pages[0].ended + _SLACK < entry.ended:
            pages.popleft()
        if entry.response.status and pages and pages[0].started <= entry.started + _SLACK:
            page = pages.popleft()
            response = page.response if page.response.has_body else entry.response
            found[page.index] = replace(page, from_cache=False, response=response)
            found[entry.index] = replace(entry, resource=RELAYED)
        else:
            found[entry.index] = replace(entry, resource=_OWN)
    return list(found.values())
