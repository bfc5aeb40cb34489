"""Single pages over a JSON API: filters in URLs, where the user is told to the server, answers in envelopes."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.expect.soft_failures import recorded_failures
from loadwright.compiler.agents.names import plain_name
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import JsonBody
from loadwright.compiler.plan.render import evaluate

JSON = "application/json"
ASKED = '{"mode": "session"}'


def working(ticket: int = 7) -> Session:
    """A ticket is made, looked up by filters, its page told to the server, and deleted."""
    session = Session().add(
        "POST", "/auth/refresh", body=ASKED, sends=JSON, status=400, json='{"errors": [{"message": "no token"}]}'
    )
    session.add(
        "POST", "/auth/login", body='{"email": "a@b.test", "password": "wonderland"}', sends=JSON, json='{"data": {"ok": true}}'
    )
    session.add("POST", "/items/tickets", body='{"title": "Belt torn"}', sends=JSON, json=f'{{"data": {{"id": {ticket}}}}}')
    session.add("GET", f"/versions?filter[_and][0][item][_eq]={ticket}&filter[_and][1][count][_eq]={ticket}", json='{"data": []}')
    session.add("PATCH", "/users/me/page", body=f'{{"last_page": "/content/tickets/{ticket}"}}', sends=JSON, status=204)
    session.add("DELETE", f"/items/tickets/{ticket}", status=204)
    return session.add("POST", "/auth/refresh", body=ASKED, sends=JSON, json='{"data": {"expires": 1}}')


def test_the_id_of_what_was_made_is_found_in_filters_and_in_paths_inside_of_json() -> None:
    result = imported(working())
    assert proved(result)
    assert (
        evaluate(sent(result, 3).url, {"ticket_id": "88"})
        == "/versions?filter[_and][0][item][_eq]=88&filter[_and][1][count][_eq]=7"
    )
    body = sent(result, 4).body
    assert isinstance(body, JsonBody)
    assert "/content/tickets/7" not in body.model_dump_json()
    assert evaluate(sent(result, 5).url, {"ticket_id": "88"}) == "/items/tickets/88"


def test_a_request_for_a_session_before_the_login_is_no_failure_where_it_is_answered_later() -> None:
    session = working()
    assert recorded_failures(session.name, session.entries) == []
    never_answered = session.entries[:-1]
    assert [(f.entry, f.rule) for f in recorded_failures(session.name, never_answered)] == [(0, "error status")]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("user[password]", "password"),
        ("filter[_and][1][item][_eq]", "item"),
        ("filters[id][$in]", "id"),
        ("owner__id__exact", "owner__id"),
        ("berths[berth_id][any_][0]", "berth_id"),
        ("berths[name][like_]", "name"),
        ("berths[name][_ilike]", "name"),
        ("posts[like]", "like"),
        ("is", "is"),
        ("__RequestVerificationToken", "RequestVerificationToken"),
        ("items[]", "items"),
    ],
)
def test_a_name_is_told_without_the_operator_of_a_filter(name: str, plain: str) -> None:
    assert plain_name(name).strip("_") == plain


@pytest.mark.parametrize(("header", "value"), [("shop-token", "{}"), ("Authorization", "Bearer {}"), ("X-Api-Key", "{}")])
def test_credentials_that_two_sessions_are_given_alike_are_taken_from_what_gives_them(header: str, value: str) -> None:
    def working(user: str) -> Session:
        token = "fzqfxsxfdqfp9kp0trg7"
        session = Session().add("POST", "/login", body=f'{{"user": "{user}"}}', sends=JSON, json=f'{{"channel": "{token}"}}')
        return session.add("GET", "/orders", sent={header: value.format(token)}, json="[]")

    result = imported(working("ada"), working("bob"))
    assert ("extract", "channel") in [(d.verdict, d.variable) for d in result.decisions]
    assert result.plan.secrets == ()
    assert proved(result)


@pytest.mark.parametrize("saves", [1, 2])
def test_when_a_thing_was_changed_last_is_taken_from_its_answer_whatever_the_other_recording_saved_between(saves: int) -> None:
    def editing(day: int, times: int) -> Session:
        changed = [f"2026-11-{day}T23:08:{second:02}.000Z" for second in range(8, 8 + times + 1)]
        session = Session().add("POST", "/posts", body="{}", sends=JSON, json=f'{{"updated_at": "{changed[0]}"}}')
        session.add("GET", "/posts", json="[]")
        for before, after in pairwise(changed):
            body = f'{{"updated_at": "{before}"}}'
            session.add("PUT", "/posts/page", body=body, sends=JSON, json=f'{{"updated_at": "{after}"}}')
        return session

    def late(times: int) -> Session:
        """The same; the request that is like the other recording's first save is the last one."""
        session = editing(26, times)
        del session.entries[2:-1]
        return session

    result = imported(editing(25, 1), late(saves))
    assert [(d.verdict, d.variable) for d in result.decisions if d.verdict != "environment"] == [("extract", "updated_at")]
    assert all(not proof.findings for _, proof in result.proofs)


@pytest.mark.parametrize("paired", [False, True])
def test_a_picture_that_was_uploaded_is_shown_under_what_the_answer_told(paired: bool) -> None:
    """A page's build fixes the addresses of its scripts and styles, not those of what its users made."""

    def session(record: str, picture: str) -> Session:
        made = f'{{"id": "{record}", "photo": "{picture}"}}'
        page = Session().add("GET", "/", html='<script src="/assets/index-wnKjfGML77.js">')
        page.add("GET", "/assets/index-wnKjfGML77.js", script="run()")
        page.add("GET", "/collections", json='{"items": [{"id": "pbc_3306545694", "name": "boats"}]}')
        page.add("POST", "/collections/pbc_3306545694/records", body='{"title": "Pump"}', sends=JSON, json=made)
        page.add("GET", f"/files/pbc_3306545694/{record}/{picture}")
        shown = page.entries[-1]
        page.entries[-1] = replace(shown, response=replace(shown.response, media_type="image/png"))
        return page

    both = (session("e7l77g6z93yyzj4", "plan_smi7go294w.png"), session("q0x81mm2c6ab5rt", "plan_h2k9ws81nb.png"))
    result = imported(*both[: 1 + paired])
    assert proved(result)
    values = {"item_id": "list", "record_id": "1", "photo": "2.png"}
    assert evaluate(sent(result, 4).url, values) == f"/files/{'pbc_3306545694' if paired else 'list'}/1/2.png"
    assert evaluate(sent(result, 1).url, {}) == "/assets/index-wnKjfGML77.js"


def test_the_only_member_is_found_whatever_it_is_called() -> None:
    name, link = "node:node=6175:changed=1767543703", "/node/6175/edit?token=f3a9c17be2d84056a1b7"
    answer = json.dumps({name: f'<a href="{link}">Edit</a>'})
    session = Session().add("GET", "/", html=f'<p data-of="{name}">Rug</p>').add("POST", "/menus", body=f"id={name}", json=answer)
    result = imported(session.add("GET", link, html="<p>Edit"))
    assert "6175" not in str(sent(result, 1).captures)
    assert "6175" not in str(sent(result, 2).url)
    assert proved(result)


def test_what_a_filter_compares_is_called_by_what_it_compares() -> None:
    session = Session().add("GET", "/kinds/slip", json='{"id": "537fe98c-6f93-48c8-80ba-e0042d762bd0"}')
    asked = '{"berths": {"kind_id": {"any_": ["537fe98c-6f93-48c8-80ba-e0042d762bd0"]}}}'
    result = imported(session.add("POST", "/berths/filter", body=asked, sends=JSON, json="[]"))
    assert verdicts(result) == [("extract", "kind_id")]


def test_answers_to_several_calls_at_once_are_known_by_the_place_of_the_call() -> None:
    def answer(*data: object) -> str:
        return json.dumps([{"result": {"data": {"json": one}}} for one in data])

    def batched(*inputs: object) -> str:
        return json.dumps({str(n): {"json": one} for n, one in enumerate(inputs)})

    key, rows = "chqwyqq3beleagv17on4nkyh", [{"id": f"k{n}8r7jxf12xlmmtuyje4mjcd", "name": f"Teal {'abc'[n]}"} for n in range(3)]
    cursor = {"id": rows[-1]["id"], "at": 1}
    made = {"id": key, "version": 1, "name": "Ketch Dunlin aa645eca"}
    session = Session().add("GET", "/trpc/me,berth.list?batch=1", json=answer({"name": "ann"}, {"items": rows, "next": cursor}))
    session.add("POST", "/trpc/berth.more?batch=1", body=batched({"cursor": cursor}), sends="application/json", json=answer({}))
    called = batched({"name": "Ketch Dunlin aa645eca"})
    session.add("POST", "/trpc/berth.create?batch=1", body=called, sends="application/json", json=answer(made))
    moved = batched({"id": key, "version": 1, "day": "2027-02-03"})
    session.add("POST", "/trpc/berth.update?batch=1", body=moved, sends="application/json", json=answer({**made, "version": 2}))
    taken = batched({"id": key, "version": 2, "state": "taken"})
    result = imported(session.add("POST", "/trpc/berth.update?batch=1", body=taken, sends="application/json", json=answer({})))
    told = [[describe_source(c.source) for c in sent(result, n).captures] for n in range(4)]
    assert told[0] == ["json $[1].result.data.json.next.id"]
    assert sorted(told[2]) == ["json $[0].result.data.json.id", "json $[0].result.data.json.version"]
    assert told[3] == ["json $[0].result.data.json.version"]
    assert proved(result)
