"""Finds, installs and starts mitmproxy; it runs as a process of its own, so its packages never meet ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.recorder import addon
from loadwright.compiler.runtimes import pins
from loadwright.compiler.runtimes.install import into_place
from loadwright.compiler.runtimes.locate import Found, probe

VERSION = "11.0.2"
VARIABLE = "LOADWRIGHT_MITMDUMP"
_INSTALL = 'loadwright doctor --install mitmproxy, or: pip install "loadwright[record]"'
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'mitmdump'; "
    "from mitmproxy.tools.main import mitmdump; mitmdump()"
)
"""Runs the cached packages alone: `-I -S` keeps those of this environment out."""
_SECONDS = 900


def cached() -> Path:
    """Where the pinned mitmproxy is installed to; its packages are those of this version of Python."""
    return pins.cache_folder() / f"mitmproxy-{VERSION}-py{sys.version_info.major}{sys.version_info.minor}"


def command() -> tuple[str, tuple[str, ...]] | None:
    """Where mitmproxy was found (an environment variable, the cache, this installation, the PATH), and what starts it."""
    if named := os.environ.get(VARIABLE):
        return VARIABLE, (named,)
    if cached().is_dir():
        return "cache", (sys.executable, "-I", "-S", "-c", _START, str(cached()))
    beside = shutil.which("mitmdump", path=str(Path(sys.executable).parent))
    if beside:
        return "this installation", (beside,)
    on_path = shutil.which("mitmdump")
    return ("PATH", (on_path,)) if on_path else None


def require() -> tuple[str, ...]:
    """What starts mitmproxy; raises LoadwrightError saying how to get it."""
    found = command()
    if found is None:
        raise LoadwrightError(Diagnostic("recorder-missing", "this needs mitmproxy, which is not installed", _INSTALL))
    return found[1]


def locate() -> Found | None:
    """mitmproxy as it was found, or None."""
    found = command()
    if found is None:
        return None
    source, argv = found
    told = re.search(r"Mitmproxy: (\S+)", probe(*argv, "--version"))
    place = cached() if source == "cache" else Path(argv[0])
    return Found("mitmproxy", place, source, told[1] if told else "", VERSION)


def install() -> Path:
    """Fetch the pinned mitmproxy with pip into the cache, unless it is there; its folder. Raises LoadwrightError."""
    if cached().is_dir():
        return cached()

    def build(folder: Path, work: Path) -> None:
        options = ("--disable-pip-version-check", "--quiet", "--no-warn-conflicts", "--target", str(folder))
        argv = (sys.executable, "-m", "pip", "install", *options, f"mitmproxy=={VERSION}")
        done = subprocess.run(argv, cwd=work, capture_output=True, text=True, errors="replace", timeout=_SECONDS)
        if done.returncode:
            told = "; ".join((done.stdout + done.stderr).strip().splitlines()[-3:])
            hint = 'install it another way, `pip install "loadwright[record]"` or `pipx install mitmproxy`'
            raise LoadwrightError(Diagnostic("install-failed", f"cannot install mitmproxy: pip failed: {told}", hint))

    return into_place(cached(), build)


def start(arguments: Sequence[str], output: Path, folder: Path) -> subprocess.Popen[str]:
    """mitmproxy with our addon, which writes to `output`; its own settings and keys are made anew in `folder`.

    It is in a session of its own: a Ctrl-C in the terminal is ours to handle.
    """
    argv = [*require(), "-q", "--set", f"confdir={folder}", "-s", addon.__file__, *arguments]
    environment: Mapping[str, str] = {**os.environ, addon.OUTPUT: str(output), "NO_COLOR": "1"}
    try:
        return subprocess.Popen(
            argv,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        message = f"`{argv[0]}` cannot be started: {(error.strerror or str(error)).lower()}"
        raise LoadwrightError(Diagnostic("recorder-missing", message, _INSTALL)) from None
