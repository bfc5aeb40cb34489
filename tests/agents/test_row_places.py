"""The place of a row in what a page calls the parts of it."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

TITLES = ["Brass lamp", "Oak table", "Wool rug", "Glass vase", "Tin kettle"]


def page(way: str, titles: list[str]) -> str:
    """A list whose rows are called by their places alone."""
    if way == "handler":
        row = "<tr><td><a href=\"javascript:go(document.win0,'#Row{0}');\">00{0}7</a></td><td>{1}</td></tr>"
    elif way == "component":
        row = '<tr><td><a id="pt1:t1:{0}:cl1" class="xgl">{1}</a></td></tr>'
    elif way == "brackets":
        row = '<tr><td><span id="tdrow_[C:1]_lb[R:{0}]">{0}9</span></td><td><span id="tdrow_[C:2]_lb[R:{0}]">{1}</span></td></tr>'
    else:
        row = "<tr><td><b>{1}</b></td><td><a onclick=\"send({{'button':'List:View:{0}','rowIdx':'{0}'}})\">View</a></td></tr>"
    return "<table>" + "".join(row.format(n, title) for n, title in enumerate(titles)) + "</table>"


SENT = {
    "handler": "action=%23Row{0}",
    "component": "event=pt1%3At1%3A{0}%3Acl1",
    "brackets": "target=tdrow_%5BC%3A1%5D_lb%5BR%3A{0}%5D",
    "beside": "rowIdx={0}&button=List%3AView%3A{0}",
}


def session(way: str, titles: list[str], wrap: bool = False) -> Session:
    text = page(way, titles)
    made = Session(f"{titles[0]}.har")
    made.add("GET", "/list", json=json.dumps({"html": text})) if wrap else made.add("GET", "/list", html=text)
    return made.add("POST", "/do", body=SENT[way].format(titles.index("Oak table")), html="<p>Done")


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("way", SENT)
def test_the_place_of_a_row_is_taken_by_the_text_of_the_row(way: str, wrap: bool) -> None:
    first, other = session(way, TITLES, wrap), session(way, TITLES[::-1], wrap)
    for result in (imported(first), imported(first, other)):
        (capture,) = sent(result, 0).captures
        assert "Oak table" in str(capture.source)
        assert "Reference" in str(sent(result, 1).body)
        assert proved(result)


def test_a_number_in_a_name_that_one_part_alone_has_says_no_row() -> None:
    html = '<table><tr><td id="grid:2:x">Oak table</td></tr></table>'
    made = Session().add("GET", "/list", html=html).add("POST", "/do", body="event=grid%3A2%3Ax", html="<p>Done")
    assert sent(imported(made), 0).captures == ()


def test_parts_that_are_in_no_table_stay_as_recorded_with_one_recording() -> None:
    html = "".join(f'<a id="tab-{n}" class="t">{title}</a>' for n, title in enumerate(TITLES))
    made = Session().add("GET", "/list", html=html).add("POST", "/do", body="open=tab-1", html="<p>Done")
    assert sent(imported(made), 0).captures == ()


def test_one_place_in_both_recordings_is_taken_where_the_other_rows_moved() -> None:
    first, other = (
        session("handler", TITLES),
        session("handler", ["Wool rug", "Oak table", "Glass vase", "Brass lamp", "Tin kettle"]),
    )
    (capture,) = sent(imported(first, other), 0).captures
    assert "Oak table" in str(capture.source)
    same = session("handler", TITLES)
    object.__setattr__(same, "name", "same.har")
    assert sent(imported(first, same), 0).captures == ()
