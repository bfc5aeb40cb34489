"""`loadwright scrub`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadwright.compiler.cli.scrub import scrub
from loadwright.compiler.diagnostics import LoadwrightError

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"


def test_it_writes_a_recording_and_says_what_was_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "clean.har"
    assert scrub(SHOP / "checkout-1.har", output, "seed") == 0
    said = capsys.readouterr().out
    assert "1 password" in said
    assert "3 cookies" in said
    assert "wonderland-7" not in said + output.read_text()
    before, after = (json.loads(p.read_bytes())["log"]["entries"] for p in (SHOP / "checkout-1.har", output))
    assert [e["startedDateTime"] for e in before] == [e["startedDateTime"] for e in after]


def test_without_a_seed_no_two_runs_are_alike(tmp_path: Path) -> None:
    for name in ("a.har", "b.har"):
        scrub(SHOP / "pkce-1.har", tmp_path / name)
    assert (tmp_path / "a.har").read_bytes() != (tmp_path / "b.har").read_bytes()


def test_it_never_overwrites_the_original(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes((SHOP / "pkce-1.har").read_bytes())
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, path, "seed")
    assert raised.value.diagnostics[0].code == "scrub-same-file"


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text("[]")
    with pytest.raises(LoadwrightError) as raised:
        scrub(path, tmp_path / "b.har")
    assert raised.value.diagnostics[0].code == "har-no-har"
    assert not (tmp_path / "b.har").exists()
