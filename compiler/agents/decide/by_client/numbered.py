"""What is called by a word and a number."""

from __future__ import annotations

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.fragments import NUMBERED


def numbered(occurrence: Occurrence) -> bool:
    """Whether a redirect or link leads to what has a number as a part of its name (`/user4`), as where it came from may have."""
    value = occurrence.value
    return occurrence.kind in ("redirect part", "link") and value.isalnum() and value[:1].isalpha() and value[-1:].isdigit()


def number_of(value: str) -> str:
    """The number in what is named by a word and a number; empty for anything else."""
    named = NUMBERED.fullmatch(value)
    return named[2] if named else ""


def is_next_step(occurrence: Occurrence) -> bool:
    """Whether the page that `/wizard/1` was answered with leads to `/wizard/2`, which is no thing that was made."""
    place, _, step = occurrence.path.rpartition("/")
    return occurrence.kind == "link" and step.isdigit() and place.endswith(f"/{occurrence.context}")
