"""Runs a table of captures on a real runtime in one start: one request for each document, its captures sent back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from conformance.case import Case, form, request, t
from conformance.harness import run_cases
from conformance.server import Reply, Server

from loadwright.compiler.plan.model import Capture, CaptureSource
from loadwright.compiler.plan.template import Reference

TABLES = Path(__file__).parent.parent / "cases"
_MISSED = "(no such match)"


@dataclass(frozen=True)
class Row:
    """A source with the values that it must find in its document, in order."""

    source: CaptureSource
    found: Sequence[str]


def load_tables(folder: str) -> dict[str, dict[str, Any]]:
    """The tables of a folder of `tests/cases`, by name."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((TABLES / folder).glob("*.json"))}


def run_tables(
    documents: Mapping[str, tuple[str, Sequence[Row]]], runtime: str, server: Server, folder: Path
) -> dict[str, list[list[str]]]:
    """For each document, what each row found on the runtime: its values up to one more than it should have."""
    outcomes = run_cases([_case(name, *table) for name, table in documents.items()], runtime, server, folder)
    found = {}
    for name, (_, rows) in documents.items():
        outcome = outcomes[name]
        assert not outcome.refused, outcome.refused
        sent = [dict(parse_qsl(r.body.decode(), keep_blank_values=True)) for r in outcome.received if r.method == "POST"]
        assert len(sent) == 1, (name, outcome.requests)
        taken = [[sent[0][f"v{i}_{nth}"] for nth in range(1, len(row.found) + 2)] for i, row in enumerate(rows)]
        found[name] = [[value for value in values if value != _MISSED] for values in taken]
    return found


def _case(name: str, document: str, rows: Sequence[Row]) -> Case:
    captures = {
        f"v{i}_{nth}": Capture(name=f"v{i}_{nth}", source=row.source, occurrence=nth, default=t(_MISSED))
        for i, row in enumerate(rows)
        for nth in range(1, len(row.found) + 2)
    }
    sent = form(*((key, Reference(name=key)) for key in captures))
    reply = Reply(body=document.encode())
    return Case(name, [request("GET /source", capture=captures), request("POST /sink", body=sent)], [], {"GET /source": [reply]})
