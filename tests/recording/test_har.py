"""Reading HAR files, needs nothing but the files in data/."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.diagnostics import LoadwrightError, Severity
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry, Recording, Upload, header

Read = Callable[..., Any]


def by_index(recording: Recording) -> dict[int, Entry]:
    return {entry.index: entry for entry in recording.entries}


# --- files that are no HAR --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "message", "place"),
    [
        (b"", "har-empty-file", "the file is empty", "rec.har"),
        (b"<html>", "har-no-json", "the file is no JSON", "rec.har:1:1"),
        (b'{"log": {"entries": [\n{"a": 1', "har-no-json", "the file is no JSON", "rec.har:2:8"),
        (b"[]", "har-no-har", "$ is no object", "rec.har"),
        (b"{}", "har-no-har", "$.log is missing", "rec.har"),
        (b'{"log": 3}', "har-no-har", "$.log is no object", "rec.har"),
        (b'{"log": {}}', "har-no-har", "$.log.entries is missing", "rec.har"),
        (b'{"log": {"entries": {}}}', "har-no-har", "$.log.entries is no array", "rec.har"),
        (b"\x1f\x8b\x08rest", "har-packed", "packed with gzip", "rec.har"),
        (b"\xfd7zXZ\x00rest", "har-packed", "packed with xz", "rec.har"),
        (b"[" * 200_000, "har-too-deep", "nested too deeply", "rec.har"),
    ],
)
def test_a_file_that_is_no_har_is_refused_with_its_place(
    tmp_path: Path, content: bytes, code: str, message: str, place: str
) -> None:
    path = tmp_path / "rec.har"
    path.write_bytes(content)
    with pytest.raises(LoadwrightError) as caught:
        read_har(path)
    (found,) = caught.value.diagnostics
    assert (found.code, found.where) == (code, place)
    assert message in found.message
    assert found.hint


def test_a_cut_off_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rec.har"
    path.write_text('{"log": {"entries": [{"request": {"url": "http://a')
    with pytest.raises(LoadwrightError) as caught:
        read_har(path)
    assert "cut off" in caught.value.diagnostics[0].hint or "export" in caught.value.diagnostics[0].hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadwrightError) as caught:
        read_har(tmp_path / "none.har")
    assert caught.value.diagnostics[0].code == "har-unreadable"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-16-le", "utf-16-be"],
)
def test_byte_order_marks_are_read_over(tmp_path: Path, data: Path, encode: Callable[[str], bytes]) -> None:
    path = tmp_path / "playwright.har"
    path.write_bytes(encode((data / "playwright.har").read_text()))
    assert read_har(path) == read_har(data / "playwright.har")


def test_lone_surrogates_and_not_a_number_are_read_over_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "rec.har"
    path.write_text(
        '{"log": {"entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "time": NaN, "request": {"method": "POST",'
        ' "url": "http://a/", "postData": {"mimeType": "text/plain", "text": "x\\ud800y"}},'
        ' "response": {"status": 200, "content": {"mimeType": "text/plain", "text": "\\ud83d\\ude00\\udc00"}}}]}}'
    )
    recording, warnings = read_har(path)
    assert recording.entries[0].request.body == "x\ufffdy".encode()
    assert recording.entries[0].response.text == "\U0001f600\ufffd"
    assert [w.code for w in warnings] == ["har-loose-json"]


# --- what tools write -------------------------------------------------------------------------------------------------


def test_a_chromium_recording_is_put_in_order_and_freed_of_its_quirks(data: Path) -> None:
    recording, warnings = read_har(data / "chrome.har")
    entries = by_index(recording)
    assert [(w.code, w.where) for w in warnings] == [("har-not-answered", "chrome.har entry 14")]
    assert recording.creator == "WebInspector 537.36"
    assert [e.started for e in recording.entries] == sorted(e.started for e in recording.entries)
    assert recording.entries[0].request.url == "https://shop.example.com/", "the fragment is no part of the request"
    assert not any(name.startswith(":") for e in recording.entries for name, _ in e.request.headers)
    assert entries[3].from_cache
    assert not entries[2].from_cache
    assert entries[11].resource == "websocket"
    assert entries[10].request.body == '{"item":"ü"}'.encode()
    login = entries[15]
    assert login.request.body == b"user=ann%20b&pw=s%2Bcret"
    assert login.response.redirect == "https://shop.example.com/account"
    assert [value for name, value in login.response.headers if name == "set-cookie"] == ["sid=1; Path=/", "lang=en; Path=/"]
    assert entries[16].started == login.ended, "a redirected request starts when the redirect was answered"
    assert entries[16].ended == login.ended + 90


def test_a_firefox_recording_gives_back_the_bytes_behind_its_text(data: Path) -> None:
    recording, warnings = read_har(data / "firefox.har")
    upload = by_index(recording)[2]
    assert warnings == []
    picture = b"GIF8\xff\xfe\x80\x00\r\n\xc3\xa9"
    assert upload.request.parts == (Upload("note", "étude".encode()), Upload("pic", picture, "a.gif", "image/gif"))
    assert not upload.request.body_missing
    assert upload.ended - upload.started == 50, "without a time, the timings are added up"
    assert by_index(recording)[1].from_cache
    assert by_index(recording)[0].request.body is None
    assert not by_index(recording)[0].request.body_missing


def test_a_charles_recording_gives_back_bodies_from_its_parameters(data: Path) -> None:
    recording, warnings = read_har(data / "charles.har")
    entries = by_index(recording)
    assert warnings == []
    assert entries[0].response.status == 0
    assert entries[1].response.text == '{"name":"Zoë"}'
    assert entries[2].request.body == b"q=a+b%26c&lang=d%C3%A9&empty="
    assert entries[2].response.redirect == "http://legacy.example.net:8080/done"
    assert entries[4].request.parts == (
        Upload("f", bytes(range(64)), "x.bin", "application/octet-stream"),
        Upload("note", b"QUJD"),
    )
    assert (entries[4].request.body or b"").startswith(
        b'------b1\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n'
    )


def test_a_playwright_recording_says_which_upload_it_lacks(data: Path) -> None:
    recording, warnings = read_har(data / "playwright.har")
    entries = by_index(recording)
    assert [(w.code, w.where, w.severity) for w in warnings] == [
        ("har-body-incomplete", "playwright.har entry 6", Severity.WARNING)
    ]
    assert entries[6].request.body_missing
    assert entries[6].request.parts == (Upload("file", b"", "report.pdf", "application/pdf"),)
    assert entries[2].response.status == 0
    assert entries[5].from_cache
    assert entries[0].response.media_type == ""
    assert entries[1].started == entries[0].ended


def test_a_mitmproxy_recording_gives_back_the_bytes_behind_its_text(data: Path) -> None:
    recording, warnings = read_har(data / "mitmproxy.har")
    assert warnings == []
    assert by_index(recording)[6].request.body == "name=é&ok=✓".encode()


def test_a_handmade_recording_is_filled_up_and_each_oddity_is_named(data: Path) -> None:
    recording, warnings = read_har(data / "handmade.har")
    entries = by_index(recording)
    assert sorted(entries) == [0, 1, 2, 3, 7]
    assert not recording.timed
    assert [(w.code, w.where) for w in warnings] == [
        ("har-no-method", "handmade.har entry 1"),
        ("har-body-conflict", "handmade.har entry 3"),
        ("har-no-url", "handmade.har entries 4, 5"),
        ("har-bad-entry", "handmade.har entry 6"),
        ("har-user-in-url", "handmade.har entry 7"),
        ("har-no-times", "handmade.har"),
        ("har-no-responses", "handmade.har"),
    ]
    assert [entries[i].request.method for i in (0, 1)] == ["GET", "POST"]
    assert entries[2].request.headers == (("X-One", "1"), ("X-Two", "true"), ("Cookie", "sid=s1"))
    assert entries[2].request.body == b"field%5B1%5D=a+b", "parameters that are encoded already are not encoded again"
    assert entries[3].request.body == b"a=1"
    assert entries[7].request.url == "https://api.example.com/private"
    assert header(entries[7].request.headers, "authorization") == "Basic YW5uOnB3"


# --- single oddities --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "milliseconds"),
    [
        ("1970-01-02T00:00:00.250Z", 86_400_250),
        ("1970-01-02T02:00:00+02:00", 86_400_000),
        ("1970-01-02T00:00:00", 86_400_000),
        ("1970-01-01T19:00:00.123456789-0500", 86_400_123.456),
        (86_400_000, 86_400_000),
    ],
)
def test_times_are_milliseconds_since_1970_in_any_zone(read: Read, started: object, milliseconds: float) -> None:
    recording, _ = read({"startedDateTime": started, "time": 5, "request": {"method": "GET", "url": "http://a/"}})
    assert recording.entries[0].started == pytest.approx(milliseconds, abs=0.001)
    assert recording.entries[0].ended == pytest.approx(milliseconds + 5, abs=0.001)


@pytest.mark.parametrize("started", [None, "yesterday", "", -5, [], "0001-01-01T00:00:00"])
def test_an_entry_without_a_start_follows_the_one_before_it(read: Read, entry: Read, started: object) -> None:
    odd = {**entry(0, 7, "GET", "http://a/odd"), "startedDateTime": started}
    recording, warnings = read(odd, entry(1000, 20, "GET", "http://a/1"), odd)
    assert [(e.index, e.started - 1_700_000_000_000) for e in recording.entries] == [(0, 1000), (1, 1000), (2, 1020)]
    assert [(w.code, w.where) for w in warnings] == [("har-no-start", "made.har entries 0, 2")]


def test_a_negative_time_is_replaced_by_the_timings(read: Read, entry: Read) -> None:
    recording, warnings = read({**entry(0, -3, "GET", "http://a/"), "timings": {"wait": 30, "receive": 12, "ssl": 99, "dns": -1}})
    assert recording.entries[0].ended - recording.entries[0].started == 42
    assert [w.code for w in warnings] == ["har-bad-time"]


@pytest.mark.parametrize("status", [None, -1, 0, "", "abc", 3, True, [], 1e300])
def test_a_status_that_is_none_means_not_answered(read: Read, entry: Read, status: object) -> None:
    odd = entry(0, 1, "GET", "http://a/")
    odd["response"]["status"] = status
    recording, _ = read(odd)
    assert recording.entries[0].response.status == 0


def test_hostile_header_values_cannot_start_a_new_line(read: Read) -> None:
    headers = [
        {"name": "X-A", "value": "one\r\nX-Evil: 1"},
        {"name": "Bad Name", "value": "1"},
        {"name": None, "value": "1"},
        {"name": "X-B", "value": None},
        {"name": "X-C", "value": {"a": 1}},
        {"name": "x-a", "value": "two"},
    ]
    recording, warnings = read({"request": {"method": "GET", "url": "http://a/", "headers": headers}})
    assert recording.entries[0].request.headers == (("X-A", "one X-Evil: 1"), ("X-B", ""), ("x-a", "two"))
    assert {w.code for w in warnings} == {"har-bad-header", "har-no-times", "har-no-responses"}


@pytest.mark.parametrize("url", ["http://[::1", "http://h:99999/", "http:///x", "https://a b/", "http://\udcff/"])
def test_an_entry_with_a_broken_url_is_left_out(read: Read, entry: Read, url: str) -> None:
    recording, warnings = read({"request": {"method": "GET", "url": url}}, entry(0, 1, "GET", "http://a/"))
    assert [e.index for e in recording.entries] == [1]
    assert ("har-bad-url", "made.har entry 0") in [(w.code, w.where) for w in warnings]


def test_base64_that_is_none_is_taken_as_text(read: Read, entry: Read) -> None:
    odd = entry(0, 1, "GET", "http://a/")
    odd["response"]["content"] = {"mimeType": "text/plain", "text": "§ not base64 §", "encoding": "base64"}
    recording, warnings = read(odd)
    assert recording.entries[0].response.text == "§ not base64 §"
    assert [w.code for w in warnings] == ["har-body-base64"]


def test_binary_answers_have_bytes_and_no_text(read: Read, entry: Read) -> None:
    odd = entry(0, 1, "GET", "http://a/p.png", kind="image")
    odd["response"]["content"] = {"mimeType": "image/png", "text": "iVBORw0KGgo=", "encoding": "base64"}
    recording, _ = read(odd)
    assert recording.entries[0].response.text is None
    assert recording.entries[0].response.data == b"\x89PNG\r\n\x1a\n"


def test_a_packed_answer_is_unpacked_up_to_a_limit(read: Read, entry: Read) -> None:
    import base64
    import gzip

    bomb = entry(0, 1, "GET", "http://a/")
    bomb["response"]["headers"] = [{"name": "Content-Encoding", "value": "gzip"}]
    packed = base64.b64encode(gzip.compress(b"a" * 70_000_000, 1)).decode()
    bomb["response"]["content"] = {"mimeType": "text/plain", "text": packed, "encoding": "base64"}
    recording, warnings = read(bomb)
    assert len(recording.entries[0].response.data) == 64 * 1024 * 1024
    assert [w.code for w in warnings] == ["har-body-packed"]


def test_a_charset_is_never_a_codec_that_is_none(read: Read, entry: Read) -> None:
    odd = entry(0, 1, "GET", "http://a/")
    for name in ("rot13", "idna", "unicode_escape", "punycode", "zlib", "none"):
        odd["response"]["content"] = {"mimeType": f"text/html; charset={name}", "text": "w6k=", "encoding": "base64"}
        assert read(odd)[0].entries[0].response.text == "é", name


def test_a_recording_without_bodies_says_that_little_can_be_done(read: Read, entry: Read) -> None:
    _, warnings = read(entry(0, 1, "GET", "http://a/", text=""))
    assert [w.code for w in warnings] == ["har-no-bodies"]


def test_a_recording_without_entries_is_read_with_a_warning(read: Read) -> None:
    recording, warnings = read()
    assert recording.entries == ()
    assert [w.code for w in warnings] == ["har-no-entries"]


def test_reading_is_deterministic(data: Path) -> None:
    for path in sorted(data.glob("*.har")):
        assert read_har(path) == read_har(path)


def test_a_recording_of_20_mb_is_read_in_two_seconds(tmp_path: Path, entry: Read) -> None:
    import time

    entries = [entry(i * 50, 40, "GET", f"http://a/{i}", text="é<b>x</b>" * 2000) for i in range(1000)]
    path = tmp_path / "big.har"
    path.write_text(json.dumps({"log": {"entries": entries}}))
    assert path.stat().st_size > 20_000_000
    before = time.process_time()
    recording, _ = read_har(path)
    assert time.process_time() - before < 2
    assert len(recording.entries) == 1000


def test_an_answer_of_unknown_size_had_a_body_where_bytes_arrived(tmp_path: Path) -> None:
    def answer(received: int) -> dict[str, object]:
        content = {"size": -1, "mimeType": "application/json"}
        return {"status": 200, "headers": [], "content": content, "bodySize": received}

    started = "2026-11-25T10:00:00Z"
    request = {"method": "GET", "url": "http://shop.test/", "headers": []}
    entries = [{"startedDateTime": started, "time": 1, "request": request, "response": answer(n)} for n in (35, 0)]
    path = tmp_path / "left.har"
    path.write_text(json.dumps({"log": {"entries": entries}}))
    recording, _ = read_har(path)
    assert [e.response.body_missing for e in by_index(recording).values()] == [True, False]
