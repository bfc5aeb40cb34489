"""Documents that are one flat list: what is in them is taken by its name, or by a text of the same object, not by its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.agents.observe.flat_documents import flat_documents
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.extract import Response, extract, extract_with
from loadwright.compiler.plan.model import Capture

TOKEN, OTHER_TOKEN = "q7Zt3_vXwR5mN2bLc9Yd4Fh6", "x2Kp8_sJdT4qV7nGa3We9Rb5"
SHED, OTHER_SHED = "k4mQx7Zr2pLw", "t9vNb3Ys6cFd"
WORD = "f05fa879"


def with_places(value: Any) -> list[Any]:
    """A flat list in which the members of an object are the places of their values, each value once (devalue)."""
    flat: list[Any] = []
    known: dict[tuple[type, Any], int] = {}

    def placed(one: Any) -> int:
        key = (type(one), one) if isinstance(one, str | int | float | bool) else None
        if key in known:
            return known[key]
        at = len(flat)
        flat.append(one)
        if key is not None:
            known[key] = at
        if isinstance(one, dict):
            flat[at] = {}
            flat[at].update({name: placed(member) for name, member in one.items()})
        elif isinstance(one, list):
            flat[at] = []
            flat[at].extend(placed(item) for item in one)
        return at

    placed(value)
    return flat


def with_names(value: Any) -> list[Any]:
    """The same with the names of members in the list too, of which the last objects have them first."""
    flat: list[Any] = []

    def placed(one: Any) -> int:
        same = [at for at, other in enumerate(flat) if type(other) is type(one) and other == one]
        if same and not isinstance(one, dict | list):
            return same[0]
        flat.append(one)
        at = len(flat) - 1
        if isinstance(one, dict):
            flat[at] = {}
            flat[at] = {f"_{placed(name)}": placed(member) for name, member in one.items()}
        elif isinstance(one, list):
            flat[at] = []
            flat[at] = [placed(item) for item in one]
        return at

    placed(value)
    return flat


Written = Callable[[Any], str]


def node(value: Any) -> str:
    """A flat list in a document, as pages of SvelteKit fetch their data."""
    return json.dumps({"type": "data", "nodes": [{"type": "skip"}, {"type": "data", "data": with_places(value)}]})


def in_a_text(value: Any) -> str:
    """A flat list as a text of a document, as actions of SvelteKit answer."""
    return json.dumps({"type": "success", "status": 200, "data": json.dumps(with_places(value), separators=(",", ":"))})


def stream(value: Any) -> str:
    """A flat list with its names, and more behind it, as React Router answers."""
    return json.dumps(with_names(value), separators=(",", ":")) + '\nP12:[["Z",3]]\n'


def in_a_page(value: Any) -> str:
    """A flat list in a script of a page, its object said to be of a kind, as Nuxt sends it."""
    flat = [["ShallowReactive", 1], *with_places([value])[1:]]
    return f'<p>Sheds</p><script type="application/json" id="__NUXT_DATA__">{json.dumps(flat, separators=(",", ":"))}</script>'


def compact(written: str) -> str:
    return json.dumps(json.loads(written), separators=(",", ":"), ensure_ascii=False) if written[-1] == "}" else written


def captured(result: Imported, number: int) -> Capture:
    (capture,) = sent(result, number).captures
    return capture


def sheds(*titles: tuple[str, str], token: str = TOKEN) -> dict[str, Any]:
    return {"page": 1, "sheds": [{"id": i, "title": t, "rows": 4} for i, t in titles], "token": token}


@pytest.mark.parametrize("way", [node, stream], ids=["places", "names"])
def test_what_stands_behind_a_list_is_not_taken_by_its_place(way: Written) -> None:
    page = compact(way(sheds((SHED, "Seed shed"), (OTHER_SHED, "Tool shed"))))
    result = imported(
        Session().add("GET", "/sheds.data", json=page).add("POST", "/sheds", body=f"token={TOKEN}&title=Peat", html="<p>Made")
    )
    assert proved(result)
    more = compact(way(sheds(("a1B2c3D4e5F6", "New shed"), (SHED, "Seed shed"), (OTHER_SHED, "Tool shed"), token=OTHER_TOKEN)))
    assert extract(captured(result, 0), Response("http://shop.test/", (), more)) == OTHER_TOKEN


@pytest.mark.parametrize("way", [node, stream], ids=["places", "names"])
def test_an_object_of_a_list_is_known_by_its_title(way: Written) -> None:
    page = compact(way(sheds((SHED, "Seed shed"), (OTHER_SHED, "Tool shed"))))
    result = imported(Session().add("GET", "/sheds.data", json=page).add("GET", f"/open?ref={OTHER_SHED}", html="<p>Opened"))
    assert proved(result)
    turned = compact(way(sheds((OTHER_SHED, "Tool shed"), ("a1B2c3D4e5F6", "New shed"), (SHED, "Seed shed"))))
    assert extract(captured(result, 0), Response("http://shop.test/", (), turned)) == OTHER_SHED


@pytest.mark.parametrize("way", [node, stream], ids=["places", "names"])
def test_an_object_of_the_user_is_known_by_the_word_in_it(way: Written) -> None:
    page = compact(way(sheds(("14", "Seed shed"), ("15", f"Peat shed {WORD}"), ("16", "Tool shed"))))
    recorded = Session().add("POST", "/sheds", body=f"title=Peat+shed+{WORD}", json='{"done":true}')
    recorded.add("GET", "/sheds.data", json=page).add("GET", "/sheds/15", html="<p>Opened")
    result = imported(recorded)
    assert proved(result)
    capture = captured(result, 1)
    word = next(d.variable for d in result.decisions if d.verdict == "generate")
    there = compact(way(sheds(("21", "Peat shed of another"), ("22", "Seed shed"), ("27", "Peat shed zz81qa0c"))))
    assert extract_with(capture, Response("http://shop.test/", (), there), {word: "zz81qa0c"}) == "27"


def test_a_flat_list_in_a_page_is_read_too() -> None:
    def page(token: str, *titles: tuple[str, str]) -> str:
        return in_a_page({"csrf": token, "sheds": [{"id": i, "title": t} for i, t in titles]})

    recorded = Session().add("GET", "/sheds", html=page(TOKEN, (SHED, "Seed shed"), (OTHER_SHED, "Tool shed")))
    result = imported(recorded.add("POST", "/open", body=f"csrf={TOKEN}&shed={OTHER_SHED}", html="<p>Opened"))
    assert proved(result)
    other = Response(
        "http://shop.test/", (), page(OTHER_TOKEN, (OTHER_SHED, "Tool shed"), (SHED, "Seed shed"), ("a1B2c3D4e5F6", "New"))
    )
    assert {extract(capture, other) for capture in sent(result, 0).captures} == {OTHER_TOKEN, OTHER_SHED}


def test_a_state_is_no_title() -> None:
    page = node({"sheds": [{"id": SHED, "state": "planned"}, {"id": OTHER_SHED, "state": "planned"}]})
    result = imported(Session().add("GET", "/sheds.data", json=compact(page)).add("GET", f"/open?ref={SHED}", html="<p>Opened"))
    assert "planned" not in describe_source(captured(result, 0).source)


def test_what_an_action_made_is_taken_from_the_text_of_its_answer() -> None:
    recorded = Session().add("POST", "/sheds?/add", body="title=Peat", json=compact(in_a_text({"shed": SHED, "rows": 4})))
    result = imported(recorded.add("POST", "/sheds?/drop", body=f"shed={SHED}", json=compact(in_a_text({"ok": True}))))
    assert proved(result)
    other = compact(in_a_text({"shed": OTHER_SHED, "rows": 4}))
    assert extract(captured(result, 0), Response("http://shop.test/", (), other)) == OTHER_SHED


def test_what_a_request_asks_for_by_its_path_is_not_taken_from_its_answer() -> None:
    recorded = Session().add("POST", "/sheds", body="title=Peat", location="/sheds/4177", status=303)
    recorded.add("GET", "/sheds/4177", json=compact(node({"shed": {"id": 4177, "title": "Peat"}})))
    result = imported(recorded.add("POST", "/sheds/4177", body="title=Turf", json='{"done":true}'))
    assert not sent(result, 1).captures
    assert "4177" not in str(sent(result, 2).url)


@pytest.mark.parametrize("text", ['[{"a":1},{"b":2}]', '[{"id":1,"amount":0},{"id":2,"amount":1}]', '[{"x":9},"a"]', "[{"])
def test_other_lists_are_none(text: str) -> None:
    assert flat_documents(text) == ()


@pytest.mark.parametrize(
    "told",
    ['{"type":"redirect","status":303,"location":"/sheds/7"}', stream({"redirect": "/sheds/7", "status": 302, "reload": False})],
    ids=["places", "names"],
)
def test_where_a_document_sends_a_script_is_a_redirect(told: str) -> None:
    recorded = Session().add("POST", "/sheds/new", body="title=Peat", json=told).add("GET", "/sheds/7", html="<p>Peat")
    result = imported(recorded.add("POST", "/carts", body="shed_id=7", html="<p>Added"))
    assert proved(result)
    assert "7" not in str(sent(result, 1).url)
    assert "7" not in str(sent(result, 2).body)


def test_the_form_in_which_a_thing_is_asked_for_is_no_part_of_its_number() -> None:
    recorded = Session().add("POST", "/sheds", body="title=Peat", location="/sheds/7", status=303)
    result = imported(recorded.add("GET", "/sheds/7.data", json='{"title":"Peat"}'))
    assert "/7" not in str(sent(result, 1).url)


def listing(*links: str) -> str:
    return "/manifest?paths=" + ",".join(links).replace("/", "%2F").replace(",", "%2C")


def test_of_a_list_of_addresses_a_short_number_is_taken_where_the_user_asks_for_it() -> None:
    recorded = Session().add("POST", "/sheds", body="title=Peat", location="/sheds/5", status=303)
    recorded.add(
        "GET", "/sheds/5", html='<ul><li><a href="/sheds/4">Seed shed</a></li><li><a href="/sheds/3">Tool shed</a></li></ul>'
    )
    result = imported(recorded.add("GET", listing("/sheds", "/sheds/4", "/sheds/5", "/sheds/3"), json='{"routes":{}}'))
    assert proved(result)
    assert not sent(result, 1).captures
    assert "%2F4" in (url := str(sent(result, 2).url))
    assert "%2F5" not in url


def test_a_token_that_is_left_in_a_list_of_addresses_is_told() -> None:
    recorded = Session().add("GET", "/", html="<p>Sheds</p>")
    result = imported(recorded.add("GET", listing("/sheds", f"/sheds/{SHED}"), json='{"routes":{}}'))
    assert [one.entry for one in result.left] == [1]


def test_nobody_types_a_list_of_addresses() -> None:
    first = Session().add("GET", "/", html="<p>Sheds").add("GET", listing("/sheds", "/sheds/4", "/carts"), json='{"routes":{}}')
    second = Session("b.har").add("GET", "/", html="<p>Sheds").add("GET", listing("/sheds", "/carts"), json='{"routes":{}}')
    assert not [d for d in imported(first, second).decisions if d.verdict == "parameterise"]


@pytest.mark.parametrize("name", ["phone", "mobilePhone", "fax_number"])
def test_a_number_by_which_people_are_reached_is_typed(name: str) -> None:
    def recorded(number: str, label: str) -> Session:
        return Session(label).add("POST", "/sheds", body=f"title=Peat&{name}={number}", html="<p>Made")

    assert "unresolved" not in [d.verdict for d in imported(recorded("55501994", "a.har")).decisions]
    decisions = imported(recorded("55501994", "a.har"), recorded("55507331", "b.har")).decisions
    assert "parameterise" in [d.verdict for d in decisions]


def test_a_field_that_is_called_as_a_thing_of_a_path_may_hold_another_one() -> None:
    page = compact(node({"sheds": [{"id": 4, "title": f"Peat {WORD}"}, {"id": 5, "title": f"Peat {WORD} again"}]}))
    recorded = Session().add("POST", "/add", body=f"title=Peat+{WORD}", json="{}")
    recorded.add("POST", "/add", body=f"title=Peat+{WORD}+again", json="{}").add("GET", "/list.data", json=page)
    recorded.add("GET", "/sheds/4", html="<p>Peat").add("POST", "/drop", body="shed=5&why=wet", json='{"done":true}')
    result = imported(recorded)
    assert proved(result)
    assert "'5'" not in repr(sent(result, 4).body)


def test_a_word_that_says_success_is_expected_from_one_recording() -> None:
    recorded = Session().add("POST", "/sheds?/drop", body="title=Peat", json='{"type":"success","status":200,"data":"[1]"}')
    expected = str(sent(imported(recorded), 0).expectations)
    assert "success" in expected


def test_a_number_that_is_not_written_again_is_not_taken_from_the_thing_before() -> None:
    def page(data: list[Any]) -> str:
        return json.dumps({"type": "data", "data": data}, separators=(",", ":"))

    first = [14, {"id": 3, "title": 5, "rows": 6}, "Seed shed", 2]
    here = [{"n": 1, "sheds": 2}, 9, ["Map", 3, 4, 7, 8], *first, 15, {"id": 7, "title": 9, "rows": 10}, f"Peat {WORD}", 3]
    recorded = Session().add("POST", "/add", body=f"title=Peat+{WORD}", json="{}").add("GET", "/list.data", json=page(here))
    result = imported(recorded.add("GET", "/sheds/15", html="<p>Peat"))
    word = next(d.variable for d in result.decisions if d.verdict == "generate")
    there = [{"n": 1, "sheds": 2}, 9, ["Map", 3, 4, 1, 7], *first, {"id": 1, "title": 8, "rows": 9}, "Peat zz81qa0c", 3]
    capture = captured(result, 1)
    assert (
        extract_with(capture, Response("http://shop.test/", (), page(here).replace(WORD, "zz81qa0c")), {word: "zz81qa0c"}) == "15"
    )
    assert extract_with(capture, Response("http://shop.test/", (), page(there)), {word: "zz81qa0c"}) is None


def test_what_a_change_is_answered_with_alone_is_the_number_of_what_it_made() -> None:
    def recorded(number: int, word: str, label: str) -> Session:
        told = compact(in_a_text({"planned": number}))
        session = Session(label).add("POST", "/visits?/plan", body=f"title=Peat+{word}", json=told)
        page = compact(node({"page": 1, "sheds": [{"id": 2, "title": "Seed shed"}, {"id": number, "title": f"Peat {word}"}]}))
        return session.add("GET", "/list.data", json=page).add("GET", f"/sheds/{number}", html="<p>Peat")

    for sessions in ([recorded(15, WORD, "a.har")], [recorded(15, WORD, "a.har"), recorded(19, "b81f09aa", "b.har")]):
        result = imported(*sessions)
        assert proved(result)
        other = Response("http://shop.test/", (), compact(in_a_text({"planned": 44})))
        assert extract(captured(result, 0), other) == "44"
