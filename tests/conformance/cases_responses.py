"""Cases about what follows from responses: captured URLs, redirects, cookies."""

from __future__ import annotations

import re

from conformance.case import (
    Case,
    Failed,
    Wire,
    fn,
    form,
    form_wire,
    json_at,
    marks,
    redirect,
    ref,
    request,
    t,
    text,
)
from conformance.defaults import SOFT
from conformance.server import Reply, json

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import StatusExpectation

CASES = [
    Case(
        "redirects_without_end",
        [request("GET /loop", name="loop", follow=True), request("GET /never")],
        marks(*["/loop"] * 21),
        {"GET /loop": [Reply(302, (("Location", "{self}/redirects_without_end/loop"),))]},
        failures=[Failed("loop", re.compile("network: .+"))],
        samples=1,
    ),
    Case(
        "capture_in_url",
        [
            request("GET /source", capture={"u_id": json_at("$.id"), "u_path": json_at("$.path"), "u_raw": json_at("$.raw")}),
            request(("GET", t("/item/", ref("u_id"), "/x")), name="item"),
            request(("GET", t("/enc/", fn("urlencode", ref("u_path")))), name="encoded"),
            request(("GET", t("/raw", ref("u_raw"))), name="raw"),
            request("POST /text", body=text(t("id=", ref("u_id")))),
        ],
        [
            Wire("GET", "/source"),
            Wire("GET", "/item/42/x"),
            Wire("GET", "/enc/%2Fa%20b%3F"),
            Wire("GET", "/raw/p/a%20th?x=%C3%A9&y=1"),
            Wire("POST", "/text", {"Content-Type": "text/plain"}, b"id=42"),
        ],
        {"GET /source": [json('{"id": 42, "path": "/a b?", "raw": "/p/a%20th?x=%C3%A9&y=1"}')]},
    ),
    Case(
        "empty_in_path",
        [
            request("GET /source", capture={"ep_none": json_at("$.none"), "ep_path": json_at("$.path")}),
            request(("GET", t("/a/", ref("ep_none"), "/b")), name="empty"),
            request(("GET", t("/c/", ref("ep_path"))), name="slash"),
        ],
        [Wire("GET", "/source"), Wire("GET", "/a//b"), Wire("GET", "/c//d")],
        {"GET /source": [json('{"none": "", "path": "/d"}')]},
        differs={"jmeter": "two slashes side by side in a path, of which one comes with a value, are sent as one"},
    ),
    Case(
        "capture_again",
        [
            request("GET /source", name="first", capture={"g_token": json_at("$.t")}),
            request(("GET", t("/use/", ref("g_token"))), name="use 1"),
            request("GET /source", name="second", capture={"g_token": json_at("$.t")}),
            request(("GET", t("/use/", ref("g_token"))), name="use 2"),
        ],
        [Wire("GET", "/source"), Wire("GET", "/use/one"), Wire("GET", "/source"), Wire("GET", "/use/two")],
        {"GET /source": [json('{"t": "one"}'), json('{"t": "two"}')]},
    ),
    Case(
        "redirect_none",
        [request("GET /r"), request("POST /r", body=form(("a", "1"))), request("GET /after")],
        [Wire("GET", "/r"), form_wire("/r", ("a", "1")), Wire("GET", "/after")],
        {"GET /r": [Reply(302, (("Location", "/redirect_none/t"),))], "POST /r": [Reply(303, (("Location", "/redirect_none/t"),))]},
    ),
    Case(
        "redirect_nowhere",
        [request("GET /r"), request("GET /after")],
        [Wire("GET", "/r"), Wire("GET", "/after")],
        {"GET /r": [Reply(302)]},
        differs={"jmeter": "takes a redirect without a Location header for a network failure"},
    ),
    Case(
        "redirect_follow",
        [
            request("GET /r", follow=True, capture={"f_end": json_at("$.end")}, expect=[StatusExpectation(statuses=(200,))]),
            request("POST /p", body=form(("a", "1")), follow=True),
            request(("GET", t("/", ref("f_end"))), name="after"),
        ],
        [
            Wire("GET", "/r"),
            Wire("GET", "/hop?x=1"),
            Wire("GET", "/end", {"Cookie": "hop=1"}),
            form_wire("/p", ("a", "1"), Cookie="hop=1"),
            Wire("GET", "/got", {"Cookie": "hop=1"}),
            Wire("GET", "/last", {"Cookie": "hop=1"}),
        ],
        {
            "GET /r": [Reply(302, (("Location", "hop?x=1"),))],
            "GET /hop": [Reply(301, (("Location", "{self}/redirect_follow/end"), ("Set-Cookie", "hop=1; Path=/redirect_follow")))],
            "GET /end": [json('{"end": "last"}')],
            "POST /p": [Reply(303, (("Location", "/redirect_follow/got"),))],
        },
        samples=3,
    ),
    Case(
        "redirect_keeps_the_method",
        [request("POST /r", body=form(("a", "1")), follow=True), request("GET /after")],
        [form_wire("/r", ("a", "1")), form_wire("/end", ("a", "1")), Wire("GET", "/after")],
        {"POST /r": [Reply(307, (("Location", "/redirect_keeps_the_method/end"),))]},
        samples=2,
        about=Feature.REDIRECTS_FOLLOW,
        differs={"jmeter": "a POST that is answered with 307 is followed by a GET"},
    ),
    Case(
        "redirect_default",
        [request("GET /r"), request("GET /own", follow=False)],
        [Wire("GET", "/r"), Wire("GET", "/end"), Wire("GET", "/own")],
        {
            "GET /r": [Reply(302, (("Location", "/redirect_default/end"),))],
            "GET /own": [Reply(302, (("Location", "/redirect_default/never"),))],
        },
        samples=2,
        defaults=SOFT,
    ),
    Case(
        "other_port",
        [
            request("GET /start", capture={"o_url": redirect()}),
            request(("GET", t(ref("o_url"))), name="GET other", absolute=True, headers={"X-A": "1"}),
            request("GET /back"),
        ],
        [
            Wire("GET", "/start"),
            Wire("GET", "/login?state=%7Bx%7D&n=1", {"X-A": "1"}, port=1),
            Wire("GET", "/back"),
        ],
        {"GET /start": [Reply(302, (("Location", "{other}/other_port/login?state=%7Bx%7D&n=1"),))]},
    ),
    Case(
        "cookies",
        [
            request("GET /set"),
            request("GET /use"),
            request("GET /sub/page"),
            request("GET /drop"),
            request("GET /end"),
        ],
        [
            *[
                Wire("GET", "/set"),
                Wire("GET", "/use", {"Cookie": "flash=said; sid=abc%2F=; theme=dark"}),
                Wire("GET", "/sub/page", {"Cookie": "flash=said; sid=abc%2F=; sub=s; theme=dark"}),
                Wire("GET", "/drop", {"Cookie": "flash=said; sid=abc%2F=; theme=dark"}),
                Wire("GET", "/end", {"Cookie": "theme=light"}),
            ]
            * 2
        ],
        {
            "GET /set": [
                Reply(
                    200,
                    (
                        ("Set-Cookie", "sid=abc%2F=; Path=/; Secure; HttpOnly; SameSite=None"),
                        ("Set-Cookie", "theme=dark; Path=/cookies; Max-Age=3600"),
                        ("Set-Cookie", "sub=s; Path=/cookies/sub"),
                        ("Set-Cookie", "elsewhere=1; Path=/elsewhere"),
                        ("Set-Cookie", "flash=said; Path=/cookies"),
                    ),
                )
            ],
            "GET /drop": [
                Reply(
                    200,
                    (
                        ("Set-Cookie", "flash=said; Path=/cookies; Max-Age=0"),
                        ("Set-Cookie", "sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
                        ("Set-Cookie", "theme=light; Path=/cookies"),
                    ),
                )
            ],
        },
        iterations=2,
    ),
]
