"""Cases about virtual users: setup and teardown, cookies, what each user holds, rows of data."""

from __future__ import annotations

from dataclasses import replace

from conformance.case import (
    SEED,
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
from loadwright.compiler.plan.random import Generator

_LOGIN = Reply(200, (("Content-Type", "application/json"), ("Set-Cookie", "sid=s1; Path=/")), b'{"token": "tok"}')


def _seen(*parts: Value, name: str = "seen") -> Request:
    return request(("GET", t("/", *parts)), name=name)


def _wire(target: str, cookie: str | None = None) -> Wire:
    return Wire("GET", target, {"Cookie": cookie})


_SETUP = [
    Case(
        "setup",
        [_seen("work/", ref("st_token"), "/", ref("st_kept"), "/", ref("st_top"))],
        [
            _wire("/login"),
            *(_wire(f"/work/tok/kept/top-{number}", "sid=s1") for number in (2, 3, 4)),
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
        [_seen("work/", ref("su_me"), "/", fn("iteration"))],
        [_wire(f"/{what}/{user}") for what in ("login", "logout") for user in (1, 2, 3)]
        + [_wire(f"/work/u{user}/{iteration}", f"me={user}") for user in (1, 2, 3) for iteration in (1, 2)],
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
            if_(is_("uk_first", "yes"), let("uk_kept", "first"), otherwise=[let("uk_more", "later")]),
            let("uk_first", "no"),
            request("POST /kept", body=form(("kept", ref("uk_kept")), ("more", ref("uk_more")), ("n", fn("counter", "uk_n")))),
        ],
        [
            form_wire("/kept", ("kept", "first"), ("more", "setup"), ("n", "2")),
            form_wire("/kept", ("kept", "first"), ("more", "later"), ("n", "3")),
            form_wire("/kept", ("kept", "first"), ("more", "later"), ("n", "4")),
        ],
        iterations=3,
        setup=[let("uk_first", "yes"), let("uk_more", "setup"), let("uk_unused", fn("counter", "uk_n"))],
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
            let("ch_v", 'a%20b="c"'),
            request("GET /one", name="one", cookies={"consent": "yes", "v": t("x", ref("ch_v"))}),
            request("GET /deep/two", name="two"),
            request("GET /set", name="set", cookies={"sid": "own"}),
            request("GET /three", name="three", cookies={"consent": "no"}),
        ],
        [
            _wire("/one", 'consent=yes; v=xa%20b="c"'),
            _wire("/deep/two", 'consent=yes; v=xa%20b="c"'),
            _wire("/set", 'consent=yes; sid=own; v=xa%20b="c"'),
            _wire("/three", 'consent=no; mode=dark; sid=one; v=xa%20b="c"'),
        ]
        * 2,
        {"GET /set": _SETTING},
        iterations=2,
    ),
]

_ROWS = b"id,name\n1,ann\n2,bob\n3,cy\n4,di\n"
_IDS = ("1", "2", "3", "4")
_JSON_ROWS = """[
  {"id": 12345678901234567890, "name": "ann \\"a\\" ${x}", "tags": ["x", 1.50], "gone": null},
  {"id": 1.50, "name": "\\u6f22\\n", "tags": {"k": "v w"}, "gone": true}
]"""


def _source(name: str, **more: str) -> DataSource:
    return DataSource.model_validate({"name": name, "path": f"{name}.csv", "columns": ("id", "name"), **more})


def _row(name: str, **more: str) -> Case:
    """A case whose iterations send the user and the row that they have."""
    return Case(
        name,
        [_seen("row/", fn("user"), "/", column(f"{name}_rows", "id"))],
        [],
        data=[_source(f"{name}_rows", **more)],
        files={f"{name}_rows.csv": _ROWS},
        unordered=True,
    )


def _permutation(source: str) -> list[str]:
    return Generator(f"{SEED}:data:{source}").shuffled(_IDS)


_PER_USER = [
    replace(
        _row("data_per_user", rows="per user"),
        expected=[_wire(f"/row/{user}/{_IDS[i % 4]}") for user in (1, 2) for i in range(5)],
        users=2,
        iterations=5,
    ),
    replace(
        _row("data_per_user_stop", rows="per user", on_end="stop"),
        expected=[_wire(f"/row/{user}/{row}") for user in (1, 2) for row in _IDS],
        users=2,
        iterations=6,
        runs=8,
        rounds=8,
    ),
    replace(
        _row("data_per_user_shuffled", rows="per user", order="shuffled"),
        expected=[_wire(f"/row/{user}/{row}") for user in (1, 2) for row in _permutation("data_per_user_shuffled_rows")],
        users=2,
        iterations=4,
    ),
    replace(
        _row("data_unique", rows="unique per user"),
        expected=[_wire(f"/row/{user}/{user}") for user in (1, 2, 3) for _ in range(2)],
        users=3,
        iterations=2,
    ),
    replace(
        _row("data_unique_stop", rows="unique per user", on_end="stop"),
        expected=[_wire(f"/row/{user}/{user}") for user in (1, 2, 3, 4) for _ in range(2)],
        users=6,
        iterations=2,
        runs=8,
        rounds=8,
    ),
    replace(
        _row("data_unique_recycle", rows="unique per user"),
        expected=[_wire(f"/row/{user}/{(user - 1) % 4 + 1}") for user in range(1, 7)],
        users=6,
    ),
    Case(
        "data_unique_in_setup",
        [_seen("work/", column("ds_rows", "name"))],
        [_wire(f"/{what}/{name}") for what in ("login", "work", "work", "logout") for name in ("ann", "bob")],
        users=2,
        iterations=2,
        setup=[step("data_unique_in_setup", "in", _seen("login/", column("ds_rows", "name"), name="in"))],
        teardown=[step("data_unique_in_setup", "out", _seen("logout/", column("ds_rows", "name"), name="out"))],
        data=[_source("ds_rows", rows="unique per user")],
        files={"ds_rows.csv": _ROWS},
        unordered=True,
        runs=8,
    ),
]

_ORDERS = [
    Case(
        "data_json",
        [
            request(
                "POST /row",
                body=form(*((name, column("dj_rows", name)) for name in ("id", "name", "tags"))),
            )
        ],
        [
            form_wire("/row", ("id", "12345678901234567890"), ("name", 'ann "a" ${x}'), ("tags", '["x",1.50]')),
            form_wire("/row", ("id", "1.50"), ("name", "\u6f22\n"), ("tags", '{"k":"v w"}')),
            form_wire("/row", ("id", "12345678901234567890"), ("name", 'ann "a" ${x}'), ("tags", '["x",1.50]')),
        ],
        iterations=3,
        data=[DataSource(name="dj_rows", path="rows/dj.json", format="json", columns=("id", "name", "tags"))],
        files={"rows/dj.json": _JSON_ROWS.encode()},
    ),
    Case(
        "data_drawn",
        [_seen(column("dd_two", "id"), "/", column("dd_one", "id"), "/", column("dd_two", "name"), "/", fn("random", "1", "1000"))],
        [
            _wire(f"/{two}/{one}/{('ann', 'bob', 'cy', 'di')[two - 1]}/{random.integer(1, 1000)}")
            for iteration in range(6)
            for random in [generator("data_drawn", 0, iteration)]
            for one in [random.integer(1, 4)]
            for two in [random.integer(1, 4)]
        ],
        iterations=6,
        data=[_source("dd_one", order="random"), _source("dd_two", order="random", on_end="stop")],
        files={"dd_one.csv": _ROWS, "dd_two.csv": _ROWS},
    ),
    Case(
        "data_shuffled",
        [_seen("row/", column("dh_rows", "id"))],
        [_wire(f"/row/{row}") for row in _permutation("dh_rows") * 2],
        iterations=8,
        data=[_source("dh_rows", order="shuffled")],
        files={"dh_rows.csv": _ROWS},
    ),
    Case(
        "data_per_run_of_two_users",
        [_seen("row/", column("dr_rows", "id"))],
        [_wire(f"/row/{row}") for row in _IDS],
        users=2,
        iterations=4,
        data=[_source("dr_rows", on_end="stop")],
        files={"dr_rows.csv": _ROWS},
        unordered=True,
        runs=4,
        rounds=4,
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

CASES = [*_SETUP, *_COOKIES, *_PER_USER, *_ORDERS, *_NUMBERS]
