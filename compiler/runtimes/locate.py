"""Finds the runtimes: an environment variable first, then the cache, then the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.runtimes import pins

K6_VARIABLE = "LOADWRIGHT_K6"
JMETER_VARIABLE = "LOADWRIGHT_JMETER_HOME"
_PROBE_SECONDS = 20


@dataclass(frozen=True)
class Found:
    """A runtime as it was found."""

    name: str
    path: Path
    """k6: the executable; JMeter: its home folder; Locust: the Python that has it."""
    source: str
    """Where it was found: an environment variable's name, `cache`, `PATH`, or `this installation`."""
    version: str
    """Empty when it could not be told: the file is not what it should be."""
    pinned: str
    """The version that Loadwright is tested with; for Locust the installed one, which its package pins."""

    @property
    def is_pinned(self) -> bool:
        """Whether the version is the one that Loadwright is tested with."""
        return self.version == self.pinned


def locate(name: str) -> Found | None:
    """The runtime of that name, or None; raises KeyError for a name that is not in `pins.NAMES`."""
    return {"locust": _locust, "k6": _k6, "jmeter": _jmeter}[name]()


def require(name: str) -> Found:
    """The runtime of that name, usable; raises LoadwrightError saying how to get it."""
    found = locate(name)
    if found is None:
        raise LoadwrightError(
            Diagnostic(code="runtime-missing", message=f"`{name}` is not installed", hint=f"loadwright doctor --install {name}")
        )
    if not found.version:
        message = f"`{found.path}` (from {found.source}) is no working {name}"
        raise LoadwrightError(Diagnostic(code="runtime-broken", message=message, hint="loadwright doctor tells more"))
    if name == "jmeter" and java() is None:
        hint = "install a Java runtime, 17 for instance, and put it on the PATH"
        raise LoadwrightError(
            Diagnostic(code="runtime-missing", message="jmeter needs `java`, which is not on the PATH", hint=hint)
        )
    return found


def java() -> str | None:
    """The version of `java` on the PATH, or None."""
    text = probe("java", "-version")
    found = re.search(r'version "([^"]+)"', text)
    return found.group(1) if found else None


def probe(*command: str) -> str:
    """What a command prints (both streams), or nothing when it fails, is missing, or takes too long."""
    executable = shutil.which(command[0])
    if executable is None:
        return ""
    try:
        done = subprocess.run(
            [executable, *command[1:]], capture_output=True, text=True, timeout=_PROBE_SECONDS, check=True, env=quiet_environment()
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout + done.stderr


def quiet_environment() -> dict[str, str]:
    """The environment without settings of k6 and Locust that would change a run unseen, and without k6's phoning home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("K6_", "LOCUST_"))}
    return {**kept, "K6_NO_USAGE_REPORT": "true", "K6_AUTO_EXTENSION_RESOLUTION": "false"}


def _locust() -> Found:
    installed = package_version("locust")
    return Found("locust", Path(sys.executable), "this installation", installed, installed)


def _k6() -> Found | None:
    for source, path in _places(K6_VARIABLE, pins.cached_k6(), shutil.which("k6")):
        return Found("k6", path, source, k6_version(path), pins.K6_VERSION)
    return None


def k6_version(executable: Path) -> str:
    """The version that a k6 executable tells; empty when it is none."""
    found = re.match(r"k6(?:\.exe)? v(\S+)", probe(str(executable), "version"))
    return found.group(1) if found else ""


def _jmeter() -> Found | None:
    script = shutil.which("jmeter")
    on_path = str(Path(script).resolve().parent.parent) if script else None
    for source, path in _places(JMETER_VARIABLE, pins.cached_jmeter(), on_path):
        return Found("jmeter", path, source, jmeter_version(path), pins.JMETER_VERSION)
    return None


def jmeter_version(home: Path) -> str:
    """The version in the manifest of a home's launcher; empty when there is none."""
    try:
        with zipfile.ZipFile(home / "bin" / "ApacheJMeter.jar") as jar:
            manifest = jar.read("META-INF/MANIFEST.MF").decode()
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError):
        return ""
    found = re.search(r"^Implementation-Version: *(\S+)", manifest, re.MULTILINE)
    return found.group(1) if found else ""


def _places(variable: str, cached: Path, on_path: str | None) -> list[tuple[str, Path]]:
    """The places in order; one that the environment names counts even when nothing is there, so that it is reported."""
    if named := os.environ.get(variable):
        return [(variable, Path(named).expanduser().absolute())]
    found = [("cache", cached)] if cached.exists() else []
    return [*found, *([("PATH", Path(on_path))] if on_path else [])]
