"""Failures inside a recording are told in the terminal, on the page and to programs, each at its root, without its secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.agents.expect.soft_failures import ADVICE
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.diagnostics import errors
from loadwright.compiler.intent import parse_intent

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"


def shop(folder: Path, **answers: dict[str, Any]) -> Path:
    """The shop's recording with the answers of some entries replaced (`e11={...}`)."""
    har = json.loads((SHOP / "checkout-1.har").read_text(encoding="utf-8"))
    for name, answer in answers.items():
        har["log"]["entries"][int(name[1:])]["response"] = answer
    path = folder / "session.har"
    path.write_text(json.dumps(har), encoding="utf-8")
    return path


def answer(text: str, media_type: str = "text/html", status: int = 200) -> dict[str, Any]:
    headers = [{"name": "Content-Type", "value": media_type}]
    return {"status": status, "headers": headers, "content": {"mimeType": media_type, "text": text, "size": len(text)}}


@pytest.fixture
def login_page() -> dict[str, Any]:
    har = json.loads((SHOP / "checkout-1.har").read_text(encoding="utf-8"))
    page: dict[str, Any] = har["log"]["entries"][7]["response"]
    return page


def test_a_failed_login_is_one_failure_everywhere(
    tmp_path: Path, login_page: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    recording = shop(tmp_path, e11=login_page, e22=answer('{"error": "log in"}', "application/json", 401))
    import_([recording], tmp_path / "t.intent", decisions=tmp_path / "d.json", report=tmp_path / "r.html")
    said = capsys.readouterr()
    line = "Failures in the recording: entry 11 POST /login: login failed (13 later requests follow from it)"
    assert line in said.out.splitlines()
    assert said.err.count("warning[recorded-failure]") == 1
    assert "--> session.har entry 11" in said.err
    assert "record again with a user and password that work" in said.err
    intent = (tmp_path / "t.intent").read_text(encoding="utf-8")
    note = "# failed in the recording: login failed, the answer is the login page again; 13 later requests follow from it"
    assert re.search(rf'{re.escape(note)}\n *POST "/login"', intent)
    assert errors(parse_intent(intent, "t.intent", None)[1]) == []
    failures = json.loads((tmp_path / "d.json").read_text())["failures"]
    assert [(f["entry"], f["rule"], len(f["follows"])) for f in failures] == [(11, "login failed", 13)]
    assert 22 in failures[0]["follows"]
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count('<article class="failure"') == 1
    assert page.count("follows from entry 11") == 13
    assert "13 later requests follow from it" in page


def test_what_shows_a_failure_is_quoted_with_its_secrets_masked(tmp_path: Path) -> None:
    token = "itm_a86559f4c12e"
    recording = shop(tmp_path, e24=answer(f'{{"error": "no {token} for wonderland-7"}}', "application/json"))
    import_([recording], tmp_path / "t.intent", report=tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    found = re.search(r'<article class="failure".*?</article>', page, re.DOTALL)
    assert found
    assert "<mark>&#34;error&#34;:</mark>" in found.group()
    assert "‹token, 16 characters›" in found.group()
    assert token not in page
    assert "wonderland-7" not in page


def test_the_summary_stays_within_ten_lines_however_much_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {f"e{n}": answer('{"error": "gone"}', "application/json") for n in (16, 22, 24, 25, 26)}
    import_([shop(tmp_path, **wrong)], tmp_path / "t.intent", report=tmp_path / "r.html")
    said = capsys.readouterr().out.rpartition("\n\n")[2].splitlines()
    assert len(said) <= 10
    line = next(line for line in said if line.startswith("Failures"))
    assert line.count("error payload") == 3
    assert line.endswith("and 2 more")


def test_programs_are_told_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str], login_page: dict[str, Any]) -> None:
    recording = shop(tmp_path, e11=login_page)
    assert import_([recording], tmp_path / "t.intent", as_json=True) == 1
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert [f["rule"] for f in document["failures"]] == ["login failed"]
    assert document["counts"]["unresolved"] == len(document["unresolved"]) > 0
    assert set(document["confidence"]) == {"high", "medium", "low"}
    assert [(one["level"], one["held"]) for one in document["levels"]] == [("P0", True), ("P1", True), ("P2", True)]
    assert [f["code"] for f in document["findings"]] == ["recorded-failure"]
    assert document["recordings"][0]["kept"] == 22
    assert len(document["recordings"][0]["left_out"]) == 27
    assert document["secrets"][0] == "LOADWRIGHT_SECRET_PASSWORD"
    assert "wonderland-7" not in said.out


def test_a_second_recording_is_proved_on_without_being_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = [SHOP / "checkout-1.har", SHOP / "checkout-2.har"]
    assert import_(pair, tmp_path / "t.intent", decisions=tmp_path / "d.json", report=tmp_path / "r.html") == 0
    assert "Proof: P0, P1, P2, P3 held" in capsys.readouterr().out
    document = json.loads((tmp_path / "d.json").read_text())
    assert {d["proof"] for d in document["decisions"] if d["verdict"] == "extract"} == {"P3"}
    assert [(one["level"], one["held"]) for one in document["levels"]] == [("P3", True)]
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "proved P3" in page
    assert re.search(r'<th scope="row">P3</th><td class="ok">held</td>', page)


def test_a_recording_without_failures_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_([SHOP / "pkce-1.har"], tmp_path / "t.intent", decisions=tmp_path / "d.json", report=tmp_path / "r.html")
    assert "ailure" not in capsys.readouterr().out
    assert json.loads((tmp_path / "d.json").read_text())["failures"] == []
    assert "no failure in the recording" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_advice_is_written_for_people() -> None:
    for why, advice in ADVICE.values():
        for text in (why, advice):
            assert text[0].islower()
            assert not text.endswith(".")
            assert len(text) < 130
