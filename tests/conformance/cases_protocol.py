"""Cases about HTTP: retries, GraphQL, compression, parallel requests."""

from __future__ import annotations

import gzip
import re
import zlib
from decimal import Decimal
from typing import Any

import brotli  # type: ignore[import-untyped]
from conformance.case import (
    Case,
    Failed,
    Gap,
    Value,
    Wire,
    css,
    fn,
    form,
    form_wire,
    generator,
    header_of,
    json_at,
    json_body,
    let,
    marks,
    note,
    number,
    ref,
    request,
    step,
    t,
    text,
)
from conformance.defaults import STRICT
from conformance.flow import each, repeat
from conformance.server import Reply, json

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    GraphqlBody,
    JsonExpectation,
    JsonObject,
    Parallel,
    RegexSource,
    Request,
    Retry,
    SizeExpectation,
    StatusExpectation,
    TextExpectation,
    UrlSource,
)

_FORM = "application/x-www-form-urlencoded"
_NETWORK = re.compile("network: .+")
_JSON = {"Content-Type": "application/json"}


def _retry(times: int, *statuses: int, network: bool = False, wait: int = 0, backoff: str = "1") -> Retry:
    return Retry(times=times, statuses=statuses, network=network, wait=wait, backoff=Decimal(backoff))


def _status(code: int) -> StatusExpectation:
    return StatusExpectation(statuses=(code,))


def _drawn(name: str, *kinds: str) -> list[Wire]:
    """Requests with a random number in path and body, drawn in that order, of each kind in turn."""
    random = generator(name)
    wires = []
    for kind in kinds:
        path, body = random.integer(1, 100_000), random.integer(1, 100_000)
        wires.append(Wire("POST", f"/{kind}/{path}", {"Content-Type": "text/plain"}, str(body).encode()))
    return wires


def _drawing(kind: str, **more: Any) -> Request:
    number = fn("random", "1", "100000")
    return request(("POST", t(f"/{kind}/", number)), name=kind, body=text(t(number)), **more)


_RETRIES = [
    Case(
        "retry",
        [
            request(
                "POST /busy",
                body=form(("a", "1")),
                retry=_retry(4, 503, 429, wait=200, backoff="2"),
                expect=[_status(200), TextExpectation(relation="contains", value=t("fine"))],
                capture={"rt_t": json_at("$.t")},
            ),
            request(("GET", t("/end/", ref("rt_t"))), name="end"),
        ],
        [*[form_wire("/busy", ("a", "1"))] * 4, *marks("/end/fine")],
        {"POST /busy": [Reply(503), Reply(429), Reply(503), json('{"t": "fine"}')]},
        gaps=[Gap(0, 1, 0.19, 4), Gap(1, 2, 0.39, 4), Gap(2, 3, 0.79, 4)],
    ),
    Case(
        "retry_used_up",
        [request("GET /busy", name="busy", retry=_retry(2, 503)), request("GET /never")],
        marks("/busy", "/busy", "/busy"),
        {"GET /busy": [Reply(503)]},
        failures=[Failed("busy", "status: expected 200 to 399, got 503")],
    ),
    Case(
        "retry_not_for_others",
        [request("GET /busy", name="busy", retry=_retry(3, 503)), request("GET /never")],
        marks("/busy", "/busy"),
        {"GET /busy": [Reply(503), Reply(500)]},
        failures=[Failed("busy", "status: expected 200 to 399, got 500")],
    ),
    Case(
        "retry_not_without_network",
        [request("GET /down", name="down", retry=_retry(3, 503)), request("GET /never")],
        marks("/down"),
        {"GET /down": [Reply(drop=True)]},
        failures=[Failed("down", _NETWORK)],
    ),
    Case(
        "retry_network",
        [
            request("GET /down", name="down", retry=_retry(3, network=True, wait=50)),
            request("GET /slow", name="slow", retry=_retry(1, network=True), timeout=500),
            request("GET /end", name="end"),
        ],
        marks("/down", "/down", "/down", "/slow", "/slow", "/end"),
        {"GET /down": [Reply(drop=True), Reply(drop=True), Reply()], "GET /slow": [Reply(delay=2), Reply()]},
    ),
    Case(
        "retry_status_wanted",
        [request("GET /odd", name="odd", retry=_retry(3, 404), expect=[_status(202)])],
        marks("/odd", "/odd", "/odd"),
        {"GET /odd": [Reply(404), Reply(404), Reply(202)]},
    ),
    Case(
        "retry_sends_the_same",
        [_drawing("a", retry=_retry(2, network=True)), _drawing("b")],
        [_drawn("retry_sends_the_same", "a", "b")[i] for i in (0, 0, 1)],
        {f"POST {_drawn('retry_sends_the_same', 'a')[0].target}": [Reply(drop=True), Reply()]},
    ),
    Case(
        "retry_takes_the_last",
        [
            request(
                "GET /a",
                name="a",
                retry=_retry(1, 503),
                expect=[TextExpectation(relation="contains", value=t("yes"))],
                capture={"rl_v": json_at("$.v")},
            ),
            request(("GET", t("/end/", ref("rl_v"))), name="end"),
        ],
        marks("/a", "/a", "/end/2"),
        {"GET /a": [json('{"v": 1}', status=503), json('{"v": 2, "s": "yes"}')]},
    ),
    Case(
        "retry_default",
        [request("GET /busy", name="busy"), request("GET /own", name="own", retry=_retry(1, 500))],
        marks("/busy", "/busy", "/own", "/own"),
        {"GET /busy": [Reply(503), Reply()], "GET /own": [Reply(500), Reply(503)]},
        defaults=STRICT,
        failures=[Failed("own", "status: expected 200, got 503")],
    ),
]

_QUERY = 'query Items($first: Int!, $text: String) {\n  items(first: $first, text: $text) { id "${x}" }\n}'


def _variables(value: object) -> JsonObject:
    found = json_body(value).value
    assert isinstance(found, JsonObject)
    return found


_GRAPHQL = [
    Case(
        "graphql",
        [
            let("gq_text", 'say "\u6f22" \\'),
            request(
                "POST /graphql",
                name="Items",
                body=GraphqlBody(
                    query=_QUERY,
                    operation="Items",
                    variables=_variables({"first": number("12345678901234567890"), "text": ref("gq_text"), "none": None}),
                ),
                expect=[JsonExpectation(path="$.data.items[0].id", equals=t("7"))],
                capture={"gq_id": json_at("$.data.items[0].id")},
            ),
            request("POST /graphql", name="plain", body=GraphqlBody(query="{ me { id } }")),
            request(("GET", t("/end/", ref("gq_id"))), name="end"),
        ],
        [
            Wire(
                "POST",
                "/graphql",
                _JSON,
                (
                    '{"operationName":"Items","query":"query Items($first: Int!, $text: String) {\\n  items(first: $first, '
                    'text: $text) { id \\"${x}\\" }\\n}","variables":{"first":12345678901234567890,'
                    '"text":"say \\"\u6f22\\" \\\\","none":null}}'
                ).encode(),
            ),
            Wire("POST", "/graphql", _JSON, b'{"query":"{ me { id } }"}'),
            *marks("/end/7"),
        ],
        {"POST /graphql": [json('{"data": {"items": [{"id": 7}]}}'), json('{"data": null}')]},
    )
]

_HTML = '<p id=u>\u6f22 \U0001f600</p><input name="t" value="tok">'


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data)


_ENCODED = {
    "gzip": gzip.compress(_HTML.encode(), mtime=0),
    "deflate": _deflated(_HTML.encode()),
    "br": brotli.compress(_HTML.encode()),
}


def _compressed(encoding: str) -> Case:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", encoding))
    name = f"compressed_{encoding}"
    sent = {"Accept-Encoding": encoding}
    return Case(
        name,
        [
            request(
                "GET /page",
                headers=dict(sent),
                expect=[SizeExpectation(relation="=", size=len(_HTML.encode()))] if encoding == "gzip" else [],
                capture={f"{name}_u": css("#u"), f"{name}_t": RegexSource(pattern='value="([^"]+)')},
            ),
            request("POST /sink", body=form(("u", ref(f"{name}_u")), ("t", ref(f"{name}_t")))),
        ],
        [Wire("GET", "/page", dict(sent)), form_wire("/sink", ("u", "\u6f22 \U0001f600"), ("t", "tok"))],
        {"GET /page": [Reply(200, headers, _ENCODED[encoding])]},
    )


_COMPRESSION = [_compressed(encoding) for encoding in _ENCODED]


def _asset(name: str, value: Value) -> Request:
    return request(("POST", t(f"/{name}/", value)), name=name, body=text(t(value)))


_PARALLEL = [
    Case(
        "parallel_draws",
        [Parallel(requests=tuple(_drawing(kind) for kind in "abc")), _drawing("d")],
        _drawn("parallel_draws", *"abcd"),
        {"POST /a": [Reply(delay=0.1)]},
        unordered=True,
    ),
    Case(
        "parallel_retries",
        [
            Parallel(
                requests=(
                    request("POST /a", name="a", retry=_retry(2, 503, wait=50)),
                    request("POST /b", name="b", retry=_retry(2, 503, network=True)),
                )
            ),
            request("GET /end", name="end"),
        ],
        [*marks(*["/a"] * 3, *["/b"] * 2, method="POST"), *marks("/end")],
        {"POST /a": [Reply(503), Reply(503), Reply()], "POST /b": [Reply(drop=True), Reply()]},
        unordered=True,
    ),
    Case(
        "parallel_retries_apart",
        [
            Parallel(
                requests=(
                    request("GET /a", name="a", retry=_retry(2, 503, wait=200)),
                    request("GET /b", name="b", retry=_retry(1, 503, wait=1200)),
                )
            ),
            request("GET /end", name="end"),
        ],
        [*[Wire("GET", re.compile("/[ab]"))] * 2, *marks("/a", "/a", "/b", "/end")],
        {"GET /a": [Reply(503), Reply(503), Reply()], "GET /b": [Reply(503, delay=0.1), Reply()]},
        about=Feature.RETRY_PARALLEL,
        differs={runtime: note(Feature.RETRY_PARALLEL, runtime) for runtime in ("jmeter", "k6")},
    ),
    Case(
        "parallel_in_loops",
        [
            step(
                "parallel_in_loops",
                "",
                each(
                    "pl_i",
                    '["x","y"]',
                    repeat("2", Parallel(requests=(_asset("a", ref("pl_i")), _asset("b", "fixed")))),
                ),
            ),
            step("parallel_in_loops", "end", request("GET /end", name="end")),
        ],
        [
            *(
                Wire("POST", f"/{name}/{value}", {"Content-Type": "text/plain"}, value.encode())
                for name, value in (("a", "x"), ("a", "y"), ("b", "fixed"))
                for _ in range(4 if name == "b" else 2)
            ),
            *marks("/end"),
        ],
        unordered=True,
        runs=2,
    ),
    Case(
        "parallel_captures",
        [
            Parallel(
                requests=(
                    request("GET /a", name="a", capture={"pc_a": json_at("$.v")}),
                    request("GET /b", name="b", capture={"pc_b": header_of("X-B"), "pc_u": UrlSource()}),
                )
            ),
            request("POST /end", name="end", body=form(("a", ref("pc_a")), ("b", ref("pc_b")), ("u", ref("pc_u")))),
        ],
        [
            *marks("/a", "/b"),
            Wire(
                "POST",
                "/end",
                {"Content-Type": _FORM},
                re.compile("a=1&b=two&u=http%3A%2F%2F127.0.0.1%3A[0-9]+%2Fparallel_captures%2Fb"),
            ),
        ],
        {"GET /a": [json('{"v": 1}')], "GET /b": [Reply(headers=(("X-B", "two"),), delay=0.1)]},
        unordered=True,
    ),
]

CASES = [*_RETRIES, *_GRAPHQL, *_COMPRESSION, *_PARALLEL]
