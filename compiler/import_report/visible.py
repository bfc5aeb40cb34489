"""Recorded text made harmless to look at."""

from __future__ import annotations

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """A text without characters that act on what shows it: controls and marks of writing direction become visible."""
    return _ACTING.sub(lambda m: f"⟨U+{ord(m.group()):04X}⟩", text.encode("utf-8", "replace").decode())


def one_line(text: str) -> str:
    """The same in one line: what begins a line may act too, as commands to a build server do."""
    return visible(" ".join(text.splitlines()).replace("\t", " "))
