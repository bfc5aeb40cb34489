"""Damaged and hostile recordings never raise anything but LoadwrightError; needs nothing but the files in data/."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import RESOLUTION, outline
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.select import select, summary_lines

FILES = sorted((Path(__file__).parent / "data").glob("*.har"))
DOCUMENTS = [json.loads(path.read_text()) for path in FILES]
ODD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**400,
    "",
    "x",
    "\x00\r\n",
    "${__groovy(1)}",
    "-1",
    "2026-02-30T99:00:00Z",
    "9999-12-31T23:59:59+00:00",
    "http://[",
    "//",
    "data:,",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\u2028",
    "text/html; charset=utf-7",
    "=?",
    [],
    {},
    [None],
    {"name": 1},
    "a" * 5000,
]


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every member and item of a document, as container and key."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        found += [(value, key), *spots(item)]
    return found


def check(recording: Recording) -> None:
    """What holds for every recording that is read."""
    assert [e.started for e in recording.entries] == sorted(e.started for e in recording.entries)
    assert all(e.ended >= e.started for e in recording.entries)
    for header in (h for e in recording.entries for h in (*e.request.headers, *e.response.headers)):
        assert not any(c in part for part in header for c in "\r\n\x00")
    selection = select(recording)
    assert sorted([*selection.kept, *(d.entry for d in selection.dropped)]) == sorted(e.index for e in recording.entries)
    assert all(drop.reason for drop in selection.dropped)
    assert summary_lines(selection)
    for static in (select(recording), select(recording, static="drop")):
        check_outline(recording, static.kept)


def check_outline(recording: Recording, kept: tuple[int, ...]) -> None:
    steps = outline(recording, kept)
    entries = {e.index: e for e in recording.entries}
    redirected = redirect_sources(recording.entries)
    placed = [index for step in steps for group in step.groups for index in group]
    assert sorted(placed) == sorted(kept)
    assert len({step.name for step in steps}) == len(steps)
    for step in steps:
        assert step.name.isprintable()
        assert step.think_before >= 0
        assert step.think_before % 100 == 0
        for group in step.groups:
            assert len(group) == 1 or not any(index in redirected for index in group)
            for position, index in enumerate(group):
                assert all(entries[index].started < entries[before].ended - RESOLUTION for before in group[:position])


def read(text: str | bytes) -> Recording | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.har"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            return read_har(path)[0]
        except LoadwrightError as error:
            refusals = error.diagnostics
    assert all(d.code and d.message and d.hint and d.where for d in refusals)
    return None


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_damaged_recordings_are_read_or_refused(seed: int, damages: int) -> None:
    chance = random.Random(seed)
    document = copy.deepcopy(chance.choice(DOCUMENTS))
    for _ in range(damages):
        container, key = chance.choice(spots(document) or [({}, "")])
        action = chance.random()
        if action < 0.3 and isinstance(container, dict):
            container.pop(key, None)
        elif action < 0.4 and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        else:
            container[key] = copy.deepcopy(chance.choice(ODD_VALUES))
    recording = read(json.dumps(document))
    if recording is not None:
        check(recording)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
@example(b'{"log":{"entries":[{"request":{"url":"http://a/","method":"GET"}}]}}\x00')
@example(b'{"log":{"entries":[{"request":{"url":"http://\xff/","method":"GET"}}]}}')
@example(b'{"log":{"entries":[' + b'{"request":' * 2000)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    recording = read(content)
    if recording is not None:
        check(recording)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recordings_of_all_tools_keep_the_rules(path: Path) -> None:
    check(read_har(path)[0])
