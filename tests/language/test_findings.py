"""Every finding has a page, and every page is shown by a text or a test. Needs nothing but Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from language.documents import FINDINGS, findings_page
from language.emitted import ROOT, emitted

from loadwright.backends.check import check as check_capabilities
from loadwright.backends.registry import backend
from loadwright.compiler.agents.prove.proof import Finding, Level, Proof
from loadwright.compiler.cli.compile import _refuse_collisions
from loadwright.compiler.cli.explain import explain
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.outputs import Output
from loadwright.compiler.cli.proof_findings import findings as proof_findings
from loadwright.compiler.cli.run import _other_version
from loadwright.compiler.cli.settings import parse_duration, require_secrets
from loadwright.compiler.codes import EXPLANATIONS, Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.findings import AREAS, PAGES
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.runtimes.locate import Found

WITH_EXAMPLE = [code for code, page in PAGES.items() if page.example]
UNTESTED = {
    "scrub-incomplete": "shows a defect, and there is none that is known",
    "printer-differs": "shows a defect, and there is none that is known",
    "shop-failed": "the shop of a checkout starts",
    "no-demo-shop": "a checkout has the shop",
}
"""Codes that nothing shows, and why."""


def test_every_code_that_the_sources_give_has_a_page() -> None:
    given = {code: places for code, places in emitted().items() if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9*]+)*", code)}
    known = [code for code in given if code in PAGES or (code.endswith("*") and any(p.startswith(code[:-1]) for p in PAGES))]
    assert len(known) > 40
    assert {code: places for code, places in given.items() if code not in known} == {}


def test_every_code_of_the_language_is_explained_once() -> None:
    assert set(AREAS["The language"]) == set(Code)
    assert sum(map(len, AREAS.values())) == len(PAGES)


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_example_of_a_page_has_exactly_its_finding_and_the_text_instead_has_none(tmp_path: Path, code: str) -> None:
    page = PAGES[code]
    for name, content in page.files.items():
        (tmp_path / name).write_text(content, "utf-8")
    assert {d.code for d in _findings(page.example, page.backend, tmp_path)} == {code}
    assert page.instead
    assert _findings(page.instead, page.backend, tmp_path) == ()


def _findings(text: str, to: str, folder: Path) -> tuple[Diagnostic, ...]:
    try:
        plan, found = parse_intent(text, "example.intent", folder)
        if to:
            found += check_capabilities(plan, backend(to))
            found += [] if errors(found) else _emitted(plan, to)
    except LoadwrightError as error:
        return error.diagnostics
    return tuple(found)


def _emitted(plan: Plan, to: str) -> list[Diagnostic]:
    backend(to).emit(plan)
    return []


@pytest.mark.parametrize("code", [code for code, page in PAGES.items() if not page.example])
def test_a_page_without_an_example_names_the_tests_that_show_its_finding(code: str) -> None:
    page = PAGES[code]
    if code in UNTESTED:
        assert not page.tested
    else:
        assert re.search(rf'"{code}"|\[{code}\]', (ROOT / page.tested).read_text("utf-8"))


def test_pages_are_written_in_the_style_of_the_house() -> None:
    for code, page in PAGES.items():
        assert page.title[:1] not in "ABCDEFGHIKLMNOPQRSTUVWXYZ" or page.title.startswith(("JMeter", "HTTP", "URL")), code
        assert not page.title.endswith("."), code
        assert page.text.endswith("."), code


def test_the_page_of_findings_is_that_of_the_registry() -> None:
    assert FINDINGS.read_text("utf-8") == findings_page(), "run python tests/language/documents.py"


# --- the command


def test_explain_shows_what_why_an_example_and_what_to_write_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("no-title") == 0
    page = PAGES["no-title"]
    shown = capsys.readouterr().out
    for part in (page.title, page.text, page.example.splitlines()[0], "Instead:", page.instead.splitlines()[0]):
        assert part in shown
    assert explain("error[no-title]:") == 0
    assert capsys.readouterr().out == shown


def test_explain_lists_every_code_by_area(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(None) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"^  ([a-z0-9-]+)  ", shown, re.MULTILINE) == list(PAGES)
    assert [line for line in shown.splitlines() if line and not line.startswith(" ")] == list(AREAS)


def test_explain_of_a_code_that_is_none_suggests_one() -> None:
    with pytest.raises(LoadwrightError) as caught:
        explain("unused-captrue")
    assert [(d.code, d.hint) for d in caught.value.diagnostics] == [("unknown-code", "did you mean `unused-capture`?")]


# --- findings that no text alone can have


def _code_of(work: Callable[[], object]) -> str:
    with pytest.raises(LoadwrightError) as caught:
        work()
    return caught.value.diagnostics[0].code


def _har(folder: Path, *entries: dict[str, Any], creator: str = "test") -> Path:
    path = folder / "rec.har"
    path.write_text(json.dumps({"log": {"creator": {"name": creator}, "entries": entries}}), "utf-8")
    return path


def _entry(method: str = "GET", request: Any = None, response: Any = None) -> dict[str, Any]:
    sent = {"method": method, "url": "http://a.example/x", "headers": [], **(request or {})}
    answered = {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text": "<p>"}, **(response or {})}
    return {"startedDateTime": "2026-01-01T00:00:00.000Z", "time": 5, "request": sent, "response": answered}


@pytest.mark.parametrize(
    ("code", "entry", "creator"),
    [
        ("har-bad-method", _entry("G T"), "test"),
        ("har-body-missing", _entry("POST", {"bodySize": 12, "headers": [{"name": "Content-Length", "value": "12"}]}), "test"),
        (
            "har-answer-missing",
            _entry(response={"bodySize": 3159, "content": {"size": -1, "mimeType": "text/html"}}),
            "test",
        ),
        (
            "har-answer-missing",
            _entry(response={"bodySize": 3159, "content": {"size": -1, "mimeType": "application/json"}}),
            "test",
        ),
        ("har-body-attached", _entry(response={"content": {"mimeType": "text/html", "_file": "body.html"}}), "test"),
        (
            "har-not-modified",
            {**_entry(response={"status": 304, "content": {"mimeType": "text/html"}}), "_resourceType": "document"},
            "test",
        ),
        ("har-sanitised", _entry("POST", {"postData": {"mimeType": "text/plain", "text": "a"}}), "WebInspector"),
    ],
)
def test_remarks_about_a_recording(tmp_path: Path, code: str, entry: dict[str, Any], creator: str) -> None:
    _, warnings = read_har(_har(tmp_path, entry, creator=creator))
    assert code in {warning.code for warning in warnings}


def test_a_recording_of_which_nothing_is_left(tmp_path: Path) -> None:
    path = _har(tmp_path)
    assert _code_of(lambda: import_([path], tmp_path / "x.intent", None, None, [], "keep")) == "nothing-to-import"


def test_another_version_of_a_runtime_is_told() -> None:
    found = Found("k6", Path("k6"), "PATH", "0.1.0", "2.2.0")
    assert [d.code for d in _other_version(found)] == ["other-version"]


@pytest.mark.parametrize(("level", "code"), [("P0", "proof-p0"), ("P1", "proof-p1"), ("P2", "proof-p2")])
def test_what_a_level_of_proof_finds_has_the_code_of_the_level(level: Level, code: str) -> None:
    proof = Proof(findings=[Finding(level, "GET /", "it differs", "look", None, 1)])
    assert [(d.code, d.where) for d in proof_findings([("rec.har", proof)])] == [(code, "rec.har entry 1")]


def test_a_document_with_a_member_that_no_intent_has() -> None:
    assert _code_of(lambda: parse_intent("surprise: 1\n", "shop.yaml")) == "bad-document"


def test_commands_say_what_is_wrong_with_their_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    (tmp_path / "bad.plan.json").write_text('{"name": 1}', "utf-8")
    secret = EXPLANATIONS[Code.SECRET_SHOWN].instead.replace('"KEY"', '"SHOP_KEY"')
    plan, _ = parse_intent(secret, "x.intent")
    assert _code_of(lambda: load_plan(tmp_path / "none.intent")) == "file-not-found"
    assert _code_of(lambda: load_plan(tmp_path / "bad.plan.json")) == "bad-plan"
    twice = [Output(PurePosixPath("k6/a.csv"), "a"), Output(PurePosixPath("k6/a.csv"), "b")]
    assert _code_of(lambda: _refuse_collisions(twice)) == "bad-path"
    assert _code_of(lambda: parse_duration("soon")) == "bad-option"
    assert _code_of(lambda: require_secrets(plan)) == "missing-secret"


def test_an_answer_to_head_has_no_body_to_miss(tmp_path: Path) -> None:
    entry = _entry("HEAD", response={"bodySize": 3159, "content": {"size": -1, "mimeType": "text/html"}})
    _, warnings = read_har(_har(tmp_path, entry, creator="test"))
    assert "har-answer-missing" not in {warning.code for warning in warnings}
