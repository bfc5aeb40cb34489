"""The files that an import is given: alike in name, the same one twice, in any order, with a clock that jumps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.prove import ProveOptions, prove
from loadwright.compiler.cli.rotate import script_of
from loadwright.compiler.diagnostics import LoadwrightError

FIRST = "visit=4f9a8c7e6b5d3f2a1c0e"
SHOP = Path("examples/shop/recordings").resolve()


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(LoadwrightError) as raised:
        work()
    return raised.value.diagnostics[0].code


def changed(path: Path, change: Callable[[list[dict[str, Any]]], None], name: str = "checkout-1.har") -> Path:
    document = json.loads((SHOP / name).read_bytes())
    change(document["log"]["entries"])
    path.write_text(json.dumps(document))
    return path


def brought(entries: list[dict[str, object]]) -> None:
    """A cookie that the browser had before."""
    request = entries[0]["request"]
    assert isinstance(request, dict)
    request["headers"].append({"name": "Cookie", "value": "remembered=4f9a8c7e6b5d3f2a1c0e"})


def intent_of(recordings: list[Path], folder: Path, name: str) -> str:
    (folder / name).mkdir(parents=True)
    import_(recordings, folder / name / "shop.intent")
    return (folder / name / "shop.intent").read_text()


def test_a_recording_and_its_copy_show_nothing_of_what_changes(tmp_path: Path) -> None:
    first, copy, intent = SHOP / "checkout-1.har", tmp_path / "copy.har", tmp_path / "x.intent"
    copy.write_bytes(first.read_bytes())
    assert code_of(lambda: import_([first, first], intent)) == "same-recording"
    assert code_of(lambda: import_([first, copy], intent)) == "same-recording"
    assert code_of(lambda: script_of(first, [copy])) == "same-recording"
    sorted_anew = changed(tmp_path / "sorted.har", lambda entries: entries.reverse())
    assert code_of(lambda: import_([first, sorted_anew], intent)) == "same-recording"
    import_([first], intent)
    assert code_of(lambda: prove(intent, [first, copy], ProveOptions("P3"))) == "same-recording"


def test_recordings_called_alike_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for number in (1, 2):
        (tmp_path / f"day{number}").mkdir()
        paths.append(tmp_path / f"day{number}" / "checkout.har")
        paths[-1].write_bytes((SHOP / f"checkout-{number}.har").read_bytes())
    alike = intent_of(paths, tmp_path, "alike")
    said = capsys.readouterr().out
    assert f"{paths[0]}: " in said
    apart = intent_of([SHOP / "checkout-1.har", SHOP / "checkout-2.har"], tmp_path, "apart")
    told = capsys.readouterr().out
    assert alike == apart
    assert said[said.index("Journey:") :].partition("wrote")[0] == told[told.index("Journey:") :].partition("wrote")[0]


def test_two_journeys_are_counted_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_([SHOP / "checkout-1.har", SHOP / "pkce-1.har"], tmp_path / "x.intent")
    said = capsys.readouterr().out
    assert "2 journeys: " in said
    assert "33 of 33 requests equal" in said


@pytest.mark.parametrize("name", ["checkout-1.har", "pkce-1.har"])
def test_the_order_of_entries_in_the_file_decides_nothing(tmp_path: Path, name: str) -> None:
    backward = changed(tmp_path / name, lambda entries: entries.reverse(), name)
    texts = (intent_of([path], tmp_path, word) for path, word in ((SHOP / name, "a"), (backward, "b")))
    before, after = (sorted(re.sub("entry-[0-9]+", "entry-N", text).split("\n")) for text in texts)
    assert after == before


def test_a_long_pause_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def later(entries: list[dict[str, object]]) -> None:
        for entry in entries[-15:]:
            entry["startedDateTime"] = str(entry["startedDateTime"]).replace("2026", "2028")

    import_([changed(tmp_path / "a.har", later)], tmp_path / "x.intent")
    assert "warning[long-pause]" in capsys.readouterr().err


def test_a_cookie_without_a_source_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_([changed(tmp_path / "a.har", brought)], tmp_path / "x.intent", report=tmp_path / "x.html") == 1
    assert '<p>Used in <span class="dim">entry 0 GET /</span></p>' in (tmp_path / "x.html").read_text()
    assert "Unresolved: cookie remembered\n" in capsys.readouterr().out


def test_where_nothing_is_left_the_reasons_are_told(tmp_path: Path) -> None:
    def tunnels(entries: list[dict[str, object]]) -> None:
        for entry in entries:
            entry["request"] = {"method": "CONNECT", "url": "https://shop.test:443/"}

    def port_of_none(entries: list[dict[str, object]]) -> None:
        for entry in entries:
            entry["request"] = {"method": "GET", "url": "http://shop.test:0/"}

    for change, told in ((tunnels, "CONNECT"), (port_of_none, "no usable request"), (list.clear, "no usable request")):
        with pytest.raises(LoadwrightError) as raised:
            import_([changed(tmp_path / "a.har", change)], tmp_path / "x.intent")
        (found,) = raised.value.diagnostics
        assert found.code == "nothing-to-import"
        assert told in found.message


def test_a_second_recording_of_the_same_session_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [changed(tmp_path / name, brought, name) for name in ("checkout-1.har", "checkout-2.har")]
    import_(paths, tmp_path / "x.intent")
    assert "warning[same-session]" in capsys.readouterr().err


def test_a_recording_of_two_sessions_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def without_cookies(entries: list[dict[str, Any]]) -> None:
        pages = [entry for entry in entries if entry["request"]["method"] == "GET" and "<title>" in str(entry["response"])]
        for page, session in zip((pages[0], pages[1], pages[-1]), (FIRST, FIRST, "visit=0c1d2e3f4a5b6c7d8e9f"), strict=True):
            page["request"]["headers"] = [{"name": "Accept", "value": "text/html"}]
            page["response"]["headers"].append({"name": "Set-Cookie", "value": f"{session}; Path=/"})
        pages[1]["request"]["headers"].append({"name": "Cookie", "value": FIRST})

    import_([changed(tmp_path / "a.har", without_cookies)], tmp_path / "x.intent")
    assert "warning[session-begins-anew]" in capsys.readouterr().err


def test_without_answers_no_proof_is_claimed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.txt").write_text("curl http://shop.test/\n")
    import_([tmp_path / "one.txt"], tmp_path / "x.intent")
    said = capsys.readouterr().out
    assert "one.txt: 1 step\n" in said
    assert "Journey: 1 step, 1 of 1 entries kept\n" in said
    assert "Proof: none, since no answer is known; 1 of 1 requests equal the recording\n" in said
