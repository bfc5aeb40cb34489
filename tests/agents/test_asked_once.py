"""What a script asks for on a first visit alone is left out, as another recording shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session

from loadwright.compiler.agents.asked_once import without_asked_once
from loadwright.compiler.agents.importing import import_recordings
from loadwright.compiler.plan.traverse import requests


def _visit(name: str, script: str, token: str, method: str = "GET", resource: str = "xhr") -> Session:
    """A home page with a script, what the script asks for where there is a token, and a page behind."""
    session = Session(name).add("GET", "/home", html=f"<script>{script}</script><h1>Home</h1>")
    if token:
        session.add(method, f"/ajax?action=speed-test&_ajax_nonce={token}", html="1")
        session.entries[-1] = replace(session.entries[-1], resource=resource)
    return session.add("GET", "/list?page=recent", html="<h1>List</h1>")


FIRST = 'var speedNonce = "7bbd9a7104";'


@pytest.mark.parametrize(
    ("first", "second", "left_out"),
    [
        ((FIRST, "7bbd9a7104"), ("var other = 1;", ""), True),
        ((FIRST, "7bbd9a7104"), ('var speedNonce = "41aa07b2c9";', ""), False),  # the page has it: the user left earlier
        ((FIRST, "7bbd9a7104"), ('var speedNonce = "41aa07b2c9";', "41aa07b2c9"), False),
        ((FIRST, "7bbd9a7104", "POST"), ("var other = 1;", ""), False),  # it changes something
        ((FIRST, "7bbd9a7104", "GET", "document"), ("var other = 1;", ""), False),  # the user went there
    ],
)
def test_what_a_script_asked_for_once(first: tuple[str, ...], second: tuple[str, ...], left_out: bool) -> None:
    sources = [_visit("a.har", *first).source(), _visit("b.har", *second).source()]
    kept = without_asked_once(sources)
    assert [drop.entry for drop in kept[0].selection.dropped] == ([1] if left_out else [])
    result = import_recordings(kept, "Test", "files")
    asked = [request.name for journey in result.plan.journeys for request in requests(journey)]
    assert any("ajax" in name for name in asked) is not left_out
    assert all(not proof.findings for _, proof in result.proofs) or not left_out


def test_one_recording_says_nothing_of_it() -> None:
    source = _visit("a.har", FIRST, "7bbd9a7104").source()
    assert without_asked_once([source]) == [source]


def test_a_page_whose_text_is_missing_says_nothing_of_it() -> None:
    other = _visit("b.har", "var other = 1;", "")
    other.entries[0] = replace(other.entries[0], response=replace(other.entries[0].response, text=None, body_missing=True))
    sources = [_visit("a.har", FIRST, "7bbd9a7104").source(), other.source()]
    assert without_asked_once(sources) == sources


def test_a_recording_of_another_journey_says_nothing_of_it() -> None:
    other = Session("b.har").add("GET", "/home", html="<h1>Home</h1>")
    for page in ("/help", "/terms", "/contact", "/prices", "/login"):
        other.add("GET", page, html="<h1>Read</h1>")
    sources = [_visit("a.har", FIRST, "7bbd9a7104").source(), other.source()]
    assert without_asked_once(sources) == sources
