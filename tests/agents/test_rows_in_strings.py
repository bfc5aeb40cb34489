"""Rows whose ids stand in strings of scripts, in lists of lists and in markup that says their title over other things."""

from __future__ import annotations

import html
import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.extract import Response, extract

TITLES = ["Wool rug", "Brass lamp", "Glass vase", "Cork board"]
IDS = ["clq8x2f7k0001", "clz5n1v9d0002", "clm3t6b4h0003", "clw7r0c2j0004"]


def flight(rows: list[tuple[str, str]]) -> str:
    """Data of a page as a string that a script pushes."""
    data = '7:["$","$L8",null,' + json.dumps({"items": [{"orderId": i, "name": t} for i, t in rows]}) + "]\n"
    return f"<script>self.__next_f.push({json.dumps([1, data])})</script>"


def messages(rows: list[tuple[str, str]]) -> str:
    """Messages as JSON texts, one for each row."""
    told = [json.dumps({"msg": "added", "collection": "boards", "id": i, "fields": {"title": t, "sort": 3}}) for i, t in rows]
    return f"<script>receive({json.dumps(told)})</script>"


def lists(rows: list[tuple[str, str]]) -> str:
    """Lists in a list, in a string, each with the number of its row at its end."""
    return f"<script>receive({json.dumps(json.dumps([[i, t, n] for n, (i, t) in enumerate(rows)]))})</script>"


def numbered_links(rows: list[tuple[str, str]]) -> str:
    """Links with the row's number behind the id, over a number to the title."""
    return "<table>" + "".join(
        f'<tr><td><a href="/open?ref={i}&amp;row={n}&amp;view=">INC{7000 + n}</a></td><td>{t}</td></tr>'
        for n, (i, t) in enumerate(rows, 1)
    )


def linked_after_the_title(rows: list[tuple[str, str]]) -> str:
    """Links behind the title, with other things of the row before the id."""
    return "<table>" + "".join(
        f'<tr><td><strong>{t}</strong><a data-kind="{t[:3]}" href="/open?post={41 + 13 * n}&amp;do=x&amp;ref={i}">Do</a></td></tr>'
        for n, (i, t) in enumerate(rows)
    )


def handlers(rows: list[tuple[str, str]]) -> str:
    """Buttons whose handlers have the id."""
    return "".join(f"<p><span>{t}</span><button onclick=\"show(this, '{i}', 1); return false;\">Open</button></p>" for i, t in rows)


def page_object(rows: list[tuple[str, str]]) -> str:
    """A document in an attribute, as scripts of a page are handed their data."""
    data = json.dumps({"props": {"orders": {"data": [{"id": i, "title": t} for i, t in rows]}}, "url": "/"})
    return f'<div id="app" data-page="{html.escape(data)}"></div>'


def far_forms(rows: list[tuple[str, str]]) -> str:
    """Forms far behind the title, each with the address of the page in its own."""
    back = "aHR0cDovL3Nob3AuZXhhbXBsZS9sYW1wcw" * 4
    return "<ol>" + "".join(
        f'<li><b>{t}</b><form data-sku="{t[:3]}" class="cart" action="/add/back/{back}/ref/{i}/"><button>Add</button></form></li>'
        for i, t in rows
    )


def own_forms(rows: list[tuple[str, str]]) -> str:
    """A form for each row, with other fields beside the one that has the id."""
    return "<ol>" + "".join(
        f'<li><b>{t}</b><form action="/add" data-sku="{t[:3]}"><input type="hidden" name="ref" value="{i}">'
        f'<input type="hidden" name="back" value="/lamps/{n}"><button>Add</button></form></li>'
        for n, (i, t) in enumerate(rows)
    )


def streamed(rows: list[tuple[str, str]]) -> str:
    """A flat list, in which each text stands once: the first row has the names of its members."""
    flat: list[object] = []

    def placed(value: object) -> int:
        if isinstance(value, str) and value in flat:
            return flat.index(value)
        at = len(flat)
        flat.append(value)
        if isinstance(value, dict):
            flat[at] = {}
            flat[at] = {f"_{placed(name)}": placed(member) for name, member in value.items()}
        elif isinstance(value, list):
            flat[at] = []
            flat[at] = [placed(item) for item in value]
        return at

    placed({"loaderData": {"csrf": "x1", "notes": [{"id": i, "kind": "note", "title": t} for i, t in rows], "total": len(rows)}})
    return f"<script>stream.enqueue({json.dumps(json.dumps(flat) + chr(10))});</script>"


def attached(rows: list[tuple[str, str]]) -> str:
    """A list whose rows are called by their ids, which are numbers."""
    told = "".join(f'<li id="attachment-{13779 + sum(map(ord, i))}" class="file"><a href="#">{t}</a></li>' for i, t in rows)
    return f'<h1>Files</h1><div rel="x"></div><ol>{told}</ol>'


WAYS = [streamed, own_forms, far_forms, page_object, flight, messages, lists, numbered_links, linked_after_the_title, handlers]


@pytest.mark.parametrize("first", [0, 2], ids=["the first row", "another row"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_row_is_known_by_its_title(way: object, first: int) -> None:
    assert callable(way)
    titles = TITLES[-first:] + TITLES[:-first] if first else TITLES
    rows = list(zip(IDS, titles, strict=True))
    picked = next(i for i, t in rows if t == "Wool rug")
    result = imported(Session().add("GET", "/", html=way(rows)).add("GET", f"/open?ref={picked}", html="<p>Opened"))
    (capture,) = sent(result, 0).captures
    assert "rug" in str(capture.source)
    assert picked not in str(sent(result, 1).url)
    assert proved(result)
    for turned in (rows[::-1], rows[1:] + rows[:1]):
        assert extract(capture, Response("http://shop.test/", (), way(turned))) == picked


def test_a_token_before_the_end_of_a_comment_is_taken_as_a_whole() -> None:
    token = "CfDJ8kPq-7Zt3_vXw-R5mN2b_Lc9-Yd4Fh6GjKs"
    page = f"<p>Counter</p><!--Component-State:{token}-->"
    result = imported(Session().add("GET", "/", html=page).add("POST", "/start", body=f"state={token}", html="<p>Started"))
    (capture,) = sent(result, 0).captures
    assert "-->" in str(capture.source)
    assert token[:8] not in str(sent(result, 1).body)
    assert proved(result)


def test_what_is_sent_too_is_no_part_of_a_boundary() -> None:
    answer = "@0`Status`Completed`Activity`1-KENZL`ViewId`9c1f0a7be42d`"
    result = imported(
        Session().add("GET", "/", html=answer).add("POST", "/do", body="act=1-KENZL&view=9c1f0a7be42d", html="<p>Done")
    )
    assert "KENZL" not in str(sent(result, 0).captures)
    assert "9c1f0a7be42d" not in str(sent(result, 1).body)


@pytest.mark.parametrize("first", [0, 2], ids=["the first row", "another row"])
def test_a_row_that_is_called_by_its_number_is_known_by_its_title(first: int) -> None:
    rows = list(zip(IDS, TITLES[first:] + TITLES[:first], strict=True))
    page = attached(rows)
    picked = page.split(">Wool rug<")[0].rpartition('id="attachment-')[2].partition('"')[0]
    result = imported(Session().add("GET", "/", html=page).add("DELETE", f"/api/attachment/{picked}", json="{}"))
    (capture,) = sent(result, 0).captures
    assert proved(result)
    for turned in (rows[::-1], rows[1:] + rows[:1]):
        assert extract(capture, Response("http://shop.test/", (), attached(turned))) == picked


def test_what_guards_all_forms_of_a_page_is_of_no_row() -> None:
    token = '<input type="hidden" name="token" value="k4mQx7Zr2pLwT9vN">'
    page = "".join(f'<form action="/{do}">{token}<select><option>Deutsch</option></select></form>' for do in ("lang", "login"))
    result = imported(Session().add("GET", "/", html=page).add("POST", "/login", body="token=k4mQx7Zr2pLwT9vN", html="<p>In"))
    (capture,) = sent(result, 0).captures
    assert capture.source.kind == "css"
    assert proved(result)
