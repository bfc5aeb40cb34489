"""The grammar itself, and what is portable. Needs nothing but Python."""

from __future__ import annotations

import re
import time

import pytest
from lark import Lark

from loadwright import grammar
from loadwright.compiler import nodes
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.parser import parse
from loadwright.compiler.passes.names import RESERVED
from loadwright.compiler.plan.model import FormBody, Request, Step
from loadwright.compiler.plan.node import Placed, SourceOrigin
from loadwright.compiler.portable import json_path_problem, regex_problem, selector_problem
from loadwright.compiler.printer import print_intent
from loadwright.compiler.source import Span
from loadwright.compiler.vocabulary import described


def test_every_terminal_has_plain_words() -> None:
    lark = Lark(grammar.text(), parser="lalr", lexer="contextual")
    unseen = {"CHARACTERS", "ESCAPE", "_LINE_END", "_BAD_ESCAPE", "_INTERPOLATE", "COMMENT", "WHITE_SPACE"}
    assert [t.name for t in lark.terminals if t.name not in unseen and t.name in described(t.name)] == []


def test_comments_stand_beside_what_they_speak_of() -> None:
    tree = parse('# a\nintent "x" # b\njourney j { # c\n  # d\n  think 1s # e\n  # f\n}\n# g', "c.intent")
    placed = [(c.text, c.place, type(c.statement).__name__) for c in tree.comments]
    assert placed == [
        ("a", "before", "Title"),
        ("b", "after", "Title"),
        ("c", "before", "Journey"),
        ("d", "before", "Think"),
        ("e", "after", "Think"),
        ("f", "inside", "Journey"),
        ("g", "inside", "NoneType"),
    ]


def test_every_node_of_the_tree_and_of_the_plan_knows_its_place() -> None:
    text = (
        'intent "x"\ntarget t = "https://a.example"\njourney j { step "s" { POST "/" { form { a = "b" }; expect status 200 } } }\n'
    )
    lines = text.split("\n")

    def written(span: object) -> str:
        assert isinstance(span, Span)
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    assert [written(s.span).split()[0] for s in nodes.statements(parse(text, "p"))] == [
        "intent",
        "target",
        "journey",
        "step",
        "POST",
        "form",
        "a",
        "expect",
    ]
    plan, _ = parse_intent(text, "p")
    step = plan.journeys[0].nodes[0]
    assert isinstance(step, Step)
    request = step.actions[0]
    assert isinstance(request, Request)
    assert isinstance(request.body, FormBody)
    places: list[Placed] = [
        plan.targets[0],
        plan.journeys[0],
        request,
        request.body,
        request.body.fields[0],
        request.expectations[0],
    ]
    assert [written(p.origin.span)[:6] for p in places if isinstance(p.origin, SourceOrigin)] == [
        "target",
        "journe",
        'POST "',
        "form {",
        'a = "b',
        "expect",
    ]


def _cost(steps: int) -> float:
    """Seconds of CPU that reading and printing so many steps takes."""
    post = 'POST "/a/{0}" {{ header "A" = "b"; form {{ type = "b"; c = "${{x}}" }}; capture n{0} = json "$.a" }}'
    step = 'step "s{0}" {{ ' + post + ' GET "/${{n{0}}}" }}\n'
    journey = "".join(step.format(number) for number in range(steps))
    text = f'intent "x"\ntarget t = "https://a.example"\nlet x = "1"\njourney j {{ {journey} }}'
    started = time.process_time()
    plan, found = parse_intent(text, "long.intent")
    print_intent(plan)
    assert not found
    return time.process_time() - started


def test_reading_and_printing_is_linear_in_the_number_of_steps() -> None:
    _cost(1)
    assert _cost(1000) < 12 * _cost(250), "a loop over a loop"


PORTABLE = (
    "a",
    r"(\w+)=([^&]*)",
    "a|b",
    r"\d{2,}",
    r"[\]a-z]+",
    r"x(?=y)(?!z)",
    r"(a)(?:b)\1",
    r"\.\+\*",
    "é😀",
    "[+*]",
    r"\(\?<",
    "[(?<]",
)


@pytest.mark.parametrize("pattern", PORTABLE)
def test_patterns_that_mean_the_same_everywhere(pattern: str) -> None:
    assert regex_problem(pattern) is None


NOT_PORTABLE = (
    *("(?<=a)b", "(?<!a)b", "(?P<n>a)", "(?i)a", "(?>a)", "(?#c)a", "(a)(?(1)a|b)", "a++", "a*+", "a?+", "a{2}+", "a{,3}"),
    *(r"\p{L}", r"\Qa\E", r"\Aa", r"a\Z", r"\u0041", r"[\b]", "[[:alpha:]]", "[]a]", "[^]a]", "(", "["),
)


@pytest.mark.parametrize("pattern", NOT_PORTABLE)
def test_patterns_that_do_not(pattern: str) -> None:
    assert regex_problem(pattern)


def test_paths_and_selectors() -> None:
    assert [json_path_problem(p) for p in ("$", "$.a['b'][0][*]", "$.x[?(@.n=='t')].id")] == [None] * 3
    assert all(json_path_problem(p) for p in ("", "a", "$.a[b]", "$.a[01]", "$.a[?(@.n>)]", "$.a[?match(@.n, 'x')]"))
    assert [selector_problem(s) for s in ("a", "input[name='x']", "form > b:first-child")] == [None] * 3
    assert all(selector_problem(s) for s in ("", " ", "a[", ">>"))


_NAMED = """
intent "x"
target {target} = "http://127.0.0.1"
secret {secret} from env "A"
let {variable} = "a"
fragment {fragment}({parameter}) {{
  GET {target} "/${{{parameter}}}"
}}
journey {journey} {{
  step "a" {{
    GET {target} "/${{{variable}}}" {{ header "a" = "${{{secret}}}"; capture {capture} = json "$.a" }}
    GET {target} "/${{{capture}}}" {{ json {{ {capture}: {capture} }}; }}
    use {fragment}("a")
  }}
}}
load {load} {{ {journey}: 1 user, 1 iteration }}
load mixed {{ mix 2 users for 1m {{ {journey}: 60%; second: 40% }} }}
journey second {{ step "b" {{ GET {target} "/" }} }}
"""
"""A text with a name of each kind."""


def test_a_name_may_be_a_word_of_the_language() -> None:
    found = re.findall("[a-z]{2,}", " ".join(t.pattern.value for t in Lark(grammar.text(), parser="lalr").terminals))
    words = sorted({*found} - {*RESERVED, "mixed", "second"})
    kinds = ("target", "fragment", "journey", "load", "secret", "variable", "parameter", "capture")
    for first in range(len(words)):  # every word is once a name of each kind; what shares a name space has different ones
        named = {kind: words[(first + n) % len(words)] for n, kind in enumerate(kinds)}
        plan, _ = parse_intent(_NAMED.format(**named), "names.intent")
        assert parse_intent(print_intent(plan), "names.intent")[0] == plan, named
