"""The command line as a user meets it: each test starts the real command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from loadwright.compiler.cli.settings import Overrides, parse_duration, time_limit
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.model import (
    ClosedModel,
    DataSource,
    FileBody,
    FilePart,
    Journey,
    Load,
    MultipartBody,
    OpenModel,
    Plan,
    Request,
    Secret,
    Step,
    Target,
    Workload,
)
from loadwright.compiler.plan.template import template

COMMANDS = ("import", "record", "check", "explain", "fmt", "compile", "prove", "rotate", "run", "demo", "doctor", "scrub")


Done = subprocess.CompletedProcess[str]


def loadwright(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    argv = [sys.executable, "-m", "loadwright.compiler.cli.main", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **(env or {})}
    return subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60)


def plan(*requests: Request, **more: object) -> Plan:
    steps = (Step(name="Open", actions=requests or (Request(name="GET /", method="GET", target="shop", url=template("/")),)),)
    targets = (Target(name="shop", url="http://127.0.0.1:9"),)
    return Plan.model_validate({"name": "Shop", "targets": targets, "journeys": (Journey(name="buy", nodes=steps),), **more})


def write(folder: Path, content: Plan, name: str = "shop.plan.json") -> Path:
    path = folder / name
    path.write_text(content.model_dump_json(), encoding="utf-8")
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(done: Done, *words: str) -> None:
    assert done.returncode == 2, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


# --- help and usage ---------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_shows_the_way() -> None:
    done = loadwright("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
    assert "loadwright import session.har -o shop.intent" in done.stdout
    assert "Exit codes: 0 fine" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_shows_an_example(name: str) -> None:
    done = loadwright(name, "--help")
    assert done.returncode == 0
    assert re.search(rf"^  loadwright {name}\b", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("compile", "x.intent"),
        ("compile", "x.intent", "--to", "gatling", "-o", "out"),
        ("run", "x.intent"),
        ("run", "x.intent", "--on", "k6", "--users", "0"),
        ("run", "x.intent", "--on", "k6", "--rate", "fast"),
        ("doctor", "--install", "locust"),
        ("doctor", "gatling"),
    ],
)
def test_bad_usage_is_exit_code_2_and_says_what_would_be_right(arguments: tuple[str, ...]) -> None:
    refused(loadwright(*arguments), "Error: ")


@pytest.mark.parametrize("command", [("check",), ("compile", "--to", "k6", "-o", "out"), ("run", "--on", "locust")])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *rest = command
    done = loadwright(name, "gone.intent", *rest, cwd=tmp_path)
    refused(done)
    assert "gone.intent" in done.stderr + done.stdout


def test_a_plan_that_is_not_one_is_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "bad.plan.json").write_text('{"name": "x", "journeys": [{"name": 1, "nodes": []}]}')
    refused(loadwright("compile", "bad.plan.json", "--to", "k6", "-o", "out", cwd=tmp_path), "journeys.0.name")
    (tmp_path / "bad.plan.json").write_text("{")
    refused(loadwright("compile", "bad.plan.json", "--to", "k6", "-o", "out", cwd=tmp_path), "bad.plan.json")


def test_an_intent_with_an_error_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.intent").write_text('intent "X"\nthis is wrong\n')
    refused(loadwright("compile", "bad.intent", "--to", "k6", "-o", "out", cwd=tmp_path), "bad.intent:2:")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    refused(loadwright("compile", write(tmp_path, plan()), "--to", "k6", "-o", tmp_path / "out"), "error: ")


# --- compile ----------------------------------------------------------------------------------------------------------


def with_files() -> Plan:
    parts = (FilePart(name="f", path="up/photo.bin", filename="p.bin"),)
    return plan(
        Request(name="POST /a", method="POST", target="shop", url=template("/a"), body=MultipartBody(parts=parts)),
        Request(name="POST /b", method="POST", target="shop", url=template("/b"), body=FileBody(path="./up/photo.bin")),
        data=(DataSource(name="users", path="users.csv", columns=("id",)),),
    )


def make_files(folder: Path) -> None:
    (folder / "up").mkdir()
    (folder / "up" / "photo.bin").write_bytes(bytes(range(256)))
    (folder / "users.csv").write_text("id\n1\n")


def test_compile_writes_every_script_with_its_files_beside_it(tmp_path: Path) -> None:
    make_files(tmp_path)
    done = loadwright("compile", write(tmp_path, with_files()), "--to", "all", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for home, script in (("jmeter", "plan.jmx"), ("locust", "locustfile.py"), ("k6", "script.js")):
        written = files_in(tmp_path / "out" / home)
        assert written.keys() == {script, "users.csv", "up/photo.bin"}
        assert written["up/photo.bin"] == bytes(range(256))
        assert f"{home}/{script}" in done.stdout


def test_compiling_again_gives_the_same_bytes(tmp_path: Path) -> None:
    make_files(tmp_path)
    source = write(tmp_path, with_files())
    for out in ("one", "two"):
        assert loadwright("compile", source, "--to", "all", "-o", tmp_path / out).returncode == 0
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


def test_a_missing_file_of_the_plan_stops_compile_before_anything_is_written(tmp_path: Path) -> None:
    refused(loadwright("compile", write(tmp_path, with_files()), "--to", "all", "-o", tmp_path / "out"), "photo.bin")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "inside/../../secret.txt", "link.txt", "folder/secret.txt"])
def test_a_file_outside_the_folder_of_the_intent_is_never_copied(tmp_path: Path, path: str) -> None:
    home = tmp_path / "home"
    (home / "inside").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (home / "link.txt").symlink_to(tmp_path / "secret.txt")
    (home / "folder").symlink_to(tmp_path)
    request = Request(name="POST /", method="POST", target="shop", url=template("/"), body=FileBody(path=path))
    refused(loadwright("compile", write(home, plan(request)), "--to", "all", "-o", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_data_file_never_takes_the_place_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "script.js").write_text("id\n1\n")
    evil = plan(data=(DataSource(name="d", path="script.js", columns=("id",)),))
    refused(loadwright("compile", write(tmp_path, evil), "--to", "k6", "-o", tmp_path / "out"), "script.js")


def test_compile_never_writes_through_a_link_in_the_output(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (tmp_path / "out" / "k6").mkdir(parents=True)
    (tmp_path / "out" / "k6" / "script.js").symlink_to(mine)
    assert loadwright("compile", write(tmp_path, plan()), "--to", "k6", "-o", tmp_path / "out").returncode == 0
    assert mine.read_text() == "mine"


def test_an_unknown_load_is_refused_with_the_one_probably_meant(tmp_path: Path) -> None:
    loads = (Load(name="peak", workloads=(Workload(journey="buy", model=ClosedModel(users=1, iterations=1)),)),)
    done = loadwright("compile", write(tmp_path, plan(loads=loads)), "--to", "k6", "-o", tmp_path / "out", "--load", "peek")
    refused(done, "`peek`", "did you mean `peak`?")


# --- run: what is refused before anything is sent ---------------------------------------------------------------------


def test_a_missing_secret_stops_the_run_before_it_starts(tmp_path: Path) -> None:
    source = write(tmp_path, plan(secrets=(Secret(name="password", env="SHOP_PASSWORD"),)))
    refused(loadwright("run", source, "--on", "locust", cwd=tmp_path), "`password`", "SHOP_PASSWORD")
    assert not (tmp_path / "loadwright-results").exists()


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("shpo=http://h:1", "did you mean `shop`?"),
        ("shop", "NAME=http://"),
        ("shop=ftp://x", "NAME=http://"),
        ("shop=http://[", "NAME="),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(tmp_path: Path, option: str, word: str) -> None:
    refused(loadwright("run", write(tmp_path, plan()), "--on", "k6", "--target", option, cwd=tmp_path), word)


@pytest.mark.parametrize("text", ["0", "-1", "10 parsecs", "", "1e3", "nan"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(LoadwrightError):
        parse_duration(text)


@pytest.mark.parametrize(("text", "seconds"), [("30", 30), ("30s", 30), ("1.5m", 90), ("2 min", 120), ("1h", 3600), ("500ms", 0.5)])
def test_a_duration_is_read_with_and_without_a_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


def test_a_run_is_bounded_by_the_duration_of_its_load() -> None:
    def load(*models: ClosedModel | OpenModel) -> Plan:
        return plan(loads=(Load(name="l", workloads=tuple(Workload(journey="buy", model=m) for m in models)),))

    timed = ClosedModel(users=1, duration=60_000)
    assert time_limit(load(timed, OpenModel(rate=2, duration=90_000)), None, Overrides()) == 90 + 300
    assert time_limit(load(timed), None, Overrides(duration=10)) == 10 + 300
    assert time_limit(load(timed, ClosedModel(users=1, iterations=3)), None, Overrides()) == 3600
    assert time_limit(plan(), None, Overrides()) == 3600


# --- doctor -----------------------------------------------------------------------------------------------------------


def test_doctor_tells_each_runtime_with_version_and_place() -> None:
    done = loadwright("doctor")
    assert done.returncode == 0
    for name in ("locust", "k6", "jmeter", "java", "mvn", "go"):
        assert re.search(rf"^{name} ", done.stdout, re.MULTILINE)


def test_doctor_fails_for_a_runtime_that_was_asked_for_and_is_missing(tmp_path: Path) -> None:
    empty = {"LOADWRIGHT_CACHE": str(tmp_path), "PATH": str(tmp_path)}
    assert loadwright("doctor", env=empty).returncode == 0
    done = loadwright("doctor", "k6", env=empty)
    assert done.returncode == 1
    assert "to get k6: loadwright doctor --install k6" in done.stdout


def test_doctor_says_when_a_runtime_is_not_what_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "k6").write_text("#!/bin/sh\necho 'k6 v1.0.0 (go1.24, linux/amd64)'\n")
    (tmp_path / "k6").chmod(0o755)
    done = loadwright("doctor", "k6", env={"LOADWRIGHT_K6": str(tmp_path / "k6")})
    assert done.returncode == 0
    assert "usable, but 2.2.0 is what is tested" in done.stdout
    done = loadwright("doctor", "k6", env={"LOADWRIGHT_K6": str(tmp_path / "gone")})
    assert done.returncode == 1
    assert "broken" in done.stdout


def test_check_in_json_can_be_read_by_a_program(tmp_path: Path) -> None:
    (tmp_path / "bad.intent").write_text('intent "X"\nthis is wrong\n')
    done = loadwright("check", "bad.intent", "--format", "json", cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert json.loads(done.stdout)
