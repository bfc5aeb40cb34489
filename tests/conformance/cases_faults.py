"""Cases about faults: the runtimes agree on which request failed, why, and what happened to the iteration.

Each fault strikes in the first iteration, at the second of three requests; the second iteration goes through.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence

from conformance.case import Case, Failed, Pattern, Wire, css, json_at, let, marks, ref, request, step, t
from conformance.defaults import STRICT
from conformance.flow import each, if_, is_, repeat
from conformance.server import Reply, html, json

from loadwright.compiler.plan.model import (
    Capture,
    CaptureSource,
    Expectation,
    Parallel,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
)

_NETWORK = re.compile("network: .+")
_GZIP = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
_PACKED = gzip.compress(b"<p id=a>" + b"x" * 2000, mtime=0)
_FINE = html("<p id=a>fine</p>")


def _fault(
    name: str,
    message: str | Pattern,
    bad: Reply,
    *,
    good: Reply = _FINE,
    expect: Sequence[Expectation] = (),
    capture: CaptureSource | None = None,
    timeout: int | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    differs: Mapping[str, str] | None = None,
) -> Case:
    hit = request(
        f"{method} /hit",
        name="hit",
        expect=expect,
        capture={f"{name}_x": Capture(name=f"{name}_x", source=capture)} if capture else None,
        timeout=timeout,
        headers=dict(headers or {}),
    )
    case = f"fault_{name}"
    sent = Wire(method, "/hit", dict(headers or {}))
    return Case(
        case,
        [
            step(case, "before", request("GET /before", name="before")),
            step(case, "hit", request("GET /first", name="first"), hit, request("GET /rest", name="rest")),
            step(case, "after", request("GET /after", name="after")),
        ],
        [*marks("/before", "/first"), sent, *marks("/before", "/first"), sent, *marks("/rest", "/after")],
        {f"{method} /hit": [bad, good]},
        iterations=2,
        runs=5,
        failures=[Failed("hit", message)],
        differs=differs or {},
    )


_FAULTS = [
    _fault("wrong_status", "status: expected 200, got 503", Reply(503), expect=[StatusExpectation(statuses=(200,))]),
    _fault("missing_capture", "extraction: missing_capture_x not found (css #a)", html("<p>"), capture=css("#a")),
    _fault(
        "soft_failure",
        "soft failure: json member `errors`",
        json('{"errors": [1]}'),
        good=json("{}"),
        expect=[SoftFailureExpectation()],
    ),
    _fault(
        "text", 'text: body does not contain "fine"', html("bad"), expect=[TextExpectation(relation="contains", value=t("fine"))]
    ),
    _fault("slow_answer", _NETWORK, Reply(delay=2), timeout=600),
    _fault("slow_body", _NETWORK, Reply(chunks=((0, b"a"), (2, b"b"))), timeout=600),
    _fault(
        "trickling_body",
        _NETWORK,
        Reply(chunks=((0.2, b"a"),) * 10),
        timeout=700,
        differs={"jmeter": "a timeout is for each wait for data, not for the whole exchange"},
    ),
    _fault("dropped", _NETWORK, Reply(drop=True), method="POST"),
    _fault(
        "dropped_get",
        _NETWORK,
        Reply(drop=True),
        differs={"k6": "sends a GET again when a kept-alive connection is closed before any answer (Go's HTTP client)"},
    ),
    _fault("truncated", _NETWORK, Reply(body=b"x" * 5000, missing=100)),
    _fault(
        "truncated_json", _NETWORK, Reply(200, (("Content-Type", "application/json"),), b'{"x": 1}', missing=2), capture=css("p")
    ),
    _fault("malformed_gzip", _NETWORK, Reply(200, _GZIP, b"no gzip at all"), headers={"Accept-Encoding": "gzip"}),
    _fault("truncated_gzip", _NETWORK, Reply(200, _GZIP, _PACKED, missing=12), headers={"Accept-Encoding": "gzip"}),
    _fault("corrupt_gzip", _NETWORK, Reply(200, _GZIP, _PACKED[:-8] + bytes(8)), headers={"Accept-Encoding": "gzip"}),
]

_INSIDE = [
    Case(
        "fault_in_flow",
        [
            step("fault_in_flow", "list", request("GET /list", name="list", capture={"ff_list": json_at("$")})),
            each(
                "ff_i",
                ref("ff_list"),
                step(
                    "fault_in_flow",
                    "item",
                    if_(is_("ff_i", "2"), request("POST /hit", name="hit")),
                    request("GET /item", name="item"),
                ),
            ),
            step("fault_in_flow", "end", request("GET /end", name="end")),
        ],
        [
            *(*marks("/list", "/item"), Wire("POST", "/hit")) * 2,
            *marks("/item", "/end"),
        ],
        {"GET /list": [json("[1, 2]")], "POST /hit": [Reply(drop=True), Reply()]},
        iterations=2,
        runs=7,
        failures=[Failed("hit", _NETWORK)],
    ),
    Case(
        "fault_in_parallel",
        [
            Parallel(
                requests=(
                    request("GET /a", name="a"),
                    request("GET /b", name="b", expect=[StatusExpectation(statuses=(200,))]),
                    request("GET /c", name="c"),
                )
            ),
            request("GET /after", name="after"),
        ],
        [Wire("GET", target) for target in ("/a", "/a", "/after", "/b", "/b", "/c", "/c")],
        # slow neighbours, since a `GET` that finds its kept connection closed is sent again
        {"GET /a": [Reply(delay=0.2)], "GET /b": [Reply(drop=True), Reply()], "GET /c": [Reply(delay=0.2)]},
        iterations=2,
        failures=[Failed("b", _NETWORK)],
        unordered=True,
    ),
    Case(
        "fault_leaves_no_trace",
        [
            let("fn_v", "none"),
            request("GET /set", name="set", capture={"fn_v": json_at("$.v")}),
            request("GET /hit", name="hit", capture={"fn_w": json_at("$.w")}),
            request(("GET", t("/end/", ref("fn_v"), "/", ref("fn_w"))), name="end"),
        ],
        marks("/set", "/hit", "/set", "/hit", "/end/2/b"),
        {"GET /set": [json('{"v": 1}'), json('{"v": 2}')], "GET /hit": [json('{"w": "a"}', status=500), json('{"w": "b"}')]},
        iterations=2,
        failures=[Failed("hit", "status: expected 200 to 399, got 500")],
    ),
    Case(
        "fault_in_every_iteration",
        [repeat("3", request("GET /hit", name="hit"))],
        marks(*["/hit"] * 4),
        {"GET /hit": [Reply(500)]},
        iterations=4,
        failures=[Failed("hit", "status: expected 200 to 399, got 500")] * 4,
    ),
    Case(
        "fault_by_defaults",
        [request("GET /slow", name="slow"), request("GET /never", name="never")],
        marks("/slow", "/slow"),
        {"GET /slow": [Reply(delay=3), Reply(201)]},
        iterations=2,
        failures=[Failed("slow", _NETWORK), Failed("slow", "status: expected 200, got 201")],
        defaults=STRICT,
    ),
]

CASES = [*_FAULTS, *_INSIDE]
