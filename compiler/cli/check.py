"""`loadwright check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from loadwright.compiler.cli.guard import BAD_INPUT, FINDINGS, FINE
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.intent import parse_intent, read_text
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.traverse import requests, steps
from loadwright.compiler.report import as_json, as_text


def check(path: Path, format: Literal["text", "json"] | str) -> int:
    """Print what is wrong with an intent file; the exit code: 0 fine (perhaps with warnings), 1 errors, 2 no readable text."""
    text, plan = "", None
    found: list[Diagnostic] = []
    try:
        text = read_text(path)
        plan, found = parse_intent(text, str(path), path.parent)
    except LoadwrightError as error:
        found = list(error.diagnostics)
    if format == "json":
        print(as_json(found), end="")
    else:
        print(_text(path, text, plan, found), end="")
    if any(diagnostic.code == Code.UNREADABLE for diagnostic in found):
        return BAD_INPUT
    return FINDINGS if errors(found) else FINE


def _text(path: Path, text: str, plan: Plan | None, found: Sequence[Diagnostic]) -> str:
    shown = as_text(found, {str(path): text})
    failed = len(errors(found))
    counts = [_counted(failed, "error")] if failed else []
    counts += [_counted(len(found) - failed, "warning")] if len(found) > failed else []
    counts += [] if failed or plan is None else [_size(plan)]
    separator = "\n" if shown else ""
    return f"{shown}{separator}{path}: {', '.join(counts)}\n"


def _size(plan: Plan) -> str:
    every = [step for journey in plan.journeys for step in steps(journey)]
    sent = sum(1 for journey in plan.journeys for _ in requests(journey))
    size = f"{_counted(len(plan.journeys), 'journey')}, {_counted(len(every), 'step')}, {_counted(sent, 'request')}"
    return f"fine: {size}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
