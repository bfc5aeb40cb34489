"""Features of applications that answer with JSON and XML."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from urllib.parse import quote

import made
from session import Answer, MarkedNumber, Session, Value, data, page

Play = Callable[[Session], None]


def _id_json(a: Random) -> Play:
    maker, area, style = made.id_maker(a), made.thing(a), a.randrange(5)
    one = made.singular(area)
    key = a.choice(["id", f"{one}Id", f"{one}_id", "uid"])
    wrapped = a.random() < 0.5

    def play(s: Session) -> None:
        number = maker(s.values)
        numeric = number.isdigit() and len(number) < 10
        made_thing = {key: int(number) if numeric else number, "count": s.values.randint(1, 40), "name": "x"}
        body = {"name": Value(made.word(s.values), "typed", "typed")}
        s.send("POST", f"/api/{area}", data({one: made_thing} if wrapped else made_thing, 201), document=body)
        s.pause()
        mark = Value(number, "server", f"id in {['a path', 'a query', 'JSON', 'a path', 'a form'][style]}")
        if style in (0, 3):
            s.send("GET", ["api", area, mark], data({"state": "new", "total": s.values.randint(1, 99)}))
            s.send("DELETE", ["api", area, mark], Answer("", "", 204))
        elif style == 1:
            s.send("GET", f"/api/{area}/lines", data({"lines": []}), query=[(f"{one}_id", mark), ("page", "1")])
        elif style == 2:
            inner = MarkedNumber(int(number), "server", "id in JSON") if numeric else mark
            s.send("POST", f"/api/{area}/lines", data({"ok": True}), document={f"{one}Id": inner, "quantity": 2})
        else:
            s.send("POST", f"/api/{area}/close", data({"ok": True}), form=[(f"{one}_id", mark)])

    return play


def _rotating_json(a: Random) -> Play:
    maker, area, in_header = made.token_maker(a), made.thing(a), a.random() < 0.4
    key, header = a.choice(["nextToken", "continuation", "cursor", "syncKey"]), a.choice(["X-Next", "X-Sync-Key"])

    def play(s: Session) -> None:
        token = maker(s.values)
        for turn in range(4):
            sent = Value(token, "server", "rotating token")
            token = maker(s.values)
            answer = data({"rows": [turn, turn + 1], **({} if in_header else {key: token})})
            if in_header:
                answer.headers.append((header, token))
            s.send("POST", f"/api/{area}/sync", answer, document={"want": 2, **({key: sent} if turn else {})})

    return play


def _double_submit(a: Random) -> Play:
    maker, area = made.token_maker(a), made.thing(a)
    cookie, header = a.choice([("XSRF-TOKEN", "X-XSRF-TOKEN"), ("csrftoken", "X-CSRFToken"), ("guard", "X-Guard-Value")])
    in_form, encoded = a.random() < 0.3, a.random() < 0.6

    def play(s: Session) -> None:
        token = maker(s.values)
        answer = page(made.noise(s.values), "Start")
        answer.headers.append(("Set-Cookie", f"{cookie}={quote(token, safe='') if encoded else token}; Path=/"))
        s.send("GET", f"/{area}/app", answer)
        s.pause()
        mark = Value(token, "server", "double submit cookie")
        if in_form:
            s.send("POST", f"/{area}/save", data({"ok": 1}), form=[("csrf", mark), ("a", "b")])
        else:
            s.send("POST", f"/{area}/save", data({"ok": 1}), document={"a": "b"}, headers=[(header, mark)])

    return play


def _jwt(a: Random) -> Play:
    uses_claim, area = a.random() < 0.6, made.thing(a)
    subject = a.choice([made.guid, made.object_id, made.digits(8)])

    def play(s: Session) -> None:
        sub = subject(s.values)
        access = made.jwt(s.values, {"sub": sub, "iat": int(s.clock / 1000), "role": "user"})
        login = {"username": Value("anna@example.com", "free", "typed"), "password": Value("S3cret!pass", "free", "typed")}
        s.send("POST", "/auth/login", data({"token": access, "type": "bearer"}), document=login)
        bearer = [("Authorization", Value(f"Bearer {access}", "server", "JWT"))]
        s.send("GET", f"/api/{area}/feed", data({"rows": []}), headers=bearer)
        if uses_claim:
            s.send("GET", ["api", "users", Value(sub, "server", "JWT claim")], data({"name": "Anna"}), headers=bearer)

    return play


def _graphql(a: Random) -> Play:
    one = made.singular(made.thing(a))
    relay, hashed = a.random() < 0.5, made.hexadecimal(64)(a)

    def play(s: Session) -> None:
        number = made.digits(6)(s.values)
        node = made.b64(f"{one.title()}:{number}") if relay else made.guid(s.values)
        cursor = made.b64(f"cursor:{s.values.randint(10**9, 10**10)}")
        create = {"operationName": "Create", "query": f"mutation Create {{ create{one.title()} {{ id }} }}", "variables": {"n": 1}}
        s.send("POST", "/graphql", data({"data": {f"create{one.title()}": {"id": node, "version": 1}}}), document=create)
        s.pause()
        listing = {"operationName": "Rows", "variables": {f"{one}Id": Value(node, "server", "GraphQL variable"), "first": 20}}
        listing["extensions"] = {"persistedQuery": {"version": 1, "sha256Hash": hashed}}
        found = {"rows": {"edges": [], "pageInfo": {"endCursor": cursor, "hasNextPage": True}}}
        s.send("POST", "/graphql", data({"data": found}), document=listing)
        following = {"operationName": "Rows", "variables": {f"{one}Id": Value(node, "server", "GraphQL variable"), "first": 20}}
        following["variables"]["after"] = Value(cursor, "server", "GraphQL variable")
        s.send("POST", "/graphql", data({"data": {"rows": {"edges": []}}}), document=following)

    return play


def _list_json(a: Random) -> Play:
    maker, area = a.choice([made.digits(4), made.guid, made.object_id, made.digits(7)]), made.thing(a)
    names, label = a.sample(made.WORDS, 7), a.choice(["name", "title", "label", "displayName", "sku"])
    reorders, duplicates, nested = a.random() < 0.6, a.random() < 0.35, a.random() < 0.4
    picked = names[a.randrange(7)]

    def play(s: Session) -> None:
        rows = [(n, maker(s.values), n.upper()[:4]) for n in names]
        rows += [(picked, maker(s.values), "COPY")] if duplicates else []
        if reorders:
            s.values.shuffle(rows)
        listed = [
            {"id": int(i) if i.isdigit() else i, label: n.title(), "code": c, "stock": s.values.randint(0, 90)} for n, i, c in rows
        ]
        s.send("GET", f"/api/{area}", data({"data": {"items": listed}, "total": len(listed)} if nested else listed))
        s.pause()
        chosen = next(i for n, i, c in rows if n == picked and c != "COPY")
        kind = "row of a list" + (", duplicate labels" if duplicates else "") + (", reordered" if reorders else "")
        s.send("GET", ["api", area, Value(chosen, "server", kind)], data({"detail": "x"}))

    return play


def _shared_list(a: Random) -> Play:
    """A list that all users share, in which a row is the user's own by what the user made before."""
    maker, area = a.choice([made.guid, made.object_id, made.digits(7)]), made.thing(a)
    one = made.singular(area)
    key, inner = a.choice([f"{one}Id", f"{one}_id", f"{one}Ref"]), a.random() < 0.3
    nested, same = a.random() < 0.5, a.random() < 0.5
    label, words = a.choice(["name", "title", "step"]), a.sample(made.WORDS, 4)

    def play(s: Session) -> None:
        own = maker(s.values)
        s.send("POST", f"/api/{area}", data({"id": _number(own), "state": "new"}, 201), document={"kind": "a"})
        s.send("GET", ["api", area, Value(own, "server", "id in a path")], data({"state": "open"}))
        others = [maker(s.values) for _ in range(s.values.randint(1, 4))]
        rows = [(owner, made.guid(s.values)) for owner in (own, *others)]
        s.values.shuffle(rows)
        listed = []
        for number, (owner, row) in enumerate(rows):
            said = {key: _number(owner)}
            listed.append({"id": row, label: words[0 if same else number % 4].title(), **({"of": said} if inner else said)})
        s.send("GET", "/api/inbox", data({"items": listed, "total": len(listed)} if nested else listed))
        s.pause()
        chosen = next(row for owner, row in rows if owner == own)
        mark = Value(chosen, "server", "row of a list that users share")
        s.send("POST", ["api", "inbox", mark, "take"], data({"ok": True}), document={"note": "x"})

    return play


def _number(value: str) -> int | str:
    return int(value) if value.isdigit() else value


def _json_in_json(a: Random) -> Play:
    maker, area = made.token_maker(a), made.thing(a)
    both = a.random() < 0.4

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/bundle", data({"payload": json.dumps({"ticket": token, "seq": 4}), "ok": True}))
        mark = Value(token, "server", "JSON in JSON")
        document = {"ticket": mark, "note": "a"}
        if both:
            document = {"body": Value(json.dumps({"ticket": token, "note": "a"}), "server", "JSON in JSON")}
        s.send("POST", f"/api/{area}/open", data({"ok": 1}), document=document)

    return play


def _xml(a: Random) -> Play:
    maker, area, soap = made.plain_token_maker(a), made.thing(a), a.random() < 0.5
    tag = a.choice(["SessionId", "ticket", "Handle"])

    def play(s: Session) -> None:
        value = maker(s.values)
        body = f"<{tag}>{value}</{tag}><count>3</count>"
        text = f'<?xml version="1.0"?><r><Body>{body}</Body></r>'
        s.send("POST", f"/soap/{area}", Answer(text, "text/xml"), plain=("<open/>", "text/xml"))
        sent = f"<close><{tag}>{value}</{tag}></close>"
        if soap:
            s.send("POST", f"/soap/{area}", Answer("<ok/>", "text/xml"), plain=(Value(sent, "server", "XML element"), "text/xml"))
        else:
            s.send("GET", f"/soap/{area}", Answer("<ok/>", "text/xml"), query=[("handle", Value(value, "server", "XML element"))])

    return play


def _etag(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.hexadecimal(16), made.base64_url(12)])

    def play(s: Session) -> None:
        tag = f'"{maker(s.values)}"'
        answer = data({"title": "x"})
        answer.headers.append(("ETag", tag))
        s.send("GET", f"/api/{area}/settings", answer)
        s.pause()
        mark = [("If-Match", Value(tag, "server", "entity tag"))]
        s.send("PUT", f"/api/{area}/settings", data({"ok": 1}), document={"title": "y"}, headers=mark)

    return play


def _plain_text(a: Random) -> Play:
    maker, area = made.token_maker(a), made.thing(a)

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/{area}/token", Answer(token, "text/plain"))
        s.send(
            "POST", f"/{area}/run", data({"ok": 1}), document={"go": 1}, headers=[("X-Token", Value(token, "server", "plain text"))]
        )

    return play


FEATURES = (
    _id_json,
    _id_json,
    _rotating_json,
    _double_submit,
    _jwt,
    _graphql,
    _list_json,
    _shared_list,
    _json_in_json,
    _xml,
    _etag,
    _plain_text,
)
