"""Requests are on the wire as the Plan says. Needs k6."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from k6_support import Answer, Seen, closed, get, header, plan, post, ref, run, serving, t

from loadwright.compiler.plan.model import (
    Defaults,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    MultipartBody,
    Parallel,
    TextBody,
    ValuePart,
    Variable,
)
from loadwright.compiler.plan.render import evaluate, json_template

NASTY = "\"'\\${x}{{x}}`\n</stringProp>\u2028😀1e999\t\x00é"


def test_bodies_are_on_the_wire_as_the_plan_says(tmp_path: Path) -> None:
    data = bytes(range(256))
    (tmp_path / "all.bin").write_bytes(data)
    members = (
        JsonMember(name="n", value=JsonNumber(value=t("1.50"))),
        JsonMember(name="1", value=JsonText(value=t(NASTY))),
        JsonMember(name="n", value=JsonConstant(value="null")),
        JsonMember(name="v", value=JsonArray(items=(JsonText(value=t(NASTY, ref("x"))), JsonNumber(value=t(ref("n")))))),
        JsonMember(name=NASTY, value=JsonNumber(value=t("1e999"))),
    )
    plain = JsonObject(
        members=(JsonMember(name="a", value=JsonArray(items=(JsonText(value=t(NASTY)), JsonNumber(value=t("-0.25"))))), members[3]),
    )
    exact = JsonObject(members=members)
    parts = (
        ValuePart(name='a"b', value=t(NASTY)),
        FilePart(name="f", path="all.bin", filename='ü".bin', media_type="image/png"),
        ValuePart(name='a"b', value=t(ref("x"))),
    )
    form = FormBody(fields=(FormField(name=t("a b"), value=t(NASTY)), FormField(name=t("a b"), value=t(ref("x"), "~*"))))
    actions = (
        Variable(name="x", value=t(NASTY)),
        Variable(name="n", value=t("12345678901234567890")),
        post("/form", form),
        post("/empty", FormBody(fields=())),
        post("/plain", JsonBody(value=plain.model_copy(update={"members": plain.members[:1]}))),
        post("/exact", JsonBody(value=exact)),
        post("/mixed", JsonBody(value=plain)),
        post("/text", TextBody(value=t(NASTY, ref("x")), media_type="text/x-nasty")),
        post(
            "/own", TextBody(value=t("a")), headers=(header("content-type", "text/own"), header("X-Two", "1"), header("x-two", "2"))
        ),
        post("/file", FileBody(path="all.bin")),
        post("/parts", MultipartBody(parts=parts)),
        Parallel(requests=(post("/batch", FileBody(path="all.bin", media_type="a/b")), get("/batch"))),
    )
    with serving() as server:
        done = run(plan(server.url, *actions, defaults=Defaults(headers=(header("X-Two", "0"),))), tmp_path)
        assert not done.messages, done.log
        seen = {request.target: request for request in server.seen if request.method == "POST"}
    values = {"x": NASTY, "n": "12345678901234567890"}
    assert seen["/form"].header("Content-Type") == "application/x-www-form-urlencoded"
    assert seen["/form"].body.count(b"&") == 1
    assert b"a+b=" in seen["/form"].body
    assert seen["/form"].body.endswith(b"%C3%A9%7E*")
    assert (seen["/empty"].body, seen["/empty"].header("Content-Length")) == (b"", "0")
    first_only = plain.model_copy(update={"members": plain.members[:1]})
    for path, value in (("/plain", first_only), ("/exact", exact), ("/mixed", plain)):
        assert seen[path].body.decode() == evaluate(json_template(value), values)
        assert seen[path].header("Content-Type") == "application/json"
    assert seen["/text"].body.decode() == NASTY + NASTY
    assert seen["/text"].header("Content-Type") == "text/x-nasty"
    assert [value for key, value in seen["/own"].headers if key.lower() == "content-type"] == ["text/own"]
    assert [value for key, value in seen["/own"].headers if key.lower() == "x-two"] == ["1, 2"]
    assert seen["/file"].header("X-Two") == "0"
    assert (seen["/file"].body, seen["/batch"].body) == (data, data)
    boundary = (seen["/parts"].header("Content-Type") or "").partition("boundary=")[2].encode()
    chunks = seen["/parts"].body.split(b"--" + boundary)
    disposition = b"\r\nContent-Disposition: form-data; name="
    assert chunks == [
        b"",
        disposition + b'"a%22b"\r\n\r\n' + NASTY.encode() + b"\r\n",
        disposition + b'"f"; filename="\xc3\xbc%22.bin"\r\nContent-Type: image/png\r\n\r\n' + data + b"\r\n",
        disposition + b'"a%22b"\r\n\r\n' + NASTY.encode() + b"\r\n",
        b"--\r\n",
    ]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/a%2Fb%7c;p=1/(x)*'!$&+,=:@~", "/a%2Fb%7c;p=1/(x)*'!$&+,=:@~"),
        ('/q?a=|^`{}"<>[]\\%zz&b=%2f', '/q?a=|^`{}"<>[]\\%zz&b=%2f'),
        ("/a|b%2f c%zzé😀\n", "/a%7Cb%2f%20c%25zz%C3%A9%F0%9F%98%80%0A"),
        ("/a?b c\té#fragment", "/a?b%20c%09%C3%A9"),
        ("/a/../b//c/./", "/a/../b//c/./"),
        ("?x=1", "/?x=1"),
    ],
)
def test_urls_are_on_the_wire_as_the_plan_says_where_k6_can_send_them(written: str, sent: str, tmp_path: Path) -> None:
    with serving() as server:
        done = run(plan(server.url, get(written)), tmp_path)
        assert not done.messages, done.log
        assert [seen.target for seen in server.seen] == [sent]


def test_cookies_live_for_an_iteration_and_redirects_are_followed_on_request(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answer:
        if seen.target == "/set":
            return Answer(302, headers=(("Set-Cookie", "sid=1; Path=/"), ("Location", "/landed?a=b")))
        return Answer()

    with serving() as server:
        server.answer = answer
        made = plan(server.url, get("/start"), get("/set"), get("/set", redirects="follow"), loads=(closed(iterations=2),))
        done = run(made, tmp_path)
        assert not done.messages, done.log
        seen = [(s.target, s.header("Cookie")) for s in server.seen]
    once = [("/start", None), ("/set", None), ("/set", "sid=1"), ("/landed?a=b", "sid=1")]
    assert seen == once * 2
    assert [s.status for s in done.requests] == [200, 302, 200] * 2


@pytest.mark.timed
def test_a_group_is_sent_at_once_however_large_it_is(tmp_path: Path) -> None:
    gate = threading.Barrier(12, timeout=30)

    def answer(seen: Seen) -> Answer:
        gate.wait()
        return Answer()

    with serving() as server:
        server.answer = answer
        done = run(plan(server.url, Parallel(requests=tuple(get(f"/{i}") for i in range(12)))), tmp_path)
    assert len(done.requests) == 12
    assert not done.messages
