"""Calls of GWT-RPC: texts in a table, numbers that refer to them, long numbers to the base of 64."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import RegexSource, Request, TextBody, TextExpectation
from loadwright.compiler.plan.template import Reference, fixed, template
from loadwright.compiler.recording.gwt import MEDIA_TYPE, arguments, numbers_of

POLICY = "6E59B17D86424AE963D1DA1BBEB8EB3B"
TYPE = "com.google.gwt.user.client.rpc.XsrfToken/4254043109"
ITEM = "stock.client.Item/502402096"


def call(token: str, method: str, types: list[str], texts: list[str], values: str) -> str:
    """A call that has a token against forgery, as the toolkit writes it."""
    table = ["http://shop.test/stock/", POLICY, TYPE, token, "stock.client.Service", method, *types, *texts]
    numbers = "|".join(str(n) for n in (1, 2, 3, 4, 5, 6, len(types)))
    return f"7|2|{len(table)}|{'|'.join(table)}|{numbers}|{values}|" if values else f"7|2|{len(table)}|{'|'.join(table)}|{numbers}|"


def item(number: str, date: str, name: str, version: int) -> str:
    return f'//OK[{version},4,3,"{number}","{date}",2,7,1,["{ITEM}","java.util.Date/3385151746","pump","{name}"],2,7]'


def several(*rows: str) -> str:
    return f'//OK[{",".join(rows)},1,["java.util.ArrayList/4159755760","{ITEM}"],2,7]'


def visit(token: str, number: str, word: str, listed: str = "") -> Session:
    """A log-in, an item that is saved, loaded and removed; with `listed` one more that only a list shows."""
    session, name = Session(), f"Pump leaks {word}"

    def post(body: str, answer: str) -> None:
        session.add("POST", "/stock/rpc", body=body, sends=MEDIA_TYPE, json=answer)

    session.add("GET", "/stock/app.cache.js", script=f"var a='{POLICY}',b='{TYPE}',c='{ITEM}'")
    session.add("POST", "/stock/xsrf", body="", json=f'//OK[2,1,["{TYPE}","{token}"],0,7]')
    post(call(token, "login", ["java.lang.String/2004016611"], ["ann", "Quay-4711x"], "7|8|9"), '//OK[1,["ann"],2,7]')
    post(call(token, "save", [ITEM], ["pump", name], "7|7|0|A|8|9|0"), item(number, "aIZ9XuM", name, 1))
    post(call(token, "list", ["I"], [word], "7|8"), several(f'"{number}"', '"Zz"', f'"{listed or number}"'))
    post(call(token, "load", ["J"], [], f"7|{number}"), item(number, "aIZ9XuM", name, 1))
    post(call(token, "remove", ["J"], [], f"7|{number}"), "//OK[[],2,7]")
    if listed:
        post(call(token, "load", ["J"], [], f"7|{listed}"), item(listed, "aIZ9XuM", "Rope", 1))
    return session


def body(request: Request) -> str:
    assert isinstance(request.body, TextBody)
    return "".join(
        f"${{{part.name}}}" if isinstance(part, Reference) else getattr(part, "value", "?") for part in request.body.value.parts
    )


FIRST = visit("8E2CC869D15C5A998A6C5C2820A319DB", "E", "407d4ce7")


@pytest.mark.parametrize("second", [None, visit("1B7D40F2A9C35E6688D0417C2F93BE5A", "BJ", "9c01ab3e")])
def test_a_call_is_told_apart_into_what_it_sends(second: Session | None) -> None:
    result = imported(FIRST, *([second] if second else []))
    assert proved(result)
    assert [name for verdict, name in verdicts(result) if verdict == "secret"] == ["password"]
    login, saved, listed, loaded, removed = (body(sent(result, n)) for n in range(2, 7))
    assert f"7|2|9|${{app}}/stock/|{POLICY}|{TYPE}|${{rpc_token}}|stock.client.Service|login|" in login
    assert "|${user}|${password}|" in login
    assert "407d4ce7" not in saved + listed
    assert "Quay" not in login
    assert loaded.endswith("|7|${id}|")
    assert removed.endswith("|7|${id_2}|")
    (capture,) = sent(result, 3).captures
    assert isinstance(capture.source, RegexSource)
    assert fixed(capture.source.pattern) == '//OK\\[(?:[^,\\[\\]]+,){3}"([^"\\n]+)"'
    assert TextExpectation(relation="contains", value=template("//OK[")) in [
        one.model_copy(update={"origin": None}) for one in sent(result, 6).expectations
    ]


def test_a_long_number_that_only_a_list_shows_stays_and_is_told() -> None:
    result = imported(visit("8E2CC869D15C5A998A6C5C2820A319DB", "E", "407d4ce7", listed="D"))
    assert [one.where for one in result.left] == ["entry 7 POST /stock/rpc: form id"]
    assert body(sent(result, 7)).endswith("|7|D|")


def test_what_the_build_names_is_no_argument() -> None:
    found = arguments(call("T0k", "changePassword", ["java.lang.String/2004016611"], ["old-1", "new-2"], "7|8|9"))
    assert [(one.name, one.value) for one in found] == [
        ("module_base", "http://shop.test/stock/"),
        ("rpc_token", "T0k"),
        ("password", "old-1"),
        ("password", "new-2"),
    ]


@pytest.mark.parametrize(
    "text", ["", "7|0|6|a|b|c|d|e|1|2|3|4|1|5|6|", "7|2|900|a|b|", "7|0|4|a|b|c|d|1|2|3|x y|0|", "a=1&b=7|0|1|"]
)
def test_other_texts_are_no_call(text: str) -> None:
    assert arguments(text) == []


def test_only_an_answer_that_is_one_object_gives_its_numbers() -> None:
    assert [value for value, _ in numbers_of(item("E", "aIZ9XuM", "Pump", 1))] == ["E", "aIZ9XuM"]
    assert numbers_of(several('"E"', '"F"')) == []
    assert numbers_of('//EX[2,1,["stock.client.Refused/1234567","E"],0,7]') == []


@pytest.mark.parametrize(
    ("method", "types", "values", "ids"),
    [
        ("load", ["J"], "7|4", ["4"]),
        ("load", ["I"], "7|48", ["48"]),
        ("load", ["I"], "7|4", []),
        ("listPage", ["I"], "7|20", []),
        ("list", ["I", "I"], "7|8|0|20", []),
        ("save", [ITEM], "7|7|12|48213|E", ["48213", "E"]),
    ],
)
def test_which_numbers_may_be_ids(method: str, types: list[str], values: str, ids: list[str]) -> None:
    assert [one.value for one in arguments(call("T0k", method, types, [], values)) if one.name == "id"] == ids


def test_a_whole_number_of_four_digits_is_taken_from_an_object_too() -> None:
    assert [value for value, _ in numbers_of(f'//OK[1,48213,4,1,["{ITEM}","Pump"],2,7]')] == ["48213"]
