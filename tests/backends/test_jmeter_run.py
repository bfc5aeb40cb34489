"""The emitted plan on the real JMeter 5.6.3, against the recording server on loopback."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from conformance.server import Reply, Server
from jmeter_steps import paths, plan, ref, request, serve
from jmeter_support import run_jmeter
from strategies import HOSTILE

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    BoundarySource,
    Capture,
    ClosedModel,
    Defaults,
    FileBody,
    FormBody,
    FormField,
    Header,
    JsonSource,
    RedirectSource,
    RegexSource,
    Secret,
    StatusExpectation,
    TextExpectation,
    Variable,
)
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.template import Call, Part, Template, call, template

CONTROLS = "".join(map(chr, range(32))) + "\x7f\x85\u2028\ufffe\uffff"
HTML_ENTITIES = ("&amp;lt; &copy &#x41;&#39;&#128;&notit; &hellip;&unknown; &", "&lt;b&gt;&nbsp;&#13;&Aacute;")
CODES = ("%41%zz%%c3%a9+%", "QUJD", "w6RiYw", "a-_b", "AAAAA", "ΑΣ ß İ")
VALUES = (*HOSTILE, *HTML_ENTITIES, *CODES, CONTROLS, "", " a  b ", "x,y)(z", "\\,\\$\\{")
SEPARATOR = "\u241e"


# --- values -----------------------------------------------------------------------------------------------------------


def test_every_function_and_every_text_means_on_jmeter_what_it_means_here(server: Server, tmp_path: Path) -> None:
    pure = [name for name, f in FUNCTIONS.items() if f.pure and len(f.parameters) - f.optional == 1 and not f.numbers]
    names = [f"v{index}" for index in range(len(VALUES))]
    source = json.dumps(dict(zip(names, VALUES, strict=True)))
    serve(server, {"GET /source": [Reply(200, (("Content-Type", "application/json"),), source.encode())]})

    def joined(parts: Sequence[Part | str]) -> Template:
        return template(*(template(part, SEPARATOR) for part in parts))

    captured = [Capture(name=name, source=JsonSource(path=f"$.{name}")) for name in names]
    run = run_jmeter(
        plan(
            request("/source", capture=captured),
            *(request(f"/{f}", "POST", body=joined([call(f, ref(name)) for name in names])) for f in pure),
            request("/captured", "POST", body=joined([ref(name) for name in names])),
            request("/literal", "POST", body=joined(VALUES)),
            Variable(name="all", value=joined(VALUES)),
            request("/variable", "POST", body=template(ref("all"))),
            request("/alone", "POST", body=template(CONTROLS)),
        ),
        tmp_path / "run",
        server,
    )
    log = {item.target.removeprefix("/j"): item.body.decode() for item in server.take()}
    assert run.failures == []
    values = dict(zip(names, VALUES, strict=True))
    for function in pure:
        expected = [evaluate(template(call(function, ref(name))), values) for name in names]
        assert log[f"/{function}"].split(SEPARATOR)[:-1] == expected, function
    for path in ("/captured", "/literal", "/variable"):
        assert log[path].split(SEPARATOR)[:-1] == list(VALUES), path
    assert log["/alone"] == CONTROLS


def test_made_values_are_of_their_kind_and_nested_calls_are_computed(server: Server, tmp_path: Path) -> None:
    serve(server, {})
    made: list[Call] = [
        *(call("uuid"), call("now"), call("now", "s"), call("now", "iso"), call("random", "3", "5"), call("random_string", "9")),
        *(call("random", ref("low"), ref("low")), call("base64", template("<", call("urlencode", ref("low")), call("uuid")))),
    ]
    once = Variable(name="once", value=template(call("uuid")))
    run = run_jmeter(
        plan(
            Variable(name="low", value=template("7")),
            request("/made", "POST", body=template(*(template(part, "|") for part in made))),
            request(template("/", call("urlencode", ref("once"))), "POST", body=template(ref("once"))),
            model=ClosedModel(users=1, iterations=2),
            variables=(once,),
            defaults=Defaults(headers=(Header(name="X-Once", value=template("<", ref("once"), ">")),)),
        ),
        tmp_path / "run",
        server,
    )
    log = server.take()
    assert run.failures == []
    uuid, ms, seconds, iso, low, text, same, encoded, _ = log[0].body.decode().split("|")
    assert uuid[14] == "4"
    assert len(uuid) == 36
    assert len(ms) == 13
    assert seconds == ms[:10] or int(seconds) - int(ms[:10]) <= 1
    assert iso[10] == "T"
    assert iso[19] == "."
    assert iso.endswith("Z")
    assert low in "345"
    assert len(text) == 9
    assert text.isalnum()
    assert same == "7"
    assert len(encoded) == 52
    first, second = log[1], log[3]
    assert first.target == f"/j/{first.body.decode()}"
    assert first.body != second.body
    assert [item.header("X-Once") for item in (first, second)] == [f"<{item.body.decode()}>" for item in (first, second)]
    assert {item.header("Accept-Encoding") for item in log} == {None}
    assert {item.header("Connection") for item in log} == {"keep-alive"}


def test_forms_and_files_go_with_every_method_that_has_a_body(server: Server, tmp_path: Path) -> None:
    serve(server, {})
    methods = ("POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND")
    fields = tuple(FormField(name=template(name), value=template(value)) for name, value in (("a b", "1&é"), ("", "x"), ("e", "")))
    form, whole = FormBody(fields=fields[::2]), FormBody(fields=fields)
    image = FileBody(path="a.bin", media_type="image/x")
    undefined = FormBody(fields=(FormField(name=template("${x}"), value=template("${y}")),))
    run = run_jmeter(
        plan(
            *(
                request(f"/{index}", method).model_copy(update={"body": body})
                for method in methods
                for index, body in enumerate((form, whole, image, undefined))
            )
        ),
        tmp_path / "run",
        server,
        files={"a.bin": b"\x00\xff"},
    )
    log = server.take()
    assert run.failures == []
    assert [(item.method, item.target) for item in log] == [(m, f"/j/{i}") for m in methods for i in range(4)]
    assert {item.body for item in log[::4]} == {b"a+b=1%26%C3%A9&e="}
    assert {item.body for item in log[1::4]} == {b"a+b=1%26%C3%A9&=x&e="}
    assert {item.body for item in log[2::4]} == {b"\x00\xff"}
    assert {item.body for item in log[3::4]} == {b"%24%7Bx%7D=%24%7By%7D"}
    assert [item.header("Content-Type") for item in log[:3]] == ["application/x-www-form-urlencoded"] * 2 + ["image/x"]


def test_redirect_targets_are_made_absolute(server: Server, tmp_path: Path) -> None:
    places = ["/x?a=1#f", "../up", "?q=%20|", "//127.0.0.1:1/h", "{other}/j/o", "deep/./x/../y", "", ";p=1", "app:/back?code=1"]
    serve(server, {f"GET /d/e{i}/f": [Reply(302, (("Location", place),))] for i, place in enumerate(places)})
    run = run_jmeter(
        plan(
            *(request(f"/d/e{i}/f?old=1", capture=[Capture(name=f"to{i}", source=RedirectSource())]) for i in range(len(places))),
            request("/sink", "POST", body=template(*(template(ref(f"to{i}"), "\n") for i in range(len(places))))),
        ),
        tmp_path / "run",
        server,
    )
    assert run.failures == []
    base, other, *_ = server.urls
    assert server.take()[-1].body.decode().split("\n")[:-1] == [
        f"{base}/x?a=1#f",
        f"{base}/j/d/up",
        f"{base}/j/d/e2/f?q=%20|",
        "http://127.0.0.1:1/h",
        f"{other}/j/o",
        f"{base}/j/d/e5/deep/y",
        f"{base}/j/d/e6/f?old=1",
        f"{base}/j/d/e7/;p=1",
        "app:/back?code=1",
    ]


def test_patterns_of_every_engine_and_odd_boundaries_capture(server: Server, tmp_path: Path) -> None:
    body = "id=\u00e9tag; a[[${x}]]b [[two]] key:'v\\1' price 12.50EUR"
    wanted = {
        "lookbehind": (RegexSource(pattern="(?<=price )[0-9.]+"), 1, "12.50"),
        "named": (RegexSource(pattern=r"(?P<n>\w+):'"), 1, "key"),
        "letters": (RegexSource(pattern=r"id=(\p{L}+)"), 1, "\u00e9tag"),
        "oro": (RegexSource(pattern=r"key:'([^']*)'"), 1, "v\\1"),
        "second": (BoundarySource(left="[[", right="]]"), 2, "two"),
        "dollar": (BoundarySource(left="[[$", right="]]"), 1, "{x}"),
        "template": (RegexSource(pattern=r"\$\{(x)\}"), 1, "x"),
    }
    serve(server, {"GET /source": [Reply(body=body.encode())]})
    captures = [Capture(name=name, source=source, occurrence=nth) for name, (source, nth, _) in wanted.items()]
    fallback = Capture(name="fallback", source=RegexSource(pattern="nowhere"), default=template(call("upper", ref("oro")), ";"))
    run = run_jmeter(
        plan(
            request("/source", capture=[*captures, fallback]),
            request("/sink", "POST", body=template(*(template(ref(name), "\n") for name in (*wanted, "fallback")))),
        ),
        tmp_path / "run",
        server,
    )
    assert run.failures == []
    assert server.take()[-1].body.decode().split("\n")[:-1] == [*(value for _, _, value in wanted.values()), "V\\1;"]


# --- failures ---------------------------------------------------------------------------------------------------------


def test_the_results_file_itself_says_why_and_names_stay_as_written(server: Server, tmp_path: Path) -> None:
    odd = 'GET ${x}, "q" \\ \n${__time()} é'
    serve(server, {"GET /empty": [Reply(body=b"")], "GET /bad": [Reply(500)]})
    run = run_jmeter(
        plan(
            request(
                "/empty",
                name=odd,
                expect=[StatusExpectation(statuses=(200,)), TextExpectation(relation="contains", value=template('a "${b}"'))],
            ),
            request("/never"),
            model=ClosedModel(users=1, iterations=2),
        ),
        tmp_path / "run",
        server,
    )
    assert paths(server.take()) == ["/empty", "/empty"]
    assert run.failures == [f'{odd}: text: body does not contain "a "${{b}}""'] * 2
    rows = [row for row in csv.DictReader(run.jtl.splitlines(keepends=True)) if row["label"] == odd]
    assert [row["failureMessage"] for row in rows] == ['text: body does not contain "a "${b}""'] * 2
    assert [(step.name, step.ok) for step in run.samples if step.kind == "step"] == [("the step", False)] * 2
    assert all(sample.step == "the step" for sample in run.requests)


def test_a_missing_secret_stops_the_test_before_its_first_request(server: Server, tmp_path: Path) -> None:
    serve(server, {})
    secrets = (Secret(name="one", env="JMETER_TEST_PRESENT"), Secret(name="two", env="JMETER_TEST_ABSENT"))
    run = run_jmeter(
        plan(request("/never", headers={"X-Two": "v"}), secrets=secrets),
        tmp_path / "run",
        server,
        environment={"JMETER_TEST_PRESENT": "hidden-value"},
    )
    assert server.take() == []
    message = "environment variable JMETER_TEST_ABSENT is not set"
    assert run.failures == [f"Secrets are set: script: {message}"]
    assert message in run.output
    assert "hidden-value" not in run.output + run.log + run.jtl
