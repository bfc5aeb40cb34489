"""Numbers that a script drew and told before any answer did; what is constant where a second recording tells."""

from __future__ import annotations

from json import dumps

from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source


def panel(number: str, name: str = "session.har", first: str = "POST") -> Session:
    """A script opens a panel under a number that it drew, keeps that in its settings, and asks for the panel's state by it."""
    session = Session(name).add("GET", "/", html="<title>Editor</title>")
    settings = dumps({"layout": dumps({"tabs": [{"id": f"id-panel_{number}"}]})})
    session.add("POST", "/settings", body=settings, sends="application/json", json='{"success":1}')
    body = "{}" if first == "POST" else None
    session.add(first, f"/editor/panel/{number}", body=body, sends="application/json", json=f'{{"trans_id": {number}}}')
    session.add("GET", f"/editor/status/{number}", json='{"state":"idle"}')
    run = dumps({"trans_id": int(number), "sql": "select 1"})
    return session.add("POST", f"/editor/run/{number}", body=run, sends="application/json", json='{"success":1}')


def written(result: Imported) -> str:
    return result.plan.model_dump_json()


def test_a_number_that_a_script_drew_is_drawn_anew() -> None:
    result = imported(panel("4487537"), panel("3433000", "second.har"))
    assert ("generate", "panel_id") in verdicts(result)
    assert not any(verdict in ("unresolved", "extract") for verdict, _ in verdicts(result))
    assert "4487537" not in written(result)
    (variable,) = [v for v in result.plan.variables if v.name == "panel_id"]
    assert variable.model_dump_json().count("1000000") == 1
    assert proved(result)


def test_from_one_recording_it_is_the_clients_wherever_it_is_sent() -> None:
    result = imported(panel("4487537"))
    assert not any(sent(result, number).captures for number in range(5))
    assert proved(result)


def test_what_is_only_looked_up_is_not_drawn() -> None:
    result = imported(panel("4487537", first="GET"), panel("3433016", "second.har", first="GET"))
    assert not any(verdict == "generate" for verdict, _ in verdicts(result))
    assert any(verdict == "unresolved" for verdict, _ in verdicts(result))


def test_a_number_that_no_answer_tells_again_is_not_drawn() -> None:
    def transfer(account: str, name: str = "session.har") -> Session:
        session = Session(name).add("GET", "/", html="<title>Bank</title>")
        return session.add("POST", f"/accounts/{account}/transfers", body="{}", sends="application/json", json='{"done":true}')

    result = imported(transfer("40817253"), transfer("51938264", "second.har"))
    assert not any(verdict == "generate" for verdict, _ in verdicts(result))


def test_a_request_that_the_other_recording_lacks_carries_what_is_constant_elsewhere() -> None:
    def tree(name: str, more: bool) -> Session:
        session = Session(name).add("GET", "/servers", json='{"data":[{"_id":16384,"label":"Lab"}]}')
        session.add("GET", "/databases/16384", json='{"data":[{"_id":16384,"label":"shop"}]}')
        return session.add("GET", "/children/16384", json='{"data":[]}') if more else session

    result = imported(tree("session.har", more=True), tree("second.har", more=False))
    assert not any(sent(result, number).captures for number in range(3))
    assert proved(result)


def test_what_a_change_says_in_its_own_path_was_not_made_by_it() -> None:
    def connect(name: str) -> Session:
        session = Session(name).add("GET", "/", html="<title>Servers</title>")
        session.add("POST", "/servers/17/connect", body="{}", sends="application/json", json='{"server_id":17,"session_id":4}')
        return session.add("POST", "/beat", body='{"server_id":17,"session_id":4}', sends="application/json", json='{"ok":true}')

    result = imported(connect("session.har"), connect("second.har"))
    assert [describe_source(c.source) for c in sent(result, 1).captures] == ["json $.session_id"]
    assert proved(result)


def test_a_mode_of_one_digit_is_no_id_that_has_the_same() -> None:
    page = '<title>All</title><script>w = {"widgetid":"4","type":"clock"}</script><a href="/list?filter_set=4&dir=up">All</a>'
    session = Session().add("GET", "/", html=page)
    session.add("POST", "/widgets", body='{"widgetid":"4"}', sends="application/json", json='{"name":"Clock"}')
    result = imported(session.add("GET", "/list?filter_set=4&dir=up", html="<title>List</title>"))
    assert "widgetid" in [capture.name for capture in sent(result, 0).captures]
    assert "filter_set=4" in sent(result, 2).model_dump_json()
