"""Public converters on the same recordings: how many values of the server they leave in their script as recorded."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from application import Application


@dataclass(slots=True)
class Left:
    """What a tool made of the values that an earlier response gave."""

    applications: int = 0
    failed: int = 0
    wanted: int = 0
    recorded: int = 0
    """Stand in the script as recorded."""


def convert(command: str, text: str) -> str | None:
    """The script that a command writes for a HAR; `{har}` and `{out}` in it are the files. None when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        har, out = Path(folder) / "session.har", Path(folder) / "script"
        har.write_text(text, encoding="utf-8")
        argv = [part.format(har=har, out=out) for part in shlex.split(command)]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            return None
        return out.read_text(encoding="utf-8") if out.exists() else done.stdout


def measure(command: str, seeds: range) -> Left:
    """A converter over applications, one recording each."""
    found = Left()
    for seed in seeds:
        session = Application(str(seed)).session("first")
        script = convert(command, session.har())
        found.applications += 1
        if script is None:
            found.failed += 1
            continue
        values = [str(value) for truth in session.truth for value in truth.values() if value.label == "server"]
        found.wanted += len(values)
        plain = script.replace("\\", "")
        found.recorded += sum(any(form in plain for form in _forms(value)) for value in values)
    return found


def _forms(value: str) -> set[str]:
    """How a literal may be written in a script, without the script's own escapes."""
    texts = {value, quote(value, safe=""), quote_plus(value), quote(value), value.removeprefix("Bearer ")}
    return {text.replace("\\", "") for text in texts}
