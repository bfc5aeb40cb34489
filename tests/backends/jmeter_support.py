"""A Python model of how JMeter evaluates a property, and runs of the real JMeter against the recording server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.server import Server

from loadwright.backends.jmeter.backend import JMeterBackend
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.results.jmeter import read
from loadwright.compiler.results.model import Sample
from loadwright.compiler.runtimes.commands import command
from loadwright.compiler.runtimes.locate import require


def evaluate_property(text: str, variables: Mapping[str, str] | None = None) -> str:
    """What JMeter makes of a property's text: variables, `__char`, and escapes as its FunctionParser reads them.

    Escapes are undone only when the text holds an expression. Raises KeyError for a variable without a value.
    """
    values = variables or {}
    out: list[str] = []
    found = False
    position, previous = 0, " "
    while position < len(text):
        c = text[position]
        position += 1
        if c == "\\":
            if position == len(text):
                out.append(c)
                break
            escaped = text[position]
            position += 1
            out.append(escaped if escaped in "$,\\" else c + escaped)
            previous = " "
        elif c == "{" and previous == "$":
            out[-1] = out[-1].removesuffix("$")
            end = text.index("}", position)
            out.append(_expression(text[position:end], values))
            found, position, previous = True, end + 1, " "
        else:
            out.append(c)
            previous = c
    return "".join(out) if found else text


def _expression(name: str, values: Mapping[str, str]) -> str:
    if name.startswith("__char("):
        return chr(int(name.removeprefix("__char(").removesuffix(")")))
    return values[name]


@dataclass(frozen=True)
class Run:
    """How a run ended."""

    exit_code: int
    samples: list[Sample]
    output: str
    log: str
    jtl: str

    @property
    def requests(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "request"]

    @property
    def failures(self) -> list[str]:
        return [f"{sample.name}: {sample.message}" for sample in self.requests if not sample.ok]


def run_jmeter(
    plan: Plan,
    folder: Path,
    server: Server | None = None,
    *,
    load: str | None = None,
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
) -> Run:
    """Run a Plan to its end (a minute at most); the target `server` is the recording server's first port.

    The environment's variables are set for the process alone, properties are given with `-J`.
    """
    test, results = folder / "test", folder / "results"
    results.mkdir(parents=True)
    for artifact in JMeterBackend().emit(plan, load):
        _write(test / artifact.path, artifact.text.encode())
    for path, data in (files or {}).items():
        _write(test / path, data)
    target = {"LOADWRIGHT_TARGET_SERVER": server.urls[0]} if server else {}
    start = command(require("jmeter"), test / "plan.jmx", results, {**target, **(properties or {})})
    given = {**os.environ, **target, **(environment or {})}
    ended = subprocess.run(start.argv, cwd=start.folder, env=given, capture_output=True, text=True, timeout=60, check=False)
    return Run(
        ended.returncode,
        list(read(start.raw)) if start.raw.exists() else [],
        ended.stdout + ended.stderr,
        (results / "jmeter.log").read_text(encoding="utf-8"),
        start.raw.read_text(encoding="utf-8") if start.raw.exists() else "",
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
