"""How sure decisions are: measured on applications whose truth is known, and checked on others.

    python benchmarks/correlation/calibrate.py --seeds dev      # measures; writes compiler/agents/decide/calibration.json
    python benchmarks/correlation/calibrate.py --seeds report   # checks; writes its part of docs/correlation-benchmark.md

A decision is right when each place that it stands in is right in both sessions that the import has not seen. Decisions are
grouped by their evidence (`compiler/agents/decide/confidence.py`); a group's confidence is (right + 1) / (all + 2).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path

from application import Application
from run import CONFIDENCE, MODES, PAGE, SEEDS, imported
from score import Outcome, Rendered, Replay, _outcome
from session import Session, Site

from loadwright.compiler.agents.decide.confidence import LEVELS, confidence, level
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Part, Reference, Template, walk
from loadwright.compiler.plan.traverse import requests

ROOT = Path(__file__).parents[2]
CALIBRATION = ROOT / "compiler" / "agents" / "decide" / "calibration.json"
_TEXT = """\
## How sure a decision is

Every decision of an import carries a confidence: the share of decisions on the same kind of evidence that were right on the 150
applications that the importer is developed with (`python benchmarks/correlation/calibrate.py --seeds dev`), taken as (right + 1) /
(all + 2), so that a kind that was seldom seen counts as less sure. Kinds are: the verdict; whether the value is random or short;
whether its extractor goes by a name or path, or by position or what stands around it; whether a second recording agrees. `high`
is 0.98 or more, `medium` 0.9 or more. A decision is right when each place it stands in is right in both sessions that the import
has not seen. What is read off the recording (cookies, addresses, passwords by their fields) carries none. Checked on the
{applications} applications of this page:"""
_LIMITS = """\
No decision was wrong in either set. So a confidence is what that many cases without an error allow to say: it is lower where
fewer were seen, not where more were wrong. Real applications have kinds of values that no generator has: read it as how the
evidence compares, not as how often an import of your application is right. What proves a decision is its level of proof."""
_USE = re.compile(r"entry (\d+)\b.*?: (\w+) (.*)", re.DOTALL)


class Naming(Replay):
    """A replay that also tells which names each site refers to."""

    def __init__(self, imported: Imported, session: Session) -> None:
        super().__init__(imported.plan, session)
        self.names: frozenset[str] = frozenset()
        self.named: dict[tuple[int, Site], frozenset[str]] = {}

    def _kinds(self, parts: tuple[Part, ...]) -> tuple[bool, bool, bool]:
        self.names = frozenset(p.name for p in walk(Template(parts=parts)) if isinstance(p, Reference))
        return super()._kinds(parts)

    def _sites(self, request: Request) -> Iterator[tuple[Site, Rendered]]:
        entry = request.origin.entry if request.origin is not None and request.origin.kind == "recording" else -1
        for site, rendered in super()._sites(request):
            self.named[entry, site] = self.names
            yield site, rendered


@dataclass
class Judged:
    """Decisions by group: how many, and how many were right."""

    right: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def merge(self, other: Judged) -> None:
        """Add what another application showed."""
        self.right += other.right
        self.seen += other.seen
        self.wrong += other.wrong


def judge(imported: Imported, unseen: list[Session], label: str) -> Judged:
    """Each decision of an import, right or not in the unseen sessions."""
    replays = [Naming(imported, session) for session in unseen]
    rendered = [dict(replay.run()) for replay in replays]
    by_name: dict[str, set[tuple[int, Site]]] = defaultdict(set)
    for place, names in replays[0].named.items():
        for name in names:
            by_name[name].add(place)
    names = _names(imported)
    found = Judged()
    for decision in imported.decisions:
        places = by_name.get(names.get(decision.id, ""), set()) or _places(decision, set(replays[0].named))
        outcomes = {_at(place, unseen, rendered) for place in places}
        verdict = _right(decision, outcomes) if decision.basis and places else None
        if verdict is not None:
            found.seen[decision.basis] += 1
            found.right[decision.basis] += verdict
            if not verdict:
                found.wrong.append(
                    f"{label} {decision.id} {decision.basis}: {decision.source or decision.uses[0]} {sorted(map(str, outcomes))}"
                )
    return found


def _names(imported: Imported) -> dict[str, str]:
    """Decision: the name that stands for its value in the Plan."""
    nodes = [c for j in imported.plan.journeys for r in requests(j) for c in r.captures]
    named = [*nodes, *imported.plan.variables, *imported.plan.secrets]
    return {n.origin.decision: n.name for n in named if isinstance(n.origin, DecisionOrigin)}


def _places(decision: Decision, known: set[tuple[int, Site]]) -> set[tuple[int, Site]]:
    """The sites that a decision without a name stands in, from what it says."""
    found = set()
    for use in decision.uses:
        match = _USE.match(use)
        for entry, (location, key) in known if match else ():
            if match and entry == int(match[1]) and location == match[2] and match[3] in (key, key.partition("#")[0]):
                found.add((entry, (location, key)))
    return found


def _at(place: tuple[int, Site], unseen: list[Session], rendered: list[dict[int, dict[Site, Rendered]]]) -> Outcome | None:
    entry, site = place
    return _outcome([s.truth[entry].get(site) for s in unseen], [r.get(entry, {}).get(site) for r in rendered])


def _right(decision: Decision, outcomes: set[Outcome | None]) -> bool | None:
    """Whether what was decided is right wherever it stands; None where the truth does not say."""
    judged = outcomes - {None}
    if not judged:
        return None
    if decision.verdict == "extract":
        return judged <= {"right", "fine", "client right"}
    if decision.verdict == "generate":
        return judged <= {"client right"}
    return not judged & {"wrong", "missed", "unresolved", "superfluous", "client missed"}


def measure(seed: int) -> dict[str, Judged]:
    """One application, imported from one recording and from two."""
    application = Application(str(seed))
    unseen = [application.session("third"), application.session("fourth")]
    return {
        mode: judge(imported([(name, application.session(name).har()) for name in names]), unseen, f"seed {seed}, {mode}")
        for mode, names in MODES.items()
    }


def table(found: dict[str, Judged], applications: int) -> list[str]:
    """The reliability table: what was said beside what came out."""
    lines = [CONFIDENCE, *_TEXT.format(applications=applications).splitlines(), ""]
    lines += ["| imported from | confidence | decisions | said on average | right |", "|---|---|---:|---:|---:|"]
    for mode, judged in found.items():
        for word in LEVELS:
            groups = [g for g in judged.seen if level(confidence(g)) == word]
            seen, right = sum(judged.seen[g] for g in groups), sum(judged.right[g] for g in groups)
            if seen:
                said = sum(confidence(g) * judged.seen[g] for g in groups) / seen
                lines.append(f"| {mode} | {word} | {seen} | {said:.3f} | {right / seen:.3f} |")
    lines += ["", "| kind of evidence | said | decisions | right |", "|---|---:|---:|---:|"]
    every = Judged()
    for judged in found.values():
        every.merge(judged)
    for group in sorted(every.seen):
        seen = every.seen[group]
        lines.append(f"| {group} | {confidence(group):.3f} | {seen} | {every.right[group] / seen:.3f} |")
    return [*lines, "", *_LIMITS.splitlines()]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="dev")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    low, _, high = options.seeds.partition("-")
    seeds = SEEDS.get(options.seeds) or range(int(low), int(high or low) + 1)
    found = {mode: Judged() for mode in MODES}
    with Pool(options.jobs) as pool:
        for judged in pool.imap(measure, seeds, chunksize=4):
            for mode in MODES:
                found[mode].merge(judged[mode])
    every = Judged()
    for judged in found.values():
        every.merge(judged)
    for group in sorted(every.seen):
        print(f"{every.right[group]:5} of {every.seen[group]:5}  {group}")
    print("\n".join(every.wrong[:20]))
    if options.seeds == "dev":
        counts = {group: [every.right[group], every.seen[group]] for group in sorted(every.seen)}
        lines = ",\n".join(f" {json.dumps(group)}: {json.dumps(count)}" for group, count in counts.items())
        CALIBRATION.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    if options.seeds == "report":
        _put_into_page("\n".join(table(found, len(seeds))))


def _put_into_page(section: str) -> None:
    """Replace the last part of the published page, or append it."""
    before = PAGE.read_text(encoding="utf-8").partition(CONFIDENCE)[0]
    PAGE.write_text(f"{before.rstrip()}\n\n{section}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
