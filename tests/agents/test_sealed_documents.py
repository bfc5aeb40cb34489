"""Documents that a server hands out signed, and that a script sends back as a whole with every call."""

from __future__ import annotations

import html
import json

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import CssSource, JsonSource, RegexSource

SEALS = ("9f2c4be1a07d35c86e19f2c4be1a07d3", "17be2d84056a1b7f3a9c17be2d84056a")


def snapshot(count: int) -> str:
    memo = {"id": "kX9vQ2mBz7LpYw3d", "name": "tasks"}
    return json.dumps({"data": {"title": "", "count": count}, "memo": memo, "checksum": SEALS[count]}, separators=(",", ":"))


def calling(count: int) -> str:
    return json.dumps({"components": [{"snapshot": snapshot(count), "calls": ["add"]}]})


@pytest.mark.parametrize("attribute", ["wire:snapshot", "x-snapshot", "data-snapshot"])
def test_a_signed_document_is_taken_as_a_whole_wherever_it_stands(attribute: str) -> None:
    page = f'<title>Tasks</title><div class="box" {attribute}="{html.escape(snapshot(0))}" wire:id="7"></div>'
    session = Session().add("GET", "/tasks", html=page)
    answer = json.dumps({"components": [{"snapshot": snapshot(1), "effects": {}}]})
    session.add("POST", "/update", body=calling(0), sends="application/json", json=answer)
    result = imported(session.add("POST", "/update", body=calling(1), sends="application/json", json="{}"))
    assert verdicts(result) == [("extract", "snapshot"), ("extract", "snapshot_2")]
    (first,), (second,) = sent(result, 0).captures, sent(result, 1).captures
    assert isinstance(first.source, CssSource if attribute.startswith("data-") else RegexSource)
    assert second.source == JsonSource(path="$.components[0].snapshot")
    assert not any(seal in result.plan.model_dump_json() or "count" in str(sent(result, 1).body) for seal in SEALS)
    assert proved(result)
