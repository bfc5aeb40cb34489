"""What the command line makes of a recording, in this process, within a time limit."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from typer.testing import CliRunner

from loadwright.compiler.cli.app import app

LIMIT = 30.0
"""Seconds for one command on one small recording, on a busy machine."""


class HangError(BaseException):
    """A command did not end in time; no handler of ordinary errors may catch it."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    printed: str


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Ends what takes longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(*arguments: str | Path) -> Outcome:
    """The outcome of a command; an exception that reaches the user is raised here as well."""
    with bounded(LIMIT):
        result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.output + result.stderr)


def is_clear(outcome: Outcome) -> bool:
    """Whether a refusal says what is wrong, and is not a defect of ours."""
    return outcome.code == 2 and "error" in outcome.printed and "defect of Loadwright" not in outcome.printed


def all_clear(outcomes: Sequence[Outcome]) -> bool:
    """Whether every refusal among them is clear."""
    return all(is_clear(outcome) for outcome in outcomes if outcome.code)
