"""Correlation of made-up applications, scored against what their generator knows.

    python benchmarks/correlation/run.py --seeds dev        # what the importer is developed with
    python benchmarks/correlation/run.py --seeds report     # what is published; writes docs/correlation-benchmark.md

Each application is imported from one recording and from two; the Plan is then held against two sessions that the import has not
seen. Seeds are also given as numbers: `--seeds 100-149`. Public converters are put beside it by the command that runs them:
`--tool 'har-to-k6=node har-to-k6.js {har} -o {out}'`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from application import Application
from score import Score, precision, recall, score
from tools import Left
from tools import measure as measure_tool

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select

SEEDS = {"dev": range(1000, 1150), "report": range(500_000, 500_200)}
PAGE = Path(__file__).parents[2] / "docs" / "correlation-benchmark.md"
CONFIDENCE = "<!-- confidence: begin -->"
"""Where the part of the page begins that `calibrate.py` writes."""
MODES = {"one recording": ("first",), "two recordings": ("first", "second")}


def imported(texts: list[tuple[str, str]]) -> Imported:
    """What importing HARs (name, text) gives."""
    sources = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts:
            path = Path(folder) / f"{name}.har"
            path.write_text(text, encoding="utf-8")
            recording, _ = read_har(path)
            selection = select(recording)
            sources.append(Source(recording, selection, outline(recording, selection.kept)))
    return import_recordings(sources, "Benchmark", "files")


def measure(seed: int) -> tuple[int, dict[str, Score], dict[str, int]]:
    """One application: a score for each mode, and how many imports proved themselves."""
    application = Application(str(seed))
    unseen = [application.session("third"), application.session("fourth")]
    found: dict[str, Score] = {}
    proved: dict[str, int] = {}
    for mode, sessions in MODES.items():
        try:
            result = imported([(name, application.session(name).har()) for name in sessions])
        except Exception:
            print(f"seed {seed}, {mode}:", file=sys.stderr)
            traceback.print_exc()
            raise
        found[mode] = score(result.plan, unseen, f"seed {seed}")
        proved[mode] = int(all(not proof.findings for _, proof in result.proofs))
    return seed, found, proved


def table(found: dict[str, Score]) -> list[str]:
    """The outcomes by kind, one line each, for each mode."""
    columns = ("right", "wrong", "missed", "unresolved", "superfluous")
    lines: list[str] = []
    for mode, one in found.items():
        lines += [f"### {mode.capitalize()}", "", "| kind | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
        for kind in sorted(one.outcomes):
            counts = one.outcomes[kind]
            if any(counts[c] for c in columns):
                lines.append(f"| {kind} | " + " | ".join(str(counts[c]) for c in columns) + " |")
        totals = " | ".join(f"**{one.total(c)}**" for c in columns)
        lines += [f"| **all** | {totals} |", ""]
        lines += [
            f"Precision {precision(one):.4f}, recall {recall(one):.4f}. Values that the client made: "
            f"{one.total('client right')} generated, {one.total('client missed')} not.",
            "",
        ]
    return lines


def main() -> None:
    """Measure, print, and write the page for the seeds of the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="dev")
    parser.add_argument("--examples", type=int, default=0, help="how many sites that are not right to show for each kind")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tool", action="append", default=[], help="NAME=COMMAND of a converter to put beside")
    options = parser.parse_args()
    low, _, high = options.seeds.partition("-")
    seeds = SEEDS.get(options.seeds) or range(int(low), int(high or low) + 1)
    found = {mode: Score() for mode in MODES}
    proved = dict.fromkeys(MODES, 0)
    with Pool(options.jobs) as pool:
        for _, scores, proofs in pool.imap(measure, seeds, chunksize=4):
            for mode in MODES:
                found[mode].merge(scores[mode])
                proved[mode] += proofs[mode]
    lines = table(found)
    left = {name: measure_tool(command, seeds[:60]) for name, _, command in (tool.partition("=") for tool in options.tool)}
    lines += beside(found["one recording"], left, len(seeds)) if left else []
    print("\n".join(lines))
    for mode, one in found.items():
        print(f"{mode}: precision {precision(one):.4f} recall {recall(one):.4f}, {proved[mode]} of {len(seeds)} imports proved")
        print("\n".join(examples(one, options.examples)))
    if options.seeds == "report":
        _, begin, kept = PAGE.read_text(encoding="utf-8").partition(CONFIDENCE)
        text = page(lines, found, proved, len(seeds))
        PAGE.write_text(f"{text}\n{begin}{kept}" if begin else text, encoding="utf-8")


def examples(one: Score, most: int) -> list[str]:
    """Sites that are not right, some of each kind."""
    shown: Counter[tuple[str, str]] = Counter()
    lines: list[str] = []
    for kind, outcome, where in one.examples:
        shown[kind, outcome] += 1
        if shown[kind, outcome] <= most:
            lines.append(f"  {outcome:12} {kind}: {where}")
    return lines


def beside(ours: Score, left: dict[str, Left], count: int) -> list[str]:
    """Ours and public converters in one table."""
    lines = [
        "### Beside public converters",
        "",
        "| tool | applications | values of the server | left as recorded |",
        "|---|---:|---:|---:|",
    ]
    wanted = sum(ours.total(c) for c in ("right", "wrong", "missed", "unresolved"))
    lines.append(f"| Loadwright import, one recording | {count} | {wanted} | {ours.total('missed')} |")
    for name, one in left.items():
        failed = f" ({one.failed} not converted)" if one.failed else ""
        lines.append(f"| {name} | {one.applications}{failed} | {one.wanted} | {one.recorded} |")
    return [*lines, ""]


def page(lines: list[str], found: dict[str, Score], proved: dict[str, int], count: int) -> str:
    """The published page."""
    head = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    said = [f"| {m} | {precision(s):.4f} | {recall(s):.4f} | {proved[m]} of {count} |" for m, s in found.items()]
    misses = [
        line for m, s in found.items() for line in (f"{m.capitalize()}:", "", "```", *(examples(s, 10) or ["none"]), "```", "")
    ]
    return "\n".join([head.rstrip(), *said, "", *lines, "### What came out otherwise than it should", "", *misses]).rstrip() + "\n"


if __name__ == "__main__":
    main()
