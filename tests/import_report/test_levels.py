"""How far an import proves beyond its recording, and what the page says of it. One test runs k6."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from recordings import Session, imported

from loadwright.compiler.cli.import_ import ProofAsked, import_
from loadwright.compiler.cli.import_proof import Higher, mark
from loadwright.compiler.cli.prove_levels import Outcome
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.import_report.page import render
from loadwright.compiler.import_report.summary import summary_lines
from loadwright.compiler.import_report.view import view
from loadwright.compiler.scrubbing.masks import Masker
from loadwright.compiler.scrubbing.sensitive import sensitive

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"
TOKEN = "x9Kq2Lm8ZtPw"


def session() -> Session:
    taken = Session().add("GET", "/", html=f'<form><input type=hidden name=csrf value="{TOKEN}"></form>')
    return taken.add("POST", "/", body=f"csrf={TOKEN}", html="<title>Done</title>")


def test_p4_is_run_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ProofAsked("P4", ("k6",))
    done = import_([SHOP / "pkce-1.har"], tmp_path / "t.intent", None, tmp_path / "d.json", report=tmp_path / "r.html", proof=asked)
    assert done == 0
    document = json.loads((tmp_path / "d.json").read_text())
    assert [(one["level"], one["held"]) for one in document["levels"]] == [("P3", None), ("P4", True), ("P4 negative", True)]
    assert {d["proof"] for d in document["decisions"] if d["verdict"] == "extract"} == {"P4"}
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "proved P4" in page
    assert "the run fails" in page
    said = capsys.readouterr().out
    assert "P0, P1, P2, P4, P4 negative held" in said
    assert "; P3 not tried: needs a second recording of this journey" in said


def test_a_level_holds_for_its_journey_and_upon_the_one_below() -> None:
    result = imported(session())
    journey = result.plan.journeys[0].name
    mark(result, Higher("P4", [Outcome("P4", "another", True, "")]))
    assert [d.proof for d in result.decisions if d.verdict == "extract"] == ["P2"]
    mark(result, Higher("P4", [Outcome("P3", journey, False, ""), Outcome("P4", journey, None, "")]))
    assert [d.proof for d in result.decisions if d.verdict == "extract"] == ["P2"]
    mark(result, Higher("P4", [Outcome("P4", journey, True, "")]))
    assert [d.proof for d in result.decisions if d.verdict == "extract"] == ["P4"]


def test_a_superfluous_capture_is_marked_and_is_no_failure() -> None:
    source = session().source()
    result = imported(session())
    finding = Diagnostic("proof-superfluous", "`csrf`: the run passes without it", severity=Severity.WARNING)
    outcomes = [
        Outcome("P4", "session", True, "all accepted"),
        Outcome("P4 negative", "session", True, "1 superfluous", [finding], ["csrf"]),
    ]
    higher = Higher("P4", outcomes)
    mark(result, higher)
    assert not higher.failed
    assert [d.variable for d in result.decisions if d.superfluous] == ["csrf"]
    page = render(view("T", [source], result, Masker(sensitive([source.recording])), [], outcomes))
    assert '<span class="tag bad">superfluous</span> <strong>csrf</strong>' in page
    assert TOKEN not in page
    assert "1 superfluous" in " ".join(line for line, _ in summary_lines([source], result, [], outcomes))


def test_a_level_that_fails_counts_where_it_was_asked_for() -> None:
    finding = Diagnostic("proof-p3", "`a`: differs")
    outcomes = [Outcome("P3", "session", False, "b.har: 1 of 2 requests", [finding])]
    assert not Higher("P2", outcomes).failed
    assert Higher("P3", outcomes).failed
    assert Higher("P4", outcomes).failed
    told = "P3 of session (b.har: 1 of 2 requests)"
    assert (f"Proof FAILED: {told}", True) in summary_lines([session().source()], imported(session()), [], outcomes, asked=True)
    line, urgent = summary_lines([session().source()], imported(session()), [], outcomes)[-1]
    assert not urgent
    assert line.endswith(f"; not held: {told}")
    assert Higher("P2", outcomes).wanted == []
    assert Higher("P3", outcomes).wanted == [finding]


def test_what_has_no_name_is_told_by_its_reason_and_how_often() -> None:
    recorded = Session()
    for path in ("a", "b"):
        recorded.add("GET", f"/{path}?_={int(recorded.clock)}", html="<p>x")
    lines = [line for line, _ in summary_lines([recorded.source()], imported(recorded), [])]
    assert "Generate: the client's clock (ms) (2 times)" in lines
