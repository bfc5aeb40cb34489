"""What the user made up is expected where the application surely shows it again."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest
from recordings import Session, imported, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.print_request import expectation

FORM = '<title>Notes</title><form action="/notes"><input name="title"></form>'
ROW = "<tr><td><a href='/notes/{}'>{}</a></td></tr>"


def notes(word: str, number: str, shown: str, at: str = "/notes/{number}") -> Session:
    """A note is made, and something is shown then."""
    title = f"Pump leaks {word}"
    session = Session(f"{word}.har").add("GET", "/new", html=FORM)
    session.add("POST", "/notes", body=f"title={quote_plus(title)}", status=302, location=f"/notes/{number}")
    return session.add("GET", at.format(number=number, title=quote_plus(title)), html=shown.format(title=title, number=number))


def told(result: Imported, position: int = 2) -> list[str]:
    return [one for e in sent(result, position).expectations if "title" in (one := expectation(e)) or "unique" in one]


def both(shown: str, at: str = "/notes/{number}") -> list[list[str]]:
    """What is expected from one recording and from two."""
    first, second = notes("f05fa879", "48213", shown, at), notes("4c6ce8af", "48377", shown, at)
    return [told(imported(first)), told(imported(first, second))]


def test_the_page_of_a_thing_shows_what_it_was_called() -> None:
    assert both("<title>Notes</title><p>{title}</p>") == [["expect body contains title"]] * 2


def test_a_page_that_does_not_show_it_is_not_expected_to() -> None:
    assert both("<title>Notes</title><p>Pump leaks</p>") == [[], []]
    first = notes("f05fa879", "48213", "<title>Notes</title><p>{title}</p>")
    assert told(imported(first, notes("4c6ce8af", "48377", "<title>Notes</title><p>Later</p>"))) == []


OTHERS = "".join(ROW.format(n, f"Rope {word}") for n, word in enumerate(("worn", "torn"), 11))


@pytest.mark.parametrize(
    ("page", "expects"),
    [
        (f"<title>Notes</title><table>{ROW.format('{number}', '{title}')}{OTHERS}</table>", True),
        (f"<title>Notes</title><table>{OTHERS}{ROW.format('{number}', '{title}')}</table>", False),
        (f"<title>Notes</title><table>{ROW.format('{number}', '{title}')}</table>", False),
        ("<title>Notes</title><div><a>{title}</a></div>", False),
        (f"<title>Notes</title><p role='status'>{{title}} is saved</p><table>{OTHERS}</table>", True),
    ],
)
def test_a_list_that_others_add_to_may_have_it_on_another_page(page: str, expects: bool) -> None:
    assert both(page, "/notes") == [["expect body contains title"] if expects else []] * 2


def test_a_search_must_find_it_and_not_only_repeat_what_was_looked_for() -> None:
    found = f"<title>Notes</title><input value='{{title}}'><table>{OTHERS}{ROW.format('{number}', '{title}')}</table>"
    assert both(found, "/notes?q={title}") == [['expect body contains "${title}</a>"']] * 2
    assert both("<title>Notes</title><input value='{title}'>", "/notes?q={title}") == [[], []]


def test_a_form_that_is_shown_again_proves_nothing() -> None:
    session = Session().add("GET", "/new", html=FORM)
    body = "title=Pump+leaks+f05fa879"
    session.add("POST", "/notes", body=body, html="<title>Notes</title><input name='title' value='Pump leaks f05fa879'>")
    assert told(imported(session), 1) == []


def calls(word: str, rows: list[str]) -> Session:
    """A note is made and renamed by a script, then all are listed."""
    named, renamed = f"Pump leaks {word}", f"Pump mended {word}"
    session = Session(f"{word}.har")
    for name in (named, renamed):
        session.add(
            "POST", "/api/notes", body=json.dumps({"name": name}), sends="application/json", json=json.dumps({"name": name})
        )
    shown = [{"name": renamed if row == "own" else row, "was": named if row == "own" else ""} for row in rows]
    session.add("GET", "/api/notes", json=json.dumps({"notes": shown}))
    return session.add("POST", "/api/search", body=json.dumps({"for": renamed}), sends="application/json", json="{}")


def test_the_last_name_counts_and_the_first_row_of_several() -> None:
    def last(*rows: str) -> list[str]:
        result = imported(calls("f05fa879", [*rows]), calls("4c6ce8af", [*rows]))
        return [one for e in sent(result, 2).expectations if "body" in (one := expectation(e))]

    assert last("own", "Rope worn") == ["expect body contains name_2"]
    assert last("Rope worn", "own") == []
    assert last("own") == []


def test_a_list_that_shows_an_own_text_has_an_item() -> None:
    def listed(*sessions: Session) -> list[str]:
        return [one for e in sent(imported(*sessions), 2).expectations if "json" in (one := expectation(e)) and "type" not in one]

    assert listed(calls("f05fa879", ["Rope worn", "own"])) == ['expect json "$.notes[0]" is object']
    assert listed(calls("f05fa879", ["Rope worn", "Rope torn"])) == ['expect json "$.notes" is array']
    before = [calls(word, ["own"]).add("GET", "/api/notes", json='{"notes": []}') for word in ("f05fa879", "4c6ce8af")]
    assert listed(*before) == ['expect json "$.notes[0]" is object'], "it was empty at another time"


@pytest.mark.parametrize(("row", "expects"), [("{title}", True), ("Pump", False)])
def test_a_table_that_shows_an_own_text_has_a_row(row: str, expects: bool) -> None:
    cells = "".join(f"<tr><td>{one}</td><td>1</td></tr>" for one in ("Rope worn", row))
    shown = f"<title>Notes</title><table id=notes><tr><th>Note</th><th>Days</th></tr>{cells}</table>"
    result = imported(notes("f05fa879", "48213", shown, "/notes"))
    told = [one for e in sent(result, 2).expectations if "css" in (one := expectation(e))]
    assert told == (['expect css "table#notes td + td" exists'] if expects else [])


def test_an_own_text_that_the_form_shows_too_tells_nothing_of_what_was_sent_last() -> None:
    def noted(word: str, said: str) -> Session:
        page = f'<title>Pump</title><h1>Pump leaks {word}</h1>{{}}<form method=post action=/c><input name="comment"></form>'
        session = notes(word, "48213", page.format(""))
        return session.add("POST", "/c", body="comment=It+drips", html=page.format(f"<div>{said}</div>"))

    result = imported(noted("f05fa879", "Your comment was added."), noted("4c6ce8af", "Your comment was added."))
    assert 'expect body contains "Your comment was added."' in map(expectation, sent(result, 3).expectations)


@pytest.mark.parametrize(("asked", "expects"), [("q=kelp", True), ("q=fern", False), ("state=kelp", False), ("q=48213", False)])
def test_a_list_that_answers_what_was_searched_for_has_an_item(asked: str, expects: bool) -> None:
    rows = [{"id": n, "name": f"Kelp {n}", "at": "Pier 48213"} for n in (7, 8)]
    cells = "".join(f"<tr><td>{row['name']}</td><td>{row['at']}</td></tr>" for row in rows)
    shown = f"<title>Boats</title><table><tr><th>Boat</th><th>Place</th></tr>{cells}</table>"
    session = (
        Session().add("GET", f"/api/boats?{asked}", json=json.dumps({"boats": rows})).add("GET", f"/boats?{asked}", html=shown)
    )
    result = imported(session)
    told = [" ".join(map(expectation, sent(result, n).expectations)) for n in (0, 1)]
    assert ["$.boats[0]" in told[0], "td + td" in told[1]] == [expects, expects]


def test_what_is_searched_for_by_a_captured_word_may_not_be_found() -> None:
    code = "kq7Zr4kLw9s"
    session = Session().add("GET", "/", json=json.dumps({"code": code}))
    result = imported(session.add("GET", f"/api/boats?q={code}", json=json.dumps({"boats": [{"name": code}]})))
    assert sent(result, 0).captures
    assert 'expect json "$.boats" is array' in map(expectation, sent(result, 1).expectations)
