"""Text in a JMX: what JMeter makes of it is what was meant, whatever it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jmeter_support import evaluate_property
from lxml import etree
from strategies import HOSTILE, hostile_text

from loadwright.backends.jmeter.css import jsoup_selector
from loadwright.backends.jmeter.escape import Expression, property_text, variable
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.patterns import extraction_group, is_extractable, is_oro
from loadwright.backends.jmeter.xml import Element, document, java_hash, string
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.model import CssSource


def _through_xml(text: str) -> str:
    """A property's text after it was written to a file and read back."""
    jmx = document(Element("TestPlan", "TestPlanGui", property_text("name"), (string("value", text),)))
    found = etree.fromstring(jmx.encode()).find(".//stringProp")
    assert found is not None
    return found.text or ""


@given(hostile_text())
def test_any_text_is_well_formed_xml_and_evaluates_to_itself(text: str) -> None:
    assert evaluate_property(_through_xml(property_text(text))) == text


@given(st.lists(st.one_of(hostile_text(), st.sampled_from([variable("a"), variable("b.c")])), max_size=6))
def test_any_mixture_of_text_and_variables_evaluates_to_their_concatenation(parts: list[str | Expression]) -> None:
    values = {"a": "A\\${b.c}", "b.c": "1,2)"}
    expected = "".join(part if isinstance(part, str) else values[part.text[2:-1]] for part in parts)
    assert evaluate_property(_through_xml(property_text(*parts)), values) == expected


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        (("a\\b",), "a\\b"),
        (("a\\b", variable("x")), "a\\\\b${x}"),
        (("${x}",), "${__char(36)}{x}"),
        (("$", variable("x")), "$${x}"),
        (("\\${x}",), "\\\\${__char(36)}{x}"),
        (("a\x00b",), "a${__char(0)}b"),
        (("$", "{x}"), "${__char(36)}{x}"),
        (("plain, text)",), "plain, text)"),
    ],
)
def test_text_is_written_plainly_where_it_can_be(parts: tuple[str | Expression, ...], written: str) -> None:
    assert property_text(*parts) == written


def test_names_of_elements_keep_line_ends_and_quotes() -> None:
    name = 'GET "/a"\n</x> & é\t'
    jmx = document(Element("TestPlan", "TestPlanGui", property_text(name)))
    found = etree.fromstring(jmx.encode()).find(".//TestPlan")
    assert found is not None
    assert found.get("testname") == name


@given(hostile_text())
def test_a_groovy_literal_holds_nothing_that_jmeter_or_groovy_would_evaluate(text: str) -> None:
    written = literal(text)
    inside = written[1:-1]
    assert "${" not in written
    assert written == f"'{inside}'"
    assert not re.search(r"(?<!\\)(?:\\\\)*'", inside)
    assert _through_xml(written) == written
    assert _unescape(inside) == text


def _unescape(inside: str) -> str:
    simple = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(
        r"\\(u([0-9a-f]{4})|.)", lambda m: chr(int(m[2], 16)) if m[2] else simple.get(m[1], m[1]), inside, flags=re.DOTALL
    )


def test_every_hostile_text_is_tried_as_it_is() -> None:
    for text in HOSTILE:
        assert evaluate_property(_through_xml(property_text(text, text))) == text * 2


def test_collections_are_named_by_the_java_hash() -> None:
    assert [java_hash(text) for text in ("", "200", "http", "漢", "😀")] == [0, 49586, 3213448, 0x6F22, 0xD83D * 31 + 0xDE00]
    assert java_hash("polygenelubricants") == -(2**31)


@pytest.mark.parametrize(
    ("pattern", "safe"),
    [
        (r"a(b)\d+?", True),
        (r"(?i)name=\"([^\"]*)\"", True),
        (r"x(?=y)", True),
        (r"(?:a|b)", True),
        (r"\(?<x", True),
        (r"(?<=a)b", False),
        (r"(?P<n>a)", False),
        (r"(?>a)", False),
        (r"a++", False),
        (r"\p{L}", False),
        (r"\u00e9", False),
        (r"(?i:a)", False),
        (r"[a&&b]", False),
    ],
)
def test_patterns_that_the_usual_engine_reads_otherwise_are_known(pattern: str, safe: bool) -> None:
    assert is_oro(pattern) is safe


@pytest.mark.parametrize(
    ("pattern", "group"),
    [("a(b)", 1), ("ab", 0), (r"a\(b", 0), ("[(]", 0), ("(?:a)b", 0), ("(?:a)(b)", 1), ("(?P<n>a)", 1), ("(?=a)", 0)],
)
def test_the_first_group_is_taken_or_else_the_whole(pattern: str, group: int) -> None:
    assert extraction_group(pattern) == group


@pytest.mark.parametrize(
    ("pattern", "extractable"),
    [
        ("(?:a|b)=(c)", True),
        ("(a|b)", True),
        ("[|](a)", True),
        ("(a)?b", False),
        ("(a)|b", False),
        ("x(?:y(a))*z", False),
        ("(?:x|y(a))", False),
        ("(a){0,2}b", False),
        ("(?:x(a))+z", True),
        ("a|b", True),
    ],
)
def test_a_group_that_may_take_no_part_is_not_left_to_the_extractor(pattern: str, extractable: bool) -> None:
    assert is_extractable(pattern) is extractable


@pytest.mark.parametrize(
    ("selector", "attribute", "written"),
    [
        ("input[name=csrf]", "value", "input[name=csrf][value]"),
        ("h1, h2", None, "h1, h2"),
        ("h1, h2", "id", ":is(h1, h2)[id]"),
        ('a[rel~="x.y"]', None, r"a[rel~=(?:^|\s)x\.y(?:\s|$)]"),
        ("p[lang|=en]", None, "p[lang~=^en(?:-|$)]"),
        ('a[href="a:b"]:not(.c):nth-child(2)', None, 'a[href="a:b"]:not(.c):nth-child(2)'),
        (":where(a)", None, ":is(a)"),
    ],
)
def test_selectors_are_written_for_jsoup(selector: str, attribute: str | None, written: str) -> None:
    assert jsoup_selector(CssSource(selector=selector, attribute=attribute), None) == written


def test_a_pseudo_class_that_jsoup_lacks_is_refused() -> None:
    with pytest.raises(LoadwrightError) as raised:
        jsoup_selector(CssSource(selector="input:checked"), None)
    assert [d.code for d in raised.value.diagnostics] == ["jmeter-selector"]
