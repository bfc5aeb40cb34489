"""Rows of tables that are no pages: CSV, lines of JSON, XML, and JSON whose names stand one level deeper."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent

TITLES = ["Brass lamp", "Wool rug", "Glass vase", "Cork board"]
WAYS = ["csv", "lines", "xml", "inner"]


def table(way: str, rows: list[tuple[int, str]]) -> str:
    """Rows of ids and titles."""
    if way == "csv":
        return "id,title,price\r\n" + "".join(f'{number},"{title}",5.00\r\n' for number, title in rows)
    if way == "lines":
        return "".join(json.dumps({"id": number, "title": title}) + "\n" for number, title in rows)
    if way == "xml":
        return "<rows>" + "".join(f"<row><id>{number}</id><title>{title}</title></row>" for number, title in rows) + "</rows>"
    return json.dumps([{"item": {"id": number}, "label": {"en": title}} for number, title in rows])


def session(way: str, numbers: list[int], titles: list[str], picked: str = "Wool rug") -> Session:
    """A table, and one row of it opened."""
    rows = list(zip(numbers, titles, strict=True))
    kinds = {"csv": "text/csv", "lines": "application/x-ndjson", "xml": "text/xml", "inner": "application/json"}
    made = Session(f"{numbers[0]}.har").add("GET", "/export", html=table(way, rows))
    entry = made.entries[0]
    object.__setattr__(entry.response, "media_type", kinds[way])
    object.__setattr__(entry.response, "headers", (("Content-Type", kinds[way]),))
    return made.add("GET", f"/open/{next(n for n, t in rows if t == picked)}", html="<p>Opened")


@pytest.mark.parametrize("way", WAYS)
def test_a_row_is_known_by_its_title(way: str) -> None:
    first = session(way, [48213, 51877, 60122, 71925], TITLES if way != "csv" else [TITLES[1], TITLES[0], *TITLES[2:]])
    other = session(way, [11111 * 3 + 7, 90817, 45454 + 9, 21324], TITLES[::-1])
    for result in (imported(first), imported(first, other)):
        (capture,) = sent(result, 0).captures
        assert "Wool" in str(capture.source)
        assert sent(result, 1).url.literal is None
        assert proved(result)


def test_a_json_text_that_a_script_decodes_at_once_is_looked_into() -> None:
    page = '<script>window.cfg = JSON.parse(atob("eyJhIjoxLCJndWFyZCI6IlRHSTdDNk1UV0pOWnNyeUdkU1BrIn0="));</script>'
    made = Session().add("GET", "/", html=page).add("POST", "/do", body="guard=TGI7C6MTWJNZsryGdSPk", html="<p>Done")
    result = imported(made)
    assert "TGI7C6" not in str(sent(result, 1).body)
    assert proved(result)


def test_a_uuid_may_be_sent_without_its_hyphens() -> None:
    answer = '{"id":"0b9f7c1e-52a4-4f0e-9d3b-6c1f2e7a8d90"}'
    made = Session().add("POST", "/up", body="{}", sends="application/json", json=answer)
    result = imported(made.add("GET", "/file/0b9f7c1e52a44f0e9d3b6c1f2e7a8d90", html="<p>File"))
    assert "0b9f7c1e" not in str(sent(result, 1).url)
    assert proved(result)


def test_a_cookie_is_sent_in_a_query_by_a_script() -> None:
    made = Session().add("GET", "/", html="<p>x", received={"Set-Cookie": "uid=5f0e9d3b6c1f2e7a8d90aa17c3; Path=/"})
    result = imported(made.add("GET", "/api?uid=5f0e9d3b6c1f2e7a8d90aa17c3", html="<p>y"))
    assert "5f0e9d" not in str(sent(result, 1).url)
    assert proved(result)


def test_a_row_is_known_by_its_text_though_its_number_stands_in_an_address_before() -> None:
    numbers = {"Oak table": "0995346412", "Wool rug": "0931774958", "Brass lamp": "0278096582"}
    rows = [{"uri": f"http://shop.test/Orders('{n}')", "OrderNo": n, "Text": t} for t, n in numbers.items()]
    session = Session().add("POST", "/$batch", body="a=1", html=f"--x\r\n\r\n{json.dumps(rows)}\r\n--x--")
    answer = replace(session.entries[0].response, media_type="multipart/mixed")
    session.entries[0] = replace(session.entries[0], response=answer)
    result = imported(session.add("GET", "/Orders('0931774958')", json="{}"))
    assert "Wool rug" in str(sent(result, 0).captures[0].source)
    assert proved(result)


def batch(rows: list[tuple[str, str, str]]) -> str:
    """A part of a `multipart/mixed` answer with rows of an entity tag, a key and a text."""
    items = [{"__metadata": {"uri": f"/O('{n}')", "etag": f'W/"{tag}\'"'}, "OrderNo": n, "Text": t} for tag, n, t in rows]
    return f"--x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{json.dumps({'d': {'results': items}})}\r\n--x--"


def changed_order(rows: list[tuple[str, str, str]]) -> Session:
    """A batch of orders, and a change of the rug's with its entity tag."""
    made = Session(f"{rows[0][1]}.har").add("POST", "/$batch", body="a=1", html=batch(rows))
    made.entries[0] = replace(made.entries[0], response=replace(made.entries[0].response, media_type="multipart/mixed"))
    tag = next(tag for tag, _, text in rows if text == "Wool rug")
    return made.add("POST", "/change", body="a=1", sent={"If-Match": f'W/"{tag}\'"'}, json="{}")


def test_a_member_of_a_row_in_a_text_is_known_by_another_one_around_it() -> None:
    tags = ("datetimeoffset'2026-01-22T10:54:50.4321679Z", "datetimeoffset'2026-01-15T01:38:39.7984507Z")
    rows = [(tags[0], "0196048885", "Glass vase"), (tags[1], "0229684109", "Wool rug")]
    others = [(tags[1].replace("38", "11"), "0931774958", "Wool rug"), (tags[0].replace("54", "12"), "0278096582", "Glass vase")]
    for result in (imported(changed_order(rows)), imported(changed_order(rows), changed_order(others))):
        (capture,) = sent(result, 0).captures
        assert "Wool rug" in str(capture.source)
        assert proved(result)


@pytest.mark.parametrize(
    "item",
    [
        '{{"id":{0},"price":{{"c":4}},"title":"{1}"}}',
        "{{id: {0}, kind: 'a', title: '{1}'}}",
        '{{"title":"{1}","n":[1,2],"id":{0}}}',
    ],
)
def test_a_row_of_a_script_is_known_by_a_text_in_the_same_object(item: str) -> None:
    rows = [(48213, "Brass lamp"), (51877, "Wool rug"), (60122, "Glass vase")]
    page = f"<script>window.__STATE__ = [{','.join(item.format(*row) for row in rows)}];</script>"
    result = imported(Session().add("GET", "/", html=page).add("GET", "/open?id=51877", html="<p>Open"))
    (capture,) = sent(result, 0).captures
    assert "Wool rug" in str(capture.source)
    assert capture.occurrence == 1
    assert proved(result)


def test_no_text_of_another_object_names_a_row_of_a_script() -> None:
    page = '<script>var rows = [{"id":48213},{"id":51877},{"title":"Wool rug"}];</script>'
    result = imported(Session().add("GET", "/", html=page).add("GET", "/open?id=51877", html="<p>Open"))
    assert not any("Wool rug" in str(capture.source) for capture in sent(result, 0).captures)
