"""Addresses in what is sent, and redirects with a fragment: what a browser's script does with where an answer leads it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from recordings import BASE, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, Template, call, template


def field(result: Imported, position: int, name: str) -> Template:
    """The value of a field of a form."""
    body = sent(result, position).body
    assert isinstance(body, FormBody)
    return next(one.value for one in body.fields if one.name.literal == name)


@pytest.mark.parametrize("mark", ["#comment-70", ""])
def test_a_browser_sends_no_fragment_of_a_redirect(mark: str) -> None:
    session = Session().add("POST", "/notes", body="title=Pump", status=303, location=f"/notes/7-pump?tok=X8l1XXDL7WgDcke2{mark}")
    page = "/notes/7-pump?tok=X8l1XXDL7WgDcke2"
    session.add("GET", page, html="<h1>Pump</h1>")
    result = imported(session.add("POST", "/read", body="x=1", json="{}", sent={"Referer": f"{BASE}{page}"}))
    whole = Reference(name="location")
    expected = template(call("before", whole, "#") if mark else whole)
    assert sent(result, 1).url == expected
    assert [h.value for h in sent(result, 2).headers if h.name == "Referer"] == [expected]
    assert proved(result)


def sent_on(address: str, answer: str, name: str = "redirect", before: str = "") -> Imported:
    """An answer that a script reads, and what it sends next."""
    session = Session()
    if before:
        session.add("POST", "/-/go", body=f"{name}={before}", json="{}")
    session.add("POST", "/comments", body="text=Dry", json=answer)
    return imported(session.add("POST", "/-/go", body=f"{name}={address}".replace("#", "%23"), json="{}"))


def test_an_address_is_sent_on_as_the_answer_gave_it() -> None:
    result = sent_on("/notes/4#comment-70", '{"redirect": "/notes/4#comment-70"}')
    assert verdicts(result) == [("extract", "redirect")]
    assert field(result, 1, "redirect") == template(Reference(name="redirect"))
    assert proved(result)


@pytest.mark.parametrize(
    ("address", "answer", "name", "before"),
    [
        ("/notes/list", '{"redirect": "/notes/list"}', "redirect", ""),  # nothing in it varies
        ("/notes/4", '{"redirect": "/notes/4"}', "filter", ""),  # called otherwise
        ("/notes/4", '{"redirect": "/notes/4"}', "redirect", "/notes/4"),  # the client said it first
        ("/notes/4", '[{"redirect": "/notes/3"}, {"redirect": "/notes/4"}]', "redirect", ""),  # one of several
    ],
)
def test_other_addresses_are_not(address: str, answer: str, name: str, before: str) -> None:
    assert ("extract", "redirect") not in verdicts(sent_on(address, answer, name, before))


def journey(user: str, pump: str, comment: int, is_lost: bool = False, led: str = "") -> Session:
    """A user logs in and comments; `is_lost` where the answer was not read before the page was left."""
    session = Session().add("POST", "/login", body=f"user_name={user}&password=Quay-4711", html="<h1>Notes</h1>")
    session.add("POST", "/new", body=f"name={pump}", html="<h1>Made</h1>")
    session.add("GET", f"/{user}/{pump}", html="<h1>Pump</h1>")
    address = f"/{user}/{pump}/notes/1#comment-{comment}"
    session.add("POST", f"/{user}/{pump}/comments", body="text=Dry", json=f'{{"redirect": "{address}"}}')
    if is_lost:
        last = session.entries[-1]
        session.entries[-1] = replace(last, response=replace(last.response, text=None, raw=b"", body_missing=True))
    sends = (led or address).replace("#", "%23")
    return session.add("POST", "/-/go", body=f"redirect={sends}", json="{}")


@pytest.mark.parametrize("is_lost", [False, True])
def test_an_answer_that_the_other_recording_lost_denies_nothing(is_lost: bool) -> None:
    result = imported(journey("ann", "pump-f05fa879", 70), journey("ben", "crane-285bdd53", 75, is_lost))
    assert ("extract", "redirect") in verdicts(result)
    assert field(result, 4, "redirect") == template(Reference(name="redirect"))


def test_the_users_name_in_an_address_is_who_logs_in() -> None:
    result = imported(
        journey("ann", "pump-f05fa879", 70, is_lost=True, led="/ann/pump-f05fa879/notes.md"),
        journey("ben", "crane-285bdd53", 75, is_lost=True, led="/ben/crane-285bdd53/notes.md"),
    )
    led = field(result, 4, "redirect")
    assert "ann" not in str([part for part in led.parts if part.kind == "text"])
    assert "user_name" in str(led.parts)


def test_a_word_that_both_have_stays() -> None:
    result = imported(
        journey("ann", "pump-f05fa879", 70, is_lost=True, led="/ann/list"),
        journey("ben", "crane-285bdd53", 75, is_lost=True, led="/ann/list"),
    )
    assert field(result, 4, "redirect") == template("/ann/list")


@pytest.mark.parametrize("name", ["Referer", "HX-Current-URL"])
def test_a_header_that_names_a_page_has_the_url_by_which_it_was_loaded(name: str) -> None:
    session = Session().add("POST", "/login", body="user_name=ann&password=Quay-4711", html="<h1>Notes</h1>")
    session.add("POST", "/notes", body="name=pump-f05fa879", html="<h1>Made</h1>")
    session.add("GET", "/pump-f05fa879", html="<h1>Pump</h1>")
    page = f"{BASE}/pump-f05fa879"
    session.add("POST", "/preview", body="text=Dry", html="<p>Dry</p>", sent={name: page, "X-From": f"{page}/edit"})
    result = imported(session)
    said = {header.name: header.value for header in sent(result, 3).headers}
    assert said[name] == template(Reference(name="app"), sent(result, 2).url)
    assert said["X-From"] != said[name]
    assert proved(result)


@pytest.mark.parametrize("ticket", ["UcI0yTYgm3PeD3jjNJa8DISn", "qpD8KV9esL9cXziglhuoj+Gr"])
def test_a_token_in_an_encoded_address_is_the_links_though_a_redirect_repeats_it(ticket: str) -> None:
    """The page has it encoded twice, the redirect as it is: but for the page the client would seem to have sent it first."""
    address = f"/resume?ticket={quote(ticket, safe='')}&lang=en"
    session = Session().add("GET", "/gate", html=f'<a href="/enter?returnUrl={quote(address, safe="")}">Enter</a>')
    session.add("GET", f"/enter?returnUrl={quote(address, safe='')}", status=302, location=address)
    result = imported(session.add("GET", address, html="<h1>Resumed</h1>"))
    assert proved(result)
    assert not result.plan.secrets
    assert ticket[:20] not in str([sent(result, n).url for n in (1, 2)])
