"""Recordings of many tools and of real applications, where the folder ../shared/hars stands beside the checkout."""

from __future__ import annotations

import importlib.util
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select

HARS = Path(__file__).parents[2].parent / "shared" / "hars"
FILES = sorted([*HARS.glob("public/*.har"), *HARS.glob("public/*.har.xz"), *HARS.glob("recorded/*.har.xz")])
NO_HARS = {"haralyzer__single_entry.har", "mitmproxy__corrupt-brokenfile.har"}


def _load_check() -> Callable[[Recording], None]:
    spec = importlib.util.spec_from_file_location("hostile_rules", Path(__file__).with_name("test_hostile.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Recording], None] = module.check
    return found


def _unpacked(path: Path, folder: Path) -> Path:
    if path.suffix != ".xz":
        return path
    unpacked = folder / path.stem
    unpacked.write_bytes(lzma.decompress(path.read_bytes()))
    return unpacked


def _step_names(name: str, folder: Path) -> list[str]:
    recording, _ = read_har(_unpacked(HARS / "recorded" / f"{name}.har.xz", folder))
    return [step.name for step in outline(recording, select(recording).kept)]


if FILES:

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
    def test_every_recording_is_read_or_refused_with_a_reason(path: Path, tmp_path: Path) -> None:
        har = _unpacked(path, tmp_path)
        if path.name in NO_HARS:
            with pytest.raises(LoadwrightError) as caught:
                read_har(har)
            assert all(d.code and d.message and d.hint and d.where for d in caught.value.diagnostics)
        else:
            recording, warnings = read_har(har)
            assert all(w.code and w.message and w.place for w in warnings)
            _load_check()(recording)

    @pytest.mark.parametrize("session", ["oidc-web-1", "oidc-web-2"])
    def test_the_steps_of_an_openid_journey_are_its_actions(session: str, tmp_path: Path) -> None:
        assert _step_names(session, tmp_path) == [
            "Open home page",
            "Open Sign-in",
            "Submit Sign-in",
            "Submit Sign-in (2)",
            "Open notes",
            "Submit notes",
            "Submit notes {id} save",
            "Submit notes {id} delete",
            "Open Logout Request",
            "Submit end confirm",
        ]

    def test_the_steps_of_a_redmine_journey_are_its_actions(tmp_path: Path) -> None:
        assert _step_names("redmine-1", tmp_path) == [
            "Open login",
            "Submit login",
            "Open New issue",
            "Submit issues",
            "Update issues {id} edit",
            "Update issues {id}",
            "Open time entries new",
            "Submit time entries",
            "Open Issues",
            "Open Search",
            "Open issues {id}",
            "Delete issues {id}",
            "Delete issues {id} (2)",
            "Submit logout",
        ]

    @pytest.mark.parametrize(
        ("one", "other"),
        [("aspnet-1", "aspnet-2"), ("tomcat-1", "tomcat-2"), ("tomcat-1", "tomcat-mitm-1"), ("redmine-1", "redmine-2")],
    )
    def test_two_sessions_of_a_journey_have_the_same_steps(one: str, other: str, tmp_path: Path) -> None:
        names = _step_names(one, tmp_path)
        assert len(names) >= 14
        assert names == _step_names(other, tmp_path)
