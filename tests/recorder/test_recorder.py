"""Parts of recording: what is missing is said, flow files are read, and what is not the journey's is left out."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.cli.record import record
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.recorder import mitmdump
from loadwright.compiler.recorder.browser import Proxy, find, start
from loadwright.compiler.recorder.entries import Mark, assemble
from loadwright.compiler.recorder.flows import read_flows
from loadwright.compiler.recorder.session import Wish
from loadwright.compiler.recorder.session import record as record_session

FLOWS = Path(__file__).parents[1] / "sources" / "cases" / "mitmproxy" / "shop.flow"


def refused(error: pytest.ExceptionInfo[LoadwrightError]) -> str:
    assert error.value.diagnostics[0].hint
    return error.value.diagnostics[0].code


def entry(url: str, second: int, **more: object) -> dict[str, Any]:
    response = {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text": "<p>"}}
    started = f"2026-01-01T00:00:{second:02}.000000+00:00"
    return {"startedDateTime": started, "time": 5, "request": {"method": "GET", "url": url}, "response": response, **more}


def test_without_mitmproxy_the_way_to_get_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(mitmdump.VARIABLE, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(LoadwrightError) as caught:
        read_flows(FLOWS)
    assert refused(caught) == "recorder-missing"
    assert "pip install" in caught.value.diagnostics[0].hint


def test_a_mitmproxy_that_does_not_start_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "mitmdump"
    broken.write_text("#!/bin/sh\necho no license\nexit 1\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv(mitmdump.VARIABLE, str(broken))
    with pytest.raises(LoadwrightError) as caught:
        record_session(Wish("http://127.0.0.1:9/", Path("/bin/true")), (), lambda _: None)
    assert refused(caught) == "recorder-failed"
    assert "no license" in caught.value.diagnostics[0].message


def test_a_browser_that_is_missing_or_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoadwrightError) as caught:
        find("no-such-browser")
    assert refused(caught) == "browser-missing"
    no_program = tmp_path / "chromium"
    no_program.write_text("", "utf-8")
    with pytest.raises(LoadwrightError) as caught:
        start(no_program, "http://127.0.0.1/", Proxy(1, "", tmp_path / "ca.pem"), tmp_path, headless=True)
    assert refused(caught) == "browser-missing"


def test_firefox_gets_a_profile_that_goes_through_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # without certutil, pages over http can still be recorded
    browser = tmp_path / "firefox"
    browser.write_text('#!/bin/sh\necho "$@" > "${0%/*}/arguments"\n', "utf-8")
    browser.chmod(0o755)
    process = start(browser, "http://127.0.0.1/", Proxy(4711, "", tmp_path / "ca.pem"), tmp_path, headless=True)
    assert process.wait(10) == 0
    assert (tmp_path / "arguments").read_text("utf-8").endswith("-headless http://127.0.0.1/\n")
    settings = (tmp_path / "user.js").read_text("utf-8")
    assert 'user_pref("network.proxy.http_port", 4711);' in settings
    assert 'user_pref("network.proxy.no_proxies_on", "");' in settings
    with pytest.raises(LoadwrightError) as caught:
        start(browser, "https://shop.test/", Proxy(4711, "", tmp_path / "ca.pem"), tmp_path, headless=True)
    assert "certutil" in caught.value.diagnostics[0].message


@pytest.mark.parametrize("url", ["shop.test", "ftp://shop.test/", "http://", "http://shop.test:x/"])
def test_a_url_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(LoadwrightError) as caught:
        record(url, tmp_path / "x.har", None, (), (), insecure=False, headless=True)
    assert refused(caught) == "bad-option"


def test_a_file_that_is_no_flows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.flow").write_bytes(b"12:no flows;")
    with pytest.raises(LoadwrightError) as caught:
        read_flows(tmp_path / "x.flow")
    assert refused(caught) == "flows-unreadable"


def test_of_a_damaged_file_what_stands_before_the_damage_is_read(tmp_path: Path) -> None:
    data = FLOWS.read_bytes()
    (tmp_path / "x.flow").write_bytes(data[: len(data) * 2 // 3])
    recording, warnings = read_flows(tmp_path / "x.flow")
    assert [w.code for w in warnings] == ["flows-damaged"]
    assert 1 <= len(recording.entries) < 4


def test_other_sites_and_noise_are_left_out_with_their_count() -> None:
    lines = [
        entry("https://shop.example.com/", 1, _resourceType="document"),
        entry("https://api.shop.example.com/x", 2),
        entry("https://www.google-analytics.com/collect", 3),
        entry("https://update.googleapis.com/service/update2/json", 4),
        entry("https://cdn.other.net/a.css", 5),
        entry("https://keep.other.net/a.css", 6),
        entry("https://static.shop.example.com/a.js", 7),
        {"port": 1, "key": "x"},
    ]
    made = assemble(lines, (), ignored=("static.shop.example.com",), asked=("keep.other.net",))
    hosts = [e["request"]["url"].split("/")[2] for e in made.document["log"]["entries"]]
    assert hosts == ["shop.example.com", "api.shop.example.com", "keep.other.net"]
    assert sum(count for _, count in made.left_out) == 4
    assert ("static.shop.example.com:443: ignored as asked", 1) in made.left_out


def test_the_browsers_own_traffic_is_no_journey_though_nothing_else_was_recorded() -> None:
    lines = [entry("http://clients2.google.com/time/1/current", 1)]
    assert assemble(lines, (), asked=("shop.test",)).kept == 0
    assert assemble(lines, (), asked=("clients2.google.com",)).kept == 1


def test_what_was_typed_marks_the_entries_that_follow() -> None:
    lines = [entry("http://shop.test/a", 10), entry("http://shop.test/b", 20), entry("http://shop.test/c", 30)]
    at = 1767225600.0  # 2026-01-01T00:00:00Z
    log = assemble(lines, (Mark("Second", at + 15), Mark("Third", at + 25)))
    entries = log.document["log"]["entries"]
    assert [e.get("pageref") for e in entries] == [None, "step_1", "step_2"]
    assert [page["title"] for page in log.document["log"]["pages"]] == ["Second", "Third"]
    json.dumps(log.document)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_flows_with_flipped_bytes_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(FLOWS.read_bytes())
    for _ in range(20):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "x.flow").write_bytes(bytes(data))
    try:
        recording, _ = read_flows(tmp_path / "x.flow")
    except LoadwrightError as error:
        codes = {d.code for d in error.diagnostics}
    else:
        codes = {"flows-unreadable"} if recording.entries else set()
    assert codes == {"flows-unreadable"}
