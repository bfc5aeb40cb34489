"""Locustfiles of any Plan compile without a warning and please ruff's default rules. Needs ruff."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whole_plans import whole_plans

from loadwright.backends.locust.backend import LocustBackend
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(found=st.lists(whole_plans(), min_size=6, max_size=6))
def test_a_locustfile_of_any_plan_is_clean(found: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(tmp_path_factory.mktemp("locustfiles"))
    for index, plan in enumerate(found):
        (artifact,) = LocustBackend().emit(expand(plan))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(artifact.text, artifact.path, "exec")
        (folder / f"locustfile{index}.py").write_text(artifact.text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--target-version", "py311", "--quiet", str(folder)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
