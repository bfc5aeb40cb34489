"""How stably an occurrence can be taken from its answer again."""

from __future__ import annotations

import re
from functools import lru_cache

from loadwright.compiler.agents.facts import Occurrence, SourceKind
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

_QUOTED_MEMBER = re.compile(r"\['[^']*'\]")
_POSITION = re.compile(r"\[\d+\]")
_CELL = re.compile(r"\[\?\(@\[\d+\]=='(?:[^'\\]|\\.)*'\)\]\[\d+\]")
"""A column of the row that a text in another one tells: `[?(@[1]=='Rug')][0]`."""
_CALL = re.compile(r"^\$\[\d+\](?=\.result\.data\b)")
"""The answer to one of several calls that were sent at once (tRPC): its place is the call's alone."""
_RANK: dict[SourceKind, int] = {
    "header": 0,
    "redirect part": 0,
    "json": 1,
    "body": 1,
    "xml": 2,
    "row": 2,
    "hidden input": 2,
    "meta": 2,
    "attribute": 3,
    "input": 3,
    "text": 4,
    "script": 5,
    "link": 5,
    "boundary": 6,
    "cookie": 7,
}


def rank(occurrence: Occurrence) -> int:
    """How stable its extractor is: 0 is best."""
    chain = (12 if occurrence.kind == "body" else 4) * len(occurrence.chain)
    return _RANK[occurrence.kind] * 4 + max(2 * (occurrence.ordinal > 1), _in_a_list(occurrence)) + chain


def _in_a_list(occurrence: Occurrence) -> int:
    """How loosely it is found among others, which other users of the test add to: 2 by what stands beside it, 3 by its position."""
    return _looseness(fixed(occurrence.source.path)) if isinstance(occurrence.source, JsonSource) else 0


@lru_cache(maxsize=4096)
def _looseness(path: str) -> int:
    path = _CELL.sub("[", _QUOTED_MEMBER.sub("", _CALL.sub("$", path)))
    return 3 if _POSITION.search(path) else 2 if "[" in path else 0


def is_of_no_list(occurrence: Occurrence) -> bool:
    """Whether a value is of the one thing that an answer is about, not of an item of a list."""
    return _in_a_list(occurrence) == 0


def is_by_position(occurrence: Occurrence) -> bool:
    """Whether a value is taken from an item of a list by where the item stands."""
    return _in_a_list(occurrence) == 3


def is_by_text(occurrence: Occurrence) -> bool:
    """Whether a value is taken from an item of a list by what stands beside it."""
    return _in_a_list(occurrence) == 2
