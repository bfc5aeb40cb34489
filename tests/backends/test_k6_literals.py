"""Text in the script stays text. Needs Node.js."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from k6_support import NODE, needs_node
from strategies import HOSTILE, hostile_text

from loadwright.backends.k6.backend import K6Backend
from loadwright.backends.k6.literals import comment, key, member, string, template
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.regex import regex
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.template import Reference, Template, Text
from loadwright.compiler.plan.template import template as make

LONE = ("\ud800", "x\udfff", "\udc00\ud800")


def evaluated(program: str) -> object:
    """What a module's program writes, read as JSON."""
    done = subprocess.run([str(NODE), "--input-type=module"], input=program, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@needs_node
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(hostile_text(), min_size=80, max_size=80))
@example(
    [*HOSTILE, "</script><script>", "</SCRIPT", "$", "$$", "${", "$\\{", "\\", "\\`", "a`b${c}`", "\x7f", "\U000e0041", "\u202e"]
)
def test_node_reads_every_literal_as_the_text_it_was_made_of(texts: list[str]) -> None:
    lines = []
    for text in texts:
        mixed = template((False, text), (True, "x"), (False, text + "$"), (True, "x"), (False, "{" + text))
        lines.append(f"[{string(text)}, {mixed}, Object.keys({{ {key(text)}: 1 }})[0]], {comment(text)}")
    found = evaluated("const x = 'X';\nprocess.stdout.write(JSON.stringify([\n" + "\n".join(lines) + "\n]));\n")
    assert found == [[text, f"{text}X{text}$X{{{text}", text] for text in texts]


@needs_node
def test_lone_surrogates_are_written_as_escapes() -> None:
    program = "process.stdout.write(JSON.stringify([" + ", ".join(string(text) for text in LONE) + "]));"
    program.encode()  # a script is UTF-8, which has no lone surrogates
    assert evaluated(program) == list(LONE)


@needs_node
@settings(max_examples=15, deadline=None)
@given(st.lists(hostile_text(1), min_size=40, max_size=40))
def test_a_template_with_values_evaluates_to_the_text_with_the_values_in_it(texts: list[str]) -> None:
    names = Names(Plan(name="p"), set())
    names.bind("a")
    names.bind('say "hi"')
    values = [make(text, Reference(name="a"), text, Reference(name='say "hi"')) for text in texts]
    other = member("v", 'say "hi"')
    program = f"const v = {{ a: {string(chr(0x2028))} }};\n{other} = '`';\n"
    program += "process.stdout.write(JSON.stringify([\n" + ",\n".join(names.text(v) for v in values) + "\n]));\n"
    assert evaluated(program) == [f"{text}\u2028{text}`" for text in texts]


@needs_node
@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(hostile_text(), st.text("()[]{}?*+|^$.\\/:=!<>-,0aZbd\n\u2028", max_size=9)), min_size=80, max_size=80))
@example(["a/b", "[/]", "\\/", "(?i)a", "(?P<n>x)(?P=n)", "[", "(?<=a", "a++", "^*", "(?=a)*", "[]a]", "a{,3}", "", "x\\", "[^]"])
def test_no_pattern_breaks_the_script(patterns: list[str]) -> None:
    attempts = [f"() => {regex(pattern, 'g')}" for pattern in patterns]
    program = "let made = 0;\nfor (const f of [\n" + ",\n".join(attempts) + "\n]) { try { f(); made += 1; } catch (e) {\n"
    program += "if (!(e instanceof SyntaxError)) throw e; } }\nprocess.stdout.write(String(made));\n"
    assert isinstance(evaluated(program), int)


@needs_node
@pytest.mark.parametrize(
    ("pattern", "literal", "text", "found"),
    [
        (r"next=([^&]+)", r"/next=([^&]+)/", "?next=/a&b", "next=/a"),
        (r"a/b", r"/a\/b/", "xa/b", "a/b"),
        (r"a\/b[/]", r"/a\/b[\/]/", "xa/b/", "a/b/"),
        (r"(?i)token", "/token/i", "TOKEN", "TOKEN"),
        (r"(?P<a>x)(?P=a)", "new RegExp('(?<a>x)\\\\k<a>')", "xx", "xx"),
        (r"(?<=id=)\d+", "new RegExp('(?<=id=)\\\\d+')", "id=42", "42"),
        ("é+", "new RegExp('é+')", "éé", "éé"),
    ],
)
def test_patterns_mean_the_same_in_javascript(pattern: str, literal: str, text: str, found: str) -> None:
    assert regex(pattern) == literal
    assert evaluated(f"process.stdout.write(JSON.stringify({regex(pattern)}.exec({string(text)})[0]));") == found


def test_a_comment_stays_on_its_line() -> None:
    assert comment("a\nb\u2028c\rd\u202e*/") == "// a\\u000ab\\u2028c\\u000dd\\u202e*/"


@needs_node
def test_hostile_names_and_texts_leave_a_script_that_node_parses(tmp_path: Path) -> None:
    plan = Plan.model_validate_json((Path(__file__).parent.parent / "cases" / "k6" / "hostile.plan.json").read_bytes())
    script = tmp_path / "script.mjs"
    script.write_text(K6Backend().emit(plan)[0].text, encoding="utf-8")
    subprocess.run([str(NODE), "--check", str(script)], check=True, timeout=60)


def test_text_that_holds_a_secret_is_known_through_variables_and_functions() -> None:
    plan = Plan.model_validate({"name": "p", "secrets": [{"name": "key", "env": "KEY"}]})
    names = Names(plan, set())
    secret = Template(parts=(Reference(name="key"),))
    names.bind("derived", make("x", Reference(name="key")))
    names.bind("plain", make(Text(value="x")))
    assert names.is_private(secret)
    assert names.is_private(make("a", Reference(name="derived")))
    assert not names.is_private(make(Reference(name="plain")))
    assert names.shown(secret, 'body contains "', '"') == "'body contains \"…\"'"
