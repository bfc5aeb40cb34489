"""The laws of text and Plan, for any Plan and any text. Needs nothing but Python."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from plan_strategies import plans, write_files
from strategies import hostile_text
from whole_plans import whole_plans, write_all_files

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.format import format_intent
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.lower import lower
from loadwright.compiler.parser import parse
from loadwright.compiler.plan.model import If, Journey, MultipartBody, Plan, Request, Step, Target, ValuePart, Variable
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.plan.traverse import plan_nodes
from loadwright.compiler.printer import Notes, print_intent

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)

WHOLE = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
"""Plans are large: to make one smaller takes minutes."""


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp())


@QUICK
@given(plan=plans())
def test_a_printed_plan_reads_back_equal_and_prints_the_same(folder: Path, plan: Plan) -> None:
    write_files(plan, folder)
    text = print_intent(plan)
    again, _ = parse_intent(text, "plan.intent", folder)
    assert again == plan
    assert print_intent(again) == text
    assert format_intent(text, "plan.intent") == text


@WHOLE
@given(plan=whole_plans())
def test_a_plan_with_everything_reads_back_equal_and_prints_the_same(folder: Path, plan: Plan) -> None:
    write_all_files(plan, folder)
    text = print_intent(plan)
    again, _ = parse_intent(text, "whole.intent", folder)
    assert again == plan
    assert print_intent(again) == text
    assert format_intent(text, "whole.intent") == text
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@QUICK
@given(plan=plans())
def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@QUICK
@given(text=st.one_of(st.text(), hostile_text()))
@example(text='let a = "' + "${" * 3000)
@example(text="let a = " + '"${' * 3000 + "x" + '}"' * 3000)
@example(text='journey a { step "b" { POST "/" { json ' + "[" * 5000 + "] * 5000")
@example(text="load a { b: " + "9" * 5000 + " users }")
@example(text="goals { p95 < " + "9" * 5000 + "s }")
@example(text='let x = "\\u{110000}"')
@example(text='intent "\ud800"')
@example(text="\ufeff")
@example(text='intent "x" # \x00 \u2028')
def test_any_text_gives_a_tree_or_a_diagnostic_with_a_place_in_it(text: str) -> None:
    _read(text)


@QUICK
@given(plan=plans(), seed=st.integers(0, 10**6))
def test_a_damaged_intent_gives_a_tree_or_a_diagnostic(plan: Plan, seed: int) -> None:
    text, chance = print_intent(plan), random.Random(seed)
    for _ in range(8):
        start = chance.randrange(len(text))
        piece = chance.choice(("", '"', "{", "}", "\\", "${", "\n", ";", "7", "true", text[start : start + chance.randrange(9)]))
        _read(text[:start] + piece + text[start + chance.randrange(3) :])


@WHOLE
@given(plan=whole_plans(), seed=st.integers(0, 10**6))
def test_a_damaged_intent_with_everything_gives_a_tree_or_a_diagnostic(plan: Plan, seed: int) -> None:
    text, chance = print_intent(plan), random.Random(seed)
    words = re.findall(r"[A-Za-z_]+", text)
    for _ in range(6):
        start = chance.randrange(len(text))
        end = text.find(" ", start)
        piece = chance.choice((chance.choice(words), "", "}", "{ }", '""', "0", text[start : start + 9]))
        _read(text[:start] + piece + text[end if end > 0 else start :])


def _read(text: str) -> None:
    lines = text.removeprefix("\ufeff").split("\n")
    for diagnostic in _findings(text):
        span = diagnostic.span
        assert span is not None, diagnostic
        assert 1 <= span.line <= span.end_line <= len(lines), diagnostic
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1, diagnostic
        assert (span.line, span.column) < (span.end_line, span.end_column), diagnostic
        assert diagnostic.message
        assert not diagnostic.message.endswith(".")


def _findings(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a text; any other exception is a defect."""
    try:
        _, found = parse_intent(text, "any.intent")
    except LoadwrightError as error:
        return error.diagnostics if errors(error.diagnostics) else (Diagnostic("none", "an error without an error"),)
    return tuple(found)


@QUICK
@given(plan=plans(), note=hostile_text(1))
def test_notes_never_change_what_a_text_says(folder: Path, plan: Plan, note: str) -> None:
    write_files(plan, folder)
    nodes = [plan, *plan.targets, *plan.journeys, *plan.loads, *(node for journey in plan.journeys for node in journey.nodes)]
    numbered = {id(node): note for node in nodes}
    text = print_intent(plan, Notes(numbered, numbered, numbered))
    assert parse_intent(text, "noted.intent", folder)[0] == plan


@WHOLE
@given(plan=whole_plans())
def test_a_comment_on_any_node_stays_with_it(folder: Path, plan: Plan) -> None:
    write_all_files(plan, folder)
    noted = [node for node in (*plan.fragments, *plan.journeys, *plan_nodes(plan), *plan.loads) if not isinstance(node, If)]
    numbered = {id(node): f"note {number}." for number, node in enumerate(noted)}
    text = print_intent(plan, Notes(before=numbered))
    assert parse_intent(text, "noted.intent", folder)[0] == plan
    assert [text.count(f"# note {number}.\n") for number in range(len(numbered))] == [1] * len(numbered)
    assert format_intent(text, "noted.intent") == text


COMMENTED = """# zero
intent "Shop" # one
# two
target shop = "https://shop.example.com" # three

defaults { # four
  timeout 3s # five
  # six
}
journey buy { # seven
  # eight
  step "Open" {
    POST "/" { # nine
      query { a = "b" # ten
      }
      # eleven
      json { x: 1, # twelve
        # thirteen
        y: 2 } # fourteen
      redirects none # fifteen
      expect status 200 # sixteen
      # seventeen
    }
    # eighteen
  } # nineteen
  think 1s # twenty
}
goals { # twenty-one
  p95 < 1s # twenty-two
  # twenty-three
}
# twenty-four
"""


def test_formatting_keeps_every_comment_once_and_is_idempotent() -> None:
    once = format_intent(COMMENTED, "c.intent")
    written = [line.partition("# ")[2] for line in once.splitlines() if "# " in line]
    assert sorted(" ".join(written).split()) == sorted(c.text for c in parse(COMMENTED, "c.intent").comments)
    assert format_intent(once, "c.intent") == once
    assert lower(parse(once, "c.intent")).plan == lower(parse(COMMENTED, "c.intent")).plan


def test_layout_does_not_change_the_tree() -> None:
    dense = " ".join(line.partition("#")[0] for line in COMMENTED.splitlines())
    assert parse(dense, "a").declarations == parse(COMMENTED, "a").declarations
    assert parse(dense.replace(" ", "\r\n"), "a").declarations == parse(COMMENTED, "a").declarations


def test_a_value_called_file_is_no_file_part() -> None:
    parts = (ValuePart(name="a b", value=template(Reference(name="file"))), ValuePart(name="c d", value=template("x")))
    request = Request(name="POST /", method="POST", target="t", url=template("/"), body=MultipartBody(parts=parts))
    plan = Plan(
        name="x",
        targets=(Target(name="t", url="https://a.example"),),
        variables=(Variable(name="file", value=template("v")),),
        journeys=(Journey(name="j", nodes=(Step(name="s", actions=(request,)),)),),
    )
    assert parse_intent(print_intent(plan), "f.intent")[0] == plan


def test_words_of_the_language_are_names_where_only_a_name_fits() -> None:
    words = ("type", "name", "file", "text", "json", "expect", "header", "GET", "number", "true", "nth", "default", "capture")
    fields = "\n".join(f'{word} = "{word}"' for word in words)
    intent = f'intent "x" target shop = "https://a.example" journey type {{ step "s" {{ POST "/" {{ form {{ {fields} }} }} }} }}'
    plan, _ = parse_intent(intent, "w.intent")
    assert [f.name.literal for f in plan.journeys[0].nodes[0].actions[0].body.fields] == list(words)  # type: ignore[union-attr]
