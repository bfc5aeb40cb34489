"""What is kept of answers that are alike says as much as they do."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from loadwright.compiler.agents.expect.json_places import outline, place_in_one

_NAMES = st.sampled_from(("items", "total", "owner", "name", "links", "jsonrpc", "id"))
_LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(("", "some words", "x"))
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4), max_leaves=25
)
_DOCUMENTS = st.dictionaries(_NAMES, _VALUES, max_size=4)


@given(members=_DOCUMENTS, alike=st.lists(_DOCUMENTS, max_size=3), depth=st.integers(0, 5))
def test_an_outline_tells_the_same_place_as_the_whole_answer(
    members: dict[str, object], alike: list[dict[str, object]], depth: int
) -> None:
    whole = [_deep(one, depth) for one in alike]
    outlines = [kept for one in whole if isinstance(kept := outline(one), dict)]

    told = place_in_one(_deep(members, depth), outlines, lambda _: False)

    assert told == place_in_one(_deep(members, depth), whole, lambda _: False)


def _deep(document: dict[str, object], depth: int) -> dict[str, object]:
    for _ in range(depth):
        document = {"data": document}
    return document


def test_an_outline_keeps_no_text_and_no_item() -> None:
    answer = {
        "items": [{"text": "a long text " * 100}] * 50,
        "note": "another long text " * 100,
        "page": {"of": {"many": {"deep": {"er": 1}}}},
    }

    assert len(orjson.dumps(outline(answer))) < 120
