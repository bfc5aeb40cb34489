"""Another link of a page, or another of its forms, was taken in the second recording: the user chose."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.rotation.negative import open_typed
from loadwright.compiler.rotation.pairing import paired

MUGS = "".join(f"<li>{name}<form method=post action='/basket/add/{n}/'></form></li>" for n, name in ((24, "Fern"), (25, "Gold")))


def shopping(number: int, page: str = MUGS) -> Session:
    """A thing of a list is put into the basket."""
    return Session().add("GET", "/mugs/", html=page).add("POST", f"/basket/add/{number}/", body="quantity=1", html="<h1>Added</h1>")


def test_what_is_chosen_by_its_address_is_a_variable() -> None:
    result = imported(shopping(24), shopping(25))
    assert [(v.name, v.value.literal) for v in result.plan.variables] == [("add_id", "24")]
    assert sent(result, 1).url.literal is None
    assert proved(result)


def test_the_other_recording_holds_with_what_was_chosen_there() -> None:
    first, second = shopping(24), shopping(25)
    plan = imported(first, second).plan
    opened = open_typed(plan, paired(plan, plan.journeys[0], second.entries))
    assert [v.value.literal for v in opened.variables] == ["25"]


def test_what_no_page_offered_in_both_recordings_is_none() -> None:
    """The second page has no form that leads to 24: this is a number of that session, and no choice."""
    result = imported(shopping(24, MUGS.replace("25", "26")), shopping(25, MUGS.replace("24", "23")))
    assert not result.plan.variables


def test_of_two_alike_in_one_answer_the_one_called_as_the_request_calls_it_is_taken() -> None:
    newest, oldest = "31e9b34c1041497aa9db9a9eda4f7a42", "34a5316b31f54ee9be49374f7d214527"
    rows = "".join(
        f'<li><input type="radio" name="rev1" value="{one}"{old}><input type="radio" name="rev2" value="{one}"{new}></li>'
        for one, old, new in ((newest, "", " checked"), (oldest, " checked", ""))
    )
    session = Session().add("GET", "/history", html=f"<form>{rows}</form>")
    result = imported(session.add("GET", f"/diff?rev2={newest}&rev1={oldest}", html="<title>Changes</title>"))
    captures = {c.name: describe_source(c.source) for c in sent(result, 0).captures}
    assert captures == {"rev_2": "css input[name=rev2][checked] @value", "rev_1": "css input[name=rev1][checked] @value"}
    assert proved(result)


@pytest.mark.parametrize("kind", ["text/x.moin.wiki;charset=utf-8", "application/docbook4+xml", "video/mp4"])
def test_a_media_type_is_no_id_though_it_has_a_digit(kind: str) -> None:
    session = Session().add("GET", "/new", html=f'<a href="/edit?kind={quote(kind)}">Wiki</a>')
    result = imported(session.add("GET", f"/edit?kind={quote(kind)}", html="<title>Edit</title>"))
    assert verdicts(result) == []
