"""Recordings of very many requests: the time of an import stays linear, for it does not look at each place of a value."""

from __future__ import annotations

import gc
import json

from recordings import Session, imported

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.plan.model import RedirectSource


def _word_in_redirects(number: int) -> Facts:
    """A word that the address of each redirect holds; a request starts every 10 ms and is answered 5 ms later."""
    found = [
        Occurrence(value="orders", entry=entry, ended=10.0 * entry + 5, kind="redirect part", source=RedirectSource())
        for entry in range(number)
    ]
    return Facts(occurrences={"orders": found})


def _segment(entry: int) -> Site:
    return Site(entry=entry, started=10.0 * entry, location="path", key="1", name="", value="orders")


def test_of_a_word_in_very_many_answers_the_first_and_the_last_before_a_request_are_looked_at() -> None:
    history = History([], _word_in_redirects(1_000), {})
    assert [one.entry for one in history.given(_segment(900), "orders")] == [*range(50), *range(750, 900)]


def test_of_fewer_each_is_looked_at() -> None:
    history = History([], _word_in_redirects(1_000), {})
    assert [one.entry for one in history.given(_segment(200), "orders")] == [*range(200)]


def test_the_answer_that_led_to_a_request_counts_though_its_end_was_recorded_later() -> None:
    facts = _word_in_redirects(1_000)
    facts.redirected_by[900] = 950
    assert [one.entry for one in History([], facts, {}).given(_segment(900), "orders")] == [*range(50), *range(750, 900), 950]


def test_an_import_leaves_no_document_to_the_collector_of_cycles() -> None:
    """The collector seldom runs in an import: what it alone can free stays, answer after answer."""
    session = Session()
    for number in range(40, 60):
        items = [{"id": f"{number}{item}8f3a61c2d94e", "name": f"Boat {item}"} for item in range(30)]
        session.add("GET", "/boats", json=json.dumps({"items": items}))
        session.add("GET", f"/boats/{number}78f3a61c2d94e", html=f"<title>Boat</title><h1>Boat {number}</h1>")
    imported(session)
    gc.collect()
    gc.disable()
    try:
        imported(session)
        cycles = gc.collect()
    finally:
        gc.enable()
    assert cycles == 0
