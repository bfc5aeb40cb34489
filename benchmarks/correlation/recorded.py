"""Recordings of real applications: what is imported from the first of a pair is held against the second.

    python benchmarks/correlation/recorded.py FOLDER

FOLDER holds pairs `NAME-1.har` and `NAME-2.har` of one journey. No truth is known here. A value that differs between the two must
come out as the second recording has it; what the user typed and the client made is counted by itself.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from score import Rendered, Replay
from session import Session

from loadwright.compiler.agents.decide.align import aligned
from loadwright.compiler.agents.importing import Source, import_recordings
from loadwright.compiler.agents.observe.recording import request_sites
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select


def read(path: Path) -> Source:
    """A recording with what takes part of it."""
    recording, _ = read_har(path)
    selection = select(recording)
    return Source(recording, selection, outline(recording, selection.kept))


def as_session(pairs: dict[int, int], entries: dict[int, Entry]) -> Session:
    """The second recording's exchanges under the first one's entry numbers."""

    def exchange(entry: Entry) -> dict[str, Any]:
        headers = [{"name": name, "value": value} for name, value in entry.response.headers]
        response = {"headers": headers, "content": {"text": entry.response.text or ""}, "status": entry.response.status}
        return {"request": {"url": entry.request.url, "method": entry.request.method}, "response": response}

    return cast("Session", SimpleNamespace(entries={ours: exchange(entries[theirs]) for ours, theirs in pairs.items()}))


def outcome(differs: bool, wanted: str, found: Rendered | None) -> str:
    """What became of a value."""
    if found is not None and found.bound:
        right = found.text == wanted
        return ("right" if right else "wrong") if differs else ("bound, the same in both" if right else "bound, and wrong")
    if not differs:
        return ""
    return "typed, generated or secret" if found is not None and not found.literal else "left as recorded"


def compare(folder: Path, name: str) -> Counter[str]:
    """Import the first recording and hold the Plan against the second."""
    first, second = read(folder / f"{name}-1.har"), read(folder / f"{name}-2.har")
    plan = import_recordings([first], name, "files").plan
    pairs = aligned(first.entries, second.entries)
    ours, theirs = request_sites(first.entries), request_sites(second.entries)
    replay = Replay(plan, as_session(pairs, {e.index: e for e in second.entries}))
    counts: Counter[str] = Counter(requests=len(first.entries), paired=len(pairs))
    for entry, sites in replay.run():
        values = {site.identity: site.value for site in theirs[pairs[entry]]}
        for site in ours[entry]:
            wanted = values.get(site.identity)
            if wanted is None or site.name.lower() == "referer":
                continue
            found = sites.get(site.identity)
            if kind := outcome(wanted != site.value, wanted, found):
                counts[kind] += 1
                if kind in ("left as recorded", "wrong", "bound, and wrong"):
                    print(f"{name} entry {entry}: {site.location} {site.key}: {kind}")
    return counts


def main() -> None:
    """Print a line for each pair."""
    folder = Path(sys.argv[1])
    for path in sorted(folder.glob("*-1.har")):
        name = path.name.removesuffix("-1.har")
        print(f"{name}: {dict(compare(folder, name))}")


if __name__ == "__main__":
    main()
