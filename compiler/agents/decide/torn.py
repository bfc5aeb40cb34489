"""Values of which answers gave pieces that nothing puts together again: to take one of them would leave the rest as recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.observe.fragments import fragments
from loadwright.compiler.agents.observe.notations import is_document
from loadwright.compiler.agents.values import JWT, is_token

TORN = re.compile(r"(?<![A-Za-z0-9_+/=.~-])([A-Za-z0-9_+/=.~-]{8,}+)[<>'\"\\`^\x80-\U0010ffff]([A-Za-z0-9_+/=.~-]{8,}+)")
"""Two pieces with a character between them that separates nothing in URLs, headers and lists."""
JOINED = re.compile(
    r"(?<![A-Za-z0-9_+/=.~-])([A-Za-z0-9_+/=.~-]{8,}+)(?=[^\W\x00-\x7f])|(?<=[^\W\x00-\x7f])([A-Za-z0-9_+/=.~-]{8,}+)"
)
"""A piece beside a letter of another alphabet, which is part of the same word."""
_RUN = re.compile(r"[A-Za-z0-9]{5,}")
_CHANGES = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
"""Where letters and digits meet: at several places in what was drawn."""
_AROUND = re.compile(r"[A-Za-z0-9_+/=.~-]{1,400}")
_PARTED, _MARK, _LONG = re.compile(r"[\w+=.~-]{1,200}(?:[:;,|][\w+=.~-]{1,200}){1,4}"), re.compile("[:;,|]"), 20
_FAR = 200
"""Characters before and behind a piece in which the rest of its value stands."""
_PIECES = 2
_SPLITTING = frozenset(("before", "after"))
_JWT_BEGINS = "eyJ"


def is_torn(history: History, site: Site) -> bool:
    """Whether answers gave random pieces of a value, parted by a character that separates nothing: no piece is all of it."""
    if site.location in ("cookie", "body") or " " in site.value or is_document(site.value):
        return False
    parted = (one for pair in TORN.findall(site.value) if all(map(is_token, pair)) for one in pair)
    joined = (one for pair in JOINED.findall(site.value) for one in pair if is_token(one))
    return any(history.server_made(one) for one in (*parted, *joined))


def is_in_part(history: History, site: Site, value: str) -> bool:
    """Whether a piece of a value is a piece of what an answer gave too, and more of that stands beside all that can be taken.

    `2EOEdrpJkI+9e9Qj4` that is sent as `2EOEdrpJkI&#x2b;9e9Qj4` has a spelling that no function of the language gives.
    """
    if site.location in ("cookie", "body") or len(drawn := _drawn(value)) < _PIECES:
        return False
    given = [(piece, found) for piece in fragments(value) if (found := history.given(site, piece.value))]
    for piece, _ in given:
        drawn = drawn - _drawn(piece.value)
    return any(_rest(history, one) & drawn for _, found in given if drawn for one in found)


def is_around_a_token(history: History, site: Site) -> bool:
    """Whether marks part a value of which one piece is a long token, another one in the second recording: nobody types that."""
    if site.location not in ("form", "json", "query", "part") or not _PARTED.fullmatch(site.value) or not history.changed(site):
        return False
    return any(len(piece) >= _LONG and is_token(piece) for piece in _MARK.split(site.value))


def _rest(history: History, given: Occurrence) -> frozenset[str]:
    """The random runs of the value that an answer gave, beside the piece that was split off."""
    if not given.chain or given.chain[0][0] not in _SPLITTING:
        return frozenset()
    text = history.answer(given.entry)
    at = text.find(given.value)
    window = text[max(0, at - _FAR) : at + len(given.value) + _FAR] if at >= 0 else ""
    whole = next((run[0] for run in _AROUND.finditer(window) if given.value in run[0]), "")
    return _drawn(whole.replace(given.value, " "))


@lru_cache(maxsize=256)
def _drawn(text: str) -> frozenset[str]:
    return frozenset(run for run in _RUN.findall(text) if len(_CHANGES.findall(run)) > 1)


def signed_spans(value: str) -> Iterator[tuple[int, int]]:
    """Where a value holds a signed JWT: with another claim in it, its signature would be wrong."""
    if _JWT_BEGINS in value:
        yield from (found.span() for found in JWT.finditer(value) if found[0][-1] != ".")
