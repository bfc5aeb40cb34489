"""Rows of JSON that are lists with markup in their cells, and items that words with a slash between them name."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.observe.answers.in_items import list_pattern
from loadwright.compiler.plan.describe import describe_source

ROWS = (
    ("29441", "Laptop grey", "f6e50fdda9727d2b"),
    ("31507", "Laptop black", "d2c9936ccaa1b931"),
    ("40883", "Dock", "58b919033c3f5c6f"),
)


def table(*names: str) -> str:
    rows = [next(row for row in ROWS if row[1] == name) for name in names]
    cells = [
        [f'<a href="/assets/{n}">{name}</a>', "in use", f'<button class="mv" data-key="{key}">Move</button>']
        for n, name, key in rows
    ]
    return json.dumps({"draw": 1, "data": cells})


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_key_in_a_cell_is_told_by_the_words_of_another_cell(position: int) -> None:
    names = ["Laptop black", "Dock"]
    names.insert(position, "Laptop grey")
    session = Session().add("GET", "/assets/data", json=table(*names)).add("GET", "/assets/29441", html="<p>Asset")
    result = imported(session.add("POST", "/move", body="key=f6e50fdda9727d2b", json="{}"))
    assert [("Laptop grey" in describe_source(one.source)) for one in sent(result, 0).captures] == [True, True]
    assert "29441" not in str(sent(result, 1).url)
    assert "f6e50fdda9727d2b" not in str(sent(result, 2).body)
    assert proved(result)


def test_words_of_two_rows_tell_none() -> None:
    text = table("Laptop black", "Laptop grey").replace("Laptop black", "Laptop grey")
    start = text.index("f6e50fdda9727d2b")
    assert list_pattern(text, start, start + 16) == ("", "")


def test_words_of_the_list_beside_tell_nothing() -> None:
    text = '[["<b>Laptop grey</b>"],["<button data-key=\\"f6e50fdda9727d2b\\">Move</button>"]]'
    start = text.index("f6e50fdda9727d2b")
    assert "Laptop" not in list_pattern(text, start, start + 16)[0]


@pytest.mark.parametrize("slash", ["/", "\\/"])
def test_an_object_of_a_script_is_told_by_words_with_a_slash_between_them(slash: str) -> None:
    titles = (("693626", "Blue / M"), ("293283", "Blue / L"), ("665924", "Red / M"))
    made = ",".join(
        f'{{"id":{n},"title":"{title.replace("/", slash)}","option1":"{title.split()[0]}"}}' for n, title in titles[::-1]
    )
    session = Session().add("GET", "/products/jacket", html=f'<script type="application/json">{{"variants":[{made}]}}</script>')
    result = imported(session.add("POST", "/cart/add.js", body='{"items":[{"id":693626}]}', sends="application/json", json="{}"))
    (capture,) = sent(result, 0).captures
    assert "Blue" in describe_source(capture.source)
    assert proved(result)
