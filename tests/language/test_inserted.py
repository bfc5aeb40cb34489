"""Values put into extractors: whatever a value is, it finds its own row and no other, by the reference meaning."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile_text

from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.extract import Response, extract, matches
from loadwright.compiler.plan.inserted import fill, fill_pattern, written_value
from loadwright.compiler.plan.jsonpath import parse_path
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CaptureSource,
    CssSource,
    HeaderSource,
    JsonSource,
    Plan,
    RegexSource,
    XPathSource,
)
from loadwright.compiler.plan.template import Reference, Template, Text, fixed, template
from loadwright.compiler.printer import print_intent

V = Reference(name="v")
_visible = hostile_text(1).filter(lambda text: text.isprintable() and text.strip() == text and text)


def _valued(value: str) -> Callable[[Template], str]:
    def text(of: Template) -> str:
        return "".join(part.value if isinstance(part, Text) else value for part in of.parts)

    return text


def found(source: CaptureSource, text: str, value: str, headers: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return list(matches(fill(source, _valued(value)), Response("https://shop.example.com/", headers, text)))


@given(value=hostile_text(), other=hostile_text())
def test_a_json_path_finds_the_value_and_no_other(value: str, other: str) -> None:
    rows = [{"k": value, "id": "mine"}, *([{"k": other, "id": "other"}] if other != value else [])]
    text = json.dumps({"rows": rows, "by": {row["k"]: row["id"] for row in rows}})
    assert found(JsonSource(path=template("$.rows[?@.k=='", V, "'].id")), text, value) == ["mine"]
    assert found(JsonSource(path=template('$.rows[?(@.k == "', V, '")].id')), text, value) == ["mine"]
    assert found(JsonSource(path=template("$.by['", V, "']")), text, value) == ["mine"]


@given(value=hostile_text(), other=hostile_text())
def test_a_pattern_and_boundaries_find_the_value_itself(value: str, other: str) -> None:
    text = f"<{other}\x01=no><{value}\x01=mine>"
    if value != other:
        assert found(RegexSource(pattern=template("<", V, "\x01=([a-z]+)>")), text, value) == ["mine"]
        assert found(BoundarySource(left=template("<", V, "\x01="), right=">"), text, value) == ["mine"]


@given(value=_visible, other=_visible)
def test_a_selector_and_an_xpath_find_the_value_and_no_other(value: str, other: str) -> None:
    rows = [(value, "mine"), *([(other, "other")] if other != value else [])]
    page = "".join(f'<p data-k="{html.escape(k)}">{i}</p>' for k, i in rows)
    for quote in "'\"":
        assert found(CssSource(selector=template(f"p[data-k={quote}", V, f"{quote}]")), page, value) == ["mine"]
    xml = f"<a>{''.join(f'<r><k>{html.escape(k)}</k><i>{i}</i></r>' for k, i in rows)}</a>"
    assert found(XPathSource(path=template('//r[k="', V, '"]/i')), xml, value) == ["mine"]


@pytest.mark.parametrize(
    ("pattern", "value", "filled"),
    [
        (template("a{", V, "}"), "3", "a{(?:3)}"),
        (template(r"(a)\1", V), "0", r"(a)\1(?:0)"),
        (template(V, "?b"), "ab", "(?:ab)?b"),
        (template("a", V, "b"), ".*", r"a\.\*b"),
        ("plain", "x", "plain"),
    ],
)
def test_a_value_does_not_melt_into_the_pattern_around_it(pattern: str | Template, value: str, filled: str) -> None:
    assert fill_pattern(pattern, _valued(value)) == filled


@pytest.mark.parametrize(("value", "literal"), [("5", "5"), ("-1.50e3", "-1.50e3"), ("05", "'05'"), ("x'", "'x\\''"), ("", "''")])
def test_a_bare_value_is_a_number_where_it_is_written_as_one(value: str, literal: str) -> None:
    assert written_value(value) == literal
    source = fill(JsonSource(path=template("$[?@.n == ", V, "]")), _valued(value))
    assert isinstance(source, JsonSource)
    assert parse_path(fixed(source.path))


def test_a_character_that_frames_use_is_a_value_as_any_other() -> None:
    row = json.dumps([{"k": "\U000f0000", "id": "mine"}, {"k": "x", "id": "no"}])
    assert found(JsonSource(path=template("$[?@.k=='", V, "'].id")), row, "\U000f0000") == ["mine"]
    assert found(JsonSource(path=template("$[?@.k=='\U000f0000' && @.id=='", V, "'].k")), row, "mine") == ["\U000f0000"]


def test_a_header_takes_values_too() -> None:
    source = HeaderSource(name="Location", pattern=template("n=", V, "&id=([0-9]+)"))
    assert found(source, "", "a+b", (("Location", "/x?n=aab&id=1"), ("Location", "/x?n=a+b&id=2"))) == ["2"]


def test_a_source_with_values_needs_them() -> None:
    capture = Capture(name="x", source=JsonSource(path=template("$['", V, "']")))
    with pytest.raises(ValueError, match="not put in"):
        extract(capture, Response("", (), "{}"))


def test_fixed_text_has_one_form() -> None:
    assert JsonSource(path=template("$.a")) == JsonSource(path="$.a")
    assert JsonSource(path=template("$.a")).model_dump() == JsonSource(path="$.a").model_dump()


@given(text=st.sampled_from(("a${b}", "\\${b}", "\\\\${b}", "$${b}", "a$")), value=st.booleans())
def test_text_that_looks_like_a_value_comes_back_as_text(text: str, value: bool) -> None:
    plan = _plan("regex /x/")
    read = plan.journeys[0].nodes[0].actions[0]  # type: ignore[union-attr]
    pattern = template(text, Reference(name="id")) if value else text
    capture = Capture(name="a", source=RegexSource(pattern=pattern))
    changed = _with(plan, read.model_copy(update={"captures": (read.captures[0], capture)}))  # type: ignore[union-attr]
    again, _ = parse_intent(print_intent(changed), "again.intent")
    assert again == changed


def _plan(source: str) -> Plan:
    text = f"""intent "T"
target shop = "https://shop.example.com"
journey j {{ step "s" {{ GET "/" {{ capture id = json "$.id"; capture a = {source} }} GET "/${{a}}" }} }}"""
    return parse_intent(text, "t.intent")[0]


def _with(plan: Plan, request: object) -> Plan:
    journey = plan.journeys[0]
    step = journey.nodes[0]
    changed = step.model_copy(update={"actions": (request, *step.actions[1:])})  # type: ignore[union-attr]
    return plan.model_copy(update={"journeys": (journey.model_copy(update={"nodes": (changed,)}),)})
