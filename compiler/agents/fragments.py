"""The parts of a site's value that may stand for themselves: a token behind `Bearer `, the pieces of a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.sites import url_parts
from loadwright.compiler.agents.values import TOKEN_RUN, is_token

_BASE = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a site's decoded value."""

    start: int
    end: int
    value: str
    context: str = ""


def fragments(site: Site) -> Iterator[Fragment]:
    """The pieces of a value, left to right, none overlapping another; the whole value is not among them."""
    value = site.value
    base = _BASE.match(value)
    if base:
        yield Fragment(0, base.end(), base.group())
        for part in url_parts(value):
            if value[part.start : part.end] == part.value:
                yield Fragment(part.start, part.end, part.value, part.context)
        return
    if len(value) > 100_000:
        return
    for run in TOKEN_RUN.finditer(value):
        if run.group() == value:
            yield from _pieces(value)
        elif is_token(run.group()):
            yield Fragment(run.start(), run.end(), run.group())


def _pieces(value: str) -> Iterator[Fragment]:
    """A compound without spaces (`order-8f3a…`, `a1…:b2…`) split at its separators."""
    for piece in re.finditer(r"[^.:|,;/=]+", value):
        if piece.group() != value and is_token(piece.group()):
            yield Fragment(piece.start(), piece.end(), piece.group())
