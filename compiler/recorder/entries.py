"""What the addon wrote, made into a HAR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from loadwright.compiler.recording.har import read_log
from loadwright.compiler.recording.hosts import host_reasons
from loadwright.compiler.recording.services import service_kind
from loadwright.compiler.recording.urls import host_name, host_port


@dataclass(frozen=True, slots=True)
class Mark:
    """A step that the user named, and when (seconds since 1970)."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Assembled:
    """A HAR, how many entries it holds, and how many were left out, by `host: reason`."""

    document: dict[str, Any]
    kept: int
    left_out: tuple[tuple[str, int], ...] = ()


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines that the addon has written so far; one that is not finished is not there yet."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [orjson.loads(line) for line in lines[:-1] if line]


def assemble(
    lines: Sequence[dict[str, Any]], marks: Sequence[Mark] = (), ignored: Sequence[str] = (), asked: Sequence[str] = ()
) -> Assembled:
    """A HAR of the exchanges, in the order in which they started.

    What is not the journey's is left out, as an import would do: `ignored` hosts with their subdomains, services on the side,
    other sites; `asked` hosts stay in any case. Each mark is a page, flagged as a step that the user named.
    """
    entries = sorted((line for line in lines if "request" in line), key=lambda entry: str(entry["startedDateTime"]))
    reasons = _reasons(entries, ignored, asked)
    kept: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for entry in entries:
        host = host_port(str(entry["request"]["url"]))
        if reason := reasons.get(host):
            left_out[f"{host}: {reason}"] += 1
        else:
            kept.append(entry)
    return Assembled(_document(kept, marks), len(kept), tuple(left_out.most_common()))


def _reasons(entries: Sequence[dict[str, Any]], ignored: Sequence[str], asked: Sequence[str]) -> dict[str, str]:
    """Why each `host:port` is left out; empty for those that stay."""
    recording, _ = read_log({"entries": list(entries)}, "recording")
    reasons = host_reasons([entry for entry in recording.entries if not _is_one_of(entry.request.url, ignored)])
    for entry in recording.entries:
        host = host_port(entry.request.url)
        if _is_one_of(entry.request.url, ignored):
            reasons[host] = "ignored as asked"
        elif _is_one_of(entry.request.url, asked):
            reasons[host] = ""
        elif kind := service_kind(host_name(entry.request.url)):
            reasons[host] = kind  # though nothing else was recorded
    return reasons


def _is_one_of(url: str, hosts: Sequence[str]) -> bool:
    names = (host_name(url), host_port(url))
    return any(name == host or name.endswith(f".{host}") for name in names for host in (h.lower() for h in hosts))


def _document(entries: Sequence[dict[str, Any]], marks: Sequence[Mark]) -> dict[str, Any]:
    pages = [
        {"id": f"step_{number}", "title": mark.name, "startedDateTime": _iso(mark.at), "pageTimings": {}, "_step": True}
        for number, mark in enumerate(marks, 1)
    ]
    for entry in entries:
        number = sum(_iso(mark.at) <= str(entry["startedDateTime"]) for mark in marks)
        if number:
            entry["pageref"] = f"step_{number}"
    creator = {"name": "Loadwright", "version": version("loadwright")}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": list(entries)}}


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
