"""Cases about `expect SOURCE RELATION VALUES`: every relation, its negation and its message, on every source."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1

from conformance.case import (
    Case,
    Failed,
    Value,
    between,
    cookie,
    css,
    fn,
    header_of,
    json_at,
    let,
    marks,
    redirect,
    ref,
    regex,
    request,
    t,
)
from conformance.checks import breaking, holding
from conformance.server import Reply, html, json

from loadwright.compiler.plan.describe import value_failure
from loadwright.compiler.plan.model import (
    BodySource,
    CaptureSource,
    JsonExpectation,
    TextExpectation,
    UrlSource,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.template import Template

Row = tuple[CaptureSource, str, Sequence[Value], bool]
"""A source, a relation (with `count `: of the number of matches), the expected values, and whether it holds."""


def _expectation(row: Row, negated: bool, soft: bool = False) -> ValueExpectation:
    source, relation, values, _ = row
    return ValueExpectation.model_validate(
        {
            "source": source,
            "count": relation.startswith("count "),
            "relation": relation.removeprefix("count "),
            "values": tuple(t(value) for value in values),
            "negated": negated,
            "soft": soft,
        }
    )


def _value_cases(name: str, reply: Reply, rows: Sequence[Row]) -> list[Case]:
    """Each row as it holds, and as it does not: one of them is negated; every third one that does not is soft."""
    right = [_expectation(row, negated=not row[3]) for row in rows]
    wrong = [_expectation(row, negated=row[3], soft=number % 3 == 2) for number, row in enumerate(rows)]
    checks = [(expectation, value_failure(expectation, ())) for expectation in wrong]
    return [holding(f"value_{name}_holds", reply, right), breaking(f"value_{name}_fails", [reply], checks)]


_DOCUMENT = """{
  "n": 10, "big": 9007199254740993, "dec": "1.50", "s": "say \\"w\\" ${x} \\u6f22", "t": true, "none": null,
  "list": [1, 2.50, 3], "o": {"a": 1, "b": [null]}, "empty": "", "neg": -2.5, "exp": 1e3, "f": false
}"""
_N, _BIG, _S, _NONE, _GONE = (json_at(f"$.{name}") for name in ("n", "big", "s", "none", "gone"))
_ITEMS = json_at("$.list[*]")

_NUMBERS: list[Row] = [
    (_N, "=", ["10"], True),
    (_N, "=", ["10.0"], False),
    (_N, "!=", ["11"], True),
    (_N, "!=", ["10"], False),
    (_N, "<", ["10.5"], True),
    (_N, "<", ["10"], False),
    (_N, "<=", ["10.0"], True),
    (_N, "<=", ["9.99"], False),
    (_N, ">", ["9.99"], True),
    (_N, ">", ["10"], False),
    (_N, ">=", ["10"], True),
    (_N, ">=", ["010.1"], False),
    (_N, "between", ["10", "20"], True),
    (_N, "between", ["1", "10"], True),
    (_N, "between", ["11", "20"], False),
    (_N, "between", ["one", "20"], False),
    (_BIG, ">", ["9007199254740992"], True),
    (_BIG, "<=", ["9007199254740992"], False),
    (_BIG, "=", ["9007199254740993"], True),
    (_BIG, "between", ["9007199254740993", "9007199254740993"], True),
    (json_at("$.dec"), "<", ["2"], True),
    (json_at("$.dec"), "=", ["1.5"], False),
    (json_at("$.neg"), "<", ["-2"], True),
    (json_at("$.exp"), ">", ["5"], False),
    (json_at("$.t"), ">", ["0"], False),
    (_GONE, "<", ["1"], False),
    (_GONE, "!=", ["x"], False),
    (_NONE, "!=", ["x"], False),
    (_N, "one of", ["9", "10"], True),
    (_N, "one of", ["1", "100"], False),
    (_N, "one of", ["10"], True),
]
_TEXTS: list[Row] = [
    (_S, "=", ['say "w" ${x} \u6f22'], True),
    (_S, "contains", ['"w" ${x}'], True),
    (_S, "contains", ["W"], False),
    (_S, "starts with", ["say"], True),
    (_S, "starts with", ["ay"], False),
    (_S, "ends with", ["\u6f22"], True),
    (_S, "ends with", ["x"], False),
    (_S, "matches", [r'^say "w" \$\{x\} .$'], True),
    (_S, "matches", [r"^w"], False),
    (_S, "<", ["z"], False),
    (json_at("$.empty"), "=", [""], True),
    (json_at("$.empty"), "exists", [], True),
    (json_at("$.t"), "=", ["true"], True),
    (json_at("$.list"), "=", ["[1,2.50,3]"], True),
    (json_at("$.o"), "=", ['{"a":1,"b":[null]}'], True),
    (_N, "exists", [], True),
    (_NONE, "exists", [], False),
    (_GONE, "exists", [], False),
    (_GONE, "contains", [""], False),
    (_ITEMS, "=", ["1"], True),
    (json_at("$.list[1]"), "=", ["2.50"], True),
]
_KINDS = {
    "n": "number",
    "big": "number",
    "dec": "string",
    "t": "boolean",
    "f": "boolean",
    "none": "null",
    "list": "array",
    "o": "object",
}
_TYPES: list[Row] = [
    *((json_at(f"$.{name}"), "is", [kind], True) for name, kind in _KINDS.items()),
    (json_at("$.exp"), "is", ["number"], True),
    (json_at("$.empty"), "is", ["string"], True),
    *((_N, "is", [kind], False) for kind in ("string", "boolean", "null", "array", "object")),
    *((_NONE, "is", [kind], False) for kind in ("string", "object")),
    *((_GONE, "is", [kind], False) for kind in ("null", "string")),
    (json_at("$.o"), "is", ["array"], False),
]
_COUNTS: list[Row] = [
    (_ITEMS, "count =", ["3"], True),
    (_ITEMS, "count =", ["3.0"], True),
    (_ITEMS, "count !=", ["3"], False),
    (_ITEMS, "count !=", ["2"], True),
    (_ITEMS, "count <", ["4"], True),
    (_ITEMS, "count <=", ["2"], False),
    (_ITEMS, "count >", ["3"], False),
    (_ITEMS, "count >=", ["3"], True),
    (_ITEMS, "count between", ["3", "5"], True),
    (_ITEMS, "count between", ["0", "2"], False),
    (_GONE, "count =", ["0"], True),
    (_GONE, "count >", ["0"], False),
    (_NONE, "count =", ["0"], True),
    (json_at("$.o"), "count =", ["1"], True),
]

_PAGE = Reply(
    200,
    (
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Mode", "on 12"),
        ("Set-Cookie", "sid=a=b; Path=/elsewhere"),
        ("Location", "next?x=1"),
    ),
    b"<ul><li data-n='7'>One &amp; more</li><li>Two</li></ul><p>price: 12.50 EUR, price: 9 EUR</p>",
)
_LI = css("li")
_SOURCES: list[Row] = [
    (_LI, "=", ["One & more"], True),
    (_LI, "=", ["Two"], False),
    (_LI, "count =", ["2"], True),
    (css("li", "data-n"), "between", ["7", "7"], True),
    (css("li", "data-n"), "count =", ["1"], True),
    (css("h1"), "exists", [], False),
    (css("h1"), "count =", ["0"], True),
    (regex(r"price: ([0-9.]+)"), ">", ["12"], True),
    (regex(r"price: ([0-9.]+)"), "count =", ["2"], True),
    (regex("nothing"), "exists", [], False),
    (between("<li>", "</li>"), "=", ["Two"], True),
    (between("price: ", " EUR"), "count =", ["2"], True),
    (header_of("x-mode"), "starts with", ["on"], True),
    (header_of("X-Mode", "on ([0-9]+)"), ">=", ["12"], True),
    (header_of("X-None"), "exists", [], False),
    (cookie("sid"), "=", ["a=b"], True),
    (cookie("si"), "exists", [], False),
    (redirect(), "ends with", ["next?x=1"], True),
    (UrlSource(), "matches", [r"^http://127\.0\.0\.1:[0-9]+/"], True),
    (UrlSource(), "contains", ["localhost"], False),
    (BodySource(), "contains", ["One &amp; more"], True),
    (BodySource(), "contains", ["One & more"], False),
    (BodySource(), "count =", ["1"], True),
]
_XML = '<?xml version="1.0"?><r><i id="1">a &amp; b</i><i id="2"><![CDATA[<c>]]> <b>d</b></i></r>'
_XPATHS: list[Row] = [
    (XPathSource(path="//i"), "=", ["a & b"], True),
    (XPathSource(path="//i[2]"), "=", ["<c> d"], True),
    (XPathSource(path="//i/@id"), "count =", ["2"], True),
    (XPathSource(path="//i[@id='2']/@id"), ">", ["1"], True),
    (XPathSource(path="//none"), "exists", [], False),
    (XPathSource(path="//none"), "count =", ["0"], True),
]

_VALUES = [
    *_value_cases("numbers", json(_DOCUMENT), _NUMBERS),
    *_value_cases("texts", json(_DOCUMENT), _TEXTS),
    *_value_cases("types", json(_DOCUMENT), _TYPES),
    *_value_cases("counts", json(_DOCUMENT), _COUNTS),
    *_value_cases("sources", _PAGE, _SOURCES),
    *_value_cases("xpath", Reply(200, (("Content-Type", "application/xml"),), _XML.encode()), _XPATHS),
    *_value_cases(
        "no_json", html("<p>"), [(_GONE, "exists", [], False), (_GONE, "count =", ["0"], True), (_GONE, "=", [""], False)]
    ),
    Case(
        "value_of_names",
        [
            let("vn_low", "5"),
            let("vn_text", 'say "w" ${x} \u6f22'),
            request(
                "GET /all",
                name="all",
                expect=[
                    ValueExpectation(source=_N, relation="between", values=(t(ref("vn_low")), t("1", "1"))),
                    ValueExpectation(source=_S, relation="=", values=(t(ref("vn_text")),)),
                    ValueExpectation(
                        source=_N, relation="one of", values=(t("1"), t("2", ref("vn_low")), t(fn("add", ref("vn_low"), "5")))
                    ),
                    ValueExpectation(source=_N, relation=">", values=(t(ref("vn_low"), "0"),)),
                ],
            ),
            request("GET /never"),
        ],
        marks("/all"),
        {"GET /all": [json(_DOCUMENT)]},
        failures=[Failed("all", "value: json $.n is not > …")],
    ),
]

_CALLED = """{"sha": "a9993e364706816aba3e25717850c26c9cd0d89d", "upper": "ABC", "b64": "x YWJj y", "sum": 7, "user": "1",
  "nested": "D41D8CD98F00B204E9800998ECF8427E", "turn": "2", "count": 1}"""


def _json(path: str, *parts: Value, **more: bool) -> JsonExpectation:
    return JsonExpectation(path=path, equals=t(*parts), **more)


def _valued(path: str, relation: str, *values: Template) -> ValueExpectation:
    return ValueExpectation.model_validate({"source": json_at(path), "relation": relation, "values": values})


_CALLS = [
    Case(
        "expected_calls",
        [
            let("xc_v", "abc"),
            request(
                "GET /all",
                name="all",
                expect=[
                    _json("$.sha", fn("sha1", ref("xc_v"))),
                    _json("$.sha", fn("sha1", t(ref("xc_v"), "d")), negated=True),
                    _json("$.nested", fn("upper", fn("md5", ""))),
                    _json("$.user", fn("user")),
                    _json("$.count", fn("counter", "xc_n")),
                    _valued("$.upper", "=", t(fn("upper", ref("xc_v")))),
                    _valued("$.b64", "contains", t(" ", fn("base64", ref("xc_v")))),
                    _valued("$.sum", "between", t(fn("add", "3", "3")), t(fn("add", "3", "5"))),
                    _valued("$.sum", "one of", t("6"), t(fn("add", "3", "4"))),
                    ValueExpectation(source=header_of("X-Up"), relation="ends with", values=(t(fn("upper", ref("xc_v"))),)),
                    TextExpectation(relation="contains", value=t(fn("base64", ref("xc_v")))),
                    TextExpectation(header="X-Up", relation="equals", value=t("-", fn("upper", ref("xc_v")))),
                ],
            ),
            request("GET /turn", name="turn", expect=[_valued("$.turn", "=", t(fn("iteration")))]),
            request(("GET", t("/end/", fn("counter", "xc_n"))), name="end"),
        ],
        marks("/all", "/turn", "/all"),
        {
            "GET /all": [
                json(_CALLED, ("X-Up", "-ABC")),
                json(_CALLED.replace('"count": 1', '"count": 2').replace("a999", "b999"), ("X-Up", "-ABC")),
            ],
            "GET /turn": [json(_CALLED)],
        },
        iterations=2,
        failures=[
            Failed("turn", "value: json $.turn is not = …"),
            Failed("all", f'json: $.sha is not "{sha1(b"abc").hexdigest()}"'),
        ],
    ),
]

CASES = [*_VALUES, *_CALLS]
