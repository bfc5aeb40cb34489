"""Pages that a stream of events tells when to ask again: a test, which reads no stream, asks until it is so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadwright.compiler.agents.importing import Source, import_recordings
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.plan.model import Retry
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.recording.waiting_pages import Wait, waits

Make = Callable[..., dict[str, Any]]
Read = Callable[..., tuple[Recording, list[Diagnostic]]]
PENDING = "https://yard.example.com/moor/pump"


def stream(entry: Make, start: float) -> dict[str, Any]:
    return entry(start, 60, "GET", "https://yard.example.com/api/moor/pump/news", 200, "eventsource", text="")


def moored(entry: Make, start: float = 12_000) -> list[dict[str, Any]]:
    """A page that waits, its stream, the page again, which leads on, and where to."""
    return [
        entry(0, 30, "GET", PENDING),
        stream(entry, 100),
        entry(start, 20, "GET", PENDING, 302, location="/berth/pump"),
        entry(start + 30, 20, "GET", "https://yard.example.com/berth/pump"),
    ]


def found(read: Read, entries: list[dict[str, Any]]) -> dict[int, Wait]:
    recording, _ = read(*entries)
    return waits(recording.entries, select(recording).kept)


@pytest.mark.parametrize(("start", "times"), [(12_000, 60), (40_000, 117)])
def test_what_a_stream_told_is_asked_for_until_it_is_so(entry: Make, read: Read, start: float, times: int) -> None:
    assert found(read, moored(entry, start)) == {2: Wait(200, times)}


def test_no_page_is_asked_for_again_where_something_else_may_have_changed_it(entry: Make, read: Read) -> None:
    page, news, again, berth = moored(entry)
    change = entry(6000, 20, "POST", "https://yard.example.com/api/moor", 200, "xhr")
    between = entry(6000, 20, "GET", "https://yard.example.com/yard")
    elsewhere = entry(12_000, 20, "GET", f"{PENDING}-2", 302, location="/berth/pump")
    for entries in ([page, again], [page, news, change, again], [page, news, between, again], [page, news, elsewhere]):
        assert found(read, [*entries, berth]) == {}


def test_a_page_that_is_the_same_again_was_reloaded(entry: Make, read: Read) -> None:
    page, news, _, berth = moored(entry)
    assert found(read, [page, news, entry(12_000, 20, "GET", PENDING), berth]) == {}


def test_the_test_asks_again(entry: Make, read: Read) -> None:
    recording, _ = read(*moored(entry))
    selection = select(recording)
    source = Source(recording, selection, outline(recording, selection.kept))
    journey = import_recordings([source], "Yard", "files").plan.journeys[0]
    assert [request.retry for request in requests(journey)] == [None, Retry(times=60, statuses=(200,), wait=1000), None]
