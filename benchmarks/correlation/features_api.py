"""Features of applications that answer with JSON and XML, transforms of values, and traps."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from urllib.parse import quote

import made
from session import Answer, MarkedNumber, Session, Value, data, page, redirect

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


# --- transforms -------------------------------------------------------------------------------------------------------


def _transformed(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.letters(20), made.hexadecimal(24), made.base64_text(18), made.guid])
    changes: dict[str, Callable[[str], str]] = {
        "base64": made.b64,
        "base64url": lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip("="),
        "url encoded": lambda t: quote(t, safe=""),
        "prefix": lambda t: f"tok_{t}",
        "suffix": lambda t: f"{t}-v2",
        "hex": lambda t: t.encode().hex(),
        "upper case": str.upper,
        "sha256": made.sha256_hex,
        "md5": lambda t: hashlib.md5(t.encode(), usedforsecurity=False).hexdigest(),
        "base64 of url encoded": lambda t: made.b64(quote(f"/{area}?t={quote(t, safe='')}", safe="")),
        "base64 of JSON": lambda t: made.b64(json.dumps({"t": t, "v": 1}, separators=(",", ":"))),
        "url encoded twice": lambda t: quote(quote(f"/{area}/go?t={quote(t, safe='')}&x=1", safe=""), safe=""),
        "nested URL": lambda t: f"https://app.example/{area}/go?t={quote(t, safe='')}&x=1",
        "Basic of id and key": lambda t: "Basic " + made.b64(f"client:{t}"),
    }
    name = a.choice(sorted(changes))
    maker = {"upper case": made.hexadecimal(24), "url encoded": made.base64_plus(24)}.get(name, maker)
    in_query = a.random() < 0.5

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/seed", data({"seed": token, "n": 1}))
        s.pause()
        mark = Value(changes[name](token), "server", f"sent as {name}")
        if name.startswith("Basic"):
            s.send("GET", f"/api/{area}/go", data({"ok": 1}), headers=[("Authorization", mark)])
        elif in_query:
            s.send("GET", f"/api/{area}/go", data({"ok": 1}), query=[("p", mark)])
        else:
            s.send("POST", f"/api/{area}/go", data({"ok": 1}), document={"p": mark})

    return play


def _received(a: Random) -> Play:
    """A value that is sent plainly and came wrapped."""
    area, maker = made.thing(a), a.choice([made.letters(20), made.hexadecimal(24), made.guid])
    wraps: dict[str, Callable[[str], str]] = {
        "base64": made.b64,
        "base64 of JSON": lambda t: made.b64(json.dumps({"t": t, "v": 1})),
        "url encoded": lambda t: f"/{area}%3Ft%3D{t}",
        "prefix": lambda t: f"urn:app:{t}",
        "between separators": lambda t: f"7|{t}|en",
        "a URL": lambda t: f"https://app.example/{area}/{t}/self",
        "hex": lambda t: t.encode().hex(),
        "HTML references": lambda t: f"&lt;input value=&quot;{t}&quot;&gt;",
    }
    name = a.choice(sorted(wraps))

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/start", data({"wrapped": wraps[name](token), "n": 1}))
        s.pause()
        s.send("POST", f"/api/{area}/use", data({"ok": 1}), document={"t": Value(token, "server", f"received as {name}")})

    return play


# --- traps ------------------------------------------------------------------------------------------------------------


def _client_made(a: Random) -> Play:
    area, style = made.thing(a), a.randrange(5)

    def play(s: Session) -> None:
        if style == 0:
            value = made.guid(s.values)
            s.send(
                "POST",
                f"/api/{area}",
                data({"ok": 1}),
                document={"n": 1},
                headers=[("X-Request-ID", Value(value, "client", "client uuid"))],
            )
        elif style == 1:
            s.send("GET", f"/api/{area}", data({"ok": 1}), query=[("_", Value(str(int(s.clock)), "client", "client clock"))])
        elif style == 2:
            moment = datetime.fromtimestamp(s.clock / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            s.send("POST", f"/api/{area}/log", data({"ok": 1}), document={"sentAt": Value(moment, "client", "client clock")})
        elif style == 3:
            verifier = made.base64_url(48)(s.values)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            query = [("code_challenge", Value(challenge, "client", "PKCE")), ("code_challenge_method", "S256")]
            code = made.letters(32)(s.values)
            s.send("GET", "/pkce/authorize", redirect(f"/pkce/done?code={code}"), query=query)
            s.send("GET", "/pkce/done", page("<p>ok</p>", "Done"), query=[("code", Value(code, "server", "OAuth"))])
            form = [("code", Value(code, "server", "OAuth")), ("code_verifier", Value(verifier, "client", "PKCE"))]
            s.send("POST", "/pkce/token", data({"ok": 1}), form=form)
        else:
            key = made.guid(s.values)
            mark = Value(key, "client", "client uuid")
            s.send("POST", f"/api/{area}/pay", data({"idempotencyKey": key, "state": "ok"}), document={"idempotencyKey": mark})
            s.send(
                "POST",
                f"/api/{area}/pay/confirm",
                data({"ok": 1}),
                document={"idempotencyKey": Value(key, "client", "client uuid")},
            )

    return play


def _echo(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.word, lambda v: f"{made.word(v)}{v.randint(1000, 9999)}", made.code])

    def play(s: Session) -> None:
        term = maker(s.values)
        mark = Value(term, "typed", "typed, echoed")
        s.send(
            "GET",
            f"/{area}/find",
            page(f'<form><input name="q" value="{term}"></form>{made.noise(s.values)}', "Found"),
            query=[("q", mark)],
        )
        s.pause()
        s.send(
            "GET", f"/{area}/find", page("<p>x</p>", "Found"), query=[("q", Value(term, "typed", "typed, echoed")), ("page", "2")]
        )

    return play


def _small_ids(a: Random) -> Play:
    area, top = made.thing(a), a.choice([20, 60, 300])

    def play(s: Session) -> None:
        number = s.values.randint(2, top)
        s.send(
            "GET",
            f"/{area}/overview",
            page(made.noise(s.values) + f"<p>{number} open since 2024-{number % 12 + 1:02}-{number % 28 + 1:02}</p>", "Overview"),
        )
        s.pause()
        typed = Value(made.word(s.values), "typed", "typed")
        s.send(
            "POST",
            f"/api/{area}",
            data({"id": number, "rank": number, "likes": s.values.randint(1, top)}, 201),
            document={"name": typed},
        )
        mark = Value(str(number), "server", "small reused id")
        s.send("GET", ["api", area, mark], data({"n": s.values.randint(1, top), "limit": number}))
        s.send("DELETE", ["api", area, mark], Answer("", "", 204))

    return play


def _parallel(a: Random) -> Play:
    area, maker = made.thing(a), made.plain_token_maker(a)

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/boot", data({"boot": {"channel": token}}), duration=60)
        s.pause()
        mark = Value(token, "server", "parallel requests")
        s.send("GET", f"/api/{area}/slow", data({"channel": token, "slow": True}), duration=400)
        s.send("GET", f"/api/{area}/quick", data({"ok": 1}), query=[("channel", mark)], overlap=395, duration=50)
        s.send(
            "GET",
            f"/api/{area}/other",
            data({"ok": 1}),
            query=[("channel", Value(token, "server", "parallel requests"))],
            overlap=40,
        )
        s.clock += 500

    return play


def _changes_unused(a: Random) -> Play:
    area = made.thing(a)

    def play(s: Session) -> None:
        nonce = made.base64_text(16)(s.values)
        answer = page(f'<script nonce="{nonce}">1</script>{made.noise(s.values)}', "Calm")
        answer.headers += [("X-Request-Id", made.guid(s.values)), ("ETag", f'W/"{made.hexadecimal(10)(s.values)}"')]
        answer.headers += [("Set-Cookie", f"visit={made.hexadecimal(20)(s.values)}; Path=/")]
        s.send("GET", f"/{area}/calm", answer)
        s.pause()
        s.send(
            "GET",
            f"/{area}/calm/next",
            data({"time": int(s.clock), "trace": made.guid(s.values)}),
            query=[("page", "2"), ("size", "20")],
        )

    return play


def _constants(a: Random) -> Play:
    area, build, client = made.thing(a), made.hexadecimal(12)(a), made.hexadecimal(32)(a)
    key, flag = made.letters(39)(a), a.choice(["2024-01-17", "v2.14.3", "en-GB"])
    style = a.randrange(3)

    def play(s: Session) -> None:
        head = f'<script src="/static/app.{build}.js"></script><link rel="stylesheet" href="/static/main.css?v={build}">'
        config = f'<script>window.cfg = {{"clientId": "{client}", "version": "{flag}"}};</script>' if style == 0 else ""
        s.send("GET", f"/{area}/spa", page(config + made.noise(s.values), "Spa", head))
        s.send("GET", f"/static/app.{build}.js", Answer(f'const k="{key}";', "text/javascript"), resource="script")
        s.send("GET", "/static/main.css", Answer("body{}", "text/css"), query=[("v", build)], resource="stylesheet")
        query = [("client_id", client), ("version", flag), ("page", "1"), ("limit", "50")]
        s.send("GET", f"/api/{area}/conf", data({"page": 1, "limit": 50, "total": 50}), query=query)
        s.send("GET", f"/api/{area}/conf", data({"page": 2, "limit": 50}), query=[*query[:2], ("page", "2"), ("limit", "50")])

    return play


FEATURES = (
    *(_id_json, _id_json, _rotating_json, _double_submit, _jwt, _graphql, _list_json, _json_in_json, _xml, _etag, _plain_text),
    *(
        _transformed,
        _transformed,
        _transformed,
        _received,
        _received,
        _client_made,
        _echo,
        _small_ids,
        _parallel,
        _changes_unused,
        _constants,
    ),
)
