"""Two sequences side by side: the longest one that both have, in order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

_BLOCK = 512
"""Rows that are kept at once: the others are made again from the first of their block, so that memory stays small."""


def longest_common(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places in the first and in the second of a longest sequence of equal things that both have, later ones of several.

    So what only one of them has does not shift the rest.
    """
    size = min(len(first), len(second))
    head = next((n for n in range(size) if first[n] != second[n]), size)
    tail = next((n for n in range(size - head) if first[-1 - n] != second[-1 - n]), size - head)
    middle = second[head : len(second) - tail]
    places: dict[Hashable, list[int]] = {}
    for place, thing in enumerate(middle):
        places.setdefault(thing, []).append(place)
    masks = {thing: mask(found) for thing, found in places.items()}
    inner = longest_fitting([masks.get(thing, 0) for thing in first[head : len(first) - tail]], len(middle))
    ends = [(len(first) - n, len(second) - n) for n in range(tail, 0, -1)]
    return [*((n, n) for n in range(head)), *((a + head, b + head) for a, b in inner), *ends]


def mask(places: Sequence[int]) -> int:
    """A number with a bit for each place."""
    bits = bytearray(max(places, default=0) // 8 + 1)
    for place in places:
        bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def longest_fitting(fits: Sequence[int], size: int) -> list[tuple[int, int]]:
    """A longest list of pairs, rising in both places, of which each fits: bit `b` of `fits[a]` says that `b` fits `a`.

    Bit-parallel (Crochemore and others 2001, Hyyrö 2004): a row of the table of the longest common subsequence is one number,
    with a zero where the length goes up. 20,000 things beside 20,000 take a fraction of a second.
    """
    full = (1 << size) - 1
    starts = [full]
    for start in range(0, len(fits), _BLOCK):
        starts.append(_rows(fits[start : start + _BLOCK], starts[-1], full)[-1])
    found, b = [], size
    for block in range(len(starts) - 2, -1, -1):
        rows = _rows(fits[block * _BLOCK : (block + 1) * _BLOCK], starts[block], full)
        a = len(rows) - 1
        while a and b:
            if rows[a] >> (b - 1) & 1:
                b -= 1
                continue
            a -= 1
            if rows[a] >> (b - 1) & 1:
                b -= 1
                found.append((block * _BLOCK + a, b))
    return found[::-1]


def _rows(fits: Sequence[int], row: int, full: int) -> list[int]:
    """The row that is given, and the one after each of some things."""
    rows = [row]
    for fitting in fits:
        met = row & fitting
        row = ((row + met) | (row - met)) & full
        rows.append(row)
    return rows
