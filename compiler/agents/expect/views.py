"""Pages that lead to a view of themselves, or are shown as they are: it depends on what the user has at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from loadwright.compiler.agents.expect.logins import leaves
from loadwright.compiler.recording.model import Entry


def shown_at_other_times(entries: Sequence[Entry]) -> frozenset[int]:
    """Redirects of a page to its own address with another query, where the same session was shown the page itself later.

    `/lists/` leads to `/lists/?all` as long as the user has no list. One that leads elsewhere (to a log-in) is none.
    """
    found: set[int] = set()
    led: dict[str, list[int]] = {}
    for entry in entries:
        url = entry.request.url
        if led and leaves(entry):
            led = {}
        elif entry.request.method != "GET":
            continue
        elif entry.response.status == 200 and url in led and "html" in entry.response.media_type:
            found.update(led.pop(url))
        elif 300 < entry.response.status < 304 and _leads_to_itself(entry):
            led.setdefault(url, []).append(entry.index)
    return frozenset(found)


def asked_after_leaving(entries: Sequence[Entry]) -> frozenset[int]:
    """What is asked for between a log-out and the next thing that is sent: what the browser still has says nothing of it."""
    found: set[int] = set()
    has_left = False
    for entry in entries:
        if leaves(entry):
            has_left = True
        elif entry.request.method != "GET":
            has_left = False
        elif has_left:
            found.add(entry.index)
    return frozenset(found)


def _leads_to_itself(entry: Entry) -> bool:
    try:
        there = urlsplit(urljoin(entry.request.url, entry.response.redirect or entry.request.url))
    except ValueError:  # no address at all
        return False
    here = urlsplit(entry.request.url)
    return there[:3] == here[:3] and there.query != here.query
