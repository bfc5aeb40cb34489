"""Finding, installing and running the runtimes; needs k6 and JMeter (`loadwright doctor --install all`)."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.results.model import Sample
from loadwright.compiler.runtimes import install, locate, pins
from loadwright.compiler.runtimes.commands import command
from loadwright.compiler.runtimes.process import Command, Ended, run


def code_of(error: pytest.ExceptionInfo[LoadwrightError]) -> str:
    return error.value.diagnostics[0].code


@pytest.mark.parametrize("name", pins.NAMES)
def test_each_runtime_is_found_in_its_pinned_version(name: str) -> None:
    found = locate.require(name)
    assert found.version == found.pinned


def test_a_runtime_named_by_the_environment_wins_over_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    k6 = locate.require("k6").path
    (tmp_path / "my-k6").symlink_to(k6)
    monkeypatch.setenv("LOADWRIGHT_K6", str(tmp_path / "my-k6"))
    found = locate.locate("k6")
    assert found
    assert (found.source, found.path, found.version) == ("LOADWRIGHT_K6", tmp_path / "my-k6", pins.K6_VERSION)


def test_a_runtime_on_the_path_is_found_when_the_cache_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    k6 = locate.require("k6").path
    home = locate.require("jmeter").path
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "k6").symlink_to(k6)
    (tmp_path / "bin" / "ApacheJMeter.jar").symlink_to(home / "bin" / "ApacheJMeter.jar")
    (tmp_path / "bin" / "jmeter").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "jmeter").chmod(0o755)
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for name, place in (("k6", tmp_path / "bin" / "k6"), ("jmeter", tmp_path)):
        found = locate.locate(name)
        assert found
        assert (found.source, found.path, found.is_pinned) == ("PATH", place, True)


@pytest.mark.parametrize(("name", "variable"), [("k6", "LOADWRIGHT_K6"), ("jmeter", "LOADWRIGHT_JMETER_HOME")])
def test_a_wrong_place_in_the_environment_is_refused_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    with pytest.raises(LoadwrightError) as error:
        locate.require(name)
    assert code_of(error) == "runtime-broken"


@pytest.mark.parametrize("name", ["k6", "jmeter"])
def test_a_missing_runtime_is_refused_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LoadwrightError) as error:
        locate.require(name)
    assert code_of(error) == "runtime-missing"
    assert error.value.diagnostics[0].hint == f"loadwright doctor --install {name}"


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOADWRIGHT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert pins.cached_k6() == tmp_path / "loadwright" / "k6-2.2.0" / "k6"
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path / "own"))
    assert pins.cached_jmeter() == tmp_path / "own" / "jmeter-5.6.3"


def test_settings_of_k6_and_locust_in_the_environment_do_not_reach_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("K6_VUS", "LOCUST_USERS", "MY_OWN"):
        monkeypatch.setenv(name, "7")
    environment = locate.quiet_environment()
    assert "K6_VUS" not in environment
    assert "LOCUST_USERS" not in environment
    assert environment["MY_OWN"] == "7"
    assert environment["K6_NO_USAGE_REPORT"] == "true"


def test_jars_that_differ_are_missing_or_are_too_many_are_refused_by_name(tmp_path: Path) -> None:
    for name in ("good.jar", "changed.jar", "extra.jar"):
        (tmp_path / name).write_bytes(name.encode())
    good = hashlib.sha256(b"good.jar").hexdigest()
    sums = f"{good}  good.jar\n{'0' * 64}  changed.jar\n{'0' * 64}  gone.jar\n"
    with pytest.raises(LoadwrightError, match=r"changed\.jar, extra\.jar, gone\.jar") as error:
        install.verify_jars(tmp_path, sums)
    assert "good.jar" not in str(error.value)


def test_jmeter_is_laid_out_as_its_launcher_wants_it(tmp_path: Path) -> None:
    jars = tmp_path / "jars"
    jars.mkdir()
    for name in ("ApacheJMeter-5.6.3.jar", "ApacheJMeter_core-5.6.3.jar", "jorphan-5.6.3.jar"):
        (jars / name).write_bytes(b"x")
    with zipfile.ZipFile(jars / "ApacheJMeter_config-5.6.3.jar", "w") as config:
        config.writestr("bin/jmeter.properties", "a=b")
        config.writestr("META-INF/MANIFEST.MF", "")
    install.lay_out_jmeter(jars, tmp_path / "home")
    laid_out = {path.relative_to(tmp_path / "home").as_posix() for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert laid_out == {
        "bin/ApacheJMeter.jar",
        "bin/jmeter.properties",
        "lib/ext/ApacheJMeter_core-5.6.3.jar",
        "lib/jorphan-5.6.3.jar",
    }
    assert (tmp_path / "home" / "lib" / "junit").is_dir()


@pytest.mark.parametrize("name", install.INSTALLABLE)
def test_an_installation_that_cannot_be_made_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("mvn", "go", "java"):
        (tools / tool).write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
        (tools / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(LoadwrightError, match="broken") as error:
        install.install(name)
    assert code_of(error) == "install-failed"
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(("name", "tool"), [("jmeter", "mvn"), ("k6", "go")])
def test_an_installation_names_the_tool_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, tool: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LOADWRIGHT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(LoadwrightError, match=f"`{tool}` is not on the PATH"):
        install.install(name)


def test_an_installed_runtime_is_not_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {name: locate.require(name).path for name in install.INSTALLABLE if locate.require(name).source == "cache"}
    monkeypatch.setattr(install, "_tool", lambda *_: pytest.fail("looked for a tool"))
    assert {name: install.install(name) for name in expected} == expected


# --- running a process ------------------------------------------------------------------------------------------------

WRITER = """
import sys, time, signal
out = open(sys.argv[1], "w")
for number in range(int(sys.argv[2])):
    out.write(f"{number}\\n"); out.flush(); time.sleep(0.05)
print("done")
sys.exit(int(sys.argv[3]))
"""


def numbers(path: Path) -> Iterator[Sample]:
    with path.open() as lines:
        for line in lines:
            yield Sample(kind="request", name="n", started=int(line), elapsed=1, status=200)


def python(script: str, tmp_path: Path, *arguments: str) -> Command:
    raw = tmp_path / "raw"
    argv = (sys.executable, "-c", script, str(raw), *arguments)
    return Command(argv, tmp_path, dict(os.environ), raw, tmp_path / "log", frozenset({0}))


def run_python(
    script: str, tmp_path: Path, *arguments: str, limit: float = 20, enough: int = 10**9
) -> tuple[Ended, list[int], list[int]]:
    taken: list[int] = []
    seen: list[int] = []
    start = python(script, tmp_path, *arguments)

    def watch() -> bool:
        seen.append(len(taken))
        return len(taken) >= enough

    ended = run(start, numbers, lambda s: taken.append(s.started), limit, watch)
    return ended, taken, seen


def test_a_watcher_can_end_a_run(tmp_path: Path) -> None:
    ended, taken, _ = run_python(WRITER, tmp_path, "400", "0", enough=5)
    assert ended.stopped
    assert not ended.timed_out
    assert 5 <= len(taken) < 400


def test_samples_are_seen_while_the_runtime_runs_and_all_are_there_at_the_end(tmp_path: Path) -> None:
    ended, taken, seen = run_python(WRITER, tmp_path, "20", "3")
    assert (ended.exit_code, ended.interrupted, ended.timed_out, ended.error) == (3, False, False, None)
    assert taken == list(range(20))
    assert any(0 < count < 20 for count in seen)
    assert (tmp_path / "log").read_text() == "done\n"


def test_a_runtime_that_writes_no_samples_ends_all_the_same(tmp_path: Path) -> None:
    ended, taken, _ = run_python("print('hello')", tmp_path)
    assert (ended.exit_code, taken) == (0, [])


def test_a_runtime_over_its_time_is_ended_and_its_samples_kept(tmp_path: Path) -> None:
    ended, taken, _ = run_python(WRITER, tmp_path, "10000", "0", limit=1)
    assert ended.timed_out
    assert taken == list(range(len(taken)))
    assert taken


@pytest.mark.timed
def test_a_runtime_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadwright.compiler.runtimes.process._GRACE_SECONDS", (0.3, 0.3))
    stubborn = "import signal, time\nfor s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)"
    started = time.monotonic()
    ended, _, _ = run_python(stubborn, tmp_path, limit=1)
    assert (ended.timed_out, ended.exit_code) == (True, None)
    assert time.monotonic() - started < 10


def test_ctrl_c_ends_the_runtime_cleanly_and_keeps_its_samples(tmp_path: Path) -> None:
    polite = WRITER.replace("for number", "signal.signal(signal.SIGINT, lambda *_: sys.exit(9))\nfor number")
    threading.Timer(1, signal.raise_signal, [signal.SIGINT]).start()
    ended, taken, _ = run_python(polite, tmp_path, "10000", "0")
    assert (ended.interrupted, ended.exit_code) == (True, 9)
    assert taken


def test_a_runtime_heeds_an_interrupt_though_we_were_started_in_the_background(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ended, _, _ = run_python(
            f"import signal, time\nassert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN\n{WRITER}",
            tmp_path,
            "10000",
            "0",
            limit=1,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.timed_out, ended.exit_code) == (True, -signal.SIGINT)


def test_a_torn_last_line_is_dropped(tmp_path: Path) -> None:
    ended, taken, _ = run_python("import sys\nopen(sys.argv[1], 'w').write('1\\n2\\n3')", tmp_path)
    assert (ended.error, taken) == (None, [1, 2])


def test_what_a_reader_cannot_read_is_reported_and_the_runtime_goes_on_to_its_end(tmp_path: Path) -> None:
    big = "import sys\nopen(sys.argv[1], 'w').write('1\\nx\\n' + '2\\n' * 200000)\nprint('end')"
    ended, taken, _ = run_python(big, tmp_path)
    assert isinstance(ended.error, ValueError)
    assert taken == [1]
    assert (tmp_path / "log").read_text() == "end\n"


@pytest.mark.parametrize(("name", "script"), [("k6", "script.js"), ("locust", "locustfile.py"), ("jmeter", "plan.jmx")])
def test_a_command_runs_the_script_in_its_folder_and_never_shows_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, script: str
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    start = command(locate.require(name), tmp_path / "test" / script, tmp_path, {"LOADWRIGHT_USERS": "3"})
    assert start.folder == tmp_path / "test"
    assert any(argument.split(",")[0] == script for argument in start.argv)
    assert start.environment["SHOP_PASSWORD"] == "hunter2"
    assert start.environment["LOADWRIGHT_USERS"] == "3"
    assert "hunter2" not in " ".join(start.argv)


def test_options_for_java_stand_behind_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JVM_ARGS", "-Xmx3g  -Dx=1")
    argv = command(locate.require("jmeter"), tmp_path / "plan.jmx", tmp_path, {}).argv
    assert argv.index("-Xmx1g") < argv.index("-Xss2m") < argv.index("-Xmx3g") < argv.index("-Dx=1") < argv.index("-jar")


@pytest.mark.parametrize("name", pins.NAMES)
def test_only_a_brief_run_of_jmeter_starts_in_another_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.delenv("JVM_ARGS", raising=False)
    usual, brief = (command(locate.require(name), tmp_path / "test", tmp_path, {}, brief=brief).argv for brief in (False, True))
    others = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] if name == "jmeter" else []
    assert [argument for argument in brief if argument not in usual] == others
