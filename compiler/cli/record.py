"""`loadwright record`: the user's own browser, recorded."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from rich.console import Console

from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.outputs import Output, require_places, write
from loadwright.compiler.import_report.visible import one_line
from loadwright.compiler.recorder import mitmdump
from loadwright.compiler.recorder.browser import find
from loadwright.compiler.recorder.session import Wish
from loadwright.compiler.recorder.session import record as record_session


def record(
    url: str, output: Path, browser: str | None, ignored: Sequence[str], asked: Sequence[str], insecure: bool, headless: bool
) -> int:
    """Record a journey and write it, all of it or nothing; raises LoadwrightError when that cannot be begun."""
    _require_url(url)
    if not output.parent.is_dir():
        raise problem("bad-option", f"there is no folder `{output.parent}`", "make it first")
    require_places([output])
    mitmdump.require()
    wish = Wish(url, find(browser), tuple(ignored), tuple(asked), insecure, headless)
    console = Console(highlight=False, stderr=True)

    def say(line: str) -> None:
        console.print(one_line(line), soft_wrap=True, markup=False)

    say(f"starting {wish.browser.name}")
    made = record_session(wish, sys.stdin, say)
    if made.left_out:
        say(f"left out {sum(count for _, count in made.left_out)} requests that are not the journey's (keep a host with --host):")
        for host, count in made.left_out:
            say(f"  {count} × {host}")
    if not any(entry["response"].get("status") for entry in made.document["log"]["entries"]):
        told = "of the journey's requests none was answered" if made.kept else "no request of the journey was recorded"
        raise problem("nothing-recorded", told, f"is the server up? What a browser on this machine shows at {url} is recorded")
    text = json.dumps(made.document, ensure_ascii=False, indent=1) + "\n"
    write([Output(PurePosixPath(output.name), text.encode("utf-8", "replace"))], output.parent)
    output.chmod(0o600)
    steps = len(made.document["log"]["pages"])
    say(f"wrote {output}: {made.kept} requests" + (f", {steps} named steps" if steps else ""))
    say("it holds passwords, cookies and tokens as they were sent: keep it to yourself, share what `loadwright scrub` makes of it")
    return 0


def _require_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        fine = False
    if not fine:
        raise problem("bad-option", f"`{url}` is no URL to start at", "write it in full: https://shop.example.com")
