"""The script for any Plan, and one that is read by people. Needs Node.js and k6 for some."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from k6_support import NODE, k6, needs_node
from plan_strategies import plans, write_files

from loadwright.backends.check import check
from loadwright.backends.k6.backend import K6Backend
from loadwright.backends.k6.helpers import helpers, imported
from loadwright.compiler.diagnostics import LoadwrightError, errors
from loadwright.compiler.plan.model import Plan

ALL_FLAGS = frozenset(re.findall(r"//\? !?(\w+)", "\n".join(line for h in helpers().values() for line in h.lines)))
CASES = Path(__file__).parent.parent / "cases" / "k6"


def emit(plan: Plan, load: str | None = None) -> str:
    return K6Backend().emit(plan, load)[0].text


def checkout() -> Plan:
    return Plan.model_validate_json((CASES / "checkout.plan.json").read_bytes())


@pytest.mark.parametrize("case", ["checkout", "desk", "hostile"])
def test_the_script_is_as_it_was_read_and_liked(case: str) -> None:
    plan = Plan.model_validate_json((CASES / f"{case}.plan.json").read_bytes())
    assert emit(plan) == (CASES / f"{case}.js").read_text(encoding="utf-8"), f"if the change is meant, write it to {case}.js"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_any_plan_gives_the_same_script_each_time(plan: Plan) -> None:
    text = emit(plan)
    assert text == emit(Plan.model_validate_json(plan.model_dump_json()))
    assert "\r" not in text
    assert all(c == "\n" or c.isprintable() for c in text)
    assert not errors(check(plan, K6Backend()))


@needs_node
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(plans(), min_size=6, max_size=6))
def test_node_parses_the_script_of_any_plan(found: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("scripts")
    for index, plan in enumerate(found):
        script = folder / f"script{index}.mjs"
        script.write_text(emit(plan), encoding="utf-8")
        subprocess.run([str(NODE), "--check", str(script)], check=True, timeout=60)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_k6_accepts_the_options_of_any_plan(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("scripts")
    write_files(plan, folder)
    for load in (None, *(load.name for load in plan.loads)):
        (folder / "script.js").write_text(emit(plan, load), encoding="utf-8")
        done = k6(folder, "inspect", "--execution-requirements", "script.js")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["scenarios"]


def test_what_a_helper_needs_is_found_in_its_code() -> None:
    """The words of a helper that are names of others are needed, but for these members, strings and words of messages."""
    known = helpers().keys() | imported()
    words = {}
    for name, helper in helpers().items():
        code = "\n".join(re.sub(r"^\s*//.*|//[^'\n]*$", "", line) for line in helper.lines)
        words[name] = set(re.findall(r"[A-Za-z_$][\w$]*", code)) & known - {name} - helper.needs(ALL_FLAGS) - helper.needs()
    assert {name: found for name, found in words.items() if found} == {
        "Stop": {"stop"},
        "iteration": {"now"},
        "matchOf": {"add", "found", "has"},
        "ERROR_HEADING": {"has"},
        "visit": {"now"},
        "attempt": {"iteration"},
        "reportIteration": {"add", "now"},
        "step": {"add"},
        "fail": {"add", "has"},
        "compare": {"exec"},
        "inRandomOrder": {"shuffled"},
        "exchange": {"now"},
        "batch": {"now"},
        "parameters": {"text"},
        "timeOf": {"duration"},
        "report": {"add", "elapsed", "has"},
        "answerChallenge": {"exec"},
        "webSocket": {"http", "now"},
        "advance": {"pause", "send"},
        "receive": {"now"},
        "received": {"now"},
        "softFailure": {"form", "json"},
        "errorMember": {"fail"},
        "misfitInPlace": {"allOf", "anyOf"},
        "scaled": {"exec"},
        "numberKey": {"exec"},
        "isLessNumber": {"exec"},
        "wireUrl": {"exec"},
        "resolve": {"exec"},
        "multipart": {"form"},
        "htmlDecode": {"text"},
        "decimal": {"exec"},
        "divide": {"digits"},
        "roundTo": {"digits"},
        "startUser": {"scenario"},
        "userNumber": {"scenario"},
        "randomNumbers": {"shuffled"},
        "randomNumber": {"smaller"},
        "rowAt": {"has"},
        "iterationRow": {"scenario"},
        "rowTaker": {"scenario"},
        "ownNumber": {"scenario"},
        "scenario": {"exec"},
        "phasedLine": {"duration"},
        "elapsed": {"now", "scenario"},
        "isLast": {"scenario"},
        "pacingLeft": {"now"},
    }


def test_only_the_helpers_that_are_used_are_written() -> None:
    plan = Plan.model_validate({"name": "Nothing", "journeys": [{"name": "idle", "nodes": []}]})
    text = emit(plan)
    assert "function iteration(" in text
    for unused in ("css", "json", "multipart", "parseCsv", "softFailure", "think", "openModel", "parallel", "urlEncode"):
        assert f"function {unused}(" not in text


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (("loads", 0, "workloads", 0, "journey"), "gone", "unknown-journey"),
        (("journeys", 0, "nodes", 0, "actions", 0, "target"), "gone", "unknown-target"),
        (("journeys", 0, "nodes", 3, "actions", 0, "captures", 0, "source", "path"), "$.order[x]", "bad-json-path"),
    ],
)
def test_what_leads_nowhere_is_refused(place: tuple[str | int, ...], value: str, code: str) -> None:
    document = checkout().model_dump(mode="json")
    parent = document
    for key in place[:-1]:
        parent = parent[key]  # type: ignore[index]
    parent[place[-1]] = value  # type: ignore[index]
    with pytest.raises(LoadwrightError) as caught:
        emit(Plan.model_validate(document))
    assert caught.value.diagnostics[0].code == code


def test_an_unknown_load_is_refused() -> None:
    with pytest.raises(LoadwrightError) as caught:
        emit(checkout(), "no such load")
    assert caught.value.diagnostics[0].code == "unknown-load"


@pytest.mark.parametrize("name", ["default", "class", "send", "http", "options", "setup", "v", "größe", "1st", "a-b", "__proto__"])
def test_a_journey_may_have_any_name(name: str, tmp_path: Path) -> None:
    plan = Plan.model_validate({"name": "p", "journeys": [{"name": name, "nodes": []}, {"name": name + "2", "nodes": []}]})
    (tmp_path / "script.js").write_text(emit(plan), encoding="utf-8")
    done = k6(tmp_path, "run", "--quiet", "--no-color", "script.js")
    assert done.returncode == 0, done.stderr
    assert "level=error" not in done.stderr
