"""Small recordings that look like real ones: from browsers, from the demo shop, made up by the benchmark; secrets planted."""

from __future__ import annotations

import copy
import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.canaries import PLACES, Har
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
MOST = 6
"""Entries of one recording, before secrets are planted."""
_LONGEST = 4_000
"""Characters of a body that stays."""


@cache
def bases() -> tuple[list[Har], ...]:
    """Lists of entries that were recorded together, in pieces."""
    files = [*(ROOT / "tests" / "recording" / "data").glob("*.har"), *(ROOT / "examples" / "shop" / "recordings").glob("*-1.har")]
    wholes = [json.loads(path.read_text(encoding="utf-8"))["log"]["entries"] for path in sorted(files)]
    wholes += [json.loads(made_up(f"fuzz {seed}").har())["log"]["entries"] for seed in range(4)]
    wholes = [[entry for entry in whole if isinstance(entry, dict)] for whole in wholes]
    pieces = [whole[start : start + MOST] for whole in wholes for start in range(0, len(whole), MOST)]
    return tuple([_shortened(entry) for entry in piece] for piece in pieces)


def made_up(seed: str) -> Any:
    """A session with a made-up application, by the generator of the benchmark: its `entries`, and the `truth` about them."""
    folder = ROOT / "benchmarks" / "correlation"
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("application", folder / "application.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.Application(seed).session("first")
    finally:
        sys.path.remove(str(folder))


def _shortened(entry: Har) -> Har:
    """The entry, without a body that is too long: cut, it would be another kind of recording."""
    content = entry["response"].get("content", {}) if "response" in entry else {}
    if len(content.get("text", "")) > _LONGEST:
        content["text"] = "<h1>Long</h1>"
    return entry


@st.composite
def recordings(draw: st.DrawFn) -> Har:
    """A HAR: entries that belong together, with exchanges that hold secrets before, between or after them."""
    entries: list[Any] = copy.deepcopy(draw(st.sampled_from(bases())))
    entries = entries[draw(st.integers(0, max(0, len(entries) - 1))) :][: draw(st.integers(1, MOST))]
    for number, place in enumerate(draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=3, unique=True))):
        position = draw(st.integers(0, len(entries)))
        entries[position:position] = PLACES[place](1000 * number)
    return {"log": {"version": "1.2", "creator": {"name": "fuzz", "version": "1"}, "pages": [], "entries": entries}}
