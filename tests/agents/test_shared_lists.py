"""Lists that showed one row when they were recorded, and have rows of others when several users write at the same time."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.extract import Response, extract_with

MINE, THEIRS = ("10559", "44518", "3135267d"), ("10777", "44999", "91cd07ba")
HOST = '<tr><td><a href="/host?hostid={0}">Pump {2}</a></td><td>up</td></tr>'
ITEM = '<tr><td><a href="/item?form=update&hostid={0}&itemid={1}">Flow rate</a></td></tr>'


def table(row: str, *listed: tuple[str, str, str]) -> str:
    return f"<title>All</title><table>{''.join(row.format(*one) for one in listed)}</table>"


def journey(ours: tuple[str, str, str] = MINE, name: str = "session.har", host: str = HOST, item: str = ITEM) -> Session:
    """A host is made and opened out of a list, an item of it is made and opened out of the answer; each is the only row."""
    number, other, word = ours
    session = Session(name).add("GET", "/new", html='<title>New</title><form><input name="host"></form>')
    session.add("POST", "/hosts", body=f"host=Pump+{word}", status=302, location="/hosts")
    session.add("GET", "/hosts", html=table(host, ours))
    session.add("GET", f"/host?hostid={number}", html="<title>Host</title>")
    session.add("POST", "/items", body=f"hostid={number}&name=Flow+rate", html=table(item, ours))
    return session.add("GET", f"/item?form=update&hostid={number}&itemid={other}", html="<title>Item</title>")


def given(result: Imported, position: int, page: str) -> str | None:
    """What a capture of a request takes from a page, for the user who made `MINE`."""
    (capture,) = sent(result, position).captures
    number, other, word = MINE
    return extract_with(capture, Response("", (), page), {"unique": word, "search": word, "hostid": number, "itemid": other})


@pytest.mark.parametrize("second", [False, True])
def test_the_users_own_row_is_taken_whoever_has_others(second: bool) -> None:
    sessions = [journey(), *([journey(("10561", "44523", "c0ffee42"), "second.har")] if second else [])]
    result = imported(*sessions)
    assert proved(result)
    assert given(result, 2, table(HOST, THEIRS, MINE)) == "10559"
    assert given(result, 4, table(ITEM, THEIRS, MINE)) == "44518"


def test_nothing_is_taken_where_the_list_has_rows_of_others_only() -> None:
    result = imported(journey())
    assert given(result, 2, table(HOST, THEIRS)) is None
    assert given(result, 4, table(ITEM, THEIRS)) is None


def test_a_row_without_the_link_is_not_continued_in_the_next() -> None:
    row = '<tr><td>{2}</td><td><a href="/host?hostid={0}">Open</a></td></tr>'
    result = imported(journey(host=row))
    assert given(result, 2, table(row, THEIRS, MINE)) == "10559"
    assert given(result, 2, table("<tr><td>{2}</td></tr>", MINE) + table(row, THEIRS)) is None


def test_a_link_without_a_row_is_known_by_its_own_text() -> None:
    row = '<div><div><a href="/host?hostid={0}">Pump {2}</a></div></div>'
    result = imported(journey(host=row))
    assert given(result, 2, table(row, THEIRS, MINE)) == "10559"
    assert given(result, 2, table(row, THEIRS)) is None


def test_a_number_is_no_part_of_a_longer_one() -> None:
    result = imported(journey())
    assert given(result, 4, table(ITEM, ("105590", "44999", "91cd07ba"), MINE)) == "44518"


def test_a_short_number_tells_in_one_url() -> None:
    item = '<div><div><a href="/item?form=update&hostid={0}&itemid={1}">Flow rate</a></div></div>'
    result = imported(journey(("17", "23", "3135267d"), item=item))
    assert proved(result)
    (capture,) = sent(result, 4).captures
    page = table(item, ("1", "17", "x"), ("170", "99", "x"), ("17", "23", "x"))
    assert extract_with(capture, Response("", (), page), {"unique": "3135267d", "hostid": "17"}) == "23"


def test_of_two_lists_the_nearest_is_looked_at() -> None:
    word = MINE[2]
    session = Session().add("GET", "/new", html='<title>New</title><form><input name="host"></form>')
    session.add("POST", "/hosts", body=f"host=Pump+{word}", status=302, location="/hosts")
    session.add("GET", "/hosts", html=table(HOST, THEIRS, MINE))
    session.add("GET", f"/hosts?search={word}", html=table(HOST, MINE))
    session.add("GET", "/host?hostid=10559", html="<title>Host</title>")
    result = imported(session)
    assert not sent(result, 2).captures
    assert given(result, 3, table(HOST, THEIRS, MINE)) == "10559"
