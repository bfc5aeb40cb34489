"""Short numbers that a request has from the page that sends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import BASE, Session, imported, proved, sent

from loadwright.compiler.agents.decide.numbers.on_the_page import is_kin
from loadwright.compiler.agents.importing import import_recordings
from loadwright.compiler.plan.model import CssSource, FormBody
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.recording.model import Selection, StepOutline

FORM = '<form id=edit><input type=hidden name=editRevId value="6"></form>'


@pytest.mark.parametrize(("page", "taken"), [("/edit", True), ("/other", False)])
def test_a_number_of_the_page_is_sent_by_its_script_under_another_name(page: str, taken: bool) -> None:
    session = Session().add("GET", "/edit", html=FORM).add("GET", "/other", html="<p>Other")
    session.add("POST", "/api", body="action=stash&baserevid=6&limit=6", sent={"Referer": f"{BASE}{page}"}, json="{}")
    session.add("POST", "/save", body="editRevId=6", html="<p>Saved")
    result = imported(session)
    body = sent(result, 2).body
    assert isinstance(body, FormBody)
    assert body.fields[1].value == template(Reference(name="edit_rev_id") if taken else "6")
    assert body.fields[2].value == template("6")
    assert proved(result)


def test_a_number_beside_an_id_is_of_the_same_form() -> None:
    fields = "<input type=radio name=oldid value=6><input type=radio name=diff value=7><input name=max value=9>"
    session = Session().add("GET", "/history", html=f"<form>{fields}</form>")
    session.add("GET", "/compare?diff=7&oldid=6&max=8", sent={"Referer": f"{BASE}/history"}, html="<p>Both")
    session.add("GET", "/compare?diff=7&max=9", sent={"Referer": f"{BASE}/history"}, html="<p>One")
    result = imported(session)
    assert [c.source for c in sent(result, 0).captures] == [
        CssSource(selector=f"input[name={name}]", attribute="value") for name in ("diff", "oldid")
    ]
    assert sent(result, 2).url == template("/compare?diff=7&max=9")  # nothing says that these are ids


@pytest.mark.parametrize(
    ("ours", "theirs", "kin"),
    [
        ("baserevid", "editRevId", True),
        ("wpBaseRevId", "edit_rev_id", True),
        ("userid", "owner_user_id", True),
        ("paid", "aid", False),
        ("limit", "editRevId", False),
        ("id", "id", False),
    ],
)
def test_names_that_end_in_the_same_id(ours: str, theirs: str, kin: bool) -> None:
    assert is_kin(ours, theirs) is kin


@pytest.mark.parametrize(
    ("link", "opened", "taken"),
    [
        ("file4", "/file4/plan.txt", True),  # kind and number in one word
        ("files/4", "/files/4", True),
        ("message4", "/message4", False),  # another thing has this number
        ("file40", "/file4/plan.txt", False),  # the page has no link to it
    ],
)
def test_a_hidden_number_is_of_the_thing_that_its_field_is_called_after(link: str, opened: str, taken: bool) -> None:
    page = f'<a href="{link}">plan</a><form method=post><input type=hidden name="@remove@files" value=4></form>'
    session = Session().add("GET", opened, html="<p>Plan").add("GET", "/issue", html=page)
    session.add("POST", "/issue", body="%40remove%40files=4&limit=4", sent={"Referer": f"{BASE}/issue"}, html="<p>Done")
    result = imported(session)
    body = sent(result, 2).body
    assert isinstance(body, FormBody)
    assert (body.fields[0].value.literal is None) is taken
    assert body.fields[1].value == template("4")
    assert proved(result)


def test_a_script_may_ask_from_a_page_that_is_left_out() -> None:
    page = "http://shop.test/list"
    session = Session().add("GET", "/list", html="<h1>List").add("GET", "/news", json="[]", sent={"Referer": page})
    session.entries[1] = replace(session.entries[1], resource="fetch")
    source = session.source()
    left_out = replace(source, selection=Selection((1,)), outline=(StepOutline("Step", ((1,),)),))
    (request,) = requests(import_recordings([left_out], "Test", "files").plan.journeys[0])
    assert request.url.literal == "/news"


@pytest.mark.parametrize(("method", "said"), [("GET", False), ("POST", True)])
def test_the_type_of_a_form_says_nothing_of_a_page_that_is_asked_for(method: str, said: bool) -> None:
    """A service worker leaves it on the page that a form leads to, with the mark between the parts of that form."""
    session = Session().add("POST", "/edit", body="a=1", status=302, location="/list")
    session.add(method, "/list", html="<h1>List", sent={"Content-Type": "multipart/form-data; boundary=----WebKitFormBoundaryWB"})
    assert ("Content-Type" in [one.name for one in sent(imported(session), 1).headers]) is said


@pytest.mark.parametrize(("page", "taken"), [("/hive/21", True), ("/hives", False)])
def test_what_is_done_on_the_page_of_a_thing_is_done_to_it(page: str, taken: bool) -> None:
    links = '<a href="/hive.feed?t:ac=21&amp;t:zone=state">Feed</a> <a href="/hive.smoke?t:ac=21&amp;t:zone=state">Smoke</a>'
    session = Session().add("POST", "/hive/add", body="name=Oak", status=302, location="/hive/21").add("GET", page, html=links)
    session.add("POST", "/hive.smoke?t:ac=21&t:zone=state", body="by=ann", sent={"Referer": f"{BASE}{page}"}, json="{}")
    result = imported(session)
    assert ("21" not in sent(result, 2).url.model_dump_json()) is taken
    assert proved(result)


@pytest.mark.parametrize("others", [(), (9,)])
@pytest.mark.parametrize(("field", "taken"), [("t:rowvalue", True), ("t:pagesize", False)])
def test_a_script_sends_a_row_as_the_attribute_of_a_library_calls_it(field: str, taken: bool, others: tuple[int, ...]) -> None:
    def pruning(row: int) -> Session:
        links = "".join(f'<li><a data-afl-row-value="{row - n}" data-t-page-size="{row - n}">remove</a></li>' for n in (1, 0))
        session = Session(f"{row}.har").add("GET", "/orchard", html=f"<ul>{links}</ul>")
        return session.add("POST", "/orchard.prune", body=f"{field}={row}", sent={"Referer": f"{BASE}/orchard"}, json="{}")

    result = imported(pruning(6), *map(pruning, others))
    captures = sent(result, 0).captures
    assert [isinstance(c.source, CssSource) and c.source.attribute == "data-afl-row-value" for c in captures] == [True] * taken
    assert proved(result)
