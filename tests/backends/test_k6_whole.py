"""The script for Plans that use everything: flow, streams, selections, phases. Needs Node.js and k6."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from k6_support import NODE, k6, needs_node
from whole_plans import whole_plans, write_all_files

from loadwright.backends.k6.backend import K6Backend
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan


def emit(plan: Plan, load: str | None = None) -> str:
    return K6Backend().emit(expand(plan), load)[0].text


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=whole_plans())
def test_any_plan_gives_the_same_script_each_time(plan: Plan) -> None:
    text = emit(plan)
    assert text == emit(Plan.model_validate_json(plan.model_dump_json()))
    assert all(c == "\n" or c.isprintable() for c in text)


@needs_node
@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(whole_plans(), min_size=6, max_size=6))
def test_node_parses_the_script_of_any_plan(found: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("scripts")
    for index, plan in enumerate(found):
        script = folder / f"script{index}.mjs"
        script.write_text(emit(plan), encoding="utf-8")
        subprocess.run([str(NODE), "--check", str(script)], check=True, timeout=60)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=whole_plans())
def test_k6_accepts_the_options_of_any_plan(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(tmp_path_factory.mktemp("scripts"))
    plain = tuple(target.model_copy(update={"certificate": None, "key": None}) for target in plan.targets)
    plan = plan.model_copy(update={"targets": plain})  # k6 reads certificates at once, and these are none
    write_all_files(plan, folder)
    for load in (None, *(load.name for load in plan.loads)):
        (folder / "script.js").write_text(emit(plan, load), encoding="utf-8")
        done = k6(folder, "inspect", "--execution-requirements", "script.js")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["scenarios"]
