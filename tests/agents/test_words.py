"""What things are called, by the words of paths and members."""

from __future__ import annotations

import pytest

from loadwright.compiler.agents.names import singular


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("notes", "note"),
        ("categories", "category"),
        ("boxes", "box"),
        ("addresses", "address"),
        ("statuses", "status"),
        ("status", "status"),
        ("aliases", "alias"),
        ("series", "series"),
        ("buses", "bus"),
        ("houses", "house"),
    ],
)
def test_a_word_for_several_is_told_from_one_that_ends_in_an_s(word: str, one: str) -> None:
    assert singular(word) == one
