"""Where commands write: never over what they read, never in the place of a device or a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadwright.compiler.cli.import_ import import_
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
