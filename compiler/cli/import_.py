"""`loadwright import`: recordings in, an intent that was proved on them out; and drafts of what holds no answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from loadwright.compiler.agents.expect.soft_failures import RecordedFailure
from loadwright.compiler.agents.importing import Imported, import_recordings
from loadwright.compiler.cli.advice import advised, adviser
from loadwright.compiler.cli.advice_options import AdviceAsked
from loadwright.compiler.cli.import_output import decisions_document, failure_findings, import_document, left_findings
from loadwright.compiler.cli.import_proof import prove_higher
from loadwright.compiler.cli.import_sources import read_sources
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.memory import spare_memory
from loadwright.compiler.cli.outputs import Output, kept_aside, require_places, write
from loadwright.compiler.cli.proof_findings import findings
from loadwright.compiler.cli.show import show
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.drafts.detect import Kind, detect
from loadwright.compiler.import_report.summary import summary_lines
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.printer import Notes, print_intent
from loadwright.compiler.recording.select import Sockets, Static
from loadwright.compiler.round_trip import reads_back
from loadwright.compiler.sources import is_document


class ProofAsked(NamedTuple):
    """How far an import proves, and on which runtimes (P4)."""

    level: str = "P2"
    runtimes: Sequence[str] = ("k6",)


def import_(
    recordings: list[Path],
    output: Path,
    plan: Path | None = None,
    decisions: Path | None = None,
    hosts: list[str] | None = None,
    static: Static = "keep",
    report: Path | None = None,
    kind: Kind | None = None,
    proof: ProofAsked | None = None,
    as_json: bool = False,
    advice: AdviceAsked | None = None,
    sockets: Sockets = "keep",
) -> int:
    """Write an intent made from recordings or from other sources, with its Plan and decisions where asked for.

    0 when everything was resolved and proved, 1 when something is left to the user; raises LoadwrightError for bad input.
    """
    require_places([output, plan, decisions, report], recordings)
    if is_document(str(output)):
        raise problem(
            "bad-option",
            f"an import writes the text form, and `{output.name}` is not called so",
            f"write `{output.stem}.intent`, and then `loadwright convert {output.stem}.intent --to yaml`",
        )
    kinds = [kind or detect(path) for path in recordings]
    if set(kinds) & {"postman", "openapi"}:
        from loadwright.compiler.cli.import_drafts import import_drafts

        of_recordings = {"--decisions": decisions, "--report": report, "--host": hosts, "--format json": as_json}
        return import_drafts(recordings, kinds, output, plan, [option for option, given in of_recordings.items() if given])
    asked = adviser(advice or AdviceAsked())
    spare_memory()
    terminal = Terminal(quiet=as_json)
    read = read_sources(recordings, kinds, hosts or [], static, terminal, sockets)
    sources, warnings = read.sources, read.warnings
    folder = f"{output.stem}-files"
    with terminal.status("importing") as progress:
        imported = import_recordings(sources, title_of(output), folder, progress)
        read.complete(imported)
        sources, imported, told = advised(sources, imported, asked, progress)
        text = print_intent(imported.plan, _notes(imported))
    check_round_trip(imported.plan, text, output)
    with terminal.status("proving further"):
        higher = prove_higher(sources, imported, *(proof or ProofAsked()))
    left = left_findings(imported.left)
    outputs = _outputs(imported, text, output, plan)
    if decisions:
        outputs.append(_at(decisions, decisions_document(imported, higher)))
    if report:
        # only who asks for a page waits for what makes one
        from loadwright.compiler.cli.review_page import import_page

        outputs.append(_at(report, import_page(sources, imported, [*warnings, *left], higher)))
    aside = kept_aside(output, text)
    write(outputs, output.parent)
    kept = [aside] if aside else []
    found = [*findings(imported.proofs), *failure_findings(imported.failures), *left, *higher.wanted]
    written = [path for path in (output, plan, decisions, report) if path]
    failed = any(proof.findings for _, proof in imported.proofs) or higher.failed
    if as_json:
        print(import_document(sources, imported, higher, warnings, found, [*written, *kept], told), end="")
        return 1 if failed or any(d.verdict == "unresolved" for d in imported.decisions) else 0
    show(found)
    terminal.line()
    for line, urgent in summary_lines(sources, imported, warnings, higher.outcomes, higher.failed):
        terminal.line(line, "bold red" if urgent else None)
    for line in told:
        terminal.line(line)
    if imported.plan.secrets:
        terminal.line(f"set before a run: {', '.join(s.env for s in imported.plan.secrets)}")
    for path in kept:
        terminal.line(f"{output.name} was there already, with other content: kept as {path.name}")
    terminal.line(f"wrote {', '.join(map(str, written))}")
    return 1 if failed or any(d.verdict == "unresolved" for d in imported.decisions) else 0


def title_of(output: Path) -> str:
    """The title of an intent that is written to a file."""
    words = output.stem.replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or "Load test"


def _notes(imported: Imported) -> Notes:
    """A comment before each secret that stands for a value without a source, and before each request that failed as recorded."""
    unresolved = {d.variable for d in imported.decisions if d.verdict == "unresolved"}
    text = "unresolved: no response before its use holds this value; see the decisions"
    before = {id(secret): text for secret in imported.plan.secrets if secret.name in unresolved}
    told = {(f.recording, f.entry): _failed(f) for f in imported.failures}
    for recording, entry, name in imported.unset_cookies:
        text = f'unresolved: the cookie {name} is not sent, since no response sets it; write `cookie "{name}" = …` if it is needed'
        told[recording, entry] = "\n".join(filter(None, (told.get((recording, entry)), text)))
    for journey in imported.plan.journeys:
        for request in requests(journey) if told else ():
            origin = request.origin
            if isinstance(origin, RecordingOrigin) and (note := told.get((origin.recording, origin.entry))):
                before[id(request)] = note
    return Notes(before=before)


def _failed(failure: RecordedFailure) -> str:
    follows = f"; {failure.cascade}" if failure.cascade else ""
    return f"failed in the recording: {failure.rule}, {failure.seen}{follows}"


def check_round_trip(plan: Plan, text: str, output: Path) -> None:
    """The text must mean the Plan that was proved."""
    if not reads_back(plan, text, str(output)):
        raise problem(
            "printer-differs", "the printed intent does not read back as the same plan", "this is a defect of Loadwright; report it"
        )


def _outputs(imported: Imported, text: str, output: Path, plan: Path | None) -> list[Output]:
    """The intent, the files that it sends, and the Plan."""
    outputs = [Output(PurePosixPath(output.name), text)]
    outputs += [Output(PurePosixPath(path), data) for path, data in imported.files.items()]
    return [*outputs, *([_at(plan, imported.plan.model_dump_json(exclude_none=True, indent=1) + "\n")] if plan else [])]


def _at(path: Path, text: str) -> Output:
    return Output(PurePosixPath(path.absolute()), text)
