"""Texts of a recording as a report may show them: what is secret or personal as masks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from loadwright.compiler.agents.values import mask
from loadwright.compiler.scrubbing.fields import Fields
from loadwright.compiler.scrubbing.replace import Finder, encoded_runs
from loadwright.compiler.scrubbing.sensitive import Sensitive

Span = tuple[int, int, str]
"""Start and end of what is masked, and its mask."""
_LONGEST = 2_000_000
"""Characters of a text of which excerpts are made."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a shown text."""

    text: str
    masked: bool = False
    hit: bool = False
    """Whether it is what the excerpt was made to show."""


class Masker:
    """Shows texts with masks in place of sensitive values, in whatever encoding these stand."""

    def __init__(self, sensitive: Sensitive) -> None:
        self.finder = Finder(sensitive)
        self.fields = Fields(sensitive, lambda value: value)
        self._kinds = sensitive.kinds
        self._spans = lru_cache(maxsize=64)(self._find)

    def plain(self, text: str) -> str:
        """A text with masks in it, as one string."""
        return "".join(segment.text for segment in self.segments(text))

    def excerpt(self, text: str, start: int, end: int, around: int = 110) -> list[Segment]:
        """What stands around a place of a text, the place itself marked."""
        first, last = max(0, start - around), min(len(text), end + around)
        found = self.segments(text, first, last, (start, end))
        before = [Segment("…")] if first else []
        return [*before, *found, *([Segment("…")] if last < len(text) else [])]

    def segments(self, text: str, first: int = 0, last: int | None = None, hit: tuple[int, int] | None = None) -> list[Segment]:
        """The pieces of a part of a text; a value that reaches into it is masked whole."""
        last = len(text) if last is None else last
        found: list[Segment] = []
        for start, end, label, marked in _pieces(self._spans(text), first, last, hit):
            found.append(Segment(label or text[start:end], bool(label), marked))
        return found

    def _mask(self, value: str) -> str:
        return "‹secret›" if self._kinds.get(value) in ("password", "authorization") else mask(value)

    def _find(self, text: str) -> tuple[Span, ...]:
        if len(text) > _LONGEST:
            return ((0, len(text), "‹a text too long to show›"),)
        spans = [(start, start + len(form.text), self._mask(form.value)) for start, form in self.finder.find(text)]
        spans += [(start, end, self._mask(text[start:end])) for start, end in self.fields.places(text)]
        spans += [(start, end, mask(text[start:end])) for start, end, inner in encoded_runs(text) if self._holds(inner)]
        return tuple(_merged(spans))

    def _holds(self, text: str, depth: int = 0) -> bool:
        if next(iter(self.finder.find(text)), None) is not None:
            return True
        return depth < 1 and any(self._holds(inner, depth + 1) for _, _, inner in encoded_runs(text))


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The spans without overlaps; of two that overlap the longer one says what is there."""
    merged: list[Span] = []
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        if merged and start < merged[-1][1]:
            first, last, before = merged[-1]
            merged[-1] = (first, max(end, last), before if last - first >= end - start else label)
        else:
            merged.append((start, end, label))
    return merged


def _pieces(spans: Sequence[Span], first: int, last: int, hit: tuple[int, int] | None) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end, mask or nothing, whether marked; masked spans are never split, so they may reach over the ends."""
    position = first
    for start, end, label in spans:
        if end <= first or start >= last:
            continue
        yield from _plain_pieces(position, min(start, last), hit)
        yield start, end, label, hit is not None and start < hit[1] and hit[0] < end
        position = max(position, end)
    yield from _plain_pieces(position, last, hit)


def _plain_pieces(start: int, end: int, hit: tuple[int, int] | None) -> Iterator[tuple[int, int, str, bool]]:
    """What stands between two masks; nothing where a mask reaches over the end of what is shown."""
    if start >= end:
        return
    cuts = sorted({start, end, *(c for c in hit or () if start < c < end)})
    for a, b in pairwise(cuts):
        if a < b:
            yield a, b, "", hit is not None and hit[0] <= a and b <= hit[1]
