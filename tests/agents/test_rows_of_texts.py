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
