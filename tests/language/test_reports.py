"""`check` for programs, for code scanning and for GitHub. Needs nothing but Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from loadwright.compiler.cli.check import check
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.findings import PAGES
from loadwright.compiler.reports.github import as_github
from loadwright.compiler.reports.sarif import as_sarif
from loadwright.compiler.source import Span


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _array(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "integer", "minimum": 1}
_MESSAGE = _object({"text": _TEXT})
_REGION = _object({"startLine": _NUMBER, "startColumn": _NUMBER, "endLine": _NUMBER, "endColumn": _NUMBER})
_ARTIFACT = _object({"uri": {"type": "string", "pattern": r"^(?!/)[A-Za-z0-9:/._~%-]+$"}}, {"uriBaseId": {"const": "%SRCROOT%"}})
_PHYSICAL = _object({"physicalLocation": _object({"artifactLocation": _ARTIFACT, "region": _REGION})})
_LOGICAL = _object({"logicalLocations": _array(_object({"fullyQualifiedName": _TEXT}), 1)})
_RESULT = _object(
    {"ruleId": _TEXT, "ruleIndex": {"type": "integer", "minimum": 0}, "level": {"enum": ["error", "warning"]}, "message": _MESSAGE},
    {"locations": _array({"oneOf": [_PHYSICAL, _LOGICAL]}, 1)},
)
_RULE = _object(
    {
        "id": _TEXT,
        "name": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"},
        "shortDescription": _MESSAGE,
        "fullDescription": _MESSAGE,
    },
    {"help": _object({"text": _TEXT, "markdown": _TEXT})},
)
_DRIVER = _object({"name": {"const": "Loadwright"}, "semanticVersion": _TEXT, "rules": _array(_RULE)})
_RUN = _object(
    {"tool": _object({"driver": _DRIVER}), "columnKind": {"const": "unicodeCodePoints"}, "results": _array(_RESULT)},
)
SARIF = _object({"$schema": _TEXT, "version": {"const": "2.1.0"}, "runs": {**_array(_RUN, 1), "maxItems": 1}})
"""The part of SARIF 2.1.0 (OASIS, section 3) that is written here, closed: names and types are those of its JSON Schema."""

CASES = Path(__file__).parents[1] / "cases" / "language"
BAD = 'intent "Shop"\ntarget shop = "https://shop.example.com"\njourney buy { step "😀" { GET "/${itm}" } }\n'


def _sarif(capsys: pytest.CaptureFixture[str], *paths: Path) -> dict[str, Any]:
    check(paths, "sarif")
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    return log


def test_sarif_of_every_case_is_well_formed_and_each_result_has_its_rule(capsys: pytest.CaptureFixture[str]) -> None:
    log = _sarif(capsys, *sorted(CASES.glob("*.intent")), CASES / "missing.intent")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) > 80
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["shortDescription"]["text"] == PAGES[result["ruleId"]].title


def test_sarif_places_are_relative_and_count_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "shop.intent").write_text(BAD, "utf-8")
    monkeypatch.chdir(tmp_path)
    (result,) = _sarif(capsys, Path("a b") / "shop.intent")["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b/shop.intent", "uriBaseId": "%SRCROOT%"}
    assert BAD.split("\n")[2][place["region"]["startColumn"] - 1 : place["region"]["endColumn"] - 1] == "itm"
    assert (result["level"], result["message"]["text"]) == ("error", "`itm` has no value here\nknown: `shop`")


def test_sarif_of_a_good_intent_has_no_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.intent").write_text(BAD.replace("/${itm}", "/"), "utf-8")
    assert _sarif(capsys, tmp_path / "good.intent")["runs"][0]["results"] == []


def test_sarif_of_a_finding_without_a_line_names_the_place() -> None:
    log = json.loads(
        as_sarif([Diagnostic("har-no-url", "m", place="a.har entry 3", severity=Severity.WARNING), Diagnostic("syntax", "n")])
    )
    jsonschema.Draft202012Validator(SARIF).validate(log)
    first, second = log["runs"][0]["results"]
    assert first["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "a.har entry 3"}]}]
    assert (first["level"], "locations" in second) == ("warning", False)


def _diagnostic(number: int, severity: Severity = Severity.ERROR, path: str = "a.intent") -> Diagnostic:
    span = Span(path=path, line=number, column=2, end_line=number, end_column=5)
    return Diagnostic("syntax", f"message {number}", "do this", span, severity=severity)


def test_github_annotations_have_place_title_and_escapes() -> None:
    odd = Diagnostic("bad-url", "100 %\r\nof it", "a, b: c", Span(path="a,b:c%.intent", line=3, column=1, end_line=3, end_column=4))
    assert as_github([_diagnostic(7), odd]) == (
        "::error file=a.intent,line=7,endLine=7,col=2,endColumn=5,title=syntax::message 7%0Ado this\n"
        "::error file=a%2Cb%3Ac%25.intent,line=3,endLine=3,col=1,endColumn=4,title=bad-url::100 %25%0D%0Aof it%0Aa, b: c\n"
    )


def test_github_gets_no_columns_over_several_lines_and_no_file_without_a_line() -> None:
    long = Diagnostic("syntax", "m", span=Span(path="a", line=1, column=2, end_line=3, end_column=4))
    assert as_github([long]) == "::error file=a,line=1,endLine=3,title=syntax::m\n"
    assert as_github([Diagnostic("har-no-url", "m", place="a.har")]) == "::error title=har-no-url::a.har: m\n"


def test_github_gets_ten_annotations_of_a_level_and_the_last_counts_the_rest() -> None:
    errors, warnings = [_diagnostic(n) for n in range(1, 14)], [_diagnostic(n, Severity.WARNING) for n in range(1, 11)]
    lines = as_github([*warnings, *errors]).splitlines()
    assert [line.split()[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10
    assert lines[9] == "::error title=more findings::4 more errors; run `loadwright check` to see all; the next is at a.intent:10:2"
    assert lines[-1].endswith("message 10%0Ado this")


def test_several_files_are_checked_in_one_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, none = tmp_path / "good.intent", tmp_path / "bad.intent", tmp_path / "none.intent"
    good.write_text(BAD.replace("/${itm}", "/"), "utf-8")
    bad.write_text(BAD, "utf-8")
    assert check([good, bad, good], "text") == 1
    shown = capsys.readouterr().out
    assert shown.startswith(f"{good}: fine: 1 journey, 1 step, 1 request\n\nerror[undefined-name]")
    assert f"\n{bad}: 1 error\n" in shown
    assert check([good, none, bad], "json") == 2
    answer = json.loads(capsys.readouterr().out)
    assert [d["code"] for d in answer["diagnostics"]] == ["unreadable-file", "undefined-name"]
    assert check([good], "github") == 0
    assert capsys.readouterr().out == ""
