"""JSON is JSON whatever type it is sent under: beacons, trackers and some applications send it as a text, or with no type."""

from __future__ import annotations

import json

import pytest
from recordings import FORM, Session, imported, proved, sent, verdicts

from loadwright.compiler.cli.import_output import left_findings
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import FormBody, Header, JsonBody, TextBody
from loadwright.compiler.plan.render import json_template
from loadwright.compiler.plan.template import Reference, template, walk
from loadwright.compiler.printer import print_intent

TOKEN = "f3a9c17be2d84056a1b7"
BODY = '{"session": {"token": "f3a9c17be2d84056a1b7"}, "rows": [1, 2.50], "name": null}'


def told(sends: str, body: str = BODY, **sent: str) -> Session:
    session = Session().add("GET", "/start", json=f'{{"token":"{TOKEN}"}}')
    return session.add("POST", "/log", body=body, sends=sends.partition(";")[0], sent={"User-Agent": "Any/1.0", **sent})


@pytest.mark.parametrize(
    "sends", ["text/plain;charset=UTF-8", FORM, "application/octet-stream", "text/json", "application/csp-report"]
)
def test_values_in_json_of_any_type_are_taken_from_their_answers_and_the_type_stays(sends: str) -> None:
    result = imported(told(sends, **{"Content-Type": sends}))
    request = sent(result, 1)
    assert isinstance(request.body, JsonBody)
    assert Reference(name="token") in set(walk(json_template(request.body.value)))
    assert Header(name="Content-Type", value=template(sends)) in request.headers
    assert proved(result)


def test_json_without_a_type_is_sent_as_a_text_that_no_server_takes_for_more() -> None:
    result = imported(told(""))
    request = sent(result, 1)
    assert isinstance(request.body, JsonBody)
    assert [h for h in request.headers if h.name == "Content-Type"] == [Header(name="Content-Type", value=template("text/plain"))]
    assert proved(result)


def test_json_whose_type_only_the_tool_knows_is_sent_with_that() -> None:
    for sends, kept in (("text/plain", ["text/plain"]), ("application/json", [])):
        request = sent(imported(told(sends)), 1)
        assert [h.value.literal for h in request.headers if h.name == "Content-Type"] == kept


@pytest.mark.parametrize("body", ['{"a": 1} trailing', "[not json", '{"a":1}\n{"b":2}', '{"a":1,"a":2}', "12", '"text"', "{}{"])
def test_what_is_no_json_object_or_list_stays_a_text(body: str) -> None:
    result = imported(told("text/plain", body, **{"Content-Type": "text/plain"}))
    assert sent(result, 1).body == TextBody(value=template(body), media_type="text/plain")
    assert proved(result)


def test_a_form_stays_a_form() -> None:
    assert isinstance(sent(imported(told(FORM, f"token={TOKEN}")), 1).body, FormBody)


def test_what_the_user_named_in_json_sent_as_a_text_is_new_in_each_iteration() -> None:
    session = Session().add("GET", "/lab", html="<title>Lab</title>")
    made = '{"name": "Pump leaks f05fa879", "path": "Pump leaks f05fa879"}'
    session.add("PATCH", "/api/x", body='{"path": "Pump leaks f05fa879"}', sends="text/plain", json=made)
    result = imported(session.add("GET", "/api/x/Pump%20leaks%20f05fa879", json=made))
    assert "f05fa879" not in result.plan.model_dump_json()
    assert proved(result)


def test_what_a_script_measured_is_neither_a_name_nor_a_token() -> None:
    body = '{"sizes": {"name": 139.5, "rows": [0.16666666666666666, -12.000000000000001]}, "name": "anna"}'
    result = imported(told("text/plain", body, **{"Content-Type": "text/plain"}))
    assert [(d.verdict, d.variable) for d in result.decisions if d.verdict != "environment"] == [("parameterise", "name")]
    assert [v.value for v in result.plan.variables] == [template("anna")]


def test_a_value_in_the_name_of_a_member_stays_and_is_said() -> None:
    body = f'{{"rows": {{"row:{TOKEN}": {{"n": 1}}}}, "token": "{TOKEN}"}}'
    result = imported(told("application/json", body))
    (left,) = result.left
    assert (left.entry, left.where) == (1, "entry 1 POST /log: json /rows")
    assert TOKEN not in left_findings(result.left)[0].message
    assert not imported(told("application/json")).left


@pytest.mark.parametrize("levels", [30, 31, 400])
def test_json_deeper_than_the_language_reads_is_sent_as_a_text_with_its_values_replaced(levels: int) -> None:
    inner = f'{{"token":"{TOKEN}","password":"hunter22"}}'
    body = '{"next":' * (levels - 1) + inner + "}" * (levels - 1)
    result = imported(told("application/json", body))
    request = sent(result, 1)
    assert isinstance(request.body, JsonBody if levels == 30 else TextBody)
    value = json_template(request.body.value) if isinstance(request.body, JsonBody) else request.body.value
    assert Reference(name="token") in set(walk(value))
    text = print_intent(result.plan)
    assert "hunter22" not in text
    assert parse_intent(text, "deep.intent")[0] == result.plan
    assert proved(result)


def test_what_a_script_names_the_same_in_two_recordings_is_no_parameter() -> None:
    def session(name: str) -> Session:
        board = json.dumps({"name": name, "kind": "plain"})
        return Session().add("POST", "/boards", body=board, sends="application/json", json="{}")

    assert verdicts(imported(session("Inbox"), session("Inbox"))) == []
    (decision,) = imported(session("Harbour crane"), session("Village well")).decisions
    assert (decision.verdict, decision.evidence) == ("parameterise", ["its name says that somebody named it"])
