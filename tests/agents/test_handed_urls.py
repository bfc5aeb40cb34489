"""URLs that a response handed out: short numbers of things just made are taken from them, whatever they are called."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.agents.observe.answers.in_json import steps_to
from loadwright.compiler.agents.observe.sites import url_parts
from loadwright.compiler.agents.prove.residue import Captured
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Text, template


def editing(page: int, pings: tuple[int, int], revision: int, keep: str = "/pages/3/") -> Session:
    """A page is made under page 3, opened, pinged at a URL that it hands out, saved with its revision, and the parent listed."""
    ping, again = pings
    made = f'{{"success": true, "pk": {page}, "revision_id": {revision}, "url": "/admin/pages/{page}/edit/"}}'

    def shown(session: int) -> str:
        return f"<div data-w-swap-src-value='/admin/ping/cms/page/{page}/{session}/'></div><a href='/admin/pages/3/'>Up</a>"

    session = Session().add("GET", "/admin/", html="<a href='/admin/pages/1/'>Root</a><a href='/admin/pages/3/'>Home</a>")
    session.add("GET", f"/admin{keep}", html="<h1>Home</h1>")
    session.add("POST", "/admin/pages/add/article/", body="title=Harbour", json=made)
    session.add("GET", f"/admin/pages/{page}/edit/", html=shown(ping))
    session.add("POST", f"/admin/ping/cms/page/{page}/{ping}/", body="x=1", json=f'{{"session_id": {ping}}}')
    session.add("POST", f"/admin/pages/{page}/edit/", body=f"title=Harbour&loaded_revision_id={revision}", html=shown(again))
    session.add("POST", f"/admin/ping/cms/page/{page}/{again}/", body="x=1", json=f'{{"session_id": {again}}}')
    return session.add("GET", f"/admin{keep}", html="<h1>Home</h1>")


@pytest.mark.parametrize("several", [False, True])
def test_numbers_of_what_was_made_come_from_its_answers(several: bool) -> None:
    recordings = [editing(8, (1, 3), 2), editing(9, (6, 7), 5)][: 1 + several]
    result = imported(*recordings)
    assert proved(result)
    for position, kept in ((3, "8"), (4, "8"), (4, "1"), (5, "8"), (6, "8"), (6, "3")):
        assert kept not in texts(result, position), f"request {position} keeps {kept}"
    assert "loaded_revision_id" in body_names(result, 5)
    if several:
        # page 3 was there before: neither the session 3 nor anything else that is 3 by chance is its number
        assert sent(result, 1).url.literal == sent(result, 7).url.literal == "/admin/pages/3/"
    else:
        assert sent(result, 1).url == sent(result, 7).url


def texts(result: Imported, position: int) -> list[str]:
    """The segments that stand as text in the URL of a request."""
    parts = sent(result, position).url.parts
    return [piece for part in parts if isinstance(part, Text) for piece in part.value.split("/")]


def body_names(result: Imported, position: int) -> list[str]:
    """The fields of a form whose values are no text."""
    body = sent(result, position).body
    assert isinstance(body, FormBody)
    return [field.name.literal or "" for field in body.fields if field.value.literal is None]


@pytest.mark.parametrize(
    ("url", "value", "taken"),
    [
        ("/admin/ping/page/8/1/", "8", True),
        ("/admin/ping/page/8/1/", "1", True),
        ("https://h.test:81/orders/17", "17", True),
        ("https://h.test:81/17", "17", False),  # nothing but the host stands before it
        ("/page/8/page/9", "9", False),  # the same word before each
    ],
)
def test_a_number_is_cut_out_of_a_url_by_the_words_before_it(url: str, value: str, taken: bool) -> None:
    part = next(part for part in url_parts(url) if part.value == value)
    steps, found = steps_to(url, part), url
    for name, *arguments in steps:
        function = FUNCTIONS[name].evaluate
        assert function is not None
        found = function(found, *arguments)
    assert bool(steps) == taken
    assert not steps or found == value
    assert not any(word in str(steps) for word in ("h.test", "'8'"))


def test_what_is_dynamic_is_no_anchor_for_what_comes_behind_it() -> None:
    patterns = {part.value: part.pattern for part in url_parts("/ping/page/8/1/")}
    assert patterns["1"].startswith("/page/[^")
    assert patterns["page"].startswith("/ping/(")


def test_a_number_of_the_same_value_elsewhere_is_no_residue() -> None:
    """A session numbered 3 is captured; page 3 stays as text, and that is no captured value."""
    result = imported(editing(8, (1, 3), 2), editing(9, (6, 7), 5))
    assert proved(result)
    assert sent(result, 7).url == template("/admin/pages/3/")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/admin/pages/8/edit/", True),
        ("/admin/page/8", True),
        ("/admin/users/8/", False),
        ("/pages/83/", False),
        ("/users/417", True),
    ],
)
def test_a_captured_number_left_as_text_is_found_where_it_means_the_same(text: str, left: bool) -> None:
    """One digit behind the segment that the captured one stands behind; three digits anywhere."""
    assert Captured(["8", "417"], [text], [("page", "8")]).stand_in(text) == left


@pytest.mark.parametrize(("name", "is_taken"), [("itemId", True), ("item", True), ("size", False)])
def test_an_id_of_four_digits_in_the_url_of_an_answer_is_that_of_the_thing(name: str, is_taken: bool) -> None:
    session = Session().add("GET", "/a", json='{"next": "/step?tok=X8l1XXDL7WgDcke2&item=9748&lang=en"}')
    result = imported(session.add("POST", "/b", body=f'{{"{name}": 9748}}', sends="application/json", json="{}"))
    assert len(sent(result, 0).captures) == is_taken
    assert proved(result)
