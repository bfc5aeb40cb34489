"""Proof on another recording of the journey: which request is which, and what a page's scripts ask for besides."""

from __future__ import annotations

import pytest
from recordings import BASE, Session, imported

from loadwright.compiler.cli.prove_levels import Case, Evidence, Outcome, other_recording
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.template import Reference, walk
from loadwright.compiler.plan.traverse import requests

CALL = {"Accept": "*/*"}
PAGE = {"Accept": "text/html"}


def held(first: Session, second: Session, plan: Plan | None = None) -> Outcome:
    """What another recording says of a plan, else of the one that is made of the first recording."""
    plan = plan or imported(first).plan
    sources = [session.source() for session in (first, second)]
    evidence = tuple(Evidence(s.recording.name, s.recording, s.selection.kept) for s in sources)
    return other_recording(plan, Case(plan.journeys[0], evidence))


def polled(*pages: str, shown: str) -> Session:
    """A single page that asks for its jobs while a page is shown."""
    made = Session(shown)
    for page in pages:
        made.add("POST", "/read", body=f'{{"page": "{page}"}}', json="{}", sends="application/json", sent={"Referer": BASE + page})
    headers = {**CALL, "Referer": BASE + shown}
    return made.add(
        "POST", "/jobs", body='{"query": "query Jobs { jobs { id } }"}', json="{}", sends="application/json", sent=headers
    )


@pytest.mark.parametrize(("shown", "holds"), [("/list", True), ("/edit", True), ("/elsewhere", False)])
def test_a_call_may_come_while_another_page_is_shown(shown: str, holds: bool) -> None:
    first = polled("/list", "/edit", shown="/list")
    second = polled(*(("/edit", "/edit") if shown == "/elsewhere" else ("/list", "/edit")), shown=shown)
    outcome = held(first, second)
    assert any("`POST /jobs`" in finding.message for finding in outcome.findings) is not holds


@pytest.mark.parametrize(
    ("method", "sent", "answer", "holds"),
    [
        ("GET", CALL, '{"rows": []}', True),
        ("POST", CALL, '{"rows": []}', False),  # it changes something
        ("GET", PAGE, "<title>News</title>", False),  # the user went to another page
    ],
)
def test_what_a_script_only_reads_may_be_missing(method: str, sent: dict[str, str], answer: str, holds: bool) -> None:
    def session(more: bool) -> Session:
        made = Session("more" if more else "less").add("GET", "/start", html="<title>Start</title>", sent=PAGE)
        if more:
            json, html = (answer, None) if answer[0] == "{" else (None, answer)
            made.add(method, "/rows", body="a=b" if method == "POST" else None, sent=sent, json=json, html=html)
        return made.add("GET", "/end", html="<title>End</title>", sent=PAGE)

    outcome = held(session(more=True), session(more=False))
    assert outcome.held is holds
    assert ("1 that only read are not in it" in outcome.detail) is holds


def test_a_value_that_was_read_must_be_in_the_other_recording_too() -> None:
    def session(token: str, read: bool) -> Session:
        made = Session(token).add("GET", "/start", html="<title>Start</title>", sent=PAGE)
        if read:
            made.add("GET", "/token", json=f'{{"token": "{token}"}}', sent=CALL)
        return made.add("POST", "/change", body=f"token={token}", json="{}", sent=CALL)

    outcome = held(session("h3Kq9ZpX71vRt0LmWc82Yd", read=True), session("Zk3vQ8mT1xLw4RsPa6Uf0J", read=False))
    assert outcome.held is False


def test_of_calls_that_are_alike_each_is_found_by_what_it_sends() -> None:
    def session(one: str, two: str, late: bool) -> Session:
        made = Session(one)
        for path, token in (("/a", one), ("/b", two)):
            made.add("GET", path, html=f'<meta name="csrf-token" content="{token}">', sent=PAGE)
        of_a, of_b = ({**CALL, "X-CSRF-Token": token} for token in (one, two))
        calls = [("/x", CALL), ("/rows", of_b), ("/y", CALL), ("/z", CALL)]
        for path, headers in [("/rows", of_a), ("/x", CALL), *calls[2:], ("/rows", of_b)] if late else calls:
            made.add("GET", path, json="{}", sent=headers)
        return made

    first = session("h3Kq9ZpX71vRt0LmWc82Yd", "Zk3vQ8mT1xLw4RsPa6Uf0J", late=False)
    outcome = held(first, session("uQ7yLm2Wc5Rv8Xb1Ns4Te9", "Pk0dGf6Ha3Jz7Vi2Mo5Cy8", late=True))
    assert outcome.held, outcome.findings


def by(user: str, word: str, area: str = "so", called: str = "userName") -> Session:
    """A session of an application that has its user's name in every path."""
    made = Session(f"{user}.har").add(
        "GET", "/login", html='<form><input name="user"><input name="password" type="password"></form>'
    )
    made.add("POST", "/connect", body=f'{{"{called}": "{user}", "password": "Quay-pass-42"}}', sends="application/json", json="{}")
    for path in (f"/{area}/{user}/view", f"/{area}/{user}/cards", f"/{area}/{user}/notes"):
        made.add("GET", path, html="<h1>Cards</h1>")
    note = f'{{"title": "Note {word}"}}'
    return made.add("POST", f"/{area}/{user}/notes", body=note, sends="application/json", json='{"ok": true}')


@pytest.mark.parametrize(("called", "name"), [("userName", "user_name"), ("id", "id"), ("project", "project")])
def test_two_users_whose_names_are_in_all_paths_made_one_journey(called: str, name: str) -> None:
    first, second = by("ann", "3135267d", called=called), by("ben", "91cd07ba", called=called)
    plan = imported(first, second).plan
    assert len(plan.journeys) == 1
    paths = [request.url for request in requests(plan.journeys[0])][2:]
    assert all(Reference(name=name) in walk(path) for path in paths)
    assert not held(first, second, plan).findings


def test_the_user_who_logs_in_is_the_one_in_the_paths_of_one_recording_too() -> None:
    paths = [request.url for request in requests(imported(by("ann", "3135267d")).plan.journeys[0])]
    assert all(Reference(name="user_name") in walk(path) for path in paths[2:])
    assert paths[0].literal is not None


def test_two_users_of_other_journeys_have_two() -> None:
    assert len(imported(by("ann", "3135267d"), by("ben", "91cd07ba", "other/place/of")).plan.journeys) == 2
