"""Numbers behind the address that gave them, and names that say a number to be the id of what was asked for."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported

JSON = "application/json"
LEADS = [{"k": 6798, "displayName": "Field radio"}, {"k": 6415, "displayName": "Oak bench"}, {"k": 7035, "displayName": "Rug"}]


def address(result: Imported, position: int) -> str:
    assert proved(result)
    return str(sent(result, position).url)


def made(told: dict[str, object], asked: str) -> Imported:
    session = Session().add("POST", "/api/jobs", body='{"type": "csv"}', sends=JSON, json=json.dumps(told))
    return imported(session.add("GET", asked, json='{"state": "done"}'))


def test_what_a_change_made_stands_behind_its_address_whatever_it_is_called() -> None:
    assert "2748" not in address(made({"operation": 2748, "state": "queued"}, "/api/jobs/2748"), 1)
    assert "2748" in address(made({"operation": 2748}, "/api/rooms/2748"), 1)
    assert "2748" in address(made({"count": 2748}, "/api/jobs/2748"), 1)
    assert "2026" in address(made({"operation": 2026}, "/api/jobs/2026"), 1)


@pytest.mark.parametrize(("own", "is_taken"), [({"k": 6798, "displayName": "Field radio"}, True), ({"value": 6798}, False)])
def test_an_item_of_a_list_that_says_the_same_of_itself(own: dict[str, object], is_taken: bool) -> None:
    session = Session().add("GET", "/api/leads", json=json.dumps({"items": LEADS}))
    result = imported(session.add("GET", "/api/leads/6798", json=json.dumps(own)))
    assert ("6798" not in address(result, 1)) is is_taken
    if is_taken:
        assert "Field radio" in str(sent(result, 0).captures[0].source)


def test_the_thing_that_says_the_same_id_as_who_spoke_of_it() -> None:
    session = Session().add("GET", "/api/deals/of/me", json='{"deal": {"title": "Rug", "owner": {"id": 813}}}')
    result = imported(session.add("GET", "/api/people/813", json='{"id": 813, "name": "Ida"}'))
    assert "813" not in address(result, 1)
    session = Session().add("GET", "/api/deals/of/me", json='{"deal": {"title": "Rug", "owner": {"id": 813}}}')
    result = imported(session.add("GET", "/api/areas/813", json='{"code": 813}'))
    assert "813" in address(result, 1)


def test_a_file_is_asked_for_where_files_are() -> None:
    session = Session().add("GET", "/api/jobs/x/state", json='{"state": "done", "file": 3805979, "reader": 5812773}')
    session.add("GET", "/api/documents/3805979", json="{}").add("GET", "/api/documents/5812773", json="{}")
    result = imported(session)
    assert "3805979" not in address(result, 1)
    assert "5812773" in address(result, 2)


def test_a_file_that_was_sent_is_attached_by_its_id() -> None:
    for name, is_taken in (("attachments", True), ("amounts", False)):
        session = Session().add("POST", "/api/files", body="x", sends="text/plain", json='{"body": {"fileId": 4128, "size": 9}}')
        result = imported(session.add("POST", "/api/messages", body=f'{{"{name}": [4128]}}', sends=JSON, json="{}"))
        assert proved(result)
        assert ("4128" not in str(sent(result, 1).body)) is is_taken


def notes(name: str, value: str = "6798") -> str:
    session = Session().add("GET", "/api/leads", json=json.dumps({"items": LEADS}))
    session.add("GET", "/api/leads/6798", json=json.dumps(LEADS[0]))
    session.add("POST", "/api/notes", body=json.dumps({name: int(value), "text": "Hello"}), sends=JSON, json="{}")
    result = imported(session)
    assert proved(result)
    return str(sent(result, 2).body)


def test_a_name_says_that_it_has_the_id_of_what_was_asked_for() -> None:
    for name in ("leadId", "parent", "objectId", "entity_id", "item"):
        assert "6798" not in notes(name)
    for name in ("amount", "roomId"):
        assert "6798" in notes(name)


def test_a_cookie_of_the_same_name_gives_a_longer_number() -> None:
    for name, is_taken in (("cartKey", True), ("amount", False)):
        session = Session().add("GET", "/start", html="<p>x", received={"Set-Cookie": "cartKey=2157922; Path=/"})
        result = imported(session.add("GET", f"/open?{name}=2157922", json="{}"))
        assert ("2157922" not in address(result, 1)) is is_taken


def test_a_short_number_of_a_row_is_asked_for_behind_the_address_of_its_page() -> None:
    rows = "".join(
        f'<tr data-id="{n}"><td>{name}</td></tr>' for n, name in ((118, "Oak bench"), (449, "Field radio"), (507, "Wall clock"))
    )
    session = Session().add("GET", "/accounts", html=f"<table>{rows}</table>")
    result = imported(session.add("GET", "/accounts/449", html="<h1>Field radio</h1>"))
    assert "Field radio" in str(sent(result, 0).captures)
    assert "449" not in str(sent(result, 1).url)


def test_one_of_another_page_is_not() -> None:
    session = Session().add(
        "GET", "/vendors", html='<table><tr data-id="449"><td>Oak</td></tr><tr data-id="507"><td>Elm</td></tr></table>'
    )
    assert not sent(imported(session.add("GET", "/accounts/449", html="<h1>Field radio</h1>")), 0).captures
