"""What the tools of the wild do differently: each oddity is told with its entry, and the rest is read."""

from __future__ import annotations

import base64
import gzip
import json
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.fields import Notes
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.packed import unpack
from loadwright.compiler.recording.select import select

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<html><title>Ü</title></html>"


def entry(url: str = "https://shop.example.com/", status: int | None = 200, **content: object) -> dict[str, Any]:
    response: dict[str, Any] = {"status": status, "headers": [], "content": {"mimeType": "text/html", **content}}
    return {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 1,
        "request": {"method": "GET", "url": url, "headers": []},
        "response": response,
    }


def read(folder: Path, *entries: dict[str, Any], **log: object) -> tuple[Recording, list[Diagnostic]]:
    path = folder / "rec.har"
    path.write_text(json.dumps({"log": {"entries": entries, **log}}), encoding="utf-8")
    return read_har(path)


def packed(data: bytes, coding: str) -> dict[str, Any]:
    made = entry(text=base64.b64encode(data).decode(), encoding="base64")
    made["response"]["headers"] = [{"name": "Content-Encoding", "value": coding}]
    return made


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", gzip.compress(PAGE.encode(), mtime=0)),
        ("deflate", zlib.compress(PAGE.encode())),
        ("br", brotli.compress(PAGE.encode())),
        ("zstd", zstd.compress(PAGE.encode())),
        ("br", PAGE.encode()),
        ("gzip", PAGE.encode()),
    ],
    ids=["gzip", "deflate", "br", "zstd", "br not packed", "gzip not packed"],
)
def test_a_body_is_unpacked_where_the_recorder_left_it_packed(tmp_path: Path, coding: str, data: bytes) -> None:
    recording, warnings = read(tmp_path, packed(data, coding))
    assert warnings == []
    assert recording.entries[0].response.text == PAGE


BOMB = b" " * (80 * 1024 * 1024)


@pytest.mark.parametrize(
    ("coding", "data"),
    [("gzip", gzip.compress(BOMB, 1)), ("br", brotli.compress(BOMB, quality=1)), ("zstd", zstd.compress(BOMB))],
    ids=["gzip", "br", "zstd"],
)
def test_a_small_body_that_becomes_a_huge_one_is_cut_and_told(coding: str, data: bytes) -> None:
    notes = Notes("rec.har")
    tracemalloc.start()
    unpacked = unpack(data, coding, True, notes.at(0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(data) < len(BOMB) // 100
    assert len(unpacked) == 64 * 1024 * 1024
    assert peak < 4 * len(unpacked), "no more is unpacked than is kept"
    assert ["larger than 64 MiB" in warning.message for warning in notes.diagnostics()] == [True]


def test_many_bodies_that_become_huge_ones_are_cut_and_told() -> None:
    notes = Notes("rec.har", unpacked=512 * 1024 * 1024 - 10)
    page = gzip.compress(PAGE.encode(), mtime=0)
    assert [unpack(page, "gzip", True, notes.at(n)) for n in range(2)] == [PAGE.encode()[:10], b""]
    assert ["larger than 512 MiB" in warning.message for warning in notes.diagnostics()] == [True]


@pytest.mark.parametrize(
    ("coding", "data"), [("gzip", b"\x1f\x8bnothing"), ("br", b"\xff\xfe\xfd" * 9), ("zstd", b"\x28\xb5\x2f\xfdnothing")]
)
def test_a_body_that_cannot_be_unpacked_is_told(tmp_path: Path, coding: str, data: bytes) -> None:
    recording, warnings = read(tmp_path, entry(text="<p>"), packed(data, coding))
    assert [(w.code, w.where) for w in warnings] == [("har-body-packed", "rec.har entry 1")]
    assert len(recording.entries) == 2


@pytest.mark.parametrize("status", [0, -1, None])
def test_a_request_without_an_answer_is_told_and_left_out(tmp_path: Path, status: int | None) -> None:
    lost = entry("https://shop.example.com/lost", status)
    recording, warnings = read(tmp_path, entry(text="<p>"), lost, entry("https://blocked.example.net/x", status))
    assert [(w.code, w.where) for w in warnings] == [("har-not-answered", "rec.har entry 1")]
    assert "loadwright record" in warnings[0].hint
    assert select(recording).kept == (0,)


@pytest.mark.parametrize(
    ("kind", "on_the_page", "told"), [("stylesheet", False, True), ("fetch", False, False), ("stylesheet", True, False)]
)
def test_basic_authorization_that_a_page_lacks_is_told(tmp_path: Path, kind: str, on_the_page: bool, told: bool) -> None:
    credentials = {"name": "Authorization", "value": "Basic YW5uOnB3"}
    page, style = entry(text="<p>"), entry("https://shop.example.com/a.css", text="p {}")
    page["request"]["headers"] = [credentials] if on_the_page else []
    style["request"]["headers"] = [credentials, {"name": "Referer", "value": "https://shop.example.com/"}]
    style["_resourceType"] = kind
    _, warnings = read(tmp_path, page, style)
    assert [(w.code, w.where) for w in warnings] == ([("har-hidden-challenge", "rec.har entry 0")] if told else [])


def test_a_hidden_challenge_is_told(tmp_path: Path) -> None:
    made = entry(text="<p>")
    made["request"]["headers"] = [{"name": "Authorization", "value": 'Digest username="ann"'}]
    _, warnings = read(tmp_path, made)
    assert [(w.code, w.where) for w in warnings] == [("har-hidden-challenge", "rec.har entry 0")]
    asked = entry(status=401, text="<p>")
    asked["startedDateTime"] = "2025-12-31T00:00:00Z"
    assert read(tmp_path, asked, made)[1] == []


def test_fields_that_are_null_or_odd_are_read_over(tmp_path: Path) -> None:
    made = entry(text="<p>")
    made |= {"_initiator": {"type": "script", "stack": None}, "cache": None, "timings": None, "connection": None, "_priority": None}
    made["request"] |= {"cookies": None, "queryString": None, "postData": None, "httpVersion": None, "headersSize": None}
    made["response"] |= {"cookies": None, "redirectURL": None, "_error": None, "statusText": None}
    made["request"]["headers"] = [{"name": ":authority", "value": "shop.example.com"}, {"name": "X-Null", "value": None}]
    recording, warnings = read(tmp_path, made, pages=None, browser=None, comment=None)
    assert warnings == []
    assert recording.entries[0].request.headers == (("X-Null", ""),)


def test_the_steps_that_a_user_named_are_the_steps(tmp_path: Path) -> None:
    pages = [{"id": f"step_{n}", "title": title, "_step": True} for n, title in ((1, "Log in"), (2, "Pay {now} ${x}"), (3, ""))]
    entries = []
    for number, (path, page) in enumerate((("a", None), ("b", "step_1"), ("c", "step_1"), ("d.png", "step_2"), ("e", "step_3"))):
        made = entry(f"https://shop.example.com/{path}", text="<p>")
        made |= {"startedDateTime": f"2026-01-01T00:00:{number * 5:02}Z", "pageref": page, "_resourceType": "document"}
        entries.append(made)
    recording, _ = read(tmp_path, *entries, pages=pages)
    steps = outline(recording, select(recording).kept)
    assert [step.name for step in steps] == ["Open a", "Log in", "Pay now x", "Open e"]
    assert steps[1].groups == ((1,), (2,))


def test_an_answer_of_which_only_the_beginning_was_kept_is_told(tmp_path: Path) -> None:
    page = "<html>" + "Ü" * 20_000
    whole, latin = entry(text=page, size=len(page.encode())), entry(text=page, size=len(page.encode("latin-1")))
    small, unknown = entry(text="<html>", size=900), entry(text=page, size=-1)
    for read_whole in (whole, latin, small, unknown):
        assert "har-answer-cut" not in [d.code for d in read(tmp_path, read_whole)[1]]
    _, told = read(tmp_path, entry(text=page, size=1_500_000))
    assert [(d.code, d.place) for d in told] == [("har-answer-cut", "rec.har entry 0")]
