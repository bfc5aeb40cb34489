"""A running application: its recordings imported, proved and replayed on every runtime, and what the application did.

    python benchmarks/applications/replay.py --oracle "COMMAND" --reset "COMMAND" --work FOLDER A.har [B.har]

COMMAND of `--oracle` prints a JSON object of numbers: what the application has done so far, from its own log or database. It runs
before and after each replay. COMMAND of `--reset` starts the application anew. Secrets come from the environment variables that
the intent names (LOADWRIGHT_SECRET_PASSWORD and the like). `--once '{"notes created": 1}'` is what the recording did.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

RUNTIMES = ("k6", "locust", "jmeter")


def loadwright(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "loadwright.compiler.cli.main", *arguments], capture_output=True, text=True, check=False
    )


def counted(command: str) -> dict[str, int]:
    """What the application says that it has done."""
    printed = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True).stdout
    return {name: int(value) for name, value in json.loads(printed).items()}


def quietly(command: str) -> None:
    """Run a command whose output is of no interest, without holding on to its children's."""
    if command:
        subprocess.run(
            ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )


def replayed(intent: Path, runtime: str, options: argparse.Namespace) -> dict[str, Any]:
    """One run: requests accepted, why others were not, and what the application did meanwhile."""
    quietly(options.reset)
    before = counted(options.oracle)
    results = options.work / f"results-{intent.stem}-{runtime}"
    run = loadwright(
        "run", str(intent), "--on", runtime, "--users", str(options.users), "--iterations", str(options.iterations),
        "--think", str(options.think), "--results", str(results), "--time-limit", options.time_limit,
    )  # fmt: skip
    after = counted(options.oracle)
    samples = [json.loads(line) for line in (results / "samples.jsonl").read_text().splitlines()] if results.exists() else []
    made = [s for s in samples if s["kind"] == "request"]
    if not made:
        print(run.stdout + run.stderr, file=sys.stderr, flush=True)
    failed = Counter(f"{s['name']}: {s['message']}" for s in made if not s.get("ok", True))
    done = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    times = options.users * options.iterations
    expected = {name: value * times for name, value in json.loads(options.once).items()}
    return {
        "intent": intent.stem, "runtime": runtime, "exit": run.returncode,
        "requests": len(made), "accepted": len(made) - sum(failed.values()), "failed": dict(failed.most_common(5)),
        "done": done, "as often as recorded": {n: done.get(n, 0) for n in expected} == expected if expected else None,
    }  # fmt: skip


def main() -> None:
    """Import, prove, replay; a JSON line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--oracle", required=True)
    parser.add_argument("--reset", default="")
    parser.add_argument("--once", default="{}")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--on", default=",".join(RUNTIMES))
    parser.add_argument("--users", type=int, default=2)
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--think", type=float, default=0)
    parser.add_argument("--level", default="P3")
    parser.add_argument("--target", action="append", default=[], help="NAME=URL, for P5; repeat for more")
    parser.add_argument("--time-limit", default="10m")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    intent: Path = options.work / f"{options.recordings[0].stem}-from-{len(options.recordings)}.intent"
    report = intent.with_suffix(".html")
    imported = loadwright("import", *map(str, options.recordings), "-o", str(intent), "--report", str(report))
    print(imported.stdout + imported.stderr, flush=True)
    if intent.exists():
        held = [argument for path in options.recordings for argument in ("--recording", str(path))]
        targets = [argument for target in options.target for argument in ("--target", target)]
        if options.level:
            quietly(options.reset)
            proved = loadwright("prove", str(intent), *held, *targets, "--level", options.level, "--on", options.on or "k6")
            print(proved.stdout + proved.stderr, flush=True)
        for runtime in filter(None, options.on.split(",")):
            print(json.dumps(replayed(intent, runtime, options), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
