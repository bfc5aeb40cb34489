"""Text, YAML and JSON say the same, comments included. Needs nothing but Python."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from strategies import hostile_text
from whole_plans import whole_plans

from loadwright import schemas
from loadwright.compiler.cli.convert import converted
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.documents.json_text import as_json
from loadwright.compiler.documents.read import read_plan
from loadwright.compiler.documents.source import read_tree
from loadwright.compiler.documents.tree import as_yaml
from loadwright.compiler.documents.write import document
from loadwright.compiler.format import format_intent
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import Notes, print_intent

ROOT = Path(__file__).parents[2]
TEXTS = sorted(
    (*(ROOT / "examples").rglob("*.intent"), *(p.with_suffix(".intent") for p in (ROOT / "tests/cases/language").glob("*.json")))
)
"""Every example, and every case that means a Plan."""
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schemas.load("intent"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_intent_comes_back_from_the_other_form(path: Path, form: str, validator: jsonschema.Draft202012Validator) -> None:
    text = format_intent(path.read_text("utf-8"), path.name)
    other = converted(text, path.name, form)
    assert converted(other, f"x.{form}", "intent") == text
    assert converted(other, f"x.{form}", form) == other
    validator.validate(yaml.safe_load(other) if form == "yaml" else json.loads(other))


@QUICK
@given(plan=whole_plans(), note=hostile_text(1))
def test_any_plan_comes_back_from_yaml_and_from_json(plan: Plan, note: str) -> None:
    numbered = {id(node): note for node in (plan, *plan.targets, *plan.journeys, *plan.loads, *plan.goals)}
    made = document(plan, Notes(numbered, numbered, numbered))
    wanted = print_intent(plan, Notes(numbered, numbered, numbered))
    for text, path in ((as_yaml(made), "x.yaml"), (as_json(made), "x.json")):
        again = read_plan(read_tree(text, path))
        assert print_intent(again.plan, again.notes) == wanted
        assert document(again.plan, again.notes) == made


@pytest.mark.parametrize("name", sorted(schemas.load("intent")["$defs"]))
def test_every_field_has_a_description_and_an_example_that_fits(name: str) -> None:
    schema = schemas.load("intent")
    for field, shape in schema["$defs"][name].get("properties", {}).items():
        assert shape["description"], field
        here = {**shape, "$defs": schema["$defs"]}
        for example in shape["examples"]:
            jsonschema.Draft202012Validator(here).validate(example)


YAML = """\
# yaml-language-server: $schema=intent.schema.json
# The shop.
intent: Shop
targets:
  - {name: shop, url: "https://shop.example.com"}  # the only one
journeys:
  - name: buy
    nodes:
      # First of all.
      - step: Open
        actions:
          - request: /
            headers:
              - name: X
                value: |
                  # no comment
                  yes
loads:
  - name: one
    workloads:
      - workload: buy
        model: {closed: 1, iterations: 1}
# The end.
"""


def test_comments_of_yaml_are_kept() -> None:
    assert converted(YAML, "x.yaml", "intent") == (
        '# The shop.\nintent "Shop"\n\n# the only one\ntarget shop = "https://shop.example.com"\n\n'
        'journey buy {\n  # First of all.\n  step "Open" {\n    GET "/" { header "X" = "# no comment\\nyes\\n" }\n  }\n}\n\n'
        "load one {\n  buy: 1 user, 1 iteration\n}\n\n# The end.\n"
    )


@pytest.mark.parametrize(
    ("wrong", "line", "message"),
    [
        ("intent: x\ntarget: []", 2, "an intent has no `target`"),
        ("intent: x\nloads: 3", 2, "`loads` is a list"),
        ("targets: []", 1, "an intent needs `intent`"),
        ("intent: x\nintent: y", 2, "`intent` is given twice"),
        ("- 1", 1, "a mapping is needed here, for an intent"),
        ("intent: x\ngoals: ['p95 <']", 2, ""),
        ("intent: x\nvariables: [{let: a, value: '${b'}]", 2, "`${` is not closed"),
        ("intent: x\nvariables: [{let: a, value: '${b'}, {lett: b}]", 2, "`${` is not closed"),
        ("intent: x\njourneys: [{name: a, nodes: [{stap: b}]}]", 2, "nothing in `nodes` is called `stap`"),
        ("intent: x\njourneys: [{name: a, nodes: [{think: fast}]}]", 2, "`minimum` is a duration such as `30s`"),
        ("intent: x\ndefaults: {redirects: maybe}", 2, "`redirects` cannot be `maybe`"),
        ("intent: 'x", 1, "the document is no YAML: found unexpected end of stream"),
        ("", 1, "the document is empty"),
        ("intent: &a [*a]", 1, ""),
    ],
)
def test_a_wrong_document_is_refused_at_its_place(wrong: str, line: int, message: str) -> None:
    with pytest.raises(LoadwrightError) as caught:
        converted(wrong, "x.yaml", "intent")
    first = caught.value.diagnostics[0]
    assert first.span is not None
    assert first.span.line == line
    assert message in first.message


@pytest.mark.parametrize(
    ("wrong", "place", "message"),
    [
        ('{"intent": "x",}', (1, 15), "there is a comma after the last item"),
        ('{"intent": "x"', (1, 15), "a `,` or `}` is missing"),
        ('{"intent": x}', (1, 12), "a value is missing"),
        ("{'intent': 1}", (1, 2), "a key is missing"),
        ('{"intent" "x"}', (1, 11), "a `:` is missing"),
        ('{"intent": "x"} 1', (1, 17), "there is more than one value"),
        ('{"intent": "\\x"}', (1, 13), "invalid"),
        ('{"intent": "x",\n\t"intent": "y"}', (2, 2), "`intent` is given twice"),
        ("[" * 5000, (1, 202), "nested too deeply"),
    ],
)
def test_wrong_json_is_refused_at_its_place(wrong: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(LoadwrightError) as caught:
        converted(wrong, "x.json", "intent")
    first = caught.value.diagnostics[0]
    assert message in first.message
    assert first.span is not None
    assert (first.span.line, first.span.column) == place


def test_json_may_be_laid_out_with_tabs_and_escapes() -> None:
    text = '{\n\t"intent": "\\ud83d\\ude00 \\u2028 \u2028 a\\/b",\r\n\t"variables": [{"let": "a", "value": "1"}]\n}'
    assert converted(text, "x.json", "intent") == 'intent "\U0001f600 \\u{2028} \\u{2028} a/b"\n\nlet a = "1"\n'


def test_several_errors_are_told_at_once() -> None:
    text = "intent: x\nvariables: [{let: a, value: '${b'}, {lett: b}]\ndefaults: {redirects: maybe}"
    with pytest.raises(LoadwrightError) as caught:
        converted(text, "x.yaml", "intent")
    assert len(caught.value.diagnostics) == 3
