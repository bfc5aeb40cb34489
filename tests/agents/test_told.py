"""What is told of an import: keys that stay, names that are fixed, rows that are taken by their place; and tokens with an `&`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session, imported, proved, verdicts

JSON = "application/json"
TOKEN = "k9fj2QxL&m4Zt8RwY"


@pytest.mark.parametrize(
    ("body", "sends"),
    [
        (f"t={TOKEN.replace('&', '%26')}", "application/x-www-form-urlencoded"),
        (f'{{"ticket": "{TOKEN}"}}', JSON),
        (f"<q><ticket>{TOKEN.replace('&', '&amp;')}</ticket></q>", "text/xml"),
    ],
)
def test_a_token_with_an_ampersand_is_taken_whole_from_xml(body: str, sends: str) -> None:
    session = Session().add("POST", "/login", body="u=1", html=f"<r><ticket>{TOKEN.replace('&', '&amp;')}</ticket></r>")
    session.entries[0] = replace(session.entries[0], response=replace(session.entries[0].response, media_type="text/xml"))
    result = imported(session.add("POST", "/do", body=body, sends=sends, json="{}"))
    assert verdicts(result) == [("extract", "ticket")]
    assert proved(result)


@pytest.mark.parametrize("token", ["k9fj2QxLm4Zt&", "k9fj2QxL&m4Zt8RwY", "k9fj2QxL&m4=="])
def test_a_token_with_an_ampersand_is_taken_whole_from_json(token: str) -> None:
    session = Session().add("POST", "/login", body="u=1", json=f'{{"ticket": "{token}"}}')
    result = imported(session.add("POST", "/do", body=f"t={token.replace('&', '%26')}", json="{}"))
    assert verdicts(result) == [("extract", "ticket")]
    assert proved(result)


@pytest.mark.parametrize(
    ("key", "is_told"),
    [("k3RPa", True), ("m4Tq9b", True), ("ff00aa", False), ("step12", False), ("h264x", False), ("2px3em", False)],
)
def test_a_short_key_of_a_script_is_told_where_a_change_sends_it(key: str, is_told: bool) -> None:
    def session(method: str) -> Session:
        made = Session().add("GET", "/p", html=f"<script>show('{key}','Tea');show('Zx81c','Rug')</script>")
        body = f'{{"part": "{key}"}}' if method == "POST" else None
        return made.add(method, f"/do?part={key}" if body is None else "/do", body=body, sends=JSON, json="{}")

    assert [one.where for one in imported(session("POST")).left] == ["entry 1 POST /do: json part"] * is_told
    assert not imported(session("GET")).left


def test_a_short_key_that_the_client_said_first_is_its_own() -> None:
    session = Session().add("POST", "/new", body='{"part": "k3RPa"}', sends=JSON, html="<script>show('k3RPa')</script>")
    assert not imported(session.add("POST", "/do", body='{"part": "k3RPa"}', sends=JSON, json="{}")).left


@pytest.mark.parametrize(("name", "is_told"), [("36148375672154393", True), ("48213", True), ("20261126", False), ("title", False)])
def test_a_name_of_a_member_that_an_answer_had_is_told(name: str, is_told: bool) -> None:
    session = Session().add("GET", "/rows", json=f'{{"rows": [{{"id": "{name}"}}]}}')
    session.add("POST", "/do", body=f'{{"changes": {{"{name}": {{"a": "b"}}}}}}', sends=JSON, json="{}")
    assert [one.where for one in imported(session).left] == ["entry 1 POST /do: json /changes"] * is_told
    assert not imported(session, session).left


def test_a_row_that_both_took_by_its_place_is_told() -> None:
    def session(numbers: tuple[int, int], titles: tuple[str, str]) -> Session:
        items = ", ".join(f'{{"id": {n}, "title": "{t}"}}' for n, t in zip(numbers, titles, strict=True))
        made = Session().add("GET", "/threads", json=f"[{items}]")
        return made.add("POST", f"/threads/{numbers[1]}/answer", body="x=1", json="{}")

    one = session((48213, 51872), ("Cranes", "Pumps"))
    result = imported(one, session((60311, 61934), ("Locks", "Quays")))
    assert [(left.entry, left.what) for left in result.left] == [(1, "the row is taken by its place")]
    assert not imported(one, session((60311, 61934), ("Locks", "Pumps"))).left
