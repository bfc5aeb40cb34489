"""Rows that one text does not tell: by two texts, by a title in their own tag, by the hour, by the key that holds them."""

from __future__ import annotations

import json
from dataclasses import replace

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import RegexSource

STOCK = (("Rug", "Small", "48213"), ("Mug", "Large", "51877"), ("Rug", "Large", "60421"), ("Mug", "Small", "73902"))
ROW = "<tr><td>{}</td><td>{}</td><td><a href='/stock/{}/take'>Take</a></td></tr>"


def source(result: Imported, request: int = 0) -> str:
    """The only extractor of a request."""
    (capture,) = sent(result, request).captures
    return describe_source(capture.source)


def test_two_cells_tell_a_row_of_a_table() -> None:
    page = "<table>" + "".join(ROW.format(*row) for row in STOCK) + "</table>"
    result = imported(Session().add("GET", "/stock", html=page).add("GET", "/stock/60421/take", html="<p>Taken"))
    assert proved(result)
    assert "Rug" in source(result)
    assert "Large" in source(result)


def test_texts_of_two_rows_tell_none() -> None:
    page = "".join(f"<div><p>{a}</p><p>{b}</p></div><div><a href='/stock/{n}/take'>Take</a></div>" for a, b, n in STOCK)
    result = imported(Session().add("GET", "/stock", html=page).add("GET", "/stock/60421/take", html="<p>Taken"))
    assert not any("Rug" in describe_source(c.source) for c in sent(result, 0).captures)


def test_two_members_tell_an_item() -> None:
    items = [{"product": {"name": name}, "size": size, "variantId": f"va{number}"} for name, size, number in STOCK]
    session = Session().add("GET", "/variants", json=json.dumps({"variants": items}))
    result = imported(session.add("POST", "/pick", body='{"variantId":"va60421"}', sends="application/json", json="{}"))
    assert proved(result)
    assert "@.product.name=='Rug' && @.size=='Large'" in source(result)


def test_a_code_that_is_sent_is_no_name_of_its_item() -> None:
    claims = [
        {"claimNo": f"C-{n}", "holder": {"person": {"lastName": name}}, "links": [{"rel": "approve", "href": f"/approvals/{a}"}]}
        for n, name, a in (("4821", "Lear", "910213"), ("5187", "Moss", "827364"))
    ]
    session = Session().add("GET", "/claims", json=json.dumps({"content": claims}))
    session.add("PATCH", "/claims/C-5187", body="{}", sends="application/json", json='{"ok":true}')
    result = imported(session.add("POST", "/approvals/827364", body="{}", sends="application/json", json="{}"))
    assert proved(result)
    assert not any("C-5187" in describe_source(c.source) for c in sent(result, 0).captures)


def test_the_key_by_which_an_object_is_held_is_known_by_its_text() -> None:
    items = {key: {"name": name, "rev": rev} for key, name, rev in (("z108w91n", "Rug", 48213), ("p7k2m5xq", "Mug", 51877))}
    session = Session().add("GET", "/items", json=json.dumps({"item": items, "result": list(items)}))
    result = imported(session.add("POST", "/d", body='{"item":"p7k2m5xq","rev":51877}', sends="application/json", json="{}"))
    assert proved(result)
    key, rev = sorted((c.source for c in sent(result, 0).captures), key=lambda s: not isinstance(s, RegexSource))
    assert "Mug" in describe_source(key)
    assert describe_source(rev) == "json $.item[?(@.name=='Mug')].rev"


def test_members_that_are_no_ids_keep_their_names() -> None:
    home = {"address1": {"city": "Leith", "id": 48213}, "address2": {"city": "Perth", "id": 51877}}
    session = Session().add("GET", "/home", json=json.dumps(home))
    result = imported(session.add("POST", "/move", body='{"id":51877}', sends="application/json", json="{}"))
    assert source(result) == "json $.address2.id"


def test_a_title_in_the_tag_of_a_row_tells_it() -> None:
    tiles = (("w0kq3x7tn5b1", "Sales"), ("m4zr8c2vj6d9", "Stock"), ("h1ty5n9gs3f7", "Staff"))
    page = "<script>start()</script>" + "".join(f'<div class="tile" viewid="{v}" reporttitle="{t}"></div>' for v, t in tiles)
    for view, title in tiles:
        result = imported(Session().add("GET", "/", html=page).add("POST", "/run", body=f"view={view}", html="<p>42"))
        assert proved(result)
        assert title in source(result)


def test_an_attribute_that_rows_share_tells_none() -> None:
    tiles = (("w0kq3x7tn5b1", "Open"), ("m4zr8c2vj6d9", "Shut"), ("h1ty5n9gs3f7", "Open"))
    page = "".join(f'<div viewid="{view}" title="{title}"></div>' for view, title in tiles)
    result = imported(Session().add("GET", "/", html=page).add("POST", "/run", body="view=m4zr8c2vj6d9", html="<p>42"))
    assert "Shut" not in source(result)


def test_a_choice_by_its_hour() -> None:
    slots = (("09:00", "3665822"), ("10:30", "5386811"), ("11:00", "7259839"))
    page = "<form>" + "".join(f'<label><input type="radio" name="slot" value="{v}">{t}</label>' for t, v in slots) + "</form>"
    result = imported(Session().add("GET", "/day", html=page).add("POST", "/book", body="slot=5386811", html="<p>Booked"))
    assert proved(result)
    assert "10:30" in source(result)


def test_the_hour_of_a_message_is_no_title() -> None:
    page = "".join(f'<p data-id="{n}">{t}<b>{who}</b></p>' for t, n, who in (("09:01", "48213", "Ann"), ("09:07", "51877", "Ben")))
    result = imported(Session().add("GET", "/talk", html=page).add("POST", "/like", body="id=51877", html="<p>Liked"))
    assert not any("09:07" in describe_source(c.source) for c in sent(result, 0).captures)


def test_a_form_for_each_row_is_known_by_its_text_whatever_the_number_is_called() -> None:
    row = '<form action="/cart/add" method="post"><input type="hidden" name="productCodePost" value="{}"><span>{}</span></form>'
    page = "".join(row.format(number, name) for number, name in (("6811061", "Rug"), ("9915976", "Mug")))
    result = imported(Session().add("GET", "/", html=page).add("POST", "/cart/add", body="productCodePost=6811061", html="<p>In"))
    assert proved(result)
    assert "Rug" in source(result)


def test_a_prefix_with_a_number_is_plain_markup() -> None:
    rows = (("OR4524706", "Rug"), ("OR3831249", "Mug"))
    text = "".join(f'<ns2:Order xmlns:ns2="urn:o" ns2:ref="{n}"><ns2:Title>{t}</ns2:Title></ns2:Order>' for n, t in rows)
    session = Session().add("GET", "/orders", html=f"<r>{text}</r>")
    answer = session.entries[0].response
    session.entries[0] = replace(session.entries[0], response=replace(answer, media_type="application/soap+xml"))
    result = imported(session.add("POST", "/get", body="ref=OR3831249", html="<p>One"))
    assert "Mug" in source(result)


def test_a_row_of_an_object_in_a_script_by_a_key_with_a_long_number() -> None:
    script = 'r.handleCallback("1","0",[{cost:3.5,key:"P606270",name:"Rug"},{cost:4.5,key:"P971041",name:"Mug"}]);'
    session = Session().add("POST", "/list", body="a=b", script=script)
    lines = "callCount=1\nc0-methodName=open\nc0-param0=string:P971041\nbatchId=2\n"
    result = imported(session.add("POST", "/open", body=lines, sends="text/plain", html="ok"))
    assert proved(result)
    assert "Mug" in source(result)
    assert "P971041" not in str(sent(result, 1).body)


def test_a_choice_by_its_words_whatever_its_other_attributes_say() -> None:
    def session(name: str, *options: tuple[str, str]) -> Session:
        rows = "".join(f'<option value="{v}" data-rate="{n}">{t} (open)</option>' for n, (t, v) in enumerate(options))
        made = Session(name).add("GET", "/", html=f'<form><select name="branch">{rows}</select></form>')
        return made.add("POST", "/book", body=f"branch={dict(options)['Mug']}", html="<p>Booked")

    one = session("a.har", ("Rug", "12154"), ("Tea", "71255"), ("Mug", "35148"))
    result = imported(one, session("b.har", ("Tea", "51161"), ("Mug", "54211"), ("Rug", "55510")))
    assert proved(result)
    assert "Mug" in source(result)
    assert not result.plan.variables


def test_the_same_choices_in_several_forms() -> None:
    selects = "".join(
        f'<select name="line-{n}-tax"><option value="897">Rug</option><option value="38921">Mug</option></select>' for n in range(3)
    )
    session = Session().add("GET", "/", html=f"<form>{selects}</form>")
    result = imported(session.add("POST", "/save", body="line-1-tax=38921", html="<p>Saved"))
    assert proved(result)
    assert "Mug" in source(result)


def test_rows_that_are_lists_are_known_by_a_text() -> None:
    def session(name: str, *rows: tuple[str, str, int]) -> Session:
        made = Session(name).add("GET", "/rows", json=json.dumps({"cols": ["key", "name", "rev"], "rows": rows}))
        key = next(row[0] for row in rows if row[1] == "Mug")
        return made.add("POST", "/c", body=json.dumps({"row_id": key}), sends="application/json", json="{}")

    one = session("a.har", ("993625", "Rug", 1), ("297073", "Mug", 2))
    result = imported(one, session("b.har", ("568877", "Mug", 1), ("840625", "Rug", 2)))
    assert proved(result)
    assert source(result) == "json $.rows[?(@[1]=='Mug')][0]"


def test_a_choice_of_the_only_field_of_its_name_is_known_by_its_words() -> None:
    options = "".join(f'<option value="{v}">{t}</option>' for v, t in (("4864", "Rug"), ("8003", "Tea"), ("4760", "Mug")))
    page = f'<form method="post" action="/save"><select name="kind">{options}</select></form>'
    result = imported(Session().add("GET", "/", html=page).add("POST", "/save", body="kind=4760", html="<p>Saved"))
    assert proved(result)
    assert "Mug" in source(result)
