"""Values that recordings of the wild, or somebody with bad intent, may hold."""

from __future__ import annotations

import base64
import gzip
from typing import Any

from fuzz.canaries import Har

ODD: list[Any] = [None, True, False, 0, -1, 1.5, 1e308, 10**400, "", " ", "x", [], {}, [None], [[[[]]]], {"name": 1}]
ODD += ["a" * 3000]
ODD += [
    "\x00\r\n\t",
    "\ud800",
    "\udfff\ud800",
    "ﬃ İ ß \u202e \u2028",
    "${x}",
    "${__groovy(1)}",
    '"; drop',
    "{{x}}",
    "%00%ff%",
    "</script>",
]
TIMES: list[Any] = [
    "-1",
    "2026-02-30T99:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00:00Z",
    "2024-05-01",
    "1714557600000",
]
TIMES += ["2024-05-01T10:00:00.123456789+05:30", "1969-12-31T23:59:59Z", 1_714_557_600_000, -5, 1e30, None, "yesterday"]
URLS: list[Any] = [
    "data:text/html,<h1>x</h1>",
    "blob:https://a.example/1-2",
    "ws://a.example/s",
    "wss://[::1]:9/s?t=1",
    "http://[::1]:8080/a",
]
URLS += [
    "http://[",
    "//",
    "http://",
    "http://bücher.example/straße?ü=ß",
    "http://xn--bcher-kva.example/",
    "HTTP://A.EXAMPLE:80/",
    "about:blank",
]
URLS += ["http://a.example:99999/", "http://a.example:/x", "http://a.example/" + "a/" * 1500]
URLS += ["http://a.example/?" + "q=1&" * 1500]
URLS += [
    "http://a.example/\x00\r\n/x y",
    "http://a.example/%zz%",
    "http://a.example/;a=1;=2?=&&=",
    "http://a.example/../../etc#x#y",
    "/relative",
]
URLS += [
    "http://a_b.example/",
    "http://1.2.3/",
    "http://a.example\\@b.example/",
    "chrome-extension://abc/x.js",
    "http://a.example/\ud800",
]
TYPES = [
    "",
    "text/html; charset=utf-7",
    "text/html; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "=?",
    "x/y; ;=",
]
TYPES += [
    "application/json",
    "application/x-www-form-urlencoded",
    "text/xml",
    "image/png",
    "application/octet-stream",
    "a" * 300,
    "text/plain",
]
TYPES += ['multipart/form-data; boundary="xx"', "application/graphql", "application/x-protobuf", "text/html;charset=utf-16"]
BODIES = [
    '{"a":"\\ud800 longer text","b":"\\ud800u9Xk2LmQ77aBz81Q"}',
    "{",
    '{"a":',
    "[" * 300 + "]" * 300,
    '{"a":' * 200 + "1" + "}" * 200,
    '{"a":1,"a":2}',
    '{"n":1e999,"m":-0,"x":NaN}',
    "null",
    '"x"',
    "1",
]
BODIES += [
    '{"\\ud800":"\\udfff"}',
    "a=1&a=2&=&b",
    "%",
    "a=%zz&b=+",
    "--xx\r\n",
    "--xx--",
    "\ufeff{}",
    "<a><b></a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
]
BODIES += [
    "<title></title>",
    "<input name=a value='",
    "<h1>${x} {{y}} #{z}</h1>",
    '{"errors":[{"message":"x"}]}',
    "\x00\x01\x02",
    "a" * 20_000,
]
BODIES += [
    '{"id":' + "9" * 400 + "}",
    '{"":"","$":{"@":"[]"},"a.b":{"c d":["\'\\""]}}',
    "<script>var a = '\\x3c/script\\x3e'; </script>",
]
STATUSES: list[Any] = [-1, 0, 1, 99, 100, 101, 204, 206, 302, 304, 401, 407, 500, 999, 1000, "200", None, 200.5, 10**30]
_PACKED = base64.b64encode(gzip.compress(b"<h1>packed</h1>")).decode()
ENCODED: list[Har] = [
    {"encoding": "base64", "text": text} for text in ("!!!", "YQ", _PACKED, _PACKED[:20], "/////w==", "4pyT", "=")
]
ENCODED += [{"encoding": "gzip", "text": "x"}, {"encoding": 5, "text": "YQ=="}, {"encoding": "base64"}]
HEADERS = [
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "br"),
    ("Content-Length", "-5"),
    ("Content-Length", "1e9"),
    ("", "x"),
    ("a b", "c"),
]
HEADERS += [
    ("Location", "http://["),
    ("Location", "\ud800"),
    ("Location", "?"),
    ("Location", "//"),
    ("Set-Cookie", "=; ;"),
    ("Set-Cookie", "a=b=c; Max-Age=x"),
]
HEADERS += [
    ("Cookie", ";;=;"),
    ("Cookie", "a=1; a=2"),
    ("X-Odd", "\r\nX-Injected: 1"),
    ("Authorization", "Basic !!!"),
    ("Authorization", "Bearer"),
    ("Authorization", ""),
]
HEADERS += (
    [("Content-Type", kind) for kind in TYPES]
    + [("Referer", url) for url in ("x", "http://[")]
    + [("Host", "b.example"), (":path", "/")]
)


SIZES: list[Any] = [-1, -(10**12), 10**12, "x", 0, 3, None]
METHODS: list[Any] = ["", "get", "QUERY", "CONNECT", "G T", None, 5, "A" * 60, "OPTIONS", "HEAD", "PUT"]
