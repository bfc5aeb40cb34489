"""Answers that are scripts: numbers in calls, and what scripts make of words and the time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from recordings import BASE, START, Session, imported, proved, sent

from loadwright.compiler.plan.model import FormBody, RegexSource
from loadwright.compiler.plan.template import Reference, call, template


def _rows(*rows: tuple[int, str]) -> str:
    calls = "".join(f'this.add_row({number},{{"subject":{json.dumps(subject)}}});\n' for number, subject in rows)
    return json.dumps({"action": "list", "exec": f"{calls}this.set_count({len(rows)});"})


def _mailbox(*rows: tuple[int, str]) -> Session:
    session = Session().add("GET", "/new", html="<form><input name=subject></form>")
    session.add("POST", "/send", body="subject=Pump+leaks+f05fa879", html="<p>Sent")
    return session.add("GET", "/?task=list", json=_rows(*rows))


def test_the_row_of_what_the_user_made_tells_its_number() -> None:
    session = _mailbox((7, "Pump leaks f05fa879"), (5, "Weekly menu"))
    session.add("GET", "/?task=show&_uid=7&page=7", html="<p>Pump").add("POST", "/?task=move", body="_uid=7&to=Trash", json="{}")
    result = imported(session)
    row = template(r"\badd_row\((\d+),(?:(?!\badd_row\()[\s\S]){0,300}?", Reference(name="unique"))
    assert [(c.name, c.source) for c in sent(result, 2).captures] == [("uid", RegexSource(pattern=row))]
    assert sent(result, 3).url == template("/?task=show&_uid=", Reference(name="uid"), "&page=7")
    body = sent(result, 4).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value == template(Reference(name="uid"))
    assert proved(result)


def test_the_row_of_something_else_says_nothing() -> None:
    session = _mailbox((7, "Pump leaks f05fa879"), (5, "Weekly menu")).add("GET", "/?task=show&_uid=5", html="<p>Menu")
    assert sent(imported(session), 3).url == template("/?task=show&_uid=5")


@pytest.mark.parametrize(("call_of", "taken"), [("set_draft_id", True), ("setDraftId", True), ("set_count", False)])
def test_an_answer_that_sets_an_id(call_of: str, taken: bool) -> None:
    session = Session().add("POST", "/save", body="draft=1&draft_saveid=", html=f'<script>parent.app.{call_of}("4");</script>')
    session.add("POST", "/save", body="draft=&draft_saveid=4", html="<script>parent.app.done();</script>")
    result = imported(session)
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].value == (template(Reference(name="draft_id")) if taken else template("4"))
    assert proved(result)


def test_a_long_number_right_behind_a_word() -> None:
    listed = json.dumps({"exec": 'this.add_file("file11795647780077390200",{});\n'})
    session = Session().add("POST", "/upload", body="name=a", json=listed)
    session.add("POST", "/send", body="attachments=11795647780077390200", html="<p>Sent")
    result = imported(session)
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value != template("11795647780077390200")
    assert len(sent(result, 0).captures) == 1
    assert proved(result)


def test_a_word_and_the_time_are_made_anew() -> None:
    session = Session().add("GET", f"/?list=1&unlock=loading{START + 3:.0f}", json="{}")
    session.add("POST", "/up", body=f"uploadid=upload{START + 150:.0f}", json="{}")
    session.add("POST", "/cancel", body=f"uploadid=upload{START + 150:.0f}", json="{}")
    result = imported(session)
    assert sent(result, 0).url == template("/?list=1&unlock=loading", call("now", "ms"))
    bodies = [sent(result, position).body for position in (1, 2)]
    assert all(
        isinstance(body, FormBody) and body.fields[0].value == template("upload", Reference(name="uploadid")) for body in bodies
    )
    assert [v.value for v in result.plan.variables if v.name == "uploadid"] == [template(call("now", "ms"))]
    assert proved(result)


def test_nothing_has_the_id_0() -> None:
    session = Session().add("GET", "/add", html='<form><input type=hidden name=gid value="0"><input name=title></form>')
    session.add("POST", "/add", body="gid=0&title=Pump", html="<p>Added")
    body = sent(imported(session), 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value == template("0")


@pytest.mark.parametrize(
    ("by_itself", "kept"),
    [
        ({}, True),
        ({"Accept": "application/json"}, True),
        ({"Authorization": "Bearer t"}, False),
        ({"X-Requested-With": "x"}, False),
    ],
)
def test_what_a_script_reads_without_a_header_of_its_own_says_from_which_page(by_itself: dict[str, str], kept: bool) -> None:
    """Servers that give JSON to pages of their own alone have nothing else to know them by."""
    page = "/edit?name=harbour-f05fa879"
    session = Session().add("GET", "/new", html="<form><input name=name></form>", sent={"Accept": "text/html"})
    session.add("POST", "/new", body="name=harbour-f05fa879", status=302, location=page)
    session.add("GET", page, html="<p>Edit", sent={"Accept": "text/html", "Referer": f"{BASE}/new"})
    session.add("GET", "/fetch?page=harbour-f05fa879", json="{}", sent={"Accept": "*/*", "Referer": BASE + page, **by_itself})
    session.add("GET", "/app.js", script="run()", sent={"Accept": "*/*", "Referer": BASE + page})
    session.entries[-1] = replace(session.entries[-1], resource="fetch")  # ahead of its use
    result = imported(session)
    said = [h.value for h in sent(result, 3).headers if h.name == "Referer"]
    target = Reference(name=result.plan.targets[0].name)
    assert said == ([template(target, sent(result, 2).url)] if kept else [])
    assert not [h for position in (2, 4) for h in sent(result, position).headers]
    assert proved(result)


def test_a_script_whose_page_tells_its_site_alone_says_so() -> None:
    """A page may want no more of its address told (`Referrer-Policy: strict-origin`); servers look at that too."""
    session = Session().add("GET", "/console/", html="<p>Console", sent={"Accept": "text/html"})
    session.add("GET", "/console/version", json="{}", sent={"Accept": "*/*", "Referer": f"{BASE}/"})
    session.add("GET", "/console/list", json="{}", sent={"Accept": "*/*", "Referer": "http://other.test/"})
    result = imported(session)
    target = Reference(name=result.plan.targets[0].name)
    assert [h.value for h in sent(result, 1).headers] == [template(target, "/")]
    assert not sent(result, 2).headers
    assert proved(result)


@pytest.mark.parametrize(("back", "kept"), [("/show?id=12&done=1", True), ("/list", False)])
def test_a_link_that_does_something_and_leads_back_keeps_its_referer(back: str, kept: bool) -> None:
    session = Session().add("GET", "/show?id=12", html="<a href='/show?do=take'>Take</a>")
    session.add("GET", "/show?do=take", status=302, location=back, sent={"Referer": f"{BASE}/show?id=12"})
    session.add("GET", back, sent={"Referer": f"{BASE}/show?id=12"}, html="<p>Taken")
    assert [h.name for h in sent(imported(session), 1).headers] == (["Referer"] if kept else [])


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        (f'<input type=hidden name=returnurl value="{BASE}/list?q=pump&amp;tags=">', True),
        ("<input type=hidden name=back value='/list?q=pump&amp;tags='>", True),
        ('<a href="/list?q=pump&amp;tags=">Back</a>', False),
        ('<input type=hidden name=returnurl value="/list">', False),
    ],
)
def test_a_page_that_has_in_a_field_where_it_was_reached_from_keeps_its_referer(field: str, kept: bool) -> None:
    session = Session().add("GET", "/list?q=pump&tags=", html="<a href=/edit>Edit</a>")
    session.add("GET", "/edit", html=f"<form method=post>{field}</form>", sent={"Referer": f"{BASE}/list?q=pump&tags="})
    result = imported(session)
    assert [h.name for h in sent(result, 1).headers] == (["Referer"] if kept else [])
    assert proved(result)


def test_a_link_is_followed_that_has_a_number_beside_an_id() -> None:
    session = Session().add("POST", "/new", body="title=Pump", status=302, location="/show?id=12")
    session.add("GET", "/show?id=12", html="<p>Pump", sent={"Referer": f"{BASE}/new"})
    link = "<a href='/reply?id=12&amp;quote=48'>Reply</a><a href='/list?id=12&amp;page=49'>Next</a>"
    session.add("GET", "/history?id=12", html=link, sent={"Referer": f"{BASE}/show?id=12"})
    session.add("GET", "/reply?id=12&quote=48", sent={"Referer": f"{BASE}/show?id=12"}, html="<p>Reply")
    session.add("GET", "/list?id=12&page=49", sent={"Referer": f"{BASE}/show?id=12"}, html="<p>More")
    result = imported(session)
    assert [c.name for c in sent(result, 2).captures] == ["quote"]
    assert sent(result, 4).url.parts[-1] == template("&page=49").parts[0]
    assert proved(result)


def test_what_a_page_loads_at_once_may_come_in_another_order() -> None:
    def session(*loaded: str) -> Session:
        made = Session("-".join(loaded)).add("GET", "/a", html="<p>A")
        for name in loaded:
            made.add("GET", f"/{name}", json="{}")
        return made.add("GET", "/b", html="<p>B")

    assert proved(imported(session("one", "two", "three"), session("three", "one", "two")))


def _guarded(*rows: tuple[int, str], guard: str = "for(;;);") -> str:
    listed = ",".join(f'{{"key":"{number}","col0":{json.dumps(subject)}}}' for number, subject in rows)
    return f'{guard}[{{"syncId":{len(rows) + 40},"changes":[{{"key":"size","value":{len(rows)}}}],"rows":[{listed}]}}]'


def _of_a_framework(guard: str) -> Session:
    session = Session().add("GET", "/", html="<div id=app></div>")
    typed = '{"rpc":[{"node":14,"property":"value","value":"Winter-c9154555"}],"syncId":40}'
    session.add("POST", "/rpc", body=typed, sends="application/json", json=_guarded(guard=guard))
    listed = _guarded((62, "Winter-c9154555"), guard=guard)
    return session.add("POST", "/rpc", body='{"rpc":[{"event":"list"}],"syncId":40}', sends="application/json", json=listed)


@pytest.mark.parametrize("guard", ["for(;;);", ")]}'\n", "while(1);"])
def test_json_behind_a_guard_is_taken_by_patterns(guard: str) -> None:
    session = _of_a_framework(guard)
    selects = '{"rpc":[{"event":"select","args":["62"],"node":62}],"syncId":41}'
    session.add("POST", "/rpc", body=selects, sends="application/json", json="[]")
    result = imported(session)
    sources = {c.name: c.source for position in (1, 2) for c in sent(result, position).captures}
    assert RegexSource(pattern='"key":"([^"\\\\\\n<>]+)","col0":') in sources.values()
    assert RegexSource(pattern=r'"syncId":(\d+)') in sources.values()
    text = sent(result, 3).model_dump_json()
    assert text.count('"62"') == 1  # the row of what the user made, though nothing is called the same; a number in JSON may count
    assert proved(result)


def test_a_made_up_part_may_have_one_letter() -> None:
    body = sent(imported(_of_a_framework("for(;;);")), 1).model_dump_json()
    assert "c9154555" not in body


def test_what_a_router_calls_a_place_in_the_history_is_made_anew() -> None:
    body = '{"data":{"historyState":{"usr":null,"key":"184wguyr","idx":1}}}'
    result = imported(Session().add("POST", "/rpc", body=body, sends="application/json", json="{}"))
    assert "184wguyr" not in result.plan.model_dump_json()
    assert result.decisions[0].verdict == "generate"


@pytest.mark.parametrize(("method", "taken"), [("open", True), ("refresh", False)])
def test_a_number_that_an_attribute_hands_to_a_function_is_taken_where_a_request_calls_that_function(
    method: str, taken: bool
) -> None:
    rows = "".join(f'<tr><td>{t}</td><td><button wire:click="open({n})">Open</button></td></tr>' for t, n in CALLED)
    session = Session().add("GET", "/posts", html=f"<table>{rows}</table>")
    call = {"calls": [{"path": "", "method": method, "params": [48213]}]}
    result = imported(session.add("POST", "/update", body=json.dumps(call), sends="application/json", json="{}"))
    assert ["Bob" in str(capture.source) for capture in sent(result, 0).captures] == [True] * taken
    assert proved(result)


CALLED = (("Ada", 48210), ("Bob", 48213), ("Cleo", 48299))


@pytest.mark.parametrize(
    ("location", "kept"),
    [("/idm/#/login", True), ("/login?next=/notes", True), ("/notes/all", False), ("/notes/#/list", False)],
)
def test_who_is_sent_to_log_in_had_said_that_it_accepts_pages(location: str, kept: bool) -> None:
    """A server answers 401 to what does not: a program, it thinks."""
    session = Session().add("GET", "/notes/", status=302, location=location, sent={"Accept": "text/html,*/*;q=0.8"})
    session.add("GET", location.partition("#")[0], html="<p>Welcome", sent={"Accept": "text/html,*/*;q=0.8"})
    result = imported(session)
    assert [h.value.literal for h in sent(result, 0).headers] == (["text/html,*/*;q=0.8"] if kept else [])
    assert not sent(result, 1).headers
    assert proved(result)
