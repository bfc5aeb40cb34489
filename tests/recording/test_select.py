"""Which entries take part; needs nothing but the files in data/."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry, RecordedRequest, RecordedResponse, Recording
from loadwright.compiler.recording.select import select, summary_lines

Read = Callable[..., Any]


def reasons(recording: Any, **options: Any) -> dict[int, str]:
    return {drop.entry: drop.reason for drop in select(recording, **options).dropped}


def test_each_entry_of_a_page_load_is_kept_or_dropped_with_a_reason(data: Path) -> None:
    recording, _ = read_har(data / "chrome.har")
    selection = select(recording)
    assert selection.kept == (1, 0, 2, 10, 11, 15, 16)
    assert reasons(recording) == {
        3: "answered by the browser's cache",
        4: "a data: URL, which the browser answers by itself",
        5: "a blob: URL, which the browser answers by itself",
        6: "a chrome-extension: URL, which the browser answers by itself",
        7: "www.google-analytics.com:443: analytics",
        8: "fonts.gstatic.com:443: web fonts",
        9: "a CORS preflight, which only browsers send",
        12: "an icon or probe that the browser asks for by itself",
        13: "not modified (304): the browser had it in its cache",
        14: "not answered: cancelled, blocked or refused",
    }
    assert [(h.host, h.entries, h.kept, h.reason) for h in selection.hosts] == [
        ("shop.example.com:443", 10, 6, ""),
        ("www.google-analytics.com:443", 1, 0, "analytics"),
        ("fonts.gstatic.com:443", 1, 0, "web fonts"),
        ("api.example.com:443", 2, 1, ""),
    ]


def test_static_assets_can_be_dropped(data: Path) -> None:
    recording, _ = read_har(data / "chrome.har")
    assert select(recording, static="drop").kept == (1, 10, 11, 15, 16)
    assert reasons(recording, static="drop")[0] == "a static asset"


def test_websockets_can_be_dropped(data: Path) -> None:
    recording, _ = read_har(data / "chrome.har")
    assert reasons(recording, sockets="drop")[11] == "a WebSocket"


def test_hosts_that_are_asked_for_replace_the_choice(data: Path) -> None:
    recording, _ = read_har(data / "chrome.har")
    assert select(recording, hosts=["API.example.com"]).kept == (10,)
    assert select(recording, hosts=["api.example.com:443", "www.google-analytics.com"]).kept == (7, 10)
    assert reasons(recording, hosts=["api.example.com"])[1] == "shop.example.com:443: not among the hosts asked for"


def test_a_host_that_the_recording_does_not_have_is_refused(data: Path) -> None:
    recording, _ = read_har(data / "chrome.har")
    with pytest.raises(LoadwrightError) as caught:
        select(recording, hosts=["shop.example.org"])
    assert caught.value.diagnostics[0].code == "select-unknown-host"
    assert "shop.example.com:443" in caught.value.diagnostics[0].hint


def test_a_local_identity_provider_belongs_to_a_local_journey(data: Path) -> None:
    recording, _ = read_har(data / "playwright.har")
    assert select(recording).kept == (0, 1, 3, 4, 6)


def test_traffic_of_the_browser_itself_does_not_decide_the_host(data: Path) -> None:
    recording, _ = read_har(data / "mitmproxy.har")
    assert reasons(recording) == {0: "update.googleapis.com:80: the browser's own traffic"}


def test_an_identity_provider_on_another_site_is_kept_when_the_journey_comes_back(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 10, "GET", "https://shop.example.com/login", 302, location="https://login.idp.net/auth"),
        entry(20, 10, "GET", "https://login.idp.net/auth"),
        entry(2000, 10, "POST", "https://login.idp.net/auth", 302, location="https://shop.example.com/back"),
        entry(2020, 10, "GET", "https://shop.example.com/back"),
        entry(2050, 10, "GET", "https://cdn.idp.net/logo.png", kind="image"),
        entry(2060, 10, "GET", "https://pixel.other.org/1.png", kind="image"),
    )
    assert select(recording).kept == (0, 1, 2, 3)
    assert reasons(recording)[5] == "pixel.other.org:443: another site than example.com"


def test_a_page_on_another_site_that_the_journey_does_not_come_back_from_is_dropped(read: Read, entry: Read) -> None:
    recording, _ = read(entry(0, 10, "GET", "https://shop.example.com/"), entry(3000, 10, "GET", "https://news.other.org/"))
    assert select(recording).kept == (0,)


def test_an_api_on_another_site_is_kept_when_it_answers_the_page_with_json(read: Read, entry: Read) -> None:
    referer = [{"name": "Referer", "value": "https://shop.example.com/"}]
    recording, _ = read(
        entry(0, 10, "GET", "https://shop.example.com/"),
        entry(20, 10, "GET", "https://backend.other.org/items", kind="xhr", headers=referer),
        entry(25, 10, "POST", "https://api.segment.io/v1/track", kind="xhr", headers=referer),
    )
    assert select(recording).kept == (0, 1)


def test_an_options_request_that_is_no_preflight_is_kept(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 10, "OPTIONS", "http://a.test/posts", kind="xhr"),
        entry(
            0, 10, "OPTIONS", "http://a.test/cors", kind="xhr", headers=[{"name": "Access-Control-Request-Method", "value": "PUT"}]
        ),
    )
    assert select(recording).kept == (0,)


def test_a_recording_of_requests_alone_keeps_them(data: Path) -> None:
    recording, _ = read_har(data / "handmade.har")
    assert select(recording).kept == (0, 1, 2, 3, 7)


def test_the_summary_says_what_was_left_out_and_why(data: Path) -> None:
    recording, _ = read_har(data / "playwright.har")
    assert summary_lines(select(recording)) == (
        "5 of 7 entries kept",
        "  localhost:8080: 3 of 4 kept",
        "  127.0.0.1:9090: 2 of 2 kept",
        "  fonts.googleapis.com:443: 0 of 1 kept (web fonts)",
        "  left out 1: answered by the browser's cache",
    )


@pytest.mark.parametrize(
    ("method", "resource", "text", "lasted", "is_kept"),
    [
        ("POST", "fetch", "data: hello\n\n", 40_000, True),
        ("POST", "", None, 40_000, True),
        ("GET", "fetch", "data: hello\n\n", 300, True),
        ("GET", "fetch", "data: hello\n\n", 40_000, False),
        ("GET", "fetch", 'data: {"step":1}\n\ndata: {"msg":"close_stream"}\n\n', 40_000, True),
        ("GET", "fetch", "data: {}\r\n\r\ndata: [DONE]\r\n\r\n", 40_000, True),
        ("GET", "fetch", 'data: {"msg":"complete"}\n\ndata: {"step":1}\n\n', 40_000, False),
        ("GET", "fetch", None, 300, False),
        ("GET", "eventsource", "data: hello\n\n", 300, False),
    ],
)
def test_a_stream_of_events_that_answers_one_question_is_kept(
    method: str, resource: str, text: str | None, lasted: float, is_kept: bool
) -> None:
    request = RecordedRequest(method, "http://shop.test/ask")
    response = RecordedResponse(200, (), text, (text or "").encode(), "text/event-stream")
    entry = Entry(0, 0.0, lasted, request, response, resource=resource)
    reason = reasons(Recording("chat.har", (entry,))).get(0, "")
    assert reason == ("" if is_kept else "server-sent events: the answer is a stream without end, not supported yet")
