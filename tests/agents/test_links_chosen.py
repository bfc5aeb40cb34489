"""Another link of a page, or another of its forms, was taken in the second recording: the user chose."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

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
