"""A recording server on loopback, and runs of the real k6 against it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from loadwright.backends.k6.backend import K6Backend
from loadwright.compiler.plan.model import (
    Action,
    Capture,
    CaptureSource,
    ClosedModel,
    Header,
    Journey,
    JsonArray,
    JsonBody,
    JsonText,
    Load,
    Plan,
    Request,
    Step,
    Target,
    Workload,
)
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.results.k6 import read
from loadwright.compiler.results.model import Sample
from loadwright.compiler.runtimes.locate import locate, quiet_environment

NONE = "<none>"
"""Stands for a capture that found nothing."""


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    target: str
    """Path and query, Latin-1 of the bytes on the wire."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Answer:
    """A response; status 0 drops the connection."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/plain"),)


@dataclass
class Server:
    """What the server received, and how it answers."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    answer: Callable[[Seen], Answer] = lambda seen: Answer()

    def bodies(self, path: str) -> list[bytes]:
        return [seen.body for seen in self.seen if seen.target == path]


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the time of a test."""

    class Handler(BaseHTTPRequestHandler):
        raw_requestline: bytes  # the type stubs leave it out
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # one write per response: two would wait for each other's acknowledgement

        def handle_any(self) -> None:
            target = self.raw_requestline.split(b" ", 1)[1].rpartition(b" ")[0].decode("latin-1")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen = Seen(self.command, target, tuple(self.headers.items()), body)
            server.seen.append(seen)
            answer = server.answer(seen)
            if not answer.status:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, format: str, *args: object) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


@dataclass(frozen=True)
class Run:
    """What a run of k6 gave."""

    exit_code: int
    log: str
    samples: tuple[Sample, ...]
    raw: bytes

    @property
    def requests(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "request"]

    @property
    def steps(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "step"]

    @property
    def messages(self) -> list[str]:
        return [sample.message for sample in self.requests if not sample.ok]


NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    NODE is None and "CI" not in os.environ, reason="a second opinion on the script's syntax; node is not needed to use Loadwright"
)


@cache
def executable() -> Path | None:
    found = locate("k6")
    return found.path if found else None


def k6(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run k6 in a folder; fails where there is no k6."""
    path = executable()
    assert path is not None, "needs k6 (loadwright doctor --install k6)"
    environment = {**quiet_environment(), **(env or {})}
    command = [str(path), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def run(plan: Plan, folder: Path, env: Mapping[str, str] | None = None, load: str | None = None) -> Run:
    """Compile a plan and run it."""
    (folder / "script.js").write_text(K6Backend().emit(plan, load)[0].text, encoding="utf-8", newline="\n")
    raw = folder / "k6.ndjson"
    raw.unlink(missing_ok=True)
    ended = k6(folder, "run", "--no-color", "--out", f"json={raw}", "script.js", env=env)
    samples = tuple(read(raw)) if raw.exists() else ()
    return Run(ended.returncode, ended.stdout + ended.stderr, samples, raw.read_bytes() if raw.exists() else b"")


def t(*parts: object) -> Template:
    return template(*parts)  # type: ignore[arg-type]


def ref(name: str) -> Reference:
    return Reference(name=name)


def get(path: str, **fields: object) -> Request:
    return Request.model_validate({"name": f"GET {path}", "method": "GET", "target": "app", "url": t(path), **fields})


def post(path: str, body: object, **fields: object) -> Request:
    values = {"name": f"POST {path}", "method": "POST", "target": "app", "url": t(path), "body": body, **fields}
    return Request.model_validate(values)


def header(name: str, value: str) -> Header:
    return Header(name=name, value=t(value))


def plan(url: str, *actions: Action, **fields: object) -> Plan:
    """A plan of one journey with one step."""
    journey = Journey(name="visit", nodes=(Step(name="Visit", actions=actions),))
    return Plan.model_validate(
        {"name": "Test", "targets": (Target(name="app", url=url),), "journeys": (journey,), **fields},
    )


def take(name: str, source: CaptureSource, occurrence: int = 1) -> Capture:
    """A capture that does not fail."""
    return Capture(name=name, source=source, occurrence=occurrence, default=t(NONE))


def echo(names: list[str]) -> Request:
    """Posts the values of names as a JSON array to /echo."""
    return post("/echo", JsonBody(value=JsonArray(items=tuple(JsonText(value=t(ref(name))) for name in names))))


def closed(
    users: int = 1, iterations: int | None = None, duration: int | None = None, ramp: int = 0, journey: str = "visit"
) -> Load:
    """A load of users."""
    model = ClosedModel(users=users, iterations=iterations, duration=duration, ramp=ramp)
    return Load(name="load", workloads=(Workload(journey=journey, model=model),))
