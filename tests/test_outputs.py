"""Where commands write: never over what they read, never in the place of a device or a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.outputs import require_places
from loadwright.compiler.cli.prove import ProveOptions, prove
from loadwright.compiler.diagnostics import LoadwrightError

RECORDING = Path("examples/shop/recordings/checkout-1.har").resolve()


def refused(outputs: list[Path | None], read: list[Path]) -> str:
    with pytest.raises(LoadwrightError) as raised:
        require_places(outputs, read)
    (found,) = raised.value.diagnostics
    assert found.code == "bad-output"
    return found.message


def test_what_is_read_is_not_overwritten(tmp_path: Path) -> None:
    recording = tmp_path / "a.har"
    recording.write_text("{}")
    (tmp_path / "link.har").symlink_to(recording)
    assert "which is read" in refused([recording], [recording])
    assert "which is read" in refused([tmp_path / "x.intent", tmp_path / "link.har"], [recording])
    assert "two outputs" in refused([tmp_path / "x.intent", None, tmp_path / "." / "x.intent"], [recording])
    require_places([tmp_path / "x.intent", None, tmp_path / "new" / "x.html"], [recording])


def test_an_import_over_its_recording_leaves_it(tmp_path: Path) -> None:
    recording = tmp_path / "a.har"
    recording.write_bytes(before := RECORDING.read_bytes())
    for output, report in ((recording, None), (tmp_path / "x.intent", recording), (tmp_path / "x.intent", tmp_path / "x.intent")):
        with pytest.raises(LoadwrightError):
            import_([recording], output, report=report)
    assert recording.read_bytes() == before
    assert not (tmp_path / "x.intent").exists()


def test_a_report_does_not_overwrite_the_intent(tmp_path: Path) -> None:
    intent = tmp_path / "x.intent"
    intent.write_text(text := 'intent "X"\n')
    with pytest.raises(LoadwrightError):
        prove(intent, [RECORDING], ProveOptions(report=intent))
    assert intent.read_text() == text


def test_folders_pipes_and_standard_output_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    (tmp_path / "file").touch()
    assert "is a folder" in refused([tmp_path], [])
    assert "is no file" in refused([pipe], [])
    assert "is no file" in refused([Path("-")], [])
    assert "is no folder" in refused([tmp_path / "file" / "x.intent"], [])


def test_an_import_writes_the_text_form_alone(tmp_path: Path) -> None:
    with pytest.raises(LoadwrightError) as raised:
        import_([RECORDING], tmp_path / "x.yaml")
    assert raised.value.diagnostics[0].code == "bad-option"
    assert "convert" in raised.value.diagnostics[0].hint


def test_an_intent_that_was_edited_by_hand_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "x.intent"
    for _ in range(2):
        assert import_([RECORDING], output) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-files", "x.intent"], "the same again is no loss"
    for number in (1, 2):
        output.write_text(f"# mine {number}\n")
        assert import_([RECORDING], output) == 0
        assert (tmp_path / f"x.intent.~{number}~").read_text() == f"# mine {number}\n"
        assert f"kept as x.intent.~{number}~" in capsys.readouterr().out


def test_an_import_that_breaks_off_while_it_proves_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("loadwright.compiler.cli.import_.prove_higher", broken)
    with pytest.raises(KeyboardInterrupt):
        import_([RECORDING], tmp_path / "x.intent", decisions=tmp_path / "d.json", plan=tmp_path / "x.plan.json")
    assert not list(tmp_path.iterdir())


def test_warnings_of_one_kind_are_shown_once_before_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    requests = "\n".join(f'    GET "/{n}?key=${{key}}"' for n in range(12))
    (tmp_path / "x.intent").write_text(
        f'intent "X"\ntarget app = "http://x.test"\nsecret key from env "KEY"\njourney x {{\n  step "S" {{\n{requests}\n  }}\n}}\n'
    )
    load_plan(tmp_path / "x.intent")
    told = capsys.readouterr().err
    assert told.count("secret-in-url") == 1
    assert "and 11 more of this kind: `loadwright check x.intent`" in told


def test_a_cookie_that_nothing_sets_is_told_in_the_intent(tmp_path: Path) -> None:
    def entry(second: int, path: str, status: int, cookie: str = "") -> dict[str, object]:
        headers = [{"name": "Cookie", "value": cookie}] if cookie else []
        request = {"method": "GET", "url": f"http://x.test{path}", "headers": headers}
        content = {"mimeType": "text/html", "text": "<title>Start</title>"}
        response = {"status": status, "headers": [], "content": content}
        return {"startedDateTime": f"2026-01-01T00:00:0{second}Z", "time": 1, "request": request, "response": response}

    entries = [entry(0, "/", 200), entry(2, "/in", 200, "ticket=q8Zr4kLw9sXvB2hN7tYcQ1mD"), entry(4, "/soon", 103)]
    (tmp_path / "a.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    assert import_([tmp_path / "a.har"], tmp_path / "x.intent") == 1
    text = (tmp_path / "x.intent").read_text()
    assert "# unresolved: the cookie ticket is not sent" in text
    assert "q8Zr4kLw9sXv" not in text
    assert "status 103" not in text, "no runtime shows it to a test"
