"""Cases about virtual users: setup and teardown, cookies, what each user holds."""

from __future__ import annotations

from conformance.case import (
    Case,
    Failed,
    Value,
    Wire,
    column,
    fn,
    form,
    form_wire,
    generator,
    json_at,
    let,
    marks,
    ref,
    request,
    step,
    t,
)
from conformance.flow import STOP_ITERATION, STOP_USER, fail, if_, is_, repeat
from conformance.server import Reply, json

from loadwright.compiler.plan.model import DataSource, Request

_LOGIN = Reply(200, (("Content-Type", "application/json"), ("Set-Cookie", "sid=s1; Path=/")), b'{"token": "tok"}')


def _seen(*parts: Value, name: str = "seen") -> Request:
    return request(("GET", t("/", *parts)), name=name)


def _wire(target: str, cookie: str | None = None) -> Wire:
    return Wire("GET", target, {"Cookie": cookie})


_SETUP = [
    Case(
        "setup",
        [_seen("page/", ref("st_token"), "/", ref("st_kept"), "/", ref("st_top"))],
        [
            _wire("/login"),
            *(_wire(f"/page/tok/kept/top-{number}", "sid=s1") for number in (2, 3, 4)),
            _wire("/logout/tok", "sid=s1"),
        ],
        {"GET /login": [_LOGIN]},
        iterations=3,
        setup=[
            step("setup", "login", request("GET /login", name="login", capture={"st_token": json_at("$.token")})),
            let("st_kept", "kept"),
            let("st_top", "set in the setup"),
        ],
        teardown=[step("setup", "logout", _seen("logout/", ref("st_token"), name="logout"))],
        variables=[let("st_top", "top-", fn("counter", "st_count"))],
        runs=5,
    ),
    Case(
        "setup_of_each_user",
        [_seen("page/", ref("su_me"), "/", fn("iteration"))],
        [_wire(f"/{what}/{user}") for what in ("login", "logout") for user in (1, 2, 3)]
        + [_wire(f"/page/u{user}/{iteration}") for user in (1, 2, 3) for iteration in (1, 2)],
        users=3,
        iterations=2,
        setup=[
            step("setup_of_each_user", "login", _seen("login/", fn("user"), name="login")),
            let("su_me", "u", fn("user")),
        ],
        teardown=[step("setup_of_each_user", "logout", _seen("logout/", fn("user"), name="logout"))],
        cookies="clear",
        unordered=True,
        runs=12,
    ),
    Case(
        "setup_fails",
        [_seen("never")],
        marks("/login"),
        {"GET /login": [Reply(403)]},
        iterations=2,
        setup=[
            step("setup_fails", "login", request("GET /login", name="login")),
            step("setup_fails", "more", _seen("never")),
        ],
        teardown=[step("setup_fails", "logout", _seen("never"))],
        failures=[Failed("login", "status: expected 200 to 399, got 403")],
        runs=1,
        rounds=0,
        failed_rounds=0,
    ),
    Case(
        "setup_fails_by_flow",
        [_seen("never")],
        marks("/before"),
        iterations=2,
        setup=[step("setup_fails_by_flow", "login", _seen("before"), fail("no setup today"))],
        teardown=[step("setup_fails_by_flow", "logout", _seen("never"))],
        flows=["no setup today"],
        runs=1,
        rounds=0,
        failed_rounds=0,
    ),
    Case(
        "setup_stops",
        [_seen("work")],
        marks("/before", "/work", "/work", "/bye"),
        iterations=2,
        setup=[step("setup_stops", "in", _seen("before"), repeat("2", STOP_ITERATION), _seen("never"))],
        teardown=[step("setup_stops", "out", _seen("bye"))],
        runs=4,
    ),
    Case(
        "setup_stops_the_user",
        [_seen("never")],
        marks("/before", "/bye"),
        iterations=2,
        setup=[step("setup_stops_the_user", "in", _seen("before"), STOP_USER)],
        teardown=[step("setup_stops_the_user", "out", _seen("bye"))],
        runs=2,
        rounds=0,
    ),
    Case(
        "teardown_after_failures",
        [request("GET /work", name="work")],
        marks("/work", "/work", "/out", "/fails"),
        {"GET /work": [Reply(500)], "GET /fails": [Reply(501)]},
        iterations=2,
        teardown=[
            step("teardown_after_failures", "out", _seen("out")),
            step("teardown_after_failures", "fails", request("GET /fails", name="fails"), _seen("never")),
            step("teardown_after_failures", "more", _seen("never")),
        ],
        failures=[
            *[Failed("work", "status: expected 200 to 399, got 500")] * 2,
            Failed("fails", "status: expected 200 to 399, got 501"),
        ],
        runs=4,
        failed_rounds=2,
    ),
    Case(
        "teardown_after_stop_user",
        [request("GET /state", capture={"ts_s": json_at("$.s")}), if_(is_("ts_s", "gone"), STOP_USER), _seen("end")],
        marks("/state", "/end", "/state", "/bye/gone"),
        {"GET /state": [json('{"s": "here"}'), json('{"s": "gone"}')]},
        iterations=5,
        teardown=[step("teardown_after_stop_user", "out", _seen("bye/", ref("ts_s")))],
        runs=3,
        rounds=2,
    ),
    Case(
        "teardown_after_data",
        [_seen("row/", column("td_rows", "id"))],
        marks("/row/1", "/row/2", "/bye"),
        iterations=5,
        teardown=[step("teardown_after_data", "out", _seen("bye"))],
        data=[DataSource(name="td_rows", path="td_rows.csv", columns=("id",), on_end="stop")],
        files={"td_rows.csv": b"id\n1\n2\n"},
        runs=3,
        rounds=2,
    ),
    Case(
        "what_users_keep",
        [
            if_(is_("uk_first", "yes"), let("uk_kept", "first iteration")),
            let("uk_first", "no"),
            request("POST /kept", body=form(("kept", ref("uk_kept")), ("set", ref("uk_set")), ("n", fn("counter", "uk_n")))),
        ],
        [
            form_wire("/kept", ("kept", "first iteration"), ("set", "setup"), ("n", "2")),
            form_wire("/kept", ("kept", "first iteration"), ("set", "setup"), ("n", "3")),
            form_wire("/out", ("kept", "first iteration"), ("n", "4")),
        ],
        iterations=2,
        setup=[
            *(let(name, value) for name, value in (("uk_first", "yes"), ("uk_kept", "setup"), ("uk_set", "setup"))),
            let("uk_unused", fn("counter", "uk_n")),
        ],
        teardown=[
            step(
                "what_users_keep",
                "out",
                request("POST /out", body=form(("kept", ref("uk_kept")), ("n", fn("counter", "uk_n")))),
            )
        ],
        runs=3,
    ),
]

_SETTING = [Reply(200, (("Set-Cookie", "sid=one; Path=/"), ("Set-Cookie", "mode=dark; Path=/")))]

_COOKIES = [
    Case(
        "cookies_keep",
        [request("GET /use", name="use"), request("GET /set", name="set")],
        [_wire("/use"), _wire("/set"), *([_wire("/use", "mode=dark; sid=one"), _wire("/set", "mode=dark; sid=one")] * 2)],
        {"GET /set": _SETTING},
        iterations=3,
        cookies="keep",
    ),
    Case(
        "cookies_clear_after_setup",
        [request("GET /use", name="use"), request("GET /set", name="set")],
        [_wire("/set"), *([_wire("/use"), _wire("/set")] * 2)],
        {"GET /set": _SETTING},
        iterations=2,
        setup=[step("cookies_clear_after_setup", "in", request("GET /set", name="first"))],
        cookies="clear",
        runs=3,
    ),
    Case(
        "cookies_kept_after_failures",
        [request("GET /use", name="use"), request("GET /bad", name="bad")],
        [_wire("/set"), *([_wire("/use", "mode=dark; sid=one"), _wire("/bad", "mode=dark; sid=one")] * 2)],
        {"GET /set": _SETTING, "GET /bad": [Reply(500)]},
        iterations=2,
        setup=[step("cookies_kept_after_failures", "in", request("GET /set", name="first"))],
        failures=[Failed("bad", "status: expected 200 to 399, got 500")] * 2,
        runs=3,
    ),
    Case(
        "cookie_by_hand",
        [
            let("ch_v", "a%20b=c"),
            request("GET /one", name="one", cookies={"consent": "yes", "v": t("x", ref("ch_v"))}),
            request("GET /deep/two", name="two"),
            request("GET /set", name="set", cookies={"sid": "own"}),
            request("GET /three", name="three", cookies={"consent": "no"}),
        ],
        [
            _wire("/one", "consent=yes; v=xa%20b=c"),
            _wire("/deep/two", "consent=yes; v=xa%20b=c"),
            _wire("/set", "consent=yes; sid=own; v=xa%20b=c"),
            _wire("/three", "consent=no; mode=dark; sid=one; v=xa%20b=c"),
        ]
        * 2,
        {"GET /set": _SETTING},
        iterations=2,
    ),
]

_NUMBERS = [
    Case(
        "user_numbers",
        [
            _seen(
                *("i/", fn("user"), "/", fn("iteration"), "/", fn("counter", "un_a"), "/", fn("counter", "un_a"), "/"),
                *(fn("counter", "un_b"), "/", fn("random", "1", "100000")),
            )
        ],
        [
            _wire(f"/i/{user + 1}/{i + 1}/{2 * i + 1}/{2 * i + 2}/{i + 1}/{generator('user_numbers', user, i).integer(1, 100000)}")
            for user in range(3)
            for i in range(2)
        ],
        users=3,
        iterations=2,
        unordered=True,
    ),
    Case(
        "draws_in_setup_and_teardown",
        [_seen("i/", fn("random", "1", "100000"))],
        [
            *(_wire(f"/in/{generator('draws_in_setup_and_teardown', user, 'setup').integer(1, 100000)}") for user in range(2)),
            *(_wire(f"/i/{generator('draws_in_setup_and_teardown', user, 0).integer(1, 100000)}") for user in range(2)),
            *(_wire(f"/out/{generator('draws_in_setup_and_teardown', user, 'teardown').integer(1, 100000)}") for user in range(2)),
        ],
        users=2,
        setup=[step("draws_in_setup_and_teardown", "in", _seen("in/", fn("random", "1", "100000")))],
        teardown=[step("draws_in_setup_and_teardown", "out", _seen("out/", fn("random", "1", "100000")))],
        unordered=True,
        runs=6,
    ),
]

CASES = [*_SETUP, *_COOKIES, *_NUMBERS]
