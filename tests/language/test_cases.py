"""Case files: x.intent with the Plan that it means (x.json), or what is wrong with it (x.err). Needs nothing but Python.

`python tests/language/test_cases.py` writes the partners anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import print_intent

FOLDER = Path(__file__).parents[1] / "cases" / "language"
CASES = sorted(FOLDER.glob("*.intent"))


def outcome(case: Path) -> dict[str, str]:
    """What a case means, by the suffix of its partner."""
    plan: Plan | None = None
    found: list[Diagnostic] = []
    try:
        plan, found = parse_intent(case.read_bytes().decode(), case.name, case.parent)
    except LoadwrightError as error:
        found = list(error.diagnostics)
        assert errors(found)
    made = {".err": "".join(map(_line, found))} if found else {}
    if plan is not None:
        made[".json"] = json.dumps(_lean(plan.model_dump(mode="json")), indent=1, ensure_ascii=False) + "\n"
    return made


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    assert span
    place = f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    return f"{place} {diagnostic.severity.value} {diagnostic.code}: {diagnostic.message}\n  {diagnostic.hint}\n"


def _lean(value: Any) -> Any:
    """Without origins and without what says nothing."""
    if isinstance(value, dict):
        return {key: _lean(item) for key, item in value.items() if key != "origin" and item is not None}
    return [_lean(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_means_what_its_partners_say(case: Path) -> None:
    partners = {p.suffix: p.read_text("utf-8") for p in FOLDER.glob(f"{case.stem}.*") if p.suffix in (".err", ".json")}
    assert partners, "a case needs a partner"
    assert outcome(case) == partners


@pytest.mark.parametrize("case", [c for c in CASES if c.with_suffix(".json").exists()], ids=lambda case: case.stem)
def test_a_case_comes_back_from_text_and_from_json(case: Path) -> None:
    plan, _ = parse_intent(case.read_text("utf-8"), case.name, case.parent)
    assert parse_intent(print_intent(plan), case.name, case.parent)[0] == plan
    assert Plan.model_validate_json(case.with_suffix(".json").read_text("utf-8")) == plan


def test_no_partner_is_without_its_case() -> None:
    stems = {case.stem for case in CASES}
    assert stems
    assert [p.name for p in FOLDER.iterdir() if p.suffix in (".json", ".err") and p.stem not in stems] == []


if __name__ == "__main__":
    for path in CASES:
        for suffix in (".err", ".json"):
            path.with_suffix(suffix).unlink(missing_ok=True)
        for suffix, content in outcome(path).items():
            path.with_suffix(suffix).write_text(content, "utf-8")
