"""How frameworks and protocols hand values around: headers, addresses, streams and calls of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import made
from session import Answer, MarkedNumber, Session, Value, data, page, redirect

Play = Callable[[Session], None]


def _authorization_in_a_header(a: Random) -> Play:
    area, scheme = made.thing(a), a.choice(["Bearer", "Token"])

    def play(s: Session) -> None:
        given = f"{scheme} {made.jwt(s.values, {'sub': 'alice', 'jti': made.guid(s.values)})}"
        answer = data({"ok": True})
        answer.headers.append(("Authorization", given))
        s.send("POST", f"/api/{area}/authenticate", answer, document={"remember": False})
        for _ in range(2):
            s.pause()
            mark = Value(given, "server", "authorization in a header")
            s.send("GET", f"/api/{area}", data({"items": []}), headers=[("Authorization", mark)])

    return play


def _state_of_a_thing(a: Random) -> Play:
    area, name = made.thing(a), a.choice(["version", "lockVersion", "revision", "rev"])
    maker, inside = made.id_maker(a), a.random() < 0.4

    def play(s: Session) -> None:
        identity, state = maker(s.values), s.values.randint(2, 90)
        answer = {"id": identity, "meta": {name: state}} if inside else {"id": identity, "title": "Plan", name: state}
        s.send("GET", f"/api/{area}/current", data(answer))
        s.pause()
        mark = MarkedNumber(state, "server", "state of what is changed")
        sent = {
            "id": Value(identity, "server", "id in JSON"),
            "title": "Plan B",
            **({"meta": {name: mark}} if inside else {name: mark}),
        }
        s.send("PUT", f"/api/{area}/save", data({"ok": True}), document=sent)

    return play


def _session_in_a_path(a: Random) -> Play:
    area, form = made.thing(a), a.choice(["(S({}))", "({})", "sid~{}"])

    def play(s: Session) -> None:
        session = form.format("".join(s.values.choice("abcdefghijklmnopqrstuvwxyz012345") for _ in range(24)))
        mark = Value(session, "server", "session in brackets in a path")
        s.send("GET", f"/{area}/start", redirect(f"/{area}/{session}/start"))
        s.send("GET", [area, mark, "start"], page(made.noise(s.values)))
        s.pause()
        s.send("POST", [area, mark, "find"], page("<p>Found</p>"), form=[("q", Value("notes", "free", "typed"))])

    return play


def _key_in_brackets(a: Random) -> Play:
    area, name = made.thing(a), a.choice(["Id", "ID", "id"])

    def play(s: Session) -> None:
        number = s.values.randint(1000, 99_999)
        s.send("POST", f"/odata/{area}", data({"d": {name: number, "Title": "Note"}}, 201), document={"Title": "Note"})
        mark = Value(f"{area}({number})", "server", "key in brackets")
        s.send("POST", ["odata", mark], data({"ok": True}), document={"Title": "Note two"})

    return play


def _number_in_a_typed_id(a: Random) -> Play:
    area = made.thing(a)
    typed = made.singular(area).title()

    def play(s: Session) -> None:
        number = s.values.randint(10_001, 999_998)
        s.send(
            "POST", "/graphql", data({"data": {"add": {"node": {"id": made.b64(f"{typed}:{number}")}}}}), document={"query": "x"}
        )
        s.send("GET", ["legacy", area, Value(str(number), "server", "number in a typed id")], data({"ok": True}))

    return play


def _document_in_a_header(a: Random) -> Play:
    area = made.thing(a)
    thing = made.singular(area)

    def play(s: Session) -> None:
        number = s.values.randint(10_001, 999_998)
        answer = page("<p>Saved</p>")
        answer.headers.append(("HX-Trigger", json.dumps({"saved": {f"{thing}Id": number, "level": "info"}})))
        s.send("POST", f"/{area}", answer, form=[("title", "Plan")])
        mark = Value(str(number), "server", "id in a header's document")
        s.send("GET", f"/{area}/badge", page("<b>1</b>"), query=[(thing, mark)])

    return play


def _token_of_a_handshake(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.letters(25), made.guid, made.base64_url(20)])

    def play(s: Session) -> None:
        client = maker(s.values)
        given = [{"channel": "/meta/handshake", "clientId": client, "successful": True}]
        s.send("POST", f"/{area}/cometd", data(given), document=[{"id": "1", "channel": "/meta/handshake"}])
        for number in (2, 3):
            mark = Value(client, "server", "token of a handshake")
            sent = [{"id": str(number), "channel": "/meta/connect", "clientId": mark}]
            s.send("POST", f"/{area}/cometd", data([{"successful": True}]), document=sent)

    return play


def _argument_of_a_handler(a: Random) -> Play:
    area, method = made.thing(a), a.choice(["open", "edit", "pick"])
    names = [f"{word.title()} lamp" for word in a.sample(made.WORDS, 5)]
    picked = a.choice(names)

    def play(s: Session) -> None:
        rows = [(s.values.randint(10_001, 99_998), name) for name in names]
        s.values.shuffle(rows)
        listed = "".join(f'<tr><td>{n}</td><td><button wire:click="{method}({i})">Open</button></td></tr>' for i, n in rows)
        s.send("GET", f"/{area}", page(f"<table>{listed}</table>"))
        mark = MarkedNumber(next(i for i, n in rows if n == picked), "server", "argument of a handler")
        sent = {"calls": [{"path": "", "method": method, "params": [mark]}]}
        s.send("POST", f"/{area}/update", data({"ok": True}), document=sent)

    return play


def _stream_of_templates(a: Random) -> Play:
    area = made.thing(a)

    def play(s: Session) -> None:
        number, token = s.values.randint(1000, 999_998), made.base64_text(48)(s.values)
        form = f'<form action="/{area}/{number}" method="post">{made.hidden("authenticity_token", token)}<input name="body"></form>'
        stream = f'<turbo-stream action="append" target="list"><template>{form}</template></turbo-stream>'
        s.send("POST", f"/{area}", Answer(stream, "text/vnd.turbo-stream.html"), form=[("body", Value("hello", "free", "typed"))])
        marks = (
            Value(str(number), "server", "id in a stream of templates"),
            Value(token, "server", "csrf in a stream of templates"),
        )
        sent = [("authenticity_token", marks[1]), ("body", Value("hello again", "free", "typed"))]
        s.send("POST", [area, marks[0]], page("<p>Saved</p>"), form=sent)

    return play


def _row_named_deep_inside(a: Random) -> Play:
    area = made.thing(a)
    names = [f"{word.title()} rug" for word in a.sample(made.WORDS, 6)]
    picked = a.choice(names)

    def play(s: Session) -> None:
        rows = [(f"0015g00000{made.letters(8)(s.values)}", name) for name in names]
        s.values.shuffle(rows)
        listed = [{"record": {"id": i, "fields": {"Name": {"value": n, "displayValue": None}}}} for i, n in rows]
        s.send("GET", f"/api/{area}", data({"records": listed}))
        mark = Value(next(i for i, n in rows if n == picked), "server", "row named deep inside")
        s.send("GET", ["api", area, mark], data({"ok": True}))

    return play


def _digest_with_a_date(a: Random) -> Play:
    area = made.thing(a)

    def play(s: Session) -> None:
        day = f"{s.values.randint(1, 28):02} Jan 2026 {s.values.randint(0, 23):02}:{s.values.randint(0, 59):02}:07 -0000"
        digest = f"0x{made.hexadecimal(128)(s.values).upper()},{day}"
        s.send("POST", f"/{area}/contextinfo", data({"d": {"FormDigestValue": digest}}), document={})
        mark = Value(digest, "server", "digest with a date")
        s.send("POST", f"/{area}/items", data({"ok": True}), document={"Title": "x"}, headers=[("X-RequestDigest", mark)])

    return play


def _option_before_a_price(a: Random) -> Play:
    area, sizes = made.thing(a), ["Small", "Large", "Huge", "Tiny"]
    picked = a.choice(sizes)

    def play(s: Session) -> None:
        rows = [(s.values.randint(10**10, 10**13), size) for size in sizes]
        s.values.shuffle(rows)
        options = "".join(f'<option value="{i}">{size} - 10.00</option>' for i, size in rows)
        s.send(
            "GET", f"/{area}/rug", page(f'<form action="/{area}/cart" method="post"><select name="id">{options}</select></form>')
        )
        mark = Value(str(next(i for i, size in rows if size == picked)), "server", "option before a price")
        s.send("POST", f"/{area}/cart", page("<p>Added</p>"), form=[("id", mark)])

    return play


FEATURES = (
    *(_authorization_in_a_header, _state_of_a_thing, _session_in_a_path, _key_in_brackets, _number_in_a_typed_id),
    *(_document_in_a_header, _token_of_a_handshake, _argument_of_a_handler, _stream_of_templates, _row_named_deep_inside),
    *(_digest_with_a_date, _option_before_a_price),
)
