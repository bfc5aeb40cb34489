"""Numbers that a table shows in the user's own row: read there and typed, or picked up by a script."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote_plus

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, Text, call, template

CONSOLE = "<form><textarea name=sql></textarea></form>"


def table(*rows: tuple[str, ...], head: tuple[str, ...] = ("ID", "NAME", "NOTE")) -> str:
    """A page with a table of results."""
    cells = ["".join(f"<th>{text}</th>" for text in head), *("".join(f"<td>{text}</td>" for text in row) for row in rows)]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def console(word: str, number: str, note: str = "open", by: str = "ID", name: str = "session.har", more: str = "") -> Session:
    """A row is put into a table, looked up, and changed by the number that the page shows."""
    recorded = Session(name).add("GET", "/console", html=CONSOLE)

    def runs(sql: str, page: str) -> None:
        recorded.add("POST", "/run", body=f"sql={quote_plus(sql)}", html=page)

    runs(f"INSERT INTO BERTHS(NAME, NOTE) VALUES('Crane {word}', '{note}')", "Update count: 1")
    runs("SELECT * FROM BERTHS", table(("1", "North quay", "open"), (number, f"Crane {word}", note)))
    runs(f"UPDATE BERTHS SET NOTE='{note} again' WHERE {by}={number}{more}", "Update count: 1")
    return recorded


def typed(result: Imported, position: int) -> str:
    body = sent(result, position).body
    assert isinstance(body, FormBody)
    parts = body.fields[0].value.parts
    return "".join(
        part.value if isinstance(part, Text) else f"${{{part.name}}}" for part in parts if isinstance(part, Text | Reference)
    )


def test_a_number_typed_by_the_name_of_its_column_is_read_off_the_users_own_row() -> None:
    result = imported(console("f05fa879", "4"))
    assert proved(result)
    (capture,) = sent(result, 2).captures
    assert capture.name == "id"
    assert describe_source(capture.source).endswith(r"${unique}\b/")
    assert typed(result, 3) == "UPDATE BERTHS SET NOTE='open again' WHERE ID=${id}"


def test_under_another_name_one_recording_does_not_tell() -> None:
    result = imported(console("f05fa879", "4", by="DEPTH"))
    assert not sent(result, 2).captures


def test_two_recordings_tell_whatever_it_is_called() -> None:
    first, second = console("f05fa879", "4", by="B"), console("e81c02d4", "4118", note="shut", by="B", name="second.har")
    result = imported(first, second)
    assert proved(result)
    assert [c.name for c in sent(result, 2).captures] == ["id"]
    assert typed(result, 3) == "UPDATE BERTHS SET NOTE='${sql_3} again' WHERE B=${id}"


def test_an_amount_that_was_typed_before_is_no_number_of_the_row() -> None:
    first = console("f05fa879", "4", note="7", by="B", more=" AND NOTE=7")
    second = console("e81c02d4", "4118", note="9", by="B", name="second.har", more=" AND NOTE=9")
    result = imported(first, second)
    assert [c.name for c in sent(result, 2).captures] == ["id"]
    assert typed(result, 3) == "UPDATE BERTHS SET NOTE='${sql_3} again' WHERE B=${id} AND NOTE=${sql_3}"


def test_a_script_sends_the_cells_of_the_row_that_it_edits() -> None:
    def session(word: str, number: str, name: str) -> Session:
        recorded = console(word, number, name=name)
        return recorded.add("POST", "/save", body=f"r1c1={number}&r1c2=Crane+{word}&r1c3=edited", html="saved")

    result = imported(session("f05fa879", "4", "session.har"), session("e81c02d4", "4118", "second.har"))
    assert proved(result)
    body = sent(result, 4).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value == template(Reference(name="id"))


def test_words_made_up_in_code_are_others_each_time() -> None:
    recorded = Session().add("GET", "/console", html=CONSOLE)
    for sql in ("INSERT INTO T(A, B) VALUES('Spare 5b7404a4',6)", "CREATE TABLE WORK_575819EA(ID INT)", "DROP TABLE WORK_575819EA"):
        recorded.add("POST", "/run", body=f"sql={quote_plus(sql)}", html=f"<p>done: {sql}</p>")
    result = imported(recorded)
    assert proved(result)
    assert [name for verdict, name in verdicts(result) if verdict == "generate"] == ["unique", "unique_2"]
    made = {variable.name: variable.value for variable in result.plan.variables}
    assert made["unique_2"] == template(call("upper", call("random_string", "8")))


def test_the_address_of_a_database_is_no_token() -> None:
    page = "<form><input name=url value='jdbc:h2:~/test'></form>"
    recorded = Session().add("GET", "/login", html=page).add("POST", "/login", body="url=jdbc%3Ah2%3A.%2Fharbour", html="ok")
    assert verdicts(imported(recorded)) == [("parameterise", "url")]


def test_what_a_page_gave_whole_is_no_typed_text() -> None:
    """A list of what was ticked, as PHP writes it, has numbers with letters before them."""
    page = table(("0", "Crane f05fa879", "open"), head=("I", "NAME", "NOTE"))
    given = "a:1:{i:0;s:4:&quot;4118&quot;;}"
    recorded = Session().add("GET", "/new", html="<form><input name=name></form>")
    recorded.add(
        "POST", "/new", body="name=Crane+f05fa879", html=f"{page}<form><input type=hidden name=items value='{given}'></form>"
    )
    recorded.add("POST", "/do", body="items=a%3A1%3A%7Bi%3A0%3Bs%3A4%3A%224118%22%3B%7D", html="done")
    result = imported(recorded)
    assert proved(result)
    body = sent(result, 2).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value == template(Reference(name="items"))


@pytest.mark.parametrize("odd", ["<table></table>", "<table><tr></tr></table>", "<table>no row</table>"])
def test_a_table_without_cells_or_rows_is_none(odd: str) -> None:
    recorded = console("f05fa879", "4")
    answer = recorded.entries[2]
    text = odd + (answer.response.text or "") + odd
    recorded.entries[2] = replace(answer, response=replace(answer.response, text=text))
    result = imported(recorded)
    assert proved(result)
    assert [c.name for c in sent(result, 2).captures] == ["id"]
