"""What an import costs beside a public converter, on the same recording in the same run.

    python benchmarks/import_speed.py --converter 'node har-to-k6.js {har} -o {out}'
    python benchmarks/import_speed.py --converter '…' --sizes 1,2,5,10,20,50,100,200 --write   # data, plots, docs/correlation.md
    python benchmarks/import_speed.py --draw      # plots and table anew from the data
    python benchmarks/import_speed.py --converter '…' --recordings shop=a.har wiki=b.har --write   # real ones: their table there

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
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "correlation"))

import made
from application import Application
from import_plot import Cost, Size, load, save, table, write, write_recordings
from session import Answer, Session

_COUNT = 'import json, sys; print(len(json.load(open(sys.argv[1], encoding="utf-8-sig"))["log"]["entries"]))'
PER_MEGABYTE = 100
"""Entries: 2,000 in 20 MB."""


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


def cost(argv: list[str]) -> Cost | None:
    """Run a process to its end; an import may exit with 1, which says that something is left to the user. None if it fails."""
    before = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as users run it
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        return None
    return Cost(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(round(statistics.median([getattr(c, name) for c in costs]), 2) for name in ("wall", "cpu", "memory")))


def measure(folder: Path, megabytes: float, runs: int, converter: str) -> Size:
    """What one size costs."""
    har = folder / "speed.har"
    har.write_text(recording(megabytes), encoding="utf-8")
    return measure_file(har, folder, runs, converter)


def measure_file(har: Path, folder: Path, runs: int, converter: str) -> Size:
    """What one recording costs; runs of both are interleaved."""
    intent, script = folder / "speed.intent", folder / "speed.js"
    # in a process of its own: the peak of a child counts from what its parent held
    counted = subprocess.run([sys.executable, "-c", _COUNT, str(har)], check=True, capture_output=True, text=True)
    requests = int(counted.stdout)
    command = [str(Path(sys.executable).with_name("loadwright")), "import", str(har), "-o", str(intent)]
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for _ in range(runs):
        for path in (intent, script):
            path.unlink(missing_ok=True)
        if (found := cost(command)) is None or not intent.exists():
            raise SystemExit("the import failed")
        ours.append(found)
        if converter and (other := cost([part.format(har=har, out=script) for part in shlex.split(converter)])) and script.exists():
            theirs.append(other)
    return Size(round(har.stat().st_size / 1e6, 1), requests, median(ours), median(theirs) if len(theirs) == runs else None)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20", help="megabytes, separated by commas")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--converter", default="", help="a command with {har} and {out}")
    parser.add_argument("--write", action="store_true", help="write the data, the plots and the table of docs/correlation.md")
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    parser.add_argument("--recordings", nargs="+", metavar="NAME=HAR", help="measure these in place of generated ones")
    parser.add_argument("--keep", type=Path, help="write the recording of the first size here and end")
    options = parser.parse_args()
    sizes = [float(size) for size in options.sizes.split(",")]
    if options.keep:
        options.keep.write_text(recording(sizes[0]), encoding="utf-8")
        return
    if options.draw:
        write(load())
        return
    print(f"Python {platform.python_version()}, {options.runs} runs", flush=True)
    if options.recordings:
        named = [(name, Path(path)) for name, _, path in (one.partition("=") for one in options.recordings)]
        with tempfile.TemporaryDirectory() as folder:
            of = [(name, measure_file(path, Path(folder), options.runs, options.converter)) for name, path in named]
        print(table([size for _, size in of], [name for name, _ in of]))
        if options.write:
            write_recordings(dict(of))
        return
    found: list[Size] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found.append(measure(Path(folder), size, options.runs, options.converter))
            print(table(found[-1:]).splitlines()[-1] if len(found) > 1 else table(found), flush=True)
            if options.write:
                save(found)
    if options.write:
        write(found)


if __name__ == "__main__":
    main()
