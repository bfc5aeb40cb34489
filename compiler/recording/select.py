"""Which entries of a recording take part in the test, and why the others do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.recording.hosts import host_reasons
from loadwright.compiler.recording.kinds import is_static, never_sent
from loadwright.compiler.recording.long_polls import WAITED, waiting
from loadwright.compiler.recording.model import Dropped, Entry, HostSummary, Recording, Selection
from loadwright.compiler.recording.polling import polls_of_sockets
from loadwright.compiler.recording.urls import host_port

Static = Literal["keep", "drop"]
Sockets = Literal["keep", "drop"]
_POLLED = "polling of Engine.IO, whose messages a WebSocket has in a test"


def select(recording: Recording, hosts: Sequence[str] = (), static: Static = "keep", sockets: Sockets = "keep") -> Selection:
    """The entries that take part, and each other one with its reason.

    `hosts` (`host` or `host:port`) replaces the choice of hosts: exactly these stay. `static` says whether static assets
    of the hosts that stay are kept, `sockets` the same of WebSockets.
    Raises LoadwrightError for a host that the recording does not have.
    """
    reasons = _asked_hosts(recording, hosts) if hosts else host_reasons(recording.entries)
    answered = any(entry.response.status for entry in recording.entries)
    sessions = polls_of_sockets(recording.entries)
    polled = {index for index, polls in sessions.items() if sockets == "drop" and index == polls[0].index}
    polls = {poll.index for index, polls in sessions.items() for poll in polls if index not in polled and poll.index != index}
    waited = waiting(recording.entries)
    dropped: dict[int, str] = {}
    for entry in recording.entries:
        reason = _reason(entry, reasons, static, answered) or ("a WebSocket" if sockets == "drop" and entry.messages else "")
        reason = reason or (_POLLED if entry.index in polls else WAITED if entry.index in waited else "")
        if reason:
            dropped[entry.index] = reason
    kept = tuple(entry.index for entry in recording.entries if entry.index not in dropped)
    return Selection(
        kept, tuple(Dropped(index, reason) for index, reason in dropped.items()), _host_summaries(recording, kept, reasons)
    )


def leave_out(recording: Recording, selection: Selection, entries: Sequence[int], reason: str) -> Selection:
    """The selection without some more entries."""
    kept = tuple(index for index in selection.kept if index not in entries)
    hosts = _host_summaries(recording, kept, {host.host: host.reason for host in selection.hosts})
    return Selection(kept, (*selection.dropped, *(Dropped(index, reason) for index in entries)), hosts)


def summary_lines(selection: Selection) -> tuple[str, ...]:
    """The selection in words: how many entries stay, of which hosts, and how many were left out for which reason."""
    total = len(selection.kept) + len(selection.dropped)
    lines = [f"{len(selection.kept)} of {total} entries kept"]
    for host in selection.hosts:
        note = f" ({host.reason})" if host.reason else ""
        lines += [f"  {host.host}: {host.kept} of {host.entries} kept{note}"]
    said = {f"{host.host}: {host.reason}" for host in selection.hosts}
    counts = Counter(drop.reason for drop in selection.dropped if drop.reason not in said)
    lines += [f"  left out {count}: {reason}" for reason, count in counts.most_common()]
    return tuple(lines)


def _reason(entry: Entry, host_reason: dict[str, str], static: Static, answered: bool) -> str:
    """Why an entry is left out, or empty; requests of a recording without any answer count as answered."""
    host = host_port(entry.request.url)
    checks: tuple[Callable[[], str], ...] = (
        lambda: never_sent(entry),
        lambda: f"{host}: {host_reason[host]}" if host_reason.get(host) else "",
        lambda: "not answered: cancelled, blocked or refused" if answered and not (entry.response.status or entry.messages) else "",
        lambda: "a static asset" if static == "drop" and is_static(entry) else "",
    )
    return next((reason for check in checks if (reason := check())), "")


def _asked_hosts(recording: Recording, hosts: Sequence[str]) -> dict[str, str]:
    found = list(dict.fromkeys(host for entry in recording.entries if (host := host_port(entry.request.url))))
    asked = [host.lower() for host in hosts]
    for host in asked:
        if not any(_is_host(one, host) for one in found):
            hint = f"its hosts are {', '.join(found)}" if found else ""
            raise LoadwrightError(
                Diagnostic("select-unknown-host", f"the recording has no host `{host}`", hint, place=recording.name)
            )
    return {one: "" if any(_is_host(one, host) for host in asked) else "not among the hosts asked for" for one in found}


def _is_host(found: str, asked: str) -> bool:
    return asked in (found, found.rpartition(":")[0], found.rpartition(":")[0].strip("[]"))


def _host_summaries(recording: Recording, kept: Sequence[int], reasons: dict[str, str]) -> tuple[HostSummary, ...]:
    every = Counter(host_port(entry.request.url) for entry in recording.entries)
    stays = set(kept)
    staying = Counter(host_port(entry.request.url) for entry in recording.entries if entry.index in stays)
    return tuple(HostSummary(host, every[host], staying[host], reason) for host, reason in reasons.items())
