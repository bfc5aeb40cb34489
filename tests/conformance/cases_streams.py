"""Cases about WebSocket and server-sent events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from conformance.case import (
    Case,
    Failed,
    Value,
    Wire,
    form,
    form_wire,
    json_at,
    marks,
    note,
    ref,
    request,
    t,
)
from conformance.flow import repeat
from conformance.server import Reply, json

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    Capture,
    Expectation,
    JsonExpectation,
    Receive,
    RegexSource,
    Send,
    Stream,
    TextExpectation,
    Think,
    Variable,
)

_NETWORK = re.compile("network: .+")


def _receive(
    name: str,
    containing: Value | None = None,
    within: int = 5_000,
    expect: Sequence[Expectation] = (),
    capture: Mapping[str, Capture] | None = None,
) -> Receive:
    return Receive(
        name=name,
        containing=None if containing is None else t(containing),
        within=within,
        expectations=tuple(expect),
        captures=tuple((capture or {}).values()),
    )


def _taken(name: str, path: str) -> dict[str, Capture]:
    return {name: Capture(name=name, source=json_at(path))}


def _websocket(path: Value, *actions: Send | Receive | Think | Variable, headers: Mapping[str, Value] | None = None) -> Stream:
    plain = request(("GET", path), headers=headers)
    return Stream(protocol="websocket", name="open", target="server", url=plain.url, headers=plain.headers, actions=actions)


def _message(target: str, body: str) -> Wire:
    return Wire("MESSAGE", target, body=body.encode())


_SOCKETS = [
    Case(
        "websocket",
        [
            request("GET /token", name="token", capture={"ws_t": json_at("$.t")}),
            _websocket(
                t("/chat?t=", ref("ws_t")),
                _receive("hello", containing='"hello"', capture=_taken("ws_id", "$.id")),
                Send(text=t('{"join":"', ref("ws_id"), '"}')),
                _receive("joined", expect=[JsonExpectation(path="$.ok", equals=t("true"))]),
                Send(text=t("\u6f22 \U0001f600 " + "x" * 300)),
                _receive("echo", capture={"ws_e": Capture(name="ws_e", source=RegexSource(pattern="echo (.+)"))}),
                headers={"X-A": "b", "Origin": "http://example.com"},
            ),
            request(("GET", t("/end/", ref("ws_id"), "/", ref("ws_e"))), name="end"),
        ],
        [
            *marks("/token"),
            Wire("GET", "/chat?t=abc", {"X-A": "b", "Origin": "http://example.com", "Upgrade": re.compile("(?i)websocket")}),
            _message("/chat?t=abc", '{"join":"12345678901234567890"}'),
            _message("/chat?t=abc", "\u6f22 \U0001f600 " + "x" * 300),
            Wire("CLOSE", "/chat?t=abc"),
            *marks("/end/12345678901234567890/ok"),
        ],
        {
            "GET /token": [json('{"t": "abc"}')],
            "GET /chat": [
                Reply(
                    answers=(
                        ('{"type": "ad"}', '{"type": "hello", "id": 12345678901234567890}'),
                        ('{"ok": true}',),
                        ("echo ok",),
                    )
                )
            ],
        },
        samples=6,
    ),
    Case(
        "websocket_as_the_user",
        [
            request("GET /in", name="in"),
            _websocket(
                "/chat", Send(text=t("hello")), headers={"Sec-WebSocket-Protocol": "chat.v2, chat.v1", "Authorization": "Bearer x"}
            ),
        ],
        [
            *marks("/in"),
            Wire(
                "GET",
                "/chat",
                {
                    "Cookie": "sid=a1",
                    "Authorization": "Bearer x",
                    "Sec-WebSocket-Protocol": re.compile("chat.v2, ?chat.v1"),
                },
            ),
            _message("/chat", "hello"),
            Wire("CLOSE", "/chat"),
        ],
        {"GET /in": [Reply(headers=(("Set-Cookie", "sid=a1; Path=/"),))], "GET /chat": [Reply(answers=())]},
        samples=2,
    ),
    Case(
        "websocket_opens_late",
        [_websocket("/late", _receive("never")).model_copy(update={"timeout": 400}), request("GET /never")],
        [Wire("GET", "/late", {"Upgrade": re.compile("(?i)websocket")})],
        {"GET /late": [Reply(answers=(("hello",),), delay=1.2)]},
        failures=[Failed("open", _NETWORK)],
        about=Feature.WEBSOCKET_TIMEOUT,
        differs={"k6": note(Feature.WEBSOCKET_TIMEOUT, "k6")},
    ),
    Case(
        "websocket_in_a_loop",
        [
            repeat(
                "2",
                _websocket(
                    t("/chat/", ref("wl_i")),
                    Variable(name="wl_text", value=t("n", ref("wl_i"))),
                    Send(text=t(ref("wl_text"))),
                    Think(minimum=10, maximum=10),
                    _receive("echo", containing=t("e", ref("wl_i")), capture=_taken("wl_v", "$.v")),
                    Send(text=t(ref("wl_v"))),
                ),
                index="wl_i",
            ),
            request(("GET", t("/end/", ref("wl_v"))), name="end"),
        ],
        [
            wire
            for number in ("1", "2")
            for wire in (
                *marks(f"/chat/{number}"),
                _message(f"/chat/{number}", f"n{number}"),
                _message(f"/chat/{number}", number * 2),
                Wire("CLOSE", f"/chat/{number}"),
            )
        ]
        + marks("/end/22"),
        {
            f"GET /chat/{number}": [Reply(answers=((), ('"other"', f'{{"e{number}": 1, "v": "{number * 2}"}}')))]
            for number in ("1", "2")
        },
        samples=5,
    ),
    Case(
        "websocket_fails",
        [
            _websocket("/chat", _receive("right", expect=[TextExpectation(relation="contains", value=t("yes"))])),
            request("GET /end", name="end"),
        ],
        [*marks("/chat"), Wire("CLOSE", "/chat"), *marks("/chat"), Wire("CLOSE", "/chat"), *marks("/end")],
        {"GET /chat": [Reply(answers=(("no",),)), Reply(answers=(("yes",),))]},
        iterations=2,
        failures=[Failed("right", 'text: body does not contain "yes"')],
        samples=5,
    ),
    Case(
        "websocket_silent",
        [_websocket("/chat", _receive("nothing", containing="x", within=500)), request("GET /never", name="never")],
        [*marks("/chat"), Wire("CLOSE", "/chat")],
        {"GET /chat": [Reply(answers=(("a", "b"),))]},
        failures=[Failed("nothing", "network: no message within 500 ms")],
        samples=2,
    ),
    Case(
        "websocket_refused",
        [_websocket("/chat", _receive("never")), request("GET /never", name="never")],
        marks("/chat"),
        {"GET /chat": [Reply(403)]},
        failures=[Failed("open", "status: expected 101, got 403")],
        samples=1,
    ),
]

_EVENTS = (
    b": comment\n\nevent: ad\ndata: nothing\n\n",
    b'id: 1\nevent: price\ndata: {"p": 1,\ndata:  "q": "\xe6\xbc\xa2"}\n\n',
    b"data:last\r\n\r\n",
)


def _events(*actions: Receive) -> Stream:
    url = t("/feed?a=1")
    headers = request("GET /", headers={"X-A": "b"}).headers
    return Stream(protocol="events", name="open", target="server", url=url, headers=headers, actions=actions)


_SSE = [
    Case(
        "events",
        [
            _events(
                _receive(
                    "price", containing='"p"', expect=[JsonExpectation(path="$.p", equals=t("1"))], capture=_taken("ev_q", "$.q")
                ),
                _receive("last", expect=[TextExpectation(relation="equals", value=t("last"))]),
            ),
            request("POST /end", name="end", body=form(("q", ref("ev_q")))),
        ],
        [
            Wire("GET", "/feed?a=1", {"X-A": "b", "Accept": "text/event-stream"}),
            form_wire("/end", ("q", "\u6f22")),
        ],
        {"GET /feed": [Reply(200, (("Content-Type", "text/event-stream"),), chunks=tuple((0.1, chunk) for chunk in _EVENTS))]},
        samples=4,
    ),
    Case(
        "events_fail",
        [_events(_receive("none", containing="never", within=800)), request("GET /never", name="never")],
        [Wire("GET", "/feed?a=1", {"Accept": "text/event-stream"})],
        {
            "GET /feed": [
                Reply(200, (("Content-Type", "text/event-stream"),), chunks=(*((0, c) for c in _EVENTS), (3, b"data: never\n\n")))
            ]
        },
        failures=[Failed("none", "network: no message within 800 ms")],
        samples=2,
    ),
]


CASES = [*_SOCKETS, *_SSE]
