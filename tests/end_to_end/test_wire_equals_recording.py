"""What an imported intent sends, byte for byte, is what was recorded: shown on every real runtime.

A server gives the recorded answers back, so that every captured value is the recorded one; then each request must equal the
recorded request in method, path, query, kept headers, cookies and body. Values that the client makes anew are masked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from conformance.server import Received, Reply, Server

from loadwright.compiler.agents.observe.sites import is_asset, kept_headers
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.cli.settings import Overrides
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.multipart import parse_multipart
from loadwright.compiler.recording.select import select

RECORDINGS = Path(__file__).parents[2] / "examples" / "shop" / "recordings"
RECORDED = "http://127.0.0.1:8765"
MADE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=\"sent_at\":)\d{13}|(?<=state=)[^&]+|(?<=code_challenge=)[^&]+|(?<=code_verifier=)[^&]+"
)
"""A request id, a time, a nonce, a PKCE pair: the client makes them anew each time."""
_TRANSFER = ("content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "date")


class Replay(Server):
    """Answers each request as the recording did; the recorded address becomes the server's own."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        super().__init__()
        self.replies: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        for entry in entries:
            self.replies[entry.request.method, _path(entry.request.url)].append(_reply_of(entry))

    def _reply(self, received: Received) -> Reply:
        waiting = self.replies[received.method, received.target.partition("?")[0]]
        return waiting.pop(0) if waiting else Reply(status=599)


def _path(url: str) -> str:
    return url.removeprefix(RECORDED).partition("?")[0]


def _reply_of(entry: Entry) -> Reply:
    headers = ((n, v.replace(RECORDED, "{self}")) for n, v in entry.response.headers if n.lower() not in _TRANSFER)
    return Reply(entry.response.status, tuple(headers), entry.response.data)


def recorded_requests(entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    found = []
    for entry in entries:
        names = sorted({name.lower() for name, _ in kept_headers(entry)} | {"cookie", "content-type"})
        values = ((name, header(entry.request.headers, name) or "") for name in names)
        found.append(_comparable(entry.request.method, entry.request.url, dict(values), entry.request.body or b"", RECORDED))
    return found


def sent_requests(entries: list[Entry], log: list[Received], base: str) -> list[tuple[str, ...]]:
    """What the server received, with the headers that the recorded request of the same place has."""
    found = []
    for entry, received in zip(entries, log, strict=True):
        names = sorted({name.lower() for name, _ in kept_headers(entry)} | {"cookie", "content-type"})
        values = {name: (received.header(name) or "").encode("latin-1").decode() for name in names}
        found.append(_comparable(received.method, base + received.target, values, received.body, base))
    return found


def _comparable(method: str, url: str, headers: dict[str, str], body: bytes, base: str) -> tuple[str, ...]:
    content_type = headers["content-type"]
    if content_type.startswith("multipart/"):
        boundary = content_type.partition("boundary=")[2].strip('"')
        text = repr(parse_multipart(body, boundary))
        headers = {**headers, "content-type": "multipart/form-data"}
    else:
        text = body.decode()
    quoted = base.replace(":", "%3A").replace("/", "%2F")
    lines = (method, url, *(f"{n}: {v}" for n, v in headers.items()), text)
    return tuple(MADE.sub("…", line.replace(base, "BASE").replace(quoted, "BASE")) for line in lines)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Documents and calls in their order; what a page loads in parallel is compared by its URL."""
    return sorted(entries, key=lambda e: e.request.url if is_asset(e) else "")


@pytest.mark.parametrize("runtime", ["jmeter", "k6", "locust"])
@pytest.mark.parametrize("journey", ["checkout", "pkce"])
def test_the_wire_equals_the_recording(runtime: str, journey: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOADWRIGHT_SECRET_PASSWORD", "wonderland-7")
    path = RECORDINGS / f"{journey}-1.har"
    assert import_([path], tmp_path / "test.intent") == 0
    plan: Plan = load_plan(tmp_path / "test.intent")
    recording, _ = read_har(path)
    kept = set(select(recording).kept)
    entries = [e for e in recording.entries if e.index in kept]
    with Replay(entries) as server:
        options = RunOptions(targets=[f"{plan.targets[0].name}={server.urls[0]}"], overrides=Overrides(think=0), limit=90)
        summary = execute(plan, tmp_path, runtime, tmp_path / "results", options)
        log, base = server.take(), server.urls[0]
    assert (summary.verdict, len(log)) == ("passed", len(entries)), summary.failures
    assets = {_path(e.request.url) for e in entries if is_asset(e)}
    ordered = sorted(log, key=lambda r: RECORDED + r.target if r.target.partition("?")[0] in assets else "")
    for sent, recorded in zip(sent_requests(in_order(entries), ordered, base), recorded_requests(in_order(entries)), strict=True):
        assert sent == recorded
