"""Lists whose rows have a box that is called by the row's number: `<input name="hostids[10559]" value="10559">`."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source

ROW = (
    '<tr><td><input type="checkbox" id="hostids_{0}" name="hostids[{0}]" value="{0}"><label for="hostids_{0}"></label></td>'
    '<td><a href="/hosts?action=edit&hostid={0}">{1}</a></td></tr>'
)


def journey(number: int, word: str, name: str = "session.har", password: str = "Harb0ur-pass") -> Session:
    row = ROW.format(number, f"Pump station {word}")
    page = "<title>Lab: Hosts</title>"
    session = Session(name).add("GET", "/hosts/new", html=f'{page}<form action="/hosts"><input name="host"></form>')
    session.add("POST", "/login", body=f"user=ann&password={password}", status=302, location="/hosts").add(
        "GET", "/hosts", html=page
    )
    session.add("POST", "/hosts", body=f"host=Pump+station+{word}", status=302, location="/hosts?all=1")
    session.add("GET", "/hosts?all=1", html=f"{page}<table>{ROW.format(84, 'Gate keeper')}{row}</table>")
    session.add("GET", f"/hosts?action=edit&hostid={number}", html=f"{page}<p>Host</p>")
    session.add("GET", "/hosts?all=1", html=f"{page}<table>{row}</table>")
    return session.add("POST", "/hosts?action=delete", body=f"hostids%5B{number}%5D={number}", json='{"success":true}')


def taken(result: Imported) -> list[str]:
    return [describe_source(capture.source) for entry in range(8) for capture in sent(result, entry).captures]


def test_a_box_that_is_called_by_its_number_is_taken_by_the_users_own_row() -> None:
    result = imported(journey(10559, "3135267d"))
    assert "10559" not in result.plan.model_dump_json()
    assert any(r"hostids\[(\d+)\]" in source and "${unique}" in source for source in taken(result))
    assert proved(result)


def test_it_is_so_from_two_recordings() -> None:
    result = imported(journey(10559, "3135267d"), journey(10566, "91cd07ba", "other.har"))
    assert "10559" not in result.plan.model_dump_json()
    assert proved(result)


def test_a_row_by_its_text_is_the_users_own_though_the_list_had_no_other() -> None:
    assert any("hostid=" in source and "${unique}" in source for source in taken(imported(journey(10559, "3135267d"))))


def test_a_password_that_pages_are_called_by_hides_no_extractor() -> None:
    result = imported(journey(10559, "3135267d", password="hosts"))
    assert [request.name for request in (sent(result, n) for n in (0, 2))] == ["GET /hosts/new", "GET /hosts"]
    assert "10559" not in result.plan.model_dump_json()
    assert [secret.name for secret in result.plan.secrets] == ["password"]
