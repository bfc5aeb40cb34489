"""The user's own row by the title that was typed, where two recordings show that each took the row of its own."""

from __future__ import annotations

from random import Random

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_source


def opened(name: str, title: str, task: str, others: list[tuple[str, str]], page: bool = False) -> Session:
    session = Session(name).add("GET", "/new", html="<form method=post action=/requests><input name=title></form>")
    session.add("POST", "/requests", body=f"title={title.replace(' ', '+')}", json='{"state": "open"}')
    rows = [*others, (task, title)]
    Random(name).shuffle(rows)
    if page:
        cells = "".join(f'<tr data-id="{one}"><td><a href="/tasks/{one}">{text}</a></td></tr>' for one, text in rows)
        session.add("GET", "/tasks", html=f"<table>{cells}</table>")
    else:
        items = ", ".join(f'{{"taskId": "{one}", "title": "{text}"}}' for one, text in rows)
        session.add("GET", "/tasks", json=f'{{"items": [{items}]}}')
    return session.add("GET", f"/tasks/{task}", html="<h1>Task</h1>")


def both(page: bool) -> list[Session]:
    ours = [("68605", "quartz fjord raven"), ("68516", "juniper kettle ember"), ("68460", "birch zephyr")]
    theirs = [("45413", "cobalt nickel saffron"), ("45518", "pebble raven")]
    first = opened("one.har", "Delta Harbor 261", "68228", ours, page)
    return [first, opened("two.har", "Birch Maple 527", "45333", theirs, page)]


def test_an_item_is_known_by_the_title_that_was_typed() -> None:
    result = imported(*both(page=False))
    assert [describe_source(c.source) for c in sent(result, 2).captures] == ["json $.items[?(@.title=='${title}')].taskId"]
    assert proved(result)


def test_a_row_of_a_page_is_known_by_the_title_that_was_typed() -> None:
    result = imported(*both(page=True))
    assert ["${title}" in describe_source(c.source) for c in sent(result, 2).captures] == [True]
    assert not [d for d in result.decisions if d.verdict == "unresolved"]
    assert proved(result)
