"""Proof on another recording of the journey: which request is which, and what a page's scripts ask for besides."""

from __future__ import annotations

import pytest
from recordings import BASE, Session, imported

from loadwright.compiler.cli.prove_levels import Case, Evidence, Outcome, other_recording

CALL = {"Accept": "*/*"}
PAGE = {"Accept": "text/html"}


def held(first: Session, second: Session) -> Outcome:
    """What another recording says of the intent that is made of the first one."""
    plan = imported(first).plan
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
