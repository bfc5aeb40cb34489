"""The checks on Plans of any shape: made by hand, deep, long, with fragments in fragments. Needs nothing but Python."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.intent import load_intent, parse_intent
from loadwright.compiler.passes import check
from loadwright.compiler.passes.context import Context
from loadwright.compiler.plan.model import (
    Fragment,
    GraphqlBody,
    Journey,
    Node,
    Plan,
    Receive,
    Repeat,
    Request,
    Retry,
    StatusExpectation,
    Step,
    Stream,
    Target,
    Use,
)
from loadwright.compiler.plan.template import Reference, template

HEAD = 'intent "x"\ntarget shop = "https://shop.example.com"\n'


def found(text: str, folder: Path | None = None) -> tuple[Diagnostic, ...]:
    try:
        return tuple(parse_intent(text, "x.intent", folder)[1])
    except LoadwrightError as error:
        return error.diagnostics


def messages(text: str) -> list[str]:
    return [diagnostic.message for diagnostic in found(text)]


def request(url: str = "/", **more: object) -> Request:
    return Request.model_validate({"name": "r", "method": "GET", "target": "shop", "url": template(url), **more})


def plan(*nodes: Node, fragments: tuple[Fragment, ...] = ()) -> Plan:
    journeys = (Journey(name="j", nodes=(Step(name="s", actions=(request(), *nodes)),)),)
    return Plan(name="x", targets=(Target(name="shop", url="https://a.example"),), journeys=journeys, fragments=fragments)


def codes(made: Plan) -> list[str]:
    return [str(diagnostic.code) for diagnostic in check(Context(made))]


def test_fragments_that_use_each_other_twice_are_walked_once() -> None:
    links = [Fragment(name=f"f{n}", nodes=(Use(fragment=f"f{n + 1}"), Use(fragment=f"f{n + 1}"))) for n in range(60)]
    last = Fragment(name="f60", nodes=(request("/a"),))
    started = time.process_time()
    assert codes(plan(Use(fragment="f0"), fragments=(*links, last))) == []
    assert time.process_time() - started < 5, "milliseconds; with every way walked it would never end"


def test_loops_in_loops_are_walked_once() -> None:
    node: Node = request()
    for _ in range(60):
        node = Repeat(times=template("2"), nodes=(node,))
    started = time.process_time()
    assert codes(plan(node)) == []
    assert time.process_time() - started < 5


def test_a_thousand_steps_are_checked_in_seconds() -> None:
    step = 'step "s{0}" {{ GET "/{0}" {{ capture n{0} = json "$.a" }} if n{0} = "x" {{ GET "/${{n{0}}}" }} }}\n'
    text = f"{HEAD}journey j {{ {''.join(step.format(number) for number in range(1000))} }}"
    started = time.process_time()
    assert found(text) == ()
    assert time.process_time() - started < 20, "about 2 s on one core; more is a loop over a loop"


def test_what_only_a_plan_made_by_hand_can_say() -> None:
    assert codes(plan(request("/a", retry=Retry(times=1)))) == ["idle-option", "ambiguous-name"]
    assert codes(plan(Use(fragment="none"))) == ["unknown-fragment"]
    silent = Stream(protocol="websocket", name="w", target="shop", url=template("/w"), actions=(Receive(name="w", within=0),))
    assert codes(plan(silent)) == ["bad-range"]
    receive = Receive(name="w", expectations=(StatusExpectation(statuses=(200,)),))
    assert codes(plan(silent.model_copy(update={"actions": (receive,)}))) == ["bad-stream"]
    body = GraphqlBody(query="{ a }", operation="A")
    assert codes(plan(request("/", body=body))) == ["bad-graphql"]


def test_a_name_is_missing_where_one_of_the_journeys_does_not_set_it() -> None:
    text = (
        HEAD + 'fragment show() { GET "/${id}" }\n'
        'journey a { step "A" { GET "/" { capture id = json "$.id" } use show() } }\n'
        'journey b { step "B" { use show() } }\n'
    )
    assert messages(text) == ["`id` has no value here, in journey `b`"]


@pytest.mark.parametrize(
    ("setup", "wrong"),
    [
        ('step "In" { GET "/" { capture id = json "$.id" } }', []),
        ('step "In" { GET "/" { capture id = json "$.id" } if id = "x" { stop iteration } }', []),
        (
            'step "In" { GET "/" { capture n = json "$.n" } if n = "x" { stop iteration } GET "/b" { capture id = json "$.id" } }',
            ["id"],
        ),
        ('step "In" { GET "/" { capture n = json "$.n" } if n = "x" { stop user } GET "/b" { capture id = json "$.id" } }', []),
        ('step "In" { GET "/" { capture n = json "$.n" } if n = "x" { fail "no" } GET "/b" { capture id = json "$.id" } }', []),
    ],
)
def test_what_a_setup_sets_stays_unless_it_may_end_early(setup: str, wrong: list[str]) -> None:
    text = f'{HEAD}journey a {{ setup {{ {setup} }} step "A" {{ GET "/${{id}}" }} teardown {{ step "B" {{ GET "/${{id}}" }} }} }}'
    missing = [m for m in messages(text) if "may have no value" in m]
    assert missing == [f"`{name}` may have no value here" for name in wrong for _ in range(2)]


def test_a_teardown_does_not_count_on_an_iteration() -> None:
    text = HEAD + 'journey a { step "A" { GET "/" { capture id = json "$.id" } } teardown { step "B" { GET "/${id}" } } }'
    assert messages(text) == ["`id` may have no value here"]


def test_what_an_import_brings_need_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "more.intent").write_text(
        'secret key from env "KEY"\nfragment ping(a) { GET "/ping" }\nlet region = "eu"\n', "utf-8"
    )
    (tmp_path / "x.intent").write_text(HEAD + 'import "more.intent"\njourney a { step "A" { GET "/${region}" } }', "utf-8")
    assert load_intent(tmp_path / "x.intent")[1] == []


def test_an_import_of_which_nothing_is_used(tmp_path: Path) -> None:
    (tmp_path / "more.intent").write_text('import "deep.intent"\nlet zone = region\nfragment ping() { GET "/${zone}" }\n', "utf-8")
    (tmp_path / "deep.intent").write_text('let region = "eu"\n', "utf-8")
    (tmp_path / "x.intent").write_text(HEAD + 'import "more.intent"\njourney a { step "A" { GET "/" } }', "utf-8")
    warnings = load_intent(tmp_path / "x.intent")[1]
    assert [(d.message, d.span and d.span.line) for d in warnings] == [("nothing of this import is used", 3)]
    (tmp_path / "x.intent").write_text(HEAD + 'import "more.intent"\njourney a { step "A" { GET "/${region}" } }', "utf-8")
    assert load_intent(tmp_path / "x.intent")[1] == []


def test_a_value_of_the_iteration_before_is_used_by_the_next_one() -> None:
    text = (
        HEAD + 'journey a { setup { step "In" { GET "/" { capture next = json "$.next" } } }\n'
        'step "A" { GET "/${next}" { capture next = json "$.next"; capture last = json "$.last" } } }'
    )
    assert messages(text) == ["`last` is captured and never used"]


def test_a_default_that_uses_another_value_is_a_use() -> None:
    text = HEAD + 'journey a { step "A" { GET "/" { capture a = json "$.a"; capture b = json "$.b" default a } GET "/${b}" } }'
    assert messages(text) == []
    assert codes(plan(Repeat(times=template(Reference(name="nothing")), nodes=()))) == ["undefined-name"]
