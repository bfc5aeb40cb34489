"""The load that comes, against the load that was asked for, on the three runtimes; it makes the plots of docs/load.md.

`python benchmarks/load.py` runs all models of load on each runtime (some ten seconds each; the runtimes must be installed, and
the machine idle), and writes docs/load/measured.json, the plots beside it and the table in docs/load.md. A runtime is run up to
three times; each model is shown as it was measured best. With `--draw` nothing is run: plots and table are made anew from the data.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from conformance.load_measure import Measured, all_measured, run
from conformance.load_models import PROFILES
from conformance.load_plots import DATA, FOLDER, TITLES, data_text, far, load_data, write

RUNS = 3


def measured(runtime: str, runs: int) -> dict[str, dict[str, Measured]]:
    """Each model as it was measured best, by journey."""
    tried = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            tried.append(all_measured(run(runtime, Path(folder))))
    return {p.name: min((each[p.name] for each in tried), key=worst) for p in PROFILES}


def worst(parts: dict[str, Measured]) -> float:
    """The deviation of the journey that is farthest off."""
    return max(part.deviation for part in parts.values())


def main() -> None:
    """Measure, write, and print how far each model is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if not options.draw:
        found = {runtime: measured(runtime, options.runs) for runtime in TITLES}
        DATA.write_text(data_text({p.name: {r: found[r][p.name] for r in TITLES} for p in PROFILES}), encoding="utf-8")
    data = load_data()
    write(data)
    for profile in PROFILES:
        figures = "  ".join(f"{title} {far(data[profile.name], runtime):5.1%}" for runtime, title in TITLES.items())
        print(f"{profile.name:18} {figures}")


if __name__ == "__main__":
    main()
