"""A HAR is decoded entry by entry, and as a whole where that does not go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.pieces import Pieces, log_in_pieces

ENTRY = {
    "startedDateTime": "2024-01-01T00:00:00.000Z",
    "time": 5,
    "request": {"method": "GET", "url": "http://a.test/", "headers": []},
    "response": {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text": "gr\u00fc\u00df"}},
}


def written(folder: Path, text: str) -> Path:
    path = folder / "some.har"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries_are_decoded_when_they_are_asked_for(tmp_path: Path) -> None:
    log = log_in_pieces(written(tmp_path, json.dumps({"log": {"creator": {"name": "c"}, "entries": [ENTRY, 1, None]}})))
    assert log is not None
    entries = log["entries"]
    assert isinstance(entries, Pieces)
    assert list(entries) == [ENTRY, 1, None]
    assert (entries[0], entries[-1], len(entries), list(entries[1:])) == (ENTRY, None, 3, [1, None])
    assert (log["creator"], log["pages"]) == ({"name": "c"}, None)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"log": []}', '{"log": {"entries": {}}}', '{"log": {"entries": [1,]}}', '{"log": NaN}']
)
def test_what_is_no_har_is_left_to_the_reader_that_says_why(tmp_path: Path, text: str) -> None:
    assert log_in_pieces(written(tmp_path, text)) is None
    assert log_in_pieces(tmp_path / "missing.har") is None


def test_entries_are_given_whole_while_their_memory_is_given_back(tmp_path: Path) -> None:
    items = [{"position": position, "text": f"{position % 7}" * 300_000} for position in range(40)]
    log = log_in_pieces(written(tmp_path, "\ufeff" + json.dumps({"log": {"entries": items, "pages": [1]}})))
    assert log is not None
    assert isinstance(log["entries"], Pieces)
    assert (list(log["entries"].used_up()), log["pages"]) == (items, [1])


def test_an_entry_that_is_no_strict_json_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "loose.har"
    good = json.dumps({"log": {"entries": [ENTRY, ENTRY]}}, ensure_ascii=False).encode()
    path.write_bytes(good.replace("gr\u00fc\u00df".encode(), b"gr\xfc", 1))
    recording, warnings = read_har(path)
    assert [e.response.text for e in recording.entries] == ["gr\ufffd", "gr\u00fc\u00df"]
    assert "har-loose-json" in [w.code for w in warnings]


def test_a_body_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "one.har"
    path.write_text(json.dumps({"log": {"entries": [ENTRY]}}), encoding="utf-8")
    response = read_har(path)[0].entries[0].response
    assert (response.text, response.raw, response.data) == ("gr\u00fc\u00df", b"", "gr\u00fc\u00df".encode())


def test_equal_bodies_are_one_object(tmp_path: Path) -> None:
    entries = read_har(written(tmp_path, json.dumps({"log": {"entries": [ENTRY, ENTRY]}})))[0].entries
    assert entries[0].response.text is entries[1].response.text
