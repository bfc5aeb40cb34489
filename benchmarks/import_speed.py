"""What an import costs beside a public converter, on the same recording in the same run.

    python benchmarks/import_speed.py --converter 'node har-to-k6.js {har} -o {out}'
    python benchmarks/import_speed.py --sizes 1,5,20,50

The recording is made by the generator of benchmarks/correlation: journeys of many made-up applications one after the other, their
answers padded to the size asked for. An import observes, decides, asserts, proves P0 to P2 and writes the intent; a converter
converts. Figures are medians of interleaved runs of whole processes; CPU is user plus system.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "correlation"))

import made
from application import Application
from session import Answer, Session

PER_MEGABYTE = 100
"""Entries: 2,000 in 20 MB."""


@dataclass(frozen=True)
class Cost:
    """Of one whole process: seconds, seconds of CPU, mebibytes at the peak."""

    wall: float
    cpu: float
    memory: float


class Padded(Session):
    """A session whose answers are as large as those of real applications."""

    size = 0

    def send(self, method: str, path: Any, answer: Answer, **options: Any) -> None:
        """An exchange with more in its answer."""
        missing = self.size - len(answer.text) - 900
        if missing > 0 and answer.media_type == "text/html":
            answer.text = answer.text.replace("</body>", f"<table>{self._rows(missing)}</table></body>")
        elif missing > 0 and answer.media_type == "application/json" and answer.text.startswith("{"):
            items = ",".join(self._item() for _ in range(missing // 150))
            answer.text = f'{answer.text[:-1]}, "more": [{items}]}}'
        super().send(method, path, answer, **options)

    def _rows(self, size: int) -> str:
        return "".join(
            f'<tr class="row"><td><a href="/catalogue/{self.values.randint(1, 10**6)}?view=full">{made.word(self.values)} '
            f"{made.word(self.values)}</a></td><td>{self.values.randint(1, 999)}.{self.values.randint(10, 99)}</td></tr>\n"
            for _ in range(size // 118)
        )

    def _item(self) -> str:
        v = self.values
        return (
            f'{{"id": {v.randint(1, 10**6)}, "ref": "{made.hexadecimal(24)(v)}", "name": "{made.word(v)} {made.word(v)}", '
            f'"price": {v.randint(1, 999)}.5, "tags": ["{made.word(v)}", "{made.word(v)}"], "stock": {v.randint(0, 99)}}}'
        )


def recording(megabytes: float) -> str:
    """A HAR of about that size."""
    entries = round(megabytes * PER_MEGABYTE)
    session = Padded(Random(f"speed {megabytes}"), "app.example.com", 1_705_480_000_000.0)
    session.size = round(megabytes * 1_000_000 / entries)
    seed = 0
    while len(session.entries) < entries:
        for play in Application(f"speed {seed}").plays:
            session.pause()
            play(session)
        seed += 1
    return session.har()


def cost(argv: list[str]) -> Cost:
    """Run a process to its end; an import may exit with 1, which says that something is left to the user."""
    before = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{argv[0]} failed")
    return Cost(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(statistics.median([getattr(c, name) for c in costs]) for name in ("wall", "cpu", "memory")))


def measure(folder: Path, megabytes: float, runs: int, converter: str) -> str:
    """A line of the table for one size."""
    har = folder / "speed.har"
    har.write_text(recording(megabytes), encoding="utf-8")
    size = har.stat().st_size / 1e6
    script = Path(sys.executable).with_name("loadwright")
    commands = {"import": [str(script), "import", str(har), "-o", str(folder / "speed.intent")]}
    if converter:
        commands["converter"] = [part.format(har=har, out=folder / "speed.js") for part in shlex.split(converter)]
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, argv in commands.items():
            costs[name].append(cost(argv))
    ours = median(costs["import"])
    line = f"| {size:.1f} | {ours.cpu:.2f} | {ours.wall:.2f} | {ours.memory:.0f} | {ours.memory * 1.048576 / size:.1f} "
    if converter:
        theirs = median(costs["converter"])
        line += f"| {theirs.cpu:.2f} | {theirs.memory:.0f} | {ours.cpu / theirs.cpu:.2f} "
    return line + "|"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20", help="megabytes, separated by commas")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--converter", default="", help="a command with {har} and {out}")
    parser.add_argument("--keep", type=Path, help="write the recording of the first size here and end")
    options = parser.parse_args()
    sizes = [float(size) for size in options.sizes.split(",")]
    if options.keep:
        options.keep.write_text(recording(sizes[0]), encoding="utf-8")
        return
    print(f"Python {platform.python_version()}, {options.runs} runs")
    columns = ["MB", "import CPU s", "wall s", "peak MiB", "peak / file"]
    columns += ["converter CPU s", "peak MiB", "CPU ratio"] if options.converter else []
    print(f"| {' | '.join(columns)} |\n|{'---:|' * len(columns)}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            print(measure(Path(folder), size, options.runs, options.converter), flush=True)


if __name__ == "__main__":
    main()
