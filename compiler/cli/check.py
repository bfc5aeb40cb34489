"""`loadwright check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from loadwright.compiler.cli.guard import BAD_INPUT, FINDINGS, FINE
from loadwright.compiler.cli.show import sources
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, counted, errors
from loadwright.compiler.intent import parse_intent, read_text
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.traverse import requests, steps

Format = Literal["text", "json", "sarif", "github"]
"""How findings are printed: for people, for programs, for code scanning, for the log of GitHub Actions."""


@dataclass
class _Checked:
    """What was found in one file."""

    path: Path
    text: str = ""
    plan: Plan | None = None
    found: list[Diagnostic] = field(default_factory=list)


def check(paths: Sequence[Path], format: Format | str) -> int:
    """Print what is wrong with intent files; the exit code: 0 fine (perhaps with warnings), 1 errors, 2 no readable text."""
    checked = [_check(path) for path in dict.fromkeys(paths)]
    found = [diagnostic for one in checked for diagnostic in one.found]
    print("\n".join(map(_text, checked)) if format == "text" else _written(found, format), end="")
    if format == "text" and found:
        print(f"\n`loadwright explain {found[0].code}` tells more about a finding.")
    if any(diagnostic.code == Code.UNREADABLE for diagnostic in found):
        return BAD_INPUT
    return FINDINGS if errors(found) else FINE


def _check(path: Path) -> _Checked:
    checked = _Checked(path)
    try:
        checked.text = read_text(path)
        checked.plan, checked.found = parse_intent(checked.text, str(path), path.parent)
    except LoadwrightError as error:
        checked.found = list(error.diagnostics)
    return checked


def _written(found: Iterable[Diagnostic], format: str) -> str:
    if format == "sarif":
        from loadwright.compiler.reports.sarif import as_sarif

        return as_sarif(found)
    if format == "github":
        from loadwright.compiler.reports.github import as_github

        return as_github(found)
    from loadwright.compiler.reports.json_form import as_json

    return as_json(found)


def _text(checked: _Checked) -> str:
    from loadwright.compiler.reports.text import as_text

    shown = as_text(checked.found, {**sources(checked.found), str(checked.path): checked.text})
    failed = len(errors(checked.found))
    counts = [counted(failed, "error")] if failed else []
    counts += [counted(len(checked.found) - failed, "warning")] if len(checked.found) > failed else []
    counts += [] if failed or checked.plan is None else [_size(checked.plan)]
    separator = "\n" if shown else ""
    return f"{shown}{separator}{checked.path}: {', '.join(counts)}\n"


def _size(plan: Plan) -> str:
    every = [step for journey in plan.journeys for step in steps(journey)]
    sent = sum(1 for journey in plan.journeys for _ in requests(journey))
    size = f"{counted(len(plan.journeys), 'journey')}, {counted(len(every), 'step')}, {counted(sent, 'request')}"
    return f"fine: {size}"
