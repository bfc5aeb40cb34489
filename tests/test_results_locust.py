"""Samples of Locust: the listener runs in a real Locust beside a locustfile that Loadwright has nothing to do with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadwright.compiler.results.locust import LISTENER, read, samples
from loadwright.compiler.results.model import Sample

LOCUSTFILE = """
import os, time
from locust import User, events, task

class Someone(User):
    @task
    def act(self):
        fire = self.environment.events.request.fire
        common = {"response_length": 0, "context": {"step": "Log in"}, "response": None, "start_time": 1_700_000_000.1234}
        if os.environ.get("SLEEP"):
            fire(request_type="GET", name="first", response_time=1, exception=None, **common)
            time.sleep(float(os.environ["SLEEP"]))
        fire(request_type="GET", name="a \\u2028\\n\\"", response_time=12.34567, exception=None, **common)
        fire(request_type="POST", name="b", response_time=1, exception=Exception("status: expected 200, got 500"), **common)
        fire(request_type="POST", name="c", response_time=None, exception=ValueError("what: \\u00e9"), **common)
        fire(request_type="POST", name="d", response_time=1, exception=KeyError(), **common)
        fire(request_type="STEP", name="Log in", response_time=13, exception=Exception("soft failure: login form"), **common)
        self.environment.runner.quit()
"""


def command(tmp_path: Path) -> list[str]:
    (tmp_path / "locustfile.py").write_text(LOCUSTFILE, encoding="utf-8")
    return [sys.executable, "-m", "locust", "-f", f"locustfile.py,{LISTENER}", "--headless", "--only-summary"]


def environment(path: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "LOADWRIGHT_SAMPLES": str(path), **more}


def sample(name: str, elapsed: float, message: str = "", failure: str | None = None, kind: str = "request") -> Sample:
    step = "Log in" if kind == "request" else ""
    fields = {"kind": kind, "name": name, "elapsed": elapsed, "message": message, "failure": failure, "step": step}
    return Sample.model_validate({**fields, "started": 1_700_000_000_123, "ok": not message})


def test_every_request_and_step_becomes_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    subprocess.run(command(tmp_path), cwd=tmp_path, env=environment(path), check=False, timeout=30, capture_output=True)
    assert list(read(path)) == [
        sample('a \u2028\n"', 12.346),
        sample("b", 1, "status: expected 200, got 500", "status"),
        sample("c", 0, "script: what: é", "script"),
        sample("d", 1, "script: KeyError", "script"),
        sample("Log in", 13, "soft failure: login form", "soft failure", "step"),
    ]


@pytest.mark.timed
def test_the_file_grows_while_the_test_runs(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    with subprocess.Popen(
        command(tmp_path), cwd=tmp_path, env=environment(path, SLEEP="3"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 20
        while not (path.exists() and list(read(path))) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert process.poll() is None
        assert [s.name for s in read(path)] == ["first"]
        process.wait(20)
    assert len(list(read(path))) == 6


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "LOADWRIGHT_SAMPLES"}
    subprocess.run(command(tmp_path), cwd=tmp_path, env=bare, check=False, timeout=30, capture_output=True)
    assert sorted(found.name for found in tmp_path.iterdir() if found.name != "__pycache__") == ["locustfile.py"]


def test_an_unfinished_last_line_is_left_out() -> None:
    line = b'{"kind":"request","name":"a","started":1,"elapsed":2,"status":200,"step":"s","message":"","ok":true}\n'
    expected = Sample(kind="request", name="a", started=1, elapsed=2, status=200, step="s")
    assert list(samples([line, line[:40]])) == [expected]


@pytest.mark.parametrize("message", ["", "network", "unknown: x"])
def test_a_failure_without_a_known_kind_is_one_of_the_script(message: str) -> None:
    line = f'{{"kind":"request","name":"a","started":1,"elapsed":2,"status":0,"step":"","message":"{message}","ok":false}}\n'
    (found,) = samples([line.encode()])
    assert (found.failure, found.message) == ("script", f"script: {message}")
