"""Installs the pinned runtimes into the cache: built beside it, verified, then moved into place in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.runtimes import locate, pins

INSTALLABLE = ("jmeter", "k6")
_LIMIT_SECONDS = 3600
_TAIL_LINES = 5


def install(name: str) -> Path:
    """Install the pinned version of a runtime unless the cache has it; its home or executable.

    JMeter is fetched from Maven Central by `mvn`, every jar checked against its SHA-256; k6 is built from source by `go`,
    every module checked against go.sum. Raises LoadwrightError when a tool is missing or the result is not as pinned.
    """
    return {"jmeter": _install_jmeter, "k6": _install_k6}[name]()


def _install_jmeter() -> Path:
    home = pins.cached_jmeter()
    if locate.jmeter_version(home) == pins.JMETER_VERSION:
        return home
    maven = _tool("mvn", "jmeter", "install Apache Maven, 3.6 or later")
    _tool("java", "jmeter", "install a Java runtime, 17 for instance")

    def build(folder: Path, work: Path) -> None:
        (work / "pom.xml").write_text(_data("jmeter-pom.xml"), encoding="utf-8")
        jars = work / "jars"
        goal = ("dependency:copy-dependencies", f"-DoutputDirectory={jars}")
        _call([maven, "-q", "-B", "-Dstyle.color=never", *goal], work, dict(os.environ))
        verify_jars(jars, _data("jmeter-sha256.txt"))
        lay_out_jmeter(jars, folder)
        _require_jmeter_works(folder, work)

    return into_place(home, build)


def verify_jars(folder: Path, sums: str) -> None:
    """Raise LoadwrightError unless the folder holds exactly the files of a `sha256sum` list, unchanged."""
    pinned = {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    wrong = sorted(name for name in pinned.keys() | found.keys() if pinned.get(name) != found.get(name))
    if wrong:
        raise _failure(
            "jmeter", f"these files are not as pinned: {', '.join(wrong)}", "delete them from ~/.m2/repository and try again"
        )


def lay_out_jmeter(jars: Path, home: Path) -> None:
    """Lay JMeter's jars out as its launcher wants them: bin, lib, lib/ext, and the settings of the config jar in bin."""
    for folder in ("bin", "lib/ext", "lib/junit"):
        (home / folder).mkdir(parents=True)
    for jar in sorted(jars.iterdir()):
        if jar.name.startswith("ApacheJMeter_config-"):
            with zipfile.ZipFile(jar) as archive:
                archive.extractall(home, [name for name in archive.namelist() if name.startswith("bin/")])
        elif jar.name.startswith("ApacheJMeter-"):
            shutil.copyfile(jar, home / "bin" / "ApacheJMeter.jar")
        else:
            shutil.copyfile(jar, home / ("lib/ext" if jar.name.startswith("ApacheJMeter_") else "lib") / jar.name)


def _require_jmeter_works(home: Path, work: Path) -> None:
    told = locate.probe("java", "-jar", str(home / "bin" / "ApacheJMeter.jar"), "--version", "-j", str(work / "jmeter.log"))
    if pins.JMETER_VERSION not in told:
        raise _failure("jmeter", f"`--version` does not tell {pins.JMETER_VERSION}", "loadwright doctor shows which java is used")


def _install_k6() -> Path:
    executable = pins.cached_k6()
    if locate.k6_version(executable) == pins.K6_VERSION:
        return executable
    go = _tool("go", "k6", "install Go, 1.25 or later")

    def build(folder: Path, work: Path) -> None:
        for name in ("go.mod", "go.sum"):
            (work / name).write_text(_data(f"k6-{name}.txt"), encoding="utf-8")
        settings = {"CGO_ENABLED": "0", "GOBIN": str(folder), "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
        _call([go, "install", "-trimpath", "go.k6.io/k6/v2"], work, {**os.environ, **settings})
        if locate.k6_version(folder / "k6") != pins.K6_VERSION:
            raise _failure("k6", f"what was built does not tell version {pins.K6_VERSION}", "")

    into_place(executable.parent, build)
    return executable


def _data(name: str) -> str:
    return files("loadwright.compiler.runtimes").joinpath(name).read_text(encoding="utf-8")


def _tool(name: str, runtime: str, hint: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise _failure(runtime, f"`{name}` is not on the PATH", hint)
    return path


def _call(argv: list[str], folder: Path, environment: dict[str, str]) -> None:
    runtime = "jmeter" if "mvn" in Path(argv[0]).name else "k6"
    try:
        done = subprocess.run(
            argv, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", timeout=_LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _failure(runtime, f"`{Path(argv[0]).name}` took longer than {_LIMIT_SECONDS} seconds", "") from None
    if done.returncode:
        tail = "; ".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL_LINES:])
        raise _failure(runtime, f"`{Path(argv[0]).name}` failed: {tail}", "")


def into_place(place: Path, build: Callable[[Path, Path], None]) -> Path:
    """Build into a folder beside the place, then rename; whatever fails leaves the place as it was."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with _beside(place) as work:
        made = work / "made"
        made.mkdir()
        build(made, work)
        old = work / "old"
        if place.exists():
            place.rename(old)
        try:
            made.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    return place


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as name:
        yield Path(name)


def _failure(runtime: str, message: str, hint: str) -> LoadwrightError:
    return LoadwrightError(Diagnostic(code="install-failed", message=f"cannot install {runtime}: {message}", hint=hint))
