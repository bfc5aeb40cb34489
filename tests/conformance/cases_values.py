"""Cases about values: functions, variables, secrets, data rows."""

from __future__ import annotations

import re

from conformance.case import Case, Value, Wire, column, fn, form, form_wire, json_body, let, ref, request, t, text

from loadwright.compiler.plan.model import DataSource, Step

FORM = "application/x-www-form-urlencoded"
_CALLS: tuple[tuple[str, Value], ...] = (
    *((n, ref("raw")) for n in ("urlencode", "formencode", "jsonescape", "base64", "base64url", "sha256", "lower", "upper")),
    ("pkce_challenge", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ("urldecode", "a%20b+c%C3%A4%2"),
    ("formdecode", "a%20b+c%C3%A4"),
    ("htmldecode", "&lt;a&gt; &amp;amp; &quot;&#39;&#x41;&auml;&nbsp;"),
    ("base64decode", "w6RiYw=="),
)

CASES = [
    Case(
        "variables",
        [
            let("v_one", "1"),
            let("v_two", ref("v_one"), ref("v_one")),
            request(("GET", t("/a/", ref("v_two"))), name="a"),
            let("v_one", "2", ref("v_two")),
            request(("GET", t("/b/", ref("v_one"), "/", ref("v_two"), "/", ref("v_top"))), name="b"),
        ],
        [Wire("GET", "/a/11"), Wire("GET", "/b/211/11/top-x%20y"), Wire("GET", "/c/211"), Wire("GET", "/d/3")],
        then=[
            Step(name="step variables 2", actions=(request(("GET", t("/c/", ref("v_one"))), name="c"),)),
            let("v_one", "3"),
            Step(name="step variables 3", actions=(request(("GET", t("/d/", ref("v_one"))), name="d"),)),
        ],
        variables=[let("v_base", "x y"), let("v_top", "top-", fn("urlencode", ref("v_base")))],
        runs=3,
    ),
    Case(
        "two_targets",
        [
            request("GET /first"),
            request("GET /second?x=1").model_copy(update={"target": "second"}),
            request("GET /third", headers={"Origin": ref("second")}),
        ],
        [
            Wire("GET", "/first"),
            Wire("GET", "/prefix/second?x=1", port=1),
            Wire("GET", "/third", {"Origin": "{other}/two_targets/prefix"}),
        ],
    ),
    Case(
        "control_characters",
        [
            request("POST /text", body=text("nul \x00 bell \x07 esc \x1b del \x7f c1 \x85 cr \r lf \n crlf \r\n end")),
            request("POST /form", body=form(("c", "\x00\x01\x1f\r"))),
            request("POST /json", body=json_body({"c": "\x00\x08\x1f\x7f"})),
        ],
        [
            Wire(
                "POST",
                "/text",
                {"Content-Type": "text/plain"},
                "nul \x00 bell \x07 esc \x1b del \x7f c1 \x85 cr \r lf \n crlf \r\n end".encode(),
            ),
            form_wire("/form", ("c", "\x00\x01\x1f\r")),
            Wire("POST", "/json", {"Content-Type": "application/json"}, b'{"c":"\\u0000\\b\\u001f\x7f"}'),
        ],
    ),
    Case(
        "large",
        [request("POST /text", body=text("0123456789" * 20_000)), request(("GET", t("/", "a" * 6000)), name="long")],
        [Wire("POST", "/text", {"Content-Type": "text/plain"}, b"0123456789" * 20_000), Wire("GET", "/" + "a" * 6000)],
    ),
    Case(
        "functions",
        [
            let("raw", "a b+c/ä&<>\"'~*"),
            *(request("POST /pure", name=f"POST {name}", body=form((name, fn(name, value)))) for name, value in _CALLS),
            request("POST /nested", body=form(("nested", fn("base64url", t("x", fn("upper", ref("raw"))))))),
        ],
        [
            *(
                form_wire("/pure", pair)
                for pair in (
                    ("urlencode", "a%20b%2Bc%2F%C3%A4%26%3C%3E%22%27~%2A"),
                    ("formencode", "a+b%2Bc%2F%C3%A4%26%3C%3E%22%27%7E*"),
                    ("jsonescape", "a b+c/ä&<>\\\"'~*"),
                    ("base64", "YSBiK2Mvw6QmPD4iJ34q"),
                    ("base64url", "YSBiK2Mvw6QmPD4iJ34q"),
                    ("sha256", "c14ffefab854e7b5320d328990c751e6f861638c14d4f835d68d3231d5fb295f"),
                    ("lower", "a b+c/ä&<>\"'~*"),
                    ("upper", "A B+C/Ä&<>\"'~*"),
                    ("pkce_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
                    ("urldecode", "a b+cä%2"),
                    ("formdecode", "a b cä"),
                    ("htmldecode", "<a> &amp; \"'Aä\u00a0"),
                    ("base64decode", "äbc"),
                )
            ),
            form_wire("/nested", ("nested", "eEEgQitDL8OEJjw-Iid-Kg")),
        ],
    ),
    Case(
        "made_values",
        [
            request(
                "POST /made",
                body=form(
                    ("uuid", fn("uuid")),
                    ("ms", fn("now")),
                    ("s", fn("now", "s")),
                    ("iso", fn("now", "iso")),
                    ("random", fn("random", "5", "7")),
                    ("string", fn("random_string", "12")),
                ),
            ),
            request("POST /same", body=form(("a", ref("made_id")), ("b", ref("made_id")))),
        ],
        [
            Wire(
                "POST",
                "/made",
                {"Content-Type": FORM},
                re.compile(
                    r"uuid=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}&ms=\d{13}&s=\d{10}"
                    r"&iso=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d\.\d{3}Z&random=[567]&string=[A-Za-z0-9]{12}"
                ),
            ),
            Wire("POST", "/same", {"Content-Type": FORM}, re.compile(r"a=([0-9a-f-]{36})&b=\1")),
        ],
        variables=[let("made_id", fn("uuid"))],
    ),
    Case(
        "secrets",
        [request("GET /s", headers={"Authorization": t("Bearer ", ref("api_token"))}, query=[("t", ref("api_token"))])],
        [Wire("GET", "/s?t=s3cr%24%7Bet%7D%5C%22", {"Authorization": 'Bearer s3cr${et}\\"'})],
        secrets={"api_token": 's3cr${et}\\"'},
    ),
    Case(
        "target_reference",
        [request("GET /t", headers={"Origin": ref("server"), "Referer": t(ref("server"), "/target_reference/")})],
        [Wire("GET", "/t", {"Origin": "{self}", "Referer": "{self}/target_reference/"})],
    ),
    Case(
        "data",
        [
            request(
                "POST /row",
                body=form(
                    ("user", column("people", "user")),
                    ("note", column("people", "a note")),
                ),
            )
        ],
        [
            form_wire("/row", ("user", "ann"), ("note", 'say "hi", ok')),
            form_wire("/row", ("user", "bob"), ("note", "two\nlines ${x}")),
            form_wire("/row", ("user", "漢"), ("note", "")),
            form_wire("/row", ("user", "ann"), ("note", 'say "hi", ok')),
        ],
        iterations=4,
        data=[DataSource(name="people", path="people.csv", columns=("user", "a note"))],
        files={"people.csv": 'user,a note\r\nann,"say ""hi"", ok"\r\nbob,"two\nlines ${x}"\r\n漢,\r\n'.encode()},
    ),
    Case(
        "data_stop",
        [request(("GET", t("/row/", column("few", "id"))), name="row")],
        [Wire("GET", "/row/1"), Wire("GET", "/row/2")],
        iterations=5,
        data=[DataSource(name="few", path="few.csv", columns=("id",), on_end="stop")],
        files={"few.csv": b"id\n1\n2\n"},
        runs=2,
        rounds=2,
    ),
    Case(
        "data_random",
        [request(("GET", t("/row/", column("dice", "id"))), name="row")],
        [Wire("GET", re.compile("/row/[123]"))] * 5,
        iterations=5,
        data=[DataSource(name="dice", path="dice.csv", columns=("id",), order="random")],
        files={"dice.csv": b"\xef\xbb\xbfid\n1\n2\n3\n"},
    ),
]
