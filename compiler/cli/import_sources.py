"""Reads what `loadwright import` is given, each file by the reader of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from loadwright.compiler.agents.asked_once import without_asked_once
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.show import show
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.drafts.detect import Kind, detect
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import Sockets, Static, select, summary_lines

if TYPE_CHECKING:  # who imports a recording does not wait for the reader of commands
    from loadwright.compiler.drafts.curl import Transfer


class Read(Struct):
    """The recordings, what was odd about them, and the `curl` commands by the name of their file."""

    sources: list[Source] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    transfers: dict[str, Sequence[Transfer]] = field(default_factory=dict)

    def complete(self, imported: Imported) -> None:
        """Put what commands say beyond a recording into what was made of them."""
        if self.transfers:
            from loadwright.compiler.drafts.curl_import import complete

            imported.plan = complete(imported.plan, imported.decisions, self.transfers)


def read_sources(
    paths: Sequence[Path],
    kinds: Sequence[Kind],
    hosts: Sequence[str],
    static: Static,
    terminal: Terminal,
    sockets: Sockets = "keep",
) -> Read:
    """The recordings in files, with what takes part; shows what is odd about them. Raises LoadwrightError for bad input."""
    read = Read()
    for path, kind in zip(paths, kinds, strict=True):
        if kind == "curl":
            found = _curl(path, read, hosts, static)
        else:
            recording, warnings = read_recording(path, kind)
            found, more = _selected(recording, path, hosts, static, sockets)
            show(warnings := [*warnings, *more])
            read.warnings += warnings
        read.sources.append(found)
        terminal.named(path.name, f"{len(found.outline)} steps")
        for line in summary_lines(found.selection):
            terminal.line(f"  {line}")
    read.sources = without_asked_once(read.sources)
    return read


def read_recording(path: Path, kind: Kind | None = None) -> tuple[Recording, list[Diagnostic]]:
    """The recording in a HAR or in a flow file of mitmproxy, and what is odd about it. Raises LoadwrightError."""
    if (kind or detect(path)) == "mitmproxy":
        from loadwright.compiler.recorder.flows import read_flows

        return read_flows(path)
    return read_har(path)


def _selected(
    recording: Recording, path: Path, hosts: Sequence[str], static: Static, sockets: Sockets = "keep"
) -> tuple[Source, list[Diagnostic]]:
    selection = select(recording, hosts, static, sockets)
    if not selection.kept:
        raise problem(
            "nothing-to-import",
            f"no request of `{path.name}` takes part in the test",
            "name the host under test with `--host`; hosts in the recording: "
            + (", ".join(f"`{h.host}`" for h in selection.hosts) or "none"),
            place=str(path),
        )
    recording, warnings = conversations(recording, selection.kept)
    return Source(recording, selection, outline(recording, selection.kept)), warnings


def _curl(path: Path, read: Read, hosts: Sequence[str], static: Static) -> Source:
    from loadwright.compiler.drafts.curl import read_curl
    from loadwright.compiler.drafts.curl_import import curl_source
    from loadwright.compiler.drafts.read import read_text

    transfers, warnings = read_curl(read_text(path), path.name, path.parent)
    warnings = [*warnings, no_answers(path)]
    show(warnings)
    read.warnings += warnings
    read.transfers[path.name] = transfers
    source = curl_source(transfers, path.name)
    every = [host.host for host in source.selection.hosts]  # what somebody wrote down is meant, whatever its host
    return _selected(source.recording, path, hosts or every, static)[0] if hosts or static == "drop" else source


def no_answers(path: Path) -> Diagnostic:
    """What is said about every source that holds no answers."""
    message = "the source holds no answers: nothing can be traced to where it comes from, and no answer can be checked"
    hint = "values that change from run to run want captures of your own; a recording finds them by itself: `loadwright record`"
    return Diagnostic("no-answers", message, hint, place=path.name, severity=Severity.WARNING)
