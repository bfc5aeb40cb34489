"""One recording: the proxy, the browser, and what the user types, until one of them ends."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.recorder import browser, mitmdump
from loadwright.compiler.recorder.entries import Assembled, Mark, assemble, read_lines
from loadwright.compiler.recording.urls import host_name

_READY_SECONDS = 60.0
_END_SECONDS = 10.0
_POLL_SECONDS = 0.05
_SETTLE_SECONDS = 0.3
"""What is still under way when the browser has gone."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to record, and with what."""

    url: str
    browser: Path
    ignored: tuple[str, ...] = ()
    """Hosts that are left out, with their subdomains."""
    asked: tuple[str, ...] = ()
    """Hosts that stay, whatever is thought of them."""
    insecure: bool = False
    """Whether servers are believed whatever certificate they show."""
    headless: bool = False


def record(wish: Wish, lines: Iterable[str], say: Callable[[str], None]) -> Assembled:
    """Record until the browser is closed or Ctrl-C (or SIGTERM); each of `lines`, as it comes, begins a step of that name.

    Everything lives in a folder of its own that is gone afterwards. Raises LoadwrightError when something cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="loadwright-record-", ignore_cleanup_errors=True) as name, _interrupted_once():
        folder = Path(name)
        output = folder / "entries.jsonl"
        marks: list[Mark] = []
        processes: list[subprocess.Popen[Any]] = [mitmdump.start(_proxy_arguments(wish), output, folder / "proxy")]
        try:
            proxy = _ready(processes[0], output, folder / "proxy")
            (folder / "profile").mkdir()
            processes.append(browser.start(wish.browser, wish.url, proxy, folder / "profile", wish.headless))
            say("recording: close the browser or press Ctrl-C to end; type a name and Enter before you begin a step")
            threading.Thread(target=_listen, args=(lines, marks, say), daemon=True).start()
            _wait(processes)
        finally:
            for process in reversed(processes):
                _end(process)
        return assemble(read_lines(output), tuple(marks), wish.ignored, (*wish.asked, host_name(wish.url)))


def _proxy_arguments(wish: Wish) -> list[str]:
    settings = {"listen_host": "127.0.0.1", "listen_port": "0", "anticache": "true"}
    settings |= {"ssl_insecure": "true"} if wish.insecure else {}
    return [argument for name, value in settings.items() for argument in ("--set", f"{name}={value}")]


def _ready(process: subprocess.Popen[Any], output: Path, settings: Path) -> browser.Proxy:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in read_lines(output):
            if "port" in line:
                return browser.Proxy(int(line["port"]), str(line["key"]), settings / "mitmproxy-ca-cert.pem")
        time.sleep(_POLL_SECONDS)
    told = _end(process).strip().splitlines()
    reason = told[-1] if told else f"it was not ready within {_READY_SECONDS:.0f} seconds"
    raise LoadwrightError(Diagnostic("recorder-failed", f"mitmproxy does not start: {reason}", "`mitmdump --version` may say more"))


def _listen(lines: Iterable[str], marks: list[Mark], say: Callable[[str], None]) -> None:
    for line in lines:
        title = " ".join("".join(c if c.isprintable() else " " for c in line).split())[:200]
        marks.append(Mark(title, time.time()))
        say(f"step {len(marks)}: {title or 'named after its first page'}")


def _wait(processes: Sequence[subprocess.Popen[Any]]) -> None:
    """Until one of the processes has ended, or the user says so."""
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(_POLL_SECONDS)
        time.sleep(_SETTLE_SECONDS)
    except KeyboardInterrupt:
        pass  # that is how a recording ends


def _end(process: subprocess.Popen[Any]) -> str:
    """End a process with everything it started; what it had printed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):  # it has ended already
            os.killpg(process.pid, number)
        try:
            told = process.communicate(timeout=_END_SECONDS)[0]
        except subprocess.TimeoutExpired:
            continue
        return told if isinstance(told, str) else ""
    return ""


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """SIGTERM ends a recording as Ctrl-C does; while it is ended and written, neither does anything."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
