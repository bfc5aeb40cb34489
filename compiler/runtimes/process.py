"""Runs a runtime's process with a time bound, following its samples; ends it cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from loadwright.compiler.results.model import Sample
from loadwright.compiler.runtimes.follow import Follower, Reader

_POLL_SECONDS = 0.1
_GRACE_SECONDS = (20.0, 5.0)
"""How long a runtime may take to end after an interrupt, and then after a termination, before it is killed."""


@dataclass(frozen=True)
class Command:
    """How a runtime is started."""

    argv: tuple[str, ...]
    folder: Path
    """The working folder."""
    environment: Mapping[str, str]
    raw: Path
    """Where the runtime writes its samples, in its own format."""
    log: Path
    """Where its standard output and error go."""
    fine: frozenset[int]
    """Exit codes of a run that took place, whatever its outcome."""


@dataclass(frozen=True)
class Ended:
    """How a runtime's process ended."""

    exit_code: int | None
    """None when it had to be killed."""
    interrupted: bool = False
    """The user pressed Ctrl-C."""
    timed_out: bool = False
    stopped: bool = False
    """The watcher ended it."""
    error: Exception | None = None
    """What the reader of the samples raised."""


def run(command: Command, read: Reader, take: Callable[[Sample], None], limit: float, watch: Callable[[], bool]) -> Ended:
    """Run to the end or for `limit` seconds; `take` gets each sample (in another thread).

    `watch` is called ten times a second, and ends the run when it returns true.
    """
    with command.log.open("wb") as log:
        process = subprocess.Popen(
            command.argv,
            cwd=command.folder,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0 if os.name == "posix" else None,  # Ctrl-C is ours to pass on, once
            preexec_fn=_heed_interrupts if os.name == "posix" else None,
        )
        follower = Follower(command.raw, read, take)
        follower.start()
        interrupted = False
        outcome = _Outcome.ENDED
        try:
            outcome = _wait(process, limit, watch)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            code = _end(process)
    follower.finish()
    return Ended(code, interrupted, outcome is _Outcome.TIMED_OUT, outcome is _Outcome.STOPPED, follower.error)


def _heed_interrupts() -> None:
    """Undo what a shell does to commands in the background (`loadwright run … &` in a script): they ignore interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Outcome(Enum):
    ENDED = auto()
    TIMED_OUT = auto()
    STOPPED = auto()


def _wait(process: subprocess.Popen[bytes], limit: float, watch: Callable[[], bool]) -> _Outcome:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if watch():
                return _Outcome.STOPPED
        else:
            return _Outcome.ENDED
    return _Outcome.TIMED_OUT


def _end(process: subprocess.Popen[bytes]) -> int | None:
    """End the process and its children: ask, ask again, then kill; its exit code unless it was killed."""
    for ask, seconds in zip((signal.SIGINT, signal.SIGTERM), _GRACE_SECONDS, strict=True):
        if process.poll() is not None:
            return process.returncode
        process.send_signal(ask)
        try:
            process.wait(seconds)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue
    if process.poll() is not None:
        return process.returncode
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return None
