"""Components that a server of ZK mounts in pages and answers, and the calls that speak of them by ids that it counts anew."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import FormBody, Request
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.recording.zk import components, ids_of_a_form

LOGIN, MAIN, DETAIL = "login", "main", "detail"


def mounted(kind: str, key: str, said: str, *held: str) -> str:
    """A component on a line of its own, as the server writes it."""
    return f"\n['zul.{kind}','{key}',{{{said}}},{{}},[{','.join(held)}]]"


def row(prefix: str, number: int, title: str) -> str:
    cells = (mounted("sel.Listcell", f"{prefix}{number + n}", f"label:'{text}'") for n, text in enumerate((str(number), title), 1))
    return mounted("sel.Listitem", f"{prefix}{number}", "_loaded:true,_index:0", *cells)


def page(desktop: str, prefix: str, *held: str) -> str:
    options = f"{{dt:'{desktop.replace('-', chr(92) + '-')}',uu:'\\/zkau'}}"
    return f"<html><body><script>zkmx([0,'{prefix}_',{options},{{}},[{','.join(held)}]]);</script></body></html>"


def call(desktop: str, *commands: tuple[str, str, str]) -> str:
    fields = [("dtid", desktop)]
    for number, (command, key, data) in enumerate(commands):
        fields += [(f"cmd_{number}", command), (f"uuid_{number}", key), (f"data_{number}", data)]
    return urlencode(fields)


def visit(desktop: str, prefix: str, word: str, number: int, others: int = 2) -> Session:
    """A berth is added, looked for among others' and opened; each page has other ids."""
    session = Session()
    title = f"Pump {word}"

    def post(answer: str, *commands: tuple[str, str, str]) -> None:
        answered = {"Content-Type": "text/plain"}
        session.add("POST", "/zkau", body=call(desktop, *commands), json=f'{{"rs":[{answer}],"rid":1}}', received=answered)

    form = (
        mounted("wgt.Label", f"{prefix}2", "value:'Name '"),
        mounted("inp.Textbox", f"{prefix}3", "$$onChange:false"),
        mounted("wgt.Label", f"{prefix}4", "value:'Note '"),
        mounted("inp.Textbox", f"{prefix}5", "$$onChange:false"),
        mounted("wgt.Button", f"{prefix}6", "id:'add',label:'Add'"),
        mounted("wgt.Button", f"{prefix}7", "$onClick:true,label:'Open'"),
    )
    session.add("GET", "/berths.zul", html=page(desktop, prefix, *form))
    post("", ("onChange", f"{prefix}3", f'{{"value":"{title}","start":9}}'), ("onClick", f"{prefix}6", '{"pageX":4}'))
    rows = [row(prefix, 20 + 4 * n, f"Crane {'abc'[n]}") for n in range(others)]
    rows.append(row(prefix, 20 + 4 * others, title))
    listed = f"""["outer",[{{$u:'{prefix}8'}},[{mounted("sel.Listbox", f"{prefix}8", "id:'list'", *rows)}]]]"""
    post(listed, ("onChange", f"{prefix}5", f'{{"value":"{word}","start":8}}'))
    key = f"{prefix}{20 + 4 * others}"
    post("", ("onSelect", f"{prefix}8", f'{{"items":["{key}"],"reference":"{key}"}}'))
    post(f'["redirect",["\\/berth.zul?id={number}",""]]', ("onClick", f"{prefix}7", '{"pageX":4}'))
    session.add("GET", f"/berth.zul?id={number}", html="<html><body>Berth</body></html>")
    return session


FIRST = visit("z_na2p-4is0fKgQ3QfPpQ2nA", "g1aS", "3f43b94b", 25)
SECOND = visit("z_KFz6L8BBZ2OuTBKQJe31WA", "oIxV", "9c01ab3e", 31, others=1)


def fields(request: Request) -> dict[str, str]:
    """What a form sends, names in place of what is put in."""
    assert isinstance(request.body, FormBody)
    written = {}
    for field in request.body.fields:
        parts = template(field.value).parts
        written[template(field.name).literal or ""] = "".join(
            f"${{{p.name}}}" if isinstance(p, Reference) else getattr(p, "value", "?") for p in parts
        )
    return written


@pytest.mark.parametrize("second", [None, SECOND])
def test_ids_are_taken_by_what_each_component_is_called(second: Session | None) -> None:
    result = imported(FIRST, *([second] if second else []))
    assert proved(result)
    taken = {capture.name: describe_source(capture.source) for n in range(6) for capture in sent(result, n).captures}
    assert taken["add_button"].endswith("""\\bid:'add'/""")
    assert "label:'Open'" in taken["open_button"]
    assert "value:'Name '" in taken["textbox"]
    assert "value:'Note '" in taken["textbox_2"]
    assert "${unique}" in taken["listitem"]
    assert "Crane" not in taken["listitem"]
    chosen = fields(sent(result, 3))
    assert chosen["uuid_0"] == "${list_listbox}"
    assert chosen["data_0"].count("${listitem}") == 2


def test_a_command_that_sends_the_browser_elsewhere_gives_the_address() -> None:
    result = imported(FIRST)
    assert [c.name for c in sent(result, 4).captures] == ["id"]
    assert "name='id')" in repr(sent(result, 5))


def test_an_id_that_no_answer_mounted_is_told() -> None:
    lost = visit("z_na2p-4is0fKgQ3QfPpQ2nA", "g1aS", "3f43b94b", 25)
    lost.add("POST", "/zkau", body=call("z_na2p-4is0fKgQ3QfPpQ2nA", ("onClick", "g1aSzz", "{}")), json='{"rs":[],"rid":5}')
    assert [one.where for one in imported(lost).left] == ["entry 6 POST /zkau: form uuid_0"]


def test_components_know_their_rows_and_what_is_in_them() -> None:
    text = page(
        "z_a", "aaaa", mounted("sel.Listbox", "aaaa1", "id:'list'", row("aaaa", 20, "It\\'s [one]"), row("aaaa", 30, "Two"))
    )
    assert [(c.key, c.row, c.inside) for c in components(text)] == [
        *[("aaaa1", -1, 6), ("aaaa20", 1, 2), ("aaaa21", 1, 0), ("aaaa22", 1, 0)],
        *[("aaaa30", 4, 2), ("aaaa31", 4, 0), ("aaaa32", 4, 0)],
    ]


def test_ids_in_a_form_inside_of_a_part() -> None:
    form = call("z_a", ("onSelect", "aaaa5", '{"items":["aaaa7"],"top":"aaaa"}'), ("onUpload", "aaaa9", "{}"))
    found = [text for _, _, text in ids_of_a_form(form)]
    assert {"aaaa5", "aaaa7", "aaaa9"} <= set(found)
    assert "z_a" not in found


def test_a_token_that_a_script_may_escape_is_unescaped_whatever_the_recorded_one_has() -> None:
    result = imported(SECOND)
    assert proved(result)
    assert "function='jsonunescape'" in repr(sent(result, 1))
    assert not [one for one in imported(FIRST).decisions if one.verdict == "unresolved"]


@pytest.mark.parametrize(("ending", "is_file"), [("wpd", True), ("js", True), ("jsp", False), ("php", False)])
def test_a_script_in_a_file_of_any_ending_is_an_asset(ending: str, is_file: bool) -> None:
    session = Session().add("GET", "/", html="<html><script>load('zul.wnd')</script></html>")
    session.add("GET", f"/web/_zv2025070115/zul.wnd.{ending}", script='var a = {top:"100px"};s.top="100px"')
    session.add("POST", "/move", body="top=100px", html="<html></html>")
    assert is_asset(session.entries[1]) is (ending == "js")
    session.entries[1] = replace(session.entries[1], resource="script")
    assert is_asset(session.entries[1]) is is_file
    if is_file:
        result = imported(session)
        assert not [d.verdict for d in result.decisions if d.verdict in ("extract", "unresolved")]
