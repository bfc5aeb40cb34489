"""`loadwright import`: recordings in, an intent that was proved on them out."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from rich.console import Console

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.agents.prove import Proof
from loadwright.compiler.cli.compile import Output, write
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.prove import findings
from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.import_report.summary import summary_lines
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import Notes, print_intent
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import Static, select
from loadwright.compiler.recording.select import summary_lines as selection_lines


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
    gc.set_threshold(200_000, 20, 100)  # a short process that makes many objects and few cycles
    console = Console(highlight=False)
    sources, warnings = _read(recordings, hosts or [], static, console)
    folder = f"{output.stem}-files"
    with console.status("importing") as status:
        imported = import_recordings(sources, _title(output), folder, status.update)
        text = print_intent(imported.plan, _notes(imported))
    _check_round_trip(imported.plan, text, output)
    _write(imported, text, output, plan, decisions)
    if report:
        page = _page(sources, imported, warnings)
        write([Output(PurePosixPath(report.name), page)], report.parent)
    found = findings(imported.proofs)
    show(found)
    console.print()
    for line, urgent in summary_lines(sources, imported, warnings):
        console.print(line, soft_wrap=True, markup=False, style="bold red" if urgent else None)
    if imported.plan.secrets:
        console.print(f"set before a run: {', '.join(s.env for s in imported.plan.secrets)}", soft_wrap=True)
    written = [str(path) for path in (output, plan, decisions, report) if path]
    console.print(f"wrote {', '.join(written)}", soft_wrap=True, markup=False)
    return 1 if found or any(d.verdict == "unresolved" for d in imported.decisions) else 0


def _read(
    recordings: Sequence[Path], hosts: Sequence[str], static: Static, console: Console
) -> tuple[list[Source], list[Diagnostic]]:
    sources: list[Source] = []
    every: list[Diagnostic] = []
    for path in recordings:
        recording, warnings = read_har(path)
        show(warnings)
        every += warnings
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
    return sources, every


def _print_selection(path: Path, source: Source, console: Console) -> None:
    console.print(f"[bold]{path.name}[/]: {len(source.outline)} steps", soft_wrap=True)
    for line in selection_lines(source.selection):
        console.print(f"  {line}", soft_wrap=True, markup=False)


def _page(sources: Sequence[Source], imported: Imported, warnings: Sequence[Diagnostic]) -> str:
    # only who asks for a page waits for what makes one
    from loadwright.compiler.import_report.page import render
    from loadwright.compiler.import_report.view import view
    from loadwright.compiler.scrubbing.masks import Masker
    from loadwright.compiler.scrubbing.sensitive import sensitive

    masker = Masker(sensitive(source.recording for source in sources))
    return render(view(imported.plan.name, sources, imported, masker, warnings))


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
