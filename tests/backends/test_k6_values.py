"""Functions and captures mean in the script what they mean in the Plan. Needs k6."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from k6_support import NONE, Answer, Seen, echo, get, plan, post, ref, run, serving, t, take
from strategies import HOSTILE, hostile_text

from loadwright.compiler.plan.extract import Response, extract
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonArray,
    JsonBody,
    JsonExpectation,
    JsonSource,
    JsonText,
    RedirectSource,
    RegexSource,
    Request,
    TextBody,
    Variable,
)
from loadwright.compiler.plan.template import call

OF_ONE_TEXT = [name for name, f in FUNCTIONS.items() if f.pure and len(f.parameters) - f.optional == 1 and not f.numbers]
ENCODED = (
    "%E2%82%AC%e2%82", "%zz%", "%f0%9f%98%80x%ff%ED%A0%80", "a+b%2B", "&amp;&lt;&#60;&#x3C;&euro;&notit;&copy=1&nosuch;&#0;&",
    "&#128;&#xD800;&#x110000;&CounterClockwiseContourIntegral;", "aGVsbG8", "aGVsbG8=", "_-8", "a", "4pyTIMOg", "////",
    "ΑΣ Σ", "straße ﬁ İ", "\ufeffbom", "%EF%BB%BFbom", "'()*!~-._",
)  # fmt: skip


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(hostile_text(), min_size=30, max_size=30))
def test_every_function_of_one_text_gives_what_the_plan_says(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    values = [*texts, *ENCODED, *HOSTILE]
    lets = [Variable(name=f"x{i}", value=t(value)) for i, value in enumerate(values)]
    items = tuple(JsonText(value=t(call(name, ref(f"x{i}")))) for name in OF_ONE_TEXT for i in range(len(values)))
    expected = [FUNCTIONS[name].evaluate(value) for name in OF_ONE_TEXT for value in values]  # type: ignore[misc]
    with serving() as server:
        done = run(plan(server.url, *lets, post("/echo", JsonBody(value=JsonArray(items=items)))), tmp_path_factory.mktemp("run"))
        assert not done.messages, done.log
        found = json.loads(server.bodies("/echo")[0])
    wrong = [
        (name, value, want, got)
        for (name, value), want, got in zip(((n, v) for n in OF_ONE_TEXT for v in values), expected, found, strict=True)
        if want != got
    ]
    assert not wrong


NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: f"{number:f}"),
    st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", fullmatch=True),
)
LISTS = st.lists(st.one_of(hostile_text(), st.none(), st.booleans(), st.integers(), st.lists(hostile_text()))).map(json.dumps)
CALLS = st.one_of(
    st.tuples(st.sampled_from(("add", "subtract", "multiply", "min", "max")), NUMBERS, NUMBERS),
    st.tuples(st.just("divide"), NUMBERS, NUMBERS.filter(lambda n: n.strip("-0.")), st.integers(0, 40).map(str)),
    st.tuples(st.just("modulo"), st.integers().map(str), st.integers(1).map(str)),
    st.tuples(st.just("round"), NUMBERS, st.integers(0, 40).map(str)),
    st.tuples(st.sampled_from(("before", "after", "split", "join", "hmac")), st.one_of(hostile_text(), LISTS), hostile_text()),
    st.tuples(st.just("replace"), hostile_text(), hostile_text(), hostile_text()),
    st.tuples(st.just("substring"), hostile_text(), st.integers(0, 9).map(str), st.integers(0, 9).map(str)),
    st.tuples(st.just("pad"), hostile_text(), st.integers(0, 9).map(str), hostile_text()),
    st.tuples(st.just("item"), st.one_of(hostile_text(), LISTS), st.integers(-1, 4).map(str)),
    st.tuples(st.just("count"), st.one_of(hostile_text(), LISTS)),
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls=st.lists(CALLS, min_size=60, max_size=60))
def test_functions_of_several_arguments_give_what_the_plan_says(
    calls: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lets = [Variable(name=f"x{i}_{j}", value=t(value)) for i, (_, *given) in enumerate(calls) for j, value in enumerate(given)]
    made = [call(name, *(ref(f"x{i}_{j}") for j in range(len(given)))) for i, (name, *given) in enumerate(calls)]
    items = tuple(JsonText(value=t(one)) for one in made)
    with serving() as server:
        done = run(plan(server.url, *lets, post("/echo", JsonBody(value=JsonArray(items=items)))), tmp_path_factory.mktemp("run"))
        assert not done.messages, done.log
        found = json.loads(server.bodies("/echo")[0])
    expected = [FUNCTIONS[name].evaluate(*given) for name, *given in calls]  # type: ignore[misc]
    assert [(one, want, got) for one, want, got in zip(calls, expected, found, strict=True) if want != got] == []


def test_values_made_at_run_time_have_their_form_and_differ(tmp_path: Path) -> None:
    made = {
        "a": call("uuid"),
        "b": call("uuid"),
        "ms": call("now"),
        "s": call("now", "s"),
        "iso": call("now", "iso"),
        "n": call("random", "-3", "3"),
        "big": call("random", "5", "5"),
        "r": call("random_string", "12"),
        "q": call("random_string", "12"),
    }
    lets = [Variable(name=name, value=t(value)) for name, value in made.items()]
    with serving() as server:
        done = run(plan(server.url, *lets, echo(list(made))), tmp_path)
        assert not done.messages, done.log
        found = dict(zip(made, json.loads(server.bodies("/echo")[0]), strict=True))
    version_4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(version_4, found["a"])
    assert found["a"] != found["b"]
    assert abs(int(found["ms"]) - int(found["s"]) * 1000) < 3000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["iso"])
    assert -3 <= int(found["n"]) <= 3
    assert found["big"] == "5"
    assert re.fullmatch(r"[A-Za-z0-9]{12}", found["r"])
    assert found["r"] != found["q"]


DOCUMENT = """ {"id": 9007199254740993, "price": 1.50, "big": 1e999, "neg": -0.0, "yes": true, "none": null,
 "text": "a\\u00e9\\n\\"\\ud83d\\ude00",
 "s": "n1", "n": {"s": "sx", "1": [2, 1.0], "0": {}}, "list": [{"name": "x", "id": 1.10}, {"name": "it's", "id": 2, "k": 7},
 {"name": "it's", "id": null, "k": "7"}, null, [], {"a": {"b": "deep"}, "id": "d"}],
 "__proto__": "p", "a b": "space", "e": "", "1": "one"} """
JSON_PATHS = (
    "$",
    "$.id",
    "$.price",
    "$.big",
    "$.neg",
    "$.yes",
    "$.none",
    "$.text",
    "$.s",
    "$.n",
    "$.n['1']",
    "$.n['1'][-1]",
    "$.list[0].id",
    "$.list[-1].a.b",
    "$.list[9]",
    "$.list[*].id",
    "$.list[?(@.name=='it\\'s')].id",
    "$.list[?(@.k=='7')].name",
    "$.list[?(@.k==7)].name",
    "$.list[?(@.a.b=='deep')].id",
    "$.__proto__",
    "$['a b']",
    "$.e",
    "$.*",
    "$.n.*",
    "$.missing",
    "$.text.length",
    "$.list.length",
    "$['1']",
    "$.id.x",
    "$.list[*][*]",
)
HTML = """<!doctype html><title> A &amp;  B\n</title><form id=f><input name=csrf value="a&quot;b&amp;amp;c">
<input name=csrf value=2><input name=empty value><input name=csrf></form>
<p class=x>  one\n <b>two</b>\t three&nbsp;! </p><p class=x>four</p>
<meta name="m'x" content='</script>`${x}'>"""
SOURCES: dict[str, list[CaptureSource]] = {
    "/json": [JsonSource(path=path) for path in JSON_PATHS],
    "/broken": [JsonSource(path="$.id"), JsonSource(path="$"), RegexSource(pattern='"id":(.)')],
    "/scalar": [JsonSource(path="$"), JsonSource(path="$[0]")],
    "/html": [
        CssSource(selector="input[name=csrf]", attribute="value"),
        CssSource(selector="input[name=empty]", attribute="value"),
        CssSource(selector="input[name=csrf]", attribute="data-x"),
        CssSource(selector="title"),
        CssSource(selector="p.x"),
        CssSource(selector='meta[name="m\'x"]', attribute="content"),
        CssSource(selector="nothing", attribute="value"),
        CssSource(selector="p[["),
        RegexSource(pattern=r'name=csrf value="([^"]*)"'),
        RegexSource(pattern="<p class=x>"),
        RegexSource(pattern="(a)|(b)"),
        RegexSource(pattern="(?i)TITLE>"),
        BoundarySource(left="<p class=x>", right="</p>"),
        BoundarySource(left="value", right=">"),
        BoundarySource(left="<title>", right="nowhere"),
        HeaderSource(name="x-MODE"),
        HeaderSource(name="x-mode", pattern="o(.)"),
        HeaderSource(name="X-None"),
        HeaderSource(name="X-None", pattern=".*"),
        CookieSource(name="sid"),
        CookieSource(name="quoted"),
        CookieSource(name="id"),
        RedirectSource(),
    ],
}  # fmt: skip
ANSWERS = {
    "/json": Answer(200, DOCUMENT.encode(), (("Content-Type", "application/json"),)),
    "/broken": Answer(200, b'{"id":1,}', (("Content-Type", "application/json"),)),
    "/scalar": Answer(200, b"12345678901234567890.10", (("Content-Type", "application/json"),)),
    "/html": Answer(
        200,
        HTML.encode(),
        (
            ("Content-Type", "text/html"),
            ("X-Mode", "on off"),
            ("Set-Cookie", "sid=a=b%20c; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Path=/"),
            ("Set-Cookie", 'quoted="q"; Path=/'),
            ("Location", "../x?y#z"),
        ),
    ),
}


def test_every_capture_takes_what_the_plan_says(tmp_path: Path) -> None:
    requests: list[Request] = []
    names: list[str] = []
    expected: list[tuple[CaptureSource, int, str | None]] = []
    with serving() as server:
        server.answer = lambda seen: ANSWERS.get(seen.target, Answer())
        for path, sources in SOURCES.items():
            captures = []
            response = Response(f"{server.url}{path}", ANSWERS[path].headers, ANSWERS[path].body.decode())
            for source in sources:
                for occurrence in (1, 2, 3):
                    capture = take(f"v{len(names)}", source, occurrence)
                    names.append(capture.name)
                    captures.append(capture)
                    expected.append((source, occurrence, extract(capture, response)))
            requests.append(get(path, captures=tuple(captures)))
        done = run(plan(server.url, *requests, echo(names)), tmp_path)
        assert not done.messages, done.log
        found = json.loads(server.bodies("/echo")[0])
    wrong = [(*case, got) for case, got in zip(expected, found, strict=True) if got != (NONE if case[2] is None else case[2])]
    assert not wrong


RFC_3986 = {
    "g": "/b/c/g", "./g": "/b/c/g", "g/": "/b/c/g/", "/g": "/g", "?y": "/b/c/d;p?y", "g?y": "/b/c/g?y", "#s": "/b/c/d;p?q={i}#s",
    "g#s": "/b/c/g#s", "g?y#s": "/b/c/g?y#s", ";x": "/b/c/;x", "g;x": "/b/c/g;x", "g;x?y#s": "/b/c/g;x?y#s", ".": "/b/c/",
    "./": "/b/c/", "..": "/b/", "../": "/b/", "../g": "/b/g", "../..": "/", "../../": "/", "../../g": "/g", "../../../g": "/g",
    "../../../../g": "/g", "/./g": "/g", "/../g": "/g", "g.": "/b/c/g.", ".g": "/b/c/.g", "g..": "/b/c/g..", "..g": "/b/c/..g",
    "./../g": "/b/g", "./g/.": "/b/c/g/", "g/./h": "/b/c/g/h", "g/../h": "/b/c/h", "g;x=1/./y": "/b/c/g;x=1/y",
    "g;x=1/../y": "/b/c/y", "g?y/./x": "/b/c/g?y/./x", "g?y/../x": "/b/c/g?y/../x", "g#s/./x": "/b/c/g#s/./x", ".;p": "/b/c/.;p",
    "?": "/b/c/d;p?",
}  # fmt: skip
"""The examples of RFC 3986, section 5.4, for the base `/b/c/d;p?q=…`; and two where Python's `urljoin` leaves it.

It also drops empty segments: those are left out of the random ones."""


_numbers = st.one_of(
    st.from_regex(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["-0", "0.0", "1.10", "1e999", "9007199254740993", "0.0000001", "1E5", "100", "12345678901234567890"]),
)
_strings = st.one_of(st.sampled_from(["n1", "s", "1", "2026-11-22T03:55:26.120Z", ": 1.0", ",5e9,"]), hostile_text()).map(
    lambda text: json.dumps(text, ensure_ascii=False)
)
_documents = st.recursive(
    st.one_of(_numbers, _strings, st.sampled_from(["true", "false", "null"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: "[" + " , ".join(items) + "]"),
        st.dictionaries(_strings, inner, max_size=4).map(lambda d: "{" + ",\n".join(f"{k} : {v}" for k, v in d.items()) + "}"),
    ),
    max_leaves=12,
)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents=st.lists(_documents, min_size=40, max_size=40))
def test_any_json_is_read_without_losing_a_digit(documents: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    documents += [text[:-1] for text in documents[:5]] + [
        "01",
        "[1.]",
        '{1:"a"}',
        "--1",
        "[1 2]",
        "",
        " ",
        "[1,]",
        "1e",
        "-",
        '"\\x"',
        "[.5]",
    ]
    paths = ("$", "$[*]", "$.*[0]", "$[-1]")
    requests, names, expected = [], [], []
    for i, document in enumerate(documents):
        captures = [take(f"v{i}_{j}", JsonSource(path=path)) for j, path in enumerate(paths)]
        requests.append(get(f"/{i}", captures=tuple(captures)))
        names += [capture.name for capture in captures]
        expected += [(document, c.source, extract(c, Response("", (), document))) for c in captures]
    with serving() as server:
        server.answer = lambda seen: Answer(200, documents[int(seen.target[1:])].encode()) if seen.method == "GET" else Answer()
        done = run(plan(server.url, *requests, echo(names)), tmp_path_factory.mktemp("run"))
        assert not done.messages, done.log
        found = json.loads(server.bodies("/echo")[0])
    wrong = [(*case, got) for case, got in zip(expected, found, strict=True) if got != (NONE if case[2] is None else case[2])]
    assert not wrong


def test_redirects_are_made_absolute_as_rfc_3986_says(tmp_path: Path) -> None:
    seeds = random.Random(1)
    pieces = ["..", ".", "a", "b c", "/", "/", "?x=/../y", "#f", "%2e%2e", "é"]
    locations = ["".join(seeds.choices(pieces, k=seeds.randint(1, 6))) for _ in range(150)]
    locations = [*(x for x in dict.fromkeys(locations) if "//" not in x), "//other/x", "http://h/x?y#z", "mailto:a@b", *RFC_3986]
    requests = [get(f"/b/c/d;p?q={i}", captures=(take(f"v{i}", RedirectSource()),)) for i in range(len(locations))]

    def answer(seen: Seen) -> Answer:
        number = re.search(r"q=(\d+)", seen.target)
        return Answer(200, headers=(("Location", locations[int(number[1])].encode().decode("latin-1")),)) if number else Answer()

    with serving() as server:
        server.answer = answer
        done = run(plan(server.url, *requests, echo([f"v{i}" for i in range(len(locations))])), tmp_path)
        assert not done.messages, done.log
        found = json.loads(server.bodies("/echo")[0])
        expected = [
            server.url + RFC_3986[x].format(i=i) if x in RFC_3986 else urljoin(f"{server.url}/b/c/d;p?q={i}", x)
            for i, x in enumerate(locations)
        ]
    wrong = [case for case in zip(locations, expected, found, strict=True) if case[1] != case[2]]
    assert not wrong


@pytest.mark.parametrize(
    ("path", "equals", "negated", "holds"),
    [
        ("$.id", "9007199254740993", False, True),
        ("$.id", "9007199254740992", False, False),
        ("$.price", "1.50", False, True),
        ("$.price", "1.5", False, False),
        ("$.big", "1e999", False, True),
        ("$.yes", "true", False, True),
        ("$.none", "null", False, True),
        ("$.none", None, False, False),
        ("$.missing", None, False, False),
        ("$.missing", None, True, True),
        ("$.missing", "x", True, True),
        ("$.e", "", False, True),
        ("$.text", 'aé\n"😀', False, True),
        ("$.text", 'aé\n"😀', True, False),
    ],
)
def test_json_compares_as_it_is_written(path: str, equals: str | None, negated: bool, holds: bool, tmp_path: Path) -> None:
    wanted = JsonExpectation(path=path, equals=None if equals is None else t(equals), negated=negated)
    with serving() as server:
        server.answer = lambda seen: ANSWERS["/json"]
        done = run(plan(server.url, get("/", expectations=(wanted,))), tmp_path)
    presence: dict[tuple[str | None, bool], str] = {(None, False): "not found", (None, True): "found"}
    said = presence.get((equals, negated), f'{"is" if negated else "is not"} "{equals}"')
    assert done.messages == ([] if holds else [f"json: {path} {said}"])


def test_a_captured_text_is_sent_on_unchanged(tmp_path: Path) -> None:
    text = "".join(HOSTILE)
    with serving() as server:
        server.answer = lambda seen: Answer(200, json.dumps({"x": text}).encode(), (("Content-Type", "application/json"),))
        capture = Capture(name="x", source=JsonSource(path="$.x"))
        done = run(plan(server.url, get("/", captures=(capture,)), post("/back", TextBody(value=t(ref("x"))))), tmp_path)
        assert not done.messages, done.log
        assert server.bodies("/back") == [text.encode()]
