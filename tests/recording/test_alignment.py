"""The longest sequence that two recordings have in common."""

from __future__ import annotations

import time
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadwright.compiler.recording import alignment
from loadwright.compiler.recording.alignment import longest_common, longest_fitting, mask

FEW = st.lists(st.sampled_from("abcd"), max_size=14)


def length(first: list[str], second: list[str]) -> int:
    """The length of a longest common subsequence, by its definition."""

    @lru_cache(None)
    def of(a: int, b: int) -> int:
        if not a or not b:
            return 0
        return of(a - 1, b - 1) + 1 if first[a - 1] == second[b - 1] else max(of(a - 1, b), of(a, b - 1))

    return of(len(first), len(second))


@given(FEW, FEW)
def test_it_is_as_long_as_can_be_and_of_equal_things_in_order(first: list[str], second: list[str]) -> None:
    pairs = longest_common(first, second)
    assert len(pairs) == length(first, second)
    assert all(first[a] == second[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(FEW, st.lists(st.tuples(st.integers(0, 14), st.sampled_from("xyz")), max_size=6))
def test_what_only_one_has_shifts_nothing(things: list[str], strange: list[tuple[int, str]]) -> None:
    marked = [(thing, True) for thing in things]
    for place, thing in strange:
        marked.insert(place, (thing, False))
    where = [place for place, (_, own) in enumerate(marked) if own]
    both = [thing for thing, _ in marked]
    assert longest_common(things, both) == list(enumerate(where))
    assert longest_common(both, things) == [(b, a) for a, b in enumerate(where)]


@given(st.lists(st.sets(st.integers(0, 9)), max_size=10))
def test_what_fits_may_be_any_relation(fits: list[set[int]]) -> None:
    pairs = longest_fitting([mask(sorted(places)) for places in fits], 10)
    assert all(b in fits[a] for a, b in pairs)
    best = [0] * 11
    for places in fits:
        best = [0, *(max(best[b + 1], best[b] + (b in places)) for b in range(10))]
        best = [max(best[: b + 1]) for b in range(11)]
    assert len(pairs) == best[-1]


def test_blocks_of_rows_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = list("abcabcbacbabcbac"), list("cabbacbcabacbcab")
    whole = longest_common(first, second)
    monkeypatch.setattr(alignment, "_BLOCK", 3)
    assert longest_common(first, second) == whole


def test_twenty_thousand_requests_take_little_time() -> None:
    first = [n * n % 211 for n in range(20_000)]
    second = [thing for n, thing in enumerate(first) if n % 10] + first[:1_000]
    started = time.process_time()
    pairs = longest_common(first, second)
    assert len(pairs) >= 18_000
    assert time.process_time() - started < 10
