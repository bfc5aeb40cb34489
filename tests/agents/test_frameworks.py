"""How frameworks and protocols hand values around: each way is taken for what it is, and proved."""

from __future__ import annotations

import json

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import TextBody
from loadwright.compiler.plan.template import Call, Reference, walk
from loadwright.compiler.plan.traverse import request_templates

JSON = "application/json"
TOKEN = "Zk3vQ9xT7bLm2RwYc8Hd"


def test_the_random_part_before_a_value_is_no_name_that_it_is_cut_out_behind() -> None:
    session = Session().add("GET", "/key", json=json.dumps({"pub": f"yRGJGajGeSFx.{TOKEN}"}))
    result = imported(session.add("POST", "/use", body=json.dumps({"sig": TOKEN}), sends=JSON, json="{}"))
    calls = [part for flat, _ in request_templates(sent(result, 1)) for part in walk(flat) if isinstance(part, Call)]
    assert [(call.function, call.arguments[1].literal) for call in calls] == [("after", ".")]
    assert proved(result)


def test_a_body_with_a_url_in_it_is_no_token() -> None:
    call = "7|0|6|http://shop.test/app/|D2FB5D7E3A1C44F0|com.example.Service|{}|alice|1|2|3|4|1|5|6|"
    session = Session().add("POST", "/rpc", body=call.format("login"), sends="text/x-gwt-rpc", json=f'//OK["{TOKEN}"]')
    result = imported(session.add("POST", "/rpc", body=call.format(TOKEN), sends="text/x-gwt-rpc", json="//OK[]"))
    body = sent(result, 1).body
    assert isinstance(body, TextBody)
    assert [part for part in walk(body.value) if isinstance(part, Reference)] == [Reference(name="ok")]
    assert result.plan.secrets == ()
    assert proved(result)
