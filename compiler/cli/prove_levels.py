"""The levels of proof that need more than one recording: P3, P4 with its negative proof, P5."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path

from loadwright.compiler.agents.prove.partners import prove_partnered
from loadwright.compiler.agents.prove.proof import Proof
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.cli.session_pairs import session_pairs
from loadwright.compiler.cli.settings import Overrides
from loadwright.compiler.diagnostics import Diagnostic, Severity, errors
from loadwright.compiler.plan.model import FilePart, Journey, MultipartBody, Plan, Request, TextBody, ValuePart
from loadwright.compiler.plan.needs import draws
from loadwright.compiler.plan.node import Origin, SourceOrigin
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Entry, Recording, Upload
from loadwright.compiler.recording.sockets import entry_label, entry_of, is_socket, traffic
from loadwright.compiler.recording.urls import host_port
from loadwright.compiler.results.summary import Summary
from loadwright.compiler.rotation.negative import (
    PROOF_LOAD,
    Removable,
    alone,
    carried,
    open_typed,
    removables,
    typed_values,
    without,
)
from loadwright.compiler.rotation.pairing import paired
from loadwright.compiler.rotation.pieces import cut, places
from loadwright.compiler.rotation.player import Exchange, Player
from loadwright.compiler.rotation.script import Script, make_script
from loadwright.compiler.rotation.server import RotatingServer

FASTEST = ("k6", "locust", "jmeter")
"""Runtimes by how soon they are done with one iteration."""
_LIMIT_SECONDS = 180.0
_STAND_IN = "stand-in-for-a-secret"
_FEW = 3


@dataclass(frozen=True)
class Evidence:
    """A recording, and what of it takes part."""

    name: str
    recording: Recording
    kept: tuple[int, ...]

    @property
    def entries(self) -> list[Entry]:
        """The entries that take part, each WebSocket taken apart into its messages."""
        wanted = set(self.kept)
        return traffic(e for e in self.recording.entries if e.index in wanted)


@dataclass(frozen=True)
class Case:
    """A journey of the intent, with its recordings; the first is the one it was made from."""

    journey: Journey
    evidence: tuple[Evidence, ...]


@dataclass
class Outcome:
    """What a level says of a journey."""

    level: str
    subject: str
    held: bool | None
    """None when it could not be tried."""
    detail: str
    findings: list[Diagnostic] = field(default_factory=list)
    superfluous: list[str] = field(default_factory=list)
    """Captures whose removal changes nothing."""
    needed: list[str] = field(default_factory=list)
    """Captures whose removal fails the run."""
    unjudged: list[str] = field(default_factory=list)
    """Captures of which the run cannot tell."""


def other_recording(plan: Plan, case: Case) -> Outcome:
    """P3: the intent holds on the other recordings of its journey."""
    if len(case.evidence) < 2:
        return Outcome("P3", case.journey.name, None, "needs a second recording of this journey")
    held: list[str] = []
    findings: list[Diagnostic] = []
    first, *rest = case.evidence
    for evidence in rest:
        pairs = session_pairs(plan, case.journey, first.entries, evidence.entries)
        there = [(pair.request, pair.theirs) for pair in pairs if pair.theirs]
        others = [e.recording for e in case.evidence if e is not evidence]
        proof = prove_partnered(
            open_typed(plan, there),
            _comparable(evidence, there),
            evidence.kept,
            others,
            case.journey,
            [pair.theirs.index if pair.theirs else None for pair in pairs],
            [pair.may_be_missing for pair in pairs],
        )
        unneeded = {id(pair.request.origin) for pair in pairs if pair.may_be_missing}
        missing = [f for f in proof.findings if f.entry is None and f.level == "P1" and id(f.origin) in unneeded]
        assets = {id(pair.request.origin) for pair in pairs if pair.ours and is_static(pair.ours)}
        besides = set(proof.unmatched_entries) - {e.index for e in evidence.entries if is_static(e)}
        calls = [f for f in missing if id(f.origin) not in assets]
        held.append(_compared(proof, evidence.name, len(calls), len(besides)))
        told_of = {id(f) for f in missing}
        findings += [
            _finding("proof-p3", f"`{f.subject}`: {f.message}", f.hint, f.origin, _entry_place(evidence.name, f.entry))
            for f in proof.findings
            if id(f) not in told_of
        ]
    return Outcome("P3", case.journey.name, not findings, "; ".join(held), findings)


def _comparable(evidence: Evidence, pairs: Sequence[tuple[Request, Entry]]) -> Recording:
    """The recording with our files: no capture could give what a user chose to upload."""
    ours = {entry.index: _with_our_files(request, entry) for request, entry in pairs if entry_of(entry.index) == entry.index}
    entries = tuple(e if is_socket(e) else ours.get(e.index, e) for e in evidence.recording.entries)
    return replace(evidence.recording, entries=entries)


def _with_our_name(sent: Upload, part: ValuePart | FilePart) -> Upload:
    named = part.filename.literal if isinstance(part, FilePart) and sent.filename is not None else None
    return replace(sent, filename=named) if named else sent


def _with_our_files(request: Request, entry: Entry) -> Entry:
    match request.body:
        case MultipartBody(parts=parts):
            sent = tuple(map(_with_our_name, entry.request.parts, parts))
            sent += entry.request.parts[len(sent) :]
            return replace(entry, request=replace(entry.request, parts=sent))
        case TextBody(value=text) if entry.request.media_type == "application/octet-stream" and text.literal is not None:
            return replace(entry, request=replace(entry.request, body=text.literal.encode()))
        case _:
            return entry


def rotating(plan: Plan, case: Case, source: Path, runtimes: Sequence[str]) -> Outcome:
    """P4: a run on each runtime against the rotating server has every request accepted."""
    script = _script(plan, case)
    told, findings = [], []
    for runtime in runtimes:
        with _quiet():
            log, summary = _against(alone(plan, case.journey), script, source, runtime)
        accepted = sum(e.accepted for e in log)
        told.append(f"{runtime}: {accepted} of {max(len(log), summary.totals.count)} requests accepted")
        reason = _reason(plan, case, log, summary, runtime)
        findings += [reason] if reason else []
    values = len(script.rotated())
    return Outcome("P4", case.journey.name, not findings, f"{values} values made fresh; {', '.join(told)}", findings)


def negative(plan: Plan, case: Case, source: Path, runtimes: Sequence[str]) -> Outcome:
    """Each capture in turn replaced by the recorded value: the run must fail. Where it does not, the capture is superfluous."""
    script = _script(plan, case)
    runtime = next(r for r in FASTEST if r in runtimes)
    fresh = [value.text for value in script.rotated()]
    needed, unjudged, superfluous, findings = [], [], [], []
    found = removables(plan, paired(plan, case.journey, case.evidence[0].entries))
    for removable in found:
        if not any(any(places(cut(text, fresh))) for text in carried(plan, case.journey, removable)):
            unjudged.append(removable.name)
            continue
        with _quiet():
            log, summary = _against(without(alone(plan, case.journey), removable), script, source, runtime)
        if summary.verdict == "passed" and all(e.accepted for e in log):
            findings.append(_superfluous(removable))
            superfluous.append(removable.name)
        elif summary.failures or not all(e.accepted for e in log):
            needed.append(removable.name)
        else:  # it broke down, for a reason of its own
            findings.append(_failed("proof-p4", plan, summary, runtime))
    detail = f"on {runtime}: without each of {len(needed)} of {len(found)} captures the run fails"
    if superfluous:
        detail += f"; {len(superfluous)} superfluous"
    if unjudged:
        detail += f"; not judged, since the server keeps their values: {', '.join(unjudged)}"
    return Outcome("P4 negative", case.journey.name, not errors(findings), detail, findings, superfluous, needed, unjudged)


def live(plan: Plan, case: Case, source: Path, runtimes: Sequence[str], targets: Sequence[str]) -> Outcome:
    """P5: one dry run, one user and one iteration, against the application itself."""
    runtime = next(r for r in FASTEST if r in runtimes)
    options = RunOptions(load=PROOF_LOAD, targets=targets, overrides=Overrides(think=0), limit=_LIMIT_SECONDS, brief=True)
    with tempfile.TemporaryDirectory() as folder, _quiet():
        summary = _executed(alone(plan, case.journey), source, runtime, Path(folder), options)
    failed = summary.totals.failures
    detail = f"{runtime}: {summary.totals.count - failed} of {summary.totals.count} requests passed"
    findings = [] if summary.verdict == "passed" else [_failed("proof-p5", plan, summary, runtime, "the application changed, or ")]
    return Outcome("P5", case.journey.name, not findings, detail, findings)


# --- runs -------------------------------------------------------------------------------------------------------------


def _script(plan: Plan, case: Case) -> Script:
    first, *others = case.evidence
    pairs = paired(plan, case.journey, first.entries)
    known = typed_values(plan, pairs)
    drawn = {known[v.name] for v in plan.variables if v.name in known and draws(v.value)}
    captured = {one.recorded for one in removables(plan, pairs)}
    return make_script(first.entries, [other.entries for other in others], captured | drawn)


def _against(plan: Plan, script: Script, source: Path, runtime: str) -> tuple[list[Exchange], Summary]:
    player = Player(script)
    with RotatingServer(player) as server, tempfile.TemporaryDirectory() as folder, _stand_ins(plan):
        targets = [f"{t.name}={address}" for t in plan.targets if (address := _address(t.url, server))]
        options = RunOptions(load=PROOF_LOAD, targets=targets, overrides=Overrides(think=0), limit=_LIMIT_SECONDS, brief=True)
        summary = _executed(plan, source, runtime, Path(folder), options)
    return player.log, summary


def _executed(plan: Plan, source: Path, runtime: str, folder: Path, options: RunOptions) -> Summary:
    """A run to its end: one that the user stopped proves nothing, so it ends the proof."""
    summary = execute(plan, source, runtime, folder, options)
    if summary.verdict == "interrupted":
        raise KeyboardInterrupt
    return summary


def _address(url: str, server: RotatingServer) -> str:
    """Where the rotating server is for a target; a target that was not recorded leads to it too, and is refused there."""
    path = "/" + url.partition("://")[2].partition("/")[2]
    return (server.addresses.get(host_port(url)) or server.url) + path.rstrip("/")


@contextmanager
def _stand_ins(plan: Plan) -> Iterator[None]:
    """A value for each secret that is not set: the rotating server takes any."""
    unset = [secret.env for secret in plan.secrets if not os.environ.get(secret.env)]
    os.environ.update(dict.fromkeys(unset, _STAND_IN))
    try:
        yield
    finally:
        for name in unset:
            os.environ.pop(name, None)


@contextmanager
def _quiet() -> Iterator[None]:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield


# --- what is said -----------------------------------------------------------------------------------------------------


def _reason(plan: Plan, case: Case, log: Sequence[Exchange], summary: Summary, runtime: str) -> Diagnostic | None:
    refused = next((e for e in log if not e.accepted), None)
    if refused is None:
        return None if summary.verdict == "passed" else _failed("proof-p4", plan, summary, runtime)
    entry = _entry_place(case.evidence[0].name, refused.entry)
    message = f"`{refused.label}` on {runtime}: {refused.reason}"
    pairs = paired(plan, case.journey, case.evidence[0].entries)
    origin = next((request.origin for request, e in pairs if e.index == refused.entry), None)
    hint = {
        "recorded": "take the value from the answer that gives it, with a capture",
        "stale": "capture it again where a newer one is given",
        "unknown": "record the journey again, or mend its URL",
    }.get(refused.kind, "compare the request with the recorded one")
    return _finding("proof-p4", message, hint, origin, entry)


def _failed(code: str, plan: Plan, summary: Summary, runtime: str, why: str = "") -> Diagnostic:
    if not summary.failures:
        return _finding(code, f"the run on {runtime} is not valid: {'; '.join(summary.reasons[:_FEW])}", "", None, plan.name)
    first = summary.failures[0]
    origin = next((r.origin for j in plan.journeys for r in requests(j) if r.name == first.request), None)
    return _finding(
        code,
        f"`{first.request}` on {runtime}: {first.message}",
        f"{why}its expectations do not fit",
        origin,
        f"step `{first.step}`",
    )


def _superfluous(removable: Removable) -> Diagnostic:
    message = f"`{removable.name}`: the run passes with the recorded value in its place, so that this capture is superfluous"
    found = _finding(
        "proof-superfluous", message, "leave it out, unless a reader of results needs it", removable.request.origin, ""
    )
    return Diagnostic(found.code, found.message, found.hint, found.span, found.place, Severity.WARNING)


def _finding(code: str, message: str, hint: str, origin: Origin | None, place: str) -> Diagnostic:
    span = origin.span if isinstance(origin, SourceOrigin) else None
    return Diagnostic(code, f"{message} ({place})" if span and place else message, hint, span, "" if span else place)


def _entry_place(name: str, entry: int | None) -> str:
    return f"{name} {entry_label(entry)}" if entry is not None else name


def _compared(proof: Proof, name: str, unasked: int, besides: int) -> str:
    """What of the journey another recording has, and what it has besides."""
    captures = f"{proof.captures_held} of {proof.captures} captures"
    told = f"{name}: {captures} give a value, {proof.requests_equal} of {proof.requests} requests are equal"
    told += f", {unasked} that only read are not in it" if unasked else ""
    return told + (f", {besides} are only in it" if besides else "")
