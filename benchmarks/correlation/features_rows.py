"""Rows and objects that are told apart over what else stands in them, and other ways of real pages and scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import made
from session import Answer, MarkedNumber, Session, Value, data, page

Play = Callable[[Session], None]
_LAYOUTS = (
    '<tr data-id="{i}"><td>{stock}</td><td>{name}</td><td>In stock</td><td><button name="d" value="{i}">Delete</button></td></tr>',
    '<tr><td>{name}</td><td>{stock} pieces</td><td>{state}</td><td><a href="/{area}/item/{i}">Details</a></td></tr>',
    '<div class="card col-md-4"><h3>{name}</h3><p class="mb-2">{stock} left</p><a href="/{area}/item/{i}">Details</a></div>',
    '<div class="row"><a href="/{area}/item/{i}">Open</a><span id="n{stock}">{state}</span><b>{name}</b></div>',
)


def _names(a: Random, count: int) -> tuple[list[str], str]:
    names = [f"{word.title()} {a.choice(('lamp', 'table', 'rug'))}" for word in a.sample(made.WORDS, count)]
    return names, a.choice(names)


def _row_over_texts(a: Random) -> Play:
    area, layout, (names, picked) = made.thing(a), a.choice(_LAYOUTS), _names(a, 6)
    maker = a.choice([made.digits(5), made.digits(6), made.digits(8), made.object_id])

    def play(s: Session) -> None:
        rows = [(maker(s.values), name) for name in names]
        s.values.shuffle(rows)
        state = lambda: s.values.choice(["New", "Open", "On order"])  # noqa: E731
        made_rows = "".join(layout.format(i=i, name=n, stock=s.values.randint(1, 99), state=state(), area=area) for i, n in rows)
        s.send("GET", f"/{area}", page(f"<table>{made_rows}</table>" if "<tr" in layout else made_rows))
        s.pause()
        mark = Value(next(i for i, name in rows if name == picked), "server", "row over other texts")
        s.send("GET", [area, "item", mark], page("<p>Shown</p>", "Details"))

    return play


def _object_in_a_text(a: Random) -> Play:
    area, (names, picked), way = made.thing(a), _names(a, 5), a.choice(["batch", "script", "guarded"])
    key, named = a.choice([("etag", "Text"), ("rowKey", "title"), ("ref", "name")])

    def written(rows: list[tuple[str, str]]) -> Answer:
        items = json.dumps([{"meta": {"kind": "a", key: i}, "size": len(n), named: n} for i, n in rows])
        if way == "batch":
            part = f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{items}\r\n--b--\r\n"
            return Answer(part, "multipart/mixed; boundary=b")
        if way == "guarded":
            return Answer(f"for(;;);{items}", "application/json")
        return page("<div id=app></div>", head=f"<script>window.__STATE__ = {items};</script>")

    def play(s: Session) -> None:
        rows = [(made.letters(20)(s.values), name) for name in names]
        s.values.shuffle(rows)
        s.send("GET", f"/{area}/all", written(rows))
        s.pause()
        mark = Value(next(i for i, name in rows if name == picked), "server", "object in a text")
        s.send("POST", f"/api/{area}/change", data({"ok": True}), document={key: mark, "size": 3})

    return play


def _item_of_a_group(a: Random) -> Play:
    area, (names, picked) = made.thing(a), _names(a, 8)
    maker = a.choice([made.digits(5), made.digits(7), made.guid])

    def play(s: Session) -> None:
        rows = [(maker(s.values), name) for name in names]
        s.values.shuffle(rows)
        items = [{"uid": i, "label": {"en": n}} for i, n in rows]
        s.send("GET", f"/api/{area}/board", data([{"group": "A", "entries": items[:4]}, {"group": "B", "entries": items[4:]}]))
        mark = Value(next(i for i, name in rows if name == picked), "server", "item of a group")
        s.send("GET", ["api", area, mark], data({"ok": True}))

    return play


def _stream_of_events(a: Random) -> Play:
    area, name = made.thing(a), a.choice(["runId", "message_id", "threadId"])

    def play(s: Session) -> None:
        number, token = s.values.randint(10_001, 999_998), made.letters(24)(s.values)
        first = json.dumps({name: number, "resume": token})
        stream = f'event: start\ndata: {first}\n\nevent: part\ndata: {{"text":"Hello"}}\n\ndata: [DONE]\n\n'
        s.send("POST", f"/api/{area}/ask", Answer(stream, "text/event-stream"), document={"q": Value("Tea?", "free", "typed")})
        s.pause()
        marks = MarkedNumber(number, "server", "stream of events"), Value(token, "server", "stream of events")
        s.send("POST", f"/api/{area}/more", data({"ok": True}), document={name: marks[0], "resume": marks[1]})

    return play


def _escaped_in_a_script(a: Random) -> Play:
    area, name, upper = made.thing(a), a.choice(["uploadKey", "guard", "formTicket"]), a.random() < 0.5

    def play(s: Session) -> None:
        token = made.base64_text(s.values.choice([17, 20, 25]))(s.values)
        written = token
        for character in "+/=":
            code = f"{ord(character):02X}" if upper else f"{ord(character):02x}"
            written = written.replace(character, f"\\x{code}")
        script = f"<script>var {name} = '{written}', build = 'a1';</script>"
        s.send("GET", f"/{area}/new", page(made.noise(s.values), head=script))
        mark = Value(token, "server", "escapes of a script")
        s.send("POST", f"/{area}/up", data({"ok": True}), form=[(name, mark)])

    return play


def _three_digits(a: Random) -> Play:
    area, places = made.thing(a), ["Home", "Office", "Depot", "Boat"]
    picked = a.choice(places[1:])

    def play(s: Session) -> None:
        folder, *numbers = (n for n in s.values.sample(range(201, 999), 9) if n % 100 and len(set(str(n))) > 1)
        rows = list(zip(map(str, numbers), places, strict=False))
        options = "".join(f'<option value="{i}">{name}</option>' for i, name in rows)
        fields = made.hidden("folder", str(folder)) + f'<select name="address">{options}</select>'
        s.send("GET", f"/{area}/new", page(f'<form action="/{area}" method="post">{fields}</form>'))
        marks = (
            Value(str(folder), "server", "number of a hidden field"),
            Value(next(i for i, name in rows if name == picked), "server", "choice by its words"),
        )
        s.send("POST", f"/{area}", page("<p>Saved</p>"), form=[("folder", marks[0]), ("address", marks[1])])

    return play


def _id_of_an_element(a: Random) -> Play:
    area, in_markup = made.thing(a), a.random() < 0.5

    def play(s: Session) -> None:
        number = s.values.randint(10_011, 99_989)
        inner = f'<![CDATA[<div data-rk="{number}">x &amp; y</div>]]>' if in_markup else f'<cust id="{number}" type="A"/>'
        s.send("POST", f"/{area}/part", Answer(f'<?xml version="1.0"?><r><u id="f">{inner}</u></r>', "text/xml"), form=[("b", "1")])
        mark = Value(str(number), "server", "id of an element")
        s.send("POST", f"/{area}/save", page("<p>Saved</p>"), form=[("f:sel", mark), ("b", "1")])

    return play


FEATURES = (
    *(_row_over_texts, _row_over_texts, _object_in_a_text, _item_of_a_group, _stream_of_events),
    *(_escaped_in_a_script, _three_digits, _id_of_an_element),
)
