"""Cases about what is sent."""

from __future__ import annotations

import re

from conformance.case import (
    Case,
    Part,
    Value,
    Wire,
    fn,
    form,
    form_wire,
    json_at,
    json_body,
    let,
    number,
    ref,
    request,
    t,
    text,
)
from conformance.defaults import STRICT
from conformance.server import Reply, json

from loadwright.compiler.plan.functions import form_encode, json_escape, url_encode
from loadwright.compiler.plan.model import (
    FileBody,
    FilePart,
    MultipartBody,
    Parallel,
    Request,
    Think,
    ValuePart,
)

FORM = "application/x-www-form-urlencoded"
HOSTILE = (
    "\"q\" 'a' \\b \\\\c \\n ${x} ${__time()} $${y} {{x}} #{y} %{z} %s %% {0} `id` $(id) </stringProp><!-- ]]> "
    "\u2028\u2029 \u00e9 \u6f22 \U0001f600 1e999 $1 \\u0041 &amp; &lt; a,b;c|d\tTab\nLine\r\nEnd\\"
)
PRINTABLE = "\"q\" 'a' \\b \\\\c \\n ${x} ${__time()} {{x}} #{y} %{z} %41 `id` $(id) </stringProp> 1e999 $1 &amp; a,b;c|d\\"
BYTES = bytes(range(256)) * 3


_NAME = re.sub(r"\r\n|\r|\n", "%0D%0A", HOSTILE).replace('"', "%22")
"""As a name in the head of a part, as browsers write it."""


def _multipart(value: Value, file: str) -> MultipartBody:
    return MultipartBody(
        parts=(
            ValuePart(name="note", value=t(value)),
            ValuePart(name=t("note[", value, "]"), value=t("again")),
            FilePart(name="file", path=file, filename="b y.bin", media_type="application/x-thing"),
        )
    )


def _hostile_requests(value: Value, header: Value) -> list[Request]:
    encoded = fn("urlencode", value)
    return [
        request(("GET", t("/path/", encoded, "?raw=", encoded)), name="url"),
        request("GET /query", query=[("k y", value)]),
        request("GET /header", headers={"X-Hostile": header}),
        request("POST /form", body=form((value, value), ("plain", "1"))),
        request("POST /json", body=json_body({"v": value, "n": ["x", value]})),
        request("POST /text", body=text(value)),
        request("POST /multipart", body=_multipart(value, "hostile.bin")),
    ]


_HOSTILE_WIRE = [
    Wire("GET", f"/path/{url_encode(HOSTILE)}?raw={url_encode(HOSTILE)}"),
    Wire("GET", f"/query?k+y={form_encode(HOSTILE)}"),
    Wire("GET", "/header", {"X-Hostile": PRINTABLE}),
    form_wire("/form", (HOSTILE, HOSTILE), ("plain", "1")),
    Wire(
        "POST",
        "/json",
        {"Content-Type": "application/json"},
        f'{{"v":"{json_escape(HOSTILE)}","n":["x","{json_escape(HOSTILE)}"]}}'.encode(),
    ),
    Wire("POST", "/text", {"Content-Type": "text/plain"}, HOSTILE.encode()),
    Wire(
        "POST",
        "/multipart",
        {"Content-Type": re.compile("multipart/form-data; *boundary=.+")},
        (
            Part("note", HOSTILE.encode()),
            Part(f"note[{_NAME}]", b"again"),
            Part("file", BYTES, "b y.bin", "application/x-thing"),
        ),
    ),
]

CASES = [
    Case(
        "methods",
        [
            request("GET /r"),
            request("HEAD /r"),
            request("OPTIONS /r"),
            request("DELETE /r"),
            request("POST /empty"),
            request("POST /r", body=text("one")),
            request("PUT /r", body=text("two")),
            request("PATCH /r", body=text("three")),
            request("DELETE /body", body=json_body({"id": "4"})),
            request("POST /own", headers={"Content-Type": "text/plain;charset=UTF-8"}, body=json_body({"id": "é"})),
            request("POST /own", headers={"Content-Type": "application/x-www-form-urlencoded"}, body=json_body({"id": "5"})),
        ],
        [
            Wire("GET", "/r"),
            Wire("HEAD", "/r"),
            Wire("OPTIONS", "/r"),
            Wire("DELETE", "/r"),
            Wire("POST", "/empty"),
            *(
                Wire(m, "/r", {"Content-Type": "text/plain"}, b)
                for m, b in (("POST", b"one"), ("PUT", b"two"), ("PATCH", b"three"))
            ),
            Wire("DELETE", "/body", {"Content-Type": "application/json"}, b'{"id":"4"}'),
            Wire("POST", "/own", {"Content-Type": "text/plain;charset=UTF-8"}, '{"id":"é"}'.encode()),
            Wire("POST", "/own", {"Content-Type": "application/x-www-form-urlencoded"}, b'{"id":"5"}'),
        ],
    ),
    Case(
        "query",
        [
            request("GET /q?b=2&a=1&b=1&flag&empty="),
            request("GET /q", query=[("b", "2 + 2"), ("a b", "x&y=z"), ("b", "1"), ("empty", ""), ("é", "漢")]),
            request("GET /q?first=1", query=[("second", "2")]),
            request("GET /q?sp=%20&plus=+&pct=%25&low=%2f&slash=/?:@!$'()*,;"),
        ],
        [
            Wire("GET", "/q?b=2&a=1&b=1&flag&empty="),
            Wire("GET", "/q?b=2+%2B+2&a+b=x%26y%3Dz&b=1&empty=&%C3%A9=%E6%BC%A2"),
            Wire("GET", "/q?first=1&second=2"),
            Wire("GET", "/q?sp=%20&plus=+&pct=%25&low=%2f&slash=/?:@!$'()*,;"),
        ],
    ),
    Case(
        "path",
        [
            request("GET /a%2Fb/%c3%a9/~x/%7Ey;v=1/(z)!$&'*,:@=+"),
            request("GET /"),
        ],
        [Wire("GET", "/a%2Fb/%c3%a9/~x/%7Ey;v=1/(z)!$&'*,:@=+"), Wire("GET", "/")],
    ),
    Case(
        "odd_path",
        [request("GET /a//b"), request("GET /a/./b/../c"), request("GET /a/?")],
        [Wire("GET", "/a//b"), Wire("GET", "/a/./b/../c"), Wire("GET", "/a/?")],
    ),
    Case(
        "headers",
        [
            request(
                "GET /h",
                headers={
                    "User-Agent": "Loadwright/1",
                    "Accept": "text/html;q=0.9",
                    "Accept-Language": "en-GB,en;q=0.5",
                    "X-Mixed-Case": "Value",
                    "Referer": "http://example.com/a?b=c",
                    "Origin": "null",
                    "Authorization": "Bearer abc.def",
                },
            ),
            request("POST /json", headers={"content-type": "application/vnd.api+json"}, body=json_body({"a": "1"})),
            request("POST /form", headers={"Content-Type": f"{FORM}; charset=UTF-8"}, body=form(("a", "1"))),
            request("POST /xml", body=text("<a/>", "application/xml")),
        ],
        [
            Wire(
                "GET",
                "/h",
                {
                    "User-Agent": "Loadwright/1",
                    "Accept": "text/html;q=0.9",
                    "Accept-Language": "en-GB,en;q=0.5",
                    "X-Mixed-Case": "Value",
                    "Referer": "http://example.com/a?b=c",
                    "Origin": "null",
                    "Authorization": "Bearer abc.def",
                },
            ),
            Wire("POST", "/json", {"Content-Type": "application/vnd.api+json"}, b'{"a":"1"}'),
            Wire("POST", "/form", {"Content-Type": f"{FORM}; charset=UTF-8"}, b"a=1"),
            Wire("POST", "/xml", {"Content-Type": "application/xml"}, b"<a/>"),
        ],
    ),
    Case(
        "default_headers",
        [request("GET /both"), request("GET /own", headers={"accept-language": "de"})],
        [
            Wire("GET", "/both", {"Accept-Language": "en-GB", "X-All": "yes"}),
            Wire("GET", "/own", {"Accept-Language": "de", "X-All": "yes"}),
        ],
        defaults=STRICT,
    ),
    Case(
        "bodies",
        [
            request("POST /form", body=form(("a", "1"), ("a", "2"), ("empty", ""), ("sp ace", "x y+z"), ("*-._~", "é/?&="))),
            request(
                "POST /json",
                body=json_body(
                    {
                        "text": "a/b",
                        "big": number("12345678901234567890"),
                        "money": number("1.50"),
                        "huge": number("1e999"),
                        "yes": True,
                        "no": False,
                        "none": None,
                        "list": [number("1"), [], {}],
                        'ke"y': "",
                    }
                ),
            ),
            request("POST /text", body=text("line 1\nline 2\r\n\tü", "text/plain; charset=utf-8")),
            request("PUT /file", body=FileBody(path="folder/bytes.bin", media_type="application/x-bytes")),
            request("POST /multipart", body=_multipart("ü\n", "folder/bytes.bin")),
        ],
        [
            Wire("POST", "/form", {"Content-Type": FORM}, b"a=1&a=2&empty=&sp+ace=x+y%2Bz&*-._%7E=%C3%A9%2F%3F%26%3D"),
            Wire(
                "POST",
                "/json",
                {"Content-Type": "application/json"},
                b'{"text":"a/b","big":12345678901234567890,"money":1.50,"huge":1e999,"yes":true,"no":false,"none":null,'
                b'"list":[1,[],{}],"ke\\"y":""}',
            ),
            Wire("POST", "/text", {"Content-Type": "text/plain; charset=utf-8"}, "line 1\nline 2\r\n\tü".encode()),
            Wire("PUT", "/file", {"Content-Type": "application/x-bytes"}, BYTES),
            Wire(
                "POST",
                "/multipart",
                {"Content-Type": re.compile("multipart/form-data; *boundary=.+")},
                (
                    Part("note", "ü\n".encode()),
                    Part("note[ü%0D%0A]", b"again"),
                    Part("file", BYTES, "b y.bin", "application/x-thing"),
                ),
            ),
        ],
        files={"folder/bytes.bin": BYTES},
    ),
    Case(
        "multipart_order",
        [
            let("two", 'ü "2"'),
            request(
                "POST /multipart",
                body=MultipartBody(
                    parts=(
                        FilePart(name="one", path="small.txt", filename='Ünï "1".txt', media_type="text/plain"),
                        ValuePart(name="between", value=t("value")),
                        FilePart(
                            name=t("two_", ref("two")), path="small.txt", filename=t(ref("two"), ".txt"), media_type="text/csv"
                        ),
                    )
                ),
            ),
        ],
        [
            Wire(
                "POST",
                "/multipart",
                {"Content-Type": re.compile("multipart/form-data; *boundary=.+")},
                (
                    Part("one", b"small", "Ünï %221%22.txt", "text/plain"),
                    Part("between", b"value"),
                    Part("two_ü %222%22", b"small", "ü %222%22.txt", "text/csv"),
                ),
            )
        ],
        files={"small.txt": b"small"},
    ),
    Case(
        "hostile_literals",
        _hostile_requests(HOSTILE, PRINTABLE),
        _HOSTILE_WIRE,
        files={"hostile.bin": BYTES},
    ),
    Case(
        "hostile_captures",
        [
            request("GET /source", capture={"evil": json_at("$.evil"), "evil_header": json_at("$.header")}),
            *_hostile_requests(ref("evil"), ref("evil_header")),
        ],
        [Wire("GET", "/source"), *_HOSTILE_WIRE],
        {"GET /source": [json(f'{{"evil":"{json_escape(HOSTILE)}","header":"{json_escape(PRINTABLE)}"}}')]},
        files={"hostile.bin": BYTES},
    ),
    Case(
        "hostile_variables",
        [let("evil_let", "<", HOSTILE, ">"), request("POST /text", body=text(ref("evil_let")))],
        [Wire("POST", "/text", {"Content-Type": "text/plain"}, f"<{HOSTILE}>".encode())],
    ),
    Case(
        "mixed_text",
        [
            let("mix", "V"),
            request(
                "POST /text",
                body=text(t('\\ \\\\ ${x} \\${x} \\$ \\, \\" $', ref("mix"), "{", ref("mix"), "}\\n ${", ref("mix"), "}\\")),
            ),
        ],
        [Wire("POST", "/text", {"Content-Type": "text/plain"}, b'\\ \\\\ ${x} \\${x} \\$ \\, \\" $V{V}\\n ${V}\\')],
    ),
    Case(
        "parallel",
        [
            request("GET /page"),
            Parallel(requests=(request("GET /a.css"), request("GET /b.js"), request("GET /c.png"))),
            request("GET /after"),
        ],
        [Wire("GET", p) for p in ("/page", "/a.css", "/b.js", "/c.png", "/after")],
        {f"GET {p}": [Reply(delay=0.4)] for p in ("/a.css", "/b.js", "/c.png")},
        unordered=True,
    ),
    Case(
        "think",
        [request("GET /one"), Think(minimum=1500, maximum=1600), request("GET /two")],
        [Wire("GET", "/one"), Wire("GET", "/two")],
    ),
]
