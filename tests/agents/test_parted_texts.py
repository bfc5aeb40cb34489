"""Texts whose names and values are parted by one mark, and addresses in a header of links."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.observe.answers.in_parted import mark_of
from loadwright.compiler.plan.extract import Response, extract

ROWS = [("1-4KQZ2", "Wool rug"), ("1-H39VQ", "Oak table"), ("1-BHW77", "Glass vase")]


def parted(rows: list[tuple[str, str]], count: int, mark: str) -> str:
    told = "".join(f"Id{mark}{row}{mark}Name{mark}{title}{mark}" for row, title in rows)
    return f"@0{mark}0{mark}Status{mark}Done{mark}Count{mark}{count}{mark}rows{mark}{told}end{mark}"


def drilled(rows: list[tuple[str, str]], count: int, mark: str) -> Session:
    wanted = next(row for row, title in rows if title == "Oak table")
    session = Session().add("POST", "/start", body="do=list", html=parted(rows, count, mark))
    return session.add("POST", "/start", body=f"do=open&RowId={wanted}&Count={count}", html="<p>Opened")


@pytest.mark.parametrize("mark", ["`", "~", "|", "^"])
def test_a_row_of_a_text_that_a_mark_parts_is_known_by_what_follows(mark: str) -> None:
    result = imported(drilled(ROWS, 439, mark))
    (capture,) = sent(result, 0).captures
    turned = ROWS[::-1]
    assert extract(capture, Response("http://shop.test/", (), parted(turned, 7, mark))) == "1-H39VQ"
    assert proved(result)


def test_a_count_between_marks_is_taken_where_two_recordings_show_that_it_changes() -> None:
    others = [(row[:-1] + "9", title) for row, title in ROWS]
    result = imported(drilled(ROWS, 439, "`"), drilled(others, 711, "`"))
    assert len(sent(result, 0).captures) == 2
    assert "439" not in str(sent(result, 1).body)
    assert proved(result)


@pytest.mark.parametrize("text", ["", "a|b|c", "<p>" + "a|" * 20, '{"a": "' + "a|" * 20 + '"}'])
def test_another_text_is_parted_by_no_mark(text: str) -> None:
    assert not mark_of(text)


def test_the_parts_of_an_address_in_a_header_of_links_are_taken() -> None:
    def linked(file: str, version: int) -> Session:
        link = f'</files/{file}?v={version}>; rel="describedby", </up>; rel="up"'
        session = Session().add("GET", "/jobs", json="{}", received={"Link": link})
        return session.add("GET", f"/files/{file}?v={version}", json="[]")

    for sessions in ((linked("HK5h1RlLr0QEhh", 6862),), (linked("HK5h1RlLr0QEhh", 6862), linked("Lr0QEhhAx9Zt2m", 439))):
        result = imported(*sessions)
        assert "HK5h1RlLr0QEhh" not in str(sent(result, 1).url)
        assert proved(result)
    assert "6862" not in str(sent(result, 1).url)


def test_a_long_number_before_the_title_of_a_row_is_its_id() -> None:
    told = '{"messages":["[[\\"23529\\",\\"Glass vase\\"],[\\"84161\\",\\"Oak table\\"],[\\"50388\\",\\"Brass lamp\\"]]"]}'
    session = Session().add("GET", "/poll", json=told)
    result = imported(session.add("POST", "/event", sends="application/json", body='{"value":{"id":"84161"}}', json="{}"))
    assert "84161" not in str(sent(result, 1).body)
    assert proved(result)
