"""The user's own row of a list that others add to: known by what the journey made before, not by its place."""

from __future__ import annotations

from dataclasses import replace
from json import dumps

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import Capture

PROCESS, OTHER, THIRD = (
    "6f1c2a94-0d3e-4b7a-9c55-0a1b2c3d4e5f",
    "b37d90e1-52aa-4c0f-8e21-9f8e7d6c5b4a",
    "0e4d7c2b-91f6-4a38-b5d0-1122aabb3344",
)
TASK, TASK_2, TASK_3 = (
    "3a1e5b77-8c4d-4f02-a6b9-77d1c0e8f913",
    "c90b2f4e-1d6a-47e8-93f5-20ab64d8e7c1",
    "e2f8a6d0-7b35-4c19-8d0e-5f61b3a94c27",
)


def tasks(*rows: tuple[str, str], name: str = "Check order") -> str:
    return dumps({"total": len(rows), "tasks": [{"id": task, "name": name, "processId": process} for task, process in rows]})


def session(process: str, task: str, *listed: tuple[str, str], name: str = "session.har") -> Session:
    """A process is started, and its task is opened out of a list that all users share."""
    recorded = Session(name)
    recorded.add(
        "POST", "/processes", body='{"key":"order"}', sends="application/json", json=dumps({"id": process, "key": "order"})
    )
    recorded.add("GET", f"/processes/{process}", json='{"state":"open"}')
    recorded.add("GET", "/tasks", json=tasks(*listed))
    return recorded.add("POST", f"/tasks/{task}/claim", body="{}", sends="application/json", json='{"done":true}')


def captured(result: Imported, number: int) -> str:
    (capture,) = sent(result, number).captures
    return described(capture)


def described(capture: Capture) -> str:
    return f"{describe_source(capture.source)} nth {capture.occurrence}"


def test_a_row_is_known_by_the_id_that_the_journey_got_before() -> None:
    result = imported(session(PROCESS, TASK, (TASK, PROCESS), (TASK_2, OTHER)))
    assert proved(result)
    assert captured(result, 2) == "json $.tasks[?(@.processId=='${process_id}')].id nth 1"
    decision = next(d for d in result.decisions if d.variable == sent(result, 2).captures[0].name)
    assert "its row is known by what the test made before" in decision.evidence


def test_a_second_recording_whose_row_stands_elsewhere_agrees() -> None:
    first = session(PROCESS, TASK, (TASK, PROCESS), (TASK_2, OTHER))
    second = session(THIRD, TASK_3, (TASK, PROCESS), (TASK_2, OTHER), (TASK_3, THIRD), name="second.har")
    result = imported(first, second)
    assert proved(result)
    assert captured(result, 2) == "json $.tasks[?(@.processId=='${process_id}')].id nth 1"


def test_a_second_recording_that_took_another_row_denies_it() -> None:
    first = session(PROCESS, TASK, (TASK, PROCESS), (TASK_2, OTHER))
    second = session(THIRD, TASK_3, (TASK_3, OTHER), (TASK_2, THIRD), name="second.har")
    result = imported(first, second)
    assert proved(result)
    assert captured(result, 2) == "json $.tasks[0].id nth 1"


def test_an_id_that_several_rows_have_says_nothing() -> None:
    result = imported(session(PROCESS, TASK, (TASK, PROCESS), (TASK_2, PROCESS)))
    assert captured(result, 2) == "json $.tasks[0].id nth 1"


def test_who_the_user_is_says_nothing_of_a_row() -> None:
    recorded = Session()
    recorded.add("POST", "/login", body="user=ada&password=s3cret-Word9", json=dumps({"userId": PROCESS}))
    recorded.add("GET", f"/users/{PROCESS}", json="{}")
    recorded.add("GET", "/tasks", json=tasks((TASK, PROCESS), (TASK_2, OTHER)))
    recorded.add("POST", f"/tasks/{TASK}/claim", body="{}", sends="application/json", json='{"done":true}')
    assert captured(imported(recorded), 2) == "json $.tasks[0].id nth 1"


def test_a_row_is_known_by_the_words_that_the_user_made_up() -> None:
    title = "Pump leaks f05fa879"
    recorded = Session().add("POST", "/notes", body=f"title={title.replace(' ', '+')}&kind=a", status=201)
    rows = [{"id": TASK_2, "title": "Night lamps"}, {"id": TASK, "title": title}]
    recorded.add("GET", "/notes", json=dumps({"items": rows}))
    recorded.add("DELETE", f"/notes/{TASK}", status=204)
    result = imported(recorded)
    assert proved(result)
    assert captured(result, 1) == "json $.items[?(@.title=='Pump leaks ${unique}')].id nth 1"


def test_a_number_that_was_given_is_compared_as_a_number() -> None:
    recorded = Session().add("POST", "/orders", body="item=a&kind=b", json='{"id": 48213}', status=201)
    recorded.add("GET", "/orders/48213", json='{"state":"open"}')
    rows = [{"token": TASK_2, "orderId": 48190}, {"token": TASK, "orderId": 48213}]
    recorded.add("GET", "/invoices", json=dumps({"items": rows}))
    recorded.add("POST", "/pay", body=f"token={TASK}")
    result = imported(recorded)
    assert proved(result)
    assert captured(result, 2) == "json $.items[?(@.orderId==${order_id})].token nth 1"


def notes(path: str, *rows: str, name: str = "session.har", title: str = "Pump leaks f05fa879") -> Session:
    """A note is written, and opened out of a page with notes of all users."""
    recorded = Session(name).add("POST", "/notes", body=f"title={title.replace(' ', '+')}&kind=a", status=201)
    recorded.add("GET", "/notes", html=f"<title>Notes</title><ul>{''.join(rows)}</ul>")
    return recorded.add("GET", path, html="<title>One</title>")


def row(number: int, title: str) -> str:
    return f'<li class="note"><a href="/notes/{number}/edit">{title}</a> <i>14:{number % 60:02}</i></li>'


def test_a_row_of_a_page_is_known_by_the_word_that_the_user_made_up() -> None:
    first = notes("/notes/4118/edit", row(4120, "Night lamps"), row(4118, "Pump leaks f05fa879"), row(4111, "Copper"))
    result = imported(first)
    assert proved(result)
    assert captured(result, 1).startswith("regex //notes/([^")
    assert captured(result, 1).endswith("{0,300}?${unique}/ nth 1")


def test_a_second_recording_with_the_row_elsewhere_agrees() -> None:
    first = notes("/notes/4118/edit", row(4120, "Night lamps"), row(4118, "Pump leaks f05fa879"))
    rows = (row(4131, "Copper wires 77ab12cd"), row(4120, "Night lamps"), row(4111, "Copper"))
    result = imported(first, notes("/notes/4131/edit", *rows, name="second.har", title="Copper wires 77ab12cd"))
    assert proved(result)
    assert captured(result, 1).endswith("${unique}/ nth 1")


def test_a_word_before_the_link_tells_as_well() -> None:
    def cells(number: int, title: str) -> str:
        return f"<tr><td>{title}</td><td>{number * 7}</td><td><a href='/notes/{number}/delete'>x</a></td></tr>"

    first = notes("/notes/4118/delete", cells(4120, "Night lamps"), cells(4118, "Pump leaks f05fa879"), cells(4111, "Copper"))
    result = imported(first)
    assert proved(result)
    assert captured(result, 1).startswith("regex /${unique}(?:(?!")


def test_the_next_row_is_no_row_of_ones_own() -> None:
    first = notes("/notes/4118/edit", row(4118, "Night lamps"), row(4120, "Pump leaks f05fa879"))
    assert "${unique}" not in captured(imported(first), 1)


def test_a_list_that_had_one_row_when_it_was_recorded_may_have_more() -> None:
    recorded = Session().add("POST", "/notes", body="title=Pump+leaks+f05fa879&kind=a", status=201)
    recorded.add("GET", "/?list", json=dumps({"exec": 'this.add_note_row(7,{"title":"Pump leaks f05fa879"});\n'}))
    recorded.add("POST", "/?delete", body="_nid=7&sure=yes", json="{}")
    result = imported(recorded)
    assert proved(result)
    assert captured(result, 1).endswith("${unique}/ nth 1")


def test_a_token_that_stands_in_every_row_says_nothing() -> None:
    recorded = Session().add("POST", "/open", body="a=1&kind=b", json=dumps({"ticket": PROCESS}))
    recorded.add("GET", f"/start/{PROCESS}", json="{}")
    rows = "".join(f'<li><a href="/notes/{n}/edit?ticket={PROCESS}">x</a></li>' for n in (4118, 4120))
    recorded.add("GET", "/notes", html=f"<ul>{rows}</ul>").add("GET", f"/notes/4118/edit?ticket={PROCESS}", html="<p>One")
    assert all("{0," not in described(c) for c in sent(imported(recorded), 2).captures)


def test_an_option_and_a_hidden_field_of_ones_own_row() -> None:
    def options(*rows: tuple[int, str]) -> str:
        listed = "".join(f'<option value="{n}">{title}</option>' for n, title in rows)
        return f"<select name='note'>{listed}</select>"

    def hidden(*rows: tuple[int, str]) -> str:
        return "".join(f'<tr><td>{t}<td><form><input type="hidden" name="note_id" value="{n}"></form></tr>' for n, t in rows)

    rows = ((41207, "Night lamps"), (41188, "Pump leaks f05fa879"), (41115, "Copper"))
    for page, field in ((options(*rows), "note"), (f"<table>{hidden(*rows)}</table>", "note_id")):
        recorded = Session().add("POST", "/notes", body="title=Pump+leaks+f05fa879&kind=a", status=201)
        recorded.add("GET", "/pick", html=f"<title>Pick</title>{page}").add("POST", "/pick", body=f"{field}=41188&sure=yes")
        result = imported(recorded)
        assert proved(result)
        assert "${unique}" in captured(result, 1)


def test_a_heading_above_the_rows_tells_none_of_them() -> None:
    options = "".join(f'<li><a href="/notes/{n}/edit">x</a></li>' for n in (4118, 4120))
    recorded = Session().add("POST", "/notes", body="title=Pump+leaks+f05fa879&kind=a", status=201)
    recorded.add("GET", "/notes", html=f"<h1>Pump leaks f05fa879</h1><ul>{options}</ul>").add("GET", "/notes/4118/edit", html="<p>")
    assert all("{0," not in described(c) for c in sent(imported(recorded), 1).captures)


def test_a_list_of_the_one_thing_that_was_asked_for_has_no_rows_of_others() -> None:
    recorded = session(PROCESS, TASK, (TASK, PROCESS))
    entry = recorded.entries[2]
    recorded.entries[2] = replace(entry, request=replace(entry.request, url=f"{entry.request.url}?process={PROCESS}"))
    assert captured(imported(recorded), 2) == "json $.tasks[?(@.name=='Check order')].id nth 1"
