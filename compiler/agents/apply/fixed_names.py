"""Names of JSON members that other sessions have otherwise: names are fixed, so they are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from loadwright.compiler.agents.left import Kept
from loadwright.compiler.agents.observe.json_leaves import json_names
from loadwright.compiler.agents.observe.sites import body_text, is_asset
from loadwright.compiler.agents.past_answers import PastAnswers
from loadwright.compiler.agents.values import is_round_or_date, is_token
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Entry, Recording

_RUNS = tuple(map(re.compile, (r"[A-Za-z0-9]{8,}", r"[A-Za-z0-9_-]{12,}", r"[A-Za-z0-9_.-]{12,}")))
_IN_A_NAME = "it is part of the name of a JSON member, and names are fixed"
_GIVEN = "an answer had the name of this JSON member before, and names are fixed: it may be another one each time"
_LONG = 5
"""Digits of a number that is met by chance more seldom than it is an id."""
_MOST = 20
"""Names of a request that are looked for in answers."""


class FixedNames:
    """Finds the names in what requests send that other sessions have otherwise."""

    def __init__(self, entries: Sequence[Entry], changing: Collection[str], others: Sequence[Recording]) -> None:
        self.changing, self.others = changing, others
        self.answers = PastAnswers(entry for entry in entries if not is_asset(entry))
        """Where names are looked for."""

    def told(self, entry: Entry, document: Any) -> Iterator[Kept]:
        """What is told of a document that a request sends."""
        names = list(json_names(document))
        moving = {name for _, name in names if self._moves(name)}
        given = set[str]() if only_reads(entry) else self._given(entry, {name for _, name in names} - moving)
        for place, name in names:
            if name in moving or name in given:
                yield Kept(entry.index, f"json {place}", _IN_A_NAME if name in moving else _GIVEN)

    def _moves(self, name: str) -> bool:
        """Whether a name holds a token that other sessions have otherwise."""
        return any(run in self.changing and is_token(run) for pattern in _RUNS for run in pattern.findall(name))

    def _given(self, entry: Entry, names: Collection[str]) -> set[str]:
        """The names that are ids, and that an answer had before they were sent."""
        ids = islice(sorted(name for name in names if _is_an_id(name)), _MOST)
        return {name for name in ids if self._is_given(name, entry.started)}

    def _is_given(self, name: str, started: float) -> bool:
        if self.others and any(name in (body_text(e) or "") for other in self.others for e in other.entries):
            return False  # another session sends it too
        whole = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])")
        return self.answers.has(name, whole, started)


def _is_an_id(name: str) -> bool:
    return is_token(name) if not name.isdigit() else len(name) >= _LONG and not is_round_or_date(name)
