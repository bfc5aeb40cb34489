"""What an answer shows at some times only: what comes into it by itself, and what a browser still has after a log-out."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, sent

from loadwright.compiler.plan.model import StatusExpectation

FILE = {
    "name": "crane.nc",
    "path": "batch/crane.nc",
    "size": 91,
    "hash": "20342cc46d75b3189f92243a12e87aa7",
    "refs": {"of": "/files"},
}
READ = {**FILE, "reading": {"area": {"left": 10.0, "right": 50.0, "low": 1.5}, "tools": {"length": 10.0, "first": 4.5}}}


def uploaded(second: dict[str, object], name: str = "session.har", between: bool = False) -> Session:
    session = (
        Session(name).add("GET", "/", html="<title>Yard</title>").add("POST", "/files", body="name=crane.nc", json='{"done":true}')
    )
    session.add("GET", "/files", json=json.dumps({"files": [{"children": [FILE]}]}))
    if between:
        session.add("POST", "/files/read", body="name=crane.nc", json='{"done":true}')
    session.add("GET", "/files", json=json.dumps({"files": [{"children": [second]}]}))
    session.add("POST", "/files/select", body="name=crane.nc", json='{"done":true}')
    return session.add("GET", "/files/batch/crane.nc", json=json.dumps(second))


@pytest.mark.parametrize("recordings", [1, 2])
def test_what_came_into_a_list_by_itself_is_not_expected(recordings: int) -> None:
    result = imported(*(uploaded(READ, name) for name in ("session.har", "other.har")[:recordings]))
    assert "reading" not in sent(result, 5).model_dump_json()


def test_what_a_change_brought_is_expected() -> None:
    assert "reading" in sent(imported(uploaded(READ, between=True)), 6).model_dump_json()


@pytest.mark.parametrize(("path", "wanted"), [("/api/logout", (200, 304, 401, 403)), ("/api/save", (200, 304))])
def test_what_a_browser_still_has_after_a_log_out_may_be_refused(path: str, wanted: tuple[int, ...]) -> None:
    session = Session().add("GET", "/", html="<title>Yard</title>").add("GET", "/api/settings", json='{"language":"en"}')
    session.add("POST", path, body="{}", sends="application/json", json="{}")
    request = sent(imported(session.add("GET", "/api/settings", status=304)), 3)
    assert next(e for e in request.expectations if isinstance(e, StatusExpectation)).statuses == wanted
