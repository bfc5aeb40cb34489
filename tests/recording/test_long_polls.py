"""Requests that wait for something new: a test does not, and they hide no pause of the user's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.long_polls import WAITED
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select

Make = Callable[..., dict[str, Any]]
Read = Callable[..., tuple[Recording, list[Diagnostic]]]
KEYS = "https://shop.example.com/v1/keys"
TOLD = [{"name": "X-Store-Index", "value": "22"}]


def asked(entry: Make, start: float, time: float, query: str, told: list[dict[str, str]] | None = None) -> dict[str, Any]:
    made = entry(start, time, "GET", f"{KEYS}{query}", 200, "xhr", text="[]")
    made["response"]["headers"] = told or []
    return made


def changed(entry: Make, start: float) -> dict[str, Any]:
    return entry(start, 20, "PUT", f"{KEYS}/pump", 200, "xhr", text="true", post={"mimeType": "text/plain", "text": "Pump"})


def test_a_long_poll_is_left_out_and_the_user_s_pause_is_seen(entry: Make, read: Read) -> None:
    entries = [asked(entry, 0, 10, "?dc=quay", TOLD), asked(entry, 20, 2500, "?dc=quay&index=22"), changed(entry, 2500)]
    recording, _ = read(*entries)
    chosen = select(recording)
    assert [(drop.entry, drop.reason) for drop in chosen.dropped] == [(1, WAITED)]
    assert [len(step.groups) for step in outline(recording, chosen.kept)] == [1, 1]


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([(0, 10, "?dc=quay", TOLD), (20, 10, "?dc=quay&index=22", None)], "answered at once"),
        ([(0, 10, "?dc=quay", TOLD), (20, 2500, "?dc=quay&index=23", None)], "another number than the answer told"),
        ([(0, 10, "?dc=quay", TOLD), (20, 2500, "?dc=reef&index=22", None)], "another request"),
        ([(0, 10, "?dc=quay", TOLD), (20, 2500, "?dc=quay&offset=22", None)], "another name"),
        ([(0, 2500, "?dc=quay&index=22", None)], "nothing was told"),
    ],
)
def test_what_is_slow_or_told_alone_is_no_long_poll(entry: Make, read: Read, entries: list[Any], why: str) -> None:
    recording, _ = read(*(asked(entry, *one) for one in entries))
    assert len(select(recording).kept) == len(entries), why


def test_a_poll_that_the_client_s_own_change_answers_waits_however_short(entry: Make, read: Read) -> None:
    recording, _ = read(asked(entry, 0, 10, "", TOLD), asked(entry, 20, 90, "?index=22"), changed(entry, 80))
    assert select(recording).kept == (0, 2)
