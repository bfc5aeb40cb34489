"""`loadwright import` of what holds no answers: a Postman collection or an OpenAPI document becomes a draft to complete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from loadwright.compiler.cli.import_ import check_round_trip, title_of
from loadwright.compiler.cli.import_sources import no_answers
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.outputs import Output, kept_aside, write
from loadwright.compiler.cli.show import show
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.diagnostics import counted
from loadwright.compiler.drafts.builder import Drafted
from loadwright.compiler.drafts.detect import Kind
from loadwright.compiler.drafts.openapi import read_openapi
from loadwright.compiler.drafts.postman import read_postman
from loadwright.compiler.plan.traverse import requests, steps
from loadwright.compiler.printer import Notes, print_intent


def import_drafts(paths: Sequence[Path], kinds: Sequence[Kind], output: Path, plan: Path | None, foreign: Sequence[str]) -> int:
    """Write an intent drafted from one source; 0 when nothing is left to the user, 1 when something is.

    `foreign` are options that were given and that only recordings can serve. Raises LoadwrightError for bad input.
    """
    if len(set(kinds)) > 1:
        found = ", ".join(f"`{path.name}` ({kind})" for path, kind in zip(paths, kinds, strict=True))
        raise problem("mixed-sources", f"sources of several kinds cannot become one intent: {found}", "import each by itself")
    if foreign:
        message = f"{foreign[0]} is for recordings: without answers there are no decisions to review"
        raise problem("bad-option", message, "leave it out")
    try:
        made, text = _draft(paths, kinds[0], output)
    except RecursionError:
        raise problem("source-unreadable", "the source is nested too deeply", "no tool writes such a file", paths[0].name) from None
    show([*made.warnings, no_answers(paths[0])])
    aside = _write(made, text, output, plan)
    _tell(
        made, [path for path in (output, plan) if path], f"{output.name} was there already: kept as {aside.name}" if aside else ""
    )
    return 1 if made.unresolved else 0


def _draft(paths: Sequence[Path], kind: Kind, output: Path) -> tuple[Drafted, str]:
    folder = f"{output.stem}-files"
    if kind == "openapi":
        if len(paths) > 1:
            raise problem("mixed-sources", "one OpenAPI document becomes one intent", "import each by itself")
        made = read_openapi(paths[0], title_of(output), folder)
    else:
        made = read_postman(paths, title_of(output), folder)
    text = print_intent(made.plan, Notes(before=made.comments))
    check_round_trip(made.plan, text, output)
    return made, text


def _write(made: Drafted, text: str, output: Path, plan: Path | None) -> Path | None:
    """Write what was drafted; where the intent that was there is kept, if it was another one."""
    outputs = [Output(PurePosixPath(output.name), text)]
    outputs += [Output(PurePosixPath(path), data) for path, data in made.files.items()]
    if plan:
        outputs.append(Output(PurePosixPath(plan.absolute()), made.plan.model_dump_json(exclude_none=True, indent=1) + "\n"))
    aside = kept_aside(output, text)
    write(outputs, output.parent)
    return aside


def _tell(made: Drafted, written: Sequence[Path], kept: str) -> None:
    terminal = Terminal()
    journeys = made.plan.journeys
    counts = (len(journeys), sum(len(list(steps(j))) for j in journeys), sum(len(list(requests(j))) for j in journeys))
    drafted = ", ".join(map(counted, counts, ("journey", "step", "request")))
    lines = [f"Drafted: {drafted}; nothing was proved"]
    lines += [f"Unresolved: {', '.join(made.unresolved)}"] if made.unresolved else []
    lines += [f"set before a run: {', '.join(s.env for s in made.plan.secrets)}"] if made.plan.secrets else []
    lines += [kept] if kept else []
    for line in (*lines, f"wrote {', '.join(map(str, written))}"):
        terminal.line(line)
