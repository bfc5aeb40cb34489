"""`loadwright record` for real: a Chromium, mitmproxy and the demo shop; what is recorded imports with its proof.

Needs `chromium` on the PATH and mitmproxy (`make runtimes` installs both); where they are missing, these tests fail.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import trustme
from chat import chat
from recorder.driven_chromium import CHROMIUM

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.plan.model import Plan, Receive, Request, Stream
from loadwright.compiler.plan.traverse import journey_nodes, requests
from loadwright.compiler.recorder import mitmdump

HERE = Path(__file__).parent
MISSING = [name for name, found in (("chromium", CHROMIUM), ("mitmproxy", mitmdump.command())) if not found]

PATIENCE = 60


@pytest.fixture(autouse=True)
def _nothing_is_missing() -> None:
    assert not MISSING, f"these tests need {' and '.join(MISSING)}: make runtimes"


def start(folder: Path, url: str, browser: Path | str, *more: str, marks: int | None = None) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "loadwright.compiler.cli.main", "record", url, "-o", str(folder / "shop.har"), *more]
    environment = {**os.environ, "MARKS": str(folder / "marks"), "COLUMNS": "120", "NO_COLOR": "1"}
    stdin = subprocess.DEVNULL if marks is None else marks
    command = [*argv, "--browser", str(browser)]
    return subprocess.Popen(command, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def driven(folder: Path, journey: str = "shop") -> Path:
    """An executable that behaves as a browser which somebody uses."""
    path, program = folder / "chromium-driven", HERE / "driven_chromium.py"
    path.write_text(f'#!/bin/sh\nJOURNEY={journey} exec "{sys.executable}" "{program}" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_recorded_visit_imports_proved_with_the_steps_that_were_named(tmp_path: Path, shop: str) -> None:
    os.mkfifo(tmp_path / "marks")
    terminal = os.open(tmp_path / "marks", os.O_RDWR)
    process = start(tmp_path, f"{shop}/", driven(tmp_path), marks=terminal)
    told, _ = process.communicate(timeout=PATIENCE)
    os.close(terminal)
    assert process.returncode == 0, told
    assert "keep it to yourself" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chromium-driven", "marks", "shop.har"]
    assert (tmp_path / "shop.har").stat().st_mode & 0o077 == 0

    log = json.loads((tmp_path / "shop.har").read_text("utf-8"))["log"]
    assert {entry["request"]["url"].split("/")[2] for entry in log["entries"]} == {shop.split("/")[2]}
    assert [page["title"] for page in log["pages"]] == ["Go to the login page", "Sign in", "Browse", "Add to the cart"]

    assert import_([tmp_path / "shop.har"], tmp_path / "shop.intent", tmp_path / "shop.plan.json") == 0
    plan = Plan.model_validate_json((tmp_path / "shop.plan.json").read_bytes())
    (journey,) = plan.journeys
    steps = [node for node in journey.nodes if node.kind == "step"]
    assert [step.name for step in steps[1:]] == ["Go to the login page", "Sign in", "Browse", "Add to the cart"]
    names = {capture.name for request in requests(journey) for capture in request.captures}
    assert {"csrf", "access_token"} <= names
    added = [action for action in steps[-1].actions if isinstance(action, Request)]
    assert [request.method for request in added][:1] == ["POST"]
    assert "wonderland-7" not in (tmp_path / "shop.intent").read_text("utf-8")


def test_pages_and_websockets_over_tls_are_recorded_and_imported(tmp_path: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with chat(tls) as application:
        process = start(tmp_path, f"https://127.0.0.1:{application.port}/", driven(tmp_path, "chat"), "--insecure")
        told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    assert (application.refused, list(application.said.values()), application.read) == ([], ["hello"], 1)

    entries = json.loads((tmp_path / "shop.har").read_text("utf-8"))["log"]["entries"]
    assert {entry["request"]["url"].partition("://")[0] for entry in entries} == {"https"}
    (messages,) = [entry["_webSocketMessages"] for entry in entries if "_webSocketMessages" in entry]
    assert [json.loads(m["data"])["type"] for m in messages if m["type"] == "send"] == ["pong", "join", "say"]

    assert import_([tmp_path / "shop.har"], tmp_path / "chat.intent", tmp_path / "chat.plan.json") == 0
    plan = Plan.model_validate_json((tmp_path / "chat.plan.json").read_bytes())
    (opened,) = [node for node in journey_nodes(plan.journeys[0]) if isinstance(node, Stream)]
    captures = {c.name for action in opened.actions if isinstance(action, Receive) for c in action.captures}
    assert captures == {"session", "member_id", "message"}
    assert plan.targets[0].url == f"https://127.0.0.1:{application.port}"


@pytest.mark.timed
def test_without_insecure_a_server_that_nobody_vouches_for_is_not_recorded(tmp_path: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with chat(tls) as application:
        process = start(tmp_path, f"https://127.0.0.1:{application.port}/", CHROMIUM, "--headless")
        assert process.stdout
        try:
            assert any(line.startswith("recording:") for line in process.stdout)
            time.sleep(2)  # the page would load
        finally:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert application.given == set(), "nothing was asked of it"


@pytest.mark.timed
def test_the_end_by_a_signal_writes_what_was_recorded_and_leaves_no_process(tmp_path: Path, shop: str) -> None:
    process = start(tmp_path, f"{shop}/", CHROMIUM, "--headless")
    assert process.stdout
    try:
        assert any(line.startswith("recording:") for line in process.stdout)
        time.sleep(3)  # the page loads
    finally:
        process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    urls = [entry["request"]["url"] for entry in json.loads((tmp_path / "shop.har").read_text("utf-8"))["log"]["entries"]]
    assert urls[0] == f"{shop}/"
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"--user-data-dir={tempfile.gettempdir()}/loadwright-record-" not in processes


def test_a_browser_that_ends_at_once_records_nothing_and_writes_nothing(tmp_path: Path, shop: str) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    browser.chmod(0o755)
    process = start(tmp_path, f"{shop}/", browser)
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "nothing-recorded" in told
    assert not (tmp_path / "shop.har").exists()


@pytest.mark.timed
def test_a_server_that_is_down_records_nothing_and_writes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    process = start(tmp_path, f"http://127.0.0.1:{port}/", CHROMIUM, "--headless")
    assert process.stdout
    try:
        assert any(line.startswith("recording:") for line in process.stdout)
        time.sleep(3)
    finally:
        process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "nothing-recorded" in told
    assert not (tmp_path / "shop.har").exists()
