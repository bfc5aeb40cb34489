"""`loadwright prove`: an intent held against recordings, level by level."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from loadwright.compiler.agents.importing import Source
from loadwright.compiler.agents.prove.proof import Level, Proof
from loadwright.compiler.agents.prove.proof import prove as prove_plan
from loadwright.compiler.cli.import_proof import Higher
from loadwright.compiler.cli.import_sources import read_recording, recording_names, require_different
from loadwright.compiler.cli.load import load_plan, problem
from loadwright.compiler.cli.outputs import Output, require_places, write
from loadwright.compiler.cli.proof_findings import another_journey, diagnostic
from loadwright.compiler.cli.prove_levels import Case, Evidence, Outcome, live, negative, other_recording, rotating
from loadwright.compiler.cli.settings import Overrides, require_secrets, variables
from loadwright.compiler.cli.show import show
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.diagnostics import Diagnostic, errors
from loadwright.compiler.plan.model import Plan, Stream
from loadwright.compiler.plan.traverse import plan_nodes
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import Sockets, select
from loadwright.compiler.reports.json_form import as_json
from loadwright.compiler.rotation.pairing import journey_of

LEVELS = ("P0", "P1", "P2", "P3", "P4", "P5")


@dataclass(frozen=True)
class ProveOptions:
    """What the command line says about a proof."""

    level: str = "P2"
    runtimes: Sequence[str] = ("k6",)
    targets: Sequence[str] = ()
    """`NAME=URL` each, for P5."""
    json: bool = False
    report: Path | None = None
    """Where the page to review the proof with goes."""


def prove(intent: Path, recordings: list[Path], options: ProveOptions | None = None) -> int:
    """Print what was proved of an intent on each recording: 0 when every level asked for held, 1 when not.

    Levels include the lower ones; after a level that does not hold, no higher one is tried.
    """
    options = options or ProveOptions()
    _check(options)
    require_places([options.report], [intent, *recordings])
    plan = load_plan(intent)
    if options.level == "P5":  # before the work of P4, which needs neither
        variables(plan, options.targets, Overrides())
        require_secrets(plan)
    read = [_read(plan, path, name) for path, name in zip(recordings, recording_names(recordings), strict=True)]
    require_different({source.recording.name: source.recording.entries for source, _ in read})
    evidence = [Evidence(source.recording.name, source.recording, source.selection.kept) for source, _ in read]
    high = LEVELS.index(options.level) >= LEVELS.index("P3")
    cases = _cases(plan, evidence, high)
    proofs = [
        (one.name, prove_plan(plan, one.recording, one.kept, [e.recording for e in case.evidence if e is not one]))
        for case in cases
        for one in case.evidence[:1]
    ]
    outcomes = [outcome for name, proof in proofs for outcome in _outcomes(name, proof, options.level)]
    higher = Higher(options.level)
    found = [f for o in outcomes for f in o.findings]
    terminal = Terminal(quiet=options.json)
    for name, proof in proofs:
        terminal.named(name, proof_line(proof, options.level))
    for other in (one for case in cases for one in case.evidence[1:] if not high):
        terminal.named(other.name, "another recording of the same journey: P3 holds the intent against it")
    for step in _steps(plan, cases, intent.parent, options) if not errors(found) else ():
        higher.outcomes += (reached := step())
        found += [f for o in reached for f in o.findings]
        for outcome in reached:
            terminal.named(outcome.subject, _line(outcome))
        if errors(found):
            break
    if options.report:
        from loadwright.compiler.cli.review_page import proof_page  # only who asks for a page waits for what makes one

        warnings = [warning for _, told in read for warning in told]
        _write(options.report, proof_page(plan, cases, [source for source, _ in read], proofs, warnings, higher))
        terminal.line(f"wrote {options.report}")
    if options.json:
        print(_document([*outcomes, *higher.outcomes], found, options.level), end="")
    else:
        show(found)
    return 1 if errors(found) else 0


def _check(options: ProveOptions) -> None:
    if options.level == "P5" and not options.targets:
        raise problem("bad-option", "P5 runs against the live application", "say where it is: --target NAME=URL")
    if options.targets and options.level != "P5":
        raise problem("bad-option", "--target is for P5 alone", "add --level P5 to run against the live application")


def _write(path: Path, text: str) -> None:
    write([Output(PurePosixPath(path.name), text)], path.parent)


def _read(plan: Plan, path: Path, name: str) -> tuple[Source, list[Diagnostic]]:
    recording, warnings = read_recording(path, name=name)
    hosts = [target.url.partition("://")[2] for target in plan.targets]
    sockets: Sockets = "keep" if any(isinstance(node, Stream) for node in plan_nodes(plan)) else "drop"
    selection = select(recording, hosts, sockets=sockets)
    recording, more = conversations(recording, selection.kept)
    return Source(recording, selection, outline(recording, selection.kept)), [*warnings, *more]


def _cases(plan: Plan, evidence: Sequence[Evidence], strict: bool) -> list[Case]:
    """The recordings by journey; one that is of none raises LoadwrightError where that is strict, else stands alone."""
    found: dict[str, list[Evidence]] = {}
    strange: list[Case] = []
    for one in evidence:
        journey = journey_of(plan, one.entries)
        if journey:
            found.setdefault(journey.name, []).append(one)
        elif strict or not plan.journeys:
            raise problem("wrong-recording", f"`{one.name}` is of no journey of this intent", "name the recording it was made from")
        else:
            strange.append(Case(plan.journeys[0], (one,)))
    return [*(Case(j, tuple(found[j.name])) for j in plan.journeys if j.name in found), *strange]


def _steps(plan: Plan, cases: Sequence[Case], source: Path, options: ProveOptions) -> list[Callable[[], list[Outcome]]]:
    """The levels above P2 that were asked for, as work to do."""
    steps: list[tuple[str, Callable[[], list[Outcome]]]] = [
        ("P3", lambda: [other_recording(plan, case) for case in cases]),
        ("P4", lambda: [rotating(plan, case, source, options.runtimes) for case in cases]),
        ("P4", lambda: [negative(plan, case, source, options.runtimes) for case in cases]),
        ("P5", lambda: [live(plan, case, source, options.runtimes, options.targets) for case in cases]),
    ]
    return [work for level, work in steps if LEVELS.index(level) <= LEVELS.index(options.level)]


def _line(outcome: Outcome) -> str:
    word = "not tried" if outcome.held is None else "held" if outcome.held else "FAILED"
    return f"{outcome.level} {word} ({outcome.detail})"


def _document(outcomes: Sequence[Outcome], found: Sequence[Diagnostic], level: str) -> str:
    """The report for programs: each level with its outcome, then the findings."""
    levels = [{"level": o.level, "subject": o.subject, "held": o.held, "detail": o.detail} for o in outcomes]
    report = {"asked": level, "held": not errors(found), "levels": levels, **json.loads(as_json(found))}
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def proof_line(proof: Proof, asked: str = "P2") -> str:
    """One line on what was proved, up to a level."""
    details = {level: text for level, text in _details(proof).items() if LEVELS.index(level) <= LEVELS.index(asked)}
    levels = ", ".join(f"{level} {'held' if proof.held(level) else 'FAILED'} ({text})" for level, text in details.items())
    extra = f"; {len(proof.unmatched_entries)} recorded requests are not in the intent" if proof.unmatched_entries else ""
    return levels + extra


def _details(proof: Proof) -> dict[Level, str]:
    return {
        "P0": f"{proof.captures_held} of {proof.captures} captures give a value",
        "P1": f"{proof.requests_equal} of {proof.requests} requests equal the recording",
        "P2": f"{proof.literals} texts searched for recorded values",
    }


def _outcomes(name: str, proof: Proof, asked: str) -> list[Outcome]:
    """The levels up to P2 that were asked for, with their findings."""
    if strange := another_journey(name, proof):
        return [Outcome("P1", name, False, _details(proof)["P1"], [strange])]
    return [
        Outcome(level, name, proof.held(level), detail, [diagnostic(name, f) for f in proof.findings if f.level == level])
        for level, detail in _details(proof).items()
        if LEVELS.index(level) <= LEVELS.index(asked)
    ]
