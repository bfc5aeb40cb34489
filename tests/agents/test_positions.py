"""Items of lists in two recordings: by what stands beside them, and by position where both took the same row of another name."""

from __future__ import annotations

from json import dumps

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

A, B, C = "6f1c2a94-0d3e-4b7a-9c55-0a1b2c3d4e5f", "b37d90e1-52aa-4c0f-8e21-9f8e7d6c5b4a", "0e4d7c2b-91f6-4a38-b5d0-1122aabb3344"
DEFINITION = "order:1:5b0a7c9e-3f2d-4e61-a8b7-c6d5e4f3a2b1"


def chosen(rows: list[dict[str, str]], wanted: str) -> Session:
    """A list that is loaded, and an item of it that is opened."""
    return Session().add("GET", "/api/orders", json=dumps(rows)).add("GET", f"/api/orders/{wanted}", json='{"open": true}')


def paths(*sessions: Session) -> list[str]:
    """The paths by which the first request's answer is read."""
    result = imported(*sessions)
    assert proved(result)
    return [fixed(c.source.path) for c in sent(result, 0).captures if isinstance(c.source, JsonSource)]


def test_a_row_that_both_recordings_opened_first_is_taken_by_its_position() -> None:
    first = chosen([{"id": A, "label": "Garden chairs"}, {"id": B, "label": "Copper pipes"}], A)
    second = chosen([{"id": C, "label": "Night lamps"}, {"id": A, "label": "Garden chairs"}], C)
    assert paths(first, second) == ["$[0].id"]


def test_a_row_that_both_recordings_opened_by_its_name_is_taken_by_it() -> None:
    first = chosen([{"id": A, "label": "Garden chairs"}, {"id": B, "label": "Copper pipes"}], A)
    second = chosen([{"id": C, "label": "Night lamps"}, {"id": B, "label": "Garden chairs"}], B)
    assert paths(first, second) == ["$[?(@.label=='Garden chairs')].id"]


def test_an_item_by_its_name_goes_before_another_list_by_position() -> None:
    tasks = [{"name": "Check", "definitionId": DEFINITION}, {"name": "Check", "definitionId": DEFINITION}]
    named = [{"name": "Order goods", "id": DEFINITION}, {"name": "Pay", "id": f"pay:1:{C}"}]

    session = Session().add("GET", "/api/definitions", json=dumps(named)).add("GET", "/api/tasks", json=dumps(tasks))
    session.add("GET", f"/api/definition/{DEFINITION}/form", json="{}")
    assert paths(session) == ["$[?(@.name=='Order goods')].id"]


def test_the_one_thing_of_its_own_answer_goes_before_the_same_id_in_a_list_of_others() -> None:
    tiers = [{"name": "Free", "id": A}, {"name": "Gold", "id": B}]
    session = Session().add("GET", "/api/posts", json=dumps({"posts": [{"title": "Old", "tiers": tiers}, {"title": "Older"}]}))
    made = dumps({"posts": [{"title": "Harbour", "tiers": tiers}]})
    session.add("POST", "/api/posts", body='{"title":"Harbour"}', sends="application/json", json=made)
    session.add("PUT", f"/api/tiers/{A}", body='{"open":true}', sends="application/json", json="{}")
    result = imported(session)
    assert proved(result)
    assert [c.source for c in sent(result, 1).captures] == [JsonSource(path="$.posts[0].tiers[?(@.name=='Free')].id")]


@pytest.mark.parametrize("group", ["A", "B"])
def test_an_item_is_looked_for_in_all_groups_where_its_name_stands_in_one_alone(group: str) -> None:
    groups = [
        {"group": "A", "entries": [{"label": "Rug", "uid": 48213}]},
        {"group": "B", "entries": [{"label": "Lamp", "uid": 51877}]},
    ]
    same = [*groups, {"group": "C", "entries": [{"label": "Rug", "uid": 60122}]}]
    number = 48213 if group == "A" else 51877
    for lists, alone in ((groups, True), (same, group == "B")):
        session = Session().add("GET", "/api/items", json=dumps(lists)).add("GET", f"/api/items/{number}", json="{}")
        (path,) = paths(session)
        assert path.startswith("$[*]" if alone else f"$[?(@.group=='{group}')]")
        assert proved(imported(session))


def ticking(rows: dict[str, str], ticked: list[str]) -> Session:
    """Rows with boxes of one name, of which some are ticked: they are sent in the order of the page."""
    page = "".join(
        f'<tr><td><input type="checkbox" name="post[]" value="{n}"></td><td><b>{t}</b></td></tr>' for t, n in rows.items()
    )
    chosen = "&".join(f"post%5B%5D={n}" for t, n in rows.items() if t in ticked)
    return Session().add("GET", "/posts", html=f"<form><table>{page}</table></form>").add("GET", f"/trash?{chosen}", html="<p>Done")


def test_ticked_rows_are_known_by_their_texts_though_the_other_page_has_another_order() -> None:
    ours = {"Brass lamp": "2049", "Glass vase": "8585", "Oak table": "1458", "Wool rug": "2311"}
    theirs = {"Wool rug": "6204", "Oak table": "3425", "Brass lamp": "1324", "Glass vase": "1798"}
    ticked = ["Glass vase", "Wool rug"]
    result = imported(ticking(ours, ticked), ticking(theirs, ticked))
    sources = [str(capture.source) for capture in sent(result, 0).captures]
    assert [next(title for title in ours if title in source) for source in sources] == ticked
    assert proved(result)


def test_no_item_is_known_by_the_value_that_is_taken_from_it() -> None:
    lines = [{"uid": "NpdryaxFnN", "qty": 1}, {"uid": "QwkzhtVbRs", "qty": 1}]
    session = Session().add("GET", "/order", json=dumps({"lines": lines}))
    assert paths(session.add("POST", "/line", sends="application/json", body='{"uid": "NpdryaxFnN", "qty": 2}', json="{}")) == [
        "$.lines[0].uid"
    ]


def test_a_short_number_is_met_at_some_place_of_a_list_by_chance() -> None:
    def session(name: str, numbers: list[int], room: int) -> Session:
        rows = [{"tid": number, "title": f"Pump {chr(97 + number)}"} for number in numbers]
        listed = Session(name).add("GET", "/api/topics", json=dumps(rows))
        return listed.add("POST", "/api/chats", body=dumps({"roomId": room}), sends="application/json", json="{}")

    first, second = session("session.har", [3, 1], 1), session("other.har", [4, 2], 2)
    assert paths(first, second) == []
