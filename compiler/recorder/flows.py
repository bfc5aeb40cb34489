"""Reads what mitmproxy saved (`mitmdump -w FILE`)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, Severity
from loadwright.compiler.recorder.entries import read_lines
from loadwright.compiler.recorder.mitmdump import start
from loadwright.compiler.recording.har import read_log
from loadwright.compiler.recording.model import Recording

_SECONDS = 600


def read_flows(path: Path, name: str = "") -> tuple[Recording, list[Diagnostic]]:
    """The recording in a flow file of mitmproxy, and warnings that name the entries with oddities.

    Raises LoadwrightError when mitmproxy is not installed or cannot read the file.
    """
    with tempfile.TemporaryDirectory(prefix="loadwright-flows-") as made:
        folder = Path(made)
        output = folder / "entries.jsonl"
        process = start(["-n", "-r", str(path.absolute())], output, folder / "settings")
        try:
            told, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise _broken(path, f"mitmproxy did not read it within {_SECONDS} seconds") from None
        entries = [line for line in read_lines(output) if "request" in line]
    if not entries:
        raise _broken(path, _reason(told))
    log: dict[str, object] = {"creator": {"name": "mitmproxy", "version": ""}, "entries": entries}
    recording, warnings = read_log(log, name or path.name)
    if told.strip():
        warnings = [*warnings, _damaged(path, _reason(told))]
    return recording, warnings


def _reason(told: str) -> str:
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return re.sub(r"^[\w.]+Exception: ", "", lines[-1]) if lines else "it holds no HTTP flows"


def _broken(path: Path, reason: str) -> LoadwrightError:
    message = f"mitmproxy cannot read the flows: {reason}"
    return LoadwrightError(Diagnostic("flows-unreadable", message, "save them again: `mitmdump -w FILE`", place=path.name))


def _damaged(path: Path, reason: str) -> Diagnostic:
    hint = "the flows before the damage were read; save them again for the rest"
    message = f"mitmproxy could not read all flows: {reason}"
    return Diagnostic("flows-damaged", message, hint, place=path.name, severity=Severity.WARNING)
