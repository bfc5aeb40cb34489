"""`loadwright demo`: the main job from end to end, on this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from loadwright.compiler.cli.compile import compile_
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan, problem
from loadwright.compiler.cli.prove import prove
from loadwright.compiler.cli.run import RunOptions, run
from loadwright.compiler.cli.settings import Overrides

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
RECORDINGS = ("checkout-1.har", "checkout-2.har")
PASSWORD = "wonderland-7"
"""Of the demo shop's account; documented in its README."""
USERS, SECONDS, THINK = 10, 10, 0.25


def demo(output: Path) -> int:
    """Start the demo shop, import a recording of it, prove, compile to all runtimes and run on Locust; the run's exit code.

    Raises LoadwrightError when the shop is not there: it is part of the repository, not of the installed package.
    """
    if not (SHOP / "app.py").is_file():
        raise problem(
            "no-demo-shop",
            "the demo shop is not beside this installation",
            "run the demo from a checkout of the repository: make demo",
        )
    console = Console(highlight=False)
    output.mkdir(parents=True, exist_ok=True)
    intent = output / "shop.intent"
    recordings = [SHOP / "recordings" / name for name in RECORDINGS]
    with _shop() as address:
        _heading(console, f"1. The demo shop listens on {address}; it refuses every stale value.")
        _heading(console, "2. Import: two recordings of one journey, by two users.")
        import_(recordings, intent, output / "shop.plan.json", output / "decisions.json")
        _heading(console, "3. Prove: the intent as it was written, on the recording.")
        prove(intent, recordings[:1])
        _heading(console, "4. Compile: the same plan for JMeter, Locust and k6.")
        compile_(intent, "all", output)
        _heading(console, f"5. Run on Locust: {USERS} users for {SECONDS} s, with a quarter of the recorded think times.")
        return _run(intent, output, address, console)


def _run(intent: Path, output: Path, address: str, console: Console) -> int:
    plan = load_plan(intent)
    for secret in plan.secrets:
        os.environ.setdefault(secret.env, PASSWORD)
    options = RunOptions(
        targets=[f"{plan.targets[0].name}={address}"],
        results=output / "results",
        overrides=Overrides(users=USERS, duration=SECONDS, think=THINK),
    )
    code = run(intent, "locust", options)
    console.print(f"\nThe intent to read and change: [bold]{intent}[/]", soft_wrap=True)
    console.print(f"Why each value was treated as it was: {output / 'decisions.json'}", soft_wrap=True)
    scripts = ", ".join(str(output / path) for path in ("jmeter/plan.jmx", "locust/locustfile.py", "k6/script.js"))
    console.print(f"The same test for each runtime: {scripts}", soft_wrap=True)
    return code


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold cyan]{text}[/]", soft_wrap=True)


@contextmanager
def _shop() -> Iterator[str]:
    """The shop on a free port of this machine, ended on the way out; gives its address."""
    command = [sys.executable, str(SHOP / "app.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            address = line.strip().rpartition(" ")[2]
            if not address.startswith("http"):
                raise problem(
                    "shop-failed", "the demo shop did not start", "its own message stands above; `make demo` installs what it needs"
                )
            yield address
        finally:
            process.terminate()
