"""`loadwright import`: recordings in, an intent that was proved on them out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import get_args

from rich.console import Console

from loadwright.compiler.agents.decisions import Decision, Verdict
from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.agents.prove import Proof
from loadwright.compiler.cli.compile import Output, write
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.prove import findings, proof_line
from loadwright.compiler.cli.show import show
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import Notes, print_intent
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import Static, select, summary_lines

_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def import_(
    recordings: list[Path],
    output: Path,
    plan: Path | None = None,
    decisions: Path | None = None,
    hosts: list[str] | None = None,
    static: Static = "keep",
    report: Path | None = None,
) -> int:
    """Write an intent made from recordings, with its Plan and decisions where asked for.

    0 when everything was resolved and proved, 1 when something is left to the user; raises LoadwrightError for bad input.
    """
    console = Console(highlight=False)
    sources = _read(recordings, hosts or [], static, console)
    folder = f"{output.stem}-files"
    with console.status("importing") as status:
        imported = import_recordings(sources, _title(output), folder, status.update)
        text = print_intent(imported.plan, _notes(imported))
    _check_round_trip(imported.plan, text, output)
    _write(imported, text, output, plan, decisions)
    _report(imported, console)
    found = findings(imported.proofs)
    show(found)
    if imported.plan.secrets:
        console.print(f"set before a run: {', '.join(s.env for s in imported.plan.secrets)}", soft_wrap=True)
    for path in (output, plan, decisions):
        if path:
            console.print(f"wrote {path}", soft_wrap=True)
    return 1 if found or any(d.verdict == "unresolved" for d in imported.decisions) else 0


def _read(recordings: Sequence[Path], hosts: Sequence[str], static: Static, console: Console) -> list[Source]:
    sources: list[Source] = []
    for path in recordings:
        recording, warnings = read_har(path)
        show(warnings)
        selection = select(recording, hosts, static)
        if not selection.kept:
            raise problem(
                "nothing-to-import",
                f"no request of `{path.name}` takes part in the test",
                "name the host under test with `--host`; hosts in the recording: "
                + (", ".join(f"`{h.host}`" for h in selection.hosts) or "none"),
                place=str(path),
            )
        sources.append(Source(recording, selection, outline(recording, selection.kept)))
        _print_selection(path, sources[-1], console)
    return sources


def _print_selection(path: Path, source: Source, console: Console) -> None:
    console.print(f"[bold]{path.name}[/]: {len(source.outline)} steps", soft_wrap=True)
    for line in summary_lines(source.selection):
        console.print(f"  {line}", soft_wrap=True, markup=False)


def _title(output: Path) -> str:
    words = output.stem.replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or "Load test"


def _notes(imported: Imported) -> Notes:
    """A comment before each secret that stands for a value without a source."""
    unresolved = {d.variable for d in imported.decisions if d.verdict == "unresolved"}
    text = "unresolved: no response before its use holds this value; see the decisions"
    return Notes(before={id(secret): text for secret in imported.plan.secrets if secret.name in unresolved})


def _check_round_trip(plan: Plan, text: str, output: Path) -> None:
    """The text must mean the Plan that was proved."""
    again, _ = parse_intent(text, str(output), None)
    if again != plan:
        raise problem(
            "printer-differs", "the printed intent does not read back as the same plan", "this is a defect of Loadwright; report it"
        )


def _write(imported: Imported, text: str, output: Path, plan: Path | None, decisions: Path | None) -> None:
    outputs = [Output(PurePosixPath(output.name), text)]
    outputs += [Output(PurePosixPath(path), data) for path, data in imported.files.items()]
    write(outputs, output.parent)
    if plan:
        write([Output(PurePosixPath(plan.name), imported.plan.model_dump_json(exclude_none=True, indent=1) + "\n")], plan.parent)
    if decisions:
        document = {
            "decisions": [d.model_dump(mode="json") for d in imported.decisions],
            "proofs": [_proof_document(name, proof) for name, proof in imported.proofs],
        }
        write([Output(PurePosixPath(decisions.name), json.dumps(document, ensure_ascii=False, indent=1) + "\n")], decisions.parent)


def _proof_document(name: str, proof: Proof) -> dict[str, object]:
    document = asdict(proof)
    for finding in document["findings"]:
        finding.pop("origin")
    return {"recording": name, **document}


def _report(imported: Imported, console: Console) -> None:
    counts = Counter(d.verdict for d in imported.decisions)
    console.print("\n[bold]Decisions[/]: " + ", ".join(f"{counts[v]} {v}" for v in _VERDICTS if counts[v]), soft_wrap=True)
    shown = [d for d in imported.decisions if d.verdict not in ("cookie jar", "environment", "ignore")]
    width = max((len(_name(d)) for d in shown), default=0)
    for decision in sorted(shown, key=lambda d: _VERDICTS.index(d.verdict)):
        line = f"  {decision.verdict:<12}  {_name(decision):<{width}}  {decision.source or decision.evidence[0]}"
        console.print(line, soft_wrap=True, markup=False, style="bold red" if decision.verdict == "unresolved" else None)
    for name, proof in imported.proofs:
        console.print(f"[bold]Proof[/] on {name}: {proof_line(proof)}", soft_wrap=True)


def _name(decision: Decision) -> str:
    return decision.variable or decision.value
