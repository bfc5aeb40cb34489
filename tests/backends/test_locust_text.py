"""What the Locust backend writes, without running it. Needs ruff."""

from __future__ import annotations

import ast
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadwright.backends.locust.backend import LocustBackend
from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.literals import comment, literal, raw_literal
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.model import (
    Branch,
    Capture,
    ClosedModel,
    Comparison,
    DataSource,
    Fail,
    FormBody,
    FormField,
    Header,
    If,
    Journey,
    JsonBody,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    Load,
    Plan,
    Request,
    Step,
    Target,
    TextExpectation,
    Variable,
    Workload,
)
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.template import DataField, Reference, Template, call, template

sys.path.insert(0, str(Path(__file__).parent.parent))
import strategies
from plan_strategies import plans

HOSTILE = "\"'\\ ${x} {{x}} \n\r\t </stringProp> \u2028 😀 1e999 \\N{x} # \x00 \x85 \u202e"
hostile = strategies.hostile_text()


def emitted(plan: Plan, load: str | None = None) -> str:
    return LocustBackend().emit(plan, load)[0].text


def one_request(**fields: object) -> Plan:
    request = Request.model_validate({"name": "r", "method": "POST", "target": "shop", "url": template("/"), **fields})
    journey = Journey(name="j", nodes=(Step(name="s", actions=(request,)),))
    return Plan(name="p", targets=(Target(name="shop", url="https://shop.example"),), journeys=(journey,))


def value_of(expression: str, names: dict[str, str]) -> str:
    """The value of a literal or f-string over names, without running anything."""

    def value(node: ast.expr) -> str:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name):
                return names[name]
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                return value(inner)
            case ast.JoinedStr(values=parts):
                return "".join(map(value, parts))
        raise AssertionError(ast.dump(node))

    return value(ast.parse(expression, mode="eval").body)


@given(hostile)
def test_a_literal_evaluates_to_its_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert ast.literal_eval(raw_literal(text)) == text


@given(st.lists(st.one_of(hostile, st.sampled_from([Reference(name="a"), Reference(name="b")])), max_size=6))
def test_a_template_is_an_expression_of_the_same_value(parts: list[str | Reference]) -> None:
    value = template(*parts)
    names = {"a": "{a}\n", "b": "'\""}
    expression = Expressions({"a": "a", "b": "b"}, {}).text(value)
    assert value_of(expression, names) == evaluate(value, names)


@given(hostile)
def test_a_comment_is_one_line_without_anything_invisible(text: str) -> None:
    written = comment(text)
    assert written.splitlines() in ([], [written])
    assert written.isprintable()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile.filter(bool))
def test_text_anywhere_in_a_plan_stays_text(text: str) -> None:
    value = template(text)
    plan = one_request(
        name=text,
        url=template("/", text),
        headers=(Header(name="X-A", value=value),),
        body=JsonBody(value=JsonObject(members=(JsonMember(name=text, value=JsonText(value=value)),))),
        expectations=(TextExpectation(relation="contains", value=value),),
        captures=(Capture(name=text, source=JsonSource(path="$.a")),),
        origin=RecordingOrigin(recording=text, entry=1),
    )
    plan = plan.model_copy(update={"name": text, "journeys": (plan.journeys[0].model_copy(update={"title": text}),)})
    source = emitted(plan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = ast.parse(source)
        compile(source, "locustfile.py", "exec")
    journey = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "j")
    constants = [node.value for node in ast.walk(journey) if isinstance(node, ast.Constant)]
    assert constants.count(text) >= 6  # name, header, member and its value, expectation, capture
    assert f"/{text}" in constants


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_any_plan_gives_the_same_file_again_and_it_compiles(plan: Plan) -> None:
    source = emitted(plan)
    assert source == emitted(plan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(source, "locustfile.py", "exec")


def test_a_text_that_could_run_in_an_f_string_is_escaped() -> None:
    plan = one_request(url=template("/", Reference(name="shop"), HOSTILE, "{SHOP}{__import__('os')}"))
    journey = next(n for n in ast.parse(emitted(plan)).body if isinstance(n, ast.FunctionDef) and n.name == "j")
    calls = [node.func.id for node in ast.walk(journey) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert calls == []


def test_only_the_helpers_that_a_plan_needs_are_written() -> None:
    source = emitted(one_request())
    for absent in (
        "class Json",
        "class Css",
        "selectolax",
        "lxml",
        "Arrivals",
        "multipart",
        "soft",
        "class Rows",
        "def secret",
        "parallel",
        "websocket",
    ):
        assert absent not in source
    assert "fetch" in source


@pytest.mark.parametrize(
    "name", ["import", "print", "response", "re", "User", "setting", "host", "iteration", "Größe 1", "1st", "🙂"]
)
def test_any_name_becomes_a_python_name_that_hides_nothing(name: str) -> None:
    taken = Capture(name=name, source=JsonSource(path="$.a"))
    request = Request(name="r", method="GET", target="t", url=template("/"), captures=(taken,))
    use = Request(name="u", method="GET", target="t", url=template("/", Reference(name=f"{name}2")))
    let = Variable(name=f"{name}2", value=template(Reference(name=name), "-x"))
    journey = Journey(name=name, nodes=(Step(name="s", actions=(request, let, use)),))
    source = emitted(Plan(name="p", targets=(Target(name="t", url="https://a.example"),), journeys=(journey,)))
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "-"], input=source, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_a_realistic_file_pleases_ruff_with_its_default_settings(tmp_path: Path) -> None:
    path = tmp_path / "locustfile.py"
    for load in ("smoke", "peak"):
        path.write_text(emitted(realistic(), load), encoding="utf-8")
        for command in (["check"], ["format", "--check", "--diff"]):
            ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--target-version", "py311", str(path)]
            done = subprocess.run(ruff, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


def test_the_emitted_file_is_the_checked_in_one(request: pytest.FixtureRequest) -> None:
    """After a wanted change: LOADWRIGHT_UPDATE_CASES=1 pytest tests/backends/test_locust_text.py."""
    import os

    for load in ("smoke", "peak"):
        path = Path(__file__).parent.parent / "cases" / "locust" / f"{load}.py"
        if os.environ.get("LOADWRIGHT_UPDATE_CASES") == "1":
            path.write_text(emitted(realistic(), load), encoding="utf-8", newline="\n")
        assert emitted(realistic(), load) == path.read_text(encoding="utf-8")


def test_json_that_python_would_write_otherwise_is_kept_as_text() -> None:
    number = JsonBody(value=JsonObject(members=(JsonMember(name="n", value=JsonNumber(value=template("1e999"))),)))
    assert """body='{"n":1e999}'""" in emitted(one_request(body=number))
    twice = JsonObject(members=(JsonMember(name="n", value=JsonText(value=template("1"))),) * 2)
    assert """body='{"n":"1","n":"1"}'""" in emitted(one_request(body=JsonBody(value=twice)))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": template("/", Reference(name="nowhere"))}, "unknown-name"),
        ({"captures": (Capture(name="x", source=JsonSource(path="$.a[b]")),)}, "json-path"),
        ({"target": "nowhere"}, "unknown-name"),
    ],
)
def test_what_has_no_meaning_is_refused(fields: dict[str, object], code: str) -> None:
    with pytest.raises(LoadwrightError) as caught:
        emitted(one_request(**fields))
    assert caught.value.diagnostics[0].code == code


def test_an_unknown_load_is_refused_with_the_known_ones() -> None:
    load = Load(name="smoke", workloads=(Workload(journey="j", model=ClosedModel(users=1, iterations=1)),))
    plan = one_request().model_copy(update={"loads": (load,)})
    with pytest.raises(LoadwrightError) as caught:
        emitted(plan, "peak")
    assert (caught.value.diagnostics[0].code, caught.value.diagnostics[0].hint) == ("unknown-load", "loads: `smoke`")


def test_a_variable_that_no_request_needs_is_not_evaluated() -> None:
    plan = one_request(body=FormBody(fields=(FormField(name=template("a"), value=template(Reference(name="used"))),)))
    variables = (
        Variable(name="base", value=template(call("uuid"))),
        Variable(name="used", value=template(Reference(name="base"), "!")),
        Variable(name="idle", value=Template()),
    )
    source = emitted(plan.model_copy(update={"variables": variables}))
    assert "base = user.random.new_uuid()" in source
    assert "idle" not in source


def test_a_row_that_only_the_teardown_reads_is_taken_where_the_iteration_starts() -> None:
    source = DataSource(name="people", path="people.csv", columns=("name",))
    ask = Request(name="r", method="GET", target="shop", url=template("/", DataField(data="people", column="name")))
    plan = one_request()
    journey = plan.journeys[0].model_copy(update={"teardown": (Step(name="Leave", actions=(ask,)),)})
    text = emitted(plan.model_copy(update={"data": (source,), "journeys": (journey,)}))
    assert "    user.kept.people = PEOPLE.next(user)\n" in text
    assert "user.kept.people['name']" in text


def test_branches_that_do_the_same_are_one() -> None:
    plan = one_request()
    branches = tuple(
        Branch(condition=Comparison(left=template(call("uuid")), relation=relation, right=template("x")), nodes=nodes)
        for relation, nodes in (("=", ()), ("contains", ()), ("!=", (Fail(message="no"),)))
    )
    outer = If(branches=(Branch(condition=branches[0].condition, nodes=(If(branches=branches[2:]),)),))
    journey = plan.journeys[0].model_copy(update={"nodes": (If(branches=branches), outer, *plan.journeys[0].nodes)})
    text = emitted(plan.model_copy(update={"journeys": (journey,)}))
    assert 'if user.random.new_uuid() == "x" or "x" in user.random.new_uuid():\n        pass\n    elif' in text


def realistic() -> Plan:
    return Plan.model_validate_json(
        (Path(__file__).parent.parent / "cases" / "locust" / "shop.plan.json").read_text(encoding="utf-8")
    )
