"""Reads what `loadwright import` is given, each file by the reader of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from loadwright.compiler.agents.asked_once import without_asked_once
from loadwright.compiler.agents.decide.one_session import begins_anew, shared_session
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.show import show
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, Severity, counted
from loadwright.compiler.drafts.detect import Kind, detect
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry, Recording, Selection, StepOutline
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import Sockets, Static, select, summary_lines

if TYPE_CHECKING:  # who imports a recording does not wait for the reader of commands
    from loadwright.compiler.drafts.curl import Transfer

_LONG_PAUSE = 600_000
"""Milliseconds; what is longer is no think time."""


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
    for path, name, kind in zip(paths, recording_names(paths), kinds, strict=True):
        if kind == "curl":
            found = _curl(path, name, read, hosts, static)
        else:
            recording, warnings = read_recording(path, kind, name)
            show(warnings)
            found, more = _selected(recording, path, hosts, static, sockets)
            show(more)
            read.warnings += [*warnings, *more]
        read.sources.append(found)
        terminal.named(name, counted(len(found.outline), "step"))
        for line in summary_lines(found.selection):
            terminal.line(f"  {line}")
    require_different({source.recording.name: source.recording.entries for source in read.sources})
    show(sessions := [*_two_sessions(read.sources), *_one_session(read.sources)])
    read.warnings += sessions
    read.sources = without_asked_once(read.sources)
    return read


def recording_names(paths: Sequence[Path]) -> list[str]:
    """What to call each recording: its file, with the folders where several are called alike. Raises LoadwrightError."""
    if len(set(paths)) < len(paths):
        twice = next(path for path, count in Counter(paths).items() if count > 1)
        raise problem("same-recording", f"`{twice}` is named twice", "name each recording once", place=str(twice))
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else path.as_posix() for path in paths]


def require_different(recordings: Mapping[str, Sequence[Entry]]) -> None:
    """Raise LoadwrightError where two recordings hold one session: all would look constant, and P3 would hold for nothing."""
    for (one, ours), (other, theirs) in combinations(recordings.items(), 2):
        if len(ours) == len(theirs) and all(map(_is_same, *(sorted(entries, key=_place) for entries in (ours, theirs)))):
            message = f"`{other}` holds the same session as `{one}`, so it shows nothing of what changes"
            hint = "record the journey a second time, from an empty cache and without a session"
            raise problem("same-recording", message, hint, place=other)


def _place(entry: Entry) -> tuple[float, str, str]:
    return entry.started, entry.request.method, entry.request.url


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries are one exchange, wherever they stand in their files."""
    return (one.started, one.request, one.response) == (other.started, other.request, other.response)


def _one_session(sources: Sequence[Source]) -> list[Diagnostic]:
    """A warning of each recording that goes on in the session of another one."""
    hint = "record each in a new private window: what belongs to a session shows only where there are two"
    return [
        Diagnostic(
            "same-session",
            f"it goes on in the session of `{first.recording.name}`: both have the same cookie `{cookie}`",
            hint,
            place=second.recording.name,
            severity=Severity.WARNING,
        )
        for first, second in combinations(sources, 2)
        if (cookie := shared_session(first.entries, second.entries))
    ]


def _two_sessions(sources: Sequence[Source]) -> list[Diagnostic]:
    """A warning of each recording that holds two sessions of a browser."""
    hint = "record one session in each file, and give each a journey of its own: the cookies of a test stay until an iteration ends"
    return [
        Diagnostic(
            "session-begins-anew",
            f"the browser no longer has the cookie `{told[1]}` that it was given, as in another window",
            hint,
            place=f"{source.recording.name} entry {told[0].index}",
            severity=Severity.WARNING,
        )
        for source in sources
        if (told := begins_anew(source.entries))
    ]


def read_recording(path: Path, kind: Kind | None = None, name: str = "") -> tuple[Recording, list[Diagnostic]]:
    """The recording in a HAR or in a flow file of mitmproxy, and what is odd about it. Raises LoadwrightError."""
    if (kind or detect(path)) == "mitmproxy":
        from loadwright.compiler.recorder.flows import read_flows

        return read_flows(path, name)
    return read_har(path, name)


def _selected(
    recording: Recording, path: Path, hosts: Sequence[str], static: Static, sockets: Sockets = "keep"
) -> tuple[Source, list[Diagnostic]]:
    selection = select(recording, hosts, static, sockets)
    if not selection.kept:
        raise _nothing(selection, path)
    recording, warnings = conversations(recording, selection.kept)
    steps = outline(recording, selection.kept)
    return Source(recording, selection, steps), [*warnings, *_long_pauses(steps, recording.name)]


def _nothing(selection: Selection, path: Path) -> LoadwrightError:
    """What is said where nothing is left, and why."""
    found = Counter(drop.reason for drop in selection.dropped)
    if not found:
        message, hint = f"`{path.name}` holds no usable request", "record again, and export after the last click"
    else:
        reasons = ", ".join(f"{count} {reason}" for reason, count in found.most_common())
        message = f"no request of `{path.name}` takes part in the test; left out: {reasons}"
        hosts = ", ".join(f"`{host.host}`" for host in selection.hosts)
        hint = f"name the host under test with `--host`; hosts in the recording: {hosts or 'none'}"
    return problem("nothing-to-import", message, hint, place=str(path))


def _long_pauses(steps: Sequence[StepOutline], name: str) -> list[Diagnostic]:
    """A warning of each pause that no user makes: the clock jumped, or somebody had lunch."""
    hint = "a shorter `think` in the intent, or `--think 0.01` for a run"
    return [
        Diagnostic(
            "long-pause",
            f"{step.think_before / 60_000:.0f} minutes without a request before this one, for which the test thinks too",
            hint,
            place=f"{name} entry {step.groups[0][0]}",
            severity=Severity.WARNING,
        )
        for step in steps
        if step.think_before > _LONG_PAUSE
    ]


def _curl(path: Path, name: str, read: Read, hosts: Sequence[str], static: Static) -> Source:
    from loadwright.compiler.drafts.curl import read_curl
    from loadwright.compiler.drafts.curl_import import curl_source
    from loadwright.compiler.drafts.read import read_text

    transfers, warnings = read_curl(read_text(path), name, path.parent)
    warnings = [*warnings, no_answers(path)]
    show(warnings)
    read.warnings += warnings
    read.transfers[name] = transfers
    source = curl_source(transfers, name)
    every = [host.host for host in source.selection.hosts]  # what somebody wrote down is meant, whatever its host
    return _selected(source.recording, path, hosts or every, static)[0] if hosts or static == "drop" else source


def no_answers(path: Path) -> Diagnostic:
    """What is said about every source that holds no answers."""
    message = "the source holds no answers: nothing can be traced to where it comes from, and no answer can be checked"
    hint = "values that change from run to run want captures of your own; a recording finds them by itself: `loadwright record`"
    return Diagnostic("no-answers", message, hint, place=path.name, severity=Severity.WARNING)
