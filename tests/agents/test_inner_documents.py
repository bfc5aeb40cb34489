"""Documents inside of parameters and texts: JSON and rison, whose numbers and texts have names of their own."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from json import dumps

import pytest
from recordings import BASE, Session, imported, proved, sent

from loadwright.compiler.agents.observe.notations import all_leaves, is_document, leaves
from loadwright.compiler.plan.describe import describe_source, describe_template
from loadwright.compiler.plan.model import JsonBody

JSON = "application/json"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("(dashboard_id:5)", [("dashboard_id", "5")]),
        ("!(4,3)", [("", "4"), ("", "3")]),
        ("(filters:!((col:name,value:'Quay (a)')),page:0)", [("col", "name"), ("filters_value", "Quay (a)"), ("page", "0")]),
        ("(force:!f)", []),
        ('{"slice_id":9,"of":{"id":7}}', [("slice_id", "9"), ("of_id", "7")]),
        ('{"by":{"9":{"id":9}}}', [("by_id", "9")]),
        ('[{"a":"b"},[1]]', [("a", "b"), ("", "1")]),
        ("[5]", [("", "5")]),
    ],
)
def test_a_document_is_told_into_leaves(value: str, named: list[tuple[str, str]]) -> None:
    assert is_document(value)
    assert [(leaf.name, leaf.value) for leaf in leaves(value)] == named
    assert all(value[leaf.start : leaf.end] == leaf.value for leaf in leaves(value))


@pytest.mark.parametrize("text", ["(see: note)", "(see)", "{a}", "{{x}}", "[x]", "[1](2)", "!", "!(", "(a:b", "()"])
def test_a_text_is_no_document(text: str) -> None:
    assert not is_document(text)
    assert not leaves(text)


def made(chart: int, board: int) -> Session:
    """A board is opened by a redirect, a chart is made, and shown by a page that writes their ids in documents."""
    session = (
        Session()
        .add("GET", "/boards/new", status=302, location=f"/boards/{board}/")
        .add("GET", f"/boards/{board}/", html="<h1>Board</h1>")
    )
    session.add("POST", "/api/charts", body='{"kind":"table"}', sends=JSON, status=201, json=json.dumps({"id": chart}))
    session.add("GET", f"/api/show?q=%7B%22slice_id%22:{chart}%7D", json='{"rows":[]}')
    session.add("GET", f"/api/near?q=(board_id:{board},page:0)", json='{"rows":[]}')
    text = json.dumps({"layout": {"meta": {"chartId": chart, "width": 4}}})
    return session.add("PUT", f"/api/boards/{board}", body=json.dumps({"metadata": text}), sends=JSON, json='{"done":true}')


def test_what_was_just_made_is_found_in_documents() -> None:
    result = imported(made(19, 27))
    assert [describe_template(sent(result, position).url).count("${") for position in (3, 4)] == [1, 1]
    body = sent(result, 5).body
    assert isinstance(body, JsonBody)
    assert "19" not in str(body)
    assert "width" in str(body)
    assert proved(result)


def test_a_document_that_is_a_text_of_a_document_is_told_into_leaves_too() -> None:
    row = json.dumps({"row": {"_id": 16399, "says": 'a "b"'}, "none": "{x}"}, indent=1)
    for depth in range(3):
        found = all_leaves(row)
        assert [(leaf.name, leaf.value) for leaf in found if "\\" not in leaf.value] == [("_id", "16399"), ("none", "{x}")]
        assert all(row[leaf.start : leaf.end] == leaf.value for leaf in found)
        assert [leaf.name for leaf in found] == ["_id", "says", "none"]
        row = json.dumps({"node": row})
        assert depth or [leaf.name for leaf in leaves(row)] == ["node"]


def opened(row: int, port: int) -> Session:
    """A row is made, and a script tells the server of its window, which has the row in a document in a document."""
    session = Session().add("POST", "/api/rows", body="{}", sends=JSON, status=201, json=json.dumps({"node": {"_id": row}}))
    session.add("GET", f"/api/row?_id={row}", json=json.dumps({"port": port, "width": 1280}))
    node = json.dumps({"row": {"_id": row, "port": port, "width": 1280}})
    return session.add("PUT", "/api/layout", body=json.dumps({"of": json.dumps({"node": node})}), sends=JSON, json='{"done":true}')


def test_a_number_two_documents_deep_is_taken_where_it_changes() -> None:
    for others in ((), (opened(16415, 5439),)):
        result = imported(opened(16399, 5439), *others)
        body = sent(result, 2).body
        assert isinstance(body, JsonBody)
        written = str(body.value)
        assert "16399" not in written
        assert ("5439" in written) is bool(others)  # which two recordings have alike
        assert proved(result)


def test_a_search_in_a_notation_is_not_what_the_user_typed() -> None:
    session = Session().add("GET", "/", html="<h1>Home</h1>").add("GET", "/api/list?q=(distinct:!f,page_size:24)", json='{"a":1}')
    result = imported(session)
    assert not result.plan.variables
    assert proved(result)


def listed(chosen: int, stamp: str) -> Session:
    """A list is asked for in rison, with a word of the script's that changes; then one of its items."""
    session = Session().add("GET", "/api/items", json=json.dumps({"items": [{"id": chosen, "name": "Lamp"}]}))
    return session.add("GET", f"/api/marks?q=!({chosen})", json='{"a":1}').add(
        "GET", f"/api/log?q=(at:{stamp},n:!(1,2))", json='{"a":1}'
    )


def test_two_recordings_are_compared_leaf_by_leaf() -> None:
    result = imported(listed(7, "open"), listed(8, "shut"))
    assert describe_template(sent(result, 1).url).count("${") == 1
    assert describe_template(sent(result, 2).url).count("${") == 0
    assert proved(result)


def test_a_number_that_was_an_id_before_is_not_what_was_made() -> None:
    session = Session().add("GET", "/api/users", json='{"users":[{"id":3,"name":"Ida"}]}')
    session.add("POST", "/api/charts", body='{"kind":"table"}', sends=JSON, status=201, json='{"id":3}')
    session.add("GET", "/api/show?owner_id=3", json='{"rows":[]}')
    result = imported(session)
    assert all(capture.name != "chart_id" for position in (0, 1) for capture in sent(result, position).captures)
    assert proved(result)


def tabbed(tab: int, shown: int) -> Session:
    """A view is made by a script that has no id for it yet, in an application whose other things have such numbers too."""
    session = Session().add("GET", "/api/projects", json='{"projects":[{"id":5},{"id":6}]}')
    session.add("POST", "/api/views?tabID=0", body='{"title":"All"}', sends=JSON, status=201, json=json.dumps({"id": tab}))
    referer = {"Referer": f"http://shop.test/projects/data?tab={tab}&labels={shown}"}
    return session.add("POST", f"/api/next?tabID={tab}", body='{"all":true}', sends=JSON, json='{"left":3}', sent=referer)


def test_a_placeholder_says_whose_id_comes() -> None:
    result = imported(tabbed(5, 1))
    assert describe_template(sent(result, 2).url).count("${") == 1
    assert proved(result)


def test_what_did_not_change_in_a_url_that_did_is_constant() -> None:
    result = imported(tabbed(5, 1), tabbed(6, 1))
    referer = next(h for h in sent(result, 2).headers if h.name.lower() == "referer")
    assert describe_template(referer.value).count("${") == 2  # the address and the tab
    assert "/projects/data?" in describe_template(referer.value)
    assert proved(result)


def recent(at: str) -> Session:
    """What was done lately, each with the time as people are told it."""
    done = [{"at": "a day ago", "what": {"no": 1}, "ticket_id": 70421}, {"at": at, "what": {"no": 2}, "ticket_id": 70988}]
    session = Session().add("GET", "/api/recent", json=json.dumps({"done": done, "row_limit": 1000}))
    return session.add("GET", "/api/tickets/70988?row_limit=1000", json='{"title":"Pump"}')


@pytest.mark.parametrize("at", ["13 minutes ago", "Nov 25, 2026", "just now", "25 November"])
def test_a_time_that_passes_names_no_item_of_a_list(at: str) -> None:
    result = imported(recent(at))
    assert [describe_source(capture.source) for capture in sent(result, 0).captures] == ["json $.done[1].ticket_id"]
    assert proved(result)


def test_an_item_without_a_name_is_a_thing_of_the_path() -> None:
    session = Session().add("GET", "/api/boards", json='{"ids":[5,4]}')
    session.add("POST", "/api/boards", body='{"title":"Quay"}', sends=JSON, status=201, json='{"id":7}')
    session.add("POST", "/api/charts", body='{"kind":"table"}', sends=JSON, status=201, json='{"id":8}')
    session.add("POST", "/api/charts/data", body='{"of":"orders"}', sends=JSON, json='{"rows":[{"id":4},{"id":9}]}')
    session.add("GET", "/api/boards/marks?q=!(7,4)", json='{"a":1}').add("GET", "/api/charts/marks?q=!(8,9)", json='{"a":1}')
    result = imported(session)
    assert [describe_template(sent(result, position).url).count("${") for position in (4, 5)] == [1, 1]
    assert [len(sent(result, position).captures) for position in (1, 2, 3)] == [1, 1, 0]
    assert proved(result)


@pytest.mark.parametrize(("told", "made"), [('{"query":{"id":"3ERLoH3UiLJ"}}', 1), ('{"token_type":"none"}', 0)])
def test_a_client_id_that_the_answer_calls_its_id_is_made_by_the_script(told: str, made: int) -> None:
    body = '{"client_id":"3ERLoH3UiLJ","sql":"select 1"}'
    result = imported(Session().add("GET", "/", html="<h1>Home</h1>").add("POST", "/api/queries", body=body, sends=JSON, json=told))
    assert ("random_string" in str(sent(result, 1).body)) + len(result.plan.variables) == made
    assert proved(result)


def test_a_text_that_no_encoding_gives_back_is_made_of_what_its_parts_are() -> None:
    def session(word: str) -> Session:
        made = Session().add("GET", "/new", html='<form action="/boards" method=post><input name=title></form>')
        made.add("POST", "/boards", body=f"title=Quay+board+{word}", html=f"<p>Quay board {word}")
        url = f"/list?q=(filters:!((col%3Atitle,value%3A%27Quay+board%20{word}%27)),page:0)"  # as a form, and as a URL
        return made.add("GET", url, json=json.dumps({"rows": [{"title": f"Quay board {word}"}]}))

    result = imported(session("35ab1d87"), session("f05fa879"))
    assert describe_template(sent(result, 2).url).count("${unique}") == 1
    assert [variable.name for variable in result.plan.variables] == ["unique", "title"]
    assert "35ab1d87" not in result.plan.model_dump_json()
    assert not result.left
    assert "q" not in [decision.variable for decision in result.decisions]
    assert proved(result)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ('<?xml version="1.0"?><r><cust id="69326" type="A"/></r>', "text/xml"),
        ('<?xml version="1.0"?><r><update id="f"><![CDATA[<div data-rk="69326">Rug</div>]]></update></r>', "text/xml"),
        ('<a href="f?p=100:2::P2_ID:69326&amp;x=1">Edit</a>', "text/html"),
    ],
)
def test_a_long_number_behind_the_name_of_an_id_is_taken_from_any_text(answer: str, kind: str) -> None:
    session = Session().add("GET", "/start", html=answer)
    headers = (("Content-Type", kind),)
    session.entries[0] = replace(
        session.entries[0], response=replace(session.entries[0].response, media_type=kind, headers=headers)
    )
    sends = '{"items":[{"n":"P2","v":"69326"}]}'
    result = imported(session.add("POST", "/list", body=sends, sends="application/json", json="{}"))
    assert len(sent(result, 0).captures) == 1
    assert "69326" not in str(sent(result, 1).body)
    assert proved(result)


@pytest.mark.parametrize(("number", "is_told"), [("48213", True), ("50000", False), ("4821", False)])
def test_a_longer_number_in_a_document_that_an_answer_gave_under_another_name_is_told(number: str, is_told: bool) -> None:
    session = Session().add("GET", "/list", json=json.dumps([{"row": int(number), "b": 1}, {"row": 48299, "b": 1}]))
    result = imported(session.add("POST", "/list", body=f"p=%7B%22v%22:%22{number}%22%7D", html="<p>Saved"))
    assert [one.where for one in result.left] == ["entry 1 POST /list: form v"] * is_told


def test_an_object_that_is_named_by_its_own_id_is_named_anew() -> None:
    session = Session().add("POST", "/api/charts", body='{"kind":"table"}', sends=JSON, status=201, json='{"id": 19}')
    session.add("GET", "/api/charts/19", json='{"rows":[]}')
    text = json.dumps({"charts": {"19": {"id": 19, "width": 4}, "20": {"width": 19}}})
    result = imported(session.add("PUT", "/api/charts/19", body=json.dumps({"metadata": text}), sends=JSON, json='{"done":true}'))
    body = sent(result, 2).body
    assert isinstance(body, JsonBody)
    name = sent(result, 0).captures[0].name
    assert str(body).count(f"name='{name}'") == 2
    assert proved(result)


def test_what_was_typed_is_put_in_where_a_page_without_a_request_of_its_own_has_it_encoded() -> None:
    """A script shows a list under an address of its own: what it sends from there has it as `Referer`."""

    def session(name: str) -> Session:
        made = Session().add("GET", "/new", html='<form action="/charts" method=post><input name=title></form>')
        made.add("POST", "/charts", body=f"title={name.replace(' ', '+')}", html=f"<p>{name}")
        page = f"{BASE}/list?filters=(title:%27{name.replace(' ', '%20')}%27)"
        return made.add("POST", "/api/delete", body="all=yes", json="{}", sent={"Accept": "*/*", "Referer": page})

    result = imported(session("Harbour sales 41b3c903"))
    (referer,) = (h for h in sent(result, 2).headers if h.name == "Referer")
    assert "(title:%27${urlencode(title)}%27)" in describe_template(referer.value)
    assert "41b3c903" not in result.plan.model_dump_json()
    assert proved(result)


@pytest.mark.parametrize(("sent_as", "is_told"), [('"7747"', True), ("7747", False), ('"77"', False)])
def test_a_number_of_four_digits_that_a_script_sends_as_a_text_is_told(sent_as: str, is_told: bool) -> None:
    number = sent_as.strip('"')
    rows = f'for(;;);[{{"k":"{number}","d":{{"0":"Glass vase"}}}},{{"k":"1763","d":{{"0":"Wool rug"}}}}]'
    session = Session().add("POST", "/rows", body="a=1", json=rows)
    result = imported(session.add("POST", "/select", body=f'{{"rpc":["select",[{sent_as}]]}}', sends=JSON, json="{}"))
    assert [one.where for one in result.left] == ["entry 1 POST /select: json rpc"] * is_told


def saved(version: int, document: str, name: str) -> Session:
    payload = dumps({"document": {"id": document, "ver": version}})
    session = Session(name).add("GET", "/doc", json=dumps({"payload": payload}))
    body = dumps({"name": "save", "args": dumps({"docId": document, "ver": version, "text": "x"})})
    return session.add("POST", "/command", body=body, sends="application/json", json="{}")


def test_a_short_state_in_a_text_of_json_goes_into_a_text_of_json() -> None:
    result = imported(saved(43, "1f413416ff8073fa4113ecb2", "one.har"), saved(52, "31cca97081253ee008feee1a", "two.har"))
    assert "43" not in result.plan.journeys[0].model_dump_json().replace("1f413416ff8073fa4113ecb2", "")
    assert proved(result)


def test_a_short_state_is_found_in_a_text_though_an_answer_before_counts_as_much() -> None:
    def scored(version: int, document: str, name: str) -> Session:
        session = Session(name).add("GET", "/points", json=dumps({"points": version}))
        payload = dumps({"payload": dumps({"document": {"id": document, "ver": version}})})
        body = dumps({"name": "save", "args": dumps({"docId": document, "ver": version})})
        return session.add("GET", "/doc", json=payload).add("POST", "/command", body=body, sends="application/json", json="{}")

    result = imported(scored(43, "1f413416ff8073fa4113ecb2", "one.har"), scored(52, "31cca97081253ee008feee1a", "two.har"))
    assert "43" not in sent(result, 2).model_dump_json()
    assert proved(result)


@pytest.mark.parametrize(("ours", "theirs"), [("XFSW6F", "5KCNRZ"), ("JFXBZL", "FHJXK7"), ("XZMBV5", "QTRWLD")])
def test_a_short_code_in_a_token_is_taken_by_its_claim(ours: str, theirs: str) -> None:
    def acted(tenant: str, name: str) -> Session:
        claims = b64encode(dumps({"sub": "9f00a0b7-7dec-433a-b106-81fa6654aaf1", "tid": tenant}).encode()).decode().rstrip("=")
        token = f"eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJlLW9mLWEtdG9rZW4"
        session = Session(name).add("POST", "/exchange", body="to=docs", json=dumps({"id_token": token}))
        return session.add("POST", "/audit", body=dumps({"tenant": tenant}), sends="application/json", json="{}")

    result = imported(acted(ours, "one.har"), acted(theirs, "two.har"))
    assert [d.source.partition(" | ")[2] for d in result.decisions if d.verdict == "extract"] == ["jwt_claim 'tid'"]
