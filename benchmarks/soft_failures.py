"""Failures put into clean recordings: how many an import finds, how many the generated test would notice, how often it cries wolf.

    python benchmarks/soft_failures.py REC.har… [--seed 1] [--each 10] [--made 100]

Each recording gets one failure at a time (`tests/agents/mutants.py`), at most `--each` of a kind. `--made` adds sessions with
as many made-up applications of the correlation benchmark. A failure counts as found when the import names one, and this one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "agents"), str(ROOT / "benchmarks" / "correlation")]

from application import Application  # noqa: E402 - found by the path above
from holding import broken  # noqa: E402
from mutants import Mutant, mutants  # noqa: E402

from loadwright.compiler.agents.expect.soft_failures import RecordedFailure, recorded_failures  # noqa: E402
from loadwright.compiler.agents.importing import Source, import_recordings  # noqa: E402
from loadwright.compiler.plan.node import RecordingOrigin  # noqa: E402
from loadwright.compiler.plan.render import effective_expectations  # noqa: E402
from loadwright.compiler.plan.traverse import requests  # noqa: E402
from loadwright.compiler.recording.har import read_har  # noqa: E402
from loadwright.compiler.recording.outline import outline  # noqa: E402
from loadwright.compiler.recording.select import select  # noqa: E402


def source(path: Path) -> Source:
    """A recording, ready for an import."""
    recording, _ = read_har(path)
    selection = select(recording)
    return Source(recording, selection, outline(recording, selection.kept))


def made(count: int) -> Iterator[Source]:
    """Sessions with made-up applications."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1000, 1000 + count):
            path = Path(folder) / f"made-{seed}.har"
            path.write_text(Application(str(seed)).session("first").har(), encoding="utf-8")
            yield source(path)


def is_found(mutant: Mutant, roots: list[RecordedFailure], before: set[int]) -> bool:
    """Whether the import names the failure, at its root, and nothing else."""
    new = [root for root in roots if root.entry not in before or root.entry == mutant.entry]
    return len(new) == 1 and mutant.entry in (new[0].entry, *new[0].follows)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--made", type=int, default=0)
    options = parser.parse_args()
    count: Counter[str] = Counter()
    found: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    answers = 0
    for number, one in enumerate([*map(source, options.recordings), *made(options.made)]):
        clean = recorded_failures(one.recording.name, one.entries)
        answers += len(one.entries)
        for failure in clean:
            print(f"alarm on {one.recording.name} entry {failure.entry} {failure.request}: {failure.rule}, {failure.seen}")
        plan = import_recordings([one], "Measured", "files").plan
        expected = {
            r.origin.entry: effective_expectations(plan, r)
            for journey in plan.journeys
            for r in requests(journey)
            if isinstance(r.origin, RecordingOrigin)
        }
        for mutant in mutants(one.entries, options.seed + number, options.each):
            answer = next(e for e in mutant.entries if e.index == mutant.entry)
            roots = recorded_failures(one.recording.name, mutant.entries)
            count[mutant.kind] += 1
            found[mutant.kind] += is_found(mutant, roots, {failure.entry for failure in clean})
            noticed[mutant.kind] += bool(broken(expected[mutant.entry], answer))
    print(f"\n{answers} answers of clean recordings\n")
    print("| failure | put in | found at import | noticed by the test |\n|---|---:|---:|---:|")
    for kind in count:
        print(f"| {kind} | {count[kind]} | {found[kind]} | {noticed[kind]} |")
    print(f"| **all** | **{count.total()}** | **{found.total()}** | **{noticed.total()}** |")


if __name__ == "__main__":
    main()
