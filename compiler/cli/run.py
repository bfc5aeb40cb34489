"""`loadwright run`: compile, run on a runtime, follow, judge."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from loadwright.compiler.cli.compile import build
from loadwright.compiler.cli.live import RunView
from loadwright.compiler.cli.load import load_plan, require_load, stem
from loadwright.compiler.cli.outputs import write
from loadwright.compiler.cli.report_run import print_summary
from loadwright.compiler.cli.settings import Overrides, require_secrets, time_limit, variables
from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.results.abort import AbortGuard
from loadwright.compiler.results.collect import Collector
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.scope import Scope
from loadwright.compiler.results.store import SampleFile, clear, write_summary
from loadwright.compiler.results.summary import RuntimeUsed, Summary
from loadwright.compiler.results.verdict import conclude
from loadwright.compiler.runtimes.commands import JMETER_LOG, LOG_NAME, RAW_NAMES, command
from loadwright.compiler.runtimes.locate import Found, require
from loadwright.compiler.runtimes.process import Command, Ended
from loadwright.compiler.runtimes.process import run as run_process

TEST_FOLDER = "test"
"""Where, in the results folder, the compiled test is written."""
EXIT_CODES = {"passed": 0, "failed": 1, "invalid": 3, "interrupted": 130}
_TAIL_LINES = 8
_DRIFT = re.compile(r"drift: (?P<words>(?P<name>\w+) is match \d+ of \d+ recorded, \d+ found)")


@dataclass(frozen=True)
class RunOptions:
    """What the command line says about a run."""

    load: str | None = None
    targets: Sequence[str] = ()
    """`NAME=URL` each."""
    results: Path | None = None
    """None: `./loadwright-results/<intent>-<runtime>`."""
    overrides: Overrides = field(default_factory=Overrides)
    limit: float | None = None
    """Seconds after which the run is stopped; None: by the load's duration."""
    brief: bool = False
    """Whether it is a run of few requests, to prove something."""


def run(path: Path, on: str, options: RunOptions) -> int:
    """Run the intent on a runtime, print the outcome, write the results; the command's exit code."""
    plan = load_plan(path)
    folder = options.results or Path("loadwright-results") / f"{stem(path)}-{on}"
    summary = execute(plan, path.parent, on, folder, options)
    print_summary(summary)
    print(f"results: {folder}")
    return EXIT_CODES[summary.verdict]


def execute(plan: Plan, source: Path, on: str, folder: Path, options: RunOptions) -> Summary:
    """Compile a Plan, whose files lie in `source`, run it, and write everything into the results folder.

    Raises LoadwrightError when it cannot be started: missing runtime or secret, unknown load or target, unsupported feature.
    """
    plan = expand(plan)
    require_load(plan, options.load)
    settings = variables(plan, options.targets, options.overrides)
    secrets = require_secrets(plan)
    found = require(on)
    show(_other_version(found))
    outputs, warnings = build(plan, [on], options.load, source)
    show(warnings)
    clear(folder, (LOG_NAME, JMETER_LOG, *RAW_NAMES.values()))
    write(outputs, folder / TEST_FOLDER)
    started = int(time.time() * 1000)
    start = command(found, folder / TEST_FOLDER / outputs[0].path, folder, settings, options.brief)
    collected = Collector()
    duration = None if options.overrides.duration is None else options.overrides.duration * 1000
    guard = AbortGuard(plan, collected, Scope(plan, options.load, duration))
    with SampleFile(folder, secrets) as samples, RunView(f"{plan.name} on {on}", collected) as view:

        def take(sample: Sample) -> None:
            with guard.lock:
                collected.add(samples.write(sample))

        def watch() -> bool:
            view.update()
            return guard.is_missed()

        limit = options.limit or time_limit(plan, options.load, options.overrides)
        reader = import_module(f"loadwright.compiler.results.{on}")
        ended = run_process(start, reader.read, take, limit, watch)
        guard.look_back(time.time() * 1000 - started)
        problems = [samples.blank(line) for line in _problems(start, ended, limit, collected)]
    runtime = RuntimeUsed(name=on, version=found.version, exit_code=ended.exit_code)
    summary = conclude(plan, options.load, runtime, collected, started, problems, ended.interrupted, duration, guard.missed)
    write_summary(folder, summary)
    show(_drifts(folder))
    return summary


def _problems(start: Command, ended: Ended, limit: float, collected: Collector) -> list[str]:
    found: list[str] = []
    if ended.timed_out:
        found.append(f"the runtime did not end within {limit:.0f} s and was stopped")
    elif ended.exit_code not in start.fine and not ended.interrupted and not ended.stopped:
        found.append(f"the runtime ended with exit code {ended.exit_code}")
    if ended.error:
        found.append(f"its samples could not be read: {type(ended.error).__name__}: {ended.error}")
    if found or not collected.totals.count:
        found += [f"{LOG_NAME}: {line}" for line in _tail(start.log)]
    return found


def _drifts(folder: Path) -> list[Diagnostic]:
    """What the runtime's logs tell of captures by number that found another number of matches than was recorded."""
    found: dict[str, str] = {}
    for log in (folder / LOG_NAME, folder / JMETER_LOG):
        if log.exists():
            with log.open(encoding="utf-8", errors="replace") as lines:
                for told in filter(None, map(_DRIFT.search, lines)):
                    found.setdefault(told["name"], told["words"])
    hint = "is it still the place that is meant? a name beside the value tells it better than a number"
    return [Diagnostic(code="drift", message=words, hint=hint, severity=Severity.WARNING) for words in found.values()]


def _tail(log: Path) -> list[str]:
    with log.open(encoding="utf-8", errors="replace") as lines:
        return [line.rstrip() for line in lines if line.strip()][-_TAIL_LINES:]


def _other_version(found: Found) -> list[Diagnostic]:
    if found.is_pinned:
        return []
    message = f"{found.name} {found.version} (from {found.source}) is not the version this is tested with, {found.pinned}"
    hint = f"loadwright doctor --install {found.name}"
    return [Diagnostic(code="other-version", message=message, hint=hint, severity=Severity.WARNING)]
