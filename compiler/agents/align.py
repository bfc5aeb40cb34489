"""Two recordings of one journey side by side: what changed between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import path_template

SAME_JOURNEY = 0.6
"""The share of requests that must match for two recordings to be of one journey."""


def shape(entry: Entry) -> tuple[str, str, str]:
    """What stays the same of a request from one session to the next: method, host, path without ids."""
    url = urlsplit(entry.request.url)
    return entry.request.method, url.netloc, path_template(url.path)


def same_journey(first: Sequence[Entry], second: Sequence[Entry]) -> bool:
    """Whether two recordings are of the same journey."""
    return _matcher(first, second).ratio() >= SAME_JOURNEY


def aligned(first: Sequence[Entry], second: Sequence[Entry]) -> dict[int, int]:
    """Entry of the first recording: the entry of the second that makes the same request."""
    pairs: dict[int, int] = {}
    for block in _matcher(first, second).get_matching_blocks():
        for offset in range(block.size):
            pairs[first[block.a + offset].index] = second[block.b + offset].index
    return pairs


def changes(
    first: Mapping[int, Sequence[Site]], second: Mapping[int, Sequence[Site]], pairs: dict[int, int]
) -> dict[tuple[int, str, str], bool]:
    """For each site (entry, location, key) that both recordings have: whether its value differs."""
    found: dict[tuple[int, str, str], bool] = {}
    for entry, partner in pairs.items():
        values: dict[tuple[str, str], Site] = {site.identity: site for site in second.get(partner, ())}
        for site in first.get(entry, ()):
            if site.identity in values:
                found[(entry, *site.identity)] = values[site.identity].value != site.value
    return found


def _matcher(first: Sequence[Entry], second: Sequence[Entry]) -> SequenceMatcher[tuple[str, str, str]]:
    return SequenceMatcher(None, [shape(e) for e in first], [shape(e) for e in second], autojunk=False)
