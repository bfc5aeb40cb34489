"""JSONPaths: the tables, a library of RFC 9535 as oracle, what is refused, and numbers that keep their digits."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import jsonpath_rfc9535
import pytest
from conformance.tables import load_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from loadwright.compiler.plan.jsonpath import (
    DEEPEST,
    Digits,
    JsonPathError,
    find,
    json_text,
    load_json,
    parse_path,
    quote_name,
    quote_value,
)
from loadwright.compiler.portable import json_path_problem

TABLES = load_tables("jsonpath")


def found(document: str, path: str) -> list[str | None]:
    try:
        value = load_json(document)
    except ValueError:
        return []
    return [None if item is None else json_text(item) for item in find(value, path)]


@pytest.mark.parametrize("name", list(TABLES))
def test_the_reference_finds_what_the_table_says(name: str) -> None:
    document = TABLES[name]["document"]
    assert [(c["path"], found(document, c["path"])) for c in TABLES[name]["cases"]] == [
        (c["path"], c["found"]) for c in TABLES[name]["cases"]
    ]


NAMES = ["a", "b", "k-1", "it's", "", "é", "10", "9", "\n"]
LITERALS = ["0", "1", "-1", "1.0", "10e-1", "2.5", "true", "false", "null", "'a'", "''", "'b'", "'é'", '"a"']


def _name(name: str) -> str:
    return quote_value(name)


selectors = st.one_of(
    st.sampled_from(NAMES).map(_name),
    st.integers(-4, 4).map(str),
    st.just("*"),
    st.tuples(*[st.none() | st.integers(-4, 4)] * 3).map(lambda s: ":".join("" if n is None else str(n) for n in s)),
)
singular = st.lists(st.one_of(st.sampled_from(NAMES).map(_name), st.integers(-3, 3).map(str)), max_size=2).map(
    lambda s: "".join(f"[{x}]" for x in s)
)


def _filters(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operands = st.one_of(
        st.sampled_from(LITERALS),
        st.builds(lambda start, path: start + path, st.sampled_from("@$"), singular),
        singular.map(lambda path: f"length(@{path})"),
        inner.map(lambda path: f"count(@{path})"),
    )
    comparisons = st.tuples(operands, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), operands).map(" ".join)
    basics = comparisons | inner.map(lambda path: f"@{path}") | inner.map(lambda path: f"!@{path}")
    return st.recursive(
        basics,
        lambda t: st.one_of(
            st.tuples(t, st.sampled_from(["&&", "||"]), t).map(lambda p: f"({p[0]} {p[1]} {p[2]})"), t.map(lambda x: f"!({x})")
        ),
        max_leaves=3,
    ).map(lambda test: f"?{test}")


def _segments(of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracketed = st.lists(of, min_size=1, max_size=2).map(lambda s: f"[{', '.join(s)}]")
    return st.lists(bracketed | bracketed.map(lambda b: f"..{b}"), min_size=1, max_size=2).map("".join)


plain_paths = _segments(selectors)
paths = _segments(selectors | _filters(plain_paths)).map(lambda path: f"${path}")
documents = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([1.0, 2.5, -1.5]), st.sampled_from(["a", "b", "", "é"])
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=12,
)


def _as_floats(value: Any) -> Any:
    """Numbers as Python's own, so that values compare by what they are."""
    if isinstance(value, Digits):
        return float(value)
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return {name: _as_floats(item) for name, item in value.items()} if isinstance(value, dict) else value


@settings(max_examples=700, deadline=None)
@given(documents, paths)
def test_paths_find_what_a_library_of_the_rfc_finds(document: Any, path: str) -> None:
    theirs = [node.value for node in jsonpath_rfc9535.find(path, document)]
    ours = [_as_floats(value) for value in find(load_json(json.dumps(document)), path)]
    assert repr(ours) == repr([_as_floats(load_json(json.dumps(value))) for value in theirs])


@given(st.text(st.characters(codec="utf-8"), max_size=6), st.text(st.characters(codec="utf-8"), max_size=6))
def test_any_name_and_any_text_can_be_quoted(name: str, other: str) -> None:
    document = {name: {"x": other}, name + "2": {"x": other + "!"}}
    assert find(document, f"${quote_name(name)}.x") == [other]
    assert find(document, f"$[?@.x=={quote_value(other)}].x") == [other]


decimals = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)


@given(decimals, decimals)
def test_numbers_compare_exactly_and_keep_their_digits(one: str, other: str) -> None:
    document = load_json(f'[{{"n": {one}}}]')
    relations: dict[str, Callable[[Decimal, Decimal], bool]] = {
        "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    }  # fmt: skip
    for relation, holds in relations.items():
        taken = find(document, f"$[?@.n{relation}{other}].n")
        assert taken == ([one] if holds(Decimal(one), Decimal(other)) else [])


REFUSED = {
    "": "a path starts with `$`",
    "a.b": "a path starts with `$`",
    "$.": "`.` at character 2 is not in the subset",
    "$..": "`.` at character 3 is not in the subset",
    "$[": "the path ends too early",
    "$.a ": "` ` at character 4 is not in the subset",
    "$.a[01]": "`1]` at character 6 is not in the subset",
    "$.a[-0]": "`-0]` at character 5 is not in the subset",
    "$[9007199254740992]": "`9007199254740992` is no index: they have no leading zeros and go up to 2^53 - 1",
    "$.k-1": "`k-1` at character 3: write a name with other characters as `['name']`",
    "$[a]": "`a]` at character 3 is not in the subset",
    "$[?@.a=='x\\q']": "`'x\\q']` at character 9 is not in the subset",
    "$[?'x']": "`]` at character 7: a value is compared with another: `==`, `!=`, `<`, `<=`, `>` or `>=`",
    "$[?@.* == 1]": "`@.* == 1]` at character 4: what is compared selects one value: only `.name`, `['name']` and `[0]`",
    "$[?@.a = 1]": "`= 1]` at character 8 is not in the subset",
    "$[?match(@.a, 'x')]": "`match(@.a, 'x')]` at character 4: `match()` is not in the subset: "
    "the functions are `length()` and `count()`",
    "$[?count(1) > 2]": "`count(1) > 2]` at character 4: `count()` takes a path",
    "$[?length(@.*) > 2]": "`length(@.*) > 2]` at character 4: `length()` takes a path that selects one value",
    "$['\\ud800']": "`'\\ud800'` holds half of a surrogate pair",
    "$[?" + "(" * 50 + "@.a" + ")" * 50 + "]": "filters and parentheses nest deeper than 40 levels",
    "$" + "[?@" * 3000: "filters and parentheses nest deeper than 40 levels",
}


@pytest.mark.parametrize("path", list(REFUSED), ids=lambda path: path[:20])
def test_what_is_outside_the_subset_is_refused_with_the_reason(path: str) -> None:
    assert json_path_problem(path) == REFUSED[path]


@given(st.text("$@.[]()?*'\"\\,:!=<>&| abc019-", max_size=20))
def test_a_path_is_read_or_refused(text: str) -> None:
    try:
        segments = parse_path("$" + text)
    except JsonPathError:
        return
    assert isinstance(find(load_json('{"a": [1, {"b": "c"}]}'), "$" + text), list)
    assert isinstance(segments, tuple)


def test_what_nests_too_deeply_is_no_json() -> None:
    assert found("[" * DEEPEST + "]" * DEEPEST, "$[0][0]") != []
    for depth in (DEEPEST + 1, 100_000):
        with pytest.raises(ValueError, match="nests too deeply"):
            load_json("[" * depth + "]" * depth)
        with pytest.raises(ValueError, match="nests too deeply"):
            load_json('{"a":' * depth + "1" + "}" * depth)
