"""A log-out by a button or link that only the page calls so."""

from __future__ import annotations

import pytest
from mutants import LOGIN
from recordings import Session

from loadwright.compiler.agents.expect.soft_failures import recorded_failures

SENT = "username=alice&password=wonderland"


@pytest.mark.parametrize(
    ("markup", "method", "path", "body", "rules"),
    [
        ('<button name="menu:leave"><span>Sign out</span></button>', "POST", "/home", "menu%3Aleave=&menu=1", []),
        ('<input type=submit name="menu:leave" value="Log out">', "POST", "/home", "menu%3Aleave=Log+out", []),
        ('<a id="menu:go" href="#">Log off</a>', "POST", "/home", "menu%3Ago=menu%3Ago", []),
        ('<a href="?3-1.-gone">Sign out</a>', "GET", "/home?3-1.-gone", None, []),
        (
            '<button name="menu:leave">Save</button><a href="/x">Sign out</a>',
            "POST",
            "/home",
            "menu%3Aleave=",
            ["redirect to login"],
        ),
    ],
)
def test_what_the_page_calls_a_log_out_is_one(markup: str, method: str, path: str, body: str | None, rules: list[str]) -> None:
    session = Session().add("GET", "/login", html=LOGIN).add("POST", "/login", body=SENT, status=302, location="/home")
    session.add("GET", "/home", html=f"<html><title>Corner shop</title><form method=post>{markup}</form></html>")
    session.add(method, path, body=body, status=302, location="/login").add("GET", "/login", html=LOGIN)
    assert [f.rule for f in recorded_failures(session.name, session.entries)] == rules
