"""Scrubbed recordings of the shop, and of many tools and real applications where ../shared/hars stands beside the checkout."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from msgspec.json import encode

from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.importing import Source, import_recordings
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.scrubbing.scrub import Scrubber
from loadwright.compiler.scrubbing.sensitive import sensitive

ROOT = Path(__file__).parents[2]
HARS = ROOT.parent / "shared" / "hars"
FILES = sorted([*ROOT.glob("examples/shop/recordings/*-1.har"), *HARS.glob("public/*.har"), *HARS.glob("recorded/*-1.har.xz")])
"""Those of the shop, and further ones where they stand beside the checkout."""
NO_HARS = {"haralyzer__single_entry.har", "mitmproxy__corrupt-brokenfile.har"}


def decisions(path: Path) -> list[Decision]:
    recording, _ = read_har(path)
    selection = select(recording)
    return import_recordings([Source(recording, selection, outline(recording, selection.kept))], "T", "files").decisions


@pytest.mark.parametrize("path", [f for f in FILES if f.name not in NO_HARS], ids=lambda path: path.name)
def test_its_import_decides_the_same(path: Path, tmp_path: Path) -> None:
    data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    original = tmp_path / path.name.removesuffix(".xz")
    original.write_bytes(data)
    scrubber = Scrubber(sensitive([read_har(original)[0]]), "seed")
    done = scrubber.scrub(json.loads(data.decode("utf-8-sig")))
    assert done.left == 0
    (tmp_path / "clean").mkdir()
    clean = tmp_path / "clean" / original.name
    clean.write_text(json.dumps(done.document), encoding="utf-8")
    before = [scrubber.text(encode(d).decode()) for d in decisions(original)]
    assert [encode(d).decode() for d in decisions(clean)] == before
