"""Which entry followed the redirect of which."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import wire_url

FOLLOWED_WITHIN = 2000.0
"""Milliseconds after the redirect's answer within which a client follows it by itself."""


def redirect_sources(entries: Iterable[Entry]) -> dict[int, int]:
    """For each entry that a redirect led to, the index of the entry that was redirected.

    A redirect is followed by the first later request for its target, within two seconds; order counts, not
    overlap in time, since some tools give a redirected request the start of the first one.
    """
    waiting: dict[str, Entry] = {}
    sources: dict[int, int] = {}
    for entry in entries:
        source = waiting.pop(entry.request.url, None)
        if source is not None and entry.started - source.ended <= FOLLOWED_WITHIN:
            sources[entry.index] = source.index
        if entry.response.redirect is not None:
            waiting[_as_requested(entry.response.redirect)] = entry
    return sources


def _as_requested(target: str) -> str:
    try:
        return wire_url(target)
    except ValueError:
        return target
