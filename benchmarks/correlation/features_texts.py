"""Tables that are no pages, values that scripts join or cut, and ids that nothing calls ids."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random

import made
from session import Answer, MarkedNumber, Session, Value, data, page, redirect

Play = Callable[[Session], None]
_CSV, _LINES, _XML, _INNER = "row of CSV", "row of lines of JSON", "row of XML", "row named one level deeper"


def _table(kind: str, rows: list[tuple[str, str]], key: str) -> Answer:
    if kind == _CSV:
        return Answer(f"{key},title,price\r\n" + "".join(f'{i},"{n}",{len(n)}.50\r\n' for i, n in rows), "text/csv")
    if kind == _LINES:
        return Answer("".join(json.dumps({key: i, "title": n}) + "\n" for i, n in rows), "application/x-ndjson")
    if kind == _XML:
        body = "".join(f"<row><{key}>{i}</{key}><title>{n}</title></row>" for i, n in rows)
        return Answer(f'<?xml version="1.0"?><rows>{body}</rows>', "application/xml")
    return data([{"item": {key: i}, "label": {"en": n}} for i, n in rows])


def _row_of_a_text(a: Random) -> Play:
    kind, area = a.choice([_CSV, _LINES, _XML, _INNER]), made.thing(a)
    maker, key = (
        a.choice([made.digits(5), made.digits(6), made.digits(8), made.guid, made.object_id]),
        a.choice(["id", "key", "ref"]),
    )
    names = [f"{n.title()} {a.choice(('lamp', 'table', 'rug'))}" for n in a.sample(made.WORDS, 7)]
    picked, reorders, by_query = names[a.randrange(7)], a.random() < 0.6, a.random() < 0.3

    def play(s: Session) -> None:
        rows = [(maker(s.values), name) for name in names]
        if reorders:
            s.values.shuffle(rows)
        s.send("GET", f"/api/{area}/export", _table(kind, rows, key))
        s.pause()
        mark = Value(next(i for i, n in rows if n == picked), "server", kind)
        if by_query:
            s.send("GET", f"/api/{area}/open", data({"ok": True}), query=[(key, mark), ("size", "20")])
        else:
            s.send("GET", ["api", area, mark], data({"ok": True}))

    return play


def _title_in_a_path(a: Random) -> Play:
    area, again = made.thing(a), a.random() < 0.5
    title = f"{made.word(a)}-{made.word(a)}"

    def play(s: Session) -> None:
        token = made.letters(24)(s.values)
        s.send("GET", f"/{area}/new", page(f'<form action="/{area}" method="post">{made.hidden("csrf_token", token)}</form>'))
        mark = Value(f"{s.values.randint(100, 99999)}-{title}", "server", "id before the words of a title")
        form = [("csrf_token", Value(token, "server", "csrf form")), ("note", "a")]
        s.send("POST", f"/{area}", redirect(f"/{area}/{mark}"), form=form)
        s.send("GET", [area, mark], page("<p>Shown</p>"))
        if again:
            s.pause()
            s.send("GET", [area, mark], page("<p>Shown</p>"))

    return play


def _joined(a: Random) -> Play:
    area, joint, maker = made.thing(a), a.choice(["|", ":", ";"]), a.choice([made.letters(24), made.hexadecimal(32)])
    in_base64 = a.random() < 0.4

    def play(s: Session) -> None:
        number, secret = s.values.randint(10_001, 999_998), maker(s.values)
        s.send("GET", f"/api/{area}/access", data({"id": number, "secret": secret, "count": s.values.randint(1, 40)}))
        text = f"{number}{joint}{secret}"
        mark = Value(made.b64(text) if in_base64 else text, "server", "number joined with a token")
        s.send("POST", f"/api/{area}/use", data({"ok": True}), document={"proof": mark, "size": 3})

    return play


def _atob(a: Random) -> Play:
    area, name = made.thing(a), a.choice(["guard", "ticket", "gate", "boot"])

    def play(s: Session) -> None:
        token = made.letters(20)(s.values)
        packed = base64.b64encode(json.dumps({"a": 1, name: token}).encode()).decode()
        s.send(
            "GET", f"/{area}/app", page(made.noise(s.values), head=f'<script>window.cfg = JSON.parse(atob("{packed}"));</script>')
        )
        s.send(
            "POST", f"/api/{area}/go", data({"ok": True}), document={name: Value(token, "server", "base64 that a script decodes")}
        )

    return play


def _no_hyphens(a: Random) -> Play:
    area = made.thing(a)

    def play(s: Session) -> None:
        number = made.guid(s.values)
        s.send("POST", f"/api/{area}", data({"id": number}, 201), document={"x": 1})
        s.send("GET", ["files", Value(number.replace("-", ""), "server", "UUID without hyphens")], Answer("x", "text/plain"))

    return play


def _name_without_id(a: Random) -> Play:
    area, name = made.thing(a), a.choice(["draft", "revision", "thread", "basket"])
    field = a.choice([f"{name}_id", f"{name}Id"])
    in_form = a.random() < 0.5

    def play(s: Session) -> None:
        number = s.values.randint(10_001, 999_998)
        s.send("POST", f"/api/{area}/autosave", data({"ok": True, name: number}), document={"text": "x"})
        s.pause()
        if in_form:
            form = [(f"note[{field}]", Value(str(number), "server", "id that is called without id")), ("y", "1")]
            s.send("POST", f"/{area}/save", page("<p>Saved</p>"), form=form)
        else:
            s.send(
                "POST",
                f"/api/{area}/save",
                data({"ok": True}),
                document={field: MarkedNumber(number, "server", "id that is called without id")},
            )

    return play


def _behind_the_mark(a: Random) -> Play:
    area, form = made.thing(a), a.choice(["#code={}&iss=x", "#state=a1&session_state=b2&code={}", "#/callback?code={}"])
    maker = a.choice([made.guid, made.base64_url(32), made.letters(43)])

    def play(s: Session) -> None:
        code = maker(s.values)
        s.send(
            "POST", f"/{area}/login", redirect(f"/{area}/app{form.format(code)}"), form=[("name", Value("alice", "free", "typed"))]
        )
        s.send("GET", f"/{area}/app", page(made.noise(s.values)))
        mark = Value(code, "server", "behind the # of a redirect")
        s.send("POST", f"/{area}/token", data({"ok": True}), form=[("code", mark), ("grant_type", "authorization_code")])

    return play


FEATURES = (_row_of_a_text, _row_of_a_text, _title_in_a_path, _joined, _atob, _no_hyphens, _name_without_id, _behind_the_mark)
