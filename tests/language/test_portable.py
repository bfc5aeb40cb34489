"""Regular expressions: the tables' reference, what is refused and why, and what backtracks badly."""

from __future__ import annotations

import pytest
from conformance.tables import load_tables

from loadwright.compiler.plan.extract import Response, matches
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.patterns import compile_pattern, groups_inside, is_plain, parse_pattern, reads_units_alike
from loadwright.compiler.portable import regex_backtracking, regex_problem

TABLES = load_tables("regex")


@pytest.mark.parametrize("name", list(TABLES))
def test_the_reference_finds_what_the_table_says(name: str) -> None:
    response = Response("", (), TABLES[name]["document"])
    for case in TABLES[name]["cases"]:
        assert regex_problem(case["pattern"]) is None
        found = list(matches(RegexSource(pattern=case["pattern"]), response))
        wanted = case["found"]
        assert (found[: len(wanted)] if case.get("first") else found) == wanted, case["pattern"]


REFUSED = {
    r"(a)?\1": r"`\1` may stand for a group that has not matched",
    r"(?:(a)|b)\1": r"`\1` may stand for a group that has not matched",
    r"(?:(a)|b)+": "a group that a round of a repetition can leave out",
    r"(?:(a)?b)*": "a group that a round of a repetition can leave out",
    r"(?!(a)b)c": "a group inside `(?!…)` captures nothing",
    r"(?=a)*b": "a repeated anchor",
    r"(a*)*": "a repetition of what can be empty",
    r"(?:a?|b)+": "a repetition of what can be empty",
    r"(?:){3}": "a repetition of what can be empty",
    r"a\012": r"`\0` before a digit",
    r"[a&&b]": "`[`, `&&`, `||`, `~~` and `--` in a class",
    r"[[]": "`[`, `&&`, `||`, `~~` and `--` in a class",
    r"a\Z": r"`\Z` is not the same everywhere",
}


@pytest.mark.parametrize("pattern", list(REFUSED))
def test_what_engines_disagree_about_is_refused_with_the_reason(pattern: str) -> None:
    assert (regex_problem(pattern) or "").startswith(REFUSED[pattern])


BAD = {
    "inside a repetition": [
        "(a+)+", "(.*)*", r"(\w+\s*)+;", r'"(?:[^"\\]+|\\.)*"', r"(?:\d{1,3})+x", "([a-z]+)*=", "(.*,)+", "((ab)+)+c", "(?:a?a)+b",
    ],
    "alternatives": ["(a|a)*b", r"(\w|\d)*x", "(ab|a.)*x", r"(?:\s|\n)+x"],
    "side by side": [".*.*x", r"\s*\s+x", r"\d+\d*", "(a*)(a*)b", ".+x?.+", "(?:x+x+)+y"],
}  # fmt: skip
GOOD = [
    *(
        "a",
        "a+",
        r"(\w+,)+",
        r'"((?:[^"\\]|\\.)*)"',
        r"(\d{1,3}\.){3}\d{1,3}",
        r"id:\s*(.*?)\s*;",
        "(.*),(.*)",
        r"<a[^>]*>\s*(.*?)</a>",
    ),
    *("(a|b)*c", r"(?:\s|&nbsp;)*x", r"name=\"(\w+)\" value=\"([^\"]*)\"", r"\d+[a-z]+", "(?:a,?)+", r"(?=(a+))b", r"(a+)b\1"),
]


@pytest.mark.parametrize(("words", "pattern"), [(words, pattern) for words, patterns in BAD.items() for pattern in patterns])
def test_what_backtracks_badly_is_known(words: str, pattern: str) -> None:
    assert words in (regex_backtracking(pattern) or "")


@pytest.mark.parametrize("pattern", GOOD)
def test_what_does_not_is_left_alone(pattern: str) -> None:
    assert regex_backtracking(pattern) is None


@pytest.mark.parametrize("pattern", ["(", "(?<a", "(?i)(a+)+", "(?P<x>a+)+", "*", "[", "a{2,1}", "\\", "(?:" * 5000 + ")" * 5000])
def test_a_pattern_of_another_kind_is_not_judged(pattern: str) -> None:
    assert regex_backtracking(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "alike"),
    [
        (r'"([^"]*)"', True), (r"id=(.*)", True), (r"(.*?)x", True), (r"(\w+)", True), (r"[^a]+$", True), (r"(.+?)", False),
        (".", False), (".{3}", False), (r".*\S", False), (".*x?", False), (".*x*y", False), ("😀", False), (r"(.*)\1", False),
        (r"(?:.*|a)b", False), (r".*(?!a)", False), (r"(.*)(?=;)", True),
    ],
)  # fmt: skip
def test_where_utf_16_units_do_as_well_as_characters(pattern: str, alike: bool) -> None:
    assert reads_units_alike(pattern) is alike


def test_the_tree_of_a_pattern_counts_its_groups() -> None:
    pattern = r"(a)(?:b(c))(?=(d))[(](e|f)+\("
    assert is_plain(pattern)
    assert groups_inside(parse_pattern(pattern)) == {1, 2, 3, 4}
    assert compile_pattern(pattern).groups == 4


def test_groups_nest_to_some_depth() -> None:
    assert regex_problem("(" * 50 + "a" + ")" * 50) is None
    assert regex_problem("(" * 51 + "a" + ")" * 51) == "the groups nest too deeply"
    assert regex_problem("(?:" * 5000 + "a" + ")" * 5000)
