"""A printed text is held against its Plan: in full, and a long one by requests that show each shape of node."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loadwright.compiler.plan.model import (
    Capture,
    ClosedModel,
    Journey,
    JsonArray,
    JsonBody,
    JsonMember,
    JsonObject,
    JsonSource,
    JsonText,
    JsonValue,
    Load,
    Plan,
    Request,
    StatusExpectation,
    Step,
    Target,
    Workload,
)
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.printer import print_intent
from loadwright.compiler.round_trip import FULL, reads_back, sample


def long_plan(count: int) -> Plan:
    """Requests that take an id from the one before, of two shapes."""
    steps = []
    for n in range(count):
        url = template("/items/", Reference(name=f"id_{n - 1}")) if n else template("/items")
        request = Request(
            name=f"read {n}",
            method="GET",
            target="app",
            url=url,
            expectations=(StatusExpectation(statuses=(200,)),),
            captures=(Capture(name=f"id_{n}", source=JsonSource(path=f"$.item{n}.id")),),
        )
        steps.append(Step(name=f"read item {n}", actions=(request,)))
    workloads = (Workload(journey="read", model=ClosedModel(users=1, iterations=1)),)
    return Plan(
        name="Long",
        targets=(Target(name="app", url="http://127.0.0.1:8080"),),
        journeys=(Journey(name="read", nodes=tuple(steps)),),
        loads=(Load(name="smoke", workloads=workloads),),
    )


@pytest.mark.parametrize("count", [FULL - 1, FULL + 1])
def test_a_printed_plan_reads_back(count: int) -> None:
    plan = long_plan(count)
    assert reads_back(plan, print_intent(plan), "long.intent")


def test_a_sample_has_each_shape_once_and_knows_every_name() -> None:
    some = sample(long_plan(FULL + 1))
    assert [r.name for r in requests(some.journeys[0])] == ["read 0", "read 1"]
    assert [v.name for v in some.variables] == []
    assert some.journeys[0].nodes[0].name == "read item 0"  # type: ignore[union-attr]


def test_a_name_whose_capture_is_left_out_is_a_variable() -> None:
    plan = long_plan(10)
    last = Request(name="end", method="DELETE", target="app", url=template("/items/", Reference(name="id_8")))
    journey = plan.journeys[0].model_copy(update={"nodes": (*plan.journeys[0].nodes, Step(name="end", actions=(last,)))})
    some = sample(plan.model_copy(update={"journeys": (journey,)}))
    assert [v.name for v in some.variables] == ["id_8"]


@pytest.mark.parametrize("count", [3, FULL + 1])
@pytest.mark.parametrize("wrong", [("expect status 200", "expect status 201"), ("$.item1.id", "$.item1.key")])
def test_a_text_that_means_something_else_is_found(count: int, wrong: tuple[str, str]) -> None:
    plan = long_plan(count)
    assert not reads_back(plan, print_intent(plan).replace(*wrong), "long.intent")


def test_words_of_the_language_are_shapes_of_their_own() -> None:
    plan = long_plan(1)
    named = [Request(name=name, method="GET", target="app", url=template("/a")) for name in ("alpha", "beta", "status", "expect")]
    journey = plan.journeys[0].model_copy(update={"nodes": (Step(name="some", actions=tuple(named)),)})
    some = sample(plan.model_copy(update={"journeys": (journey,)}))
    assert [r.name for r in requests(some.journeys[0])] == ["alpha", "status", "expect"]


def test_a_body_is_read_back_where_a_node_in_it_looks_new() -> None:
    plan = long_plan(1)
    rows = [
        '{"a": "x"}',
        '{"a": "y", "b": "z"}',
        '{"b": "z", "c": "y", "d": "x"}',
        '{"a": ["x"]}',
        '{"a": ["x", "y", "z"]}',
        '{"a": "x\\ty"}',
    ]
    posts = [
        Request(name=f"post {n}", method="POST", target="app", url=template("/a"), body=JsonBody(value=json_value(json.loads(row))))
        for n, row in enumerate(rows)
    ]
    journey = plan.journeys[0].model_copy(update={"nodes": (Step(name="some", actions=tuple(posts)),)})
    some = sample(plan.model_copy(update={"journeys": (journey,)}))
    assert [r.name for r in requests(some.journeys[0])] == ["post 0", "post 1", "post 3", "post 4", "post 5"]


def json_value(value: Any) -> JsonValue:
    if isinstance(value, dict):
        return JsonObject(members=tuple(JsonMember(name=name, value=json_value(one)) for name, one in value.items()))
    return JsonArray(items=tuple(map(json_value, value))) if isinstance(value, list) else JsonText(value=template(value))
