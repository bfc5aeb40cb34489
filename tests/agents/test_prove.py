"""Proof trusts nothing: each level finds what is wrong at it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from recordings import Session, imported

from loadwright.compiler.agents.prove.proof import Proof, prove
from loadwright.compiler.agents.prove.unify import solve
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Capture, CssSource, FormBody, FormField, Plan, Request
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.printer import print_intent

TOKEN = "Tz7Ym1Qa0PdGh5Uj"
PAGE = f'<title>Form</title><input name=csrf type=hidden value="{TOKEN}">'


def session() -> Session:
    return Session().add("GET", "/form", html=PAGE).add("POST", "/form", body=f"csrf={TOKEN}&op=save")


def changed(plan: Plan, position: int, **update: object) -> Plan:
    """The plan with the request of one step changed."""
    journey = plan.journeys[0]
    nodes = list(journey.nodes)
    step = nodes[position]
    assert step.kind == "step"
    request = step.actions[0]
    assert isinstance(request, Request)
    nodes[position] = step.model_copy(update={"actions": (request.model_copy(update=update),)})
    return plan.model_copy(update={"journeys": (journey.model_copy(update={"nodes": tuple(nodes)}),)})


def proof_of(plan: Plan) -> Proof:
    source = session().source()
    return prove(plan, source.recording, source.selection.kept)


def test_what_was_imported_holds_at_every_level() -> None:
    proof = proof_of(imported(session()).plan)
    assert (proof.captures, proof.captures_held, proof.requests, proof.requests_equal, proof.findings) == (1, 1, 2, 2, [])


def test_p0_finds_an_extractor_that_yields_nothing() -> None:
    wrong = Capture(name="csrf", source=CssSource(selector="input[name=token]", attribute="value"))
    proof = proof_of(changed(imported(session()).plan, 0, captures=(wrong,)))
    assert ("P0", "csrf") in {(f.level, f.subject) for f in proof.findings}
    assert not proof.held("P1")


def test_p1_finds_a_request_that_differs() -> None:
    body = FormBody(fields=(FormField(name=template("csrf"), value=template(Reference(name="csrf"))),))
    proof = proof_of(changed(imported(session()).plan, 1, body=body))
    assert [(f.level, f.subject) for f in proof.findings] == [("P1", "POST /form")]
    assert "body" in proof.findings[0].message


def test_p1_finds_a_request_that_was_never_recorded() -> None:
    proof = proof_of(changed(imported(session()).plan, 1, url=template("/other")))
    assert [(f.level, f.subject) for f in proof.findings] == [("P1", "POST /form")]
    assert proof.unmatched_entries == (1,)


def test_p2_finds_a_recorded_token_that_was_left_in() -> None:
    fields = (FormField(name=template("csrf"), value=template(TOKEN)), FormField(name=template("op"), value=template("save")))
    plan = changed(imported(session()).plan, 1, body=FormBody(fields=fields))
    assert {f.level for f in proof_of(plan).findings} == {"P2"}
    without = changed(plan, 0, captures=())
    assert {f.level for f in proof_of(without).findings} == {"P2"}


def test_findings_never_repeat_recorded_values() -> None:
    fields = (FormField(name=template("csrf"), value=template(TOKEN)),)
    proof = proof_of(changed(imported(session()).plan, 1, body=FormBody(fields=fields)))
    assert proof.findings
    assert all(TOKEN not in f.message + f.hint for f in proof.findings)


@pytest.mark.parametrize("words", [["12b93d72"], ["12b93d72", "a6f07c1e", "7d20e5b9"]], ids=["once", "again and again"])
def test_texts_with_a_made_up_word_are_told_apart_without_knowing_their_entries(words: list[str]) -> None:
    recorded = Session().add("GET", "/form", html="<form><input name=text></form>")
    for text in (f"ledger line {word}{more}" for word in words for more in ("", " again")):
        recorded.add("POST", "/form", body=f"text={text.replace(' ', '+')}", html="<form><input name=text></form>")
    plan, _ = parse_intent(print_intent(imported(recorded).plan), "x.intent")
    assert plan is not None
    source = recorded.source()
    assert not prove(plan, source.recording, source.selection.kept).findings


def test_a_long_text_with_many_unknown_names_is_told_apart_at_once() -> None:
    """Without a look at what is known first, the pattern is tried in every way that the text can be cut."""
    unknown = [piece for n in range(6) for piece in ('","', Reference(name=f"n{n}"))]
    flat = template("[", *unknown, '","the end"]')
    recorded = "[" + '","x' * 4_000 + '","another end"]'
    started = time.process_time()
    assert solve(flat, recorded, {}) is None
    assert time.process_time() - started < 1
    assert solve(flat, '[","a","b","c","d","e","f","the end"]', {}) == dict(
        zip(("n0", "n1", "n2", "n3", "n4", "n5"), "abcdef", strict=True)
    )


@pytest.mark.parametrize(("recorded", "found"), [("a1b2a1b2", {"x": "a1b2"}), ("a1b2-a1b3", None), ("a1b2a1b2c", None)])
def test_a_name_that_stands_twice_in_a_text_is_the_same_there(recorded: str, found: dict[str, str] | None) -> None:
    assert solve(template(Reference(name="x"), Reference(name="x")), recorded, {}) == found


def test_p2_finds_an_extractor_that_names_the_number_that_it_gives() -> None:
    page = '<title>Hosts</title><form><input type=checkbox name="hosts[10559]" value=10559></form>'
    source = Session().add("GET", "/hosts", html=page).add("POST", "/hosts", body="hosts[10559]=10559").source()
    text = (
        'intent "Hosts"\n\ntarget app = "http://shop.test"\n\njourney hosts {\n  step "Hosts" {\n    GET "/hosts" {\n'
        "      capture host = css \"input[name='%s']\" @value\n    }\n"
        '    POST "/hosts" {\n      form { "hosts[${host}]" = host }\n    }\n  }\n}\n'
    )
    for name, levels in (("hosts[10559]", ["P2"]), ("hosts[1]", ["P0"])):
        plan, problems = parse_intent(text % name, "hosts.intent")
        assert plan is not None, problems
        found = prove(plan, source.recording, source.selection.kept).findings
        assert [f.level for f in found if f.subject == "host"] == levels


def test_p2_takes_the_name_of_a_field_for_no_token_of_the_page_that_names_it_too() -> None:
    session = Session().add("GET", "/form", html=f"<title>Form</title><script>var item3_ref = '{TOKEN}';</script>")
    session.add("GET", f"/rows?lang=en&item3_ref={TOKEN}", html="<title>Rows</title>")
    result = imported(session)
    assert "item3_ref=${" in print_intent(result.plan)
    assert [proof.findings for _, proof in result.proofs] == [[]]


@pytest.mark.parametrize("second", ["Quay-4711x", "Sail-82y"])
def test_two_secrets_of_calls_that_differ_in_nothing_else(second: str) -> None:
    visit = Session().add("POST", "/login", body="user=ann&password=Sail-82y", status=401, json="{}")
    visit.add("POST", "/login", body=f"user=ann&password={second}", json="{}")
    source = visit.source()
    plan, _ = parse_intent(print_intent(imported(visit).plan), "x.intent")
    assert plan is not None
    assert len(plan.secrets) == 1 + (second != "Sail-82y")
    assert not prove(plan, source.recording, source.selection.kept).findings


def test_two_secrets_with_one_value() -> None:
    visit = Session().add("POST", "/login", body="password=Sail-82y", json="{}")
    source = visit.add("POST", "/again", body="password=Sail-82y", json="{}").source()
    plan, _ = parse_intent(
        """intent "X"
target app = "http://shop.test"
secret one from env "ONE"
secret two from env "TWO"
journey x { step "A" {
  POST "/login" { form { password = one } }
  POST "/again" { form { password = two } }
} }
""",
        "x.intent",
    )
    assert plan is not None
    assert not prove(plan, source.recording, source.selection.kept).findings


def test_an_answer_that_a_recording_lost_says_nothing_of_the_capture_nor_of_what_sends_it() -> None:
    source = session().source()
    page, post = source.recording.entries
    lost = replace(page, response=replace(page.response, text=None, raw=b"", body_missing=True))
    proof = prove(imported(session()).plan, replace(source.recording, entries=(lost, post)), source.selection.kept)
    assert (proof.captures, proof.requests_equal, proof.findings) == (0, 2, [])

    other = replace(post, request=replace(post.request, body=f"csrf={TOKEN}&op=delete".encode()))
    proof = prove(imported(session()).plan, replace(source.recording, entries=(lost, other)), source.selection.kept)
    assert [(f.level, f.subject) for f in proof.findings] == [("P1", "POST /form")]


def test_a_value_made_once_is_that_of_the_request_that_sends_the_same_fields() -> None:
    """A form that was refused is sent again to the same address, with an id that the request after it has too."""
    first, second = "6bed1928-8f51-4b13-92f1-aa9cea55eeee", "78c0b6f8-4159-4047-b8ab-d42236ebbcfc"
    visit = Session().add("POST", "/orders", body="new=1", status=422, html="<h1>New</h1>", sent={"X-Call": first})
    visit.add("POST", "/orders", body="boat=Heron", status=303, location="/orders/7", sent={"X-Call": second})
    source = visit.add("GET", "/orders/7", html="<h1>Heron</h1>", sent={"X-Call": second}).source()
    plan, _ = parse_intent(print_intent(imported(visit).plan), "x.intent")
    assert plan is not None
    assert len(plan.variables) == 1
    assert not [f for f in prove(plan, source.recording, source.selection.kept).findings if "x-call" in f.message.lower()]
