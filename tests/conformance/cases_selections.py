"""Cases about which matches a capture takes: first, nth, last, random, all, their number; and about whole-response sources."""

from __future__ import annotations

from conformance.case import (
    Case,
    Failed,
    Wire,
    between,
    cookie,
    css,
    fn,
    form,
    form_wire,
    generator,
    header_of,
    json_at,
    marks,
    ref,
    regex,
    request,
    t,
)
from conformance.server import Reply, html, json

from loadwright.compiler.plan.extract import json_array
from loadwright.compiler.plan.model import (
    BodySource,
    Capture,
    CaptureSource,
    RedirectSource,
    StatusExpectation,
    StatusSource,
    UrlSource,
    XPathSource,
)

_PAGE = Reply(
    200,
    (
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Mode", "m1, m2 m3"),
        ("Set-Cookie", "sid=a=b; Path=/elsewhere"),
        ("Location", "next?x=1"),
    ),
    b'<ul><li id=a>One "1"</li><li>Two\\</li><li id=c>${Three} \xe6\xbc\xa2</li></ul>',
)
_MATCHES: dict[str, tuple[CaptureSource, list[str]]] = {
    "css": (css("li"), ['One "1"', "Two\\", "${Three} \u6f22"]),
    "attribute": (css("li", "id"), ["a", "c"]),
    "regex": (regex("<li[^>]*>([A-Z$][^ <]*)"), ["One", "Two\\", "${Three}"]),
    "boundary": (between("<li", "</li>"), [' id=a>One "1"', ">Two\\", " id=c>${Three} \u6f22"]),
    "header": (header_of("X-Mode", r"m(\d)"), ["1", "2", "3"]),
    "cookie": (cookie("sid"), ["a=b"]),
    "status": (StatusSource(), ["200"]),
    "nothing": (css("h1"), []),
}
_JSON = """{"a": [{"v": 12345678901234567890}, {"v": null}, {"v": 1.50}, {"v": "te\\"xt ${x} \\u6f22"}, {"v": [1, {"k": true}]}]}"""
_JSON_FOUND = ["12345678901234567890", "1.50", 'te"xt ${x} \u6f22', '[1,{"k":true}]']


def _chosen(found: list[str], select: str, default: str) -> str:
    if select == "count":
        return str(len(found))
    if not found:
        return default
    return {"first": found[0], "second": found[1] if len(found) > 1 else default, "last": found[-1], "all": json_array(found)}[
        select
    ]


def _capture(name: str, source: CaptureSource, select: str, default: str | None = "none") -> Capture:
    number = {"first": 1, "second": 2}.get(select)
    return Capture.model_validate(
        {
            "name": name,
            "source": source,
            "select": "nth" if number else select,
            "occurrence": number or 1,
            "default": None if default is None else t(default),
        }
    )


def _selections(name: str, reply: Reply, found: dict[str, tuple[CaptureSource, list[str]]]) -> Case:
    captures, wanted = {}, []
    for label, (source, values) in found.items():
        for select in ("first", "second", "last", "all", "count"):
            key = f"{name}_{label}_{select}"
            captures[key] = _capture(key, source, select)
            wanted.append((key, _chosen(values, select, "none")))
    return Case(
        name,
        [request("GET /source", capture=captures), request("POST /sink", body=form(*((key, ref(key)) for key, _ in wanted)))],
        [*marks("/source"), form_wire("/sink", *wanted)],
        {"GET /source": [reply]},
    )


def _missing(select: str) -> Case:
    """A selection that finds nothing the first time."""
    name = f"select_{select}_missing"
    return Case(
        name,
        [
            request("GET /source", name="source", capture={f"s_{name}": _capture(f"s_{name}", json_at("$.a[*]"), select, None)}),
            request(("GET", t("/end/", ref(f"s_{name}"))), name="end"),
        ],
        marks("/source", "/source", "/end/1" if select != "all" else "/end/[%221%22]".replace("%22", '"')),
        {"GET /source": [json('{"a": [null]}'), json('{"a": [1]}')]},
        iterations=2,
        failures=[Failed("source", f"extraction: s_{name} not found (json $.a[*])")],
    )


_LETTERS = ["a", "b", "c", "d", "e"]


def _drawn(name: str, iteration: int) -> list[tuple[str, str]]:
    random = generator(name, 0, iteration)
    one = _LETTERS[random.integer(0, 4)]
    two = "xyz"[random.integer(0, 2)]
    return [("one", one), ("two", two), ("then", str(random.integer(1, 1000)))]


_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE r><r xmlns:p="urn:p" lang="en"><!-- c --><i id="1">a &amp; b &#x6f22;</i><i id="2"> x <b>d</b> </i>
<p:q>ns</p:q><empty/><n>2.50</n><n>4</n></r>"""

CASES = [
    _selections("select_many", _PAGE, _MATCHES),
    _selections("select_json", json(_JSON), {"json": (json_at("$.a[*].v"), _JSON_FOUND), "none": (json_at("$.b[*]"), [])}),
    *(_missing(select) for select in ("last", "random")),
    Case(
        "select_random",
        [
            request(
                "GET /source",
                capture={
                    "sr_one": _capture("sr_one", json_at("$.a[*]"), "random"),
                    "sr_single": _capture("sr_single", json_at("$.none[*]"), "random"),
                    "sr_two": _capture("sr_two", regex("[xyz]"), "random"),
                },
            ),
            request("POST /sink", body=form(("one", ref("sr_one")), ("two", ref("sr_two")), ("then", fn("random", "1", "1000")))),
        ],
        [wire for i in range(5) for wire in (*marks("/source"), form_wire("/sink", *_drawn("select_random", i)))],
        {"GET /source": [json('{"a": ["a","b","c","d","e"], "w": "xyz"}')]},
        iterations=5,
    ),
    Case(
        "select_all_missing",
        [
            request("GET /source", name="source", capture={"sm_all": _capture("sm_all", css("li"), "all", None)}),
            request("GET /never"),
        ],
        marks("/source"),
        {"GET /source": [html("<p>")]},
        failures=[Failed("source", "extraction: sm_all not found (css li)")],
    ),
    Case(
        "whole_response",
        [
            request(
                "GET /source?a=1",
                capture={
                    "wr_body": BodySource(),
                    "wr_url": UrlSource(),
                    "wr_status": StatusSource(),
                    "wr_next": RedirectSource(),
                    "wr_count": _capture("wr_count", BodySource(), "count"),
                },
                expect=[StatusExpectation(statuses=(404,))],
            ),
            request("GET /empty", capture={"wr_empty": BodySource()}),
            request(
                "POST /sink",
                body=form(*((key, ref(f"wr_{key}")) for key in ("body", "url", "status", "next", "count", "empty"))),
                headers={"X-Url": ref("wr_url")},
            ),
        ],
        [
            *marks("/source?a=1", "/empty"),
            form_wire(
                "/sink",
                ("body", ' {"a": "\u6f22 ${x}"}\r\n'),
                ("url", "{self}/whole_response/source?a=1"),
                ("status", "404"),
                ("next", "{self}/x?y=1"),
                ("count", "1"),
                ("empty", ""),
                **{"X-Url": "{self}/whole_response/source?a=1"},
            ),
        ],
        {
            "GET /source": [Reply(404, (("Location", "/x?y=1"),), ' {"a": "\u6f22 ${x}"}\r\n'.encode())],
            "GET /empty": [Reply(body=b"")],
        },
    ),
    Case(
        "url_after_redirects",
        [
            request("GET /r", follow=True, capture={"ur_url": UrlSource(), "ur_status": StatusSource()}),
            request("GET /sink", headers={"X-Url": ref("ur_url"), "X-Status": ref("ur_status")}),
        ],
        [
            *marks("/r", "/hop", "/end?x=1"),
            Wire("GET", "/sink", {"X-Url": "{self}/url_after_redirects/end?x=1", "X-Status": "203"}),
        ],
        {
            "GET /r": [Reply(302, (("Location", "hop"),))],
            "GET /hop": [Reply(302, (("Location", "{self}/url_after_redirects/end?x=1"),))],
            "GET /end": [Reply(203)],
        },
        samples=2,
    ),
    _selections(
        "select_xpath",
        Reply(200, (("Content-Type", "application/xml"),), _XML.encode()),
        {
            "text": (XPathSource(path="//i"), ["a & b \u6f22", " x d "]),
            "attribute": (XPathSource(path="//i/@id"), ["1", "2"]),
            "predicate": (XPathSource(path="/r/i[@id='2']/b"), ["d"]),
            "node": (XPathSource(path="//i/text()"), ["a & b \u6f22", " x ", " "]),
            "name": (XPathSource(path="//*[local-name()='q']"), ["ns"]),
            "string": (XPathSource(path="string(/r/@lang)"), ["en"]),
            "count": (XPathSource(path="count(//i)"), ["2"]),
            "sum": (XPathSource(path="sum(//n)"), ["6.5"]),
            "truth": (XPathSource(path="count(//i) > 1"), ["true"]),
            "empty": (XPathSource(path="//empty"), [""]),
            "none": (XPathSource(path="//nothing"), []),
        },
    ),
    Case(
        "xpath_of_no_xml",
        [
            request(
                "GET /source",
                name="source",
                capture={
                    "xn_default": _capture("xn_default", XPathSource(path="//i"), "first"),
                    "xn_miss": XPathSource(path="//i"),
                },
            ),
            request("GET /never"),
        ],
        marks("/source"),
        {"GET /source": [html("<i>unclosed")]},
        failures=[Failed("source", "extraction: xn_miss not found (xpath //i)")],
    ),
]
