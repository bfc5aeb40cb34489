"""Cases about loops: repeat, while, until, for each."""

from __future__ import annotations

from conformance.case import (
    Case,
    Failed,
    Gap,
    Value,
    fn,
    form,
    form_wire,
    json_at,
    let,
    marks,
    ref,
    request,
    step,
    t,
)
from conformance.flow import (
    compared,
    each,
    every,
    if_,
    is_,
    negated,
    repeat,
    some,
    until,
    while_,
)
from conformance.server import Reply, json

from loadwright.compiler.plan.lists import items
from loadwright.compiler.plan.model import Capture, Request


def _seen(name: str, *parts: Value) -> Request:
    return request(("GET", t("/", *parts)), name=name)


_LOOPS = [
    Case(
        "repeat",
        [
            repeat("3", _seen("fixed", "fixed/", ref("rp_i")), index="rp_i"),
            let("rp_n", "2"),
            repeat(ref("rp_n"), repeat("2", _seen("nested", "n/", ref("rp_a"), "/", ref("rp_b")), index="rp_b"), index="rp_a"),
            repeat("1", let("rp_last", "set inside")),
            *(
                repeat(odd, _seen("never", "never"))
                for odd in ("0", "-1", "many", "1.5", "", "1e1", " 2", "+2", "2.0", "\uff12", "2\n")
            ),
            request("POST /after", body=form(("last", ref("rp_last")), ("i", ref("rp_i")))),
        ],
        [
            *marks("/fixed/1", "/fixed/2", "/fixed/3", "/n/1/1", "/n/1/2", "/n/2/1", "/n/2/2"),
            form_wire("/after", ("last", "set inside"), ("i", "3")),
        ],
    ),
    Case(
        "repeat_by_value",
        [
            request("GET /count", capture={"rv_n": json_at("$.n")}),
            repeat(ref("rv_n"), _seen("pass", "pass/", ref("rv_i")), index="rv_i"),
            _seen("end", "end"),
        ],
        marks("/count", "/pass/1", "/pass/2", "/end", "/count", "/end", "/count", "/pass/1", "/end", "/count", "/end"),
        {"GET /count": [json(f'{{"n": {n}}}') for n in ("2", "0", '"1"', '"x"')]},
        iterations=4,
    ),
    Case(
        "repeat_around_steps",
        [
            repeat(
                "2",
                step("repeat_around_steps", "inner", _seen("inner", "inner/", ref("ra_i"))),
                if_(is_("ra_i", "2"), step("repeat_around_steps", "second", _seen("second", "second"))),
                index="ra_i",
            )
        ],
        marks("/inner/1", "/inner/2", "/second"),
        runs=3,
    ),
    Case(
        "while",
        [
            let("wh_n", "0"),
            while_(
                compared(ref("wh_n"), "<", "3"), 10, let("wh_n", fn("add", ref("wh_n"), "1")), _seen("pass", "pass/", ref("wh_n"))
            ),
            while_(is_("wh_n", "never"), 5, _seen("never", "never")),
            _seen("end", "end/", ref("wh_n")),
        ],
        marks("/pass/1", "/pass/2", "/pass/3", "/end/3"),
    ),
    Case(
        "while_bound",
        [while_(compared("1", "=", "1"), 3, _seen("pass", "pass"), pause=700), _seen("end", "end")],
        marks("/pass", "/pass", "/pass", "/end"),
        gaps=[Gap(0, 1, 0.68, 4), Gap(1, 2, 0.68, 4), Gap(2, 3, 0, 0.68)],
    ),
    Case(
        "until_met",
        [
            until(is_("um_state", "paid"), 5, request("GET /state", capture={"um_state": json_at("$.s")}), pause=700),
            until(is_("um_state", "paid"), 5, _seen("once", "once")),
            _seen("end", "end"),
        ],
        marks("/state", "/state", "/state", "/once", "/end"),
        {"GET /state": [json('{"s": "new"}'), json('{"s": "sent"}'), json('{"s": "paid"}')]},
        gaps=[Gap(0, 1, 0.68, 4), Gap(1, 2, 0.68, 4), Gap(2, 3, 0, 0.68)],
    ),
    Case(
        "until_not_met",
        [
            until(
                every(is_("un_state", "paid"), some(compared(t("n", ref("un_n")), ">=", "3"), negated(is_("un_n", "0")))),
                2,
                request("GET /state", capture={"un_state": json_at("$.s"), "un_n": json_at("$.n")}),
            ),
            _seen("end", "end"),
        ],
        marks("/state", "/state", "/state", "/end"),
        {"GET /state": [json('{"s": "new", "n": 1}'), json('{"s": "paid", "n": 0}'), json('{"s": "paid", "n": 1}')]},
        iterations=2,
        flows=['not so after 2 passes: un_state = "paid" and ("n${un_n}" >= "3" or not un_n = "0")'],
    ),
    Case(
        "until_around_steps",
        [
            until(
                is_("ua_state", "done"),
                2,
                step("until_around_steps", "poll", request("GET /state", capture={"ua_state": json_at("$.s")})),
            ),
            step("until_around_steps", "end", _seen("end", "end")),
        ],
        marks("/state", "/state", "/state", "/state", "/end"),
        {"GET /state": [json(f'{{"s": "{s}"}}') for s in ("new", "new", "new", "done")]},
        iterations=2,
        flows=['not so after 2 passes: ua_state = "done"'],
        runs=5,
        failed_runs=0,
    ),
    Case(
        "fail_in_a_loop",
        [
            repeat(
                "2",
                each("fl_item", '["a","b"]', request(("GET", t("/", ref("fl_item"))), name="item")),
                _seen("pass", "pass"),
            ),
            _seen("end", "end"),
        ],
        marks("/a", "/b", "/pass", "/a", "/b", "/a", "/b", "/pass", "/a", "/b", "/pass", "/end"),
        {"GET /b": [Reply(), Reply(500), Reply()]},
        iterations=2,
        failures=[Failed("item", "status: expected 200 to 399, got 500")],
    ),
]

_LIST = '[{"id": 7, "big": 12345678901234567890}, "te\\"xt ${x}", 1.50, true, null, [1, {"a": "\u6f22"}], ""]'
_LISTS: tuple[tuple[str, str], ...] = (
    ("json", _LIST),
    ("empty", "[]"),
    ("nothing", ""),
    ("text", "no list"),
    ("object", '{"a": [1]}'),
    ("number", "12"),
    ("spaces", ' [ 1 , "b" ] '),
    ("broken", '["a", '),
    ("inner", '["[1]", "", "{}"]'),
)

_FOR_EACH = [
    Case(
        "for_each_captured",
        [
            request(
                "GET /items",
                capture={
                    "fe_ids": Capture(name="fe_ids", source=json_at("$.items[*].id"), select="all"),
                    "fe_none": Capture(name="fe_none", source=json_at("$.nothing[*]"), select="all", default=t("")),
                    "fe_array": json_at("$.items"),
                },
            ),
            each("fe_id", ref("fe_ids"), _seen("id", "id/", ref("fe_id"))),
            each("fe_id", ref("fe_none"), _seen("never", "never")),
            each("fe_item", ref("fe_array"), request("POST /item", body=form(("item", ref("fe_item")))), at_most=2),
            _seen("end", "end/", ref("fe_id")),
        ],
        [
            *marks("/items", "/id/1", "/id/a%20b", "/id/12345678901234567890"),
            *(form_wire("/item", ("item", item)) for item in ('{"id":1}', '{"id":"a%20b"}')),
            *marks("/end/12345678901234567890"),
        ],
        {"GET /items": [json('{"items": [{"id": 1}, {"id": "a%20b"}, {"id": 12345678901234567890}]}')]},
    ),
    Case(
        "for_each_of_texts",
        [
            node
            for name, text in _LISTS
            for node in (
                let("ft_list", text),
                each("ft_item", ref("ft_list"), request(("POST", f"/{name}"), name=name, body=form(("i", ref("ft_item"))))),
            )
        ],
        [form_wire(f"/{name}", ("i", item)) for name, text in _LISTS for item in items(text)],
    ),
    Case(
        "for_each_nested",
        [
            step(
                "for_each_nested",
                "list",
                request("GET /lists", capture={"fn_lists": json_at("$")}),
            ),
            each(
                "fn_list",
                ref("fn_lists"),
                step(
                    "for_each_nested",
                    "one",
                    each(
                        "fn_item",
                        ref("fn_list"),
                        if_(compared(ref("fn_item"), ">", "1"), repeat(ref("fn_item"), _seen("in", "in/", ref("fn_item")))),
                    ),
                    _seen("list", "list/", fn("count", ref("fn_list"))),
                ),
            ),
        ],
        marks("/lists", "/in/2", "/in/2", "/list/2", "/list/0", "/in/3", "/in/3", "/in/3", "/list/1"),
        {"GET /lists": [json("[[1, 2], [], [3]]")]},
        runs=4,
    ),
]


CASES = [*_LOOPS, *_FOR_EACH]
