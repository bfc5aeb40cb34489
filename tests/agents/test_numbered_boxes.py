"""Lists whose rows have a box that is called by the row's number: `<input name="hostids[10559]" value="10559">`."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, walk

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


TICKED_ROW = (
    "<tr id='line{0}'><td><a href='/device?do=edit&amp;id={0}'>{1}</a></td>"
    "<td><input type='checkbox' title='{1}' id='chk_{0}' name='chk_{0}'><label for='chk_{0}'></label></td></tr>"
)


def ticked(
    number: int, word: str, name: str = "session.har", row: str = TICKED_ROW, box: str = "chk_{0}", value: str = "on"
) -> Session:
    session = Session(name).add("GET", "/device?do=new", html='<title>Device</title><form><input name="title"></form>')
    session.add("POST", "/device", body=f"title=Pump+station+{word}", status=302, location=f"/device?do=edit&id={number}")
    session.add("GET", f"/device?do=edit&id={number}", html="<h1>Device</h1>")
    rows = row.format(number, f"Pump station {word}") + row.format(1, "Gate keeper")
    session.add("GET", "/device", html=f"<title>Devices</title><table>{rows}</table>")
    body = f"{box.format(number)}={value}&do=delete"
    return session.add("POST", "/device", body=body, html="<h1>Sure to delete it?</h1>")


@pytest.mark.parametrize(("number", "value"), [(5, "on"), (4711, "on"), (5, "1"), (62, "yes")])
def test_a_box_without_a_value_of_its_own_is_taken_by_the_number_in_its_name(number: int, value: str) -> None:
    row = TICKED_ROW if value == "on" else TICKED_ROW.replace("id='chk_{0}'", f"value='{value}'")
    result = imported(ticked(number, "3135267d", row=row, value=value))
    assert any(r"name='chk_(\d+)'" in source and "${unique}" in source for source in taken_of(result, 3))
    assert f"chk_{number}" not in sent(result, 4).model_dump_json()
    assert proved(result)


def test_it_is_so_where_the_number_is_in_brackets() -> None:
    row = TICKED_ROW.replace("chk_{0}", "chk[{0}]")
    result = imported(ticked(5, "3135267d", row=row, box="chk%5B{0}%5D"))
    assert any(r"name='chk\[(\d+)\]'" in source and "${unique}" in source for source in taken_of(result, 3))
    assert proved(result)


def test_it_is_so_from_two_recordings_with_numbers_of_another_length() -> None:
    result = imported(ticked(5, "3135267d"), ticked(27, "91cd07ba", "other.har"))
    assert any(r"name='chk_(\d+)'" in source for source in taken_of(result, 3))
    assert "chk_5" not in result.plan.model_dump_json()
    assert proved(result)


def test_a_box_that_is_no_row_of_the_users_own_stays() -> None:
    result = imported(ticked(5, "3135267d", box="chk_1"))
    assert "chk_1" in sent(result, 4).model_dump_json()
    assert not any("chk_" in source for source in taken_of(result, 3))


def test_a_field_that_is_called_after_the_place_of_a_redirect_has_its_id() -> None:
    session = Session().add("GET", "/tree.php?action=edit", html='<form><input name="title"></form>')
    session.add("POST", "/tree.php", body="title=Plan+3135267d", status=302, location="/tree.php?action=edit&id=4")
    session.add("GET", "/tree.php?action=edit&id=4", html="<h1>Tree</h1>")
    result = imported(session.add("GET", "/nodes.php?action=add&tree_id=4&text=West", json='{"result":true}'))
    added = sent(result, 3).model_dump_json()
    assert "tree_id=4" not in added
    assert proved(result)


def taken_of(result: Imported, entry: int) -> list[str]:
    return [describe_source(capture.source) for capture in sent(result, entry).captures]


def test_a_text_that_was_typed_is_typed_though_a_box_has_its_number_in_its_name() -> None:
    page = '<form><input name="amount"><input type="checkbox" name="row_7"></form>'
    session = Session().add("GET", "/orders/new", html=page)
    result = imported(session.add("POST", "/orders", body="amount=7&row_7=on", html="<h1>Ordered</h1>"))
    assert [(variable.name, variable.value.literal) for variable in result.plan.variables] == [("amount", "7")]


COMPONENT = (
    '<tr id="f:list:rows:{0}"><td><span id="f:list:rows:{0}:box_span"><input type="checkbox" id="f:list:rows:{0}:box" '
    'name="f:list:rows:{0}:box" value="true"></span></td><td><a id="f:list:rows:{0}:link" href="/edit?name={1}">{1}</a></td></tr>'
)


def components(place: int, word: str, name: str = "session.har") -> Session:
    """A resource is made; its row's link and its box are called by the row's place, which is another one after the next change."""

    def page(names: list[str]) -> str:
        rows = "".join(COMPONENT.format(number, one) for number, one in enumerate(names))
        return f'<form id="f"><input name="f:name"><table>{rows}</table></form>'

    others = [f"default/{letter}" for letter in "abcdef"]
    own = f"jdbc/harbour_{word}"
    session = Session(name).add("GET", "/list", html=page(others))
    session.add("POST", "/list", body=f"f%3Aname={own.replace('/', '%2F')}", status=302, location="/list?made=1")
    session.add("GET", "/list?made=1", html=page([*others[:place], own, *others[place:]]))
    session.add("POST", "/view", body=f"source=f%3Alist%3Arows%3A{place}%3Alink", html="<p>shown")
    session.add("POST", "/off", body=f"f%3Alist%3Arows%3A{place}%3Abox=true&do=off", status=302, location="/list?off=1")
    session.add("GET", "/list?off=1", html=page([*others[:place], own, *others[place:]]))
    return session.add("POST", "/delete", body=f"f%3Alist%3Arows%3A{place}%3Abox=true&do=delete", html="<p>gone")


@pytest.mark.parametrize("recordings", [1, 2])
def test_the_place_of_the_users_own_row_is_taken_from_the_last_list(recordings: int) -> None:
    sessions = [components(2, "3135267d"), components(4, "91cd07ba", "other.har")][:recordings]
    result = imported(*sessions)
    assert proved(result)
    assert "rows:2" not in result.plan.model_dump_json()
    found = [describe_source(capture.source) for entry in (2, 5) for capture in sent(result, entry).captures]
    assert [source.count("${unique}") for source in found] == [1, 1, 1]
    assert [":link" in source for source in found] == [True, False, False]


def test_a_name_of_jndi_is_another_one_each_time() -> None:
    result = imported(components(2, "3135267d"))
    assert "jdbc/harbour_3135267d" not in result.plan.model_dump_json()
    assert [secret.name for secret in result.plan.secrets] == []


def test_the_place_of_a_row_in_a_set_of_forms_is_no_id_of_another_row() -> None:
    page = "".join(
        f'<input type="hidden" name="form-{n}-id" value="{n + 1}"><input name="form-{n}-quantity" value="1">' for n in range(3)
    )
    session = Session().add("GET", "/basket", html=f'<form id="basket"><input name="related_id" value="1">{page}</form>')
    fields = "&".join(f"form-{n}-id={n + 1}&form-{n}-quantity=1" for n in range(3))
    session.add("POST", "/basket", body=f"related_id=1&{fields}&form-2-DELETE=on", html="<h1>Basket</h1>")
    body = sent(imported(session), 1).body
    assert isinstance(body, FormBody)
    assert [field.name.literal for field in body.fields[1:]] == [
        pair.partition("=")[0] for pair in f"{fields}&form-2-DELETE=on".split("&")
    ]


def test_a_redirect_is_followed_whole_though_a_field_has_its_number_in_its_name() -> None:
    session = (
        Session().add("GET", "/guestbook", status=302, location="/guestbook?0").add("GET", "/guestbook?0", html="<h1>Guests</h1>")
    )
    session.add("POST", "/show", body="showItems:item:0:box=on", html="<h1>Shown</h1>")
    assert sent(imported(session), 1).url.literal is None


def edited_in_its_place(number: int, word: str, name: str = "session.har", sends: str = "form") -> Session:
    """A list whose cells are called by the query that asks for their row, as a page sends them when one is edited in its place."""
    row = (
        "<tr><td><a href='/table?db=yard&amp;edit=berth&amp;where%5Bid%5D={0}' class='edit'>edit</a></td>"
        "<td id='val[&amp;where%5Bid%5D={0}][name]'>{1}</td><td id='val[&amp;where%5Bid%5D={0}][note]'>{2}</td></tr>"
    )
    page, asked = "<title>Berths</title>", f"/table?db=yard&select=berth&name=Pump+{word}"
    session = Session(name).add("GET", "/table?db=yard&edit=berth", html=f'{page}<form><input name="title"></form>')
    session.add("POST", "/table?db=yard&edit=berth", body=f"title=Pump+{word}", status=302, location="/table?db=yard")
    session.add("GET", "/table?db=yard", html=f"{page}<p>Saved</p>")
    session.add("GET", asked, html=f"{page}<table>{row.format(number, f'Pump {word}', '')}</table>")
    session.add("GET", f"/table?db=yard&edit=berth&where%5Bid%5D={number}", html=f"{page}<p>Edit</p>")
    session.add("GET", asked, html=f"{page}<table>{row.format(number, f'Pump {word}', '')}</table>")
    body = f"val%5B%26where%255Bid%255D%3D{number}%5D%5Bnote%5D=Lee+side&save=Save"
    return session.add("POST", asked, body=body, status=302, location=asked)


@pytest.mark.parametrize("numbers", [(31,), (31, 840)])
def test_a_number_of_a_query_inside_of_a_fields_name_is_taken_as_in_a_query(numbers: tuple[int, ...]) -> None:
    words = ("3135267d", "91cd07ba")
    sessions = [edited_in_its_place(n, w, f"{w}.har") for n, w in zip(numbers, words, strict=False)]
    result = imported(*sessions)
    assert "31%5D" not in result.plan.model_dump_json()
    assert "=31]" not in result.plan.model_dump_json()
    body = sent(result, 6).body
    assert isinstance(body, FormBody)
    assert any(isinstance(part, Reference) for part in walk(body.fields[0].name))
    assert proved(result)
