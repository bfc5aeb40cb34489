"""Pages with a service worker: what they ask through it stands twice, and counts once, with its answer."""

from __future__ import annotations

from typing import Any

from loadwright.compiler.recording.har import read_log
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.select import select

URL = "http://shop.test/list?type=user"


def entry(
    at: int, lasts: int, *, worker: bool = False, text: str | None = None, size: int = 0, status: int = 200
) -> dict[str, Any]:
    content = {"mimeType": "text/html", "size": len(text or ""), **({"text": text} if text else {})}
    raw = {
        "startedDateTime": f"2026-11-26T18:48:{at // 1000:02}.{at % 1000:03}Z",
        "time": lasts,
        "request": {"method": "GET", "url": URL, "headers": [], "queryString": []},
        "response": {"status": status, "headers": [], "content": content, "redirectURL": "", "_transferSize": size},
        "_resourceType": "fetch" if worker else "document",
    }
    return raw | ({"_serviceWorkerRef": "worker@1"} if worker else {})


def read(*entries: dict[str, Any]) -> Recording:
    return read_log({"version": "1.2", "creator": {"name": "Playwright", "version": "1"}, "entries": list(entries)}, "one.har")[0]


def test_what_a_page_asks_through_its_worker_is_the_page_s_and_has_its_answer() -> None:
    recording = read(
        entry(1000, 100, text="<h1>First"),
        entry(1003, 80, worker=True, size=900),
        entry(1998, 1, worker=True, status=-1),  # cancelled, and asked once more
        entry(2000, 100, text="<h1>Second"),
        entry(2005, 80, worker=True, size=900),
    )
    selection = select(recording)
    assert selection.kept == (0, 3)
    assert {drop.entry: drop.reason for drop in selection.dropped} == {
        1: "sent by a service worker for a page, whose request is kept",
        2: "not answered: cancelled, blocked or refused",
        4: "sent by a service worker for a page, whose request is kept",
    }
    assert [recording.entries[n].response.text for n in (0, 3)] == ["<h1>First", "<h1>Second"]


def test_what_a_worker_asks_or_answers_by_itself_stays_what_it_is() -> None:
    recording = read(
        entry(1000, 100, text="<h1>From the worker's cache"),
        entry(5000, 50, worker=True, size=900, text="<h1>Fetched ahead"),
    )
    assert select(recording).kept == (1,)
    assert [one.resource for one in recording.entries] == ["document", "fetch"]


def test_an_answer_that_the_worker_alone_has_is_the_page_s() -> None:
    recording = read(entry(1000, 100), entry(1003, 80, worker=True, size=900, text="<h1>First"))
    assert recording.entries[0].response.text == "<h1>First"
